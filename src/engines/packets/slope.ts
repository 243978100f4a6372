/**
 * The slope of ζ at a point where ζ offers no gradients: by differences, whose steps follow from the rounding of ζ and
 * the stiffness along each axis, h ∝ √(ε |ζ| / K_ii).
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { type Lowest, see } from "./sight.ts";

/** How differences are taken: on both sides or one, no longer than `most`, for a ζ of scale `scale`. */
export type Differences = { readonly central: boolean; readonly most: number; readonly scale: number };

/** A relative rounding of ζ, and the share of its scale below which it is not wanted more accurate. */
const ROUNDING = 2e-16;
const WANTED = 1e-3;
/** The least stiffness, as a share of ζ's scale over the squared box. */
const LEAST = 1e-12;
/** Steps in units of √(ε/K), and their range in widths of the box. */
const FORWARD = { steps: 4, least: 1e-10, most: 1e-3 };
const CENTRAL = { steps: 30, least: 1e-9, most: 1e-3 };

/**
 * ∇ζ at u by differences, into `gradient`, whose old values say on which side to look first (downhill).
 * @param value ζ(u)
 * @param stiffness K [d × d]; its diagonal sets the steps
 * @param curvature where central differences leave ζ″ along the axes
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
  curvature: Float64Array,
): Ask<boolean> {
  const dim = u.length;
  const kind = central ? CENTRAL : FORWARD;
  const error = ROUNDING * (Math.abs(value) + WANTED * scale);
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
      curvature[i] = (2 * (one - other)) / (a - b);
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
