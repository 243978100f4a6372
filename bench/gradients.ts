/**
 * Global minimization where gradients are exact: packets beside multistart L-BFGS-B (scipy). A value with its gradient
 * counts as one evaluation for both, a value alone as one, too. Solved: ζ ≤ minimum + 1e-6.
 *
 * The middle of its box is the minimizer of many a classic function, and no start may profit from that: the minimizer is
 * moved to a uniform point of the middle of the box; `turned` are the same with axes drawn at random, so that no sum over
 * axes is left; the minimizer of a `walled` one, a turned quadratic of condition 10⁶, lies on one or on half of the walls. Schwefel's and Michalewicz's functions fall below their minimum outside their boxes and stay as they are.
 */
import type { Entry, Params } from "../src/core/entry.ts";
import { box, type Potential, potential } from "../src/core/problem.ts";
import { run } from "../src/core/run.ts";
import { packets } from "../src/engines/packets/index.ts";
import { fold, key, uniform } from "../src/math/rng.ts";
import { bootstrap, mean } from "../src/math/stats.ts";
import { potentialEntries } from "../src/potentials/index.ts";
import { lennardJonesEntry } from "../src/potentials/lennard-jones.ts";
import { rotate, shift } from "../src/potentials/wrappers.ts";
import { steady } from "../src/schedules/steady.ts";
import { converse, openPeer, versionOf } from "./peers/conversation.ts";

const PEER = "lbfgsb-slopes";
/** Of functions, and of clusters, which differ only by their seed. */
const SEEDS = 5;
const CLUSTER_SEEDS = 20;
const DIMENSIONS = [2, 5, 10, 20];
const ATOMS = [7, 13, 19];
/** Evaluations over dim. */
const BUDGETS = [30, 100, 300, 1000];
const MOST = 1000;
const SOLVED = 1e-6;
/** The part of the box, about its middle, in which minimizers lie. */
const MIDDLE = 0.6;

const SUMS = ["ellipsoid", "rastrigin", "styblinski-tang"];
const COUPLED = ["rosenbrock", "ackley", "griewank", "levy", "zakharov", "dixon-price", "trid", "salomon"];
const STAYING = ["schwefel", "michalewicz"];

type Group = "sums" | "coupled" | "turned" | "walled" | "clusters";
type Problem = {
  readonly name: string;
  readonly group: Group;
  readonly dim: number;
  readonly make: (seed: number) => Potential;
};
/** The evaluations after which each of the two had solved a problem; ∞ where it did not. */
export type Trial = {
  readonly name: string;
  readonly group: Group;
  readonly dim: number;
  readonly seed: number;
  readonly ours: number;
  readonly theirs: number;
};

/** Every problem in `dim` dimensions. */
export function problems(dim: number): Problem[] {
  const at = (name: string, group: Group, make: (seed: number) => Potential): Problem => ({ name, group, dim, make });
  const plain = (name: string): Potential => entryOf(name).make({ dim });
  return [
    ...[...STAYING, ...SUMS].map((name) =>
      at(name, "sums", (seed) => (STAYING.includes(name) ? plain(name) : moved(plain(name), seed))),
    ),
    ...COUPLED.map((name) => at(name, "coupled", (seed) => moved(plain(name), seed))),
    ...[...SUMS, ...COUPLED].map((name) => at(name, "turned", (seed) => moved(plain(name), seed, true))),
    at("one wall", "walled", (seed) => walled(dim, 1, seed)),
    ...(dim > 3 ? [at("half of the walls", "walled", (seed) => walled(dim, dim >> 1, seed))] : []),
  ];
}

export function clusters(): Problem[] {
  return ATOMS.map((atoms) => ({
    name: `${atoms} atoms`,
    group: "clusters",
    dim: 3 * atoms,
    make: () => lennardJonesEntry.make({ atoms }),
  }));
}

