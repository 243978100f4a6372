/**
 * Convex quadratic programs, min ½ sᵀKs + bᵀs where n_iᵀ s ≤ c_i: from the free minimum −Pb on, P = K⁻¹, the constraint
 * that is broken most is taken in step by step, and those whose multipliers would turn negative are let go
 * (D. Goldfarb, A. Idnani, Math. Program. 27, 1, 1983).
 */
import { cholesky, dot, matVec, norm, solveCholesky } from "./linalg.ts";

export type QuadraticProgram = {
  /** P = K⁻¹ [d × d], positive definite. */
  readonly inverse: Float64Array;
  readonly b: Float64Array;
  /** n_i and c_i. */
  readonly normals: readonly Float64Array[];
  readonly bounds: ArrayLike<number>;
};

/** What is broken by less than this share of ‖n‖ is kept. */
const KEPT = 1e-12;
/** A direction of less than this share of P n lies in the span of what is held. */
const SPANNED = 1e-12;
const ROUNDS = 50;

/** s and the multipliers, λ_i ≥ 0; undefined where no s keeps all constraints (to rounding). */
export function solveQuadratic({
  inverse,
  b,
  normals,
  bounds,
}: QuadraticProgram): { readonly s: Float64Array; readonly multipliers: Float64Array } | undefined {
  const dim = b.length;
  const s = times(inverse, b).map((v) => -v);
  const held: number[] = [];
  const lambda: number[] = [];
  for (let round = 0; round < ROUNDS + 4 * normals.length; round++) {
    const i = mostBroken(s, normals, bounds);
    if (i < 0) {
      const multipliers = new Float64Array(normals.length);
      held.forEach((j, a) => {
        multipliers[j] = lambda[a];
      });
      return { s, multipliers };
    }
    let own = 0;
    for (;;) {
      const pn = times(inverse, normals[i]);
      const r = shares(inverse, held, normals, pn);
      if (r === undefined) return undefined;
      // z = P (n − N r): how far s moves for each unit of the multiplier
      const rest = normals[i].slice();
      held.forEach((j, a) => {
        for (let k = 0; k < dim; k++) rest[k] -= r[a] * normals[j][k];
      });
      const z = times(inverse, rest);
      const gain = dot(z, normals[i]);
      const full = gain > SPANNED * dot(pn, normals[i]) ? (dot(normals[i], s) - bounds[i]) / gain : Infinity;
      let [drop, least] = [-1, Infinity];
      for (let a = 0; a < held.length; a++)
        if (r[a] > 0 && lambda[a] / r[a] < least) [drop, least] = [a, lambda[a] / r[a]];
      const t = Math.min(least, full);
      if (t === Infinity) return undefined;
      if (full < Infinity) for (let k = 0; k < dim; k++) s[k] -= t * z[k];
      for (let a = 0; a < held.length; a++) lambda[a] -= t * r[a];
      own += t;
      if (full <= least) break;
      held.splice(drop, 1);
      lambda.splice(drop, 1);
    }
    held.push(i);
    lambda.push(own);
  }
  return undefined;
}

function times(a: Float64Array, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  matVec(a, x.length, x.length, x, out);
  return out;
}

function mostBroken(s: Float64Array, normals: readonly Float64Array[], bounds: ArrayLike<number>): number {
  let [worst, most] = [-1, 0];
  for (let i = 0; i < normals.length; i++) {
    const size = norm(normals[i]);
    const over = size > 0 ? (dot(normals[i], s) - bounds[i]) / size : 0;
    if (over > most + KEPT) [worst, most] = [i, over];
  }
  return worst;
}

/** r = (NᵀPN)⁻¹ NᵀP n of what is held. */
function shares(
  inverse: Float64Array,
  held: readonly number[],
  normals: readonly Float64Array[],
  pn: Float64Array,
): Float64Array | undefined {
  const n = held.length;
  const own = new Float64Array(n * n);
  const r = Float64Array.from(held, (j) => dot(normals[j], pn));
  for (let a = 0; a < n; a++) {
    const pa = times(inverse, normals[held[a]]);
    for (let c = 0; c <= a; c++) own[a * n + c] = dot(normals[held[c]], pa);
  }
  if (n > 0 && !cholesky(own, n)) return undefined;
  if (n > 0) solveCholesky(own, n, r);
  return r;
}
