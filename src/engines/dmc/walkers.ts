/** Walkers of diffusion Monte Carlo: their rows, what is known at each, and moving rows about. */
import type { Domain, Guide, Points } from "../../core/index.ts";
import type { Node } from "./absorb.ts";

/** What is known of walkers, row by row; arrays that nothing asks for are empty. */
export type Rows = {
  readonly x: Float64Array;
  /** ζ */
  readonly value: Float64Array;
  /** ln φ, ∇ln φ and ∇²φ/φ of the guide. */
  readonly log: Float64Array;
  readonly gradient: Float64Array;
  readonly laplacian: Float64Array;
  /** Signed distance to the node. */
  readonly distance: Float64Array;
};

export type Parts = { readonly guide?: Guide | undefined; readonly node?: Node | undefined };

export function blankRows(capacity: number, dim: number, { guide, node }: Parts): Rows {
  const guided = guide === undefined ? 0 : capacity;
  return {
    x: new Float64Array(capacity * dim),
    value: new Float64Array(capacity),
    log: new Float64Array(guided),
    gradient: new Float64Array(guided * dim),
    laplacian: new Float64Array(guided),
    distance: new Float64Array(node === undefined ? 0 : capacity),
  };
}

/** The first n rows as points. */
export function pointsOf({ x }: Rows, n: number, { lower }: Domain): Points {
  const dim = lower.length;
  return { n, dim, x: x.subarray(0, n * dim) };
}

/** Fills in what guide and node say of the points. */
export function look({ guide, node }: Parts, at: Points, rows: Rows): void {
  guide?.at(at, rows);
  node?.distance(at, rows.distance);
}

/** The local energy E_L = ζ − D∇²φ/φ of a row; +∞ where it is no number. */
export function localEnergy({ value, laplacian }: Rows, i: number, D: number): number {
  if (laplacian.length === 0) return value[i];
  const local = value[i] - D * laplacian[i];
  return Number.isNaN(local) ? Number.POSITIVE_INFINITY : local;
}

/** Copies row i of one to row k of another. */
export function copyRow(from: Rows, i: number, to: Rows, k: number, dim: number): void {
  for (let j = 0; j < dim; j++) to.x[k * dim + j] = from.x[i * dim + j];
  to.value[k] = from.value[i];
  if (from.distance.length > 0) to.distance[k] = from.distance[i];
  if (from.log.length === 0) return;
  to.log[k] = from.log[i];
  to.laplacian[k] = from.laplacian[i];
  for (let j = 0; j < dim; j++) to.gradient[k * dim + j] = from.gradient[i * dim + j];
}

/** Copies the first n rows. */
export function copyRows(from: Rows, to: Rows, n: number, dim: number): void {
  to.x.set(from.x.subarray(0, n * dim));
  to.value.set(from.value.subarray(0, n));
  if (from.distance.length > 0) to.distance.set(from.distance.subarray(0, n));
  if (from.log.length === 0) return;
  to.log.set(from.log.subarray(0, n));
  to.laplacian.set(from.laplacian.subarray(0, n));
  to.gradient.set(from.gradient.subarray(0, n * dim));
}
