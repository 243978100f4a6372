/**
 * A user's function as a potential. What a function returns is checked point by point: a point for which it throws,
 * or returns anything but a finite number, is reported as a failure with its reason, and the others stand.
 */
import { inputError, messageOf } from "../core/errors.ts";
import type { Answer, Domain, Edge, Failure, Points, Potential } from "../core/problem.ts";
import { domain } from "../core/problem.ts";

type Later<T> = T | Promise<T>;
type Bounds = { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number>; readonly edge?: Edge };

/**
 * What a user may give, and what a module exports by default: ζ alone, or a record.
 * Every call gets arrays of its own, so that a function may change them.
 */
export type Objective =
  | ((x: number[]) => Later<number>)
  | {
      /** ζ(x). */
      readonly value: (x: number[]) => Later<number>;
      /** ∇ζ(x), as many numbers as x has. */
      readonly gradient?: (x: number[]) => Later<ArrayLike<number>>;
      /** ζ at many points at once, in their order; used in place of `value`. */
      readonly batch?: (xs: number[][]) => Later<ArrayLike<number>>;
      /** A pair of bounds for each axis, or lower and upper bounds. */
      readonly domain?: readonly (readonly [number, number])[] | Bounds;
      readonly names?: readonly string[];
    };

/** An objective whose shape has been checked. The functions return whatever they return. */
export type ReadObjective = {
  readonly value: (x: number[]) => unknown;
  readonly gradient?: (x: number[]) => unknown;
  readonly batch?: (xs: number[][]) => unknown;
  readonly domain?: Domain;
  readonly names?: readonly string[];
};

export type ObjectiveOptions = {
  /** What the user calls it; errors begin with it. */
  readonly name?: string;
  /** Goes before the objective's own domain. */
  readonly domain?: Domain;
};

/**
 * A user's function as a potential. It is asked for one point after another, or for all of them through `batch`; a
 * gradient costs one call of `value` and one of `gradient`. An abort is heeded between points and while a promise is
 * pending: the answer then holds the points before. Functions that return at once are answered for at once, except
 * that after every 50 ms of them the event loop gets a turn. +∞ is a value like any other (a point out of bounds).
 * @throws where the shape of the objective is wrong, or neither it nor the options give a domain
 * @example objective((x) => x[0] ** 2, { domain: box(1, -1, 1) })
 */
export function objective(spec: Objective, options: ObjectiveOptions = {}): Potential {
  const name = options.name ?? "objective";
  const { value, gradient, batch, names, domain: own } = readObjective(name, spec);
  const on = options.domain ?? own;
  if (on === undefined) throw inputError(name, "has no domain", "give --domain, or export one");
  const dim = on.lower.length;
  if (names !== undefined && names.length !== dim)
    throw inputError(`${name}: names`, `has ${names.length} for ${dim} axes`, "give one for each axis of the domain");
  const pace: Pace = { busy: 0 };
  return {
    name,
    domain: on,
    can: gradient === undefined ? ["value"] : ["value", "gradient"],
    ...(names === undefined ? {} : { names }),
    answer: ({ kind, at }, signal) => {
      const sheet = blank(at, kind === "gradient");
      if (kind === "gradient" && gradient !== undefined)
        return finish(
          sheet,
          visit(at.n, (i) => inquireSlope(sheet, i, value, gradient), pace, signal),
        );
      if (kind !== "value") throw inputError(name, `answers no '${kind}'`);
      if (batch === undefined)
        return finish(
          sheet,
          visit(at.n, (i) => inquire(sheet, i, value), pace, signal),
        );
      const asked = visit(Math.min(at.n, 1), () => inquireAll(sheet, batch), pace, signal);
      return finish(
        sheet,
        chain(asked, (done) => (done === 0 ? 0 : at.n)),
      );
    },
  };
}

/** Milliseconds spent in a user's functions since the event loop last had a turn. */
type Pace = { busy: number };
const SLICE_MS = 50;

/**
 * Calls `ask` for 0 … n − 1 in turn, each awaited where it returns a promise (which must not reject).
 * Returns how many are done, at once where no promise was met and no turn of the event loop was due.
 */
function visit(n: number, ask: Ask, pace: Pace, signal: AbortSignal | undefined): Later<number> {
  let last = performance.now();
  for (let i = 0; i < n; i++) {
    if (signal?.aborted) return i;
    if (pace.busy > SLICE_MS) return visitLater(i, n, ask, pace, signal);
    const pending = ask(i);
    const now = performance.now();
    pace.busy += now - last;
    last = now;
    if (pending !== undefined) return visitLater(i, n, ask, pace, signal, pending);
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
  readonly value: Float64Array;
  readonly gradient: Float64Array | undefined;
  readonly failures: Failure[];
};

function blank(at: Points, sloped: boolean): Sheet {
  const gradient = sloped ? new Float64Array(at.n * at.dim) : undefined;
  return { at, value: new Float64Array(at.n), gradient, failures: [] };
}

function fail({ at, value, gradient, failures }: Sheet, index: number, reason: string): void {
  value[index] = Number.NaN;
  gradient?.fill(Number.NaN, index * at.dim, (index + 1) * at.dim);
  failures.push({ index, reason });
}

/** The answer for the points done. What arrives after it for the points beyond does not touch it. */
function finish({ at, value, gradient, failures }: Sheet, done: Later<number>): Answer | Promise<Answer> {
  return chain(done, (n) => {
    const known = failures.filter(({ index }) => index < n);
    return {
      n,
      value: value.subarray(0, n),
      ...(gradient === undefined ? {} : { gradient: gradient.subarray(0, n * at.dim) }),
      ...(known.length === 0 ? {} : { failures: known }),
    };
  });
}

function chain<T, U>(later: Later<T>, then: (now: T) => U): Later<U> {
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
    () => value(coordinates(sheet.at, index)),
    (returned) => takeValue(sheet, index, returned),
    (reason) => fail(sheet, index, reason),
  );
}

