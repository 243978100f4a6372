/**
 * Ground: the energy E₀ of the ground state of H = −D∇² + ζ (17)–(20), by one of three levels of approximation. Walkers
 * (diffusion Monte Carlo) in any dimension, extrapolated to Δτ → 0 and to N → ∞; the grid, exact, in up to three; the best
 * single packet, an upper bound.
 */
import { inputError } from "../core/errors.ts";
import type { Guide } from "../core/guide.ts";
import type { Answer, Evaluator, Potential } from "../core/problem.ts";
import type { Node } from "../engines/dmc/index.ts";
import { fitLinear } from "../math/index.ts";
import { type Beginning, beginning, type GuideName, variational } from "./guiding.ts";
import { spectrum } from "./spectrum.ts";
import { begin, carryOn, end, type Told, type Trouble, told, type Walk } from "./walk.ts";

export type { GuideName } from "./guiding.ts";

export type GroundOptions = {
  /** D of H = −D∇² + ζ, above 0. */
  readonly D: number;
  readonly engine?: "dmc" | "grid" | "packets" | undefined;
  readonly seed?: number | undefined;
  /** Walkers N; 2000 where it is left out. */
  readonly walkers?: number | undefined;
  /** The longest Δτ; chosen where it is left out. */
  readonly dt?: number | undefined;
  /** `auto` is the potential's own, else the best Gaussian where it pays, else none. */
  readonly guide?: GuideName | Guide | undefined;
  /** A surface on which ψ vanishes, for excited states. */
  readonly node?: Node | undefined;
  /** The standard error to be reached, in units of ζ; what the energy's scale suggests, at most 0.001, if left out. */
  readonly error?: number | undefined;
  /** Evaluations of ζ at most; 3·10⁸ where it is left out. */
  readonly budget?: number | undefined;
  /** Imaginary time of each walk, in place of an error to be reached. */
  readonly duration?: number | undefined;
  /** Seconds at most. */
  readonly time?: number | undefined;
};

export type GroundRun = {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how far it is: the share done, from 0 to 1, and what is known. */
  readonly progress?: ((at: GroundProgress) => void) | undefined;
};

export type GroundProgress = {
  readonly share: number;
  readonly evaluations: number;
  readonly energy: number;
  readonly error: number;
};

export type GroundStop = "error reached" | "duration ended" | "budget spent" | "time spent" | "aborted" | "solved";

export type Ground = {
  readonly objective: string;
  readonly engine: "dmc" | "grid" | "packets";
  readonly D: number;
  /** E₀, and one standard error: with the extrapolation for walkers, 0 on a grid; null where it could not be told. */
  readonly energy: number;
  readonly error: number | null;
  readonly dim: number;
  readonly seed: number;
  readonly stop: GroundStop;
  readonly evaluations: number;
  readonly warnings: readonly string[];
  readonly walk?: Walked;
};

/** What walkers tell beyond the energy. */
export type Walked = {
  readonly guide: string;
  readonly node?: string;
  readonly walkers: number;
  readonly dt: number;
  /** Growth without a guide, mixed with one. */
  readonly estimator: "growth" | "mixed";
  readonly rows: readonly Told[];
  /** E(Δτ, N) = E₀ + timeStep (Δτ/Δτ₁)^order + population N₁/N, with Δτ₁ and N₁ those of the first row. */
  readonly fit: Fit;
  /** The first walk's energy and E_T, step by step, and how many steps were cut off. */
  readonly trace: {
    readonly dt: number;
    readonly energy: Float64Array;
    readonly trial: Float64Array;
    readonly cut: number;
  };
};

export type Fit = {
  readonly order: 1 | 2;
  readonly timeStep: number;
  readonly timeStepError: number;
  readonly population: number;
  readonly populationError: number;
  /** χ² of the fit, of one degree of freedom; where it is above 1 the errors are widened by its root. */
  readonly chi2: number;
};

