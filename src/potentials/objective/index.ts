/**
 * A user's function as a potential. What a function returns is checked point by point: a point for which it throws,
 * or returns anything but a finite number, is reported as a failure with its reason, and the others stand.
 */
import { cut, telling } from "../../core/ask.ts";
import { inputError, messageOf } from "../../core/errors.ts";
import type { Answer, Domain, Failure, Points, Potential } from "../../core/problem.ts";
import { boundsOf, isSmooth, type Space, valuesAt } from "../../core/space.ts";
import {
  flawOfConstraints,
  flawOfGradient,
  flawOfValue,
  isList,
  kindOf,
  type Objective,
  type ReadObjective,
  readObjective,
} from "./shape.ts";

export { type Objective, type ReadObjective, readObjective } from "./shape.ts";

type Later<T> = T | Promise<T>;

export type ObjectiveOptions = {
  /** What the user calls it; errors begin with it. */
  readonly name?: string;
  /** Goes before the objective's own domain. */
  readonly domain?: Domain;
  /** Goes before the objective's own variables. */
  readonly space?: Space;
};

/**
 * A user's function as a potential. It is asked for one point after another, or for all of them through `batch`; a
 * gradient costs one call of `value` and one of `gradient`. An abort is heeded between points and while a promise is
 * pending: the answer then holds the points before. Functions that return at once are answered for at once, except
 * that after every 50 ms of them the event loop gets a turn. +∞ is a value like any other (a point out of bounds).
 * Constraints are asked at each point after ζ, and count as part of its evaluation.
 * @throws where the shape of the objective is wrong, or neither it nor the options give a domain or variables
 * @example objective((x) => x[0] ** 2, { domain: box(1, -1, 1) })
 */
export function objective<P = number[]>(spec: Objective<P>, options: ObjectiveOptions = {}): Potential {
  const name = options.name ?? "objective";
  const {
    value,
    gradient,
    batch,
    constraints,
    names: ownNames,
    domain: own,
    space: ownSpace,
  } = readObjective(name, spec);
  // the space of an own domain goes with it
  const space = options.space ?? (options.domain === undefined || ownSpace?.named ? ownSpace : undefined);
  const placed = options.space === undefined ? own : undefined;
  const on = options.domain ?? placed ?? (space && boundsOf(space));
  if (on === undefined) throw inputError(name, "has no domain", "give --domain, or export one");
  const dim = on.lower.length;
  const names = space?.variables.map((v) => v.name) ?? ownNames;
  if (names !== undefined && names.length !== dim)
    throw inputError(`${name}: names`, `has ${names.length} for ${dim} axes`, "give one for each axis of the domain");
  const isSloped = gradient !== undefined && constraints === undefined && (space === undefined || isSmooth(space));
  const pace: Pace = { busy: 0 };
  const width: Width = {};
  const point = (at: Points, i: number) => (space?.named ? valuesAt(space, at.x, i * at.dim) : coordinates(at, i));
  return {
    name,
    domain: on,
    can: isSloped ? ["value", "gradient"] : ["value"],
    ...(names === undefined ? {} : { names }),
    ...(space === undefined ? {} : { space }),
    ...(constraints === undefined ? {} : { constraints: [] }),
    answer: ({ kind, at }, signal, tell) => {
      const sheet = blank(at, point, kind === "gradient");
      const done = telling(tell, (from, to) => cut(answered(sheet, width, to), from, to, dim));
      const each = (ask: Ask) => finish(sheet, width, visit(at.n, ask, pace, signal, done));
      if (kind === "gradient" && gradient !== undefined && isSloped)
        return each((i) => inquireSlope(sheet, i, value, gradient));
      if (kind !== "value") throw inputError(name, `answers no '${kind}'`);
      const limit = (i: number) =>
        constraints === undefined ? undefined : inquireLimits(sheet, i, constraints, width);
      if (batch === undefined) return each((i) => after(inquire(sheet, i, value), () => limit(i)));
      const asked = chain(
        visit(Math.min(at.n, 1), () => inquireAll(sheet, batch), pace, signal),
        (done) => (done === 0 ? 0 : at.n),
      );
      if (constraints === undefined) return finish(sheet, width, asked);
      return finish(
        sheet,
        width,
        chain(asked, (n) => visit(n, limit, pace, signal)),
      );
    },
  };
}

