/**
 * Sampling: draws from the stationary law of a level. Langevin, MALA, Metropolis and their kin run chains whose law is
 * e^{−ζ/D}, that of Fokker–Planck (erratum E3); the exact partners on grids are drawn from in `sampling-grid.ts`.
 */
import type { Engine } from "../core/engine.ts";
import { readValues } from "../core/entry.ts";
import { inputError, interruption, unknownName } from "../core/errors.ts";
import type { Stop } from "../core/meter.ts";
import { type Observer, observe } from "../core/observe.ts";
import type { Domain, Points, Potential } from "../core/problem.ts";
import { type Frame, type RunOptions, run } from "../core/run.ts";
import { type SamplerEntry, samplerEntries } from "../engines/langevin/index.ts";
import { finiteDifference } from "../potentials/wrappers.ts";
import { steady } from "../schedules/steady.ts";
import { type Bias, biasOf } from "./bias.ts";
import { type Draws, type Moments, momentsOf, rowsFrom, rowsOf, thinned, warmRows } from "./draws.ts";
import { GRIDS, gridSampling } from "./sampling-grid.ts";
import { isLost, type Ran, samplingWarnings } from "./sampling-warnings.ts";

/** The law that was sampled, as one writes it. */
export type Law = "e^(−ζ/D)" | "|ψ|² of the ground state";

export type SamplingOptions = {
  /** D of e^{−ζ/D}, above 0. */
  readonly D: number;
  /** `mala` where it is left out, `metropolis` where ζ gives no gradient. */
  readonly engine?: string | undefined;
  /** Parameters of the engine. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** Samples to return, thinned from all draws; 1000 where it is left out. */
  readonly n?: number | undefined;
  readonly chains?: number | undefined;
  /** Steps of each chain after warm-up; 8000, or 10 for each sample, where it is left out. */
  readonly steps?: number | undefined;
  /** Steps that are thrown away; a quarter of the others and at least 1000 where it is left out. */
  readonly warmup?: number | undefined;
  /** Δτ, or ε with momentum; found in warm-up where it is left out. */
  readonly dt?: number | undefined;
  readonly seed?: number | undefined;
};

export type Sampled = Moments & {
  readonly potential: string;
  readonly names?: readonly string[] | undefined;
  readonly engine: string;
  readonly law: Law;
  readonly D: number;
  readonly seed: number;
  readonly dim: number;
  /** Samples. */
  readonly n: number;
  readonly samples: Points;
  /** The mean probability to take a step; 1 where every step is taken. */
  readonly acceptance: number;
  readonly warnings: readonly string[];
  readonly evaluations: number;
  readonly stop: Stop;
  /** What chains have beside that. */
  readonly run?: ChainsRun | undefined;
};

export type ChainsRun = {
  readonly chains: number;
  /** Steps of each chain after the warm-up that was declared. */
  readonly steps: number;
  /** Steps thrown away as declared, and those found to belong to them. */
  readonly warmup: { readonly declared: number; readonly found: number };
  readonly dt: number;
  /** What Δτ does to the law, to first order, where steps are not adjusted. */
  readonly bias?: Bias | undefined;
  /** The acceptance of trades between the two D's that trade least. */
  readonly swaps?: number | undefined;
  /** All draws that count. */
  readonly draws: Draws;
};

export type SamplingRun = Pick<RunOptions, "evaluate" | "signal"> & { readonly observers?: readonly Observer[] };

const SAMPLES = 1000;
const MOST = 1e7;
const MOST_STEPS = 1e10;
const STEPS = 8000;
const STEPS_EACH = 10;
const WARMUP = 1000;
/** Fewer rows of draws say nothing. */
const LEAST_ROWS = 8;
/** Numbers of all draws that are kept. */
const ROOM = 2 ** 22;
/** In widths of the domain: further out a chain is not coming back. */
const FAR = 1e6;
/** Every so many steps it is looked whether a chain is. */
const WATCHED = 16;

/** Everything that samples, by name. */
export const samplers: readonly string[] = [...samplerEntries.map(({ name }) => name), ...GRIDS];

/**
 * Draws from the stationary law of a level: by chains from e^{−ζ/D}, or on a grid.
 * @throws on bad input, and where a chain leaves for good because ζ does not hold it
 * @example await sampling(formula("(x^2 - 1)^2"), { D: 0.2, engine: "mala" })
 */