const WALKERS = 2000;
const BUDGET = 3e8;

/**
 * E₀ of a potential.
 * @throws on bad input, and where the walkers cannot be held: died out, exploded, ran away
 * @example await ground(formula("0.5*(exp(-2*x) - 2*exp(-x))", { domain: domain([-6], [40], "wall") }), { D: 0.5 })
 */
export async function ground(potential: Potential, options: GroundOptions, run: GroundRun = {}): Promise<Ground> {
  checkNumbers(options);
  const { engine = "dmc" } = options;
  if (engine === "dmc") return walked(potential, options, run);
  if (options.node !== undefined)
    throw inputError("node", `belongs to walkers, and the engine is ${engine}`, "leave it out or choose dmc");
  return engine === "grid" ? onGrid(potential, options) : ofPacket(potential, options);
}

async function onGrid(potential: Potential, { D, seed = 0 }: GroundOptions): Promise<Ground> {
  const { levels, warnings, evaluations } = await spectrum(potential, { D, levels: 1 });
  const dim = potential.domain.lower.length;
  return {
    ...{ objective: potential.name, engine: "grid", D, energy: levels[0], error: 0, dim, seed, stop: "solved" },
    ...{ evaluations, warnings },
  };
}

async function ofPacket(potential: Potential, { D, seed = 0 }: GroundOptions): Promise<Ground> {
  const counted = counting(potential);
  const sense = potential.can.includes("gradient") ? "gradient" : "value";
  const { energy, error, settled } = await variational(counted.potential, D, seed, sense);
  const warnings = ["the energy of the best Gaussian is an upper bound of E₀, whatever its error"];
  if (!settled) warnings.push("the packet did not come to rest: a better one may exist");
  return {
    ...{ objective: potential.name, engine: "packets", D, energy, error, dim: potential.domain.lower.length, seed },
    ...{ stop: "solved", evaluations: counted.count(), warnings },
  };
}

function checkNumbers({ D, walkers, dt, error, budget, duration, time, seed = 0 }: GroundOptions): void {
  const given = { D, dt, error, budget, duration, time };
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !(value > 0 && value < Number.POSITIVE_INFINITY))
      throw inputError(name, `${value} is not a finite number above 0`);
  if (walkers !== undefined && !(Number.isSafeInteger(walkers) && walkers >= 2 && walkers <= 1e7))
    throw inputError("walkers", `${walkers} is not a whole number from 2 to 10⁷`);
  if (!Number.isSafeInteger(seed)) throw inputError("seed", `${seed} is not a whole number`);
}

/** The walks and what they share. */
type Plan = {
  readonly potential: Potential;
  readonly options: GroundOptions;
  readonly first: Beginning;
  readonly evaluate: Evaluator;
  readonly walks: readonly Walk[];
  readonly target: number;
  readonly order: 1 | 2;
  readonly watch: () => GroundStop | undefined;
  readonly run: GroundRun;
};

async function walked(potential: Potential, options: GroundOptions, run: GroundRun): Promise<Ground> {
  const began = performance.now();
  const { D, seed = 0, walkers = WALKERS, guide = "auto", node, time = Number.POSITIVE_INFINITY } = options;
  const counted = counting(potential);
  const first = await beginning(counted.potential, D, guide, seed);
  const engine = { population: walkers, memory: first.unit, guide: first.guide, node, start: first.start };
  const common = { potential, D, seed, engine, evaluate: counted.potential.answer, signal: run.signal };
  const dt = options.dt ?? (await stepFor(common, first));
  const sizes = [
    [1, 1],
    [0.5, 1],
    [0.25, 1],
    [1, walkers >= MANY ? 1 / ASIDE : ASIDE],
  ];
  const walks = sizes.map(([share, factor], k) =>
    begin({
      ...common,
      dt: share * dt,
      seed: seed + SEEDS * (k + 1),
      engine: { ...engine, population: Math.round(factor * walkers) },
    }),
  );
  const watch = (): GroundStop | undefined => {
    if (run.signal?.aborted) return "aborted";
    return performance.now() - began > 1000 * time ? "time spent" : undefined;
  };
  const target = options.error ?? Math.min(LARGEST_ERROR, SHARE_ERROR * first.kinetic);
  // what is not rejected is split symmetrically
  const isSymmetric = first.guide === undefined || first.guide.transition !== undefined;
  const order = isSymmetric && node === undefined ? 2 : 1;
  const plan: Plan = { potential, options, first, evaluate: common.evaluate, walks, target, order, watch, run };
  try {
    const stop = await carryAllOn(plan);
    return described(plan, stop, counted.count(), counted.falls());
  } finally {
    for (const walk of walks) await end(walk);
  }
}