/** ζ and ∇ζ at one point. */
function inquireSlope(
  sheet: Sheet,
  index: number,
  value: ReadObjective["value"],
  gradient: (x: number[]) => unknown,
): Promise<void> | undefined {
  const slope = () => {
    if (Number.isFinite(sheet.value[index]))
      return receive(
        () => gradient(coordinates(sheet.at, index)),
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
function inquireAll(sheet: Sheet, batch: (xs: number[][]) => unknown): Promise<void> | undefined {
  const { n } = sheet.at;
  const failAll = (reason: string) => {
    for (let i = 0; i < n; i++) fail(sheet, i, `batch ${reason}`);
  };
  return receive(
    () => batch(Array.from({ length: n }, (_, i) => coordinates(sheet.at, i))),
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
  else fail(sheet, index, flaw);
}

function takeGradient(sheet: Sheet, index: number, returned: unknown): void {
  const { dim } = sheet.at;
  const flaw = flawOfGradient(returned, dim);
  if (flaw === undefined) sheet.gradient?.set(returned as ArrayLike<number>, index * dim);
  else fail(sheet, index, `gradient ${flaw}`);
}

function flawOfValue(returned: unknown): string | undefined {
  if (typeof returned === "number") return returned > Number.NEGATIVE_INFINITY ? undefined : `returned ${returned}`;
  const what = kindOf(returned);
  return `returned ${what === "nothing" ? what : `${what}, not a number`}`;
}

function flawOfGradient(returned: unknown, dim: number): string | undefined {
  if (!isList(returned)) return `returned ${kindOf(returned)}, not a list of numbers`;
  if (returned.length !== dim) return `returned ${returned.length} numbers for ${dim} coordinates`;
  const odd = Array.from(returned).findIndex((slope) => typeof slope !== "number" || !Number.isFinite(slope));
  return odd < 0 ? undefined : `returned ${kindOf(returned[odd])} for coordinate ${odd + 1}`;
}

/**
 * Checks the shape of an objective, such as the default export of a module.
 * @param where what errors begin with
 */
export function readObjective(where: string, given: unknown): ReadObjective {
  if (isFunction(given)) return { value: given };
  const record = (typeof given === "object" && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  const method = (key: "value" | "gradient" | "batch") => {
    const member = record[key];
    if (member === undefined) return undefined;
    if (!isFunction(member)) throw inputError(`${where}: ${key}`, `is ${kindOf(member)}`, "make it a function");
    return member.bind(given);
  };
  const [value, gradient, batch] = [method("value"), method("gradient"), method("batch")];
  if (value === undefined)
    throw inputError(where, `exports ${kindOf(given)}`, "export a function by default, or an object with `value`");
  const names = readNames(`${where}: names`, record.names);
  return {
    value,
    ...(gradient === undefined ? {} : { gradient }),
    ...(batch === undefined ? {} : { batch }),
    ...(record.domain === undefined ? {} : { domain: readDomain(`${where}: domain`, record.domain, names) }),
    ...(names === undefined ? {} : { names }),
  };
}

function isFunction(given: unknown): given is (x: unknown) => unknown {
  return typeof given === "function";
}

function readNames(where: string, given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || !given.every((name): name is string => typeof name === "string" && name !== ""))
    throw inputError(where, `is ${kindOf(given)}`, "give a list of names, one for each axis");
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) throw inputError(where, `has '${twice}' twice`, "give each axis a name of its own");
  return given;
}

function readDomain(where: string, given: unknown, names: readonly string[] | undefined): Domain {
  const fix = "give [[lower, upper], …], a pair for each axis, or { lower: […], upper: […] }";
  const edges: readonly unknown[] = ["open", "wall", "periodic"];
  if (Array.isArray(given)) {
    const odd = given.findIndex((pair) => !isNumbers(pair) || pair.length !== 2);
    if (odd >= 0) throw inputError(`${where}[${odd}]`, `is ${kindOf(given[odd])}`, fix);
    return domain(
      given.map((pair) => pair[0]),
      given.map((pair) => pair[1]),
      "open",
      names,
    );
  }
  const { lower, upper, edge = "open" } = (given ?? {}) as { lower?: unknown; upper?: unknown; edge?: unknown };
  if (!isNumbers(lower) || !isNumbers(upper)) throw inputError(where, `is ${kindOf(given)}`, fix);
  if (!edges.includes(edge)) throw inputError(`${where}.edge`, `is ${kindOf(edge)}`, `make it ${edges.join(" or ")}`);
  return domain(lower, upper, edge as Edge, names);
}

/** An array, plain or typed. */
function isList(given: unknown): given is ArrayLike<unknown> {
  return Array.isArray(given) || (ArrayBuffer.isView(given) && "length" in given);
}

function isNumbers(given: unknown): given is ArrayLike<number> {
  return isList(given) && Array.from(given).every((entry) => typeof entry === "number");
}

/** A value in a few words: nothing, a string 'abc', a bigint 5n, a list of 3, an object. */
function kindOf(given: unknown): string {
  if (given === undefined || given === null) return "nothing";
  if (typeof given === "number") return `${given}`;
  if (typeof given === "string") return `a string '${given.length > 40 ? `${given.slice(0, 40)}…` : given}'`;
  if (typeof given === "bigint") return `a bigint ${given}n`;
  if (Array.isArray(given)) return `a list of ${given.length}`;
  return typeof given === "object" ? "an object" : `a ${typeof given}`;
}