export async function sampling(
  potential: Potential,
  options: SamplingOptions,
  run: SamplingRun = {},
): Promise<Sampled> {
  const { D, n = SAMPLES } = options;
  if (!(D > 0 && D < Infinity)) throw inputError("D", `${D} is not a finite number above 0`, "give D of e^(−ζ/D)");
  whole("n", n, 1, MOST);
  const level = GRIDS.find((name) => name === options.engine);
  if (level === undefined) return chainSampling(potential, options, run);
  for (const name of ["chains", "steps", "warmup", "dt"] as const)
    if (options[name] !== undefined)
      throw inputError(name, `is given where '${level}' runs no chains`, "leave it out, or choose mala or metropolis");
  const [key] = Object.keys(options.set ?? {});
  if (key !== undefined)
    throw inputError(`engine.${key}`, `is given where '${level}' takes no settings`, "leave it out");
  return gridSampling(potential, level, options);
}

async function chainSampling(
  potential: Potential,
  options: SamplingOptions,
  { evaluate, signal, observers = [] }: SamplingRun,
): Promise<Sampled> {
  const plan = planned(potential, options);
  const { entry, engine, chains, steps, warmup, n, D, seed } = plan;
  const asked = able(potential, engine);
  const dim = potential.domain.lower.length;
  const every = Math.min(Math.floor(steps / LEAST_ROWS), Math.max(1, Math.ceil((steps * chains * dim) / ROOM)));
  const keep = keeping(asked.potential, { chains, steps, warmup, every });
  const setup = {
    ...{ potential: asked.potential, engine, seed },
    schedule: counted(D, warmup + steps),
  };
  const answer = asked.wrapped || evaluate === undefined ? {} : { evaluate };
  const result = await observe(run(setup, { ...answer, ...(signal === undefined ? {} : { signal }) }), [
    keep,
    ...observers,
  ]);
  if (result.error !== undefined) throw result.error;
  if (result.stop === "diverged")
    throw inputError(potential.name, "has no finite value at any point asked", "give a domain on which it is finite");
  const all = keep.draws();
  if (rowsOf(all) < LEAST_ROWS) throw interrupted();
  // stopped in warm-up, what it saw of the law is all there is
  const isWarm = result.steps > warmup;
  const passed = isWarm ? warmup : 0;
  if (isWarm && isLost(all, potential.domain))
    throw unheld(potential.name, "all have left the domain and ζ falls on and on");
  const found = warmRows(all);
  const draws = rowsFrom(all, found);
  const moments = momentsOf(draws);
  const samples = thinned(draws, n);
  const info = keep.info();
  const bias =
    entry.name === "langevin" && result.stop !== "aborted"
      ? await biasOf(samples, D, info.dt, asked.potential, keep.scale())
      : undefined;
  const ran: Ran = {
    ...{ engine: entry.name, potential, moments, draws, D, dt: info.dt, acceptance: info.acceptance, bias },
    ...{
      blind: info.blind,
      nowhere: result.account.nonfinite / result.account.points,
      swaps: info.swaps,
      wrapped: asked.wrapped,
      given: options.dt !== undefined,
      steps,
    },
  };
  return {
    ...{ potential: potential.name, names: potential.names, engine: entry.name, law: "e^(−ζ/D)", D, seed, dim },
    ...{ n: samples.n, samples, ...moments },
    acceptance: isTaken(entry.name, plan.values) ? 1 : info.acceptance,
    warnings: [...(isWarm ? [] : [inWarmup(result.steps, warmup)]), ...samplingWarnings(ran)],
    stop: result.stop,
    evaluations:
      result.account.evaluations + (bias === undefined ? 0 : samples.n * (asked.potential.gradientCost ?? 1)),
    run: {
      ...{ chains, steps: result.steps - passed, dt: info.dt, bias, draws },
      warmup: { declared: passed, found: found * every },
      ...(info.swaps === undefined ? {} : { swaps: info.swaps }),
    },
  };
}

function isTaken(name: string, values: Readonly<Record<string, unknown>>): boolean {
  return name === "langevin" || (name === "underdamped" && values.adjust === false);
}

function inWarmup(step: number, warmup: number): string {
  return `stopped at step ${step} of ${warmup} of warm-up, whose draws these are: steps were still tuned, and the law hardly seen`;
}

function interrupted(): Error {
  return interruption("interrupted before there were draws");
}

type Plan = {
  readonly entry: SamplerEntry;
  readonly engine: Engine;
  readonly values: Readonly<Record<string, number | string | boolean>>;
  readonly chains: number;
  readonly steps: number;
  readonly warmup: number;
  readonly n: number;
  readonly D: number;
  readonly seed: number;
};

