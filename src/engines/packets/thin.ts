/**
 * A thin well: P as the last steps alone tell it, for so many dimensions that d² numbers would cost more than ζ does.
 * With s the steps and y the changes of the slope along them, P g comes out of two loops over the pairs (s, y), from a
 * round well of the newest one's softness sᵀy/yᵀy (limited-memory BFGS: J. Nocedal, Math. Comput. 35, 773, 1980).
 */
import { dot, norm } from "../../math/linalg.ts";

export type Thin = {
  /** The last pairs, a ring [KEPT × d], and how many there were. */
  s: Float64Array;
  y: Float64Array;
  count: number;
  /** 1/K of the round well before any pair is known. */
  softness: number;
};

const KEPT = 30;
/** The least cosine of s and y that is believed. */
const LEAST = 1e-12;

export function blankThin(dim: number): Thin {
  return { s: new Float64Array(KEPT * dim), y: new Float64Array(KEPT * dim), count: 0, softness: 1 };
}

/** K = k 1, with all steps forgotten. */
export function makeRound(thin: Thin, k: number): void {
  thin.count = 0;
  thin.softness = 1 / k;
}

/** Takes in a step and the change of the slope along it, where that shows positive curvature. */
export function learnPair(thin: Thin, s: Float64Array, y: Float64Array): void {
  if (!(dot(s, y) > LEAST * norm(s) * norm(y))) return;
  const at = (thin.count++ % KEPT) * s.length;
  thin.s.set(s, at);
  thin.y.set(y, at);
}

/** s = −(K_ff)⁻¹ g_f by the pairs cut to the axes f that are not held; 0 on the others. */
export function thinGroundOn(thin: Thin, held: Uint8Array, gradient: Float64Array, s: Float64Array): void {
  const dim = s.length;
  const kept = Math.min(thin.count, KEPT);
  const share = new Float64Array(kept);
  const curvature = new Float64Array(kept);
  let softness = thin.softness;
  for (let i = 0; i < dim; i++) s[i] = held[i] === 0 ? -gradient[i] : 0;
  // from the newest pair to the oldest, and back
  for (let n = 0; n < kept; n++) {
    const at = ((thin.count - 1 - n) % KEPT) * dim;
    const [sy, yy] = [along(thin.s, thin.y, at, held), along(thin.y, thin.y, at, held)];
    if (!(sy > LEAST * Math.sqrt(yy * along(thin.s, thin.s, at, held)))) continue;
    if (softness === thin.softness) softness = sy / yy;
    curvature[n] = sy;
    for (let i = 0; i < dim; i++) share[n] += thin.s[at + i] * s[i];
    share[n] /= sy;
    for (let i = 0; i < dim; i++) if (held[i] === 0) s[i] -= share[n] * thin.y[at + i];
  }
  for (let i = 0; i < dim; i++) s[i] *= softness;
  for (let n = kept - 1; n >= 0; n--) {
    if (curvature[n] === 0) continue;
    const at = ((thin.count - 1 - n) % KEPT) * dim;
    let back = 0;
    for (let i = 0; i < dim; i++) back += thin.y[at + i] * s[i];
    back = share[n] - back / curvature[n];
    for (let i = 0; i < dim; i++) if (held[i] === 0) s[i] += back * thin.s[at + i];
  }
}

/** Σ a_i b_i over the axes that are not held, of the d numbers from `at` on. */
function along(a: Float64Array, b: Float64Array, at: number, held: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < held.length; i++) if (held[i] === 0) sum += a[at + i] * b[at + i];
  return sum;
}
