/**
 * The account of a run: every answer passes here once. It counts evaluations, keeps the best point, turns what is
 * not finite into +∞, and says when to stop.
 */
import { slice } from "./ask.ts";
import type { Answer, Failure, Points, Query } from "./problem.ts";

/** How a run ended. */
export type Stop =
  | "schedule ended"
  | "space exhausted"
  | "target reached"
  | "stalled"
  | "budget spent"
  | "time spent"
  | "aborted"
  | "diverged"
  | "evaluator failed";

/** Where a run may end; what is left out does not end it. `budget` and `stall` count evaluations, `time` seconds. */
export type Limits = {
  readonly budget?: number;
  readonly target?: number;
  readonly time?: number;
  /** Evaluations without a better value. */
  readonly stall?: number;
};

export type Best = { readonly value: number; readonly x: Float64Array };

/** What has been spent and found; plain data, so that it is part of a checkpoint. */
export type Account = {
  readonly evaluations: number;
  /** Points answered, whatever they cost. */
  readonly points: number;
  /** Of these, points whose gradient was asked. */
  readonly gradients: number;
  /** Values that were not finite, failures included. */
  readonly nonfinite: number;
  readonly failures: number;
  /** The first few reasons of failures, with their counts. */
  readonly reasons: { readonly [reason: string]: number };
  /** +∞ and empty until a finite value is seen. */
  readonly best: { readonly value: number; readonly x: Float64Array };
  /** The evaluation at which the best was found. */
  readonly bestAt: number;
};

export const freshAccount: Account = {
  evaluations: 0,
  points: 0,
  gradients: 0,
  nonfinite: 0,
  failures: 0,
  reasons: {},
  best: { value: Number.POSITIVE_INFINITY, x: new Float64Array(0) },
  bestAt: 0,
};

const REASONS_KEPT = 8;
// without one finite value: failures (the objective is broken) are believed sooner than infinities (a small feasible set)
const PATIENCE_FAILED = 20;
const patienceInfinite = (dim: number): number => 100 + 10 * dim;

export interface Meter {
  account(): Account;
  /** The part of a query that the budget still pays for; null when it pays for nothing. */
  afford(query: Query): Query | null;
  /** Books an answer; the values of what returns are finite or +∞. */
  book(query: Query, answer: Answer): Answer;
  /** The reason to stop that the account itself gives. */
  stop(): Stop | undefined;
}

/**
 * The meter of one run.
 * @param limits where to stop
 * @param dim dimension of the points
 * @param gradientCost evaluations that one gradient costs
 * @param from what was spent before
 */
export function meter(limits: Limits, dim: number, gradientCost: number, from: Account = freshAccount): Meter {
  const account: { -readonly [K in keyof Account]: Account[K] } = { ...from };
  const budget = limits.budget ?? Number.POSITIVE_INFINITY;

  const keep = (at: Points, index: number, value: number, evaluations: number): void => {
    account.best = { value, x: at.x.slice(index * at.dim, (index + 1) * at.dim) };
    account.bestAt = evaluations;
  };

  return {
    account: () => ({ ...account }),

    afford(query) {
      const left = Math.floor((budget - account.evaluations) / cost(query, gradientCost));
      if (left >= query.at.n) return query;
      return left <= 0 ? null : slice(query, 0, left);
    },

    book(query, answer) {
      const each = cost(query, gradientCost);
      const value = answer.value;
      if (value !== undefined) {
        for (let i = 0; i < answer.n; i++) {
          if (!Number.isFinite(value[i])) {
            account.nonfinite++;
            value[i] = Number.POSITIVE_INFINITY;
          } else if (value[i] < account.best.value) keep(query.at, i, value[i], account.evaluations + (i + 1) * each);
        }
      }
      account.evaluations += answer.n * each;
      account.points += answer.n;
      if (query.kind === "gradient") account.gradients += answer.n;
      if (answer.failures !== undefined) {
        account.failures += answer.failures.length;
        account.reasons = tally(account.reasons, answer.failures);
      }
      return answer;
    },

    stop() {
      const { best, points, nonfinite, failures, evaluations, bestAt } = account;
      if (limits.target !== undefined && best.value <= limits.target) return "target reached";
      if (best.value === Number.POSITIVE_INFINITY && points > 0 && nonfinite === points) {
        if (points >= (failures === points ? PATIENCE_FAILED : patienceInfinite(dim)) || evaluations >= budget)
          return "diverged";
      }
      if (evaluations >= budget) return "budget spent";
      if (limits.stall !== undefined && evaluations - bestAt >= limits.stall) return "stalled";
      return undefined;
    },
  };
}

function cost(query: Query, gradientCost: number): number {
  return query.kind === "gradient" ? gradientCost : 1;
}

/** The reasons with those of further failures counted in; past the first few kinds they count as "other". */
export function tally(reasons: Account["reasons"], failures: readonly Failure[]): Account["reasons"] {
  const next: Record<string, number> = { ...reasons };
  for (const { reason } of failures) {
    const known = Object.hasOwn(next, reason) || Object.keys(next).length < REASONS_KEPT;
    const name = known ? reason : "other";
    next[name] = (next[name] ?? 0) + 1;
  }
  return next;
}
