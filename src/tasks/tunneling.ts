/**
 * Tunneling against thermal hopping (H8): how long it takes to cross from one well of h((x₁/a)² − 1)² to the other, at the
 * same D, step and cost. Thermal dynamics at temperature D climbs and slows down as e^{−h/D}, whatever the width (Kramers);
 * quantum dynamics goes through and slows down as e^{−(4/3)a√(h/D)}. Exact on a grid are the gap of H and the relaxation
 * rate of Fokker–Planck, the first excited energy of its own H; measured are the engines.
 */
import { answerAll } from "../core/ask.ts";
import type { Engine } from "../core/engine.ts";
import { inputError } from "../core/errors.ts";
import { type Answer, box, type Domain, type Potential, potential, type Query } from "../core/problem.ts";
import { metropolis, pimc, walkers } from "../engines/index.ts";
import { type Bootstrap, bootstrap, fold, type Key, key, median } from "../math/index.ts";
import { smoluchowski } from "../potentials/index.ts";
import { spectrum } from "./spectrum.ts";

/** Two wells: the barrier's height in units of D, its full width at half height in units of x, and the dimension. */
export type Barrier = { readonly height: number; readonly width: number; readonly dim: number };

export type TunnelingOptions = {
  /** Barriers to cross; the first is to be the tall thin one, the last the low wide one. */
  readonly barriers?: readonly Barrier[];
  /** Runs of each dynamics at each barrier, on paired seeds; 100 where it is left out. */
  readonly seeds?: number;
  /** Evaluations after which a run is given up. */
  readonly budget?: number;
  /** The first seed. */
  readonly seed?: number;
};

export const DYNAMICS = ["metropolis", "walkers", "pimc"] as const;
export type Dynamics = (typeof DYNAMICS)[number];

/** Evaluations until a dynamics has crossed; runs that have not stand at the budget. */
export type Passage = {
  readonly dynamics: Dynamics;
  readonly median: number;
  /** Bootstrap 95 % interval of the median. */
  readonly low: number;
  readonly high: number;
  /** The share of runs that crossed. */
  readonly crossed: number;
  /** Median of thermal over this one's, with its interval on paired seeds: above 1 where this one is sooner. */
  readonly lead: Pick<Bootstrap, "estimate" | "low" | "high">;
};

export type BarrierRow = Barrier & {
  /** Δτ of a step. */
  readonly dt: number;
  /** E₁ − E₀ of −D∇² + ζ. */
  readonly gap: number;
  /** The rate at which e^{−ζ/D} is approached, and Kramers' estimate of it. */
  readonly relaxation: number;
  readonly kramers: number;
  /** Time until a quarter has crossed: by tunneling in real time, in imaginary time, and by thermal hopping. */
  readonly times: { readonly real: number; readonly imaginary: number; readonly thermal: number };
  /** The same in evaluations: those of the steps that the time takes. */
  readonly exact: { readonly real: number; readonly imaginary: number; readonly thermal: number };
  readonly passages: readonly Passage[];
};

export type Verdict = "holds" | "holds with correction" | "fails" | "undecided";

export type Tunneling = {
  readonly D: number;
  readonly rows: readonly BarrierRow[];
  readonly verdict: Verdict;
  readonly reason: string;
  readonly seeds: number;
  readonly budget: number;
};

const D = 1;
const POPULATION = 32;
/** Δτ in units of 1/ω, with ω = √(2Dζ″) at the bottom of a well. */
const STEP = 0.4;
/** Where the box ends, in units of a. */
const REACH = 2.2;
/** The barrier's full width at half height, in units of a. */
const WIDTH = 2 * Math.sqrt(1 - Math.sqrt(0.5));

const TALL = 7;
const LOW = 3;
const THIN = 1;
const WIDE = 4;
export const BARRIERS: readonly Barrier[] = [
  ...[THIN, 1.4, 2, 2.8].map((width) => ({ height: TALL, width, dim: 1 })),
  ...[THIN, 1.4, 2, 2.8].map((width) => ({ height: LOW, width, dim: 1 })),
  { height: TALL, width: THIN, dim: 4 },
  { height: LOW, width: WIDE, dim: 4 },
  { height: LOW, width: WIDE, dim: 1 },
];

/**
 * Crosses every barrier with every dynamics, and judges H8 at the first and the last of the barriers: quantum dynamics is
 * to cross the first sooner than thermal, and the last later.
 */
