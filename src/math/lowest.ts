/**
 * The few lowest eigenpairs of a dense symmetric matrix: Householder reduction (eigen.ts), bisection on Sturm counts
 * for the values, inverse iteration for the vectors (Wilkinson, The Algebraic Eigenvalue Problem, 1965, ch. 5). Where k
 * is small beside n, all but the reduction costs nothing, and the reduction is a quarter of the full decomposition.
 */
import { copyScaled, tridiagonalize } from "./eigen.ts";
import { dot, norm } from "./linalg.ts";
import { fillNormal, fold, key } from "./rng.ts";

const EPSILON = 2 ** -52;
/** Eigenvalues nearer to each other than this share of ‖A‖ have their vectors kept orthogonal by hand. */
const CLUSTER = 1e-3;
const SOLVES = 3;
const START = key(0x10e57);

/**
 * The k lowest eigenvalues, ascending, and orthonormal eigenvectors of symmetric A [n × n]; each counts as often as it
 * is degenerate.
 * @param a its lower triangle is read
 * @param values receives k numbers
 * @param vectors receives the k vectors as rows [k × n], of either sign
 * @returns false where A is not finite; nothing is then of use
 */
export function lowestSymmetric(
  a: Float64Array,
  n: number,
  k: number,
  values: Float64Array,
  vectors: Float64Array,
): boolean {
  const q = new Float64Array(n * n);
  const scale = copyScaled(a, n, q);
  if (!(scale < Infinity)) return false;
  const h = new Float64Array(n);
  const e = new Float64Array(n);
  tridiagonalize(q, n, h, e);
  const d = Float64Array.from({ length: n }, (_, i) => q[i * n + i]);
  const size = largest(d, e);
  bisect(d, e, size, values, k);
  for (let j = 0; j < k; j++) tridiagonalVector(d, e, size, values, vectors, j);
  for (let j = 0; j < k; j++) {
    unreduce(q, n, h, vectors.subarray(j * n, (j + 1) * n));
    values[j] *= scale;
  }
  return true;
}

/** A bound on the eigenvalues' size: the largest sum of a row (Gershgorin). */
function largest(d: Float64Array, e: Float64Array): number {
  let size = 0;
  for (let i = 0; i < d.length; i++)
    size = Math.max(size, Math.abs(d[i]) + Math.abs(e[i]) + (i > 0 ? Math.abs(e[i - 1]) : 0));
  return size;
}

/** The k lowest eigenvalues of the tridiagonal (d, e), each between the last one found and the top. */
function bisect(d: Float64Array, e: Float64Array, size: number, values: Float64Array, k: number): void {
  const upper = new Float64Array(k).fill(size);
  let low = -size;
  for (let j = 0; j < k; j++) {
    let high = upper[j];
    while (high - low > EPSILON * (Math.abs(low) + Math.abs(high)) + EPSILON * EPSILON * size) {
      const middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) break;
      const below = countBelow(d, e, middle);
      // what bounds this value bounds those after it
      for (let i = j; i < Math.min(below, k); i++) upper[i] = Math.min(upper[i], middle);
      if (below > j) high = middle;
      else low = middle;
    }
    values[j] = 0.5 * (low + high);
  }
}

/** How many eigenvalues of (d, e) lie below x: the negative pivots of T − x (Sylvester). */
function countBelow(d: Float64Array, e: Float64Array, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < d.length; i++) {
    pivot = d[i] - x - (i > 0 ? (e[i - 1] * e[i - 1]) / pivot : 0);
    if (pivot === 0) pivot = -EPSILON * EPSILON;
    if (pivot < 0) count++;
  }
  return count;
}

/** Row j of `vectors` becomes the eigenvector of values[j], by inverse iteration orthogonal to its near neighbors. */
function tridiagonalVector(
  d: Float64Array,
  e: Float64Array,
  size: number,
  values: Float64Array,
  vectors: Float64Array,
  j: number,
): void {
  const n = d.length;
  const v = vectors.subarray(j * n, (j + 1) * n);
  const solve = factor(d, e, values[j], size);
  fillNormal(fold(START, j), v);
  for (let s = 0; s < SOLVES; s++) {
    solve(v);
    for (let i = 0; i < j; i++)
      if (values[j] - values[i] < CLUSTER * size) project(v, vectors.subarray(i * n, (i + 1) * n));
    const length = norm(v);
    for (let i = 0; i < n; i++) v[i] /= length;
  }
}

/** v ← v − u (u·v) */
function project(v: Float64Array, u: Float64Array): void {
  const share = dot(u, v);
  for (let i = 0; i < v.length; i++) v[i] -= share * u[i];
}

/** v ← (T − x)⁻¹ v by elimination with partial pivoting: U has two diagonals above its main one. */
function factor(d: Float64Array, e: Float64Array, x: number, size: number): (v: Float64Array) => void {
  const n = d.length;
  const main = d.map((value) => value - x);
  const above = e.slice();
  const second = new Float64Array(n);
  const ratio = new Float64Array(n);
  const swapped = new Uint8Array(n);
  for (let i = 0; i < n - 1; i++) {
    if (Math.abs(e[i]) > Math.abs(main[i])) {
      swapped[i] = 1;
      ratio[i] = main[i] / e[i];
      const next = main[i + 1];
      main[i] = e[i];
      main[i + 1] = above[i] - ratio[i] * next;
      above[i] = next;
      second[i] = above[i + 1];
      above[i + 1] *= -ratio[i];
    } else {
      ratio[i] = main[i] === 0 ? 0 : e[i] / main[i];
      main[i + 1] -= ratio[i] * above[i];
    }
  }
  // x is an eigenvalue: the last pivot is nothing but rounding, and as good as any of that size
  const least = EPSILON * size;
  for (let i = 0; i < n; i++) if (Math.abs(main[i]) < least) main[i] = main[i] < 0 ? -least : least;
  return (v) => {
    for (let i = 0; i < n - 1; i++) {
      const upper = swapped[i] === 1 ? v[i + 1] : v[i];
      v[i + 1] = (swapped[i] === 1 ? v[i] : v[i + 1]) - ratio[i] * upper;
      v[i] = upper;
    }
    for (let i = n - 1; i >= 0; i--) {
      const first = i + 1 < n ? above[i] * v[i + 1] : 0;
      v[i] = (v[i] - first - (i + 2 < n ? second[i] * v[i + 2] : 0)) / main[i];
    }
  };
}

/** Back from the tridiagonal's basis: v ← P_{n−1} … P_1 v, the reflections that `tridiagonalize` has left. */
function unreduce(q: Float64Array, n: number, h: Float64Array, v: Float64Array): void {
  for (let i = 1, row = n; i < n; i++, row += n) {
    if (h[i] === 0) continue;
    let share = 0;
    for (let m = 0; m < i; m++) share += q[row + m] * v[m];
    share /= h[i];
    for (let m = 0; m < i; m++) v[m] -= share * q[row + m];
  }
}
