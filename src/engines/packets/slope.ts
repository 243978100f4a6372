/**
 * The slope of ζ at a point where ζ offers no gradients: by differences along the coordinates, whose steps follow from
 * the rounding of ζ, or its noise, and the stiffness along each axis, h ∝ √(ε |ζ| / K_ii) or √(σ / K_ii).
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { type Lowest, see } from "./sight.ts";

/**
 * How differences are taken: on both sides or one, no longer than `most` but under noise, for a ζ of scale `scale` and one
 * standard deviation `noise` of its values.
 */
export type Differences = {
  readonly central: boolean;
  readonly most: number;
  readonly scale: number;
  readonly noise?: number;
};

/** A relative rounding of ζ. */
const ROUNDING = 2e-16;
/** The least stiffness, as a share of ζ's scale over the squared box. */
const LEAST = 1e-12;
/** Steps in units of √(ε/K), and their range in widths of the box. */
const FORWARD = { steps: 4, least: 1e-10, most: 1e-3, trusted: 1e-3 };
/** The longest step where noise wants it so. */
const NOISY_MOST = 0.05;
export const CENTRAL = { steps: 30, least: 1e-9, most: 1e-3, trusted: 1e-6 };

/** The rounding of ζ, as differences see it. */
export function roundingOf(value: number, scale: number, central: boolean): number {
  return ROUNDING * magnitude(value, scale, central);
}

/**
 * What the rounding of ζ is a share of: its size, or what its terms may be before they cancel, a thousandth of its scale;
 * a millionth on both sides, whose differences can resolve it. A faint fall must mean what the slope can see.
 */
export function magnitude(value: number, scale: number, central: boolean): number {
  return Math.abs(value) + (central ? CENTRAL : FORWARD).trusted * scale;
}

/** The axes along which ζ may have a slope: all that are no staircase. */
export function smoothAxes({ lower, stepped }: Domain): readonly number[] {
  const all = Array.from(lower, (_, i) => i);
  return stepped === undefined ? all : all.filter((i) => stepped[i] === 0);
}

/**
 * ∂ζ/∂u_i at u by differences for the given axes, into `gradient`, whose old values say on which side to look first
 * (downhill).
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
  { central, most, scale, noise = 0 }: Differences,
  axes: readonly number[],
  gradient: Float64Array,
): Ask<boolean> {
  if (axes.length === 0) return true;
  const dim = u.length;
  const kind = central ? CENTRAL : FORWARD;
  const error = Math.max(noise, roundingOf(value, scale, central));
  const longest = noise > 0 ? NOISY_MOST : Math.min(most, kind.most);
  const looks = central ? 2 : 1;
  const points = new Float64Array(looks * axes.length * dim);
  const steps = new Float64Array(looks * axes.length);
  axes.forEach((i, a) => {
    const k = Math.max(stiffness[i * dim + i], LEAST * scale);
    const wanted = kind.steps * Math.sqrt(error / k);
    const h = Math.min(longest, Math.max(kind.least, wanted > 0 ? wanted : kind.most));
    const side = gradient[i] > 0 ? -1 : 1;
    for (let l = 0; l < looks; l++) {
      const at = looks * a + l;
      steps[at] = within(domain, u[i], (l === 0 ? side : -side) * h, central);
      points.set(u, at * dim);
      points[at * dim + i] += steps[at];
    }
  });
  const seen = yield* see(domain, lowest, looks * axes.length, points);
  axes.forEach((i, n) => {
    const one = (seen[looks * n] - value) / steps[looks * n];
    if (central) {
      const [a, b] = [steps[2 * n], steps[2 * n + 1]];
      const other = (seen[2 * n + 1] - value) / b;
      // the parabola through the three; on a wall both steps go inward
      gradient[i] = (other * a - one * b) / (a - b);
    } else gradient[i] = one;
  });
  return axes.every((i) => Number.isFinite(gradient[i]));
}

/** A step that stays in the box: turned round at a wall, to twice its length where the other side is looked at as well. */
function within({ edge }: Domain, u: number, step: number, both: boolean): number {
  if (edge === "periodic") return step;
  const to = u + step;
  if (to >= 0 && to <= 1) return step;
  return both ? -2 * step : -step;
}
