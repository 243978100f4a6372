/**
 * The account of a run: every answer passes here once. It counts evaluations, keeps the best point, turns what is
 * not finite into +∞, and says when to stop.
 */
import { slice } from "./ask.ts";
import {
  askAgain,
  type Doubt,
  deviation,
  doubted,
  freshDoubt,
  incumbentOf,
  isSurelyBelow,
  type Noise,
} from "./doubt.ts";
import { type Feasibility, freshFeasibility, penalize, pricesOf } from "./feasible.ts";
import { copy } from "./plain.ts";
import type { Answer, Failure, Points, Potential, Query } from "./problem.ts";
import { realSpace } from "./space.ts";

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
  /** Whether values are in doubt; they are not where it is left out. */
  readonly noise?: Noise;
};

export type Best = {
  readonly value: number;
  readonly x: Float64Array;
  /** Where values are in doubt: one standard error of the value, and of how many repeats it is the mean. */
  readonly error?: number;
  readonly repeats?: number;
};

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
  /** Of the failures, those whose value was a number, where there were any. */
  readonly numbers?: number;
  /** The first few reasons of failures, with their counts. */
  readonly reasons: { readonly [reason: string]: number };
  /** +∞ and empty until a finite value is seen. */
  readonly best: Best;
  /** The evaluation at which the best was found. */
  readonly bestAt: number;
  /** Further attempts at points that had failed. */
  readonly retries?: number;
  /** Where there are constraints: what is known of them. */
  readonly feasibility?: Feasibility;
  /** Where values are in doubt: what was asked again. */
  readonly doubt?: Doubt;
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

/** What a meter has to know of a potential. */
export type Metered = Pick<Potential, "domain" | "space" | "couplings" | "gradientCost">;

const REASONS_KEPT = 8;
// without one finite value: failures (the objective is broken, and each may be costly) are believed sooner than numbers
// that are not finite (a small feasible set: of uniform looks in the plane, one in four thousand runs misses a hundredth
// of it)
const PATIENCE = { failed: 100, infinite: 800, axis: 10 };

/** When a run without a finite value is given up. */
export const GIVEN_UP = `after ${PATIENCE.failed} + ${PATIENCE.axis} d failures, or ${PATIENCE.infinite} + ${PATIENCE.axis} d numbers that are not finite`;

export interface Meter {
  account(): Account;
  /** Evaluations so far. */
  spent(): number;
  /** The part of a query that the budget still pays for; null when it pays for nothing. */
  afford(query: Query): Query | null;
  /** Books an answer; the values of what returns are finite or +∞. */
  book(query: Query, answer: Answer): Answer;
  /** The number of constraints, where there are any. */
  constraints(): number | undefined;
  /** One standard deviation of the noise, 0 where there is none or none was seen yet. */
  noise(): number;
  /** The points to ask beside the engine's before going on, where values are in doubt. */
  again(): Points | undefined;
  /** The reason to stop that the account itself gives. */
  stop(): Stop | undefined;
}

/**
 * The meter of one run.
 * @param limits where to stop
 * @param potential what is evaluated: its domain or space, what couples its spins, and what a gradient costs
 * @param from what was spent before
 */
