/** The real and logarithmic variables of a space as axes of a unit box; the others are as they are at one point. */
import { isDiscrete, type Space, type Variable } from "./space.ts";

/** The variables that are smooth, and their places in a point. */
export type Axes = readonly { readonly j: number; readonly v: Variable }[];

export function axesOf({ variables }: Space): Axes {
  return variables.flatMap((v, j) => (v.kind === "fixed" || isDiscrete(v) ? [] : [{ j, v }]));
}

/** Where a smooth variable stands between its bounds, 0 … 1; in its logarithm where that is what it is searched in. */
export function along(v: Variable, x: number): number {
  if (v.kind === "log") return (Math.log(x) - Math.log(v.lower)) / (Math.log(v.upper) - Math.log(v.lower));
  return v.kind === "real" ? (x - v.lower) / (v.upper - v.lower) : 0;
}

/** What a smooth variable is worth at t, 0 … 1. */
export function worth(v: Variable, t: number): number {
  if (v.kind === "log") {
    const x = Math.exp(Math.log(v.lower) + t * (Math.log(v.upper) - Math.log(v.lower)));
    return Math.min(v.upper, Math.max(v.lower, x));
  }
  return v.kind === "real" ? Math.min(v.upper, v.lower + t * (v.upper - v.lower)) : 0;
}

/** Writes the coordinates of the point x of all variables to `out`, from `at` on. */
export function toChart(space: Space, x: ArrayLike<number>, out: Float64Array, at = 0): Float64Array {
  axesOf(space).forEach(({ j, v }, i) => {
    out[at + i] = along(v, x[j]);
  });
  return out;
}

/** The point of all variables at u, the others as at x. */
export function fromChart(space: Space, u: ArrayLike<number>, x: Float64Array): Float64Array {
  const out = x.slice();
  axesOf(space).forEach(({ j, v }, i) => {
    out[j] = worth(v, u[i]);
  });
  return out;
}

/** Whether the discrete variables of two points are the same. */
export function isBeside({ variables }: Space, x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  return variables.every((v, j) => !isDiscrete(v) || x[j] === y[j]);
}
