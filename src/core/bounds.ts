/**
 * Points and the bounds of a domain: uniform points inside it, and the ways to bring a step back into it.
 */
import { type Key, uniform } from "../math/rng.ts";
import type { Domain, Points } from "./problem.ts";

/** n uniform points; coordinate j of point i is element i · dim + j of the key. */
export function uniformPoints(domain: Domain, key: Key, n: number): Points {
  const dim = domain.lower.length;
  const x = new Float64Array(n * dim);
  for (let i = 0, e = 0; i < n; i++) for (let j = 0; j < dim; j++, e++) x[e] = along(domain, j, uniform(key, e));
  return { n, dim, x };
}

/** The coordinate at share u ∈ [0, 1] of axis j. */
export function along({ lower, upper }: Domain, j: number, u: number): number {
  return Math.min(upper[j], lower[j] + u * (upper[j] - lower[j]));
}

/**
 * Brings coordinate j back into the domain: round to the other side where the edge is periodic, else by reflection.
 * Both keep a symmetric step symmetric and a uniform density uniform. A coordinate that is not finite goes to the middle.
 */
export function confine({ lower, upper, edge }: Domain, j: number, x: number): number {
  const low = lower[j];
  const high = upper[j];
  if (x >= low && x <= high) return x;
  if (!Number.isFinite(x)) return low + (high - low) / 2;
  const width = high - low;
  const period = edge === "periodic" ? width : 2 * width;
  const rest = (x - low) % period;
  const beyond = rest < 0 ? rest + period : rest;
  return Math.min(high, low + (beyond <= width ? beyond : period - beyond));
}

/** Brings coordinate j back into the domain for a descent, which stops at an edge: nearest point, or round if periodic. */
export function clip(domain: Domain, j: number, x: number): number {
  if (domain.edge === "periodic" || Number.isNaN(x)) return confine(domain, j, x);
  return Math.min(domain.upper[j], Math.max(domain.lower[j], x));
}

/** The width of a cube as large as the domain: the geometric mean of the axes' widths. */
export function meanWidth({ lower, upper }: Domain): number {
  let log = 0;
  for (let j = 0; j < lower.length; j++) log += Math.log(upper[j] - lower[j]);
  return Math.exp(log / lower.length);
}

/** Each axis's width over the mean width: 1 on every axis of a cube. */
export function proportions(domain: Domain): Float64Array {
  const mean = meanWidth(domain);
  return domain.lower.map((low, j) => (domain.upper[j] - low) / mean);
}
