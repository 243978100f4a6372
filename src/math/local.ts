/**
 * A quadratic through values with noise, by least squares, with what tells whether it is one:
 *
 *   y ≈ f + g·u + ½ uᵀHu   (+ Σ s_i u_i |u|²)
 *
 * The d terms in brackets are the part of a cubic that would shift the bottom of the quadratic where u is spread evenly
 * about 0. They are fitted beside it and belong to no result: what they explain says how far the quadratic can be trusted.
 */
import { cholesky } from "./linalg.ts";

export type LocalFit = {
  readonly dim: number;
  readonly value: number;
  readonly gradient: Float64Array;
  /** H [d × d], symmetric. */
  readonly hessian: Float64Array;
  /** What the d further terms explain of Σ (y − ȳ)², and what is left: over σ² χ² of d and of `freedom` degrees by noise. */
  readonly skew: number;
  readonly rest: number;
  readonly freedom: number;
  /** L of the normal equations, A = L Lᵀ, of p + d terms, the p of the quadratic first. */
  readonly factor: Float64Array;
};

/** Points whose terms go into the normal equations at a time: a sum is loaded and stored once for all of them. */
const BLOCK = 4;

/** Terms of a quadratic: 1, d linear ones, and the products u_i u_j, j ≤ i. */
export function localTerms(dim: number): number {
  return ((dim + 1) * (dim + 2)) / 2;
}

/**
 * The fit to n values y at points u [n × d].
 * @returns null where the points do not determine it
 */
export function fitLocal(u: Float64Array, y: Float64Array, dim: number): LocalFit | null {
  return fitLocals(u, [y], dim)?.[0] ?? null;
}

/**
 * The fits to several values at each of n points u [n × d]; what the points alone determine is worked out once.
 * @returns null where they do not determine it
 */
export function fitLocals(u: Float64Array, values: readonly Float64Array[], dim: number): LocalFit[] | null {
  const n = u.length / dim;
  const p = localTerms(dim);
  const all = p + dim;
  const factor = new Float64Array(all * all);
  const sums = values.map((y) => ({ y, middle: middleOf(y), b: new Float64Array(all), total: 0 }));
  const rows = Array.from({ length: BLOCK }, () => new Float64Array(all));
  for (let k = 0; k < n; k += BLOCK) {
    for (let i = 0; i < BLOCK; i++) {
      if (k + i < n) termsAt(u, (k + i) * dim, dim, rows[i]);
      else rows[i].fill(0);
      for (const sum of sums) {
        const v = k + i < n ? sum.y[k + i] - sum.middle : 0;
        sum.total += v * v;
        for (let r = 0; r < all; r++) sum.b[r] += rows[i][r] * v;
      }
    }
    addBlock(factor, all, rows);
  }
  if (n <= all || !cholesky(factor, all)) return null;
  return sums.map(({ b, middle, total }) => {
    forward(factor, all, b);
    let explained = 0;
    let skew = 0;
    for (let r = 0; r < p; r++) explained += b[r] * b[r];
    for (let r = p; r < all; r++) skew += b[r] * b[r];
    // the leading block of L is that of the quadratic alone
    for (let r = p - 1; r >= 0; r--) {
      b[r] /= factor[r * all + r];
      for (let s = 0; s < r; s++) b[s] -= factor[r * all + s] * b[r];
    }
    const hessian = new Float64Array(dim * dim);
    for (let i = 0, q = 1 + dim; i < dim; i++)
      for (let j = 0; j <= i; j++, q++) hessian[i * dim + j] = hessian[j * dim + i] = i === j ? 2 * b[q] : b[q];
    return {
      ...{ dim, value: middle + b[0], gradient: b.slice(1, 1 + dim), hessian },
      ...{ skew, rest: Math.max(0, total - explained - skew), freedom: n - all, factor },
    };
  });
}

