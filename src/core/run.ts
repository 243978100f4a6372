/**
 * The one loop. Outside, the schedule lets D fall; inside, the engine evolves. Each step is a transaction: it works
 * on a copy of the committed state and the two are swapped when it has ended, so that a failure, a spent budget or
 * an abort in the middle of a step loses nothing.
 */
import { fold, key } from "../math/rng.ts";
import { askValue } from "./ask.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Engine } from "./engine.ts";
import { inputError } from "./errors.ts";
import { type Frame, frame } from "./frame.ts";
import { type Halt, halting } from "./halt.ts";
import { type Account, type Best, freshAccount, type Limits, type Meter, meter, type Stop } from "./meter.ts";
import { misfit } from "./misfit.ts";
import { copy, type Plain } from "./plain.ts";
import type { Answer, Evaluator, Potential, Query } from "./problem.ts";
import type { Schedule } from "./schedule.ts";

export type { Frame } from "./frame.ts";

/** Purpose of the randomness of points that are asked again. */
const AGAIN = 0xa6a1;

export type Setup = Limits & {
  readonly potential: Potential;
  readonly engine: Engine;
  readonly schedule: Schedule;
  /** Seed of all randomness, a safe integer. */
  readonly seed: number;
  /** The best point known beforehand. */
  readonly known?: Best;
};

export type RunOptions = {
  /** Who answers the queries; the potential itself where it is left out. */
  readonly evaluate?: Evaluator;
  /** Where to go on. */
  readonly from?: Checkpoint;
  readonly signal?: AbortSignal;
};

export type Result = {
  readonly stop: Stop;
  readonly account: Account;
  readonly best: Best;
  readonly steps: number;
  readonly tau: number;
  /** What the evaluator threw, where `stop` is `evaluator failed`. */
  readonly error?: unknown;
};

/**
 * Runs an engine under a schedule on a potential: a stream of frames, then the result.
 * @param setup the parts and the limits
 * @throws before the first step, when the parts do not fit together or a limit makes no sense
 */
export async function* run(setup: Setup, options: RunOptions = {}): AsyncGenerator<Frame, Result, void> {
  checkParts(setup);
  const { engine, schedule, potential } = setup;
  const root = key(setup.seed);
  const fresh = setup.known === undefined ? freshAccount : { ...freshAccount, best: setup.known };
  const account = meter(setup, potential, options.from?.account ?? fresh);
  const halt = halting(setup.time, options.signal);
  const driver: Driver = { meter: account, evaluate: options.evaluate ?? potential.answer, halt };

  let { index, tau, carry, info } = options.from ?? { index: 0, tau: 0, carry: schedule.init(), info: undefined };
  const result = (stop: Stop, error?: unknown): Result => {
    const end = account.account();
    return { stop, account: end, best: end.best, steps: index, tau, ...(error === undefined ? {} : { error }) };
  };

  try {
    const begun = account.stop();
    if (begun !== undefined) return result(begun);
    let state: Plain;
    if (options.from === undefined) {
      const born = await drive(engine.init(potential.domain, fold(root, 0)), driver);
      if (!born.done) return result(born.stop, born.error);
      state = born.value;
    } else state = copy(options.from.state);
    const asks = engine.tabulated !== true;
    let working = asks ? copy(state) : state;

    for (;;) {
      const stop = account.stop() ?? (engine.exhausted?.(state) ? "space exhausted" : halt.reason());
      if (stop !== undefined) return result(stop);
      const next = schedule.next(carry, info);
      if (next === null) return result("schedule ended");
      const [setting, carried] = next;
      if (asks) working = copy(state, working);
      const tick = { index, key: fold(root, index + 1), ...setting, noise: account.noise() };
      const step = await drive(engine.step(working, tick), driver);
      if (!step.done) return result(step.stop, step.error);
      const again = account.again();
      // under a key of its own, so that noise that is addressed is another one
      const repeats =
        again === undefined ? undefined : await drive(askValue(again, fold(fold(root, index + 1), AGAIN)), driver);
      if (repeats?.done === false) return result(repeats.stop, repeats.error);
      [state, working] = [working, state];
      carry = carried;
      info = step.value;
      index++;
      tau += info.dt ?? setting.dt;
      yield frame(setting, { index, tau, state, carry, info, account: account.account() }, engine);
      const pause = halt.breathe();
      if (pause !== undefined) await pause;
    }
  } finally {
    halt.end();
  }
}

type Driver = { readonly meter: Meter; readonly evaluate: Evaluator; readonly halt: Halt };

type Driven<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly stop: Stop; readonly error?: unknown };

/** Answers what a step asks until it ends or the run must. */
async function drive<T>(ask: Generator<Query, T, Answer>, { meter, evaluate, halt }: Driver): Promise<Driven<T>> {
  const leave = (stop: Stop, error?: unknown): Driven<T> => {
    ask.return(undefined as T);
    return { done: false, stop, error };
  };
  let step = ask.next();
  while (!step.done) {
    const stop = meter.stop() ?? halt.reason();
    if (stop !== undefined) return leave(stop);
    const query = meter.afford(step.value);
    if (query === null) return leave("budget spent");
    let answer: Answer;
    try {
      const reply = evaluate(query, halt.signal);
      answer = reply instanceof Promise ? await reply : reply;
    } catch (error) {
      // an evaluator that rejects because it was told to stop has not failed
      const told = halt.reason();
      return told === undefined ? leave("evaluator failed", error) : leave(told);
    }
    const fault = misfit(query, answer, meter.constraints());
    if (fault !== undefined) return leave("evaluator failed", new Error(fault));
    const booked = meter.book(query, answer);
    if (answer.n < query.at.n) {
      const told = meter.stop() ?? halt.reason();
      if (told !== undefined) return leave(told);
      return leave("evaluator failed", new Error("the evaluator answered fewer points than asked"));
    }
    if (query.at.n < step.value.at.n) return leave(meter.stop() ?? "budget spent");
    step = ask.next(booked);
  }
  return { done: true, value: step.value };
}

/** Refuses parts that cannot work together, and limits that make no sense, before the first step. */
export function checkParts({ potential, engine, seed, budget, time, target, stall, noise }: Setup): void {
  for (const kind of engine.needs)
    if (!potential.can.includes(kind))
      throw inputError(
        `engine '${engine.name}'`,
        `asks for the ${kind} of ζ, which the potential '${potential.name}' does not give`,
        kind === "gradient"
          ? "choose an engine that needs values only, or wrap the potential in finiteDifference()"
          : undefined,
      );
  const dim = potential.domain.lower.length;
  if (engine.maxDim !== undefined && dim > engine.maxDim)
    throw inputError(
      `engine '${engine.name}'`,
      `holds matrices of dimension × dimension, and ${dim} is above ${engine.maxDim}`,
      "choose an engine without them, such as descent, walkers or metropolis",
    );
  if (!Number.isSafeInteger(seed)) throw inputError("seed", `${seed} is not a whole number`);
  if (budget !== undefined && !(Number.isSafeInteger(budget) && budget > 0))
    throw inputError("budget", `${budget} is not a whole number of evaluations above 0`);
  if (time !== undefined && !(time > 0)) throw inputError("time", `${time} is not a number of seconds above 0`);
  if (target !== undefined && Number.isNaN(target)) throw inputError("target", "is not a number");
  if (noise !== undefined && noise !== "auto" && !(noise > 0 && noise < Number.POSITIVE_INFINITY))
    throw inputError("noise", `${noise} is neither auto nor a standard deviation above 0`);
  if (stall !== undefined && !(stall > 0)) throw inputError("stall", `${stall} is not a number of evaluations above 0`);
}
