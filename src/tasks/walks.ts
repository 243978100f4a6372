/**
 * Diffusion Monte Carlo to the end: walks at Δτ, Δτ/2, Δτ/4 and at another population, carried on round by round until the
 * energy that is extrapolated from them is as sure as it should be.
 */
import { interruption } from "../core/errors.ts";
import type { Guide } from "../core/guide.ts";
import type { Potential } from "../core/problem.ts";
import type { Node } from "../engines/dmc/index.ts";
import { counting } from "./counting.ts";
import { doubts, troubled } from "./doubts.ts";
import { type Extrapolated, extrapolate, type Fit } from "./extrapolate.ts";
import { type Beginning, beginning, type GuideName } from "./guiding.ts";
import { begin, carryOn, end, type Told, told, type Walk, type WalkSetup } from "./walk.ts";

export type WalksOptions = {
  /** D of H = −D∇² + ζ, above 0. */
  readonly D: number;
  readonly seed?: number | undefined;
  /** Walkers N; where it is left out 2000, or fewer where the budget is small. */
  readonly walkers?: number | undefined;
  /** The longest Δτ; chosen where it is left out. */
  readonly dt?: number | undefined;
  /** `auto`, the default, is the potential's own, else the best Gaussian where it pays, else none. */
  readonly guide?: GuideName | Guide | undefined;
  /** A surface on which ψ vanishes, for excited states. */
  readonly node?: Node | undefined;
  /** The standard error to be reached, in units of ζ; 0.8 % of the kinetic energy, at most 0.001, where it is left out. */
  readonly error?: number | undefined;
  /** Evaluations of ζ in all, after which the walks end, once they can tell an energy; 3·10⁸ where it is left out. */
  readonly budget?: number | undefined;
  /** Imaginary time of each walk, in place of an error to be reached. */
  readonly duration?: number | undefined;
  /** Seconds at most. */
  readonly time?: number | undefined;
};

export type WalksRun = {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how far it is. */
  readonly progress?: ((at: Progress) => void) | undefined;
};

export type Progress = {
  /** The share done, from 0 to 1, by what is known so far. */
  readonly share: number;
  readonly evaluations: number;
  readonly energy: number;
  /** NaN until it can be told. */
  readonly error: number;
};

export type WalksStop = "error reached" | "duration ended" | "budget spent" | "time spent" | "aborted";

/** What walkers tell beyond the energy. */
export type Walked = {
  readonly guide: string;
  readonly node?: string;
  readonly walkers: number;
  readonly dt: number;
  /** −ln λ/Δτ, or ∫ψHφ/∫ψφ onto packets φ, without a guide; ⟨E_L⟩ with one. */
  readonly estimator: "growth" | "projected" | "mixed";
  readonly rows: readonly Told[];
  readonly fit: Fit | null;
  /** The first walk's energy and E_T, step by step, and how many steps were cut off. */
  readonly trace: {
    readonly dt: number;
    readonly energy: Float64Array;
    readonly trial: Float64Array;
    readonly cut: number;
  };
};

export type Walks = {
  readonly energy: number;
  readonly error: number | null;
  readonly stop: WalksStop;
  readonly evaluations: number;
  readonly warnings: readonly string[];
  readonly walk: Walked;
};

const WALKERS = 2000;
const BUDGET = 3e8;
/** So many evaluations for each walker, where N is left out. */
const EACH = 4000;
/** Of so many walkers the bias is small: with fewer, one walk has as many as were asked for and the others have more. */
const MANY = 400;
const ASIDE = 4;
/** Apart by it are the seeds of walks. */
const SEEDS = 0x10000;
const LARGEST_ERROR = 1e-3;
const SHARE_ERROR = 8e-3;

/** What all rounds share. */
type Plan = {
  readonly options: WalksOptions;
  readonly first: Beginning;
  readonly walks: readonly Walk[];
  readonly order: 1 | 2;
  /** A time within which walkers forget. */
  readonly unit: number;
  readonly target: number;
  /** Evaluations that are left for the walks. */
  readonly budget: number;
  readonly watch: () => WalksStop | undefined;
  readonly run: WalksRun;
};

/**
 * E₀ by walkers, with its error bar. Throws on bad input, and where the walkers cannot be held.
 * @param begun what they begin with, where it is known
 */
