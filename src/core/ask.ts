/**
 * A step asks; it never calls. A step is a generator that yields queries about ζ and is handed their answers,
 * so that the same text runs inline, on a worker pool, through a queue, or with the user as the evaluator.
 */
import type { Key } from "../math/rng.ts";
import type { Answer, Points, Query, Tell } from "./problem.ts";

/** A computation that asks for ζ on its way to a T. */
export type Ask<T> = Generator<Query, T, Answer>;

/** Asks for ζ at points; non-finite values arrive as +∞. */
export function* askValue(at: Points, key?: Key): Ask<Float64Array> {
  const answer = yield { kind: "value", at, ...(key === undefined ? {} : { key }) };
  return part(answer, "value");
}

/** Asks for ζ and ∇ζ (row-major, as the points) at points. */
export function* askGradient(at: Points): Ask<{ readonly value: Float64Array; readonly gradient: Float64Array }> {
  const answer = yield { kind: "gradient", at };
  return { value: part(answer, "value"), gradient: part(answer, "gradient") };
}

const NOWHERE: Points = { n: 0, dim: 1, x: new Float64Array(0) };

/** Asks for ζ nowhere: a turn, in long work, for whoever drives it to look at the clock and the signal. */
export function* pause(): Ask<void> {
  yield { kind: "value", at: NOWHERE };
}

/** Drives an ask with an evaluator that answers at once: for tests and for what needs no budget. */
export function answerAll<T>(ask: Ask<T>, answer: (query: Query) => Answer): T {
  let step = ask.next();
  while (!step.done) step = ask.next(answer(step.value));
  return step.value;
}

/**
 * Runs asks side by side, the queries of a round as one; all of them ask equally often, for the same kind, in as many
 * dimensions. Returns what each came to.
 */
export function* together<T>(asks: readonly Ask<T>[]): Ask<T[]> {
  let steps = asks.map((ask) => ask.next());
  while (steps.some((step) => !step.done)) {
    const queries = steps.flatMap((step) => (step.done ? [] : [step.value]));
    if (queries.length < asks.length) throw new Error("asks that run together asked unequally often");
    const [{ at, ...first }] = queries;
    const n = queries.reduce((sum, query) => sum + query.at.n, 0);
    const x = new Float64Array(n * at.dim);
    queries.reduce((row, query) => {
      x.set(query.at.x.subarray(0, query.at.n * at.dim), row * at.dim);
      return row + query.at.n;
    }, 0);
    const { value, gradient } = yield { ...first, at: { n, dim: at.dim, x } };
    let row = 0;
    steps = asks.map((ask, i) => {
      const from = row;
      row += queries[i].at.n;
      return ask.next({
        n: queries[i].at.n,
        ...(value === undefined ? {} : { value: value.subarray(from, row) }),
        ...(gradient === undefined ? {} : { gradient: gradient.subarray(from * at.dim, row * at.dim) }),
      });
    });
  }
  return steps.map((step) => step.value as T);
}

/** The part of a query that asks for its points `from` … `to` − 1 only; it borrows their coordinates. */
export function slice(query: Query, from: number, to: number): Query {
  const { dim, x } = query.at;
  return { ...query, at: { n: to - from, dim, x: x.subarray(from * dim, to * dim) } };
}

/** The part of an answer that is about its points `from` … `to` − 1 only, a copy; its retries are left out. */
export function cut(answer: Answer, from: number, to: number, dim: number): Answer {
  const { value, gradient, score, constraints, failures } = answer;
  const m = (constraints?.length ?? 0) / answer.n;
  const known = failures?.filter(({ index }) => index >= from && index < to) ?? [];
  return {
    n: to - from,
    ...(value === undefined ? {} : { value: value.slice(from, to) }),
    ...(gradient === undefined ? {} : { gradient: gradient.slice(from * dim, to * dim) }),
    ...(score === undefined ? {} : { score: score.slice(from * dim, to * dim) }),
    ...(constraints === undefined ? {} : { constraints: constraints.slice(from * m, to * m) }),
    ...(known.length === 0 ? {} : { failures: known.map((f) => ({ ...f, index: f.index - from })) }),
  };
}

/** Quick points are told together, so many milliseconds of them: a listener may write each time. */
export const TOGETHER_MS = 10;

/**
 * Tells an answer in the making, a point that took its time as soon as it is done.
 * @param part the answer to points `from` … `to` − 1, which are done
 * @returns what is to be called with the number of points that are done, whenever one more is
 */
export function telling(
  tell: Tell | undefined,
  part: (from: number, to: number) => Answer,
): (done: number, now?: number) => void {
  if (tell === undefined) return () => {};
  let from = 0;
  let last = performance.now();
  return (done, now = performance.now()) => {
    if (now - last < TOGETHER_MS) return;
    tell(from, part(from, done));
    from = done;
    last = now;
  };
}

/** One answer out of the answers to the consecutive parts of a query; ends at the first part that is short. */
export function join(parts: readonly { readonly asked: number; readonly answer: Answer }[], dim: number): Answer {
  let n = 0;
  const whole: Answer[] = [];
  for (const { asked, answer } of parts) {
    whole.push(answer);
    n += answer.n;
    if (answer.n < asked) break;
  }
  const concat = (
    pick: (a: Answer) => Float64Array | undefined,
    width: number,
    answers: readonly Answer[] = whole,
  ): Float64Array | undefined => {
    if (answers.length === 0 || pick(answers[0]) === undefined) return undefined;
    const out = new Float64Array(n * width);
    let at = 0;
    for (const a of answers) {
      const from = pick(a);
      if (from !== undefined) out.set(from.subarray(0, a.n * width), at);
      at += a.n * width;
    }
    return out;
  };
  const m = Math.max(0, ...whole.map((a) => (a.n > 0 ? (a.constraints?.length ?? 0) / a.n : 0)));
  const unknown = (a: Answer): Answer => ({ ...a, constraints: new Float64Array(a.n * m).fill(Number.NaN) });
  // a part whose points all failed does not know that there are constraints
  const constrained = m === 0 ? whole : whole.map((a) => (a.constraints === undefined ? unknown(a) : a));
  const failures = [];
  let retries = 0;
  let start = 0;
  for (const a of whole) {
    for (const f of a.failures ?? []) failures.push({ ...f, index: start + f.index });
    retries += a.retries ?? 0;
    start += a.n;
  }
  const value = concat((a) => a.value, 1);
  const gradient = concat((a) => a.gradient, dim);
  const score = concat((a) => a.score, dim);
  const constraints = concat((a) => a.constraints, m, constrained);
  return {
    n,
    ...(value === undefined ? {} : { value }),
    ...(gradient === undefined ? {} : { gradient }),
    ...(score === undefined ? {} : { score }),
    ...(constraints === undefined ? {} : { constraints }),
    ...(failures.length === 0 ? {} : { failures }),
    ...(retries === 0 ? {} : { retries }),
  };
}

/** What was asked for; of no points an evaluator need not tell any. */
function part(answer: Answer, name: "value" | "gradient"): Float64Array {
  const array = answer[name] ?? (answer.n === 0 ? new Float64Array(0) : undefined);
  if (array === undefined) throw new Error(`the evaluator answered without a '${name}'`);
  return array;
}