export async function tunneling(options: TunnelingOptions = {}): Promise<Tunneling> {
  const { barriers = BARRIERS, seeds = 100, budget = 2e5, seed = 0 } = options;
  checkOptions(barriers, seeds, budget);
  const rows: BarrierRow[] = [];
  for (const barrier of barriers) {
    const well = doubleWell(barrier);
    const found = await rates(barrier);
    const costs = DYNAMICS.map((dynamics) =>
      Float64Array.from({ length: seeds }, (_, k) => cross(dynamics, barrier, well, budget, seed + k)),
    );
    const passages = DYNAMICS.map((dynamics, i) => crossing(dynamics, costs[i], costs[0], budget, fold(key(seed), i)));
    rows.push({ ...barrier, dt: stepOf(barrier), ...found, passages });
  }
  return { D, rows, ...verdictOf(rows[0], rows[rows.length - 1]), seeds, budget };
}

function checkOptions(barriers: readonly Barrier[], seeds: number, budget: number): void {
  if (barriers.length === 0) throw inputError("barriers", "are none", "give at least one { height, width, dim }");
  for (const { height, width, dim } of barriers)
    if (!(height > 0 && width > 0 && Number.isSafeInteger(dim) && dim > 0 && Number.isFinite(height * width)))
      throw inputError("barriers", `one has height ${height}, width ${width}, dim ${dim}`, "all three lie above 0");
  if (!(Number.isSafeInteger(seeds) && seeds > 0)) throw inputError("seeds", `${seeds} is not a whole number above 0`);
  if (!(budget >= POPULATION && budget < Number.POSITIVE_INFINITY))
    throw inputError("budget", `${budget} evaluations`, `give at least ${POPULATION}, those of one step`);
}

/** h((x₁/a)² − 1)² + ½k Σ_{j>1} x_j², with the curvature k of the wells along the other axes. */
function doubleWell({ height: h, width, dim }: Barrier): Potential {
  const a = width / WIDTH;
  const k = (8 * h) / (a * a);
  return potential({
    name: "two wells",
    domain: box(dim, -REACH * a, REACH * a),
    value: (x) => {
      let sum = h * ((x[0] / a) ** 2 - 1) ** 2;
      for (let j = 1; j < dim; j++) sum += 0.5 * k * x[j] * x[j];
      return sum;
    },
    gradient: (x, out) => {
      const u = x[0] / a;
      out[0] = (4 * h * u * (u * u - 1)) / a;
      let sum = h * (u * u - 1) ** 2;
      for (let j = 1; j < dim; j++) {
        out[j] = k * x[j];
        sum += 0.5 * k * x[j] * x[j];
      }
      return sum;
    },
  });
}

function stepOf({ height, width }: Barrier): number {
  return (STEP * width) / WIDTH / (4 * Math.sqrt(D * height));
}

/** The exact side, which the other axes leave as it is: they neither couple to x₁ nor hold lower excitations. */
async function rates(barrier: Barrier) {
  const line = doubleWell({ ...barrier, dim: 1 });
  const a = barrier.width / WIDTH;
  const options = { D, levels: 2, tolerance: 1e-9, box: [-REACH * a, REACH * a] as const };
  const { levels } = await spectrum(line, options);
  const { levels: thermal } = await spectrum(smoluchowski(line, D), options);
  const gap = levels[1] - levels[0];
  const relaxation = thermal[1] - thermal[0];
  // 2 √(ζ″(a) |ζ″(0)|) / 2π · e^{−h/D}, there and back
  const kramers = ((4 * Math.SQRT2 * barrier.height) / (Math.PI * a * a)) * Math.exp(-barrier.height / D);
  const times = { real: Math.PI / 3 / gap, imaginary: Math.LN2 / gap, thermal: Math.LN2 / relaxation };
  const cost = (time: number): number => (time / stepOf(barrier)) * POPULATION;
  const exact = { real: cost(times.real), imaginary: cost(times.imaginary), thermal: cost(times.thermal) };
  return { gap, relaxation, kramers, times, exact };
}