export function meter(limits: Limits, potential: Metered, from: Account = freshAccount): Meter {
  const { domain, couplings, gradientCost = 1 } = potential;
  const dim = domain.lower.length;
  const space = potential.space ?? realSpace(domain);
  const account: { -readonly [K in keyof Account]: Account[K] } = { ...from };
  const budget = limits.budget ?? Number.POSITIVE_INFINITY;

  // grown in place
  if (from.feasibility !== undefined) account.feasibility = copy(from.feasibility);
  if (from.doubt !== undefined) account.doubt = copy(from.doubt);
  if (limits.noise !== undefined && account.doubt === undefined) {
    account.doubt = freshDoubt(limits.noise, couplings === undefined ? space : null);
    const { value, x } = account.best;
    if (value < Number.POSITIVE_INFINITY) doubted(account.doubt, space, { n: 1, dim: x.length, x }, 0, value);
  }

  const keep = (doubt: Doubt, evaluations: number): void => {
    const best = incumbentOf(doubt);
    if (best === undefined) return;
    const { value, x, error, repeats } = best;
    if (x.length !== account.best.x.length || x.some((v, j) => v !== account.best.x[j])) account.bestAt = evaluations;
    account.best = doubt.seen ? { value, x, error, repeats } : { value, x };
  };

  /** An allowed point. */
  const consider = (at: Points, i: number, value: number, evaluations: number): void => {
    if (!(value < account.best.value)) return;
    account.best = { value, x: at.x.slice(i * at.dim, (i + 1) * at.dim) };
    account.bestAt = evaluations;
  };

  /** All points of a query, where values are in doubt; the values are without penalties. */
  const question = (doubt: Doubt, at: Points, value: Float64Array, constraints: Float64Array | undefined): void => {
    const m = (constraints?.length ?? 0) / value.length;
    for (let i = 0; i < value.length; i++)
      doubted(doubt, space, at, i, value[i], constraints?.subarray(i * m, (i + 1) * m));
  };

  /** Penalizes what breaks constraints, where there are any; says which points are allowed. */
  const constrained = (at: Points, value: Float64Array, { n, constraints }: Answer): boolean[] | undefined => {
    if (constraints === undefined || constraints.length === 0 || n === 0) return undefined;
    account.feasibility ??= freshFeasibility(constraints.length / n);
    return penalize(account.feasibility, at, value, constraints);
  };

  return {
    // what grows in place is copied, so that an account stays what it was
    account: () => ({
      ...account,
      ...(account.feasibility === undefined ? {} : { feasibility: copy(account.feasibility) }),
      ...(account.doubt === undefined ? {} : { doubt: copy(account.doubt) }),
    }),

    spent: () => account.evaluations,

    afford(query) {
      const left = Math.floor((budget - account.evaluations) / cost(query, gradientCost));
      if (left >= query.at.n) return query;
      return left <= 0 ? null : slice(query, 0, left);
    },

    book(query, answer) {
      const each = cost(query, gradientCost);
      const value = answer.value?.subarray(0, answer.n);
      let booked = answer;
      if (value !== undefined) {
        for (let i = 0; i < value.length; i++) {
          if (Number.isFinite(value[i])) continue;
          account.nonfinite++;
          value[i] = Number.POSITIVE_INFINITY;
        }
        const bare = answer.constraints === undefined ? undefined : value.slice();
        const allowed = constrained(query.at, value, answer);
        if (bare !== undefined && account.feasibility !== undefined)
          booked = { ...answer, bare, prices: pricesOf(account.feasibility) };
        if (account.doubt === undefined) {
          for (let i = 0; i < value.length; i++)
            if (allowed?.[i] !== false) consider(query.at, i, value[i], account.evaluations + (i + 1) * each);
        } else {
          question(account.doubt, query.at, bare ?? value, answer.constraints);
          keep(account.doubt, account.evaluations + answer.n * each);
        }
      }
      account.evaluations += answer.n * each;
      account.points += answer.n;
      if (answer.retries !== undefined) account.retries = (account.retries ?? 0) + answer.retries;
      if (query.kind === "gradient") account.gradients += answer.n;
      if (answer.failures !== undefined) {
        account.failures += answer.failures.length;
        const numbers = answer.failures.filter(({ number }) => number === true).length;
        if (numbers > 0) account.numbers = (account.numbers ?? 0) + numbers;
        account.reasons = tally(account.reasons, answer.failures);
      }
      return booked;
    },

    constraints: () => account.feasibility?.worst.length,

    noise: () => (account.doubt?.seen === true ? deviation(account.doubt) : 0),

    again() {
      const { doubt, best, evaluations } = account;
      if (doubt === undefined) return undefined;
      return askAgain(doubt, space, evaluations, limits.target !== undefined && best.value <= limits.target);
    },

    stop() {
      const { best, points, nonfinite, failures, numbers = 0, evaluations, bestAt } = account;
      const { target } = limits;
      const { doubt } = account;
      const isReached = (to: number): boolean => (doubt === undefined ? best.value <= to : isSurelyBelow(doubt, to));
      if (target !== undefined && isReached(target)) return "target reached";
      const isHopeless = nonfinite === points && points > 0 && account.feasibility === undefined;
      if (best.value === Number.POSITIVE_INFINITY && isHopeless) {
        const isBroken = failures - numbers === points;
        const patience = (isBroken ? PATIENCE.failed : PATIENCE.infinite) + PATIENCE.axis * dim;
        if (points >= patience || evaluations >= budget) return "diverged";
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