/** With fewer walkers the run beside them has more of them, with more it has fewer. */
const MANY = 400;
const ASIDE = 4;
const SEEDS = 0x10000;
const LARGEST_ERROR = 1e-3;
const SHARE_ERROR = 8e-3;
/** Of the first round, and the least that an error bar is believed after, in units of time. */
const FIRST_ROUND = 16;
const BELIEVED = { guided: 30, free: 100 };
const FEWEST_STEPS = 80;
/** A round is longer than the one before by at most this. */
const LONGER = 4;

/** Round by round, all walks equally far, until the error is small enough. */
async function carryAllOn(plan: Plan): Promise<GroundStop> {
  const { walks, options, first, target, watch, run } = plan;
  const { duration, budget = BUDGET } = options;
  const believed = first.guide === undefined ? BELIEVED.free : BELIEVED.guided;
  const least = Math.max(believed * first.unit, FEWEST_STEPS * walks[0].dt);
  let length = duration ?? Math.max(FIRST_ROUND * first.unit, FEWEST_STEPS * walks[0].dt);
  const cost = walks.reduce((sum, { walkers, dt }) => sum + walkers / dt, 0);
  const longest = Math.max(length, budget / cost);
  for (;;) {
    let done = 0;
    for (const walk of walks) {
      const before = extrapolated(plan);
      const from = walk.series.energy.length * walk.dt;
      const tell = throttled(() => {
        const gone = (walk.series.energy.length * walk.dt - from) / Math.max(length - from, walk.dt);
        const share = Math.min(
          1,
          (length / (duration ?? Math.min(longest, expected(before, length, target)))) * ((done + gone) / walks.length),
        );
        const evaluations = walks.reduce((sum, w) => sum + w.evaluations, 0);
        run.progress?.({
          share,
          evaluations,
          energy: before?.energy ?? told(walk).energy,
          error: before?.error ?? Number.NaN,
        });
      });
      const trouble = await carryOn(walk, length, () => {
        tell();
        return watch() !== undefined;
      });
      if (trouble !== undefined) throw troubled(trouble, plan);
      if (walk.ended !== undefined && walk.ended.stop !== "aborted")
        throw walk.ended.error ?? new Error(`the walk ended: ${walk.ended.stop}`);
      done++;
    }
    const stop = watch();
    if (stop !== undefined) return stop;
    if (duration !== undefined) return "duration ended";
    const found = extrapolated(plan);
    const { error, energy } = found ?? { error: Number.NaN, energy: 0 };
    if (error <= target && (length >= least || error <= 1e-9 * (1 + Math.abs(energy)))) return "error reached";
    if (length >= longest) return "budget spent";
    const wanted = Math.max(1.1 * expected(found, length, target), least);
    length = Math.min(longest, LONGER * length, Math.max(1.25 * length, Number.isFinite(wanted) ? wanted : 2 * length));
  }
}

/** The length at which the error will be as small as it should. */
function expected(found: Extrapolated | undefined, length: number, target: number): number {
  return found === undefined || !Number.isFinite(found.error)
    ? LONGER * length
    : Math.max(1, (found.error / target) ** 2) * length;
}

const EVERY_MS = 100;

