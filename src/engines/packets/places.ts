/**
 * Where harmonic packets of values are born: multi-level single linkage (A. Rinnooy Kan, G. Timmer, Math. Program. 39, 57,
 * 1987). ζ is looked at in a few more points of a sequence that fills the box, and the next packet is born at the lowest
 * one where none was born and that no lower one is near, nearer than
 *
 *   r = (ln(n + 1) / nV)^{1/d},   V = π^{d/2} / Γ(d/2 + 1)
 *
 * of n points in the unit box. In few dimensions what the samples of other packets have seen counts as well, as if it
 * were spread evenly: a wide packet passes by wells that it does not enter. So do the bottoms that packets have reached
 * (bottoms.ts).
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { fold, type Key, uniform } from "../../math/rng.ts";
import { type Bottoms, blankBottoms, reach } from "./bottoms.ts";
import type { Harmonic, Sight } from "./harmonic.ts";
import { blankRing, filled, put, type Ring, square } from "./ring.ts";
import { see } from "./sight.ts";

export type Places = {
  /**
   * Points that were seen; whether a packet was born or given up there; the family that saw it; a lower point k, or
   * bottom −1 − k, that was near it when last looked for.
   */
  seen: Ring & { used: Uint8Array; finder: Uint8Array; lower: Int32Array };
  bottoms: Bottoms;
  /** Where the sequence begins, and how many of it were looked at. */
  shift: Float64Array;
  looks: number;
};

/** Beyond it nothing in a box is near anything. */
export const MOST_AXES = 40;
const ROOM = 256;
/**
 * In so many dimensions samples count, and there is room for more of them. In more, r of a thousand points is wider than a
 * wide packet at birth, and the lowest of its samples would be all that is ever tried.
 */
const SAMPLED_AXES = 4;
const SAMPLED_ROOM = 1024;
/** Points that are looked at for a birth, and how often, where all are near lower ones. */
const LOOKS = 10;
const ROUNDS = 4;

export function blankPlaces(dim: number): Places {
  const room = dim <= SAMPLED_AXES ? SAMPLED_ROOM : ROOM;
  return {
    seen: {
      ...blankRing(dim, room),
      used: new Uint8Array(room),
      finder: new Uint8Array(room),
      lower: new Int32Array(room),
    },
    bottoms: blankBottoms(dim),
    shift: new Float64Array(dim),
    looks: 0,
  };
}

/**
 * Puts a packet at the next place and counts what was asked for it.
 * @param own the family that looks
 * @returns the family that saw the place first
 */
export function* seek(places: Places, { domain, lowest }: Sight, key: Key, packet: Harmonic, own: number): Ask<number> {
  const { seen, shift } = places;
  const dim = shift.length;
  if (places.looks === 0) for (let j = 0; j < dim; j++) shift[j] = uniform(fold(key, 0), j);
  let found = -1;
  let rounds = 0;
  while (found < 0 && rounds < ROUNDS) {
    const points = sequence(places, LOOKS);
    const value = yield* see(domain, lowest, LOOKS, points);
    for (let k = 0; k < LOOKS; k++)
      enter(places, domain, points.subarray(k * dim, (k + 1) * dim), value[k], false, own);
    rounds++;
    found = free(places, domain, rounds === ROUNDS);
  }
  seen.used[found] = 1;
  packet.x.set(seen.x.subarray(found * dim, (found + 1) * dim));
  packet.value = seen.value[found];
  packet.evaluations += LOOKS * rounds;
  return seen.finder[found];
}

/** Takes note, where samples count, of what a family has seen at n points u [n × d] of the unit box or beyond its walls. */
export function note(places: Places, domain: Domain, u: Float64Array, value: Float64Array, finder: number): void {
  const dim = places.shift.length;
  if (dim > SAMPLED_AXES) return;
  for (let k = 0; k < value.length; k++)
    enter(places, domain, u.subarray(k * dim, (k + 1) * dim), value[k], false, finder);
}

/** A harmonic packet has ended, at rest in its well or given up on the way. */
export function settle(places: Places, domain: Domain, { x, value }: Harmonic, rests: boolean, own: number): void {
  if (rests) reach(places.bottoms, domain, x, value, false);
  else enter(places, domain, x, value, true, own);
}

function enter({ seen }: Places, domain: Domain, u: Float64Array, value: number, used: boolean, finder: number): void {
  const slot = put(seen, domain, u, value);
  seen.used[slot] = used ? 1 : 0;
  seen.finder[slot] = finder;
}

/** The lowest point that is not used and, where that matters, far from all lower ones; −1 where there is none. */
function free({ seen, bottoms, shift }: Places, { edge }: Domain, anywhere: boolean): number {
  const { x, value, used, lower } = seen;
  const dim = shift.length;
  const periodic = edge === "periodic";
  const n = filled(seen);
  const known = filled(bottoms);
  const near = linkage(n + known, dim) ** 2;
  /** Whether point k, or bottom −1 − k, is lower than point i and near it. */
  const covers = (k: number, i: number): boolean => {
    const of = k < 0 ? bottoms : seen;
    const at = k < 0 ? -1 - k : k;
    const isLower = of.value[at] < value[i] || (of.value[at] === value[i] && k < i);
    return isLower && square(x, i * dim, of.x, at * dim, dim, periodic) < near;
  };
  const isFar = (i: number): boolean => {
    for (let k = -known; k < n; k++)
      if (covers(k, i)) {
        lower[i] = k;
        return false;
      }
    return true;
  };
  // what was near when last looked for mostly still is
  const open: number[] = [];
  for (let i = 0; i < n; i++) if (used[i] === 0 && (anywhere || !covers(lower[i], i))) open.push(i);
  // a few are tried, and sorting all would cost more
  while (open.length > 0) {
    let next = 0;
    for (let k = 1; k < open.length; k++) if (value[open[k]] < value[open[next]]) next = k;
    const [i] = open.splice(next, 1);
    if (anywhere || isFar(i)) return i;
  }
  return -1;
}

function linkage(n: number, dim: number): number {
  let volume = dim % 2 === 0 ? 1 : 2;
  for (let k = dim % 2 === 0 ? 2 : 3; k <= dim; k += 2) volume *= (2 * Math.PI) / k;
  return (Math.log(n + 1) / (n * volume)) ** (1 / dim);
}

/** The next points of Kronecker's sequence s + kα mod 1, α_j = g^{−j} with g^{d+1} = g + 1: no two are ever near. */
function sequence(places: Places, n: number): Float64Array {
  const { shift } = places;
  const dim = shift.length;
  let g = 2;
  for (let i = 0; i < 60; i++) g = (1 + g) ** (1 / (dim + 1));
  const points = new Float64Array(n * dim);
  for (let k = 0, e = 0; k < n; k++) {
    places.looks++;
    for (let j = 1; j <= dim; j++, e++) points[e] = (shift[j - 1] + places.looks * g ** -j) % 1;
  }
  return points;
}
