/**
 * The levels of approximation on one problem, each as it is used elsewhere: walkers without a guide (they sample ψ), the best
 * packet (|ψ|²), and chains that see slopes or values (e^{−ζ/D}). Each gives an energy with its error and where its mass is.
 */
import type { Potential } from "../../core/problem.ts";
import { run } from "../../core/run.ts";
import { dmc } from "../../engines/dmc/index.ts";
import { autocorrelationTime, mean, variance } from "../../math/index.ts";
import { effectiveDraws } from "../../math/mixing.ts";
import { steady } from "../../schedules/steady.ts";
import { levels as zetaOf } from "../draws.ts";
import { type Beginning, beginning } from "../guiding.ts";
import { variational } from "../relaxed.ts";
import { sampling } from "../sampling.ts";
import { areTrusted } from "../sampling-warnings.ts";
import { walks } from "../walks.ts";
import { columnsOf, type LawName, type Mass, massOfDraws, massOfGaussian } from "./laws.ts";
import { costOf, priced } from "./priced.ts";

/** What a level finds by itself; it is held against its partner elsewhere. */
export type Found = Mass & {
  readonly level: string;
  readonly law: LawName;
  /** E₀ where the law is that of a ground state, ⟨ζ⟩ under e^{−ζ/D}. */
  readonly energy: number;
  /** One standard error; null where it could not be told. */
  readonly error: number | null;
  /** Draws of each coordinate; a Gaussian has none. */
  readonly draws: readonly Float64Array[] | null;
  /** How many independent draws these are worth, for each coordinate. */
  readonly worth: readonly number[];
  /** Whether its error bars mean something. */
  readonly trusted: boolean;
  readonly remarks: readonly string[];
};

export type LevelRun = {
  readonly D: number;
  readonly seed: number;
  /** What a level may cost, in evaluations; a packet comes to rest by itself. */
  readonly budget: number;
  readonly signal?: AbortSignal | undefined;
};

/** Walkers: fewer tell less than they cost, and with a small budget there are not more. */
const WALKERS = 500;
const FEW = 400;
const EACH = 1000;
/** The share of the budget that energy takes; the rest shows where walkers are. */
const ENERGY = 0.75;
/** Smaller than any error that the budget allows. */
const TINY = 1e-12;
/** Looks at the walkers, evenly over all steps but the first share. */
const LOOKS = 50;
const SETTLING = 0.2;
/** The share of a chain that is warm-up, and draws kept of it. */
const WARMUP = 0.2;
const SAMPLES = 4000;
const CHAINS = 16;
/** Replica exchange: so many D's, and chains at each. */
const RUNGS = 8;
const REPLICAS = 4;

/** Diffusion Monte Carlo without a guide: the energy extrapolated, and where its walkers are at its middle step. */
export async function walkersLevel(potential: Potential, run: LevelRun): Promise<Found> {
  const { D, seed, signal, budget } = run;
  const asked = priced(potential);
  const first = await beginning(asked.potential, { D, seed, guide: "none", budget });
  const walkers = Math.min(WALKERS, Math.max(FEW, Math.floor(budget / EACH)));
  const left = budget - costOf(asked.bill);
  const { energy, error, warnings, walk } = await walks(
    asked.potential,
    { D, seed, walkers, budget: ENERGY * left, error: TINY },
    { signal },
    first,
  );
  // the step between: what is left of its bias is below the noise, and walkers forget where they began in half the steps
  const dt = 2 * Math.min(...walk.rows.map((row) => row.dt));
  const draws = await walked(potential, run, first, { walkers, dt, budget: budget - costOf(asked.bill) });
  return {
    ...{ level: "walkers", law: "ψ", energy, error, draws, remarks: warnings },
    ...massOfDraws(draws),
    worth: draws.map(worthOfLooks),
    trusted: true,
  };
}

/** Where walkers are, look after look, for so many evaluations. */
async function walked(
  potential: Potential,
  { D, seed, signal }: LevelRun,
  { start, unit }: Beginning,
  { walkers, dt, budget }: { readonly walkers: number; readonly dt: number; readonly budget: number },
): Promise<Float64Array[]> {
  const engine = dmc({ population: walkers, memory: unit, start });
  const setup = { potential, engine, schedule: steady({ D, dt }), seed: seed + 1 };
  const steps = Math.max(LOOKS, Math.floor(budget / walkers));
  const settled = Math.ceil(SETTLING * steps);
  const between = Math.max(1, Math.floor((steps - settled) / LOOKS));
  const looks: Float64Array[][] = [];
  for await (const { index, view, info } of run(setup, signal === undefined ? {} : { signal })) {
    if (looks.length === LOOKS || info.population === 0) break;
    const seen = index >= settled && (index - settled) % between === 0 ? view() : undefined;
    if (seen?.kind === "cloud") looks.push(columnsOf(seen.points));
  }
  const dim = potential.domain.lower.length;
  return Array.from({ length: dim }, (_, j) => joined(looks.map((columns) => columns[j])));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** What looks at a cloud are worth: by how the mean of the cloud scatters from look to look. */
function worthOfLooks(column: Float64Array): number {
  const size = Math.floor(column.length / LOOKS);
  if (size < 1) return 0;
  const means = Float64Array.from({ length: LOOKS }, (_, k) => mean(column.subarray(k * size, (k + 1) * size)));
  const forget = autocorrelationTime(means);
  return Math.min(
    column.length,
    (variance(column) / variance(means)) * (LOOKS / (Number.isNaN(forget) ? 1 : Math.max(1, forget))),
  );
}

/** The best single packet: an upper bound of E₀. */
export async function packetsLevel(potential: Potential, { D, seed, budget }: LevelRun): Promise<Found> {
  const { mean: center, covariance, energy, error, settled } = await variational(potential, D, seed, budget);
  return {
    ...{ level: "packets", law: "|ψ|²", energy, error, draws: null, worth: [], trusted: true },
    ...massOfGaussian(center, covariance),
    remarks: settled ? [] : ["the packet did not come to rest: a better one may exist"],
  };
}

/** Chains of one sampler: their law is e^{−ζ/D}. */
export async function chainsLevel(
  engine: string,
  price: number,
  potential: Potential,
  { D, seed, budget, signal }: LevelRun,
): Promise<Found> {
  const isReplica = engine === "replica";
  const [chains, set] = isReplica ? [REPLICAS, { rungs: RUNGS }] : [CHAINS, {}];
  const each = Math.floor(budget / (price * chains * (isReplica ? RUNGS : 1)));
  const steps = Math.max(10, Math.floor((1 - WARMUP) * each));
  const options = { D, seed, engine, chains, set, n: SAMPLES, steps, warmup: Math.max(0, each - steps) };
  const { ess, rhat, warnings, run: ran } = await sampling(potential, options, signal === undefined ? {} : { signal });
  if (ran === undefined) throw new Error(`${engine} runs no chains`);
  const { draws } = ran;
  const zeta = zetaOf(draws);
  const columns = columnsOf({ n: draws.x.length / draws.dim, dim: draws.dim, x: draws.x });
  return {
    ...{ level: engine, law: "e^(−ζ/D)", energy: mean(zeta.values), draws: columns, worth: ess, remarks: warnings },
    error: Math.sqrt(variance(zeta.values) / effectiveDraws(zeta)),
    trusted: areTrusted({ rhat, ess }),
    ...massOfDraws(columns),
  };
}
