/**
 * The ask/tell face for answers in any order: several points outstanding, each told when it is known. Nothing here
 * waits; who evaluates, and where, is the caller's.
 */
import type { Checkpoint } from "../core/checkpoint.ts";
import type { Best, Stop } from "../core/meter.ts";
import { copy } from "../core/plain.ts";
import type { Answer, Failure, Kind } from "../core/problem.ts";
import type { Setup } from "../core/run.ts";
import { valuesAt, type Worth } from "../core/space.ts";
import { trials } from "../core/trials.ts";
import { type Minimization, summary } from "../tasks/minimize.ts";
import { freshRecording, type Recording, recordFrame, recordOf } from "../tasks/record.ts";

/** A point to evaluate, and the number under which to tell its value; of kind `gradient` where its slope is asked as well. */
export type AskedPoint = {
  readonly trial: number;
  readonly kind: Kind;
  readonly x: Float64Array;
  /** What each variable is worth, where they are named. */
  readonly values?: Readonly<Record<string, Worth>>;
};

/** What is told beside a value. */
export type Beside = { readonly gradient?: ArrayLike<number>; readonly constraints?: ArrayLike<number> };

/** Everything between two calls, as plain data. */
export type SteadySaved = { readonly checkpoint: Checkpoint; readonly recording: Recording };

export interface SteadyAsker {
  /** Another point, however many are outstanding; null when the run has ended or the budget pays for no more. */
  ask(): AskedPoint | null;
  /**
   * The value at a trial's point, its gradient where that was asked, and all g(x) ≤ 0 where there are constraints. NaN
   * and infinities count as +∞.
   * @throws where the trial is not outstanding, or what is told is no number or not as many as belong
   */
  tell(trial: number, value: number, beside?: Beside): void;
  /** That a trial has no value, and why. */
  fail(trial: number, reason: string): void;
  best(): Best;
  /** Why the run has ended, where it has. */
  stopped(): Stop | undefined;
  /** What to go on from, to the same bits: points that are outstanding are asked again. */
  save(): SteadySaved;
  /** What was found so far, outstanding points left aside. */
  result(): Minimization;
}

/**
 * A minimization whose points may be answered in any order.
 * @throws where the setup does not fit together, the engine having no `Steady` face among them
 */
export function steadyAsker(setup: Setup, from?: SteadySaved): SteadyAsker {
  const { space, domain } = setup.potential;
  const dim = domain.lower.length;
  const all = trials(setup, from?.checkpoint);
  const recording = from === undefined ? freshRecording() : copy(from.recording);
  const deadline = performance.now() + 1000 * (setup.time ?? Number.POSITIVE_INFINITY);
  const stopped = (): Stop | undefined => all.stop() ?? (performance.now() >= deadline ? "time spent" : undefined);

  const take = (trial: number, answer: Answer): void => {
    const frame = all.tell(trial, answer);
    if (frame !== null) recordFrame(recording, frame, setup.engine.nameOf);
  };

  return {
    ask() {
      const next = stopped() === undefined ? all.next() : null;
      if (next === null) return null;
      const x = next.query.at.x.slice();
      const named = space?.named === true ? { values: valuesAt(space, x) } : {};
      return { trial: next.trial, kind: next.query.kind, x, ...named };
    },

    tell(trial, value, { gradient, constraints } = {}) {
      if (typeof value !== "number")
        throw new Error(`tell(): the value of trial ${trial} is ${typeof value}, no number`);
      const query = all.outstanding(trial)?.query;
      const isSlope = query?.kind === "gradient";
      if (isSlope && gradient?.length !== dim)
        throw new Error(`tell(): ${gradient?.length ?? 0} slopes for a point of dimension ${dim}`);
      const m = all.constraints() ?? constraints?.length ?? 0;
      if (m !== (constraints?.length ?? 0))
        throw new Error(`tell(): ${constraints?.length ?? 0} constraints where there were ${m} before`);
      take(trial, {
        n: 1,
        value: Float64Array.of(value),
        ...(isSlope && gradient !== undefined ? { gradient: Float64Array.from(gradient) } : {}),
        ...(constraints === undefined ? {} : { constraints: Float64Array.from(constraints) }),
      });
    },

    fail(trial, reason) {
      const failures: Failure[] = [{ index: 0, reason }];
      const gradient = new Float64Array(dim).fill(Number.NaN);
      take(trial, { n: 1, value: Float64Array.of(Number.NaN), gradient, failures });
    },

    best: () => all.result("aborted").best,
    stopped,
    save: () => copy({ checkpoint: all.checkpoint(), recording }),
    result: () => summary(setup, all.result(stopped() ?? "aborted"), recordOf(recording)),
  };
}