function throttled(tell: () => void): () => void {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < EVERY_MS) return;
    last = now;
    tell();
  };
}

type Extrapolated = { readonly energy: number; readonly error: number; readonly fit: Fit };

/** E₀ out of all walks, or undefined where one of them cannot tell its error yet. */
function extrapolated({ walks, order }: Plan): Extrapolated | undefined {
  if (walks.some(({ series }) => series.energy.length < FEWEST_STEPS / 2)) return undefined;
  return extrapolate(walks.map(told), order);
}

/** A perfect guide leaves rounding only. */
const ROUNDING = 1e-13;

/**
 * The intercept of E(Δτ, N) = E₀ + a Δτ^order + b/N through rows of walks; errors are widened where the rows scatter by
 * more than theirs.
 */
export function extrapolate(rows: readonly Told[], order: 1 | 2): Extrapolated | undefined {
  if (rows.some(({ error }) => !Number.isFinite(error))) return undefined;
  const [{ dt, walkers }] = rows;
  const found = fitLinear(
    rows.map((row) => [1, (row.dt / dt) ** order, walkers / row.walkers]),
    rows.map(({ energy }) => energy),
    rows.map(({ energy, error }) => Math.max(error, ROUNDING * (1 + Math.abs(energy)))),
  );
  if (found === null) return undefined;
  const { coefficients, errors, chi2, freedom } = found;
  const wider = Math.max(1, Math.sqrt(chi2 / freedom));
  const fit: Fit = {
    ...{ order, timeStep: coefficients[1], timeStepError: wider * errors[1] },
    ...{ population: coefficients[2], populationError: wider * errors[2], chi2 },
  };
  return { energy: coefficients[0], error: wider * errors[0], fit };
}

const PERFECT = 0.993;
const PILOT_WALKERS = 500;
const PILOT_STEPS = 60;
const HALVINGS = 20;
/** Δτ to begin with, in units of time: with a guide, and without one. */
const FIRST_DT = { guided: 0.2, free: 0.2 };

type Common = Omit<Parameters<typeof begin>[0], "dt">;

/** The longest Δτ that the guide's acceptance, or the scatter of ζ, allows. */
async function stepFor(common: Common, { guide, unit }: Beginning): Promise<number> {
  let dt = unit * (guide === undefined ? FIRST_DT.free : FIRST_DT.guided);
  for (let k = 0; k < HALVINGS; k++, dt /= 2) {
    const population = Math.min(common.engine.population, PILOT_WALKERS);
    const walk = begin({ ...common, dt, engine: { ...common.engine, population } });
    const trouble = await carryOn(walk, PILOT_STEPS * dt, () => false);
    await end(walk);
    const { acceptance, clipped } = walk.sums;
    const steps = Math.max(1, walk.series.energy.length);
    const isFine =
      guide === undefined || guide.transition !== undefined ? clipped / steps < 1e-4 : acceptance / steps >= PERFECT;
    if (isFine && trouble !== "walkers died out") return dt;
  }
  return dt;
}

function troubled(trouble: NonNullable<Trouble>, { first, potential, walks }: Plan): Error {
  const named = potential.name;
  if (trouble === "walkers run away")
    return inputError(
      named,
      "walkers run away: nothing holds them in the open domain",
      "give a domain with walls, or a ζ that rises",
    );
  if (trouble === "walkers died out")
    return inputError(`Δτ = ${walks[0].dt}`, "all walkers died out", "take a shorter --dt or more --walkers");
  const singular = potential.guide !== undefined && first.guide === undefined;
  return inputError(
    named,
    "the population exploded: ζ falls without bound, or Δτ is too long for it",
    singular ? "use its own guide, --guide own" : "take a shorter --dt, a guide, or a domain that leaves the fall out",
  );
}

