/**
 * The few lowest eigenpairs of a large symmetric operator of which only the action is known: Chebyshev-filtered
 * subspace iteration (Zhou, Saad, Tiago, Chelikowsky, J. Comput. Phys. 219, 172, 2006). A polynomial that is small on
 * the unwanted part of the spectrum and grows steeply below it acts on a block of vectors, Rayleigh and Ritz sort out
 * the rest. A block finds degenerate levels with their multiplicity, and starts from what a coarser grid has found.
 *
 * A block of m vectors of n entries is interleaved: entry p of vector v is x[p · m + v].
 */
import { eigenSymmetric } from "./eigen.ts";
import { cholesky, dot, norm } from "./linalg.ts";
import { fillNormal, key } from "./rng.ts";

export type Operator = {
  readonly n: number;
  /** No eigenvalue lies above it. */
  readonly top: number;
  /** y ← α(H − shift)x + βy for blocks of m vectors; y is not x. */
  apply(x: Float64Array, y: Float64Array, m: number, alpha: number, shift: number, beta: number): void;
};

export type Block = {
  readonly m: number;
  /** Ritz values, ascending. */
  readonly values: Float64Array;
  /** Orthonormal Ritz vectors, interleaved. */
  readonly vectors: Float64Array;
  /** ‖Hv − θv‖ for each. */
  readonly residuals: Float64Array;
  /** Vectors that H has been applied to. */
  readonly products: number;
};

/** Higher degrees would let rounding in the lowest states outgrow the others: T_d may amplify by e^GROWTH. */
const GROWTH = 20;
const FEWEST = 4;
const CYCLES = 80;
const STEPS = 12;

/**
 * A bound on the spectrum that is nearer than h.top: a few Lanczos steps, the largest Ritz value plus the last residual
 * (Zhou and Li, Numer. Linear Algebra Appl. 435, 480, 2011).
 */
export function nearTop(h: Operator): number {
  const { n } = h;
  let v: Float64Array = randomBlock(n, 1, n);
  let before: Float64Array = new Float64Array(n);
  const length = norm(v);
  for (let p = 0; p < n; p++) v[p] /= length;
  const t = new Float64Array(STEPS * STEPS);
  let beta = 0;
  for (let s = 0; s < Math.min(STEPS, n); s++) {
    h.apply(v, before, 1, 1, 0, -beta);
    const alpha = dot(v, before);
    for (let p = 0; p < n; p++) before[p] -= alpha * v[p];
    beta = norm(before);
    t[s * STEPS + s] = alpha;
    if (s + 1 < STEPS) t[(s + 1) * STEPS + s] = beta;
    if (!(beta > 0)) return h.top;
    [v, before] = [before, v];
    for (let p = 0; p < n; p++) v[p] /= beta;
  }
  const values = new Float64Array(STEPS);
  return eigenSymmetric(t, STEPS, values, t) ? Math.min(h.top, values[STEPS - 1] + beta) : h.top;
}

/** Random vectors, for want of anything better to start from. */
export function randomBlock(n: number, m: number, seed: number): Float64Array {
  const x = new Float64Array(n * m);
  fillNormal(key(seed), x);
  return x;
}

/**
 * The k lowest eigenpairs, from a block of m > k vectors: those above k guard the convergence of the others. It yields
 * between its products, so that whoever drives it may pause or leave.
 * @param start the block to begin with; it is overwritten
 * @param accuracy the residual asked of a level whose Ritz value is θ
 */
export function* lowestFiltered(
  h: Operator,
  k: number,
  m: number,
  start: Float64Array,
  accuracy: (theta: number) => number,
): Generator<void, Block, void> {
  const top = nearTop(h);
  const room = [start, new Float64Array(h.n * m), new Float64Array(h.n * m)];
  let products = m;
  let ritz = rayleighRitz(h, m, room);
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const { values, residuals } = ritz;
    let first = 0;
    while (first < k && residuals[first] <= accuracy(values[first])) first++;
    if (first === k) break;
    const from = locked(values, residuals, accuracy, first);
    const degree = degreeFor(top, values, residuals, accuracy, k);
    yield* filter(h, top, room, m, from, degree, values);
    products += degree * (m - from) + m;
    yield;
    ritz = rayleighRitz(h, m, room);
  }
  return { m, ...ritz, vectors: room[0], products };
}

/** Levels that are left as they are: those converged, as long as no unconverged one is near them. */
function locked(values: Float64Array, residuals: Float64Array, accuracy: (theta: number) => number, first: number) {
  let count = first;
  while (
    count > 0 &&
    (residuals[first] > values[first] - values[count - 1] || residuals[count - 1] > accuracy(values[count - 1]))
  )
    count--;
  return count;
}

