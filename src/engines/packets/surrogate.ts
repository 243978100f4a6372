/**
 * A quadratic fitted to what a packet has seen: f + gᵀz + ½ zᵀKz in its whitened coordinates z = D⁻¹Bᵀ(x − m)/σ, by
 * weighted least squares on ranks that favor the best. It stands in for ζ where it orders the samples as ζ does, and its
 * minimum is the harmonic step of the packet. (I. Loshchilov, M. Schoenauer, M. Sebag, GECCO 2012; N. Hansen, "A global
 * surrogate assisted CMA-ES", GECCO 2019.)
 */
import { cholesky, solveCholesky } from "../../math/linalg.ts";
import { median } from "../../math/stats.ts";
import type { Wide } from "./wide.ts";

/** The last points that were asked, a ring: x [room × d] in the unit box, ζ at them, and how many there were in all. */
export type Archive = { x: Float64Array; value: Float64Array; count: number };

/** What a fit works with: planned once for a dimension. */
export type Fit = {
  readonly dim: number;
  /** Whitened coordinates of the newest points [n × d], newest first, and ζ at them. */
  readonly z: Float64Array;
  readonly value: Float64Array;
  n: number;
  /** Terms of the model: 1 + d linear ones, d squares, then products. 0 where there is no model. */
  terms: number;
  /** ζ in one unit of the model, the median of what was seen above its best. */
  scale: number;
  readonly coefficient: Float64Array;
  readonly rows: Float64Array;
  readonly normal: Float64Array;
  readonly order: Int32Array;
  readonly target: Float64Array;
};

/** Where the model is worth its cost. */
export const LARGEST_DIM = 12;
/** Points for each term before a model is fitted, and those a fit looks back on; points kept. */
const SUPPORT = 1.1;
const LINEAR_SUPPORT = 1.2;
const LOOK_BACK = 2;
/** The best point weighs so much more than the worst. */
const FAVOR = 20;
/** Values are capped so far above the median, in units of median − best. */
const CAP = 1e6;

function allTerms(dim: number): number {
  return ((dim + 1) * (dim + 2)) / 2;
}

export function archiveRoom(dim: number): number {
  return Math.ceil(2.2 * allTerms(dim)) + 20;
}

export function blankArchive(dim: number): Archive {
  const room = archiveRoom(dim);
  return { x: new Float64Array(room * dim), value: new Float64Array(room), count: 0 };
}

export function fitBench(dim: number): Fit {
  const room = archiveRoom(dim);
  const p = allTerms(dim);
  return {
    dim,
    z: new Float64Array(room * dim),
    value: new Float64Array(room),
    n: 0,
    terms: 0,
    scale: 0,
    coefficient: new Float64Array(p),
    // and what addBlock's last partner touches
    rows: new Float64Array(4 * p + 1),
    normal: new Float64Array((p + 1) * p),
    order: new Int32Array(room),
    target: new Float64Array(room),
  };
}

/** Takes a point into the archive in the place of the oldest. */
export function remember(archive: Archive, x: Float64Array, at: number, dim: number, value: number): void {
  const room = archive.value.length;
  const slot = archive.count % room;
  for (let j = 0; j < dim; j++) archive.x[slot * dim + j] = x[at + j];
  archive.value[slot] = value;
  archive.count++;
}

/** Fits the richest model that the points which were gathered support. Returns whether there is one. */
export function fitModel(fit: Fit): boolean {
  const { dim, n: known } = fit;
  const quadratic = allTerms(dim);
  fit.terms = 0;
  for (const [terms, support] of [
    [quadratic, SUPPORT * quadratic + 1],
    [2 * dim + 1, SUPPORT * (2 * dim + 1) + 1],
    [dim + 1, LINEAR_SUPPORT * (dim + 1)],
  ] as const)
    if (known >= support) return solve(fit, terms, Math.min(known, LOOK_BACK * terms));
  return false;
}

