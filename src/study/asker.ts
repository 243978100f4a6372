/**
 * The ask/tell face: the same run, with the user as the evaluator.
 */
import type { Answer, Query } from "../core/problem.ts";
import type { Setup } from "../core/run.ts";
import { type Minimization, type MinimizeOptions, minimize } from "../tasks/minimize.ts";
import { toldAnswer } from "./told.ts";

export interface Asker {
  /** The next query to answer, or null when the run has ended. The same one again until it is told. */
  ask(): Promise<Query | null>;
  /**
   * The values at the points of the last query, their gradients row-major where these were asked, and row-major all
   * g(x) ≤ 0 where there are constraints that are not formulas.
   */
  tell(value: ArrayLike<number>, gradient?: ArrayLike<number>, constraints?: ArrayLike<number>): void;
  /** Ends the run, if it has not ended, and returns what it found. */
  result(): Promise<Minimization>;
}

/**
 * A minimization whose objective is answered by hand.
 * @throws from tell(), when nothing was asked, or what is told is no number or not as many as belong
 */
export function asker(setup: Setup, options: Omit<MinimizeOptions, "evaluate" | "signal"> = {}): Asker {
  const control = new AbortController();
  let pending: { readonly query: Query; resolve(answer: Answer): void } | undefined;
  let wake = (): void => {};
  let asked = new Promise<void>((resolve) => {
    wake = resolve;
  });

  const evaluate = (query: Query, signal?: AbortSignal): Promise<Answer> =>
    new Promise((answer) => {
      const resolve = (given: Answer): void => {
        pending = undefined;
        signal?.removeEventListener("abort", unanswered);
        answer(given);
      };
      const unanswered = (): void => resolve({ n: 0, value: new Float64Array(0) });
      signal?.addEventListener("abort", unanswered);
      pending = { query, resolve };
      wake();
    });
  const run = minimize(setup, { ...options, evaluate, signal: control.signal });
  // ask() must wake at the end too, also when the setup was refused
  const ended = run.then(wake, wake);

  return {
    async ask() {
      if (pending === undefined) await Promise.race([asked, ended]);
      if (pending === undefined) await run;
      return pending?.query ?? null;
    },

    tell(value, gradient, constraints) {
      if (pending === undefined) throw new Error("tell(): nothing was asked; call ask() first");
      const { query, resolve } = pending;
      const answer = toldAnswer(setup.potential, query, { value, gradient, constraints });
      asked = new Promise<void>((next) => {
        wake = next;
      });
      resolve(answer);
    },

    result() {
      control.abort();
      return run;
    },
  };
}