/** How far a residual must fall, over the rate at which a degree brings it down between θ_k and the guards' end. */
function degreeFor(
  top: number,
  values: Float64Array,
  residuals: Float64Array,
  accuracy: (theta: number) => number,
  k: number,
): number {
  const edge = values[values.length - 1];
  const rate = (theta: number): number => Math.acosh(Math.max(1, 1 + (2 * (edge - theta)) / (top - edge)));
  let need = FEWEST;
  for (let j = 0; j < k; j++) {
    const fall = Math.log(residuals[j] / accuracy(values[j])) + 1;
    if (fall > 0) need = Math.max(need, fall / Math.max(rate(values[j]), 1e-6));
  }
  return Math.ceil(Math.min(need, Math.max(FEWEST, GROWTH / Math.max(rate(values[0]), 1e-6))));
}

/** Columns `from` … m − 1 of the block in room[0] go through the scaled Chebyshev polynomial of [edge, top]. */
function* filter(
  h: Operator,
  top: number,
  room: Float64Array[],
  m: number,
  from: number,
  degree: number,
  values: Float64Array,
): Generator<void, void, void> {
  const width = m - from;
  const edge = values[m - 1];
  const half = 0.5 * (top - edge);
  const center = 0.5 * (top + edge);
  const scale = half / (values[from] - center);
  let [x, y] = [room[1].subarray(0, h.n * width), room[2].subarray(0, h.n * width)];
  for (let p = 0; p < h.n; p++) for (let v = 0; v < width; v++) x[p * width + v] = room[0][p * m + from + v];
  let sigma = scale;
  h.apply(x, y, width, sigma / half, center, 0);
  for (let d = 2; d <= degree; d++) {
    yield;
    const next = 1 / (2 / scale - sigma);
    h.apply(y, x, width, (2 * next) / half, center, -sigma * next);
    [x, y] = [y, x];
    sigma = next;
  }
  for (let p = 0; p < h.n; p++) for (let v = 0; v < width; v++) room[0][p * m + from + v] = y[p * width + v];
}

/** Orthonormal Ritz vectors of the block in room[0], with their values and residuals; uses all the room. */
function rayleighRitz(h: Operator, m: number, room: Float64Array[]): { values: Float64Array; residuals: Float64Array } {
  orthonormalize(room, h.n, m);
  const [x, hx, spare] = room;
  h.apply(x, hx, m, 1, 0, 0);
  const values = new Float64Array(m);
  const turn = new Float64Array(m * m);
  if (!eigenSymmetric(products(x, hx, h.n, m), m, values, turn)) throw new Error("the block is not finite");
  combine(x, turn, spare, h.n, m);
  combine(hx, turn, x, h.n, m);
  room[0] = spare;
  room[2] = x;
  const squares = new Float64Array(m);
  for (let p = 0, e = 0; p < h.n; p++)
    for (let v = 0; v < m; v++, e++) squares[v] += (x[e] - values[v] * spare[e]) ** 2;
  return { values, residuals: squares.map(Math.sqrt) };
}

/** X ← X L⁻ᵀ with XᵀX = LLᵀ, until it is orthonormal; a block that is all but dependent is helped along by a shift. */
function orthonormalize(room: Float64Array[], n: number, m: number): void {
  for (let pass = 0; pass < 6; pass++) {
    const gram = products(room[0], room[0], n, m);
    let worst = 0;
    let trace = 0;
    for (let i = 0; i < m; i++) {
      trace += gram[i * m + i];
      for (let j = 0; j <= i; j++) worst = Math.max(worst, Math.abs(gram[i * m + j] - (i === j ? 1 : 0)));
    }
    if (worst < 1e-13) return;
    const l = new Float64Array(m * m);
    for (let shift = 0; !cholesky(gram, m, l); shift = 1e-14 * trace)
      for (let i = 0; i < m; i++) gram[i * m + i] += Math.max(shift, 1e-15 * trace);
    combine(room[0], inverse(l, m), room[1], n, m);
    [room[0], room[1]] = [room[1], room[0]];
  }
}

/** L⁻¹ of a lower triangle. */
function inverse(l: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      let s = i === j ? 1 : 0;
      for (let q = j; q < i; q++) s -= l[i * m + q] * out[q * m + j];
      out[i * m + j] = s / l[i * m + i];
    }
  return out;
}

/** XᵀY [m × m]; the lower triangle is enough, both are symmetric. */
function products(x: Float64Array, y: Float64Array, n: number, m: number): Float64Array {
  const out = new Float64Array(m * m);
  for (let p = 0, row = 0; p < n; p++, row += m)
    for (let i = 0; i < m; i++) {
      const xi = x[row + i];
      for (let j = 0; j <= i; j++) out[i * m + j] += xi * y[row + j];
    }
  return out;
}

/** out_i = Σ_j turn_ij x_j: new vectors, row i of `turn` for each. */
function combine(x: Float64Array, turn: Float64Array, out: Float64Array, n: number, m: number): void {
  for (let p = 0, row = 0; p < n; p++, row += m)
    for (let i = 0, at = 0; i < m; i++, at += m) {
      let s = 0;
      for (let j = 0; j < m; j++) s += turn[at + j] * x[row + j];
      out[row + i] = s;
    }
}
