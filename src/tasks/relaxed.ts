/**
 * Packets at rest: the best Gaussian in the deepest well, found by a minimization and relaxed at fixed D, and further ones
 * in other wells, where ζ lies below the energy out of its reach.
 */
import type { Ask } from "../core/ask.ts";
import { uniformPoints } from "../core/bounds.ts";
import { inputError, messageOf } from "../core/errors.ts";
import type { Guide } from "../core/guide.ts";
import type { Domain, Evaluator, Potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { type Gaussian, gaussianGuide } from "../engines/dmc/gaussian.ts";
import { bestGaussian, POINTS, type Variational } from "../engines/dmc/variational.ts";
import { packets } from "../engines/packets/index.ts";
import { fold, key } from "../math/index.ts";
import { finiteDifference } from "../potentials/wrappers.ts";
import { steady } from "../schedules/steady.ts";

/** Evaluations, per axis and at least, of the minimization that finds the deepest well. */
const LOOKS_PER_AXIS = 200;
const LOOKS = 2000;
/** Purposes of randomness. */
const RELAX = 0x9a56;
const ELSEWHERE = 0x9a58;
const WAYS = 0x9a59;
/** Widths of a first packet, in those of the domain: the harmonic approximation at a point, and half of the domain. */
const POINT = 1e-3;
const BROAD = 0.125;

/** Of the evaluations that a search may take: the share for each point of E_N, which is asked some hundred times. */
const POINT_SHARE = 1e-3;
const FEWEST_POINTS = 64;
const LOOKS_SHARE = 0.02;
const FEWEST_LOOKS = 200;

function pointsFor(budget: number): number {
  return Math.min(POINTS, Math.max(FEWEST_POINTS, Math.floor(POINT_SHARE * budget)));
}

/**
 * The best Gaussian in the deepest well, or in the middle of the domain where that one is lower.
 * @param budget evaluations in all; with fewer it is found with fewer points
 */
export async function variational(
  potential: Potential,
  D: number,
  seed: number,
  budget = Number.POSITIVE_INFINITY,
): Promise<Variational> {
  const { domain } = potential;
  const smooth = potential.can.includes("gradient") ? potential : finiteDifference(potential);
  const deepest = await bottom(potential, seed, budget);
  refuseNoBottom(potential, deepest, await stretched(potential, deepest));
  const widths = domain.lower.map((low, j) => domain.upper[j] - low);
  const middle = domain.lower.map((low, j) => low + 0.5 * widths[j]);
  const firsts = [round(domain, deepest, POINT), round(domain, middle, BROAD)];
  const found = await relax(smooth, D, firsts, seed, budget);
  if (!Number.isFinite(found.energy))
    throw inputError("ζ", "is not finite about its lowest point", "narrow the domain");
  return found;
}

/** The lowest point that packets find. */
async function bottom(potential: Potential, seed: number, room: number): Promise<Float64Array> {
  const dim = potential.domain.lower.length;
  const engine = packets({ gradients: potential.can.includes("gradient") });
  const most = Math.max(FEWEST_LOOKS, Math.floor(LOOKS_SHARE * room));
  const budget = Math.min(most, Math.max(LOOKS, LOOKS_PER_AXIS * dim));
  const frames = run({ potential, engine, schedule: steady({ D: 1, dt: 1 }), seed, budget });
  for (;;) {
    const next = await frames.next();
    if (!next.done) continue;
    const { best, error } = next.value;
    if (error !== undefined) throw error;
    if (best.x.length === 0) throw inputError("ζ", "is finite nowhere that it was looked at", "choose another domain");
    return best.x;
  }
}

const FAR = [1, 2, 4, 8, 16, 32, 64];

/** ζ from the lowest point on outward, away from the middle of the domain. */
async function stretched(potential: Potential, x: Float64Array): Promise<Float64Array> {
  const { lower, upper } = potential.domain;
  const dim = x.length;
  const rows = Float64Array.from({ length: FAR.length * dim }, (_, e) => {
    const j = e % dim;
    const middle = 0.5 * (lower[j] + upper[j]);
    return middle + FAR[Math.floor(e / dim)] * (x[j] - middle);
  });
  const { value } = await potential.answer({ kind: "value", at: { n: FAR.length, dim, x: rows } });
  return value ?? new Float64Array(0);
}

function refuseNoBottom({ domain, names }: Potential, x: Float64Array, along: Float64Array): void {
  const isAtEdge = x.some((v, j) => {
    const margin = 1e-6 * (domain.upper[j] - domain.lower[j]);
    return v <= domain.lower[j] + margin || v >= domain.upper[j] - margin;
  });
  const falls = along.every((v, i) => i === 0 || v < along[i - 1]);
  if (domain.edge !== "open" || !isAtEdge || !falls) return;
  const at = Array.from(x, (v, j) => `${names?.[j] ?? `x${j + 1}`} = ${v.toPrecision(3)}`).slice(0, 3);
  throw inputError(
    "potential",
    `ζ is lowest (${along[0].toPrecision(3)}) at the edge of the domain, at ${at.join(", ")}, and falls on beyond it`,
    "it has no ground state there; give a domain with walls",
  );
}

/** A round Gaussian whose widths are a share of the domain's. */
function round({ lower, upper }: Domain, mean: Float64Array, share: number): Gaussian {
  const dim = mean.length;
  const covariance = new Float64Array(dim * dim);
  for (let j = 0; j < dim; j++) covariance[j * dim + j] = (share * (upper[j] - lower[j])) ** 2;
  return { mean, covariance };
}

function relax(
  { domain, answer }: Potential,
  D: number,
  firsts: readonly Gaussian[],
  seed: number,
  budget: number,
): Promise<Variational> {
  return answered(bestGaussian(domain, D, firsts, fold(key(seed), RELAX), pointsFor(budget)), answer);
}

const MOST_PACKETS = 8;
const SAMPLE = 4096;
/**
 * Out of a packet's reach is what lies so many standard deviations beyond its typical √dim, and beyond √(2 dim), up to which
 * a harmonic ζ lies below the energy; nearer than this two are one.
 */
const FAR_OUT = 4;
const BEYOND = 1;
const APART = 2;

/**
 * The packets of all wells that ψ may own a share of: wherever ζ lies below the energy out of the reach of those there are,
 * another begins.
 * @returns them, and whether nothing is left out of their reach
 */
export async function packetsOf(
  potential: Potential,
  D: number,
  seed: number,
  best: Variational,
  budget = Number.POSITIVE_INFINITY,
): Promise<{ readonly packets: readonly Gaussian[]; readonly isWhole: boolean }> {
  const smooth = potential.can.includes("gradient") ? potential : finiteDifference(potential);
  const found: Variational[] = [best];
  while (found.length < MOST_PACKETS) {
    const place = await strayed(potential, found, seed);
    if (place === undefined) return { packets: found, isWhole: true };
    const next = await relax(smooth, D, [round(potential.domain, place, POINT)], seed, budget);
    const isNew = next.settled && found.every((packet) => deviations(gaussianGuide(packet), next.mean) > APART);
    if (!isNew) break;
    found.push(next);
  }
  return { packets: found, isWhole: false };
}

/** The lowest point out of the reach of all packets at which ζ lies below the least energy. */
async function strayed(
  potential: Potential,
  found: readonly Variational[],
  seed: number,
): Promise<Float64Array | undefined> {
  const { domain } = potential;
  const dim = domain.lower.length;
  const energy = Math.min(...found.map((packet) => packet.energy));
  const guides = found.map((packet) => gaussianGuide(packet));
  const reach = Math.max(Math.sqrt(dim) + FAR_OUT, Math.sqrt(2 * dim) + BEYOND);
  let lowest = energy;
  let place: Float64Array | undefined;
  const places = [uniformPoints(domain, fold(key(seed), ELSEWHERE), SAMPLE).x, rays(domain, found[0], seed)];
  for (const x of places) {
    const { value = new Float64Array(0) } = await potential.answer({ kind: "value", at: { n: SAMPLE, dim, x } });
    value.forEach((v, i) => {
      if (!(v < lowest)) return;
      const at = x.slice(i * dim, (i + 1) * dim);
      if (guides.some((guide) => deviations(guide, at) < reach)) return;
      [lowest, place] = [v, at];
    });
  }
  return place;
}

/** How many standard deviations of a packet a point is away from it. */
function deviations(guide: Guide, x: Float64Array): number {
  const log = new Float64Array(1);
  const dim = x.length;
  // ln φ = −¼ of the square
  guide.at({ n: 1, dim, x }, { log, gradient: new Float64Array(dim), laplacian: new Float64Array(1) });
  return Math.sqrt(-4 * log[0]);
}

/** Points on straight ways from a packet's center to places in the domain. */
function rays(domain: Domain, { mean: center }: Gaussian, seed: number): Float64Array {
  const dim = center.length;
  const { x } = uniformPoints(domain, fold(key(seed), WAYS), SAMPLE);
  return x.map((v, e) => center[e % dim] + (v - center[e % dim]) * (((Math.floor(e / dim) % STOPS) + 1) / STOPS));
}

const STOPS = 16;

/** Drives a computation with an evaluator. */
export async function answered<T>(ask: Ask<T>, evaluate: Evaluator): Promise<T> {
  let step = ask.next();
  try {
    while (!step.done) step = ask.next(await evaluate(step.value));
  } catch (error) {
    throw error instanceof Error ? error : new Error(messageOf(error));
  }
  return step.value;
}
