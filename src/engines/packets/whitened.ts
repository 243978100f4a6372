/**
 * The slope of ζ in the well's own directions. The coordinates of a thin and turned well are all stiff, and hide its
 * soft directions in their rounding: ζ can be followed down to ε |ζ| times the condition of K only. The last differences
 * are therefore taken on both sides along the columns v of a root of P = K⁻¹ = L Lᵀ, along which the well is equally
 * stiff, vᵀKv = 1: then the error of ζ is ε |ζ| in each of them.
 *
 * An axis along which that would cross a wall is held: with those axes first the last columns of L are a root of
 * (K_ff)⁻¹, what is left of the well on the others, f.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { cholesky } from "../../math/linalg.ts";
import { type Lowest, see } from "./sight.ts";
import { CENTRAL, roundingOf, smoothAxes } from "./slope.ts";
import { reshape, type Well } from "./well.ts";

/** A rise within so many roundings of ζ tells no curvature. */
const UNSEEN = 8;

/** The axes f and, for each, a column of the root [d], zero on all axes before it, and how far to look along it. */
type Columns = {
  readonly axes: readonly number[];
  readonly root: readonly Float64Array[];
  readonly steps: Float64Array;
};

/**
 * ∂ζ/∂u_i at u on the axes that no wall is near, into `gradient`; what ζ″ is along the columns goes into the well.
 * @param value ζ(u)
 * @returns the smooth axes that are left to look along; undefined where a difference was not finite
 */
export function* whitenedDifferences(
  domain: Domain,
  lowest: Lowest,
  u: Float64Array,
  value: number,
  well: Well,
  scale: number,
  gradient: Float64Array,
): Ask<readonly number[] | undefined> {
  const smooth = smoothAxes(domain);
  const error = roundingOf(value, scale, true);
  const { axes, root, steps } = columnsWithin(domain, u, well, smooth, CENTRAL.steps * Math.sqrt(error));
  if (axes.length === 0) return smooth;
  const seen = yield* see(domain, lowest, 2 * axes.length, pointsAlong(u, root, steps));
  const curvature = new Float64Array(axes.length);
  // vᵀ∇ζ for every column: from the last axis to the first
  for (let c = axes.length - 1; c >= 0; c--) {
    const [above, below] = [seen[2 * c] - value, seen[2 * c + 1] - value];
    const rise = above + below;
    curvature[c] = Math.abs(rise) > UNSEEN * error ? rise / steps[c] / steps[c] : 1;
    let slope = (above - below) / (2 * steps[c]);
    for (let a = c + 1; a < axes.length; a++) slope -= root[c][axes[a]] * gradient[axes[a]];
    gradient[axes[c]] = slope / root[c][axes[c]];
  }
  if (!axes.every((i) => Number.isFinite(gradient[i]))) return undefined;
  reshape(well, root, curvature);
  return smooth.filter((i) => !axes.includes(i));
}

/** The columns on the most of the given axes along which both steps stay in the box; none where P has no root. */
function columnsWithin(
  { edge }: Domain,
  u: Float64Array,
  { inverse }: Well,
  given: readonly number[],
  wanted: number,
): Columns {
  for (let axes = given; axes.length > 0; ) {
    const root = rootOn(axes, inverse, u.length);
    if (root === undefined) break;
    const steps = Float64Array.from(root, (v) => stepAlong(v, wanted));
    const crosses = (i: number): boolean =>
      root.some((v, c) => Math.abs(steps[c] * v[i]) > Math.min(u[i], 1 - u[i]) && edge !== "periodic");
    const left = axes.filter((i) => !crosses(i));
    if (left.length === axes.length) return { axes, root, steps };
    axes = left;
  }
  return { axes: [], root: [], steps: new Float64Array(0) };
}

/** The columns of L that belong to the given axes, those being last in P = L Lᵀ; undefined where P has no root. */
function rootOn(axes: readonly number[], inverse: Float64Array, dim: number): Float64Array[] | undefined {
  const held = Array.from({ length: dim }, (_, i) => i).filter((i) => !axes.includes(i));
  const order = [...held, ...axes];
  const l = new Float64Array(dim * dim);
  for (let a = 0; a < dim; a++) for (let b = 0; b <= a; b++) l[a * dim + b] = inverse[order[a] * dim + order[b]];
  if (!cholesky(l, dim)) return undefined;
  return axes.map((_, c) => {
    const v = new Float64Array(dim);
    for (let a = held.length + c; a < dim; a++) v[order[a]] = l[a * dim + held.length + c];
    return v;
  });
}

/** How far to look along a column: as wanted, where the length of that allows it. */
function stepAlong(v: Float64Array, wanted: number): number {
  let longest = 0;
  for (let i = 0; i < v.length; i++) longest = Math.max(longest, Math.abs(v[i]));
  return Math.min(CENTRAL.most / longest, Math.max(CENTRAL.least / longest, wanted));
}

/** u ± h v for every column v, row-major. */
function pointsAlong(u: Float64Array, root: readonly Float64Array[], steps: Float64Array): Float64Array {
  const dim = u.length;
  const points = new Float64Array(2 * root.length * dim);
  root.forEach((v, c) => {
    for (let j = 0, e = 2 * c * dim; j < dim; j++, e++) {
      points[e] = u[j] + steps[c] * v[j];
      points[e + dim] = u[j] - steps[c] * v[j];
    }
  });
  return points;
}
