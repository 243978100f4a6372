/**
 * The wide packet N(m, σ²C): one generation is one step of variational imaginary time,
 *
 *   dμ/dτ = −2 Cov(x, ζ)      dΣ/dτ = D·I − 2 E[((x − μ)(x − μ)ᵀ − Σ) ζ],
 *
 * with utilities of rank in place of −ζ. The two ζ terms are the moves of m and of C by weighted samples; the momenta
 * p_σ and p_c are the partial Wick rotation, ṗ = −γp + force; σ follows the length of p_σ, which anneals D
 * (see reading.ts). With ranks for ζ this is CMA-ES with active covariance and cumulative step size (N. Hansen,
 * arXiv:1604.00772). In many dimensions the packet is aligned with the axes: C is diagonal, and learnt faster (R. Ros,
 * N. Hansen, "A simple modification in CMA-ES achieving linear time and space complexity", PPSN 2008).
 */
import { eigenSymmetric } from "../../math/eigen.ts";
import { halfOf } from "./normals.ts";
import type { Constants } from "./weights.ts";

export type Wide = {
  /** Samples of a generation, λ. */
  lambda: number;
  sigma: number;
  /** m, in the unit box. */
  mean: Float64Array;
  /** C [d × d], its lower triangle kept; [d] where the packet is aligned. */
  shape: Float64Array;
  /** C = Bᵀ diag(axes²) B with the eigenvectors as rows of B, as of `age` generations ago; empty where it is aligned. */
  basis: Float64Array;
  axes: Float64Array;
  age: number;
  /** p_σ and p_c. */
  momentum: Float64Array;
  path: Float64Array;
  generation: number;
};

/** Scratch of a generation: λ samples and a few vectors. It carries nothing from one step to the next. */
export type Bench = {
  /** z_k of the samples that are no mirror images. */
  readonly z: Float64Array;
  /** (x_k − m)/σ, row-major. */
  readonly y: Float64Array;
  /** ‖z_k‖². */
  readonly squares: Float64Array;
  /** Samples by rank, best first. */
  readonly order: Int32Array;
  /** B D, such that y = B D z. */
  readonly root: Float64Array;
  readonly step: Float64Array;
  readonly work: Float64Array;
};

/** Above it packets are aligned with the axes: a full C costs O(d²) for each sample. */
export const LARGEST_FULL = 128;
/** C's condition beyond which a packet has lost its numbers. */
const SINGULAR = 1e-14;

export function blankWide(dim: number): Wide {
  const full = dim <= LARGEST_FULL;
  return {
    lambda: 0,
    sigma: 0,
    mean: new Float64Array(dim),
    shape: new Float64Array(full ? dim * dim : dim),
    basis: new Float64Array(full ? dim * dim : 0),
    axes: new Float64Array(dim),
    age: 0,
    momentum: new Float64Array(dim),
    path: new Float64Array(dim),
    generation: 0,
  };
}

/** A round packet at rest: C = I, p = 0. The mean is the caller's to set. */
export function startWide(packet: Wide, lambda: number, sigma: number): void {
  packet.lambda = lambda;
  packet.sigma = sigma;
  makeRound(packet);
  packet.age = 0;
  packet.momentum.fill(0);
  packet.path.fill(0);
  packet.generation = 0;
}

export function wideBench(dim: number, lambda: number): Bench {
  return {
    z: new Float64Array(halfOf(lambda) * dim),
    y: new Float64Array(lambda * dim),
    squares: new Float64Array(lambda),
    order: new Int32Array(lambda),
    root: new Float64Array(dim <= LARGEST_FULL ? dim * dim : 0),
    step: new Float64Array(dim),
    work: new Float64Array(dim),
  };
}

/** y_k = B D z_k for the normals in `bench.z`, and −y_k for their mirror images. */
export function sampleWide(packet: Wide, { dim, lambda }: Constants, { z, y, squares, root }: Bench): void {
  const { axes, basis } = packet;
  const aligned = isAligned(packet);
  if (!aligned)
    for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) root[i * dim + j] = basis[j * dim + i] * axes[j];
  const half = halfOf(lambda);
  for (let k = 0, at = 0; k < half; k++, at += dim) {
    squares[k] = 0;
    for (let j = 0; j < dim; j++) squares[k] += z[at + j] * z[at + j];
    if (aligned) for (let i = 0; i < dim; i++) y[at + i] = axes[i] * z[at + i];
    else
      for (let i = 0, row = 0; i < dim; i++, row += dim) {
        let sum = 0;
        for (let j = 0; j < dim; j++) sum += root[row + j] * z[at + j];
        y[at + i] = sum;
      }
  }
  for (let k = half; k < lambda; k++) squares[k] = squares[k - half];
  for (let e = half * dim; e < lambda * dim; e++) y[e] = -y[e - half * dim];
}

