/**
 * One walk of diffusion Monte Carlo at fixed Δτ and N, carried on as far as it is wanted, and what its series say: where
 * it came to rest, the energy with its blocked error bar, the correlation, the population.
 */
import type { Domain, Evaluator, Potential } from "../core/problem.ts";
import { type Frame, type Result, run } from "../core/run.ts";
import { type DmcOptions, dmc } from "../engines/dmc/index.ts";
import { autocorrelationTime, blocked, equilibrated, mean, variance } from "../math/index.ts";
import { steady } from "../schedules/steady.ts";

export type WalkSetup = {
  readonly potential: Potential;
  readonly D: number;
  readonly dt: number;
  readonly seed: number;
  readonly engine: DmcOptions;
  readonly evaluate: Evaluator;
  readonly signal?: AbortSignal | undefined;
};

/** Of each step, in order. */
type Series = { energy: number[]; share: number[]; trial: number[]; population: number[] };

export type Walk = {
  readonly domain: Domain;
  readonly dt: number;
  readonly walkers: number;
  readonly series: Series;
  /** Sums over the steps. */
  readonly sums: { time: number; acceptance: number; clipped: number; full: number };
  evaluations: number;
  readonly frames: AsyncGenerator<Frame, Result, void>;
  /** What ended it before it was told to end. */
  ended: Result | undefined;
};

export function begin({ potential, D, dt, seed, engine, evaluate, signal }: WalkSetup): Walk {
  const setup = { potential, engine: dmc(engine), schedule: steady({ D, dt }), seed };
  return {
    ...{ domain: potential.domain, dt },
    walkers: engine.population,
    series: { energy: [], share: [], trial: [], population: [] },
    sums: { time: 0, acceptance: 0, clipped: 0, full: 0 },
    evaluations: 0,
    frames: run(setup, { evaluate, ...(signal === undefined ? {} : { signal }) }),
    ended: undefined,
  };
}

/** Why a walk cannot go on. */
export type Trouble = "walkers died out" | "population exploded" | "walkers run away" | undefined;

/** Steps in a row at the capacity that count as an explosion. */
const EXPLODED = 50;
/** Widths of an open domain beyond which walkers are held by nothing, and how often that is looked at. */
const AWAY = 20;
const LOOK = 64;

/**
 * Carries a walk on until it has gone for `time`, or `watch` says that it is enough.
 * @returns what is wrong with it, if anything
 */
export async function carryOn(walk: Walk, time: number, watch: () => boolean): Promise<Trouble> {
  const { series, sums } = walk;
  let full = 0;
  while (walk.ended === undefined && series.energy.length * walk.dt < time && !watch()) {
    const next = await walk.frames.next();
    if (next.done) {
      walk.ended = next.value;
      return undefined;
    }
    const { info, account, index } = next.value;
    walk.evaluations = account.evaluations;
    if (info.population === 0) return "walkers died out";
    series.energy.push(info.energy);
    series.share.push(info.share);
    series.trial.push(info.trial);
    series.population.push(info.population);
    sums.time += info.dt;
    sums.acceptance += info.acceptance;
    sums.clipped += info.clipped;
    sums.full += info.full;
    full = info.full > 0 ? full + 1 : 0;
    if (full >= EXPLODED) return "population exploded";
    if (index % LOOK === 0 && isAway(next.value, walk.domain)) return "walkers run away";
  }
  return undefined;
}

/** Ends the run behind a walk. */
export async function end(walk: Walk): Promise<void> {
  await walk.frames.return(undefined as never);
}

/** Whether the first walker, as good as any after a while, is far out of an open domain. */
function isAway(frame: Frame, { lower, upper, edge }: Domain): boolean {
  const view = frame.view();
  if (edge !== "open" || view.kind !== "cloud") return false;
  return lower.some((low, j) => {
    const width = upper[j] - low;
    return Math.abs(view.points.x[j] - low - 0.5 * width) > AWAY * width;
  });
}

export type Told = {
  readonly dt: number;
  readonly walkers: number;
  /** Mean energy after the cut, and its blocked standard error; NaN where the series is too short to tell. */
  readonly energy: number;
  readonly error: number;
  readonly steps: number;
  /** Imaginary time that was cut off. */
  readonly equilibration: number;
  /** Integrated autocorrelation time of the energy, in imaginary time; NaN where it does not vary or is too short. */
  readonly correlation: number;
  readonly acceptance: number;
  readonly population: { readonly mean: number; readonly min: number; readonly max: number };
};

/** Blocks that an error bar rests on; scatter, relative to the energy, that is rounding. */
const BLOCKS = 40;
const ROUNDING = 1e-10;
/** Beyond this correlation from block to block the series is too short to tell its error. */
const MOST_LASTING = 0.6;

/**
 * The mean with its error bar: that of 40 blocks, widened by √((1 + r)/(1 − r)) where they are correlated, and no less than
 * that of blocking's plateau. Walkers far out, few and slow, are a small part of the scatter and a large one of the error:
 * the plateau may lie short of their time.
 */
function errorBar(series: Float64Array): { readonly mean: number; readonly error: number } {
  const { mean: center, error: plateau } = blocked(series);
  const scatter = Math.sqrt(variance(series));
  if (scatter <= ROUNDING * (1 + Math.abs(center))) return { mean: center, error: scatter };
  const size = Math.floor(series.length / BLOCKS);
  if (size === 0) return { mean: center, error: Number.NaN };
  const blocks = Float64Array.from({ length: BLOCKS }, (_, b) => mean(series.subarray(b * size, (b + 1) * size)));
  let next = 0;
  for (let b = 1; b < BLOCKS; b++) next += (blocks[b] - center) * (blocks[b - 1] - center);
  const r = Math.max(0, next / (variance(blocks) * (BLOCKS - 1)));
  if (r > MOST_LASTING) return { mean: center, error: Number.NaN };
  const error = Math.sqrt((variance(blocks) / BLOCKS) * ((1 + r) / (1 - r)));
  return { mean: center, error: plateau > error ? plateau : error };
}

/**
 * Energies E_t of shares s_t as a series whose mean is Σ sE / Σ s, to first order: a mean of ratios would be biased by the
 * population, and the ratio of means is less so.
 */
function weighed(energy: Float64Array, share: readonly number[]): Float64Array {
  const whole = share.reduce((sum, s) => sum + s, 0);
  const center = share.reduce((sum, s, t) => sum + s * energy[t], 0) / whole;
  return energy.map((E, t) => center + ((share[t] * share.length) / whole) * (E - center));
}

/** What a walk has found so far. */
export function told(walk: Walk): Told {
  const { series, sums, dt } = walk;
  const energy = Float64Array.from(series.energy);
  const cut = equilibrated(energy);
  const rest = energy.subarray(cut);
  const { mean: average, error } = errorBar(weighed(rest, series.share.slice(cut)));
  const { population } = series;
  const after = population.slice(cut);
  return {
    ...{ dt, walkers: walk.walkers, energy: average, error, steps: energy.length },
    equilibration: cut * dt,
    correlation: dt * autocorrelationTime(rest),
    acceptance: sums.acceptance / energy.length,
    population: {
      mean: after.reduce((sum, n) => sum + n, 0) / after.length,
      min: after.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      max: after.reduce((a, b) => Math.max(a, b), 0),
    },
  };
}
