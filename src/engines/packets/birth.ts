/**
 * Births: where and at what scale a packet of each family begins.
 *
 * - wide: m uniform in the middle of the box, σ = 0.2 of its width, λ doubled at every birth, nine times at most: colder, as the noise of
 *   sampling goes with 1/λ. The first one begins at the best point known, or at the start.
 * - small: m uniform, σ = 0.2 · 10^(−2u), λ between λ₀ and half the latest wide one.
 * - harmonic: from the lowest place where none was born yet (places.ts; with gradients, and in many dimensions, from a
 *   uniform point), or from where the walk stands, shaken by σ z (walk.ts): three of four with gradients, one of d by values, which
 *   ask d of them for each slope on the way down a well that may be known.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { fold, type Key, normal, uniform } from "../../math/rng.ts";
import { blankHarmonic, type Harmonic, startHarmonic } from "./harmonic.ts";
import { startLevel } from "./level.ts";
import { seek } from "./places.ts";
import type { Probe } from "./probe.ts";
import { see } from "./sight.ts";
import { smoothAxes } from "./slope.ts";
import { H, type PacketsState, S, W } from "./state.ts";
import type { Walk } from "./walk.ts";
import { home, toUnit } from "./walls.ts";
import { leastSamples } from "./weights.ts";

const WIDE_SIGMA = 0.2;
const DOUBLINGS = 9;
/** Wide packets are born this far from the walls. */
const MARGIN = 0.1;
/** Evaluations of a harmonic packet, for each axis: of the first one, of the others, of those with gradients (and one). */
const FIRST_PATIENCE = 400;
const PATIENCE = 100;
/** Of so many harmonic packets with gradients one is born at a uniform point. */
const UNIFORM = 4;
/** The first jump of a probed well, in the probe's reaches, and the least stiffness of an axis: a share of the largest. */
const JUMP = 2.5;
const SOFT = 1e-3;
const NOTHING = 1e-12;

const PLACE = 1;
const SCALE = 2;

/** A wide packet; the first one at `start` where nothing better is known. */
export function bearWide({ domain, families, levels, start, lowest }: PacketsState, key: Key): void {
  const family = families[W];
  const { mean } = levels[W].packet;
  if (family.births > 0) scatter(fold(key, PLACE), MARGIN, mean);
  else copyToUnit(domain, lowest.value < Infinity ? lowest.x : start, mean);
  startLevel(levels[W], leastSamples(mean.length) * 2 ** Math.min(family.births, DOUBLINGS), WIDE_SIGMA);
  family.births++;
  family.alive = true;
}

/** A small packet. */
export function bearSmall({ families, levels }: PacketsState, key: Key): void {
  const { mean } = levels[S].packet;
  const scale = fold(key, SCALE);
  scatter(fold(key, PLACE), 0, mean);
  const least = leastSamples(mean.length);
  const most = levels[W].packet.lambda / 2;
  const lambda = most > least ? Math.floor(least * (most / least) ** (uniform(scale, 0) ** 2)) : least;
  startLevel(levels[S], lambda, smallSigma(uniform(scale, 1)));
  families[S].births++;
  families[S].alive = true;
}

/**
 * A harmonic packet without a past; the first one at `start`, where its slope may be known. It is dead at once where ζ
 * has no slope to offer.
 */
export function* bearHarmonic(
  state: PacketsState,
  exact: boolean,
  key: Key,
  known?: Pick<Probe, "value" | "slope">,
): Ask<Harmonic> {
  const { domain, families, start, lowest, scale, walk, places } = state;
  const dim = start.length;
  const family = families[H];
  const packet = blankHarmonic(dim, exact);
  state.finder = H;
  const begins = exact && family.births === 0;
  walk.shaken = !begins && lowest.value < Infinity && isShaken(family.births, exact, dim);
  if (begins) {
    copyToUnit(domain, start, packet.x);
    if (known !== undefined) {
      packet.value = known.value;
      packet.gradient.set(known.slope);
    }
  } else if (walk.shaken) {
    follow(walk, state);
    packet.x.set(walk.x);
    shake(domain, packet.x, walk.sigma, fold(key, PLACE));
  } else if (places === null) scatter(fold(key, PLACE), 0, packet.x);
  else state.finder = yield* seek(places, { domain, lowest, exact }, fold(key, PLACE), packet, H);
  packet.scale = scale;
  packet.most = PATIENCE * (exact ? dim + 1 : dim);
  family.births++;
  if (!exact && packet.evaluations === 0) {
    packet.evaluations++;
    [packet.value] = yield* see(domain, lowest, 1, packet.x);
  }
  family.alive = packet.value < Infinity || exact;
  if (family.alive) family.alive = yield* startHarmonic(packet, { domain, lowest, exact });
  return packet;
}

/** Whether it is the walk's turn. */
function isShaken(births: number, exact: boolean, dim: number): boolean {
  return exact ? births % UNIFORM !== 1 : births % Math.max(2, dim) === 0;
}

/** Where another packet has found a lower place, the walk goes on from there. */
function follow(walk: Walk, { domain, lowest }: PacketsState): void {
  if (!(lowest.value < walk.lowest)) return;
  walk.value = lowest.value;
  walk.lowest = lowest.value;
  copyToUnit(domain, lowest.x, walk.x);
}

/** The first harmonic packet of values: in the well that the probe has seen, from the best point after a first jump. */
export function* bearProbed(state: PacketsState, probe: Probe, noise: number): Ask<Harmonic> {
  const { domain, lowest } = state;
  const { x, reach, slope, curvature } = probe;
  const dim = x.length;
  const packet = blankHarmonic(dim);
  let stiffest = 0;
  for (const k of curvature) stiffest = Math.max(stiffest, Math.abs(k));
  const least = SOFT * stiffest + NOTHING * probe.scale;
  const k = (i: number): number => Math.max(curvature[i], least);
  const to = x.slice();
  if (least > 0)
    for (let i = 0; i < dim; i++) {
      const step = Math.min(JUMP * reach[i], Math.max(-JUMP * reach[i], -slope[i] / k(i)));
      to[i] = domain.edge === "periodic" ? x[i] + step : Math.min(1, Math.max(0, x[i] + step));
    }
  packet.evaluations++;
  yield* see(domain, lowest, 1, to);
  packet.scale = probe.scale;
  packet.most = FIRST_PATIENCE * dim;
  packet.value = lowest.value;
  for (const i of smoothAxes(domain)) packet.gradient[i] = slope[i];
  copyToUnit(domain, lowest.value < Infinity ? lowest.x : state.start, packet.x);
  const { families } = state;
  families[H].alive = least > 0 && (yield* startHarmonic(packet, { domain, lowest, exact: false, noise }, k));
  return packet;
}

/** 0.2 · 10^(−2u): log-uniform over the two decades below a wide packet. */
function smallSigma(u: number): number {
  return WIDE_SIGMA * 10 ** (-2 * u);
}

/** A uniform point of the box, `margin` away from its walls. */
function scatter(key: Key, margin: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = margin + (1 - 2 * margin) * uniform(key, j);
}

function shake({ edge }: Domain, u: Float64Array, sigma: number, key: Key): void {
  for (let j = 0; j < u.length; j++) u[j] = home(edge, u[j] + sigma * normal(key, j));
}

export function copyToUnit(domain: Domain, x: ArrayLike<number>, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = toUnit(domain, j, x[j]);
}
