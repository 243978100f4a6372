/**
 * Evaluation in worker threads. A query is cut into consecutive pieces whose answers are joined in order, so that the
 * result is the same whatever the number of threads.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Config } from "../../config.ts";
import { join, slice, TOGETHER_MS } from "../../core/ask.ts";
import { inputError, inputErrorSaying, messageOf } from "../../core/errors.ts";
import type { Answer, Evaluator, Query, Tell } from "../../core/problem.ts";
import type { Description, Piece, Told } from "./worker.ts";

export type PoolOptions = {
  /** Threads, at least 1. */
  readonly workers: number;
  /** Seconds for one point of a module; unlimited where it is left out. */
  readonly timeout?: number | undefined;
};

export type Pool = {
  readonly evaluate: Evaluator;
  /** What a thread says of the potential. Throws where the input cannot be used. */
  describe(signal?: AbortSignal): Promise<Exclude<Description, { readonly flaw: string }>>;
  close(): Promise<void>;
};

// the same depth from the sources as from what is built of them: threads need plain JavaScript
const WORKER = fileURLToPath(new URL("../../../dist/platform/node/worker.js", import.meta.url));

/** A piece of points that cost little is about as long as this: small beside an abort, large beside a message. */
const PIECE_MS = 4;

/** Seconds that a module may take to load. */
const LOADING = 60;

/**
 * Threads that answer for the objective of a configuration (not a program).
 *
 * A thread that dies, or is late, fails the point it was at, and another takes its place; to find that point the piece
 * is asked again point by point. An abort ends the threads; what is answered until then, from the first point on
 * without a gap, is the answer. What a module prints goes to standard error.
 */
export function pool(config: Config, { workers, timeout }: PoolOptions): Pool {
  if (!existsSync(WORKER)) throw new Error(`${WORKER} is missing; run npm run build`);
  const threads = new Piscina<Piece | undefined>({
    filename: WORKER,
    workerData: config,
    minThreads: 0,
    maxThreads: workers,
    // never idle enough to be ended
    idleTimeout: Number.POSITIVE_INFINITY,
    // a module's timers and connections live on between queries
    atomics: "disabled",
    recordTiming: false,
  });
  // a thread that dies while nothing is asked of it is replaced when it is needed
  threads.on("error", () => {});
  const listeners = new Map<number, Tell>();
  let listened = 0;
  // a module may send messages too
  threads.on("message", (told: Partial<Told> | null) => {
    if (isTold(told)) listeners.get(told.listener)?.(told.from, told.part);
  });
  const isModule = "module" in config.objective;
  const where = "module" in config.objective ? config.objective.module : "objective";
  let whole = !isModule;
  let closed = false;
  let pointMs = Number.POSITIVE_INFINITY;

  const pieceLength = (n: number): number => {
    const even = Math.ceil(n / workers);
    return whole ? even : Math.min(even, Math.max(1, Math.floor(PIECE_MS / pointMs)));
  };

  const askPiece = async (query: Query, halt: Halt, tell: Tell | undefined): Promise<Answer | undefined> => {
    const start = performance.now();
    const seconds = !isModule || timeout === undefined ? undefined : whole ? timeout * query.at.n : timeout;
    // a number is not used twice: what a thread said before its end may arrive late
    const listener = tell === undefined || query.at.n === 1 ? undefined : listened++;
    if (listener !== undefined && tell !== undefined) listeners.set(listener, tell);
    try {
      const answer = await ask(threads, query, seconds, halt, listener);
      pointMs = (performance.now() - start) / query.at.n;
      return answer;
    } catch (error) {
      if (halt.aborted() || closed) return undefined;
      if (query.at.n === 1) {
        return failed(query, error === LATE ? `no answer within ${timeout} s (--timeout)` : reasonOf(error));
      }
    } finally {
      if (listener !== undefined) listeners.delete(listener);
    }
    const parts: Part[] = [];
    for (let i = 0; i < query.at.n; i++) {
      const answer = await askPiece(slice(query, i, i + 1), halt, undefined);
      if (answer === undefined) break;
      tell?.(i, answer);
      parts.push({ asked: 1, answer });
    }
    return join(parts, query.at.dim);
  };

  return {
    async evaluate(query, signal, tell) {
      const { n, dim } = query.at;
      const parts: (Part | undefined)[] = [];
      const halt = halting(signal);
      const start = performance.now();
      let from = 0;
      const lane = async (): Promise<void> => {
        while (from < n && !halt.aborted() && !closed) {
          const length = Math.min(pieceLength(n), n - from);
          const piece = slice(query, from, from + length);
          const begin = from;
          const tellPiece: Tell | undefined = tell && ((row, part) => tell(begin + row, part));
          const index = parts.push(undefined) - 1;
          from += length;
          const answer = await askPiece(piece, halt, tellPiece);
          if (answer === undefined) continue;
          parts[index] = { asked: length, answer };
          if (performance.now() - start >= TOGETHER_MS) tellPiece?.(0, answer);
        }
      };
      await Promise.all(Array.from({ length: Math.min(workers, n) }, lane));
      halt.end();
      const gap = parts.indexOf(undefined);
      return join((gap < 0 ? parts : parts.slice(0, gap)) as Part[], dim);
    },

    async describe(signal) {
      const seconds = Math.max(LOADING, timeout ?? 0);
      const late = AbortSignal.timeout(milliseconds(seconds));
      const stop = signal === undefined ? late : AbortSignal.any([late, signal]);
      const told: Description = await threads.run(undefined, { name: "describe", signal: stop }).catch((error) => {
        signal?.throwIfAborted();
        throw late.aborted
          ? inputError(
              where,
              `has not finished loading after ${seconds} s`,
              "see what it waits for outside its functions",
            )
          : inputError(where, `cannot be loaded: ${reasonOf(error)}`);
      });
      if ("flaw" in told) throw inputErrorSaying(told.flaw);
      whole = told.batch;
      return told;
    },

    async close() {
      closed = true;
      await threads.destroy();
    },
  };
}

