/**
 * Convex quadratic programs in a box, min ½ sᵀKs + bᵀs where n_i·s ≤ c_i and lower ≤ s ≤ upper: from the free minimum −Pb
 * on, P = K⁻¹, the constraint that is broken most is taken in step by step, and those whose multipliers would turn
 * negative are let go (D. Goldfarb, A. Idnani, Math. Program. 27, 1, 1983).
 */
import { cholesky, dot, matVec, norm, solveCholesky } from "./linalg.ts";

export type QuadraticProgram = {
  /** P = K⁻¹ [d × d], positive definite. */
  readonly inverse: Float64Array;
  readonly b: Float64Array;
  /** n_i and c_i. */
  readonly normals: readonly Float64Array[];
  readonly bounds: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
};

/** A constraint n·s ≤ c: its normal, or the axis whose bound it is and the side; and ‖n‖. */
type Row = {
  readonly normal: Float64Array | null;
  readonly axis: number;
  readonly side: number;
  readonly bound: number;
  readonly size: number;
};
/** One that is held, with P n and its multiplier. */
type Held = { readonly row: Row; readonly image: Float64Array; multiplier: number };

/** What is broken by less than this share of ‖n‖ is kept. */
const KEPT = 1e-12;
/** A direction of less than this share of nᵀPn lies in the span of what is held. */
const SPANNED = 1e-12;
const ROUNDS = 50;

/** s and the multipliers of the n_i, ≥ 0; undefined where no s keeps all constraints (to rounding). */
export function solveQuadratic(
  program: QuadraticProgram,
): { readonly s: Float64Array; readonly multipliers: Float64Array } | undefined {
  const { inverse, b, normals } = program;
  const rows = rowsOf(program);
  const s = new Float64Array(b.length);
  matVec(inverse, b.length, b.length, b, s);
  for (let k = 0; k < s.length; k++) s[k] = -s[k];
  let held: Held[] = [];
  for (let round = 0; round < ROUNDS + 4 * rows.length; round++) {
    const broken = mostBroken(s, rows);
    if (broken === undefined) {
      const multipliers = Float64Array.from(normals, (n) => held.find(({ row }) => row.normal === n)?.multiplier ?? 0);
      return { s, multipliers };
    }
    const taken = takeIn(broken, imageOf(inverse, broken, b.length), held, s);
    if (taken === undefined) return undefined;
    held = taken;
  }
  return undefined;
}

function rowsOf({ normals, bounds, lower, upper }: QuadraticProgram): Row[] {
  const rows: Row[] = normals.map((normal, i) => ({ normal, axis: -1, side: 0, bound: bounds[i], size: norm(normal) }));
  for (let axis = 0; axis < lower.length; axis++) {
    rows.push({ normal: null, axis, side: 1, bound: upper[axis], size: 1 });
    rows.push({ normal: null, axis, side: -1, bound: -lower[axis], size: 1 });
  }
  return rows.filter(({ size }) => size > 0);
}

/** n·v */
function along({ normal, axis, side }: Row, v: Float64Array): number {
  return normal === null ? side * v[axis] : dot(normal, v);
}

/** P n */
function imageOf(inverse: Float64Array, { normal, axis, side }: Row, dim: number): Float64Array {
  const image = new Float64Array(dim);
  if (normal !== null) matVec(inverse, dim, dim, normal, image);
  else for (let k = 0; k < dim; k++) image[k] = side * inverse[axis * dim + k];
  return image;
}

function mostBroken(s: Float64Array, rows: readonly Row[]): Row | undefined {
  let worst: Row | undefined;
  let most = KEPT;
  for (const row of rows) {
    const over = (along(row, s) - row.bound) / row.size;
    if (over > most) [worst, most] = [row, over];
  }
  return worst;
}

/** Moves s until the row holds, letting go of others on the way. Returns what is held then; undefined where it cannot. */
function takeIn(row: Row, image: Float64Array, before: readonly Held[], s: Float64Array): Held[] | undefined {
  const held = [...before];
  const straight = along(row, image);
  let multiplier = 0;
  for (;;) {
    const r = sharesOf(image, held);
    if (r === undefined) return undefined;
    // z = P (n − N r): how far s moves for each unit of the multiplier
    const z = image.slice();
    held.forEach((one, a) => {
      for (let k = 0; k < z.length; k++) z[k] -= r[a] * one.image[k];
    });
    const gain = along(row, z);
    const full = gain > SPANNED * straight ? (along(row, s) - row.bound) / gain : Number.POSITIVE_INFINITY;
    let [drop, least] = [-1, Number.POSITIVE_INFINITY];
    held.forEach((one, a) => {
      if (r[a] > 0 && one.multiplier / r[a] < least) [drop, least] = [a, one.multiplier / r[a]];
    });
    const t = Math.min(least, full);
    if (!(t < Infinity)) return undefined;
    if (full < Infinity) for (let k = 0; k < s.length; k++) s[k] -= t * z[k];
    held.forEach((one, a) => {
      held[a] = { ...one, multiplier: one.multiplier - t * r[a] };
    });
    multiplier += t;
    if (full <= least) return [...held, { row, image, multiplier }];
    held.splice(drop, 1);
  }
}

/** r = (NᵀPN)⁻¹ NᵀP n of what is held; undefined where that is singular. */
function sharesOf(image: Float64Array, held: readonly Held[]): Float64Array | undefined {
  const n = held.length;
  const r = Float64Array.from(held, (one) => along(one.row, image));
  if (n === 0) return r;
  const own = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let c = 0; c <= a; c++) own[a * n + c] = along(held[c].row, held[a].image);
  if (!cholesky(own, n)) return undefined;
  solveCholesky(own, n, r);
  return r;
}
