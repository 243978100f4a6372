/**
 * A user's program as a potential: for each point it reads one line {"x":[…]} and writes one line {"value":…}. It is
 * kept alive over many lines; several copies of it answer the points of a query side by side.
 */
import { existsSync } from "node:fs";
import { inputError, messageOf } from "../../core/errors.ts";
import type { Answer, Domain, Evaluator, Failure, Kind, Points, Potential, Query, Tell } from "../../core/problem.ts";
import { isSmooth, type Space, valuesAt } from "../../core/space.ts";
import { type Child, type Reply, start } from "./child.ts";
import { words } from "./words.ts";

export type ProgramOptions = {
  readonly domain: Domain;
  readonly names?: readonly string[] | undefined;
  /** What the coordinates stand for; the lines then hold `values` by name beside `x`. */
  readonly space?: Space | undefined;
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
  const { domain, names, space, concurrency = 1, timeout = TIMEOUT, gradient = false } = options;
  const argv = words(command);
  const can: readonly Kind[] = gradient && (space === undefined || isSmooth(space)) ? ["value", "gradient"] : ["value"];
  const width: Width = {};
  const line = (at: Points, i: number): string => {
    const x = [...at.x.subarray(i * at.dim, (i + 1) * at.dim)];
    return JSON.stringify({ x, ...(space?.named ? { values: valuesAt(space, x) } : {}) });
  };
  const slots: Slot[] = Array.from({ length: concurrency }, () => ({ argv, timeout, child: undefined }));
  slots[0].child = await start(argv).catch((error: unknown) => {
    throw unstartable(argv[0], error);
  });

  const places = lending(slots);
  const answer: Evaluator = async (query, signal, tell) => {
    if (!can.includes(query.kind)) throw inputError(command, `answers no '${query.kind}'`);
    return answerAll(places, query, line, width, signal, tell);
  };
  return {
    potential: {
      name: command,
      domain,
      can,
      ...(names === undefined ? {} : { names }),
      ...(space === undefined ? {} : { space }),
      ...(gradient === true ? {} : { mayLimit: true }),
      answer,
    },
    close: async () => {
      await Promise.all(slots.map(({ child }) => child?.close()));
    },
  };
}

/** A place for one living copy. */
type Slot = { readonly argv: readonly string[]; readonly timeout: number; child: Child | undefined };

type Reason = Omit<Failure, "index">;

/** The number of constraints that the program answers with, once it has. */
type Width = { m?: number };

/** Slots for one conversation at a time: whoever asks for one waits until it is free, first come, first served. */
type Places = { readonly count: number; take(): Promise<Slot>; give(slot: Slot): void };

function lending(slots: readonly Slot[]): Places {
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    count: slots.length,
    async take() {
      return free.shift() ?? new Promise((resolve) => waiting.push(resolve));
    },
    give(slot) {
      const next = waiting.shift();
      if (next === undefined) free.unshift(slot);
      else next(slot);
    },
  };
}