function isTold(message: Partial<Told> | null): message is Told {
  return message?.listener !== undefined && message.from !== undefined && message.part !== undefined;
}

type Part = { readonly asked: number; readonly answer: Answer };

/** One listener on the signal of a query, however many threads work on it. */
type Halt = { readonly running: Set<AbortController>; aborted(): boolean; end(): void };

function halting(signal: AbortSignal | undefined): Halt {
  const running = new Set<AbortController>();
  const abort = (): void => {
    for (const stop of running) stop.abort();
  };
  signal?.addEventListener("abort", abort);
  return {
    running,
    aborted: () => signal?.aborted === true,
    end: () => signal?.removeEventListener("abort", abort),
  };
}

const LATE = Symbol("late");

/** Has a thread answer; the one that is late, or whose answer is not wanted any more, is ended. */
async function ask(
  threads: Piscina<Piece | undefined>,
  query: Query,
  seconds: number | undefined,
  { running }: Halt,
  listener: number | undefined,
): Promise<Answer> {
  const stop = new AbortController();
  running.add(stop);
  const begun = new Float64Array(new SharedArrayBuffer(8));
  const limit = milliseconds(seconds ?? Number.POSITIVE_INFINITY);
  // the clock runs from when a thread has begun: its start is not the objective's doing
  const check = (): void => {
    const now = performance.timeOrigin + performance.now();
    const left = (begun[0] || now) + limit - now;
    if (left <= 0) stop.abort();
    else timer = setTimeout(check, left);
  };
  let timer = seconds === undefined ? undefined : setTimeout(check, limit);
  try {
    // a view is cloned with all that it is a view of
    const at = { ...query.at, x: query.at.x.slice() };
    return await threads.run({ query: { ...query, at }, begun, listener }, { name: "answer", signal: stop.signal });
  } catch (error) {
    throw stop.signal.aborted ? LATE : error;
  } finally {
    clearTimeout(timer);
    running.delete(stop);
  }
}

/** A longer timer would fire at once. */
function milliseconds(seconds: number): number {
  return Math.min(1000 * seconds, 2 ** 31 - 1);
}

function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const code = /^worker exited with code: (\d+)$/.exec(message)?.[1];
  return code === undefined ? `its thread failed: ${message}` : `ended its thread with code ${code}`;
}

function failed(query: Query, reason: string): Answer {
  const { n, dim } = query.at;
  return {
    n,
    value: new Float64Array(n).fill(Number.NaN),
    ...(query.kind === "gradient" ? { gradient: new Float64Array(n * dim).fill(Number.NaN) } : {}),
    failures: Array.from({ length: n }, (_, index) => ({ index, reason })),
  };
}
