/** The last of some points of the unit box: x [n × d], a ring, and ζ there; and how near two of them are. */
import type { Domain } from "../../core/problem.ts";
import { home } from "./walls.ts";

export type Ring = { x: Float64Array; value: Float64Array; count: number };

export function blankRing(dim: number, room: number): Ring {
  return { x: new Float64Array(room * dim), value: new Float64Array(room), count: 0 };
}

/** Writes the point of the unit box whose image u is over the oldest. Returns where. */
export function put(ring: Ring, { edge }: Domain, u: Float64Array, value: number): number {
  const slot = ring.count++ % ring.value.length;
  for (let j = 0; j < u.length; j++) ring.x[slot * u.length + j] = home(edge, u[j]);
  ring.value[slot] = value;
  return slot;
}

export function filled({ value, count }: Ring): number {
  return Math.min(count, value.length);
}

/** ‖a − b‖² of the d numbers from i and from k on, the short way round where the domain is periodic. */
export function square(a: Float64Array, i: number, b: Float64Array, k: number, dim: number, periodic: boolean): number {
  let sum = 0;
  for (let j = 0; j < dim; j++) {
    const gap = a[i + j] - b[k + j];
    sum += (periodic ? gap - Math.round(gap) : gap) ** 2;
  }
  return sum;
}
