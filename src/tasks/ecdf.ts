/**
 * How soon a minimizer reaches what targets: empirical distributions over trials and targets, the measure of COCO
 * (Hansen, Auger, Brockhoff, Tušar, "COCO: performance assessment", arXiv:1605.03560). A trial is the evaluations at
 * which it hit its targets; they count in units of the dimension.
 */
import { inputError } from "../core/errors.ts";

/** One trial: after `evaluations[k]` evaluations, ascending from 1, the best value exceeded the minimum by `gap[k]`. */
export type Trace = { readonly evaluations: ArrayLike<number>; readonly gap: ArrayLike<number> };

/** The evaluations after which a trial reached each of the 51 targets, ∞ where it never did. */
export type Hits = ArrayLike<number>;

export type Score = {
  /** Budgets over dim, ascending. */
  readonly budgets: readonly number[];
  /** At each, the fraction of (trial, target) solved, over eight targets. */
  readonly solved: readonly number[];
  /** Area under the distribution over 51 targets, in [0, 1], logarithmic from 1 to the budget. */
  readonly auc: number;
};

/** Budgets over dim at which the score is told. */
export const BUDGETS = [10, 30, 100, 300, 1000, 3000, 10_000];
/** 10^(2 − 0.2k), k = 0 … 50, to 15 digits: 10 ** −4 is a little below 1e-4 in V8, which a gap of 1e-4 would miss. */
export const targets = Array.from({ length: 51 }, (_, k) => Number((10 ** ((10 - k) / 5)).toPrecision(15)));
/** Where 10^{2, 1, 0, −1, −2, −3, −5, −8} stand among the 51. */
export const EIGHT = [0, 5, 10, 15, 20, 25, 35, 50];

/** When a trial hit its targets. */
export function hitsOf({ evaluations, gap }: Trace): Float64Array {
  const hits = new Float64Array(targets.length).fill(Number.POSITIVE_INFINITY);
  // gap and targets both descend: one pass over either
  for (let k = 0, t = 0; k < gap.length; k++)
    for (; t < targets.length && gap[k] <= targets[t]; t++) hits[t] = evaluations[k];
  return hits;
}

/**
 * The score of trials of one dimension, each (function, instance, seed) being one of them.
 * @param budget evaluations over dim, above 1
 * @throws where there is no trial, or the budget is not above 1
 */
export function score(trials: readonly Hits[], dim: number, budget: number): Score {
  if (trials.length === 0) throw inputError("score", "has no trials");
  if (!(budget > 1)) throw inputError("budget", `${budget} × dim is not above 1 × dim`);
  const budgets = BUDGETS.filter((b) => b <= budget);
  return {
    budgets,
    solved: budgets.map((b) => average(trials, (hits) => solvedShare(hits, b * dim))),
    auc: average(trials, (hits) => area(hits, dim, budget)),
  };
}

/** The share of the eight targets that a trial has reached after so many evaluations. */
export function solvedShare(hits: Hits, evaluations: number): number {
  return average(EIGHT, (t) => (hits[t] <= evaluations ? 1 : 0));
}

/** The area under one trial's distribution over the 51 targets. */
export function area(hits: Hits, dim: number, budget: number): number {
  return average(targets, (_, t) => logarithmicShare(hits[t] / dim, budget));
}

/** What part of [1, budget], in logarithms, was left when the target was hit. */
function logarithmicShare(hit: number, budget: number): number {
  if (hit > budget) return 0;
  return 1 - Math.log(Math.max(1, hit)) / Math.log(budget);
}

/** The mean of a number over items. */
export function average<T>(items: readonly T[], of: (item: T, index: number) => number): number {
  return items.reduce((sum, item, i) => sum + of(item, i), 0) / items.length;
}
