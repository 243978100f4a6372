/**
 * Births: where and at what scale a packet of each family begins.
 *
 * - wide: m uniform in the middle of the box, σ = 0.2 of its width, λ doubled at every birth: colder, as the noise of
 *   sampling goes with 1/λ. The first one begins at the best point known, or at the start.
 * - small: m uniform, σ = 0.2 · 10^(−2u), λ between λ₀ and half the latest wide one.
 * - harmonic: by turns from a uniform point and from the best point, shaken by σ z with σ as of the small ones.
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { fold, type Key, normal, uniform } from "../../math/rng.ts";
import { startHarmonic } from "./harmonic.ts";
import { startLevel } from "./level.ts";
import { H, type PacketsState, S, W } from "./state.ts";
import { home, toUnit } from "./walls.ts";
import { leastSamples } from "./weights.ts";

const WIDE_SIGMA = 0.2;
const DOUBLINGS = 9;
/** Packets of values are born this far from the walls. */
const MARGIN = 0.1;

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

/** A harmonic packet; the first one at `start`. It is dead at once where ζ has no slope to offer. */
export function* bearHarmonic(state: PacketsState, key: Key): Ask<void> {
  const { domain, families, harmonic, start, lowest } = state;
  if (harmonic === null) return;
  const family = families[H];
  const scale = fold(key, SCALE);
  if (family.births === 0) copyToUnit(domain, start, harmonic.x);
  else if (lowest.value < Infinity && family.births % 2 === 0) {
    copyToUnit(domain, lowest.x, harmonic.x);
    shake(domain, harmonic.x, smallSigma(uniform(scale, 0)), fold(key, PLACE));
  } else scatter(fold(key, PLACE), 0, harmonic.x);
  family.births++;
  family.evaluations++;
  family.alive = yield* startHarmonic(harmonic, domain);
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

function copyToUnit(domain: Domain, x: ArrayLike<number>, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = toUnit(domain, j, x[j]);
}