export async function walks(
  potential: Potential,
  options: WalksOptions,
  run: WalksRun = {},
  begun?: Beginning,
): Promise<Walks> {
  const began = performance.now();
  const { D, seed = 0, guide = "auto", node, budget = BUDGET, time = Number.POSITIVE_INFINITY } = options;
  const walkers = options.walkers ?? Math.min(WALKERS, Math.max(MANY, Math.floor(budget / EACH)));
  const counted = counting(potential);
  const first = begun ?? (await beginning(counted.potential, { D, seed, guide, hasNode: node !== undefined, budget }));
  const { projector, start } = first;
  const engine = { population: walkers, guide: first.guide, node, projector, start };
  const shared = { potential, D, seed, engine, evaluate: counted.potential.answer, signal: run.signal };
  const dt = options.dt ?? (await stepFor(shared, first));
  // what is not rejected is split symmetrically
  const isRejecting = first.guide !== undefined && first.guide.transition === undefined;
  const unit = first.unit * (options.dt === undefined && !isRejecting ? dt / firstStep(engine, first) : 1);
  const kinetic = potential.domain.lower.length / (4 * unit);
  const plan: Plan = {
    ...{ options, first, run, walks: walksAt({ ...shared, engine: { ...engine, memory: memoryOf(first, dt) } }, dt) },
    order: isRejecting ? 1 : 2,
    unit,
    target: options.error ?? Math.min(LARGEST_ERROR, SHARE_ERROR * kinetic),
    budget: budget - counted.count(),
    watch() {
      if (run.signal?.aborted) return "aborted";
      return performance.now() - began > 1000 * time ? "time spent" : undefined;
    },
  };
  const facts = { name: potential.name, isGuided: first.guide !== undefined, offers: potential.guide !== undefined };
  try {
    const ended = await carryAllOn(plan);
    if (ended.trouble !== undefined) throw troubled(ended.trouble, { ...facts, walks: plan.walks });
    const found = described(plan, ended.stop, counted.count());
    const fell = counted.falls() ? ["ζ is −∞ at some points, which were left out"] : [];
    const said = doubts({ ...facts, walks: plan.walks }, found.walk.rows, extrapolated(plan));
    return { ...found, warnings: [...first.warnings, ...fell, ...overspent(counted.count(), budget), ...said] };
  } finally {
    for (const walk of plan.walks) await end(walk);
  }
}

/** Said where even the shortest walks cost more than they should. */
function overspent(count: number, budget: number): string[] {
  if (count <= OVER * budget) return [];
  return [
    `${count} evaluations where ${budget} were to be spent: shorter walks tell no energy; take fewer walkers or a larger budget`,
  ];
}

const OVER = 1.1;

type Common = Omit<WalkSetup, "dt">;
type Shared = Omit<Common, "engine"> & { readonly engine: Omit<Common["engine"], "memory"> };

/** Steps that the memory of E_T holds at most: a longer one would let the population drift. */
const MEMORY = 20;

function memoryOf({ unit }: Beginning, dt: number): number {
  return Math.min(unit, MEMORY * dt);
}

/** The walks, the first that which was asked for: three steps where the bias is small, and another population. */
function walksAt(common: Common, dt: number): Walk[] {
  const { engine, seed } = common;
  const asked = engine.population;
  const isFew = asked < MANY;
  const main = isFew ? Math.max(MANY, ASIDE * asked) : asked;
  const aside = [1, isFew ? asked : Math.round(asked / ASIDE)];
  const steps = [1, 1 / 2, 1 / 4].map((share) => [share, main]);
  return (isFew ? [aside, ...steps] : [...steps, aside]).map(([share, population], k) =>
    begin({ ...common, dt: share * dt, seed: seed + SEEDS * (k + 1), engine: { ...engine, population } }),
  );
}

/** In units of time and in steps: the first round, and the least that an error bar is believed after. */
const FIRST_ROUND = 16;
const BELIEVED = { guided: 16, free: 100 };
const FEWEST_STEPS = 80;
const BELIEVED_STEPS = 400;
/** What a step takes, in evaluations. */
const STEP_COST = 200;
/** A round is longer than the one before by these factors. */
const LONGER = 4;
const UNKNOWN = 2;
const NOT_LESS = 1.25;

type Ended =
  | { readonly stop: WalksStop; readonly trouble?: undefined }
  | { readonly trouble: NonNullable<Awaited<ReturnType<typeof carryOn>>> };

/** By how much longer than the others a walk goes on: few walkers have seen as much then. A duration is kept to. */
function stretch({ walkers }: Walk, { duration }: WalksOptions): number {
  return duration === undefined ? Math.max(1, MANY / walkers) : 1;
}

/** Round by round, all walks equally far but for those of few, until the error is small enough. */
async function carryAllOn(plan: Plan): Promise<Ended> {
  const { walks, options, first, unit, target, budget, watch } = plan;
  const { duration } = options;
  const { dt } = walks[0];
  const fewest = FEWEST_STEPS * dt;
  const least = Math.max((first.guide === undefined ? BELIEVED.free : BELIEVED.guided) * unit, BELIEVED_STEPS * dt);
  // a step costs something however few walkers there are
  const cost = walks.reduce(
    (sum, walk) => sum + (stretch(walk, options) * Math.max(walk.walkers, STEP_COST)) / walk.dt,
    0,
  );
  const longest = Math.max(fewest, budget / cost);
  let length = duration ?? Math.min(longest, Math.max(FIRST_ROUND * unit, fewest));
  let found: Extrapolated | undefined;
  for (;;) {
    const whole = duration ?? Math.min(longest, Math.max(least, expected(found, length, target)));
    const trouble = await round(plan, length, whole, found);
    if (trouble !== undefined) return { trouble };
    const stop = watch();
    if (stop !== undefined) return { stop };
    if (duration !== undefined) return { stop: "duration ended" };
    found = extrapolated(plan);
    if (found !== undefined && isEnough(found, length >= least, target)) return { stop: "error reached" };
    if (length >= longest) return { stop: "budget spent" };
    const wanted = Math.max(least, NOT_LESS * length, 1.1 * expected(found, length, target));
    length = Math.min(longest, LONGER * length, wanted);
  }
}

