/**
 * The BBOB benchmark: every function and instance minimized by each contestant, scored by how soon it reaches its
 * targets.
 */
import type { Engine } from "../core/engine.ts";
import type { Answer, Potential, Query } from "../core/problem.ts";
import { run } from "../core/run.ts";
import type { Schedule } from "../core/schedule.ts";
import { type BbobGroup, bbob, bbobFunctions } from "../potentials/bbob/index.ts";
import { area, average, type Hits, hitsOf, type Score, score, type Trace } from "./ecdf.ts";

/** What is to be minimized; the budget counts evaluations. */
export type Trial = {
  readonly f: number;
  readonly dim: number;
  readonly instance: number;
  readonly seed: number;
  readonly budget: number;
};

/** A minimizer under its name in the table. */
export type Contestant = {
  readonly name: string;
  /** Evaluations over dim beyond which it is not run, whatever the budget. */
  readonly most?: number;
  /** The improvements it made, up to where the signal was aborted. */
  solve(trial: Trial, signal?: AbortSignal): Promise<Trace>;
};

export type BbobSetup = {
  readonly contestants: readonly Contestant[];
  readonly dims: readonly number[];
  /** Functions 1 to 24; all where left out. */
  readonly functions?: readonly number[];
  readonly instances: readonly number[];
  readonly seeds: readonly number[];
  /** Evaluations over dim. */
  readonly budget: number;
  /** Trials that run at a time, 1 where it is left out; the rows do not depend on it. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
  /** Called after each trial with the share of trials done. */
  readonly progress?: (share: number) => void;
};

export type TrialHits = Pick<Trial, "f" | "instance" | "seed"> & { readonly hits: Hits };

export type BbobRow = {
  readonly engine: string;
  readonly dim: number;
  /** Evaluations over dim, to which `auc` counts. */
  readonly budget: number;
  /** The area for each group of functions. */
  readonly groups: Readonly<Partial<Record<BbobGroup, number>>>;
  readonly trials: readonly TrialHits[];
} & Score;

/** Below the last target there is nothing to score. */
export const LAST_TARGET = 1e-8;

/** One row for each contestant and dimension. Ends early, with what is whole, when the signal is aborted. */
export async function benchBbob(setup: BbobSetup): Promise<BbobRow[]> {
  const { contestants, dims, functions = bbobFunctions.map((_, i) => i + 1), instances, seeds, signal } = setup;
  const { atOnce = 1, progress } = setup;
  const problems = functions.flatMap((f) =>
    instances.flatMap((instance) => seeds.map((seed) => ({ f, instance, seed }))),
  );
  const entrants = contestants.flatMap((contestant) =>
    dims.map((dim) => ({
      contestant,
      dim,
      budget: Math.min(setup.budget, contestant.most ?? setup.budget),
      trials: new Array<TrialHits>(problems.length),
      left: problems.length,
    })),
  );
  const jobs = entrants.flatMap((entrant) => problems.map((problem, index) => ({ entrant, problem, index })));
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (next < jobs.length && !signal?.aborted) {
      const { entrant, problem, index } = jobs[next++];
      const { contestant, dim, budget, trials } = entrant;
      const trace = await contestant.solve({ ...problem, dim, budget: budget * dim }, signal).catch((error) => {
        next = jobs.length;
        throw error;
      });
      if (signal?.aborted) return;
      trials[index] = { ...problem, hits: hitsOf(trace) };
      entrant.left--;
      progress?.(++done / jobs.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return entrants
    .filter(({ left }) => left === 0)
    .map(({ contestant, dim, budget, trials }) => rowOf(contestant.name, dim, trials, budget));
}

/** The score of whole trials. */
export function rowOf(engine: string, dim: number, trials: readonly TrialHits[], budget: number): BbobRow {
  const groups: Partial<Record<BbobGroup, number>> = {};
  for (const group of new Set(trials.map(groupOf))) {
    const own = trials.filter((trial) => groupOf(trial) === group);
    groups[group] = average(own, ({ hits }) => area(hits, dim, budget));
  }
  const whole = score(
    trials.map(({ hits }) => hits),
    dim,
    budget,
  );
  return { engine, dim, budget, ...whole, groups, trials };
}

const groupOf = ({ f }: { readonly f: number }): BbobGroup => bbobFunctions[f - 1].group;

/** An engine as a contestant; it is made anew for each trial. */
export function minimizer(
  name: string,
  make: (potential: Potential, budget: number) => { readonly engine: Engine; readonly schedule: Schedule },
): Contestant {
  return {
    name,
    async solve({ f, dim, instance, seed, budget }, signal) {
      const problem = bbob(f, dim, instance);
      const minimum = problem.truth?.minimum ?? Number.NEGATIVE_INFINITY;
      const { trace, note } = tracing(minimum);
      const potential = { ...problem, answer: noted(problem, note) };
      const target = minimum + LAST_TARGET;
      const frames = run(
        { potential, seed, budget, target, ...make(potential, budget) },
        signal === undefined ? {} : { signal },
      );
      for (let next = await frames.next(); !next.done; next = await frames.next());
      return trace;
    },
  };
}

/** A trace, and what notes one value after another in it. */
export function tracing(minimum: number): { readonly trace: Trace; note(value: number): void } {
  const evaluations: number[] = [];
  const gap: number[] = [];
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  return {
    trace: { evaluations, gap },
    note(value) {
      count++;
      if (!(value - minimum < least)) return;
      least = value - minimum;
      evaluations.push(count);
      gap.push(least);
    },
  };
}

function noted(problem: Potential, note: (value: number) => void): Potential["answer"] {
  const each = (answer: Answer): Answer => {
    for (const value of answer.value ?? []) note(value);
    return answer;
  };
  return (query: Query) => {
    const reply = problem.answer(query);
    return reply instanceof Promise ? reply.then(each) : each(reply);
  };
}