function entryOf(name: string): Entry<Params, Potential> {
  const found = potentialEntries.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no potential '${name}'`);
  return found;
}

/** The same with its first minimizer at a point drawn by the seed, and turned about it. */
function moved(p: Potential, seed: number, turn = false): Potential {
  const { lower, upper } = p.domain;
  const argmin = p.truth?.argmin?.x ?? [];
  const draw = fold(key(seed), lower.length);
  const home = shift(
    p,
    lower.map((low, j) => (low + upper[j]) / 2 - argmin[j]),
  );
  const by = lower.map((low, j) => MIDDLE * (uniform(fold(draw, 1), j) - 0.5) * (upper[j] - low));
  return shift(turn ? rotate(home, fold(draw, 2)) : home, by);
}

/** Σ 10^{6a/(d−1)} (x_a − ½)² on [0, 1]ᵈ */
function bowl(dim: number): Potential {
  const gradient = (x: Float64Array, out: Float64Array): number =>
    x.reduce((sum, v, a) => {
      const k = 10 ** ((6 * a) / (dim - 1));
      out[a] = 2 * k * (v - 0.5);
      return sum + k * (v - 0.5) ** 2;
    }, 0);
  const value = (x: Float64Array): number => gradient(x, new Float64Array(dim));
  return potential({ name: "bowl", domain: box(dim, 0, 1, "wall"), value, gradient });
}

/** Σ 10^{6a/(d−1)} (q_a · (x − c))² + Σ_j p_j (x_j − c_j) on [0, 1]ᵈ, where c lies on walls j that p presses against. */
function walled(dim: number, walls: number, seed: number): Potential {
  const draw = fold(fold(key(seed), dim), walls);
  const lower = (j: number): boolean => uniform(fold(draw, 2), j) < 0.5;
  const c = Float64Array.from({ length: dim }, (_, j) =>
    j >= walls ? 0.2 + 0.6 * uniform(fold(draw, 1), j) : lower(j) ? 0 : 1,
  );
  const press = c.map((_, j) => (j >= walls ? 0 : (lower(j) ? 100 : -100) * (1 + uniform(fold(draw, 3), j))));
  const turned = shift(
    rotate(bowl(dim), fold(draw, 4)),
    c.map((at) => at - 0.5),
  );
  const plane = (x: ArrayLike<number>): number => press.reduce((sum, p, j) => sum + p * (x[j] - c[j]), 0);
  return {
    ...turned,
    domain: box(dim, 0, 1, "wall"),
    truth: { minimum: 0 },
    answer: (query) => {
      const told = turned.answer(query);
      if (told instanceof Promise || told.value === undefined) throw new Error("a potential that answers later");
      const { n, x } = query.at;
      for (let i = 0; i < n; i++) {
        told.value[i] += plane(x.subarray(i * dim, (i + 1) * dim));
        press.forEach((p, j) => {
          if (told.gradient !== undefined) told.gradient[i * dim + j] += p;
        });
      }
      return told;
    },
  };
}

/** The same, noting the evaluation at which it is solved. */
function watched(p: Potential): { readonly potential: Potential; readonly solvedAt: () => number; asked(): number } {
  const target = (p.truth?.minimum ?? Number.NEGATIVE_INFINITY) + SOLVED;
  let [asked, solvedAt] = [0, Number.POSITIVE_INFINITY];
  return {
    solvedAt: () => solvedAt,
    asked: () => asked,
    potential: {
      ...p,
      answer: (query) => {
        const answer = p.answer(query);
        if (answer instanceof Promise) throw new Error("a potential that answers later");
        for (const value of answer.value ?? []) {
          asked++;
          if (value <= target) solvedAt = Math.min(solvedAt, asked);
        }
        return answer;
      },
    },
  };
}

async function ours(p: Potential, seed: number): Promise<number> {
  const { potential, solvedAt } = watched(p);
  const engine = packets({ gradients: true });
  const target = (p.truth?.minimum ?? Number.NEGATIVE_INFINITY) + SOLVED;
  const budget = MOST * p.domain.lower.length;
  const frames = run({ potential, engine, schedule: steady({ D: 1, dt: 1 }), seed, budget, target });
  while (!(await frames.next()).done);
  return solvedAt();
}

async function theirs(peer: ReturnType<typeof openPeer>, p: Potential, seed: number): Promise<number> {
  const { potential, solvedAt, asked } = watched(p);
  const { lower, upper } = p.domain;
  const dim = lower.length;
  const budget = MOST * dim;
  const task = { peer: PEER, dim, lower: lower[0], upper: upper[0], seed: [seed, dim], budget };
  await converse(peer, task, (x, out) => {
    if (solvedAt() < Infinity || asked() >= budget) return false;
    const answer = potential.answer({ kind: "gradient", at: { n: 1, dim, x } });
    if (answer instanceof Promise) throw new Error("a potential that answers later");
    out[0] = answer.value?.[0] ?? Number.NaN;
    out.set(answer.gradient ?? [], 1);
    return true;
  });
  return solvedAt();
}

/** Both minimizers on the problems; nothing of the peer where it is absent. */
export async function contest(given: readonly Problem[], peered: boolean): Promise<Trial[]> {
  const peer = peered ? openPeer() : undefined;
  const trials: Trial[] = [];
  for (const { name, group, dim, make } of given)
    for (let seed = 0; seed < (group === "clusters" ? CLUSTER_SEEDS : SEEDS); seed++) {
      const p = make(seed);
      const hits = { ours: await ours(p, seed), theirs: peer ? await theirs(peer, p, seed) : Number.NaN };
      trials.push({ name, group, dim, seed, ...hits });
    }
  peer?.stdin?.end();
  return trials;
}

type Row = Record<string, number | string>;

/** What share of the trials was solved: ours beside theirs. */
function row(problem: string, d: number | string, trials: readonly Trial[]): Row {
  const share = (of: "ours" | "theirs", budget: number): string =>
    (trials.filter((trial) => trial[of] <= budget * trial.dim).length / trials.length).toFixed(2);
  const cell = (budget: number): string =>
    Number.isNaN(trials[0].theirs) ? share("ours", budget) : `${share("ours", budget)} : ${share("theirs", budget)}`;
  return { problem, d, trials: trials.length, ...Object.fromEntries(BUDGETS.map((b) => [`${b} d`, cell(b)])) };
}

/** ours − theirs with its 95 % interval: a paired bootstrap over problem and seed. */
function differences(d: number | string, trials: readonly Trial[]): Row {
  const cell = (budget: number): string => {
    const solved = ({ ours, theirs, dim }: Trial): number => +(ours <= budget * dim) - +(theirs <= budget * dim);
    const { estimate, low, high } = bootstrap(Float64Array.from(trials, solved), mean, fold(key(0), budget), 2000);
    return `${signed(estimate)} (${signed(low)} … ${signed(high)})`;
  };
  const cells = Object.fromEntries(BUDGETS.map((b) => [`${b} d`, cell(b)]));
  return { problem: "ours − theirs", d, trials: trials.length, ...cells };
}

function signed(v: number): string {
  return `${v < 0 ? "−" : "+"}${Math.abs(v).toFixed(2)}`;
}

/** Rows by group and dimension, then of each problem over all dimensions. */
export function tabled(trials: readonly Trial[]): Row[] {
  const peered = !Number.isNaN(trials[0].theirs);
  const rows: Row[] = [];
  const flat = trials.filter(({ group }) => group !== "clusters");
  for (const dim of DIMENSIONS) {
    const here = flat.filter((trial) => trial.dim === dim);
    for (const group of ["sums", "coupled", "turned", "walled"])
      rows.push(
        row(
          group,
          dim,
          here.filter((trial) => trial.group === group),
        ),
      );
    if (peered) rows.push(differences(dim, here));
  }
  const clustered = trials.filter(({ group }) => group === "clusters");
  for (const [label, some] of [
    ["functions", flat],
    ["clusters", clustered],
  ] as const) {
    rows.push(row(label, "all", some));
    if (peered) rows.push(differences("all", some));
  }
  const names = [...new Set(trials.map(({ name, group }) => `${name}|${group}`))];
  for (const one of names) {
    const some = trials.filter(({ name, group }) => `${name}|${group}` === one);
    const [name, group] = one.split("|");
    rows.push(row(group === "turned" ? `${name}, turned` : name, group === "clusters" ? some[0].dim : "all", some));
  }
  return rows;
}

export async function bench(): Promise<{ name: string; rows: Row[] }> {
  const version = versionOf(PEER);
  const given = [...DIMENSIONS.flatMap(problems), ...clusters()];
  const rows = tabled(await contest(given, version !== undefined));
  const beside =
    version === undefined ? "the peer is absent: install python3-scipy" : `packets : multistart L-BFGS-B (${version})`;
  return { name: `gradients: the share of (problem, seed) solved to minimum + ${SOLVED}; ${beside}`, rows };
}
