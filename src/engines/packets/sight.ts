/**
 * How packets see ζ: at points of the unit box (walls.ts), and with the best point of all kept as it is seen.
 */
import { type Ask, askGradient, askValue } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { toUser } from "./walls.ts";

/** The best point seen by any packet, in the user's coordinates; +∞ until a finite value is seen. */
export type Lowest = { value: number; x: Float64Array };

/** ζ at the n points u [n × d] of the unit box; +∞ where it has no value. */
export function* see(domain: Domain, lowest: Lowest, n: number, u: Float64Array): Ask<Float64Array> {
  const x = placed(domain, n, u);
  const value = yield* askValue({ n, dim: domain.lower.length, x });
  keep(lowest, value, x);
  return value;
}

/** ζ at one point u of the unit box; its gradient per unit of the box goes to `out`. +∞ and no slope where either is not finite. */
export function* seeSlope(domain: Domain, lowest: Lowest, u: Float64Array, out: Float64Array): Ask<number> {
  const dim = u.length;
  const { lower, upper } = domain;
  const x = placed(domain, 1, u);
  const { value, gradient } = yield* askGradient({ n: 1, dim, x });
  keep(lowest, value, x);
  for (let j = 0; j < dim; j++) out[j] = gradient[j] * (upper[j] - lower[j]);
  if (value[0] < Infinity && out.every(Number.isFinite)) return value[0];
  out.fill(0);
  return Number.POSITIVE_INFINITY;
}

function placed(domain: Domain, n: number, u: Float64Array): Float64Array {
  const dim = domain.lower.length;
  const x = new Float64Array(n * dim);
  for (let k = 0, e = 0; k < n; k++) for (let j = 0; j < dim; j++, e++) x[e] = toUser(domain, j, u[e]);
  return x;
}

/** Keeps the lowest of some points x [n × d], where it lies below the best so far. */
export function keep(lowest: Lowest, value: ArrayLike<number>, x: Float64Array): void {
  const dim = lowest.x.length;
  for (let k = 0; k < value.length; k++) {
    if (!(value[k] < lowest.value)) continue;
    lowest.value = value[k];
    lowest.x.set(x.subarray(k * dim, (k + 1) * dim));
  }
}
