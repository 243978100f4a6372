/**
 * The journal: every answer of a run, one line of JSON a query, written before the engine sees it. It is the truth
 * of a study: whatever was journaled is never asked again, and a run replayed from it is the run bit for bit.
 */
import { join, slice } from "../core/ask.ts";
import { inputError } from "../core/errors.ts";
import type { Answer, Evaluator, Failure, Query } from "../core/problem.ts";

/** A line of the journal and the offset in bytes of the next one. */
export type Line = { readonly text: string; readonly number: number; readonly end: number };

/** Where a study lives; the platform supplies it. */
export interface Store {
  /** What to call it in messages. */
  readonly where: string;
  /** The whole lines from an offset on. A torn last line is not among them. */
  lines(from: number): AsyncGenerator<Line, void, void>;
  /** Adds a line in one write; returns the offset behind it. Throws with nothing written when it does not fit. */
  append(text: string): number;
  /** Size of the journal in bytes, a torn last line excluded. */
  size(): number;
  /** Waits until what was appended is on the disk. */
  sync(): Promise<void>;
  loadCheckpoint(): Uint8Array | undefined;
  saveCheckpoint(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

type Numeral = number | string;

/** One query's answer as it stands in the journal; what JSON cannot hold as a number stands as text. */
export type Answered = {
  readonly x: readonly (readonly Numeral[])[];
  readonly value: readonly Numeral[];
  readonly gradient?: readonly (readonly Numeral[])[];
  readonly constraints?: readonly (readonly Numeral[])[];
  readonly failures?: readonly Failure[];
  readonly retries?: number;
};

export interface Journal {
  readonly evaluate: Evaluator;
  /** The offset behind the last answer that was handed on. */
  offset(): number;
  /** Answers taken from the journal instead of being asked. */
  replayed(): number;
}

/**
 * An evaluator that answers from the journal while it lasts and from `evaluate` after that, journaling what it gets.
 * @param from where the answers begin that the run has not yet seen
 * @throws where the journal holds other points than the run asks
 */
export function journaled(store: Store, evaluate: Evaluator, from: number): Journal {
  let offset = from;
  let replayed = 0;
  let source: AsyncGenerator<Line, void, void> | undefined = from < store.size() ? store.lines(from) : undefined;

  const ask = (query: Query, signal?: AbortSignal): Answer | Promise<Answer> => {
    const reply = evaluate(query, signal);
    return reply instanceof Promise ? reply.then((answer) => write(query, answer)) : write(query, reply);
  };

  const write = (query: Query, answer: Answer): Answer => {
    if (answer.n > 0) offset = store.append(JSON.stringify(toRecord(query, answer)));
    return answer;
  };

  /** The journaled answer to the first points of the query, or undefined at the end of the journal. */
  const next = async (query: Query): Promise<Answer | undefined> => {
    for (;;) {
      const line = await source?.next();
      if (line === undefined || line.done) {
        source = undefined;
        return undefined;
      }
      offset = line.value.end;
      const record = readLine(store.where, line.value);
      if (record !== undefined) return fromRecord(store.where, line.value, record, query);
    }
  };

  const replay = async (query: Query, signal?: AbortSignal): Promise<Answer> => {
    const parts: { asked: number; answer: Answer }[] = [];
    let n = 0;
    while (n < query.at.n) {
      const rest = slice(query, n, query.at.n);
      const known = await next(rest);
      const answer = known ?? (await ask(rest, signal));
      if (known !== undefined) replayed += known.n;
      parts.push({ asked: answer.n, answer });
      n += answer.n;
      if (known === undefined) break;
    }
    return join(parts, query.at.dim);
  };

  return {
    evaluate: (query, signal) => (source === undefined ? ask(query, signal) : replay(query, signal)),
    offset: () => offset,
    replayed: () => replayed,
  };
}

/** The answers of a line, or undefined when it is no answer (a header, the end of a session). */
export function readLine(where: string, { text, number }: Line): Answered | undefined {
  if (text.trim() === "") return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw inputError(
      `${where} line ${number}`,
      "is not JSON",
      "the journal was edited or damaged; restore it from a copy",
    );
  }
  return isRecord(json) ? json : undefined;
}

function isRecord(json: unknown): json is Answered {
  if (typeof json !== "object" || json === null || !("x" in json) || !("value" in json)) return false;
  const { x, value } = json;
  return Array.isArray(x) && Array.isArray(value) && x.length === value.length && x.every(Array.isArray);
}

/** An answer as it stands in the journal. */
export function toRecord(query: Query, answer: Answer): Answered {
  const { dim, x } = query.at;
  return {
    x: rows(x, answer.n, dim),
    value: Array.from(answer.value ?? [], numeral),
    ...(answer.gradient === undefined ? {} : { gradient: rows(answer.gradient, answer.n, dim) }),
    ...(answer.constraints === undefined
      ? {}
      : { constraints: rows(answer.constraints, answer.n, answer.constraints.length / answer.n) }),
    ...(answer.failures === undefined ? {} : { failures: answer.failures }),
    ...(answer.retries === undefined ? {} : { retries: answer.retries }),
  };
}

/** The answer of a line. Throws where it answers another question. */
export function fromRecord(where: string, line: Line, record: Answered, query: Query): Answer {
  const { dim, x } = query.at;
  const n = record.value.length;
  const differs =
    n > query.at.n ||
    (query.kind === "gradient" && record.gradient === undefined) ||
    record.x.some((row, i) => row.some((v, j) => Number(v) !== x[i * dim + j]));
  if (differs)
    throw inputError(
      `${where} line ${line.number}`,
      "holds other points than this run asks for",
      "the study was made by another version or its files were edited; start a new one",
    );
  return answerOf(record);
}

/** The answer that a line holds. */
export function answerOf(record: Answered): Answer {
  const flat = (given: readonly (readonly Numeral[])[]): Float64Array => Float64Array.from(given.flat(), Number);
  const { value, gradient, constraints, failures, retries } = record;
  return {
    n: value.length,
    value: Float64Array.from(value, Number),
    ...(gradient === undefined ? {} : { gradient: flat(gradient) }),
    ...(constraints === undefined ? {} : { constraints: flat(constraints) }),
    ...(failures === undefined ? {} : { failures }),
    ...(retries === undefined ? {} : { retries }),
  };
}

function rows(flat: Float64Array, n: number, dim: number): Numeral[][] {
  return Array.from({ length: n }, (_, i) => Array.from(flat.subarray(i * dim, (i + 1) * dim), numeral));
}

function numeral(v: number): Numeral {
  if (Object.is(v, -0)) return "-0";
  return Number.isFinite(v) ? v : String(v);
}
