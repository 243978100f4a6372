/**
 * What remains of a contestant's trials for others to be held against: how much of each problem it solved, and its
 * distributions. Two standings are compared problem by problem (paired bootstrap over function and instance).
 */
import { fold, type Key } from "../math/rng.ts";
import { bootstrap, mean } from "../math/stats.ts";
import { type BbobGroup, bbobFunctions } from "../potentials/bbob/index.ts";
import type { BbobRow, TrialHits } from "./bbob.ts";
import { area, average, BUDGETS, type Hits, solvedShare, targets } from "./ecdf.ts";

/** One problem, over all seeds; without an instance it stands for each. */
export type Cell = {
  readonly f: number;
  readonly instance?: number;
  /** The share of eight targets solved at each budget of the score. */
  readonly solved: readonly number[];
  readonly auc: number;
};

export type Standing = {
  readonly name: string;
  readonly dim: number;
  /** Evaluations over dim, to which `auc` and the curves go. */
  readonly budget: number;
  readonly cells: readonly Cell[];
  /** The share of 51 targets reached after 10^{k/10} · dim evaluations, k = 0, 1, …, for each group and all. */
  readonly curves: Readonly<Partial<Record<BbobGroup | "all", readonly number[]>>>;
};

export type Comparison = {
  readonly engine: string;
  readonly peer: string;
  readonly dim: number;
  /** `solved` at the budget, or the `auc` up to it; evaluations over dim. */
  readonly measure: "solved" | "auc";
  readonly budget: number;
  readonly ours: number;
  readonly theirs: number;
  /** ours − theirs with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** `not below` where the interval holds 0. */
  readonly verdict: "above" | "not below" | "below";
};

/** The standing of a row. */
export function standingOf({ engine, dim, budget, budgets, trials }: BbobRow): Standing {
  const cells = [...grouped(trials, ({ f, instance }) => `${f} ${instance}`).values()].map(
    (same): Cell => ({
      f: same[0].f,
      instance: same[0].instance,
      solved: budgets.map((b) => average(same, ({ hits }) => solvedShare(hits, b * dim))),
      auc: average(same, ({ hits }) => area(hits, dim, budget)),
    }),
  );
  const curves: Partial<Record<BbobGroup | "all", readonly number[]>> = { all: curve(trials, dim, budget) };
  for (const [group, own] of grouped(trials, ({ f }) => bbobFunctions[f - 1].group))
    curves[group] = curve(own, dim, budget);
  return { name: engine, dim, budget, cells, curves };
}

const PER_DECADE = 10;

/** The evaluations over dim at which a curve of a standing has its points. */
export function abscissae(budget: number): number[] {
  const count = Math.floor(PER_DECADE * Math.log10(budget) + 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => 10 ** (k / PER_DECADE));
}

function curve(trials: readonly TrialHits[], dim: number, budget: number): number[] {
  return abscissae(budget).map((b) => average(trials, ({ hits }) => reachedShare(hits, b * dim)));
}

function reachedShare(hits: Hits, evaluations: number): number {
  return average(targets, (_, t) => (hits[t] <= evaluations ? 1 : 0));
}

/**
 * One standing against another on the problems that both have: at each budget of both, and over all where their
 * budgets are the same.
 * @param key of the resamples
 * @returns nothing where they share no problem
 */
export function against(ours: Standing, theirs: Standing, key: Key, resamples = 2000): Comparison[] {
  const pairs = ours.cells.flatMap((cell) => {
    const other = theirs.cells.find((c) => c.f === cell.f && (c.instance ?? cell.instance) === cell.instance);
    return other === undefined ? [] : [[cell, other] as const];
  });
  if (pairs.length === 0) return [];
  const held = (measure: Comparison["measure"], budget: number, of: (cell: Cell) => number): Comparison => {
    const differences = Float64Array.from(pairs, ([a, b]) => of(a) - of(b));
    const { estimate, low, high } = bootstrap(differences, mean, fold(key, budget), resamples);
    const verdict = low > 0 ? "above" : high < 0 ? "below" : "not below";
    const sides = { ours: average(pairs, ([a]) => of(a)), theirs: average(pairs, ([, b]) => of(b)) };
    const { name, dim } = ours;
    return {
      engine: name,
      peer: theirs.name,
      dim,
      measure,
      budget,
      ...sides,
      difference: estimate,
      low,
      high,
      verdict,
    };
  };
  const shared = BUDGETS.filter((b) => b <= Math.min(ours.budget, theirs.budget));
  return [
    ...shared.map((b, k) => held("solved", b, ({ solved }) => solved[k])),
    ...(ours.budget === theirs.budget ? [held("auc", ours.budget, ({ auc }) => auc)] : []),
  ];
}

/** Of comparisons with several peers, for each dimension, measure and budget the one in which the peer stands best. */
export function withBest(comparisons: readonly Comparison[]): Comparison[] {
  const same = grouped(comparisons, ({ engine, dim, measure, budget }) => `${engine} ${dim} ${measure} ${budget}`);
  return [...same.values()].map((some) => some.reduce((best, one) => (one.difference < best.difference ? one : best)));
}

function grouped<T, K>(items: readonly T[], of: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(of(item));
    if (group === undefined) groups.set(of(item), [item]);
    else group.push(item);
  }
  return groups;
}