function planned({ can }: Potential, options: SamplingOptions): Plan {
  const { D, n = SAMPLES, seed = 0, dt } = options;
  const name = options.engine ?? (can.includes("gradient") ? "mala" : "metropolis");
  const entry = samplerEntries.find((e) => e.name === name);
  if (entry === undefined) throw unknownName("engine", name, samplers);
  if (dt !== undefined && !(dt > 0 && dt < Infinity)) throw inputError("dt", `${dt} is not a finite number above 0`);
  const set = options.chains === undefined ? options.set : { ...options.set, chains: options.chains };
  const values = readValues(entry, set ?? {});
  const chains = Number(values.chains);
  const { steps, warmup } = lengths(options, chains);
  whole("steps", steps, LEAST_ROWS, MOST_STEPS);
  whole("warmup", warmup, 0);
  return { entry, values, engine: entry.sample(values, { warmup, dt }), chains, steps, warmup, n, D, seed };
}

/** How long chains run: as given, or as long as the samples ask for. */
export function lengths({ n = SAMPLES, ...given }: Omit<SamplingOptions, "D">, chains: number) {
  const steps = given.steps ?? Math.max(STEPS, Math.ceil((STEPS_EACH * n) / chains));
  return { steps, warmup: given.warmup ?? Math.max(WARMUP, Math.ceil(steps / 4)) };
}

function whole(name: string, value: number, least: number, most = Infinity): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw inputError(name, `${value} is not a whole number from ${least} ${most < Infinity ? `to ${most}` : "up"}`);
}

/** The potential as the engine can ask it: where it gives no gradient, by differences. */
function able(potential: Potential, engine: Engine): { readonly potential: Potential; readonly wrapped: boolean } {
  const wrapped = engine.needs.some((kind) => !potential.can.includes(kind));
  return { potential: wrapped ? finiteDifference(potential) : potential, wrapped };
}

/** The same D for so many steps. */
function counted(D: number, steps: number) {
  const held = steady({ D, dt: 1 });
  return {
    name: "counted",
    init: () => 0,
    next: (k: number) => {
      const next = k < steps ? held.next(null) : null;
      return next === null ? null : ([next[0], k + 1] as const);
    },
  };
}

type Kept = Observer & {
  draws(): Draws;
  info(): { readonly dt: number; readonly acceptance: number; readonly blind: number; readonly swaps?: number };
  scale(): Float64Array;
};

/** Keeps the draws after warm-up, until then the later ones of it, and watches that no chain leaves for good. */
function keeping(
  potential: Potential,
  { chains, steps, warmup, every }: { chains: number; steps: number; warmup: number; every: number },
): Kept {
  const { domain } = potential;
  const dim = domain.lower.length;
  const rows = Math.floor(steps / every);
  const x = new Float64Array(rows * chains * dim);
  const value = new Float64Array(rows * chains);
  let [row, accepted, seen] = [0, 0, 0];
  let last: Frame | undefined;
  return {
    frame(frame) {
      const view = frame.view();
      if (view.kind !== "cloud" || view.value === undefined) return;
      if (frame.index % WATCHED === 0) checkNear(potential.name, domain, view.points, view.value);
      last = frame;
      if (frame.index === warmup + 1) [row, accepted, seen] = [0, 0, 0];
      accepted += frame.info.acceptance;
      seen++;
      if (seen % every !== 0) return;
      if (row >= rows) {
        if (frame.index > warmup) return;
        row = Math.floor(rows / 2);
        x.copyWithin(0, (rows - row) * chains * dim);
        value.copyWithin(0, (rows - row) * chains);
      }
      x.set(view.points.x, row * chains * dim);
      value.set(view.value, row * chains);
      row++;
    },
    draws: () => ({ chains, dim, every, x: x.subarray(0, row * chains * dim), value: value.subarray(0, row * chains) }),
    info: () => {
      const { dt = Number.NaN, blind = 0, swaps } = last?.info ?? {};
      return { dt, blind, acceptance: accepted / seen, ...(swaps === undefined ? {} : { swaps }) };
    },
    scale: () => scaleOf(last),
  };
}

function checkNear(name: string, { lower, upper }: Domain, { n, dim, x }: Points, value: Float64Array): void {
  for (let c = 0, e = 0; c < n; c++)
    for (let j = 0; j < dim; j++, e++) {
      const from = x[e] < lower[j] ? lower[j] - x[e] : x[e] - upper[j];
      if (from <= FAR * (upper[j] - lower[j])) continue;
      throw unheld(name, `one is at x${j + 1} = ${x[e].toPrecision(3)}, where ζ is ${value[c].toPrecision(3)}`);
    }
}

function unheld(name: string, where: string): Error {
  return inputError(
    name,
    `does not hold the chains: ${where}`,
    "it may be unbounded below, or Δτ too large; give walls (--domain … --edge wall), or a smaller --dt",
  );
}

/** L of the last step. */
function scaleOf(frame: Frame | undefined): Float64Array {
  const state = frame?.checkpoint().state as { readonly tuning: { readonly scale: Float64Array } };
  return state.tuning.scale;
}