/** The number of constraints, once one point has told it. */
type Width = { m?: number };

function after(pending: Promise<void> | undefined, then: () => Promise<void> | undefined): Promise<void> | undefined {
  return pending === undefined ? then() : pending.then(then);
}

/** Milliseconds spent in a user's functions since the event loop last had a turn. */
type Pace = { busy: number };
const SLICE_MS = 50;

/**
 * Calls `ask` for 0 … n − 1 in turn, each awaited where it returns a promise (which must not reject), then `done`.
 * Returns how many are done, at once where no promise was met and no turn of the event loop was due.
 */
function visit(
  n: number,
  ask: Ask,
  pace: Pace,
  signal: AbortSignal | undefined,
  done: (n: number, now?: number) => void = () => {},
): Later<number> {
  let last = performance.now();
  for (let i = 0; i < n; i++) {
    if (signal?.aborted) return i;
    if (pace.busy > SLICE_MS) return visitLater(i, n, ask, pace, signal, done);
    const pending = ask(i);
    const now = performance.now();
    pace.busy += now - last;
    last = now;
    if (pending !== undefined) return visitLater(i, n, ask, pace, signal, done, pending);
    done(i + 1, now);
  }
  return n;
}
type Ask = (index: number) => Promise<void> | undefined;

/** The rest of a visit, from point `from` on, whose promise may be under way already. */
async function visitLater(
  from: number,
  n: number,
  ask: Ask,
  pace: Pace,
  signal: AbortSignal | undefined,
  done: (n: number) => void,
  first?: Promise<void>,
): Promise<number> {
  let pending = first;
  for (let i = from; i < n; i++) {
    if (pace.busy > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      pace.busy = 0;
    }
    const start = performance.now();
    if (signal?.aborted) return i;
    pending ??= ask(i);
    if (pending !== undefined && !(await arrives(pending, signal))) return i;
    pending = undefined;
    done(i + 1);
    pace.busy += performance.now() - start;
  }
  return n;
}

/** Waits for a promise; false where the abort comes first. */
function arrives(pending: Promise<void>, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal === undefined) return pending.then(() => true);
  return new Promise((resolve) => {
    const abort = () => resolve(false);
    signal.addEventListener("abort", abort, { once: true });
    pending.then(() => {
      signal.removeEventListener("abort", abort);
      resolve(true);
    });
  });
}

/** An answer in the making. */
type Sheet = {
  readonly at: Points;
  /** What a user's function is handed for point i. */
  readonly point: (at: Points, i: number) => unknown;
  readonly value: Float64Array;
  readonly gradient: Float64Array | undefined;
  /** g at each point that told it. */
  readonly limits: (ArrayLike<number> | undefined)[];
  readonly failures: Failure[];
};

function blank(at: Points, point: Sheet["point"], sloped: boolean): Sheet {
  const gradient = sloped ? new Float64Array(at.n * at.dim) : undefined;
  return { at, point, value: new Float64Array(at.n), gradient, limits: [], failures: [] };
}

function fail({ at, value, gradient, failures }: Sheet, index: number, reason: string, isNumber = false): void {
  value[index] = Number.NaN;
  gradient?.fill(Number.NaN, index * at.dim, (index + 1) * at.dim);
  failures.push({ index, reason, ...(isNumber ? { number: true } : {}) });
}

/** The answer for the points done. What arrives after it for the points beyond does not touch it. */
function finish(sheet: Sheet, width: Width, done: Later<number>): Answer | Promise<Answer> {
  return chain(done, (n) => answered(sheet, width, n));
}

/** The answer for the first n points. */
function answered({ at, value, gradient, limits, failures }: Sheet, width: Width, n: number): Answer {
  const known = failures.filter(({ index }) => index < n);
  return {
    n,
    value: value.subarray(0, n),
    ...(gradient === undefined ? {} : { gradient: gradient.subarray(0, n * at.dim) }),
    ...(width.m === undefined ? {} : { constraints: limitRows(limits, n, width.m) }),
    ...(known.length === 0 ? {} : { failures: known }),
  };
}

function limitRows(limits: Sheet["limits"], n: number, m: number): Float64Array {
  const rows = new Float64Array(n * m).fill(Number.NaN);
  for (let i = 0; i < n; i++) rows.set(limits[i] ?? [], i * m);
  return rows;
}