/** A perfect guide leaves rounding, which need not be waited for. */
function isEnough({ energy, error }: Extrapolated, isLong: boolean, target: number): boolean {
  return error <= target && (isLong || error <= 1e-9 * (1 + Math.abs(energy)));
}

/** Carries each walk on to `length`; `whole` is the length at which all will be done, as far as is known. */
async function round(
  { walks, options, run, watch }: Plan,
  length: number,
  whole: number,
  found: Extrapolated | undefined,
) {
  const cost = walks.reduce((sum, walk) => sum + (whole * stretch(walk, options) * walk.walkers) / walk.dt, 0);
  for (const walk of walks) {
    const tell = throttled(() => {
      const evaluations = walks.reduce((sum, w) => sum + w.evaluations, 0);
      const { energy, error } = found ?? { energy: walk.series.energy.at(-1) ?? Number.NaN, error: Number.NaN };
      run.progress?.({ share: Math.min(1, evaluations / cost), evaluations, energy, error });
    });
    const trouble = await carryOn(walk, length * stretch(walk, options), () => {
      tell();
      return watch() !== undefined;
    });
    if (trouble !== undefined) return trouble;
    const { ended } = walk;
    if (ended !== undefined && ended.stop !== "aborted")
      throw ended.error ?? new Error(`ζ is finite nowhere that walkers came (${ended.stop})`);
  }
  return undefined;
}

/** The length at which the error will be as small as it should. */
function expected(found: Extrapolated | undefined, length: number, target: number): number {
  return found === undefined ? UNKNOWN * length : length * Math.max(1, (found.error / target) ** 2);
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

/** E₀ out of all walks, or undefined where one of them cannot tell its error yet. */
function extrapolated({ walks, order }: Plan): Extrapolated | undefined {
  return walks.some(({ series }) => series.energy.length === 0) ? undefined : extrapolate(walks.map(told), order);
}

const ACCEPTED = 0.993;
const PILOT_WALKERS = 500;
const PILOT_STEPS = 60;
const HALVINGS = 20;
/** Δτ to begin with, in units of time; less where ψ is projected, whose error shows what is left of Δτ⁴, and beside a node. */
const FIRST_STEP = { usual: 0.3, projected: 0.2, node: 0.1 };
/** The share of weights that may be cut off. */
const CLIPPED = 1e-4;

function firstStep({ node, projector }: Shared["engine"], { unit }: Beginning): number {
  if (node !== undefined) return FIRST_STEP.node * unit;
  return (projector === undefined ? FIRST_STEP.usual : FIRST_STEP.projected) * unit;
}

/** The longest Δτ that the guide's acceptance, or else the weights, allow. */
async function stepFor(shared: Shared, first: Beginning): Promise<number> {
  const { engine } = shared;
  const { guide } = first;
  let dt = firstStep(engine, first);
  for (let k = 0; k < HALVINGS; k++, dt /= 2) {
    const population = Math.min(engine.population, PILOT_WALKERS);
    const walk = begin({ ...shared, dt, engine: { ...engine, population, memory: memoryOf(first, dt) } });
    const trouble = await carryOn(walk, PILOT_STEPS * dt, () => false);
    await end(walk);
    const steps = Math.max(1, walk.series.energy.length);
    const { acceptance, clipped } = walk.sums;
    const isRejecting = guide !== undefined && guide.transition === undefined;
    const isFine = isRejecting ? acceptance / steps >= ACCEPTED : clipped / steps < CLIPPED;
    if (isFine && trouble === undefined) return dt;
  }
  return dt;
}

/** The result but for what makes it doubtful. */
function described({ options, first, walks, order }: Plan, stop: WalksStop, evaluations: number) {
  const rows = walks.filter(({ series }) => series.energy.length > 0).map(told);
  if (rows.length === 0) throw interruption("stopped before a step was made");
  const found = rows.length === walks.length ? extrapolate(rows, order) : undefined;
  const [{ energy, dt, walkers, equilibration }] = rows;
  const { series } = walks[0];
  const { node } = options;
  return {
    ...{ energy: found?.energy ?? energy, error: found?.error ?? null, stop, evaluations },
    walk: {
      guide: first.guide?.name ?? "none",
      ...(node === undefined ? {} : { node: node.name }),
      ...{ walkers, dt, estimator: estimatorOf(first) },
      ...{ rows, fit: found?.fit ?? null },
      trace: {
        ...{ dt, cut: Math.round(equilibration / dt) },
        energy: Float64Array.from(series.energy),
        trial: Float64Array.from(series.trial),
      },
    },
  };
}

function estimatorOf({ guide, projector }: Beginning): Walked["estimator"] {
  if (guide !== undefined) return "mixed";
  return projector === undefined ? "growth" : "projected";
}