/** The mean, which a sum of the largest doubles would not be. */
function middleOf(y: Float64Array): number {
  let middle = 0;
  for (let k = 0; k < y.length; k++) middle += (y[k] - middle) / (k + 1);
  return middle;
}

/** A += Σ t tᵀ over the rows of a block, on the lower triangle. */
function addBlock(a: Float64Array, n: number, [t0, t1, t2, t3]: readonly Float64Array[]): void {
  for (let r = 0, at = 0; r < n; r++, at += n) {
    const [w0, w1, w2, w3] = [t0[r], t1[r], t2[r], t3[r]];
    for (let s = 0; s <= r; s++) a[at + s] += w0 * t0[s] + w1 * t1[s] + w2 * t2[s] + w3 * t3[s];
  }
}

/** f + g·u + ½ uᵀHu */
export function localAt({ dim, value, gradient, hessian }: LocalFit, u: Float64Array): number {
  let sum = value;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    sum += gradient[i] * u[i];
    for (let j = 0; j < dim; j++) sum += 0.5 * hessian[row + j] * u[i] * u[j];
  }
  return sum;
}

/** The standard error of f(u), in units of the noise. */
export function errorAt({ dim, factor }: LocalFit, u: Float64Array): number {
  const p = localTerms(dim);
  const w = new Float64Array(p + dim);
  termsAt(u, 0, dim, w);
  return spread(factor, p, p + dim, w);
}

/** The standard error of f(u) − f(v), in units of the noise. */
export function errorBetween({ dim, factor }: LocalFit, u: Float64Array, v: Float64Array): number {
  const p = localTerms(dim);
  const w = new Float64Array(p + dim);
  const other = new Float64Array(p + dim);
  termsAt(u, 0, dim, w);
  termsAt(v, 0, dim, other);
  for (let q = 0; q < p; q++) w[q] -= other[q];
  return spread(factor, p, p + dim, w);
}

/** Standard errors, in units of the noise, of slope g·v and stiffness vᵀHv along a unit vector v. */
export function errorsAlong(
  { dim, factor }: LocalFit,
  v: Float64Array,
): { readonly slope: number; readonly stiffness: number } {
  const p = localTerms(dim);
  const w = new Float64Array(p);
  w.set(v, 1);
  const slope = spread(factor, p, p + dim, w);
  w.fill(0);
  for (let i = 0, q = 1 + dim; i < dim; i++) for (let j = 0; j <= i; j++, q++) w[q] = 2 * v[i] * v[j];
  return { slope, stiffness: spread(factor, p, p + dim, w) };
}

/** ‖L⁻¹w‖ over the first p terms: the standard error of w·c. */
function spread(factor: Float64Array, p: number, stride: number, w: Float64Array): number {
  let square = 0;
  for (let r = 0; r < p; r++) {
    let s = w[r];
    for (let k = 0; k < r; k++) s -= factor[r * stride + k] * w[k];
    w[r] = s / factor[r * stride + r];
    square += w[r] * w[r];
  }
  return Math.sqrt(square);
}

/** b ← L⁻¹b */
function forward(l: Float64Array, n: number, b: Float64Array): void {
  for (let r = 0; r < n; r++) {
    let s = b[r];
    for (let k = 0; k < r; k++) s -= l[r * n + k] * b[k];
    b[r] = s / l[r * n + r];
  }
}

/** The terms at one point: 1, u_i, u_i u_j, u_i |u|². */
function termsAt(u: Float64Array, at: number, dim: number, out: Float64Array): void {
  let q = 0;
  out[q++] = 1;
  for (let i = 0; i < dim; i++) out[q++] = u[at + i];
  let square = 0;
  for (let i = 0; i < dim; i++) {
    square += u[at + i] * u[at + i];
    for (let j = 0; j <= i; j++) out[q++] = u[at + i] * u[at + j];
  }
  for (let i = 0; i < dim; i++) out[q++] = u[at + i] * square;
}
