/**
 * How soon a minimizer reaches what targets: empirical distributions over trials and targets, the measure of COCO
 * (Hansen, Auger, Brockhoff, Tušar, "COCO: performance assessment", arXiv:1605.03560). A trial is its improvements
 * only; evaluations count in units of the dimension.
 */
import { inputError } from "../core/errors.ts";

/** One trial: after `evaluations[k]` evaluations, ascending from 1, the best value exceeded the minimum by `gap[k]`. */
export type Trace = { readonly evaluations: ArrayLike<number>; readonly gap: ArrayLike<number> };

export type Score = {
  /** Budgets over dim, ascending. */
  readonly budgets: readonly number[];
  /** At each, the fraction of (trial, target) solved, over eight targets. */
  readonly solved: readonly number[];
  /** Area under the distribution over 51 targets, in [0, 1], logarithmic from 1 to the budget. */
  readonly auc: number;
};

const BUDGETS = [10, 30, 100, 300, 1000, 3000, 10_000];
const EIGHT_TARGETS = [1e2, 1e1, 1, 1e-1, 1e-2, 1e-3, 1e-5, 1e-8];
/** 10^(2 − 0.2k), k = 0 … 50, to 15 digits: 10 ** −4 is a little below 1e-4 in V8, which a gap of 1e-4 would miss. */
const FINE_TARGETS = Array.from({ length: 51 }, (_, k) => Number((10 ** ((10 - k) / 5)).toPrecision(15)));

/**
 * The score of trials of one dimension, each (function, instance, seed) being one of them.
 * @param budget evaluations over dim, above 1
 * @throws where there is no trial, or the budget is not above 1
 */
export function score(traces: readonly Trace[], dim: number, budget: number): Score {
  if (traces.length === 0) throw inputError("score", "has no trials");
  if (!(budget > 1)) throw inputError("budget", `${budget} × dim is not above 1 × dim`);
  const budgets = BUDGETS.filter((b) => b <= budget);
  const hits = hitTimes(traces, EIGHT_TARGETS);
  const solved = budgets.map((b) => mean(hits, (hit) => (hit <= b * dim ? 1 : 0)));
  const auc = mean(hitTimes(traces, FINE_TARGETS), (hit) => logarithmicShare(hit / dim, budget));
  return { budgets, solved, auc };
}

/** What part of [1, budget], in logarithms, was left when the target was hit. */
function logarithmicShare(hit: number, budget: number): number {
  if (hit > budget) return 0;
  return 1 - Math.log(Math.max(1, hit)) / Math.log(budget);
}

/** The evaluations after which each trial reached each target, ∞ where it never did. */
function hitTimes(traces: readonly Trace[], targets: readonly number[]): Float64Array {
  const hits = new Float64Array(traces.length * targets.length).fill(Number.POSITIVE_INFINITY);
  traces.forEach(({ evaluations, gap }, trial) => {
    // gap and targets both descend: one pass over either
    for (let k = 0, t = 0; k < gap.length; k++)
      for (; t < targets.length && gap[k] <= targets[t]; t++) hits[trial * targets.length + t] = evaluations[k];
  });
  return hits;
}

function mean(hits: Float64Array, of: (hit: number) => number): number {
  return hits.reduce((sum, hit) => sum + of(hit), 0) / hits.length;
}
