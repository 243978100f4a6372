/**
 * Variables that are not real: packets beside scipy's differential evolution, which knows whole numbers, and, of choices,
 * optuna's TPE.
 *
 * - `mixed` and `whole`: BBOB's functions with a fifth each of their axes cut to so many values, evenly spread over the
 *   box, as COCO's mixed-integer suite does (T. Tušar, D. Brockhoff, N. Hansen, GECCO 2019); the function is moved so that
 *   its minimizer is a point of the lattice. Shares of the eight targets 10^{2, 1, 0, −1, −2, −3, −5, −8}.
 * - `choices`: sums over every choice of a table in it and two others, whose entries are uniform in [0, 1] (S. Kauffman's
 *   NK landscapes). Means of the least value.
 */
import { minimize } from "../src/index.ts";
import { fold, key, uniform } from "../src/math/rng.ts";
import { bbob, bbobFunctions } from "../src/potentials/bbob/index.ts";
import { converse, openPeer, versionOf } from "./peers/conversation.ts";

/** An objective of axes that are whole numbers 0 … n − 1, or reals (0), with its minimum where that is known. */
type Problem = {
  readonly levels: readonly number[];
  /** Whether the numbers of an axis have no order. */
  readonly choices: boolean;
  readonly value: (x: ArrayLike<number>) => number;
  readonly minimum: number;
};
/** The best values after each evaluation that improved them. */
type Fall = { at: number; best: number }[];

const KINDS: Readonly<Record<string, readonly number[]>> = {
  mixed: [2, 4, 8, 16, 0],
  whole: [4, 8, 16, 32, 64],
};
const DIMENSIONS = [5, 10, 20];
const INSTANCES = [1, 2, 3];
/** Evaluations over dim. */
const BUDGETS = [30, 100, 300, 1000];
const TARGETS = [2, 1, 0, -1, -2, -3, -5, -8].map((t) => 10 ** t);
const NETS = [
  [10, 6],
  [20, 4],
];
const NET_SEEDS = 10;
const NET_BUDGETS = [100, 300, 1000, 3000];
/** TPE takes tens of milliseconds for each evaluation. */
const SLOW = 300;
const HALF = 5;

/** BBOB function f on a lattice. */
function onLattice(f: number, dim: number, instance: number, kind: readonly number[]): Problem {
  const { answer, truth } = bbob(f, dim, instance);
  const argmin = truth?.argmin?.x ?? new Float64Array(dim);
  const levels = Array.from({ length: dim }, (_, j) => kind[Math.floor((kind.length * j) / dim)]);
  const value = (j: number, k: number): number => (2 * HALF * (k + 1)) / (levels[j] + 1) - HALF;
  const nearest = (j: number): number =>
    Math.min(levels[j] - 1, Math.max(0, Math.round(((argmin[j] + HALF) * (levels[j] + 1)) / (2 * HALF)) - 1));
  const moved = levels.map((n, j) => (n === 0 ? 0 : argmin[j] - value(j, nearest(j))));
  const at = new Float64Array(dim);
  return {
    levels,
    choices: false,
    minimum: truth?.minimum ?? 0,
    value: (x) => {
      for (let j = 0; j < dim; j++) at[j] = moved[j] + (levels[j] === 0 ? x[j] : value(j, x[j]));
      const told = answer({ kind: "value", at: { n: 1, dim, x: at } });
      if (told instanceof Promise) throw new Error("a potential that answers later");
      return told.value?.[0] ?? Number.NaN;
    },
  };
}

function net(n: number, options: number, seed: number): Problem {
  const tables = Array.from({ length: n }, (_, i) => fold(fold(key(seed), n), i));
  return {
    levels: new Array<number>(n).fill(options),
    choices: true,
    minimum: Number.NEGATIVE_INFINITY,
    value: (x) => {
      let sum = 0;
      for (let i = 0; i < n; i++)
        sum += uniform(tables[i], (x[i] * options + x[(i + 1) % n]) * options + x[(i + 3) % n]);
      return sum;
    },
  };
}

/** The objective, noting how it falls, and whether its budget is spent or its minimum reached. */
function watched({ value, minimum }: Problem, budget: number) {
  const fall: Fall = [];
  let asked = 0;
  const best = (): number => fall.at(-1)?.best ?? Number.POSITIVE_INFINITY;
  return {
    fall,
    over: (): boolean => asked >= budget || best() <= minimum + TARGETS[TARGETS.length - 1],
    value: (x: ArrayLike<number>): number => {
      const found = value(x);
      asked++;
      if (found < best()) fall.push({ at: asked, best: found });
      return found;
    },
  };
}

