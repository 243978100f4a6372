/**
 * The shape of a step: x moves by L δ where δ is a step in coordinates in which the law is about as wide along every axis.
 * LLᵀ stands where an inverse mass or a preconditioner does; drift and noise share it, so e^{−ζ/D} stays stationary.
 */
import { cholesky, covariance } from "../../math/index.ts";

/**
 * What is learned of the shape in warm-up: nothing (L = 1), the width of each axis, or the whole covariance; `auto` is dense
 * up to 32 dimensions, diagonal above.
 */
export type Shape = "auto" | "none" | "diagonal" | "dense";

const DENSE_UP_TO = 32;

/** L is as long as the dimension where it is diagonal, else dim × dim with a lower triangle, row by row. */
export function isDense(L: Float64Array, dim: number): boolean {
  return L.length > dim;
}

/** out = x + L δ for each point. */
export function moved(L: Float64Array, dim: number, x: Float64Array, delta: Float64Array, out: Float64Array): void {
  if (!isDense(L, dim)) {
    for (let e = 0; e < x.length; e += dim) for (let j = 0; j < dim; j++) out[e + j] = x[e + j] + L[j] * delta[e + j];
    return;
  }
  eachFour(x.length, dim, (a, b, c, d) => {
    for (let i = 0, row = 0; i < dim; i++, row += dim) {
      let p = x[a + i];
      let q = x[b + i];
      let r = x[c + i];
      let s = x[d + i];
      for (let j = 0; j <= i; j++) {
        const l = L[row + j];
        p += l * delta[a + j];
        q += l * delta[b + j];
        r += l * delta[c + j];
        s += l * delta[d + j];
      }
      out[a + i] = p;
      out[b + i] = q;
      out[c + i] = r;
      out[d + i] = s;
    }
  });
}

/** out = Lᵀ g for each slope g: the slope in the coordinates of the step. */
export function pulls(L: Float64Array, dim: number, slope: Float64Array, out: Float64Array): void {
  if (!isDense(L, dim)) {
    for (let e = 0; e < slope.length; e += dim) for (let j = 0; j < dim; j++) out[e + j] = L[j] * slope[e + j];
    return;
  }
  eachFour(slope.length, dim, (a, b, c, d) => {
    for (let j = 0; j < dim; j++) {
      let p = 0;
      let q = 0;
      let r = 0;
      let s = 0;
      for (let i = j, at = j * dim + j; i < dim; i++, at += dim) {
        const l = L[at];
        p += l * slope[a + i];
        q += l * slope[b + i];
        r += l * slope[c + i];
        s += l * slope[d + i];
      }
      out[a + j] = p;
      out[b + j] = q;
      out[c + j] = r;
      out[d + j] = s;
    }
  });
}

/**
 * Calls with where four points begin, whose sums a processor adds up side by side; the last of them stand in for those that
 * are missing.
 */
function eachFour(length: number, dim: number, visit: (a: number, b: number, c: number, d: number) => void): void {
  const last = length - dim;
  for (let e = 0; e < length; e += 4 * dim)
    visit(e, Math.min(e + dim, last), Math.min(e + 2 * dim, last), Math.min(e + 3 * dim, last));
}

/** With fewer draws than this for each number to be learned, the covariance leans on its diagonal. */
const DRAWS_EACH = 5;

/** Draws that a covariance is learned from, added up. */
export type Learned = { count: number; readonly center: Float64Array; readonly square: Float64Array };

/** Room for what L is learned from. */
export function unlearned(shape: Shape, dim: number): Learned {
  const dense = shape === "dense" || (shape === "auto" && dim > 1 && dim <= DENSE_UP_TO);
  const size = shape === "none" ? 0 : dense ? dim * dim : dim;
  return { count: 0, center: new Float64Array(size === 0 ? 0 : dim), square: new Float64Array(size) };
}

const scratch = { center: new Float64Array(0), square: new Float64Array(0) };

/** Takes in the positions of some chains (Chan, Golub and LeVeque's pairwise sums, so that none is a difference of large ones). */
export function learn(learned: Learned, x: Float64Array, n: number): void {
  const { center, square, count } = learned;
  const dim = center.length;
  if (dim === 0) return;
  const total = count + n;
  if (scratch.center.length !== dim) {
    scratch.center = new Float64Array(dim);
    scratch.square = new Float64Array(dim * dim);
  }
  const here = scratch.center;
  here.fill(0);
  for (let e = 0; e < n * dim; e += dim) for (let j = 0; j < dim; j++) here[j] += x[e + j] / n;
  const weight = (count * n) / total;
  if (square.length === dim) {
    for (let e = 0; e < n * dim; e += dim) for (let j = 0; j < dim; j++) square[j] += (x[e + j] - here[j]) ** 2;
    for (let j = 0; j < dim; j++) square[j] += weight * (here[j] - center[j]) ** 2;
  } else {
    covariance(x, n, dim, here, scratch.square);
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++) {
        const own = n < 2 ? 0 : scratch.square[i * dim + j] * (n - 1);
        square[i * dim + j] += own + weight * (here[i] - center[i]) * (here[j] - center[j]);
      }
  }
  for (let j = 0; j < dim; j++) center[j] += (here[j] - center[j]) * (n / total);
  learned.count = total;
}

/** L with LLᵀ = covariance / D of what was learned, written to `L`; the sums begin anew. False where they tell nothing. */
export function scaleFrom(learned: Learned, D: number, L: Float64Array): boolean {
  const { count, center, square } = learned;
  const dim = center.length;
  const dense = isDense(L, dim);
  const trust = count / (count + DRAWS_EACH * (dense ? dim : 1));
  const trial = L.slice();
  let holds = dim > 0 && count > 1 && D > 0;
  for (let i = 0; i < dim && holds; i++) {
    const own = square[dense ? i * dim + i : i];
    holds = own > 0 && own < Infinity;
    if (!dense) trial[i] = Math.sqrt(own / (count - 1) / D);
    else
      for (let j = 0; j < dim; j++)
        trial[i * dim + j] = (square[i * dim + j] / (count - 1) / D) * (i === j ? 1 : trust);
  }
  if (holds && dense) holds = cholesky(trial, dim);
  if (holds) L.set(trial);
  learned.count = 0;
  center.fill(0);
  square.fill(0);
  return holds;
}
