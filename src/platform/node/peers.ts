/**
 * Minimizers of other people as contestants of the benchmark: python programs that ask for values through pipes. The
 * objective, the count and the trace are ours, so that the same score applies (bench/peers/minimizers.py has the
 * protocol).
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { messageOf, unknownName } from "../../core/errors.ts";
import type { Potential } from "../../core/problem.ts";
import { bbob } from "../../potentials/bbob/index.ts";
import { type Contestant, LAST_TARGET, type Trial, tracing } from "../../tasks/bbob.ts";
import type { Trace } from "../../tasks/ecdf.ts";

type Peer = {
  /** The package of Debian it is in. */
  readonly install: string;
  /** Evaluations over dim beyond which it takes too long. */
  readonly most?: number;
};

const known: Readonly<Record<string, Peer>> = {
  bipop: { install: "python3-deap" },
  lbfgsb: { install: "python3-scipy" },
  "dual-annealing": { install: "python3-scipy" },
  de: { install: "python3-scipy" },
  "nlopt-crs": { install: "python3-nlopt" },
  "nlopt-isres": { install: "python3-nlopt" },
  "nlopt-mlsl": { install: "python3-nlopt" },
  "optuna-tpe": { install: "python3-optuna", most: 30 },
};

export const peerNames: readonly string[] = Object.keys(known);

export type Peers = {
  readonly contestants: readonly Contestant[];
  /** The package and version of each that is there. */
  readonly versions: Readonly<Record<string, string>>;
  /** Those that are not, each with what to install. */
  readonly absent: readonly string[];
  close(): void;
};

/** Where Debian's packages are, whatever else is called python3. */
const DEBIAN = "/usr/bin/python3";
const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/**
 * Peers by their names.
 * @param failed is told of a trial that a peer could not finish; the trace counts as far as it goes
 * @param python the interpreter; where it cannot be run every peer is absent
 * @throws where a name is unknown
 */
export async function openPeers(
  names: readonly string[],
  failed: (what: string) => void,
  python = existsSync(DEBIAN) ? DEBIAN : "python3",
): Promise<Peers> {
  for (const name of names) if (!Object.hasOwn(known, name)) throw unknownName("--peers", name, peerNames);
  const manifest = createRequire(import.meta.url).resolve("wick/package.json");
  const program = join(dirname(manifest), "bench", "peers", "minimizers.py");
  const versions = names.length === 0 ? {} : await versionsOf(python, program);
  const present = names.filter((name) => typeof versions[name] === "string");
  const seats = new Set<Seat>();
  const idle: Seat[] = [];
  const play = async (name: string, trial: Trial, signal?: AbortSignal): Promise<Trace> => {
    const seat = idle.pop() ?? seated(python, program);
    seats.add(seat);
    const { trace, failure } = await converse(seat, name, trial, signal);
    if (failure === undefined) idle.push(seat);
    else {
      seats.delete(seat);
      seat.child.kill("SIGKILL");
      if (!signal?.aborted) failed(`${name} on f${trial.f}, instance ${trial.instance}, d = ${trial.dim}: ${failure}`);
    }
    return trace;
  };
  return {
    contestants: present.map((name) => ({
      name,
      ...(known[name].most === undefined ? {} : { most: known[name].most }),
      solve: (trial, signal) => play(name, trial, signal),
    })),
    versions: Object.fromEntries(present.map((name) => [name, String(versions[name])])),
    absent: names.filter((name) => !present.includes(name)).map((name) => `${name}: install ${known[name].install}`),
    close() {
      for (const { child } of seats) child.kill("SIGKILL");
    },
  };
}

function versionsOf(python: string, program: string): Promise<Record<string, string | null>> {
  return new Promise((resolve) => {
    execFile(python, [program, "--versions"], (error, stdout) => resolve(error ? {} : JSON.parse(stdout)));
  });
}

/** A program that plays one trial after another. */
type Seat = { readonly child: ChildProcess; hear(chunk: Buffer): void; leave(reason: string): void };

const LAST_WORDS = 4096;

function seated(python: string, program: string): Seat {
  // a group of its own: a Ctrl-C in the terminal is ours to answer
  const child = spawn(python, [program], { stdio: "pipe", detached: true, env: { ...process.env, ...one } });
  const seat: Seat = { child, hear: () => {}, leave: () => {} };
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => seat.hear(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk).slice(-LAST_WORDS);
  });
  child.stdin.on("error", () => {});
  child.on("error", (error) => seat.leave(messageOf(error)));
  child.on("close", () => seat.leave(words.trim().split("\n").at(-1) || "its program ended"));
  return seat;
}

/** One trial: answers until the budget is spent or the target reached, and waits for the peer to take notice. */
function converse(seat: Seat, peer: string, trial: Trial, signal: AbortSignal | undefined) {
  const { f, dim, instance, seed, budget } = trial;
  const problem = bbob(f, dim, instance);
  const minimum = problem.truth?.minimum ?? Number.NEGATIVE_INFINITY;
  const { trace, note } = tracing(minimum);
  let left = budget;
  let heard: Buffer = Buffer.alloc(0);

  /** The values of some of n points: fewer than n when it is over. */
  const answered = (n: number, bytes: Buffer): Float64Array => {
    const m = Math.min(n, left);
    const values = m === 0 ? new Float64Array(0) : valuesAt(problem, m, dim, bytes);
    const hit = values.findIndex((value) => value <= minimum + LAST_TARGET);
    const kept = hit < 0 ? values : values.subarray(0, hit + 1);
    for (const value of kept) note(value);
    left = hit < 0 ? left - m : 0;
    return hit < 0 ? values : values.subarray(0, hit);
  };

  return new Promise<{ trace: Trace; failure?: string }>((resolve) => {
    const abort = (): void => end("aborted");
    const end = (failure?: string): void => {
      signal?.removeEventListener("abort", abort);
      seat.hear = () => {};
      seat.leave = () => {};
      resolve(failure === undefined ? { trace } : { trace, failure });
    };
    seat.leave = end;
    seat.hear = (chunk) => {
      heard = heard.length === 0 ? chunk : Buffer.concat([heard, chunk]);
      while (heard.length >= INT) {
        const n = heard.readInt32LE(0);
        if (n === 0) return end();
        const size = INT + n * dim * DOUBLE;
        if (heard.length < size) return;
        seat.child.stdin?.write(framed(answered(n, heard.subarray(INT, size))));
        heard = heard.subarray(size);
      }
    };
    if (signal?.aborted) return end("aborted");
    signal?.addEventListener("abort", abort);
    const { lower, upper } = problem.domain;
    const task = { peer, dim, lower: lower[0], upper: upper[0], seed: [seed, f, instance, dim], budget };
    seat.child.stdin?.write(`${JSON.stringify(task)}\n`);
  });
}

const INT = 4;
const DOUBLE = 8;

function valuesAt({ answer }: Potential, n: number, dim: number, bytes: Buffer): Float64Array {
  const x = new Float64Array(n * dim);
  Buffer.from(x.buffer).set(bytes.subarray(0, DOUBLE * x.length));
  const answered = answer({ kind: "value", at: { n, dim, x } });
  if (answered instanceof Promise || answered.value === undefined) throw new Error("a function that answers later");
  return answered.value;
}

function framed(values: Float64Array): Buffer {
  const frame = Buffer.allocUnsafe(INT + DOUBLE * values.length);
  frame.writeInt32LE(values.length, 0);
  values.forEach((value, i) => {
    frame.writeDoubleLE(value, INT + DOUBLE * i);
  });
  return frame;
}
