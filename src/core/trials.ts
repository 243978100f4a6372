/**
 * Trials: points that are asked one by one and answered in any order, by the `Steady` face of an engine. This is the
 * account of what is outstanding, without a clock: whoever drives it takes trials and tells answers when he has them.
 *
 * Given the seed, what is asked is a function of the calls alone: of the order in which answers were told and of how
 * many trials had been proposed by then. Those two are what a journal must keep (`Arrival`).
 */
import { fold, key } from "../math/rng.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Info, Steady } from "./engine.ts";
import { inputError } from "./errors.ts";
import { type Frame, frame } from "./frame.ts";
import { freshAccount, meter, type Stop } from "./meter.ts";
import { copy, type Plain, same } from "./plain.ts";
import type { Answer, Query } from "./problem.ts";
import { checkParts, type Result, type Setup } from "./run.ts";

/** A question about one point, and its number from 0. `again`: the point is asked once more, because values are in doubt. */
export type Trial = { readonly trial: number; readonly query: Query; readonly again?: true };

/** An answer as it arrived, when `asked` trials had been proposed. */
export type Arrival = Trial & { readonly asked: number; readonly answer: Answer };

export interface Trials {
  /** The next trial to evaluate; null where the run has ended, or nothing can be asked beyond what is outstanding. */
  next(): Trial | null;
  /** Trials proposed so far. */
  asked(): number;
  /** Proposes until so many are, as an earlier session had. Throws where more would be outstanding than may. */
  proposeTo(asked: number): void;
  /** A trial that waits for its answer; undefined where it is none. */
  outstanding(trial: number): Trial | undefined;
  /**
   * Takes in the answer to an outstanding trial. The frame is null while nothing has a reading.
   * @throws where the trial is not outstanding
   */
  tell(trial: number, answer: Answer): Frame | null;
  /** The number of constraints, where there are any. */
  constraints(): number | undefined;
  /** All of it as plain data: what was asked and not told is handed out again. */
  checkpoint(): Checkpoint;
  /** The reason to stop that the account gives. */
  stop(): Stop | undefined;
  result(stop: Stop, error?: unknown): Result;
}

/** Points that may be in flight at once. */
export const MOST_OUTSTANDING = 100_000;

/** The engine governs its own D under answers in any order, and tells it in its info. */
const SETTING = { D: 1, dt: 1 };

const NONE = new Float64Array(0);

/** The info of a checkpoint made before anything had a reading. */
const UNREAD: Info = {};

/** What a checkpoint keeps in the place of a schedule's carry. */
type Carry = { readonly asked: number; readonly open: readonly Plain[]; readonly doubted: readonly Float64Array[] };

/** Purpose of the randomness of points that are asked again. */
const AGAIN = 0xa6a1;

/**
 * The trials of a setup, from the first or from a checkpoint: what was outstanding there is handed out first.
 * @throws where the parts do not fit together, the engine having no `Steady` face among them
 */
export function trials(setup: Setup, from?: Checkpoint): Trials {
  const face = steadyFace(setup);
  const { potential } = setup;
  const root = key(setup.seed);
  const gradientCost = potential.gradientCost ?? 1;
  const dim = potential.domain.lower.length;
  const fresh = setup.known === undefined ? freshAccount : { ...freshAccount, best: setup.known };
  const account = meter(setup, potential, from?.account ?? fresh);
  const budget = setup.budget ?? Number.POSITIVE_INFINITY;

  const state: Plain = from === undefined ? face.init(potential.domain, fold(root, 0)) : copy(from.state);
  const carry = from?.carry as Carry | undefined;
  const open = new Map(carry?.open.map((plain) => [(plain as Trial).trial, copy(plain) as Trial]));
  /** Points to ask again, next of all. */
  const doubted = carry?.doubted.map((x) => x.slice()) ?? [];
  const handed = new Set<number>();
  let { index, tau } = from ?? { index: 0, tau: 0 };
  let info: Info | null = from === undefined || same(from.info, UNREAD) ? null : from.info;
  let asked = carry?.asked ?? 0;
  let pending = 0;

  const cost = ({ query }: Trial): number => (query.kind === "gradient" ? gradientCost : 1);
  const left = (): number => budget - account.spent() - pending;

  const propose = (): Trial | null => {
    const own = fold(root, asked + 1);
    const x = doubted.shift();
    const query: Query | null =
      x === undefined
        ? face.propose(state, asked, own, account.noise())
        : { kind: "value", at: { n: 1, dim, x }, key: fold(own, AGAIN) };
    if (query === null) return null;
    const trial: Trial = { trial: asked, query, ...(x === undefined ? {} : { again: true }) };
    open.set(asked, trial);
    asked++;
    return trial;
  };

  const stop = (): Stop | undefined =>
    account.stop() ?? (face.exhausted?.(state) === true ? "space exhausted" : undefined);

  const waiting = (): Trial | undefined => {
    if (handed.size < open.size) for (const trial of open.values()) if (!handed.has(trial.trial)) return trial;
    return undefined;
  };

  const checkpoint = (): Checkpoint =>
    copy({
      ...{ index, tau, state, info: info ?? UNREAD, account: account.account() },
      carry: { asked, doubted, open: [...open.values()] as readonly Plain[] },
    });

  return {
    next() {
      if (stop() !== undefined || !(left() > 0)) return null;
      const trial = waiting() ?? propose();
      if (trial === null || cost(trial) > left()) return null;
      pending += cost(trial);
      handed.add(trial.trial);
      return trial;
    },

    asked: () => asked,

    proposeTo(count) {
      if (count - index > MOST_OUTSTANDING)
        throw inputError("journal", `has ${count - index} trials outstanding, more than ${MOST_OUTSTANDING}`);
      while (asked < count) if (propose() === null) return;
    },

    outstanding: (trial) => open.get(trial),

    tell(trial, answer) {
      const was = open.get(trial);
      if (was === undefined) throw unasked(trial, asked);
      open.delete(trial);
      if (handed.delete(trial)) pending -= cost(was);
      const booked = account.book(was.query, answer);
      const moved = was.again ? null : face.absorb(state, trial, booked);
      const { n, x } = account.again() ?? { n: 0, x: NONE };
      for (let i = 0; i < n; i++) doubted.push(x.slice(i * dim, (i + 1) * dim));
      index++;
      tau += moved?.dt ?? 0;
      // what has no reading yet moved nothing that could be shown
      info = moved ?? (info === null ? null : { ...info, dt: 0 });
      if (info === null) return null;
      const at = { index, tau, state, carry: null, info, account: account.account() };
      return { ...frame(SETTING, at, face), checkpoint };
    },

    checkpoint,

    constraints: () => account.constraints(),

    stop,

    result(stop, error) {
      const end = account.account();
      return { stop, account: end, best: end.best, steps: index, tau, ...(error === undefined ? {} : { error }) };
    },
  };
}

function unasked(trial: number, asked: number): Error {
  return trial >= 0 && trial < asked && Number.isInteger(trial)
    ? inputError(`trial ${trial}`, "was told already", "tell each trial once")
    : inputError(`trial ${trial}`, "was never asked", "tell the number that came with the point");
}

/** The `Steady` face of a setup's engine. Throws where it has none, or the parts do not fit together. */
export function steadyFace(setup: Setup): Steady {
  checkParts(setup);
  const { engine } = setup;
  if (engine.steady === undefined)
    throw inputError(
      `engine '${engine.name}'`,
      "takes the answers of a step together, not in any order",
      "choose packets or random, or do without --steady",
    );
  return engine.steady;
}
