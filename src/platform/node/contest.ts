/** Engines as contestants of the benchmark, each trial in a thread of its own: its trace does not depend on where it runs. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Settings } from "../../config.ts";
import { inputErrorSaying } from "../../core/errors.ts";
import type { Contestant, Trial } from "../../tasks/bbob.ts";
import type { Trace } from "../../tasks/ecdf.ts";

// threads need plain JavaScript: beside this file, or, where this is a source, beside what is built of it
const folder = import.meta.url.endsWith(".ts") ? "../../../dist/platform/node/" : "./";
const THREAD = fileURLToPath(new URL(`${folder}contest-thread.js`, import.meta.url));

export type Entrant = { readonly name: string; readonly settings: Settings };
export type Heat = { readonly settings: Settings; readonly trial: Trial };
export type Outcome = Trace | { readonly flaw: string };

const NOTHING: Trace = { evaluations: [], gap: [] };

/**
 * Threads in which engines are run.
 * @param workers how many
 */
export function contest(workers: number): { enter(entrant: Entrant): Contestant; close(): Promise<void> } {
  if (!existsSync(THREAD)) throw new Error(`${THREAD} is missing; run npm run build`);
  const threads = new Piscina<Heat, Outcome>({
    filename: THREAD,
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
  });
  return {
    enter: ({ name, settings }) => ({
      name,
      async solve(trial, signal) {
        const running = threads.run({ settings, trial }, signal === undefined ? {} : { signal });
        const outcome = await running.catch((error) => {
          if (signal?.aborted) return NOTHING;
          throw error;
        });
        if ("flaw" in outcome) throw inputErrorSaying(outcome.flaw);
        return outcome;
      },
    }),
    close: () => threads.destroy(),
  };
}
