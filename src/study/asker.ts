/**
 * The ask/tell face: the same run, with the user as the evaluator.
 */
import type { Answer, Query } from "../core/problem.ts";
import type { Setup } from "../core/run.ts";
import { type Minimization, type MinimizeOptions, minimize } from "../tasks/minimize.ts";

export interface Asker {
  /** The next query to answer, or null when the run has ended. The same one again until it is told. */
  ask(): Promise<Query | null>;
  /** The values at the points of the last query, and their gradients row-major where these were asked. */
  tell(value: ArrayLike<number>, gradient?: ArrayLike<number>): void;
  /** Ends the run, if it has not ended, and returns what it found. */
  result(): Promise<Minimization>;
}

/**
 * A minimization whose objective is answered by hand.
 * @throws from tell(), when nothing was asked or the number of values differs from the number of points
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

    tell(value, gradient) {
      if (pending === undefined) throw new Error("tell(): nothing was asked; call ask() first");
      const { query, resolve } = pending;
      const { n, dim } = query.at;
      if (value.length !== n) throw new Error(`tell(): ${value.length} values for ${n} points`);
      if (query.kind === "gradient" && gradient?.length !== n * dim)
        throw new Error(`tell(): ${gradient?.length ?? 0} slopes for ${n} points of dimension ${dim}`);
      asked = new Promise<void>((next) => {
        wake = next;
      });
      resolve({
        n,
        value: Float64Array.from(value),
        ...(gradient === undefined ? {} : { gradient: Float64Array.from(gradient) }),
      });
    },

    result() {
      control.abort();
      return run;
    },
  };
}
