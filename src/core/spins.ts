/**
 * Spins as points: a problem of spins s = ±1 is asked at the two ends of each axis of its domain, −1 and 1 of an Ising
 * problem, 0 and 1 of a QUBO.
 */
import { type Key, uniform } from "../math/rng.ts";
import type { Domain, Points } from "./problem.ts";

/** `count` spins at random; spin e is element e of the key. */
export function randomSpins(key: Key, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, e) => (uniform(key, e) < 0.5 ? -1 : 1));
}

/** The points of configurations that stand one after another. */
export function spinPoints({ lower, upper }: Domain, spins: Float64Array): Points {
  const dim = lower.length;
  return { n: spins.length / dim, dim, x: spins.map((s, e) => (s < 0 ? lower : upper)[e % dim]) };
}
