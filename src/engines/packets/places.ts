/**
 * Where harmonic packets of values are born: multi-level single linkage (A. Rinnooy Kan, G. Timmer, Math. Program. 39, 57,
 * 1987). ζ is looked at in a few more points of a sequence that fills the box, and the next packet is born at the lowest
 * one that none has used and that no lower one is near, nearer than
 *
 *   r = (ln(n + 1) / nV)^{1/d},   V = π^{d/2} / Γ(d/2 + 1)
 *
 * of n points in the unit box. Bottoms that packets have reached count as points, so that a well is gone down once.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { fold, type Key, uniform } from "../../math/rng.ts";
import type { Harmonic, Sight } from "./harmonic.ts";
import { see } from "./sight.ts";
import { home } from "./walls.ts";

export type Places = {
  /** The last points [ROOM × d] of the unit box, a ring, and ζ there. */
  x: Float64Array;
  value: Float64Array;
  /** 1 where a packet was born or has ended. */
  used: Uint8Array;
  count: number;
  /** Where the sequence begins, and how many of it were looked at. */
  shift: Float64Array;
  looks: number;
};

/** Beyond it nothing in a box is near anything. */
export const MOST_AXES = 40;
const ROOM = 256;
/** Points that are looked at for a birth, and how often, where all are near lower ones. */
const LOOKS = 10;
const ROUNDS = 4;

export function blankPlaces(dim: number): Places {
  return {
    x: new Float64Array(ROOM * dim),
    value: new Float64Array(ROOM),
    used: new Uint8Array(ROOM),
    count: 0,
    shift: new Float64Array(dim),
    looks: 0,
  };
}

/** Puts a packet at the next place. Returns how often ζ was asked. */
export function* seek(places: Places, { domain, lowest }: Sight, key: Key, packet: Harmonic): Ask<number> {
  const { x, value, used, shift } = places;
  const dim = shift.length;
  if (places.looks === 0) for (let j = 0; j < dim; j++) shift[j] = uniform(fold(key, 0), j);
  let found = -1;
  let rounds = 0;
  while (found < 0 && rounds < ROUNDS) {
    const points = sequence(places, LOOKS);
    const seen = yield* see(domain, lowest, LOOKS, points);
    for (let k = 0; k < LOOKS; k++) note(places, points.subarray(k * dim, (k + 1) * dim), seen[k], false);
    rounds++;
    found = free(places, rounds === ROUNDS);
  }
  used[found] = 1;
  packet.x.set(x.subarray(found * dim, (found + 1) * dim));
  packet.value = value[found];
  return LOOKS * rounds;
}

/** A packet has ended: its bottom is a place that is known. */
export function settle(places: Places, { edge }: Domain, { x, value }: Harmonic): void {
  note(
    places,
    x.map((u) => home(edge, u)),
    value,
    true,
  );
}

function note(places: Places, at: Float64Array, value: number, used: boolean): void {
  const slot = places.count++ % ROOM;
  places.x.set(at, slot * at.length);
  places.value[slot] = value;
  places.used[slot] = used ? 1 : 0;
}

/** The lowest point that is not used and, where that matters, far from all lower ones; −1 where there is none. */
function free({ x, value, used, count, shift }: Places, anywhere: boolean): number {
  const n = Math.min(count, ROOM);
  const dim = shift.length;
  const near = reach(n, dim) ** 2;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => value[a] - value[b] || a - b);
  const isFree = (i: number, at: number): boolean =>
    used[i] === 0 && (anywhere || order.slice(0, at).every((k) => square(x, i * dim, k * dim, dim) >= near));
  return order.find(isFree) ?? -1;
}

/** ‖x_i − x_k‖² */
function square(x: Float64Array, i: number, k: number, dim: number): number {
  let sum = 0;
  for (let j = 0; j < dim; j++) sum += (x[i + j] - x[k + j]) ** 2;
  return sum;
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