function chain<T, U>(later: Later<T>, then: (now: T) => Later<U>): Later<U> {
  return later instanceof Promise ? later.then(then) : then(later);
}

/** A fresh array with the coordinates of a point. */
function coordinates({ dim, x }: Points, index: number): number[] {
  const point = new Array<number>(dim);
  for (let j = 0; j < dim; j++) point[j] = x[index * dim + j];
  return point;
}

/** Calls a user's function and takes what it returns, now or later; whatever it throws is a failure. */
function receive(call: () => unknown, take: (returned: unknown) => void, failed: (reason: string) => void) {
  const threw = (thrown: unknown) => failed(`threw: ${messageOf(thrown).slice(0, 200)}`);
  try {
    const returned = call();
    if (isPromise(returned)) return Promise.resolve(returned).then(take).catch(threw);
    take(returned);
  } catch (thrown) {
    threw(thrown);
  }
  return undefined;
}

function isPromise(returned: unknown): returned is PromiseLike<unknown> {
  return typeof returned === "object" && returned !== null && "then" in returned;
}

/** ζ at one point. */
function inquire(sheet: Sheet, index: number, value: ReadObjective["value"]): Promise<void> | undefined {
  return receive(
    () => value(sheet.point(sheet.at, index)),
    (returned) => takeValue(sheet, index, returned),
    (reason) => fail(sheet, index, reason),
  );
}

/** g at one point, where ζ is known. */
function inquireLimits(sheet: Sheet, index: number, constraints: (x: unknown) => unknown, width: Width) {
  if (Number.isNaN(sheet.value[index])) return undefined;
  return receive(
    () => constraints(sheet.point(sheet.at, index)),
    (returned) => {
      const flaw = flawOfConstraints(returned, width.m);
      if (flaw !== undefined) return fail(sheet, index, `constraints ${flaw}`);
      sheet.limits[index] = Array.from(returned as ArrayLike<number>);
      width.m = sheet.limits[index].length;
    },
    (reason) => fail(sheet, index, `constraints ${reason}`),
  );
}

/** ζ and ∇ζ at one point. */
function inquireSlope(
  sheet: Sheet,
  index: number,
  value: ReadObjective["value"],
  gradient: (x: unknown) => unknown,
): Promise<void> | undefined {
  const slope = () => {
    if (Number.isFinite(sheet.value[index]))
      return receive(
        () => gradient(sheet.point(sheet.at, index)),
        (returned) => takeGradient(sheet, index, returned),
        (reason) => fail(sheet, index, `gradient ${reason}`),
      );
    sheet.gradient?.fill(Number.NaN, index * sheet.at.dim, (index + 1) * sheet.at.dim);
    return undefined;
  };
  const pending = inquire(sheet, index, value);
  return pending === undefined ? slope() : pending.then(slope);
}

/** ζ at all points of the sheet. */
function inquireAll(sheet: Sheet, batch: (xs: unknown[]) => unknown): Promise<void> | undefined {
  const { n } = sheet.at;
  const failAll = (reason: string) => {
    for (let i = 0; i < n; i++) fail(sheet, i, `batch ${reason}`);
  };
  return receive(
    () => batch(Array.from({ length: n }, (_, i) => sheet.point(sheet.at, i))),
    (returned) => {
      if (!isList(returned)) return failAll(`returned ${kindOf(returned)}, not a list of numbers`);
      if (returned.length !== n) return failAll(`returned ${returned.length} values for ${n} points`);
      for (let i = 0; i < n; i++) takeValue(sheet, i, returned[i]);
    },
    failAll,
  );
}

function takeValue(sheet: Sheet, index: number, returned: unknown): void {
  const flaw = flawOfValue(returned);
  if (flaw === undefined) sheet.value[index] = returned as number;
  else fail(sheet, index, flaw, typeof returned === "number");
}

function takeGradient(sheet: Sheet, index: number, returned: unknown): void {
  const { dim } = sheet.at;
  const flaw = flawOfGradient(returned, dim);
  if (flaw === undefined) sheet.gradient?.set(returned as ArrayLike<number>, index * dim);
  else fail(sheet, index, `gradient ${flaw}`);
}