/** u += size · B D z of one sample, z being d numbers from `at` on. */
export function addSample(packet: Wide, size: number, z: Float64Array, at: number, u: Float64Array): void {
  const { axes, basis } = packet;
  const dim = axes.length;
  const aligned = isAligned(packet);
  for (let j = 0, row = 0; j < dim; j++, row += dim) {
    const along = size * axes[j] * z[at + j];
    if (aligned) u[j] += along;
    else for (let i = 0; i < dim; i++) u[i] += along * basis[row + i];
  }
}

/** Puts sample k at the point u, no further from the mean than samples go: ‖z‖ ≤ √d + 2d/(d + 2). */
export function place(packet: Wide, u: Float64Array, k: number, { y, squares, work }: Bench): void {
  const { mean, sigma } = packet;
  const dim = mean.length;
  const step = u.map((v, i) => (v - mean[i]) / sigma);
  whiten(packet, step, work);
  let square = 0;
  for (let i = 0; i < dim; i++) square += work[i] * work[i];
  const most = Math.sqrt(dim) + (2 * dim) / (dim + 2);
  const scale = Math.min(1, most / Math.sqrt(square));
  for (let i = 0; i < dim; i++) y[k * dim + i] = scale * step[i];
  squares[k] = square * scale * scale;
}

/** Orders the samples by ζ, ties (and +∞) by their number. Returns whether the better quarter is all of one value. */
export function rank({ lambda }: Constants, value: Float64Array, { order }: Bench): boolean {
  for (let k = 0; k < lambda; k++) order[k] = k;
  order.subarray(0, lambda).sort((a, b) => value[a] - value[b] || a - b);
  return value[order[0]] === value[order[Math.floor(lambda / 4)]];
}

/**
 * The moments of the packet after its samples have been ranked. The samples are `bench.y`, their squared lengths
 * `bench.squares`, their ranks `bench.order`; `flat` says that ζ told nothing apart, so that only D·I acts and the
 * packet spreads.
 */
export function learn(packet: Wide, of: Constants, bench: Bench, flat: boolean): void {
  const { dim, cSigma, dSigma, cC, muEff, chi } = of;
  const { mean, momentum, path } = packet;
  const { step } = bench;
  packet.generation++;

  // Δμ: the first ζ term, ȳ = Σ⁺ w y
  weightedStep(of, bench);
  for (let i = 0; i < dim; i++) mean[i] += packet.sigma * step[i];

  // momenta: p ← (1 − c) p + √(c (2 − c) μ_eff) · force
  const kick = Math.sqrt(cSigma * (2 - cSigma) * muEff);
  whiten(packet, step, bench.work);
  let square = 0;
  for (let i = 0; i < dim; i++) {
    momentum[i] = (1 - cSigma) * momentum[i] + kick * bench.work[i];
    square += momentum[i] * momentum[i];
  }
  const length = Math.sqrt(square);
  const settled = Math.sqrt(1 - (1 - cSigma) ** (2 * packet.generation));
  const h = length / settled < (1.4 + 2 / (dim + 1)) * chi ? 1 : 0;
  const pull = h * Math.sqrt(cC * (2 - cC) * muEff);
  for (let i = 0; i < dim; i++) path[i] = (1 - cC) * path[i] + pull * step[i];

  // ΔΣ: the second ζ term and the kinetic term of the momentum, then the size by the momentum's length
  reshape(packet, of, bench, h);
  packet.sigma *= Math.exp(Math.min(1, (cSigma / dSigma) * (length / chi - 1)));
  if (flat) packet.sigma *= Math.exp(0.2 + cSigma / dSigma);
  packet.sigma = Math.min(packet.sigma, 1 / Math.sqrt(largestVariance(packet)));

  packet.age++;
  if (packet.age >= of.gap) decompose(packet, bench.work);
}

/** step = ȳ = Σ_{i ≤ μ} w_i y_{i:λ} */
function weightedStep({ dim, mu, w }: Constants, { y, order, step }: Bench): void {
  step.fill(0);
  for (let i = 0; i < mu; i++) {
    const at = order[i] * dim;
    for (let j = 0; j < dim; j++) step[j] += w[i] * y[at + j];
  }
}

