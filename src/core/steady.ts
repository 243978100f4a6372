/**
 * The loop for answers in any order: so many points are outstanding, and whenever one of them is answered the engine
 * takes it in and another is asked. Nobody waits for the slowest answer. What is asked depends on the order in which the
 * answers arrive; with that order written down (`arrived`) a run is replayed, and gone on with, to the same bits (`past`).
 */
import { inputError } from "./errors.ts";
import { type Halt, halting } from "./halt.ts";
import { misfit } from "./misfit.ts";
import type { Answer, Evaluator, Query } from "./problem.ts";
import type { Frame, Result, RunOptions, Setup } from "./run.ts";
import { type Arrival, MOST_OUTSTANDING, type Trial, type Trials, trials } from "./trials.ts";

/** An arrival of an earlier session. */
export type Past = {
  readonly trial: number;
  readonly asked: number;
  /** What was answered. Throws where it was to another question than the trial's, or the trial is not outstanding. */
  answer(query: Query | undefined): Answer;
};

export type SteadyOptions = RunOptions & {
  /** Points in flight at once, at least 1. */
  readonly outstanding: number;
  /** What had arrived before, in its order, from `from` on. */
  readonly past?: AsyncIterable<Past>;
  /** Told of every new arrival before the engine sees it. */
  readonly arrived?: (arrival: Arrival) => void;
};

/**
 * Runs the `Steady` face of an engine on a potential: a frame for every answer, then the result. The budget is exact:
 * a point counts against it from when it is asked.
 * @throws before the first point, when the parts do not fit together or a limit makes no sense
 */
export async function* runSteady(setup: Setup, options: SteadyOptions): AsyncGenerator<Frame, Result, void> {
  checkOutstanding(options.outstanding);
  const all = trials(setup, options.from);
  const halt = halting(setup.time, options.signal);
  try {
    return (yield* replay(all, halt, options.past ?? [])) ?? (yield* go(all, halt, setup.potential.answer, options));
  } finally {
    halt.end();
  }
}

/** Takes in what had arrived before. Returns the result where the run ends in it. */
async function* replay(
  all: Trials,
  halt: Halt,
  past: AsyncIterable<Past> | readonly Past[],
): AsyncGenerator<Frame, Result | undefined, void> {
  try {
    for await (const { trial, asked, answer } of past) {
      const stop = all.stop() ?? halt.reason();
      if (stop !== undefined) return all.result(stop);
      all.proposeTo(asked);
      const shown = all.tell(trial, answer(all.outstanding(trial)?.query));
      if (shown !== null) yield shown;
      const pause = halt.breathe();
      if (pause !== undefined) await pause;
    }
  } catch (error) {
    return all.result("evaluator failed", error);
  }
  return undefined;
}

async function* go(
  all: Trials,
  halt: Halt,
  answerOf: Evaluator,
  { outstanding, evaluate = answerOf, arrived }: SteadyOptions,
): AsyncGenerator<Frame, Result, void> {
  const inbox = mailbox(halt.signal);
  // one listener on the signal of the run, however many points are in flight
  const flying = new Set<AbortController>();
  halt.signal.addEventListener("abort", () => {
    for (const control of flying) control.abort();
  });
  for (;;) {
    // what has arrived is taken in, though the run was told to stop
    const stop = all.stop() ?? (inbox.isEmpty() ? halt.reason() : undefined);
    if (stop !== undefined) return all.result(stop);
    while (flying.size < outstanding && halt.reason() === undefined) {
      const trial = all.next();
      if (trial === null) break;
      const control = new AbortController();
      flying.add(control);
      post({ trial, control }, evaluate, inbox);
    }
    if (flying.size === 0) return all.result(halt.reason() ?? "budget spent");
    const letter = await inbox.next();
    if (letter === undefined) continue;
    flying.delete(letter.of.control);
    const { trial, query } = letter.of.trial;
    const { answer, error = faultOf(query, answer, all.constraints()) } = letter;
    if (answer === undefined || error !== undefined) {
      // an evaluator that was told to stop has not failed
      const reason = halt.reason();
      return reason === undefined ? all.result("evaluator failed", error) : all.result(reason);
    }
    try {
      arrived?.({ trial, query, answer, asked: all.asked() });
    } catch (failure) {
      return all.result("evaluator failed", failure);
    }
    const shown = all.tell(trial, answer);
    if (shown !== null) yield shown;
    const pause = halt.breathe();
    if (pause !== undefined) await pause;
  }
}

/** Has a trial evaluated; what comes of it goes to the mailbox, at once or later. */
function post(of: Flight, evaluate: Evaluator, { put }: Mailbox): void {
  try {
    const reply = evaluate(of.trial.query, of.control.signal);
    if (!(reply instanceof Promise)) put({ of, answer: reply });
    else
      reply.then(
        (answer) => put({ of, answer }),
        (error) => put({ of, error }),
      );
  } catch (error) {
    put({ of, error });
  }
}

/** What is wrong with the answer about one point, if anything. */
function faultOf(query: Query, answer: Answer | undefined, constraints: number | undefined): Error | undefined {
  const fault = misfit(query, answer, constraints);
  if (fault !== undefined) return new Error(fault);
  return answer?.n === 1 ? undefined : new Error("the evaluator answered fewer points than asked");
}

/** @throws where it is no number of points */
export function checkOutstanding(outstanding: number): void {
  if (!(Number.isInteger(outstanding) && outstanding > 0 && outstanding <= MOST_OUTSTANDING))
    throw inputError("outstanding", `${outstanding} is not a whole number of points from 1 to ${MOST_OUTSTANDING}`);
}

/** A trial in flight, and what ends its evaluation. */
type Flight = { readonly trial: Trial; readonly control: AbortController };

/** What came of a trial: an answer, or what its evaluator threw. */
type Letter = { readonly of: Flight; readonly answer?: Answer; readonly error?: unknown };

/** Letters in the order in which they came. */
type Mailbox = {
  isEmpty(): boolean;
  put(letter: Letter): void;
  /** The next one; undefined where the run was told to stop first. */
  next(): Promise<Letter | undefined>;
};

function mailbox(signal: AbortSignal): Mailbox {
  const letters: Letter[] = [];
  let wake = (): void => {};
  signal.addEventListener("abort", () => wake());
  return {
    isEmpty: () => letters.length === 0,
    put(letter) {
      letters.push(letter);
      wake();
    },
    async next() {
      if (letters.length === 0 && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return letters.shift();
    },
  };
}
