/**
 * The packets engine's own time per evaluation: all of run() less the objective, over 10⁴ · d evaluations of an ellipsoid
 * of stiffnesses 1 … 10⁶ whose axes are coupled in pairs, so that every level has its turn; with the surrogate, where it is on,
 * and without; and what relaxation by gradients takes on thirteen atoms.
 */
import type { Stop } from "../src/core/meter.ts";
import { box, type Potential, potential } from "../src/core/problem.ts";
import { run, type Setup } from "../src/core/run.ts";
import { packets } from "../src/engines/packets/index.ts";
import { LARGEST_DIM } from "../src/engines/packets/surrogate.ts";
import { lennardJonesEntry } from "../src/potentials/lennard-jones.ts";
import { steady } from "../src/schedules/steady.ts";

const ROUNDS = 3;
const DIMENSIONS = [2, 5, 10, 20, 40, 100, 1000];
/** Evaluations of a run: 10⁴ · d, and less where that takes minutes. */
const budgetOf = (dim: number): number => (dim <= 40 ? 10_000 * dim : 100_000);

/** ζ = Σ 10^(6i/(d−1)) y_i² with y_i = (x_i + x_{i+1})/√2 − 0.3, and y_d = x_d − 0.3 (a ring of pairs would be singular in even d). */
function ellipsoid(dim: number): Potential {
  const stiffness = Float64Array.from({ length: dim }, (_, i) => 10 ** ((6 * i) / (dim - 1)));
  const value = (x: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < dim - 1; i++) sum += stiffness[i] * ((x[i] + x[i + 1]) * Math.SQRT1_2 - 0.3) ** 2;
    return sum + stiffness[dim - 1] * (x[dim - 1] - 0.3) ** 2;
  };
  return potential({ name: "ellipsoid", domain: box(dim, -5, 5), value });
}

type Row = Record<string, number | string>;

/** Milliseconds of a run, its evaluations, and how it ended. */
async function timed(setup: Setup): Promise<{ ms: number; evaluations: number; stop: Stop }> {
  const started = performance.now();
  const frames = run(setup);
  let next = await frames.next();
  while (!next.done) next = await frames.next();
  return { ms: performance.now() - started, evaluations: next.value.account.evaluations, stop: next.value.stop };
}

/** Milliseconds that a potential itself takes for n points. */
function bare({ answer, domain }: Potential, n: number): number {
  const dim = domain.lower.length;
  const x = new Float64Array(n * dim).fill(0.7);
  const started = performance.now();
  answer({ kind: "value", at: { n, dim, x } });
  return performance.now() - started;
}

/** µs per evaluation that the engine and run() may take for themselves, by dimension; and with the surrogate. */
const MUST: Readonly<Record<number, number>> = { 10: 5, 40: 25 };
const MUST_GUIDED = 50;

async function own(dim: number, guided: boolean): Promise<Row> {
  const well = ellipsoid(dim);
  const budget = budgetOf(dim);
  const times: number[] = [];
  for (let seed = 0; seed <= ROUNDS; seed++) {
    const engine = packets(guided ? {} : { without: ["surrogate"] });
    const setup = { potential: well, engine, schedule: steady({ D: 1, dt: 1 }), seed, budget };
    const { ms, evaluations } = await timed(setup);
    // the first round only warms up
    if (seed > 0) times.push((1000 * (ms - bare(well, evaluations))) / evaluations);
  }
  times.sort((a, b) => a - b);
  const median = times[ROUNDS >> 1];
  const must = guided ? MUST_GUIDED : MUST[dim];
  return {
    case: guided ? "ellipsoid, guided" : "ellipsoid",
    dim,
    "µs per evaluation": round(median),
    least: round(times[0]),
    most: round(times[ROUNDS - 1]),
    ...(must === undefined ? {} : { must: `≤ ${must} µs`, reached: judged(median <= must) }),
  };
}

const SEEDS = 10;
const MUST_HIT = 9;
const MUST_SECONDS = 30;

async function atoms(): Promise<Row> {
  const cluster = lennardJonesEntry.make({ atoms: 13 });
  const target = (cluster.truth?.minimum ?? 0) + 1e-6;
  const counts: number[] = [];
  const times: number[] = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const engine = packets({ gradients: true });
    const setup = { potential: cluster, engine, schedule: steady({ D: 1, dt: 1 }), seed, budget: 390_000, target };
    const { ms, evaluations, stop } = await timed(setup);
    times.push(ms / 1000);
    if (stop === "target reached") counts.push(evaluations);
  }
  counts.sort((a, b) => a - b);
  const longest = Math.max(...times);
  return {
    case: "13 atoms",
    dim: 39,
    found: `${counts.length} of ${SEEDS}`,
    "median evaluations": counts[counts.length >> 1] ?? "–",
    "mean s": round(times.reduce((sum, t) => sum + t, 0) / SEEDS),
    "most s": round(longest),
    must: `≥ ${MUST_HIT} of ${SEEDS}, each < ${MUST_SECONDS} s`,
    reached: judged(counts.length >= MUST_HIT && longest < MUST_SECONDS),
  };
}

function judged(reached: boolean): string {
  return reached ? "yes" : "no";
}

function round(v: number): number {
  return Number(v.toPrecision(3));
}

/** Rows of own time by dimension, then one of the thirteen atoms. */
export async function bench(): Promise<{ name: string; rows: Row[] }> {
  const rows: Row[] = [];
  for (const dim of DIMENSIONS) {
    rows.push(await own(dim, false));
    if (dim <= LARGEST_DIM) rows.push(await own(dim, true));
  }
  rows.push(await atoms());
  return {
    name: "packets: own time on an ellipsoid of stiffnesses 1 … 10⁶, objective excluded; thirteen Lennard-Jones atoms with gradients, everything included",
    rows,
  };
}