/** Takes the points of the archive, newest first, in the packet's whitened coordinates; the model stays what it was. */
export function load(fit: Fit, { x, value, count }: Archive, packet: Wide): void {
  const { dim, z } = fit;
  const room = value.length;
  fit.n = Math.min(count, room);
  for (let k = 0; k < fit.n; k++) {
    const slot = (count - 1 - k) % room;
    fit.value[k] = value[slot];
    whitenPoint(packet, x, slot * dim, z, k * dim);
  }
}

/** z = D⁻¹Bᵀ(u − m)/σ of n points u [n × d] of the unit box. */
export function whitened(packet: Wide, u: Float64Array, n: number): Float64Array {
  const dim = packet.mean.length;
  const z = new Float64Array(n * dim);
  for (let k = 0; k < n; k++) whitenPoint(packet, u, k * dim, z, k * dim);
  return z;
}

function whitenPoint(
  { mean, sigma, basis, axes }: Wide,
  u: Float64Array,
  at: number,
  z: Float64Array,
  to: number,
): void {
  const dim = mean.length;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    let along = 0;
    for (let j = 0; j < dim; j++) along += basis[row + j] * (u[at + j] - mean[j]);
    z[to + i] = along / (sigma * axes[i]);
  }
}

/** Weighted least squares of `terms` terms on the newest n points. */
function solve(fit: Fit, terms: number, n: number): boolean {
  const { dim, z, value, coefficient, normal, order, target } = fit;
  for (let k = 0; k < n; k++) order[k] = k;
  const ranked = order.subarray(0, n).sort((a, b) => value[a] - value[b] || a - b);
  const best = value[ranked[0]];
  const scale = median(value.subarray(0, n)) - best;
  if (!(scale > 0 && scale < Infinity)) return false;
  for (let k = 0; k < n; k++) target[k] = Math.min(CAP, (value[k] - best) / scale);

  normal.fill(0, 0, terms * terms);
  coefficient.fill(0);
  const { rows } = fit;
  for (let r = 0; r < n; r += 4) {
    const block = Math.min(4, n - r);
    rows.fill(0, 0, 4 * terms);
    for (let b = 0; b < block; b++) {
      const k = ranked[r + b];
      const weight = Math.sqrt(1 + ((FAVOR - 1) * (n - 1 - r - b)) / Math.max(1, n - 1));
      features(z, k * dim, dim, terms, weight, rows, b * terms);
      const y = weight * target[k];
      for (let i = 0; i < terms; i++) coefficient[i] += y * rows[b * terms + i];
    }
    addBlock(normal, rows, terms);
  }
  let most = 0;
  for (let i = 0; i < terms; i++) most = Math.max(most, normal[i * (terms + 1)]);
  for (let i = 0; i < terms; i++) normal[i * (terms + 1)] += 1e-10 * normal[i * (terms + 1)] + 1e-14 * most;
  if (!cholesky(normal, terms)) return false;
  solveCholesky(normal, terms, coefficient);
  if (!coefficient.every(Number.isFinite)) return false;
  fit.terms = terms;
  fit.scale = scale;
  return true;
}

/** Writes weight · (1, z_i …, z_i² …, z_i z_j …) from `at` on, as many terms as the model has. */
function features(
  z: Float64Array,
  from: number,
  dim: number,
  terms: number,
  weight: number,
  out: Float64Array,
  at: number,
): void {
  out[at] = weight;
  for (let i = 0; i < dim; i++) out[at + 1 + i] = weight * z[from + i];
  if (terms === dim + 1) return;
  for (let i = 0; i < dim; i++) out[at + 1 + dim + i] = out[at + 1 + i] * z[from + i];
  if (terms === 2 * dim + 1) return;
  for (let i = 1, e = at + 2 * dim + 1; i < dim; i++)
    for (let j = 0; j < i; j++, e++) out[e] = out[at + 1 + i] * z[from + j];
}

