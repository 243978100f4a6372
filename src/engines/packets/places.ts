/**
 * Where harmonic packets of values are born: multi-level single linkage (A. Rinnooy Kan, G. Timmer, Math. Program. 39, 57,
 * 1987). ζ is looked at in a few more points of a sequence that fills the box, and the next packet is born at the lowest
 * one that none has used and that no lower one is near, nearer than
 *
 *   r = (ln(n + 1) / nV)^{1/d},   V = π^{d/2} / Γ(d/2 + 1)
 *
 * of n points in the unit box. In few dimensions what the samples of other packets have seen counts as well: a wide packet
 * passes by wells that it does not enter. So do the bottoms that packets have reached, and one on its way to such a bottom need not arrive.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { norm } from "../../math/linalg.ts";
import { fold, type Key, uniform } from "../../math/rng.ts";
import type { Harmonic, Sight } from "./harmonic.ts";
import { see } from "./sight.ts";
import { home } from "./walls.ts";

export type Places = {
  /** The last points [n × d] of the unit box, a ring, and ζ there. */
  x: Float64Array;
  value: Float64Array;
  /** FREE, BORN where a packet was born, BOTTOM where one has ended; and the family whose look it was. */
  use: Uint8Array;
  finder: Uint8Array;
  count: number;
  /** Where the sequence begins, and how many of it were looked at. */
  shift: Float64Array;
  looks: number;
};

/** Beyond it nothing in a box is near anything. */
export const MOST_AXES = 40;
const ROOM = 256;
/** In so many dimensions samples count, in a larger room: r is less than a wide packet there, and they are no one cluster. */
const SAMPLED_AXES = 4;
const SAMPLED_ROOM = 1024;
/** Points that are looked at for a birth, and how often, where all are near lower ones. */
const LOOKS = 10;
const ROUNDS = 4;
const FREE = 0;
const BORN = 1;
const BOTTOM = 2;
/** The foretold bottom is a known one where it differs by no more than this share of the step, and of the fall, to it. */
const ALIKE = 0.3;

export function blankPlaces(dim: number): Places {
  const room = dim <= SAMPLED_AXES ? SAMPLED_ROOM : ROOM;
  return {
    x: new Float64Array(room * dim),
    value: new Float64Array(room),
    use: new Uint8Array(room),
    finder: new Uint8Array(room),
    count: 0,
    shift: new Float64Array(dim),
    looks: 0,
  };
}

/**
 * Puts a packet at the next place.
 * @param own the family that looks
 * @returns whose look the place was; the packet has counted how often ζ was asked
 */
export function* seek(places: Places, { domain, lowest }: Sight, key: Key, packet: Harmonic, own: number): Ask<number> {
  const { x, value, use, finder, shift } = places;
  const dim = shift.length;
  if (places.looks === 0) for (let j = 0; j < dim; j++) shift[j] = uniform(fold(key, 0), j);
  let found = -1;
  let rounds = 0;
  while (found < 0 && rounds < ROUNDS) {
    const points = sequence(places, LOOKS);
    const seen = yield* see(domain, lowest, LOOKS, points);
    for (let k = 0; k < LOOKS; k++)
      put(places, domain.edge, points.subarray(k * dim, (k + 1) * dim), seen[k], FREE, own);
    rounds++;
    found = free(places, rounds === ROUNDS);
  }
  use[found] = BORN;
  packet.x.set(x.subarray(found * dim, (found + 1) * dim));
  packet.value = value[found];
  packet.evaluations += LOOKS * rounds;
  return finder[found];
}

/** Takes note, where samples count, of what a family has seen at n points u [n × d] of the unit box or beyond its walls. */
export function note(places: Places, { edge }: Domain, u: Float64Array, value: Float64Array, finder: number): void {
  const dim = places.shift.length;
  if (dim > SAMPLED_AXES) return;
  for (let k = 0; k < value.length; k++) put(places, edge, u.subarray(k * dim, (k + 1) * dim), value[k], FREE, finder);
}

/** A packet has ended: its bottom is a place that is known. */
export function settle(places: Places, { edge }: Domain, { x, value }: Harmonic, own: number): void {
  put(places, edge, x, value, BOTTOM, own);
}

/**
 * Whether a packet, whose well has its bottom at x + step and `promised` below, is on its way to one that is known. If so
 * it is put there.
 */
export function isReturning(
  places: Places,
  { edge }: Domain,
  packet: Harmonic,
  step: Float64Array,
  promised: number,
): boolean {
  const { x, value, use, count } = places;
  const dim = step.length;
  const to = packet.x.map((u, j) => home(edge, u + step[j]));
  const near = ALIKE * norm(step);
  const level = packet.value - promised;
  for (let k = 0; k < Math.min(count, value.length); k++) {
    if (use[k] !== BOTTOM || !(Math.abs(value[k] - level) <= 2 * ALIKE * promised)) continue;
    const bottom = x.subarray(k * dim, (k + 1) * dim);
    if (distance(to, bottom) > near) continue;
    packet.x.set(bottom);
    packet.value = value[k];
    return true;
  }
  return false;
}

function put(places: Places, edge: Domain["edge"], u: Float64Array, value: number, use: number, finder: number): void {
  const slot = places.count++ % places.value.length;
  for (let j = 0; j < u.length; j++) places.x[slot * u.length + j] = home(edge, u[j]);
  places.value[slot] = value;
  places.use[slot] = use;
  places.finder[slot] = finder;
}

/** The lowest point that is not used and, where that matters, far from all lower ones; −1 where there is none. */
function free({ x, value, use, count, shift }: Places, anywhere: boolean): number {
  const n = Math.min(count, value.length);
  const dim = shift.length;
  const near = reach(n, dim);
  const at = (i: number): Float64Array => x.subarray(i * dim, (i + 1) * dim);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => value[a] - value[b] || a - b);
  const isFree = (i: number, rank: number): boolean =>
    use[i] === FREE && (anywhere || order.slice(0, rank).every((k) => distance(at(i), at(k)) >= near));
  return order.find(isFree) ?? -1;
}

/** ‖a − b‖ */
function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return Math.sqrt(sum);
}

function reach(n: number, dim: number): number {
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
