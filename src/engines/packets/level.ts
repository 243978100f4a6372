/**
 * A level: one wide or small packet with its past and its reading, and the step that asks ζ for one generation of it:
 * of every sample, or, where a surrogate orders them as ζ does, of the best ones only.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import type { Key } from "../../math/rng.ts";
import { foretold, reach } from "./bottoms.ts";
import { blankPast, ends, fades, type Past, startPast } from "./ending.ts";
import { blankGuide, type Guide, type Look, seeBest, startGuide } from "./guide.ts";
import { halfOf, orthogonalNormals } from "./normals.ts";
import { note, type Places } from "./places.ts";
import { blankFall, type Fall, quench } from "./quench.ts";
import { blankReading, type Reading, read, traceOfInverse } from "./reading.ts";
import { type Lowest, see } from "./sight.ts";
import { type Fit, LARGEST_DIM } from "./surrogate.ts";
import type { Constants } from "./weights.ts";
import { type Bench, blankWide, learn, place, rank, sampleWide, startWide, type Wide } from "./wide.ts";

export type Level = { packet: Wide; past: Past; fall: Fall; reading: Reading; guide: Guide | null };

/** What lies around a level of a family: its domain, the best point of all, and the places that packets share, if they do. */
export type Around = {
  readonly domain: Domain;
  readonly lowest: Lowest;
  readonly places: Places | null;
  readonly family: number;
  /** One standard deviation of the values' noise; 0 where none is known. */
  readonly noise: number;
};

/** A packet is still where its values scatter by less than this share of its fall: halfway down a valley they do not. */
const STILL = 1e-9;

export function blankLevel(dim: number, guided: boolean): Level {
  return {
    packet: blankWide(dim),
    past: blankPast(dim),
    fall: blankFall(dim),
    reading: blankReading(dim),
    guide: guided && dim <= LARGEST_DIM ? blankGuide(dim) : null,
  };
}

/** Begins a packet about its present mean. */
export function startLevel({ packet, past, fall, guide }: Level, lambda: number, sigma: number): void {
  startWide(packet, lambda, sigma);
  startPast(past);
  fall.since = 0;
  fall.quenched = false;
  if (guide !== null) startGuide(guide);
}

/**
 * One generation: sample, ask, rank, learn. A packet ends, too, where its model foretells a bottom that is known, and
 * leaves its own where it came to rest.
 * @returns evaluations spent, whether it was the packet's last, and the lowest ζ that it has reached or is bound to reach
 */
export function* generation(
  level: Level,
  of: Constants,
  around: Around,
  key: Key,
  bench: Bench,
  fit: Fit,
): Ask<{ readonly spent: number; readonly ended: boolean; readonly reached: number }> {
  const { packet, guide, past } = level;
  const { domain, lowest, places } = around;
  const { dim, lambda } = of;
  orthogonalNormals(key, halfOf(lambda), dim, bench.z);
  sampleWide(packet, of, bench);
  if (guide?.ready) {
    place(packet, guide.step, 0, bench);
    guide.ready = false;
  }
  const u = new Float64Array(lambda * dim);
  for (let k = 0, e = 0; k < lambda; k++)
    for (let j = 0; j < dim; j++, e++) u[e] = packet.mean[j] + packet.sigma * bench.y[e];

  const value = new Float64Array(lambda);
  const look = looking(around, u, value);
  const spent = guide === null ? yield* look(range(lambda)) : yield* seeBest(guide, packet, fit, u, value, look);

  const isGuided = guide !== null && places !== null;
  const goal = isGuided ? foretold(places.bottoms, domain, packet, fit, guide) : Number.POSITIVE_INFINITY;
  const ended = learnFrom(level, of, value, bench, lowest.value, around.noise);
  const best = bench.order[0];
  if (ended && places !== null && isStill(level, value[best]))
    // with its lowest value: else a point that it saw just before would count as a lower place beside it
    reach(places.bottoms, domain, u.subarray(best * dim, (best + 1) * dim), past.best, true);
  return { spent, ended: ended || goal < Infinity, reached: Math.min(past.best, goal) };
}

/** Whether a packet that has ended, and has seen `best` last, has come to rest. */
function isStill({ past, reading }: Level, best: number): boolean {
  return best < Infinity && reading.scatter < STILL * (past.first - past.best);
}

/** The packet learns from λ samples, as they lie in the bench, and ζ there. Returns whether it was its last generation. */
export function learnFrom(
  { packet, past, fall, reading }: Level,
  of: Constants,
  value: Float64Array,
  bench: Bench,
  lowest: number,
  noise: number,
): boolean {
  const flat = rank(of, value, bench);
  const trace = traceOfInverse(packet);
  learn(packet, of, bench, flat);
  read(reading, of, trace, packet.momentum, bench.squares, value);
  if (noise > 0 && fades(past, packet, reading.scatter, noise)) return true;
  // under noise energies rise as often as they fall long before a packet has relaxed
  if (!(noise > 0)) quench(fall, packet, of, value[bench.order[of.lambda >> 1]]);
  return ends(past, packet, of, value, bench.order, lowest);
}

/** Asks ζ at the samples of the given numbers, all at once, and writes what it was into `value`. Returns their number. */
function looking({ domain, lowest, places, family }: Around, u: Float64Array, value: Float64Array): Look {
  const dim = domain.lower.length;
  return function* (samples) {
    const points = new Float64Array(samples.length * dim);
    for (let n = 0; n < samples.length; n++) points.set(u.subarray(samples[n] * dim, (samples[n] + 1) * dim), n * dim);
    const found = yield* see(domain, lowest, samples.length, points);
    if (places !== null) note(places, domain, points, found, family);
    for (let n = 0; n < samples.length; n++) value[samples[n]] = found[n];
    return samples.length;
  };
}

function range(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, k) => k);
}
