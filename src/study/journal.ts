/**
 * The journal: every answer of a run, lines of JSON that are written as answers come and before the engine sees them.
 * It is the truth of a study: whatever was journaled is never asked again, and a run replayed from it is the run bit
 * for bit. A query is a line, or several in any order, where its evaluator tells parts; all come before the next one's.
 */
import { join, slice } from "../core/ask.ts";
import { inputError } from "../core/errors.ts";
import { misfit } from "../core/misfit.ts";
import { type Answer, type Evaluator, type Failure, type Points, points, type Query } from "../core/problem.ts";
import { answerOn, blankPage, enterPart, gapsIn, newsIn, type Page, type Part, stretch } from "./page.ts";

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

/** An answer as it stands in the journal; what JSON cannot hold as a number stands as text. */
export type Answered = {
  /** Where it is about a part of a query only: its first row there, and the number of points of the query. */
  readonly row?: number;
  readonly of?: number;
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
}

/**
 * An evaluator that answers from the journal while it lasts and from `evaluate` after that, journaling what it gets.
 * @param from where the answers begin that the run has not yet seen
 * @param constraints their number, where it is known
 * @throws where the journal holds other points than the run asks, and where an answer does not fit its query
 */
export function journaled(store: Store, evaluate: Evaluator, from: number, constraints?: number): Journal {
  let offset = from;
  let source: AsyncGenerator<Line, void, void> | undefined = from < store.size() ? store.lines(from) : undefined;
  let m = constraints;

  /** Writes down what is new in an answer. Throws where it does not fit what was asked: it could not be replayed. */
  const enter = (page: Page, { from, answer }: Part, asked: Query): void => {
    const fault = misfit(asked, answer, m);
    if (fault !== undefined) throw new Error(fault);
    m ??= widthOf(answer);
    for (const part of newsIn(page, { from, answer })) {
      offset = store.append(JSON.stringify(lineOf(page, part)));
      enterPart(page, part);
    }
  };

  /** Asks for points `from` … `to` − 1 of a page. */
  const ask = (page: Page, from: number, to: number, signal: AbortSignal | undefined): Promise<void> | undefined => {
    const query = stretch(page, from, to);
    let retries = 0;
    const tell = (row: number, answer: Answer): void => {
      if (page.closed) return;
      try {
        enter(page, { from: from + row, answer }, slice(query, row, row + answer.n));
        retries += answer.retries ?? 0;
      } catch {
        // what does not fit, or cannot be written now, is in the whole answer once more
      }
    };
    const take = (answer: Answer): void => enter(page, { from, answer: less(answer, retries) }, query);
    const reply = evaluate(query, signal, tell);
    if (reply instanceof Promise) return reply.then(take);
    take(reply);
    return undefined;
  };

  /** The answer to the query of a page, of which only what is not known is asked. */
  const complete = (page: Page, signal: AbortSignal | undefined): Answer | Promise<Answer> => {
    const answer = (): Answer => {
      page.closed = true;
      return answerOn(page);
    };
    const close = (error: unknown): never => {
      page.closed = true;
      throw error;
    };
    const waits = gapsIn(page, 0, page.query.at.n).flatMap(([from, to]) => ask(page, from, to, signal) ?? []);
    return waits.length === 0 ? answer() : Promise.all(waits).then(answer, close);
  };

  /** What the journal holds of the next query, which is about the first points of this one; undefined at its end. */
  const read = async (query: Query): Promise<Page | undefined> => {
    let page: Page | undefined;
    while (page === undefined || page.left > 0) {
      const line = await source?.next();
      if (line === undefined || line.done) {
        source = undefined;
        return page;
      }
      offset = line.value.end;
      const record = readLine(store.where, line.value);
      if (record === undefined) continue;
      page ??= blankPage(slice(query, 0, Math.min(query.at.n, sizeOf(record))));
      enterPart(page, partFrom(store.where, line.value, record, page));
    }
    return page;
  };

  const replay = async (query: Query, signal?: AbortSignal): Promise<Answer> => {
    const parts: { asked: number; answer: Answer }[] = [];
    for (let n = 0; n < query.at.n; ) {
      const rest = slice(query, n, query.at.n);
      const page = (await read(rest)) ?? blankPage(rest);
      const answer = await complete(page, signal);
      const asked = page.query.at.n;
      parts.push({ asked, answer });
      n += answer.n;
      if (answer.n < asked) break;
    }
    return join(parts, query.at.dim);
  };

  return {
    evaluate: (query, signal) => (source === undefined ? complete(blankPage(query), signal) : replay(query, signal)),
    offset: () => offset,
  };
}