async function ours(p: Problem, seed: number, budget: number): Promise<Fall> {
  const { fall, value } = watched(p, budget);
  const names = p.levels.map((_, j) => `x${j}`);
  const spec = (n: number) => {
    if (n === 0) return [-HALF, HALF];
    return p.choices ? { choice: Array.from({ length: n }, (_, k) => k) } : { integer: [0, n - 1] };
  };
  const variables = Object.fromEntries(p.levels.map((n, j) => [names[j], spec(n)]));
  const target = p.minimum + TARGETS[TARGETS.length - 1];
  const until = Number.isFinite(target) ? { target } : {};
  await minimize((v: Record<string, unknown>) => value(names.map((name) => Number(v[name]))), {
    ...{ variables: variables as never, seed, budget },
    ...until,
  });
  return fall;
}

async function theirs(name: string, p: Problem, seed: number, budget: number): Promise<Fall> {
  const peer = openPeer();
  const { fall, over, value } = watched(p, budget);
  const dim = p.levels.length;
  const task = { peer: name, dim, lower: -HALF, upper: HALF, seed: [seed, dim], budget, levels: p.levels };
  await converse(peer, task, (x, out) => {
    if (over()) return false;
    out[0] = value(x);
    return true;
  });
  peer.stdin?.end();
  return fall;
}

type Row = Record<string, number | string>;

const bestAfter = (fall: Fall, n: number): number =>
  fall.findLast(({ at }) => at <= n)?.best ?? Number.POSITIVE_INFINITY;

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Shares of the targets, ours beside those of a peer that is present. */
async function lattices(kind: string, dim: number, peer: string | undefined): Promise<Row> {
  const budget = BUDGETS[BUDGETS.length - 1] * dim;
  const falls: { minimum: number; ours: Fall; theirs: Fall }[] = [];
  for (let f = 1; f <= bbobFunctions.length; f++)
    for (const instance of INSTANCES) {
      const p = onLattice(f, dim, instance, KINDS[kind]);
      const other = peer === undefined ? [] : await theirs(peer, p, instance, budget);
      falls.push({ minimum: p.minimum, ours: await ours(p, 0, budget), theirs: other });
    }
  const share = (of: "ours" | "theirs", n: number): string =>
    mean(
      falls.map((one) => TARGETS.filter((t) => bestAfter(one[of], n) <= one.minimum + t).length / TARGETS.length),
    ).toFixed(3);
  const cell = (b: number): string =>
    peer === undefined ? share("ours", b * dim) : `${share("ours", b * dim)} : ${share("theirs", b * dim)}`;
  const cells = BUDGETS.map((b) => [`${b} d`, cell(b)]);
  return { problem: `${kind}, d = ${dim}`, of: "targets", ...Object.fromEntries(cells) };
}

async function nets(n: number, options: number, peers: readonly string[]): Promise<Row[]> {
  const most = NET_BUDGETS[NET_BUDGETS.length - 1];
  const falls: Record<string, Fall[]> = { packets: [] };
  for (let seed = 0; seed < NET_SEEDS; seed++) {
    const p = net(n, options, seed);
    falls.packets.push(await ours(p, seed, most));
    for (const peer of peers) {
      falls[peer] ??= [];
      falls[peer].push(await theirs(peer, p, seed, peer.startsWith("optuna") ? SLOW : most));
    }
  }
  return Object.entries(falls).map(([name, of]) => {
    const cell = (b: number): string =>
      name.startsWith("optuna") && b > SLOW ? "–" : mean(of.map((fall) => bestAfter(fall, b))).toFixed(3);
    const cells = NET_BUDGETS.map((b, i) => [`${BUDGETS[i]} d`, cell(b)]);
    return {
      problem: `${n} choices of ${options}: ${name}`,
      of: `least value after ${NET_BUDGETS.join(", ")}`,
      ...Object.fromEntries(cells),
    };
  });
}

export async function bench(): Promise<{ name: string; rows: Row[] }> {
  const present = (peer: string): string[] => (versionOf(peer) === undefined ? [] : [peer]);
  const [de] = present("de-levels");
  const rows: Row[] = [];
  for (const kind of Object.keys(KINDS)) for (const dim of DIMENSIONS) rows.push(await lattices(kind, dim, de));
  const peers = [...present("de-levels"), ...present("optuna-tpe-choices")];
  for (const [n, options] of NETS) rows.push(...(await nets(n, options, peers)));
  const beside =
    peers.length === 0 ? "peers are absent" : peers.map((peer) => `${peer} (${versionOf(peer)})`).join(", ");
  return { name: `mixed: variables that are not real; packets : ${beside}`, rows };
}
