/**
 * A quadratic in standardized coordinates, fitted by ridge regression: f(u) = c + Σ a_j u_j + Σ b_j u_j² (+ Σ c_jk u_j u_k),
 * the least Σ (y − f)² + λ n |coefficients|², the constant left free. Normal equations are kept block by block, so that
 * a fit to any multiple of blocks, as the bootstrap draws them, costs a sum and a Cholesky factorization.
 */
import { cholesky, solveCholesky } from "./linalg.ts";

export type Quadratic = { readonly dim: number; readonly mixed: boolean; readonly coefficients: Float64Array };

/** Coefficients of a quadratic, the constant first, then linear, square and, where `mixed`, mixed ones. */
export function quadraticSize(dim: number, mixed: boolean): number {
  return 1 + 2 * dim + (mixed ? (dim * (dim - 1)) / 2 : 0);
}

/** The terms of a quadratic at u [dim], written to `out`. */
export function quadraticTerms(u: Float64Array, mixed: boolean, out: Float64Array): void {
  const dim = u.length;
  let at = 0;
  out[at++] = 1;
  for (let j = 0; j < dim; j++) out[at++] = u[j];
  for (let j = 0; j < dim; j++) out[at++] = u[j] * u[j];
  if (mixed) for (let j = 0; j < dim; j++) for (let k = 0; k < j; k++) out[at++] = u[j] * u[k];
}

/** The normal equations of some points: Σ t tᵀ (lower triangle), Σ t y, and how many. */
export type Normal = { readonly a: Float64Array; readonly b: Float64Array; n: number };

export function normalEquations(u: readonly Float64Array[], y: ArrayLike<number>, mixed: boolean): Normal {
  const p = quadraticSize(u[0].length, mixed);
  const normal: Normal = { a: new Float64Array(p * p), b: new Float64Array(p), n: u.length };
  const t = new Float64Array(p);
  for (let i = 0; i < u.length; i++) {
    quadraticTerms(u[i], mixed, t);
    for (let r = 0, row = 0; r < p; r++, row += p) {
      normal.b[r] += t[r] * y[i];
      for (let s = 0; s <= r; s++) normal.a[row + s] += t[r] * t[s];
    }
  }
  return normal;
}

/** The ridge fit to blocks of points, each counted so many times; null where there is no such fit. */
export function fitQuadratic(
  blocks: readonly Normal[],
  times: ArrayLike<number>,
  dim: number,
  mixed: boolean,
  lambda: number,
): Quadratic | null {
  const p = quadraticSize(dim, mixed);
  const a = new Float64Array(p * p);
  const b = new Float64Array(p);
  let n = 0;
  blocks.forEach((block, k) => {
    const weight = times[k];
    if (weight === 0) return;
    for (let r = 0, row = 0; r < p; r++, row += p) {
      b[r] += weight * block.b[r];
      for (let s = 0; s <= r; s++) a[row + s] += weight * block.a[row + s];
    }
    n += weight * block.n;
  });
  for (let i = 1; i < p; i++) a[i * p + i] += lambda * n;
  if (n === 0 || !cholesky(a, p)) return null;
  solveCholesky(a, p, b);
  return { dim, mixed, coefficients: b };
}

/** f(u). */
export function quadraticAt({ dim, mixed, coefficients: c }: Quadratic, u: Float64Array): number {
  let sum = c[0];
  for (let j = 0; j < dim; j++) sum += (c[1 + j] + c[1 + dim + j] * u[j]) * u[j];
  let at = 1 + 2 * dim;
  if (mixed) for (let j = 0; j < dim; j++) for (let k = 0; k < j; k++) sum += c[at++] * u[j] * u[k];
  return sum;
}

/** f with u_j set to v, less f(u). */
export function quadraticChange(
  { dim, mixed, coefficients: c }: Quadratic,
  u: Float64Array,
  j: number,
  v: number,
): number {
  let slope = c[1 + j];
  if (mixed) for (let k = 0; k < dim; k++) if (k !== j) slope += c[1 + 2 * dim + pair(j, k)] * u[k];
  return (v - u[j]) * (slope + c[1 + dim + j] * (v + u[j]));
}

function pair(j: number, k: number): number {
  return j > k ? (j * (j - 1)) / 2 + k : (k * (k - 1)) / 2 + j;
}