/** The number of constraints in an answer, where it tells any. */
function widthOf({ n, constraints }: Answer): number | undefined {
  return constraints === undefined || n === 0 ? undefined : constraints.length / n;
}

/** An answer without retries that are booked already. */
function less(answer: Answer, booked: number): Answer {
  if (booked === 0 || answer?.retries === undefined) return answer;
  const { retries, ...rest } = answer;
  return retries > booked ? { ...rest, retries: retries - booked } : rest;
}

function lineOf(page: Page, { from, answer }: Part): Answered {
  const of = page.query.at.n;
  const record = toRecord(stretch(page, from, from + answer.n), answer);
  return answer.n === of ? record : { row: from, of, ...record };
}

/** How many points were asked in the query of a line. */
function sizeOf({ of, value }: Answered): number {
  return of ?? value.length;
}

/** The part of a page that a line holds. Throws where it is no part of it, or known already. */
function partFrom(where: string, line: Line, record: Answered, page: Page): Part {
  const { row: from = 0, value } = record;
  const to = from + value.length;
  const [gap] = gapsIn(page, from, to);
  if (sizeOf(record) !== page.query.at.n || gap?.[0] !== from || gap[1] !== to) throw foreign(where, line);
  return { from, answer: fromRecord(where, line, record, stretch(page, from, to)) };
}

/** Points that were asked together, `of` how many, and what was answered. */
export type Told = { readonly at: Points; readonly answer: Answer; readonly of: number };

/** Puts queries together again of which several lines hold the points. */
export function gathering(): {
  /** Takes a line in; returns what it makes whole. */
  take(record: Answered): Told | undefined;
  /** What is known of a query that is not whole. */
  rest(): Told | undefined;
} {
  let held: Answered[] = [];
  let left = 0;
  const whole = (): Told | undefined => {
    if (held.length === 0) return undefined;
    const records = held.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
    held = [];
    const at = points(records.flatMap(({ x }) => x.map((row) => row.map(Number))));
    const parts = records.map(answerOf).map((answer) => ({ asked: answer.n, answer }));
    return { at, answer: join(parts, at.dim), of: sizeOf(records[0]) };
  };
  return {
    take(record) {
      if (held.length === 0) left = sizeOf(record);
      held.push(record);
      left -= record.value.length;
      return left > 0 ? undefined : whole();
    },
    rest: whole,
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
  return isAnswered(json) ? json : undefined;
}

function isAnswered(json: unknown): json is Answered {
  if (typeof json !== "object" || json === null || !("x" in json) || !("value" in json)) return false;
  const { x, value, row = 0, of = 1 } = json as Readonly<Record<"x" | "value" | "row" | "of", unknown>>;
  const isPlaced = Number.isSafeInteger(row) && Number.isSafeInteger(of) && Number(row) >= 0;
  return Array.isArray(x) && Array.isArray(value) && x.length === value.length && x.every(Array.isArray) && isPlaced;
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
  if (differs) throw foreign(where, line);
  return answerOf(record);
}

function foreign(where: string, { number }: Line) {
  return inputError(
    `${where} line ${number}`,
    "holds other points than this run asks for",
    "the study was made by another version or its files were edited; start a new one",
  );
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
