/** Threads that take part in the work of a kernel, on the memory that it shares with them. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Crew } from "../../kernels/index.ts";

// threads need plain JavaScript: beside this file, or, where this is a source, beside what is built of it
const folder = import.meta.url.endsWith(".ts") ? "../../../dist/platform/node/" : "./";
const THREAD = fileURLToPath(new URL(`${folder}crew-thread.js`, import.meta.url));

/** What a thread is told: to serve a kernel. */
export type Order = {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly at: number;
};

/**
 * Threads beside the one that calls. They start with the first kernel that wants them, sleep between its calls, serve
 * one kernel at a time until it closes, and do not keep the program from ending.
 * @param size how many, 0 for none; by default as many as there are further processors
 */
export function crew(size = availableParallelism() - 1): Crew & { close(): Promise<void> } {
  if (!existsSync(THREAD)) throw new Error(`${THREAD} is missing; run npm run build`);
  let threads: Worker[] = [];
  return {
    size,
    enlist(module, memory, at) {
      if (threads.length === 0) {
        threads = Array.from({ length: size }, () => new Worker(THREAD));
        for (const thread of threads) thread.unref();
      }
      for (const thread of threads) thread.postMessage({ module, memory, at } satisfies Order);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()));
      threads = [];
    },
  };
}