/** Several queries may be under way at once; a point of any of them takes the next free copy. */
async function answerAll(
  places: Places,
  query: Query,
  line: (at: Points, i: number) => string,
  width: Width,
  signal: AbortSignal | undefined,
  tell: Tell | undefined,
): Promise<Answer> {
  const { n, dim } = query.at;
  const value = new Float64Array(n).fill(Number.NaN);
  const gradient = query.kind === "gradient" ? new Float64Array(n * dim).fill(Number.NaN) : undefined;
  const limits: (readonly number[] | undefined)[] = new Array(n);
  const reasons: (Reason | undefined)[] = new Array(n);
  const done = new Uint8Array(n);
  let next = 0;
  const busy = new Set<Slot>();

  /** The answer to points `from` … `to` − 1, which are done. */
  const part = (from: number, to: number): Answer => {
    const failures: Failure[] = [];
    for (let i = from; i < to; i++) {
      const reason = reasons[i];
      if (reason !== undefined) failures.push({ index: i - from, ...reason });
    }
    return {
      n: to - from,
      value: value.subarray(from, to),
      ...(gradient === undefined ? {} : { gradient: gradient.subarray(from * dim, to * dim) }),
      ...(width.m === undefined ? {} : { constraints: limitRows(limits.slice(from, to), width.m) }),
      ...(failures.length === 0 ? {} : { failures }),
    };
  };

  const converse = async (slot: Slot, i: number): Promise<void> => {
    const reply = await ask(slot, line(query.at, i), signal);
    if (signal?.aborted) return;
    const read = "line" in reply ? readAnswer(reply, gradient === undefined ? undefined : dim, width) : reply;
    if ("failure" in read) reasons[i] = { reason: read.failure, ...("number" in read ? { number: true } : {}) };
    else {
      value[i] = read.value;
      gradient?.set(read.gradient, i * dim);
      limits[i] = read.constraints;
    }
    // what is out of step stays out of step
    if ("astray" in read) slot.child?.kill(read.failure);
    done[i] = 1;
    tell?.(i, part(i, i + 1));
  };

  /** One point after another, each in whichever copy is free. */
  const lane = async (): Promise<void> => {
    while (next < n && !signal?.aborted) {
      const slot = await places.take();
      busy.add(slot);
      // another may have taken the last one meanwhile
      if (next < n && !signal?.aborted) await converse(slot, next++);
      busy.delete(slot);
      places.give(slot);
    }
  };
  const abort = (): void => {
    for (const { child } of busy) child?.kill("aborted");
  };
  signal?.addEventListener("abort", abort);
  await Promise.all(Array.from({ length: Math.min(places.count, n) }, lane));
  signal?.removeEventListener("abort", abort);

  const missing = done.indexOf(0);
  return part(0, missing < 0 ? n : missing);
}

function limitRows(limits: readonly (readonly number[] | undefined)[], m: number): Float64Array {
  const rows = new Float64Array(limits.length * m).fill(Number.NaN);
  // a point that failed has none, and is a hole in the list
  for (let i = 0; i < limits.length; i++) rows.set(limits[i] ?? [], i * m);
  return rows;
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
  | {
      readonly value: number;
      readonly gradient: readonly number[];
      readonly constraints?: readonly number[] | undefined;
    }
  | { readonly failure: string }
  | { readonly failure: string; readonly astray: true }
  | { readonly failure: string; readonly number: true };

/** What a line says; `dim` where it must hold a gradient. All answers of a program hold constraints, or none does. */
function readAnswer({ line, surplus }: Line, dim: number | undefined, width: Width): Read {
  const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
  const answered = `answered '${shown}'`;
  const json = parse(line);
  if (typeof json !== "object" || json === null) return { failure: `${answered}, not a JSON line`, astray: true };
  if (surplus === true) return { failure: "answered with more than one line" };
  if (!("value" in json)) return { failure: `${answered}, which has no value` };
  const { value, gradient, constraints } = json as { value: unknown; gradient?: unknown; constraints?: unknown };
  if (Array.isArray(value) && value.length > 1)
    return { failure: `answered with ${value.length} values; Wick minimizes one: send a weighted sum` };
  const limits = readLimits(constraints, width);
  if (limits === undefined) return { failure: `${answered}, whose constraints are not as many numbers as before` };
  if (limits.length > 0 && dim !== undefined)
    return { failure: "answered with constraints, which gradients do not go with; leave --gradient out" };
  // outside of what is allowed a program may have no value to tell
  if (limits.some((g) => g > 0))
    return { value: isNumber(value) ? value : Number.POSITIVE_INFINITY, gradient: [], constraints: limits };
  if (!isNumber(value)) {
    const failure = `${answered}, whose value is not a finite number`;
    // null is what JSON has for NaN
    return value === null || typeof value === "number" ? { failure, number: true } : { failure };
  }
  if (dim === undefined) return { value, gradient: [], constraints: limits.length > 0 ? limits : undefined };
  if (!Array.isArray(gradient) || gradient.length !== dim || !gradient.every(isNumber))
    return { failure: `${answered}, whose gradient is not a list of ${dim} finite numbers` };
  return { value, gradient };
}

function readLimits(given: unknown, width: Width): readonly number[] | undefined {
  const list: unknown = given ?? [];
  if (!Array.isArray(list) || !list.every(isNumber) || list.length !== (width.m ?? list.length)) return undefined;
  if (list.length > 0) width.m = list.length;
  return list;
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
