/**
 * Eigen-decomposition of a symmetric matrix, A = Vᵀ Λ V with the eigenvectors as the rows of V: Householder reduction
 * to tridiagonal form, then implicit QL with Wilkinson's shift (Martin, Reinsch, Wilkinson, Numer. Math. 11, 181, 1968;
 * Dubrulle, Martin, Wilkinson, Numer. Math. 12, 377, 1968). Vectors are rows so that every inner loop, the plane
 * rotations above all, runs along memory. Errors are a few n ε ‖A‖.
 */

const EPSILON = 2 ** -52;
/** Beside a matrix scaled to largest entry 1, what is smaller counts as 0: its square would leave the range. */
const NEGLIGIBLE = 1e-140;
const SWEEPS = 60;

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors of symmetric A [n × n]: A v_k = values[k] v_k, where v_k is
 * row k of `vectors` [n × n], of either sign.
 * @param a its lower triangle is read; it may be `vectors` itself
 * @param work n numbers of scratch; without it they are allocated
 * @returns false where A is not finite (or QL does not converge, which no finite matrix is known to cause);
 *   `values` and `vectors` are then of no use
 */
export function eigenSymmetric(
  a: Float64Array,
  n: number,
  values: Float64Array,
  vectors: Float64Array,
  work: Float64Array = new Float64Array(n),
): boolean {
  const scale = copyScaled(a, n, vectors);
  if (!(scale < Infinity)) return false;
  tridiagonalize(vectors, n, values, work);
  accumulate(vectors, n, values);
  if (!implicitQL(values, work, n, vectors)) return false;
  for (let i = 0; i < n; i++) values[i] *= scale;
  sortAscending(values, vectors, n);
  return true;
}

/** Copies the lower triangle of `a`, divided by the returned power of two so that its largest entry is near 1. */
export function copyScaled(a: Float64Array, n: number, out: Float64Array): number {
  let top = 0;
  for (let i = 0, row = 0; i < n; i++, row += n) for (let j = 0; j <= i; j++) top = Math.max(top, Math.abs(a[row + j]));
  if (!(top < Infinity)) return top;
  // at the ends of the range the power or its inverse would overflow; stopping short of them does no harm
  const exponent = Math.max(-1000, Math.min(Math.floor(Math.log2(top)), 1000));
  const scale = 2 ** exponent;
  const inverse = 1 / scale;
  for (let i = 0, row = 0; i < n; i++, row += n) for (let j = 0; j <= i; j++) out[row + j] = a[row + j] * inverse;
  return scale;
}

/**
 * T = Qᵀ A Q on the lower triangle in place. Row i gives way to u_i of the reflection I − u_i u_iᵀ / h_i that clears
 * it left of the subdiagonal; h_i (0 where nothing is to clear) goes to `h`, the subdiagonal to e[0 … n − 2], and
 * the diagonal stays where it is.
 */
export function tridiagonalize(a: Float64Array, n: number, h: Float64Array, e: Float64Array): void {
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let tail = 0;
    for (let k = 0; k < i - 1; k++) tail += a[row + k] * a[row + k];
    const last = a[row + i - 1];
    if (tail <= NEGLIGIBLE * NEGLIGIBLE) {
      h[i] = 0;
      e[i] = last;
      continue;
    }
    const length = Math.sqrt(tail + last * last);
    const sub = last > 0 ? -length : length;
    h[i] = tail + last * last - last * sub;
    a[row + i - 1] = last - sub;
    reflect(a, n, i, h[i], e);
    e[i] = sub;
  }
  h[0] = 0;
  e.copyWithin(0, 1, n);
  e[n - 1] = 0;
}

/** A ← (I − u uᵀ / h) A (I − u uᵀ / h) on the leading i × i block, with u in row i; p is scratch. */
function reflect(a: Float64Array, n: number, i: number, h: number, p: Float64Array): void {
  const u = i * n;
  for (let j = 0, row = 0; j < i; j++, row += n) {
    const uj = a[u + j];
    let s = a[row + j] * uj;
    for (let k = 0; k < j; k++) {
      const ajk = a[row + k];
      s += ajk * a[u + k];
      p[k] += ajk * uj;
    }
    p[j] = s;
  }
  let inner = 0;
  for (let j = 0; j < i; j++) {
    p[j] /= h;
    inner += p[j] * a[u + j];
  }
  const half = inner / (h + h);
  for (let j = 0; j < i; j++) p[j] -= half * a[u + j];
  for (let j = 0, row = 0; j < i; j++, row += n) {
    const uj = a[u + j];
    const pj = p[j];
    for (let k = 0; k <= j; k++) a[row + k] -= uj * p[k] + pj * a[u + k];
  }
}

/** Turns the reflections into Qᵀ in place, growing it from the upper left, and replaces h by the diagonal of T. */
function accumulate(a: Float64Array, n: number, h: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const u = i * n;
    if (h[i] !== 0) {
      for (let j = 0, row = 0; j < i; j++, row += n) {
        let s = 0;
        for (let k = 0; k < i; k++) s += a[row + k] * a[u + k];
        s /= h[i];
        for (let k = 0; k < i; k++) a[row + k] -= s * a[u + k];
      }
    }
    h[i] = a[u + i];
    a[u + i] = 1;
    for (let j = 0; j < i; j++) {
      a[u + j] = 0;
      a[j * n + i] = 0;
    }
  }
}

/** Diagonalizes the tridiagonal (d, e) by rotations, which turn the rows of v as well. */
function implicitQL(d: Float64Array, e: Float64Array, n: number, v: Float64Array): boolean {
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = unreducedEnd(d, e, l, n);
      if (m === l) break;
      if (sweep === SWEEPS) return false;
      sweepQL(d, e, l, m, v, n);
    }
  }
  return true;
}

/** The last index of the block that starts at l: the first m ≥ l whose coupling to m + 1 is nothing beside d. */
function unreducedEnd(d: Float64Array, e: Float64Array, l: number, n: number): number {
  let m = l;
  while (m < n - 1 && Math.abs(e[m]) > EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1])) + NEGLIGIBLE) m++;
  return m;
}

/** One QL step on the block l … m: the shift is the eigenvalue of its leading 2 × 2 nearer to d[l]. */
function sweepQL(d: Float64Array, e: Float64Array, l: number, m: number, v: Float64Array, n: number): void {
  const half = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.sqrt(half * half + 1);
  let g = d[m] - d[l] + e[l] / (half < 0 ? half - root : half + root);
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const squares = f * f + g * g;
    if (squares <= NEGLIGIBLE * NEGLIGIBLE) {
      // no plane to turn in: the block falls apart here
      d[i + 1] -= p;
      e[i + 1] = 0;
      e[i] = b;
      e[m] = 0;
      return;
    }
    const r = Math.sqrt(squares);
    e[i + 1] = r;
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotate(v, i * n, n, c, s);
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

/** Turns the row at `row` and the next one in their plane. */
function rotate(v: Float64Array, row: number, n: number, c: number, s: number): void {
  const next = row + n;
  for (let k = 0; k < n; k++) {
    const x = v[row + k];
    const y = v[next + k];
    v[next + k] = s * x + c * y;
    v[row + k] = c * x - s * y;
  }
}

function sortAscending(values: Float64Array, vectors: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) if (values[j] < values[least]) least = j;
    if (least === i) continue;
    const value = values[i];
    values[i] = values[least];
    values[least] = value;
    for (let k = 0; k < n; k++) {
      const x = vectors[i * n + k];
      vectors[i * n + k] = vectors[least * n + k];
      vectors[least * n + k] = x;
    }
  }
}
