/**
 * A user's program as a potential: for each point it reads one line {"x":[…]} and writes one line {"value":…}. It is
 * kept alive over many lines; several copies of it answer the points of a query side by side.
 */
import { existsSync } from "node:fs";
import { inputError, messageOf } from "../../core/errors.ts";
import type { Answer, Domain, Evaluator, Failure, Kind, Potential, Query } from "../../core/problem.ts";
import { type Child, type Reply, start } from "./child.ts";
import { words } from "./words.ts";

export type ProgramOptions = {
  readonly domain: Domain;
  readonly names?: readonly string[] | undefined;
  /** Copies that run at the same time; 1 where it is left out. */
  readonly concurrency?: number;
  /** Seconds for one answer, its start included; 60 where it is left out. */
  readonly timeout?: number;
  /** Whether its answers hold a `gradient` too: a list of numbers, one for each coordinate. */
  readonly gradient?: boolean;
};

export type Program = { readonly potential: Potential; close(): Promise<void> };

const TIMEOUT = 60;

/**
 * Opens a program.
 *
 * It writes nothing but answers on its standard output, a line each, and should flush each line; a log belongs on
 * standard error, of which only the last line is kept, for the reason of a failure. A point fails where the program
 * exits, is killed, is late (then it is ended and started anew), or writes anything but {"value": number}. One that
 * exits with status 0 after an answer is started again for the next. Answers do not depend on the number of copies.
 * @param command split as a shell splits words, run without one
 * @throws where the command cannot be split or the program cannot be started
 * @example await program("python3 simulate.py", { domain: box(2, -5, 5) })
 */
export async function program(command: string, options: ProgramOptions): Promise<Program> {
  const { domain, names, concurrency = 1, timeout = TIMEOUT, gradient = false } = options;
  const argv = words(command);
  const can: readonly Kind[] = gradient ? ["value", "gradient"] : ["value"];
  const slots: Slot[] = Array.from({ length: concurrency }, () => ({ argv, timeout, child: undefined }));
  slots[0].child = await start(argv).catch((error: unknown) => {
    throw unstartable(argv[0], error);
  });

  const answer: Evaluator = async (query, signal) => {
    if (!can.includes(query.kind)) throw inputError(command, `answers no '${query.kind}'`);
    return answerAll(slots, query, signal);
  };
  let turn: Promise<unknown> = Promise.resolve();
  return {
    potential: {
      name: command,
      domain,
      can,
      ...(names === undefined ? {} : { names }),
      // a copy holds one conversation at a time, so queries wait for each other
      answer: (query, signal) => {
        const mine = turn.then(() => answer(query, signal));
        turn = mine.catch(() => {});
        return mine;
      },
    },
    close: async () => {
      await Promise.all(slots.map(({ child }) => child?.close()));
    },
  };
}

/** A place for one living copy. */
type Slot = { readonly argv: readonly string[]; readonly timeout: number; child: Child | undefined };

async function answerAll(slots: readonly Slot[], query: Query, signal: AbortSignal | undefined): Promise<Answer> {
  const { n, dim, x } = query.at;
  const value = new Float64Array(n).fill(Number.NaN);
  const gradient = query.kind === "gradient" ? new Float64Array(n * dim).fill(Number.NaN) : undefined;
  const reasons: (string | undefined)[] = new Array(n);
  const done = new Uint8Array(n);
  let next = 0;

  const converse = async (slot: Slot): Promise<void> => {
    while (next < n && !signal?.aborted) {
      const i = next++;
      const reply = await ask(slot, JSON.stringify({ x: [...x.subarray(i * dim, (i + 1) * dim)] }), signal);
      if (signal?.aborted) return;
      const read = "line" in reply ? readAnswer(reply, gradient === undefined ? undefined : dim) : reply;
      if ("failure" in read) reasons[i] = read.failure;
      else {
        value[i] = read.value;
        gradient?.set(read.gradient, i * dim);
      }
      // what is out of step stays out of step
      if ("astray" in read) slot.child?.kill(read.failure);
      done[i] = 1;
    }
  };

  const abort = (): void => {
    for (const { child } of slots) child?.kill("aborted");
  };
  signal?.addEventListener("abort", abort);
  await Promise.all(slots.slice(0, n).map(converse));
  signal?.removeEventListener("abort", abort);

  const missing = done.indexOf(0);
  const kept = missing < 0 ? n : missing;
  const failures: Failure[] = [];
  for (let index = 0; index < kept; index++) {
    const reason = reasons[index];
    if (reason !== undefined) failures.push({ index, reason });
  }
  return {
    n: kept,
    value: value.subarray(0, kept),
    ...(gradient === undefined ? {} : { gradient: gradient.subarray(0, kept * dim) }),
    ...(failures.length === 0 ? {} : { failures }),
  };
}

/** Asks the copy in a slot, started where there is none; once more where the one that was there had left in order. */
async function ask(slot: Slot, line: string, signal: AbortSignal | undefined): Promise<Reply> {
  for (let again = true; ; again = false) {
    if (slot.child?.ready() !== true) {
      try {
        slot.child = await start(slot.argv);
      } catch (error) {
        return { failure: `could not be started: ${messageOf(error)}` };
      }
    }
    if (signal?.aborted) return { failure: "aborted" };
    const reply = await slot.child.ask(line, slot.timeout);
    if (again && "left" in reply && reply.left === true && !signal?.aborted) continue;
    return reply;
  }
}

type Line = Extract<Reply, { readonly line: string }>;
type Read =
  | { readonly value: number; readonly gradient: readonly number[] }
  | { readonly failure: string }
  | { readonly failure: string; readonly astray: true };

/** What a line says; `dim` where it must hold a gradient. */
function readAnswer({ line, surplus }: Line, dim: number | undefined): Read {
  const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
  const answered = `answered '${shown}'`;
  const json = parse(line);
  if (typeof json !== "object" || json === null) return { failure: `${answered}, not a JSON line`, astray: true };
  if (surplus === true) return { failure: "answered with more than one line" };
  if (!("value" in json)) return { failure: `${answered}, which has no value` };
  const { value, gradient } = json as { value: unknown; gradient?: unknown };
  if (!isNumber(value)) return { failure: `${answered}, whose value is not a finite number` };
  if (dim === undefined) return { value, gradient: [] };
  if (!Array.isArray(gradient) || gradient.length !== dim || !gradient.every(isNumber))
    return { failure: `${answered}, whose gradient is not a list of ${dim} finite numbers` };
  return { value, gradient };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {}
  try {
    // what Python and others write for a number that is none
    return JSON.parse(line.replace(/([:,[]\s*)(?:NaN|[+-]?Infinity)\b/g, "$1null"));
  } catch {
    return undefined;
  }
}

function isNumber(given: unknown): given is number {
  return Number.isFinite(given);
}

function unstartable(name: string, error: unknown) {
  const { code } = error as { code?: string };
  const where = `--exec ${name}`;
  const isPath = name.includes("/");
  if (code === "ENOENT") {
    if (isPath && existsSync(name)) return inputError(where, "the interpreter named in its first line was not found");
    if (!isPath && existsSync(name)) return inputError(where, "is not on the PATH", `write ./${name}`);
    return inputError(where, "was not found", isPath ? "check the path" : "give its path, or a program on the PATH");
  }
  if (code === "EACCES") return inputError(where, "may not be run", `make it a program: chmod +x ${name}`);
  if (code === "ENOEXEC") return inputError(where, "is no program", "begin a script with #! and its interpreter");
  return inputError(where, `could not be started: ${messageOf(error)}`);
}
