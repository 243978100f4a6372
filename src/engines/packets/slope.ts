/**
 * The slope of ζ at a point where ζ offers no gradients: by differences, whose steps follow from the rounding of ζ and
 * the stiffness along each axis, h ∝ √(ε |ζ| / K_ii).
 *
 * The coordinates of a thin and turned well are all stiff, and hide its soft directions in their rounding: ζ can be
 * followed down to ε |ζ| times the condition of K only. The last steps are therefore taken along the columns v of L,
 * P = K⁻¹ = L Lᵀ, along which the well is equally stiff, vᵀKv = 1: then the error of ζ is ε |ζ| in each of them. Near a
 * wall the coordinates have to do.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { cholesky, solveCholesky } from "../../math/linalg.ts";
import { type Lowest, see } from "./sight.ts";
import { reshape, type Well } from "./well.ts";

/** How differences are taken: on both sides or one, no longer than `most`, for a ζ of scale `scale`. */
export type Differences = { readonly central: boolean; readonly most: number; readonly scale: number };

/** A relative rounding of ζ. */
const ROUNDING = 2e-16;
/** A rise within so many roundings of ζ tells no curvature. */
const UNSEEN = 8;
/** The least stiffness, as a share of ζ's scale over the squared box. */
const LEAST = 1e-12;
/** Steps in units of √(ε/K), and their range in widths of the box. */
const FORWARD = { steps: 4, least: 1e-10, most: 1e-3, trusted: 1e-3 };
const CENTRAL = { steps: 30, least: 1e-9, most: 1e-3, trusted: 1e-6 };

/**
 * What the rounding of ζ is a share of: its size, or what its terms may be before they cancel, a thousandth of its scale;
 * a millionth on both sides, whose differences can resolve it. A faint fall must mean what the slope can see.
 */
export function magnitude(value: number, scale: number, central: boolean): number {
  return Math.abs(value) + (central ? CENTRAL : FORWARD).trusted * scale;
}

/**
 * ∇ζ at u by differences, into `gradient`, whose old values say on which side to look first (downhill).
 * @param value ζ(u)
 * @param stiffness K [d × d]; its diagonal sets the steps
 * @returns whether every difference was finite
 */
export function* differences(
  domain: Domain,
  lowest: Lowest,
  u: Float64Array,
  value: number,
  stiffness: Float64Array,
  { central, most, scale }: Differences,
  gradient: Float64Array,
): Ask<boolean> {
  const dim = u.length;
  const kind = central ? CENTRAL : FORWARD;
  const error = ROUNDING * magnitude(value, scale, central);
  const looks = central ? 2 : 1;
  const points = new Float64Array(looks * dim * dim);
  const steps = new Float64Array(looks * dim);
  for (let i = 0; i < dim; i++) {
    const k = Math.max(stiffness[i * dim + i], LEAST * scale);
    const wanted = kind.steps * Math.sqrt(error / k);
    const h = Math.min(most, kind.most, Math.max(kind.least, wanted > 0 ? wanted : kind.most));
    const side = gradient[i] > 0 ? -1 : 1;
    for (let l = 0; l < looks; l++) {
      const at = looks * i + l;
      steps[at] = within(domain, u[i], (l === 0 ? side : -side) * h, central);
      points.set(u, at * dim);
      points[at * dim + i] += steps[at];
    }
  }
  const seen = yield* see(domain, lowest, looks * dim, points);
  let finite = true;
  for (let i = 0; i < dim; i++) {
    const one = (seen[looks * i] - value) / steps[looks * i];
    if (central) {
      const [a, b] = [steps[2 * i], steps[2 * i + 1]];
      const other = (seen[2 * i + 1] - value) / b;
      // the parabola through the three; on a wall both steps go inward
      gradient[i] = (other * a - one * b) / (a - b);
    } else gradient[i] = one;
    if (!Number.isFinite(gradient[i])) finite = false;
  }
  return finite;
}

/** A step that stays in the box: turned round at a wall, to twice its length where the other side is looked at as well. */
function within({ edge }: Domain, u: number, step: number, both: boolean): number {
  if (edge === "periodic") return step;
  const to = u + step;
  if (to >= 0 && to <= 1) return step;
  return both ? -2 * step : -step;
}

/**
 * ∇ζ at u by differences on both sides along the columns of L, into `gradient`; what ζ″ is along them goes into the well.
 * @returns whether every difference was finite; undefined, and nothing asked, where a wall is near or P has no root
 */
export function* whitenedDifferences(
  domain: Domain,
  lowest: Lowest,
  u: Float64Array,
  value: number,
  well: Well,
  scale: number,
  gradient: Float64Array,
): Ask<boolean | undefined> {
  const dim = u.length;
  const root = new Float64Array(dim * dim);
  if (!cholesky(well.inverse, dim, root)) return undefined;
  const error = ROUNDING * magnitude(value, scale, true);
  const steps = new Float64Array(dim);
  const points = alongColumns(u, root, CENTRAL.steps * Math.sqrt(error), steps);
  if (domain.edge !== "periodic" && points.some((p) => !(p >= 0 && p <= 1))) return undefined;
  const seen = yield* see(domain, lowest, 2 * dim, points);
  const move = new Float64Array(dim);
  const curvature = new Float64Array(dim);
  for (let i = 0; i < dim; i++) {
    const [above, below] = [seen[2 * i] - value, seen[2 * i + 1] - value];
    const slope = (above - below) / (2 * steps[i]);
    const rise = above + below;
    curvature[i] = Math.abs(rise) > UNSEEN * error ? rise / steps[i] / steps[i] : 1;
    for (let j = i; j < dim; j++) move[j] += root[j * dim + i] * slope;
  }
  // ∇ζ = L⁻ᵀ slope = P⁻¹ L slope
  solveCholesky(root, dim, move, gradient);
  if (!gradient.every(Number.isFinite)) return false;
  reshape(well, root, curvature);
  return true;
}

/** u ± h v [2d × d] for the columns v of the root, h as wanted where the length of hv allows it; writes h to `steps`. */
function alongColumns(u: Float64Array, root: Float64Array, wanted: number, steps: Float64Array): Float64Array {
  const dim = u.length;
  const points = new Float64Array(2 * dim * dim);
  for (let i = 0; i < dim; i++) {
    let longest = 0;
    for (let j = i; j < dim; j++) longest = Math.max(longest, Math.abs(root[j * dim + i]));
    steps[i] = Math.min(CENTRAL.most / longest, Math.max(CENTRAL.least / longest, wanted));
    for (let j = 0, e = 2 * i * dim; j < dim; j++, e++) {
      const s = steps[i] * root[j * dim + i];
      points[e] = u[j] + s;
      points[e + dim] = u[j] - s;
    }
  }
  return points;
}
