/** The real and logarithmic variables of a space as axes of a unit box; the others are as they are at one point. */
import { isDiscrete, type Space } from "./space.ts";

type Axis = { readonly j: number; readonly lower: number; readonly upper: number; readonly log: boolean };

function axesOf({ variables }: Space): Axis[] {
  return variables.flatMap((v, j) => {
    if (v.kind !== "real" && v.kind !== "log") return [];
    return [{ j, lower: v.lower, upper: v.upper, log: v.kind === "log" }];
  });
}

export function widthOfChart(space: Space): number {
  return axesOf(space).length;
}

/** Writes the coordinates of the point x of all variables to `out`, from `at` on. */
export function toChart(space: Space, x: ArrayLike<number>, out: Float64Array, at = 0): Float64Array {
  axesOf(space).forEach(({ j, lower, upper, log }, i) => {
    out[at + i] = log ? Math.log(x[j] / lower) / Math.log(upper / lower) : (x[j] - lower) / (upper - lower);
  });
  return out;
}

/** The point of all variables at u, the others as at x. */
export function fromChart(space: Space, u: ArrayLike<number>, x: Float64Array): Float64Array {
  const out = x.slice();
  axesOf(space).forEach(({ j, lower, upper, log }, i) => {
    const v = log ? lower * (upper / lower) ** u[i] : lower + (upper - lower) * u[i];
    out[j] = Math.min(upper, Math.max(lower, v));
  });
  return out;
}

/** Whether the discrete variables of two points are the same. */
export function isBeside({ variables }: Space, x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  return variables.every((v, j) => !isDiscrete(v) || x[j] === y[j]);
}