/** The result, with all that makes it doubtful. */
function described(plan: Plan, stop: GroundStop, evaluations: number, falls: boolean): Ground {
  const { potential, options, first, walks, order } = plan;
  const { D, seed = 0, node } = options;
  const rows = walks.filter(({ series }) => series.energy.length > 0).map(told);
  if (rows.length === 0) throw new Error("stopped before a step was made");
  const whole = rows.length === walks.length ? extrapolate(rows, order) : undefined;
  const [{ dt, walkers }] = rows;
  const [{ series }] = walks;
  return {
    ...{ objective: potential.name, engine: "dmc", D, dim: potential.domain.lower.length, seed, stop, evaluations },
    energy: whole?.energy ?? rows[0].energy,
    error: whole?.error ?? null,
    warnings: [...first.warnings, ...warningsOf(plan, rows, whole, falls)],
    walk: {
      guide: first.guide?.name ?? "none",
      ...(node === undefined ? {} : { node: node.name }),
      ...{ walkers, dt, rows, estimator: first.guide === undefined ? "growth" : "mixed" },
      fit: whole?.fit ?? { order, timeStep: NaN, timeStepError: NaN, population: NaN, populationError: NaN, chi2: NaN },
      trace: {
        dt,
        energy: Float64Array.from(series.energy),
        trial: Float64Array.from(series.trial),
        cut: Math.round(rows[0].equilibration / dt),
      },
    },
  };
}

const ACCEPTED = 0.99;
const NEAR_CAPACITY = 2;
const UNLIKELY = 9;

function warningsOf(
  { walks, first }: Plan,
  rows: readonly Told[],
  found: Extrapolated | undefined,
  falls: boolean,
): string[] {
  const said: string[] = [];
  if (found === undefined)
    said.push("the walks are too short for error bars beside their correlation; go on for longer");
  const least = Math.min(...rows.map(({ acceptance }) => acceptance));
  if (first.guide !== undefined && least < ACCEPTED)
    said.push(`${(100 * least).toFixed(1)} % of moves are accepted where 99 % are wanted: take a shorter --dt`);
  const fullest = Math.max(...rows.map(({ population, walkers }) => population.max / walkers));
  if (fullest > NEAR_CAPACITY)
    said.push(`the population rose to ${fullest.toFixed(1)} times what was to be held; take more walkers`);
  const clipped = walks.reduce((worst, { sums, series }) => Math.max(worst, sums.clipped / series.energy.length), 0);
  if (clipped > 0)
    said.push(
      `${(100 * clipped).toPrecision(2)} % of weights were cut off: ζ falls too steeply for Δτ; take a shorter --dt or a guide`,
    );
  if (falls) said.push("ζ is −∞ at some points, which were left out");
  if (found === undefined) return said;
  const { population, populationError, chi2 } = found.fit;
  if (Math.abs(population) > 3 * populationError && Math.abs(population) > found.error)
    said.push(
      `${rows[0].walkers} walkers are biased by ${population.toPrecision(2)} ± ${populationError.toPrecision(1)}: corrected by the extrapolation in 1/N`,
    );
  if (chi2 > UNLIKELY)
    said.push(
      `the rows do not lie on the line that is extrapolated (χ² = ${chi2.toFixed(1)}): the error was widened; take a shorter --dt`,
    );
  return said;
}

/** Counts evaluations, and notes where ζ is −∞. */
function counting(potential: Potential): {
  readonly potential: Potential;
  readonly count: () => number;
  readonly falls: () => boolean;
} {
  let [count, falls] = [0, false];
  const note = (answer: Answer): Answer => {
    count += answer.n;
    const { value } = answer;
    if (value !== undefined)
      for (let i = 0; i < value.length; i++) if (value[i] === Number.NEGATIVE_INFINITY) falls = true;
    return answer;
  };
  const answer: Evaluator = (query, signal) => {
    const reply = potential.answer(query, signal);
    return reply instanceof Promise ? reply.then(note) : note(reply);
  };
  return { potential: { ...potential, answer }, count: () => count, falls: () => falls };
}
