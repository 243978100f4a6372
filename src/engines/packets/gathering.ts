/**
 * A generation gathered from answers in any order. Samples of a wide or small packet are drawn one by one from the
 * packet as it then is; the packet learns from the first λ answers, whichever generation they were drawn in. Against the
 * packet as it now is, a sample is what it always was, y = (u − m)/σ, but no longer than samples go (`place`), so that
 * one drawn long ago cannot throw the moments (N. Hansen, "Injecting external solutions into CMA-ES", arXiv:1110.4181).
 */
import type { Key } from "../../math/rng.ts";
import { type Level, learnFrom } from "./level.ts";
import { halfOf, orthogonalNormals } from "./normals.ts";
import type { Constants } from "./weights.ts";
import { addSample, type Bench, place, type Wide } from "./wide.ts";

export type Gathering = {
  /** Samples drawn so far, and the key of the λ normals that the last of them came from. */
  drawn: number;
  key: Key;
  /** Answers that the packet has not learnt from: their points in the unit box [λ × d] and their values. */
  count: number;
  u: Float64Array;
  value: Float64Array;
};

export function blankGathering(): Gathering {
  return { drawn: 0, key: { hi: 0, lo: 0 }, count: 0, u: new Float64Array(0), value: new Float64Array(0) };
}

/** Begins anew for a packet that was just born. */
export function startGathering(gathering: Gathering, { lambda, mean }: Wide): void {
  gathering.drawn = 0;
  gathering.count = 0;
  gathering.u = new Float64Array(lambda * mean.length);
  gathering.value = new Float64Array(lambda);
}

/** u = m + σ B D z, with z and −z in turn. */
export function draw(gathering: Gathering, packet: Wide, key: Key): Float64Array {
  const { mean, sigma, lambda } = packet;
  const dim = mean.length;
  const n = gathering.drawn++ % lambda;
  if (n === 0) gathering.key = { hi: key.hi, lo: key.lo };
  const z = normalsOf(gathering.key, halfOf(lambda), dim);
  const u = mean.slice();
  addSample(packet, n % 2 === 0 ? sigma : -sigma, z, (n >> 1) * dim, u);
  return u;
}

/** The normals of a key that samples are still drawn from, so that they are made once; what is missing is made again. */
const known = new WeakMap<Key, Float64Array>();

function normalsOf(key: Key, n: number, dim: number): Float64Array {
  let z = known.get(key);
  if (z === undefined) {
    z = new Float64Array(n * dim);
    orthogonalNormals(key, n, dim, z);
    known.set(key, z);
  }
  return z;
}

/** Keeps an answer. Returns whether there are as many as the packet learns from. */
export function gather(gathering: Gathering, u: Float64Array, value: number): boolean {
  gathering.u.set(u, gathering.count * u.length);
  gathering.value[gathering.count++] = value;
  return gathering.count === gathering.value.length;
}

/** The packet learns from what was gathered. Returns whether it was its last generation. */
export function learnGathered(
  gathering: Gathering,
  level: Level,
  of: Constants,
  bench: Bench,
  lowest: number,
  noise: number,
): boolean {
  const { dim, lambda } = of;
  const { u, value } = gathering;
  for (let k = 0; k < lambda; k++) place(level.packet, u.subarray(k * dim, (k + 1) * dim), k, bench);
  gathering.count = 0;
  return learnFrom(level, of, value, bench, lowest, noise);
}
