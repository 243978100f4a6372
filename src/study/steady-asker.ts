/**
 * The ask/tell face for answers in any order: several points outstanding, each told when it is known. Nothing here
 * waits; who evaluates, and where, is the caller's.
 */
import { type Checkpoint, checkpointFrom } from "../core/checkpoint.ts";
import { inputError } from "../core/errors.ts";
import type { Best, Stop } from "../core/meter.ts";
import { copy } from "../core/plain.ts";
import type { Answer, Failure, Kind } from "../core/problem.ts";
import type { Setup } from "../core/run.ts";
import { valuesAt, type Worth } from "../core/space.ts";
import { trials } from "../core/trials.ts";
import { type Minimization, summary } from "../tasks/minimize.ts";
import { freshRecording, type Recording, recordFrame, recordOf } from "../tasks/record.ts";
import { checkIdentity, FORMAT, type Identity } from "./study.ts";
import { toldAnswer } from "./told.ts";

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
export type SteadySaved = {
  readonly wick: typeof FORMAT;
  /** What may not change, as JSON. */
  readonly identity: string;
  readonly checkpoint: Checkpoint;
  readonly recording: Recording;
};

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
 * @param besides what may not change and the setup does not tell, such as the engine's parameters
 * @throws where the setup does not fit together, the engine having no `Steady` face among them, or where what was saved
 * belongs to another one
 */
export function steadyAsker(setup: Setup, from?: SteadySaved, besides: Identity = {}): SteadyAsker {
  const { space, domain } = setup.potential;
  const dim = domain.lower.length;
  const identity = JSON.stringify({ ...identityOf(setup), ...besides });
  if (from !== undefined) checkSaved(from, identity);
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
      // a trial that is not outstanding is refused where it is taken in
      if (query === undefined) return take(trial, { n: 1 });
      const answer = toldAnswer(setup.potential, query, { value: [value], gradient, constraints });
      const m = answer.constraints?.length ?? 0;
      const before = all.constraints() ?? m;
      if (m !== before) throw new Error(`tell(): ${m} constraints where there were ${before} before`);
      take(trial, answer);
    },

    fail(trial, reason) {
      const failures: Failure[] = [{ index: 0, reason }];
      const gradient = new Float64Array(dim).fill(Number.NaN);
      take(trial, { n: 1, value: Float64Array.of(Number.NaN), gradient, failures });
    },

    best: () => all.result("aborted").best,
    stopped,
    save: () => copy({ wick: FORMAT, identity, checkpoint: all.checkpoint(), recording }),
    result: () => summary(setup, all.result(stopped() ?? "aborted"), recordOf(recording)),
  };
}

function identityOf({ engine, seed, noise, potential: { domain, space, constraints } }: Setup): Identity {
  const [lower, upper] = [[...domain.lower], [...domain.upper]];
  return {
    ...{ engine: engine.name, queries: engine.needs, seed, noise },
    ...{ lower, upper, edge: domain.edge, variables: space?.variables, constraints },
  };
}

function checkSaved(saved: SteadySaved, identity: string): void {
  if (typeof saved?.identity !== "string") throw inputError("saved", "is not what save() of a study gave");
  if (saved.wick !== FORMAT)
    throw inputError("saved", `is of version ${saved.wick}; this program reads ${FORMAT}`, "begin anew");
  checkpointFrom(saved.checkpoint, "saved");
  checkIdentity("saved", JSON.parse(saved.identity), JSON.parse(identity), "ask for the same");
}
