/**
 * The BBOB benchmark: every function and instance minimized by each engine, scored by how soon it reaches its targets.
 */
import type { Engine } from "../core/engine.ts";
import type { Answer, Potential, Query } from "../core/problem.ts";
import { run } from "../core/run.ts";
import type { Schedule } from "../core/schedule.ts";
import { bbob, bbobFunctions } from "../potentials/bbob/index.ts";
import { type Score, score, type Trace } from "./ecdf.ts";

/** An engine under its name in the table, made anew for each trial. */
export type Contestant = {
  readonly name: string;
  make(potential: Potential, budget: number): { readonly engine: Engine; readonly schedule: Schedule };
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
  readonly signal?: AbortSignal;
  /** Called after each trial with the share of trials done. */
  readonly progress?: (share: number) => void;
};

export type BbobRow = { readonly engine: string; readonly dim: number } & Score;

// below the last target there is nothing to score
const LAST_TARGET = 1e-8;

/** One row for each engine and dimension. Ends early, with what is whole, when the signal is aborted. */
export async function benchBbob(setup: BbobSetup): Promise<BbobRow[]> {
  const { contestants, dims, functions = bbobFunctions.map((_, i) => i + 1), instances, seeds, budget, signal } = setup;
  const trials = functions.flatMap((f) =>
    instances.flatMap((instance) => seeds.map((seed) => ({ f, instance, seed }))),
  );
  const total = contestants.length * dims.length * trials.length;
  const rows: BbobRow[] = [];
  let done = 0;
  for (const contestant of contestants) {
    for (const dim of dims) {
      const traces: Trace[] = [];
      for (const { f, instance, seed } of trials) {
        traces.push(await trial(contestant, bbob(f, dim, instance), seed, budget * dim, signal));
        if (signal?.aborted) return rows;
        setup.progress?.(++done / total);
      }
      rows.push({ engine: contestant.name, dim, ...score(traces, dim, budget) });
    }
  }
  return rows;
}

async function trial(
  contestant: Contestant,
  problem: Potential,
  seed: number,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<Trace> {
  const minimum = problem.truth?.minimum ?? Number.NEGATIVE_INFINITY;
  const { trace, potential } = traced(problem, minimum);
  const parts = contestant.make(potential, budget);
  const frames = run(
    { potential, seed, budget, target: minimum + LAST_TARGET, ...parts },
    signal === undefined ? {} : { signal },
  );
  for (let next = await frames.next(); !next.done; next = await frames.next());
  return trace;
}

/** A potential that notes each improvement, with its evaluation's number. */
function traced(problem: Potential, minimum: number): { readonly trace: Trace; readonly potential: Potential } {
  const evaluations: number[] = [];
  const gap: number[] = [];
  let count = 0;
  const note = (answer: Answer): Answer => {
    for (const value of answer.value ?? []) {
      count++;
      if (!(value - minimum < (gap.at(-1) ?? Number.POSITIVE_INFINITY))) continue;
      evaluations.push(count);
      gap.push(value - minimum);
    }
    return answer;
  };
  const answer = (query: Query): Answer | Promise<Answer> => {
    const reply = problem.answer(query);
    return reply instanceof Promise ? reply.then(note) : note(reply);
  };
  return { trace: { evaluations, gap }, potential: { ...problem, answer } };
}