/** Evaluations until the share that has crossed is a quarter of the walkers or chains, or half of the ring. */
function cross(dynamics: Dynamics, barrier: Barrier, well: Potential, budget: number, seed: number): number {
  const { engine, state, share } = started(dynamics, barrier, well, fold(key(seed), 0));
  const dt = stepOf(barrier);
  const answer = answering(well);
  const root = fold(key(seed), 1);
  for (let index = 0, spent = 0; spent < budget; index++) {
    answerAll(engine.step(state as never, { D, dt, index, key: fold(root, index) }), answer);
    spent += POPULATION;
    if (beyond(engine, state) >= share) return spent;
  }
  return budget;
}

type Held = { readonly x: Float64Array; readonly value: Float64Array };
type Started = { readonly engine: Engine; readonly state: Held; readonly share: number };

/** An engine whose whole state stands at the bottom of the left well. */
function started(dynamics: Dynamics, barrier: Barrier, well: Potential, at: Key): Started {
  const made = engineFor(dynamics, barrier, well.domain);
  const state = answerAll(made.engine.init(well.domain, at), answering(well)) as Held;
  const dim = barrier.dim;
  for (let e = 0; e < state.x.length; e++) state.x[e] = e % dim === 0 ? -barrier.width / WIDTH : 0;
  state.value.fill(0);
  return { ...made, state };
}

function engineFor(dynamics: Dynamics, barrier: Barrier, { lower, upper }: Domain): { engine: Engine; share: number } {
  if (dynamics === "walkers")
    return { engine: walkers({ population: POPULATION, metric: "space" }) as Engine, share: 0.25 };
  if (dynamics === "pimc") return { engine: pimc({ beads: POPULATION, metric: "space" }) as Engine, share: 0.5 };
  const length = Math.sqrt(2 * D * stepOf(barrier)) / (upper[0] - lower[0]);
  return { engine: metropolis({ chains: POPULATION, rule: "metropolis", length }) as Engine, share: 0.25 };
}

function answering({ answer }: Potential): (query: Query) => Answer {
  // plain functions answer at once
  return (query) => answer(query) as Answer;
}

/** The share of a cloud beyond the top of the barrier. */
function beyond(engine: Engine, state: Held): number {
  const view = engine.view(state as never);
  if (view.kind !== "cloud") throw new Error("the engine shows no cloud");
  const { points, weight } = view;
  let share = 0;
  for (let i = 0; i < points.n; i++) if (points.x[i * points.dim] > 0) share += weight?.[i] ?? 1 / points.n;
  return share;
}

function crossing(dynamics: Dynamics, costs: Float64Array, thermal: Float64Array, budget: number, at: Key): Passage {
  const { estimate, low, high } = bootstrap(costs, median, at);
  // pairs are drawn together: the sample holds the numbers of the runs
  const runs = Float64Array.from(costs.keys());
  const ratio = (sample: Float64Array): number =>
    median(sample.map((k) => thermal[k])) / median(sample.map((k) => costs[k]));
  const lead = bootstrap(runs, ratio, fold(at, 1));
  const crossed = costs.filter((cost) => cost < budget).length / costs.length;
  return { dynamics, median: estimate, low, high, crossed, lead };
}

function verdictOf(tall: BarrierRow, low: BarrierRow): Pick<Tunneling, "verdict" | "reason"> {
  const exact = tall.times.real < tall.times.thermal && low.times.real > low.times.thermal;
  const quantum = DYNAMICS.slice(1);
  const leadOf = (row: BarrierRow, dynamics: Dynamics) => row.passages.find((c) => c.dynamics === dynamics)?.lead;
  const agrees = quantum.filter(
    (dynamics) => (leadOf(tall, dynamics)?.low ?? 0) > 1 && (leadOf(low, dynamics)?.high ?? 1) < 1,
  );
  const against = quantum.filter(
    (dynamics) => (leadOf(tall, dynamics)?.high ?? 1) < 1 || (leadOf(low, dynamics)?.low ?? 0) > 1,
  );
  const told = (row: BarrierRow): string =>
    `height ${row.height} D, width ${row.width}: real time ${(row.times.thermal / row.times.real).toPrecision(3)} × as fast as thermal, ` +
    quantum.map((dynamics) => `${dynamics} ${leadOf(row, dynamics)?.estimate.toPrecision(3)} ×`).join(", ");
  const reason = `${told(tall)}; ${told(low)}`;
  if (!exact) return { verdict: "fails", reason };
  if (agrees.length === quantum.length) return { verdict: "holds", reason };
  return { verdict: against.length > 0 ? "holds with correction" : "undecided", reason };
}