/**
 * A += Σ of four rows' outer products, on the lower triangle: two rows of A at once, for which each number is read once.
 * The last of an odd number has a partner beyond A that nobody reads.
 */
function addBlock(a: Float64Array, rows: Float64Array, p: number): void {
  for (let i = 0, row = 0; i < p; i += 2, row += 2 * p) {
    const [r0, r1, r2, r3] = [rows[i], rows[p + i], rows[2 * p + i], rows[3 * p + i]];
    const [s0, s1, s2, s3] = [rows[i + 1], rows[p + i + 1], rows[2 * p + i + 1], rows[3 * p + i + 1]];
    for (let j = 0; j <= i + 1; j++) {
      const x0 = rows[j];
      const x1 = rows[p + j];
      const x2 = rows[2 * p + j];
      const x3 = rows[3 * p + j];
      a[row + j] += r0 * x0 + r1 * x1 + r2 * x2 + r3 * x3;
      a[row + p + j] += s0 * x0 + s1 * x1 + s2 * x2 + s3 * x3;
    }
  }
}

/** The model at whitened coordinates z[from …]: ζ in units of `scale`, above the best of what was seen. */
export function modelAt({ dim, terms, coefficient: c }: Fit, z: Float64Array, from: number): number {
  let sum = c[0];
  for (let i = 0; i < dim; i++) sum += c[1 + i] * z[from + i];
  if (terms > dim + 1) for (let i = 0; i < dim; i++) sum += c[1 + dim + i] * z[from + i] * z[from + i];
  if (terms > 2 * dim + 1)
    for (let i = 1, e = 2 * dim + 1; i < dim; i++) {
      let row = 0;
      for (let j = 0; j < i; j++, e++) row += c[e] * z[from + j];
      sum += row * z[from + i];
    }
  return sum;
}

/** How far ζ rises from the packet's mean to the point u of the unit box, or beyond its walls, by the model. */
export function rise(fit: Fit, packet: Wide, u: Float64Array): number {
  return fit.scale * (modelAt(fit, whitened(packet, u, 1), 0) - fit.coefficient[0]);
}

/** Kendall's τ between the model and ζ on the newest n points. */
export function agreement(fit: Fit, n: number): number {
  const { dim, z, value, target } = fit;
  const count = Math.min(n, fit.n);
  for (let k = 0; k < count; k++) target[k] = modelAt(fit, z, k * dim);
  let sum = 0;
  for (let i = 1; i < count; i++)
    for (let j = 0; j < i; j++) {
      // infinite values must not meet their difference
      const truth = value[i] === value[j] ? 0 : value[i] > value[j] ? 1 : -1;
      sum += truth * Math.sign(target[i] - target[j]);
    }
  return count > 1 ? (2 * sum) / (count * (count - 1)) : 0;
}

/**
 * The point of the unit box at which a full quadratic has its minimum.
 * @returns how far ζ falls to it from the packet's mean; 0 where the model has no minimum
 */
export function modelMinimum({ dim, terms, scale, coefficient: c }: Fit, packet: Wide, out: Float64Array): number {
  if (terms !== allTerms(dim)) return 0;
  const K = new Float64Array(dim * dim);
  const z = new Float64Array(dim);
  for (let i = 0, e = 2 * dim + 1; i < dim; i++) {
    K[i * dim + i] = 2 * c[1 + dim + i];
    for (let j = 0; j < i; j++, e++) K[i * dim + j] = c[e];
    z[i] = -c[1 + i];
  }
  if (!cholesky(K, dim)) return 0;
  solveCholesky(K, dim, z);
  const { mean, sigma, basis, axes } = packet;
  out.set(mean);
  let fall = 0;
  for (let i = 0; i < dim; i++) fall -= 0.5 * c[1 + i] * z[i];
  for (let k = 0; k < dim; k++) for (let j = 0; j < dim; j++) out[j] += sigma * axes[k] * z[k] * basis[k * dim + j];
  return out.every(Number.isFinite) ? scale * fall : 0;
}
