/**
 * Dense linear algebra on row-major Float64Arrays: entry (i, j) of an m × n matrix is a[i * n + j]. Nothing here
 * allocates, and every inner loop runs along a row. Shapes are the caller's to keep.
 */

/** Σ a_i b_i over the first n entries. */
export function dot(a: Float64Array, b: Float64Array, n = a.length): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += a[i] * b[i];
  return s;
}

/** √Σ a_i², scaled where the squares would overflow or vanish. */
export function norm(a: Float64Array, n = a.length): number {
  const squares = dot(a, a, n);
  if (squares > 1e-280 && squares < 1e300) return Math.sqrt(squares);
  let top = 0;
  for (let i = 0; i < n; i++) top = Math.max(top, Math.abs(a[i]));
  if (top === 0 || !(top < Infinity)) return top;
  // a power of two, so that the bits are those of a vector of another size
  const unit = 2 ** Math.floor(Math.log2(top));
  let s = 0;
  for (let i = 0; i < n; i++) s += (a[i] / unit) ** 2;
  return unit * Math.sqrt(s);
}

/** out = A x for A [m × n]; `out` is not `x`. */
export function matVec(a: Float64Array, m: number, n: number, x: Float64Array, out: Float64Array): void {
  for (let i = 0, row = 0; i < m; i++, row += n) {
    let s = 0;
    for (let j = 0; j < n; j++) s += a[row + j] * x[j];
    out[i] = s;
  }
}

/** out = Aᵀ x for A [m × n]; `out` is not `x`. */
export function matVecTransposed(a: Float64Array, m: number, n: number, x: Float64Array, out: Float64Array): void {
  out.fill(0, 0, n);
  for (let i = 0, row = 0; i < m; i++, row += n) {
    const xi = x[i];
    for (let j = 0; j < n; j++) out[j] += a[row + j] * xi;
  }
}

/** out = A B for A [m × k] and B [k × n]; `out` is neither. Each entry adds up its k products in their order. */
export function matMat(a: Float64Array, b: Float64Array, out: Float64Array, m: number, k: number, n: number): void {
  out.fill(0, 0, m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[i * k + l];
      for (let j = 0; j < n; j++) out[i * n + j] += x * b[l * n + j];
    }
  }
}

/** The same in single precision, rounded after each product and each sum. */
export function matMatSingle(
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  m: number,
  k: number,
  n: number,
): void {
  out.fill(0, 0, m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[i * k + l];
      for (let j = 0; j < n; j++) out[i * n + j] += Math.fround(x * b[l * n + j]);
    }
  }
}

/** A ← A + α x xᵀ for symmetric A [n × n]; both triangles are kept, equal bit for bit. */
export function rankOne(a: Float64Array, n: number, alpha: number, x: Float64Array): void {
  for (let i = 0, row = 0; i < n; i++, row += n) for (let j = 0; j < n; j++) a[row + j] += alpha * (x[i] * x[j]);
}

/**
 * A = L Lᵀ: writes L to the lower triangle of `out`, which may be `a` itself; the upper triangles are neither read
 * nor written.
 * @returns false where A is not positive definite (to rounding) or not finite; `out` is then of no use
 */
export function cholesky(a: Float64Array, n: number, out: Float64Array = a): boolean {
  for (let i = 0, row = 0; i < n; i++, row += n) {
    for (let j = 0, other = 0; j < i; j++, other += n) {
      let s = a[row + j];
      for (let k = 0; k < j; k++) s -= out[row + k] * out[other + k];
      out[row + j] = s / out[other + j];
    }
    let pivot = a[row + i];
    for (let k = 0; k < i; k++) pivot -= out[row + k] * out[row + k];
    if (!(pivot > 0 && pivot < Infinity)) return false;
    out[row + i] = Math.sqrt(pivot);
  }
  return true;
}

/** x = A⁻¹ b for A = L Lᵀ, with L from `cholesky`; `x` may be `b` itself. */
export function solveCholesky(l: Float64Array, n: number, b: Float64Array, x: Float64Array = b): void {
  for (let i = 0, row = 0; i < n; i++, row += n) {
    let s = b[i];
    for (let k = 0; k < i; k++) s -= l[row + k] * x[k];
    x[i] = s / l[row + i];
  }
  for (let i = n - 1, row = i * n; i >= 0; i--, row -= n) {
    const xi = x[i] / l[row + i];
    x[i] = xi;
    for (let k = 0; k < i; k++) x[k] -= l[row + k] * xi;
  }
}