/** out = C^{−½} v = Bᵀ D⁻¹ B v */
function whiten(packet: Wide, v: Float64Array, out: Float64Array): void {
  const { basis, axes } = packet;
  const dim = axes.length;
  if (isAligned(packet)) {
    for (let i = 0; i < dim; i++) out[i] = v[i] / axes[i];
    return;
  }
  out.fill(0);
  for (let k = 0, row = 0; k < dim; k++, row += dim) {
    let along = 0;
    for (let j = 0; j < dim; j++) along += basis[row + j] * v[j];
    along /= axes[k];
    for (let j = 0; j < dim; j++) out[j] += along * basis[row + j];
  }
}

/**
 * C ← (1 + c₁ (1 − h) c_c (2 − c_c) − c₁ − c_μ Σw) C + c₁ p_c p_cᵀ + c_μ Σ_i w°_i y_i y_iᵀ, where a repelling weight
 * counts by direction alone: w° = w d / ‖z‖².
 */
function reshape(packet: Wide, of: Constants, { y, order, squares }: Bench, h: number): void {
  const { shape, path } = packet;
  const { dim, lambda, w, cC, c1, cMu } = of;
  const keep = 1 + c1 * (1 - h) * cC * (2 - cC) - c1 - cMu * of.sumW;
  const add = isAligned(packet) ? addSquares : addOuter;
  for (let e = 0; e < shape.length; e++) shape[e] *= keep;
  add(shape, dim, c1, path, 0);
  for (let r = 0; r < lambda; r++) {
    const k = order[r];
    const weight = cMu * (w[r] >= 0 ? w[r] : (w[r] * dim) / Math.max(squares[k], Number.MIN_VALUE));
    add(shape, dim, weight, y, k * dim);
  }
}

/** The diagonal of addOuter(). */
function addSquares(a: Float64Array, dim: number, weight: number, y: Float64Array, at: number): void {
  for (let i = 0; i < dim; i++) a[i] += weight * y[at + i] * y[at + i];
}

/** A += weight · v vᵀ on the lower triangle, v being `dim` numbers of y from `at`. */
function addOuter(a: Float64Array, dim: number, weight: number, y: Float64Array, at: number): void {
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    const own = weight * y[at + i];
    for (let j = 0; j <= i; j++) a[row + j] += own * y[at + j];
  }
}

/** B and D of C. Axes that rounding has made vanish are floored (`conditionLost` tells of them). */
function decompose(packet: Wide, work: Float64Array): void {
  const { shape, basis, axes } = packet;
  const dim = axes.length;
  packet.age = 0;
  if (isAligned(packet)) axes.set(shape);
  // numbers beyond a double: C has nothing left to tell
  else if (!eigenSymmetric(shape, dim, axes, basis, work)) makeRound(packet);
  const least = SINGULAR * largest(axes);
  for (let i = 0; i < dim; i++) axes[i] = Math.sqrt(Math.max(axes[i], least));
}

/** C = I */
function makeRound({ shape, basis, axes }: Wide): void {
  for (const a of [shape, basis]) identity(a, axes.length);
  axes.fill(1);
}

/** The identity, whole or its diagonal. */
function identity(a: Float64Array, dim: number): void {
  a.fill(a.length === dim * dim ? 0 : 1);
  if (a.length === dim * dim) for (let i = 0; i < dim; i++) a[i * dim + i] = 1;
}

function isAligned({ basis }: Wide): boolean {
  return basis.length === 0;
}

/** C_ii */
export function varianceAlong(packet: Wide, i: number): number {
  return packet.shape[isAligned(packet) ? i : i * (packet.mean.length + 1)];
}

function largest(a: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, a[i]);
  return most;
}

/** Whether the packet has become as thin as a double can hold. */
export function conditionLost({ axes }: Wide): boolean {
  let least = axes[0];
  for (let i = 1; i < axes.length; i++) least = Math.min(least, axes[i]);
  return (least / largest(axes)) ** 2 <= SINGULAR * (1 + 1e-9);
}

/** max_i C_ii */
function largestVariance(packet: Wide): number {
  let most = 0;
  for (let i = 0; i < packet.mean.length; i++) most = Math.max(most, varianceAlong(packet, i));
  return most;
}
