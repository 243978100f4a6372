/** The shape of what a user gives as an objective, and of what its functions return: checked, and told in words. */
import { inputError } from "../../core/errors.ts";
import type { Domain, Edge } from "../../core/problem.ts";
import { domain } from "../../core/problem.ts";
import { boundsOf, readSpace, type Space, spaceOfAxes, type VariableSpec } from "../../core/space.ts";

type Later<T> = T | Promise<T>;
type Bounds = { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number>; readonly edge?: Edge };

/**
 * What a user may give, and what a module exports by default: ζ alone, or a record.
 * Every call gets arrays of its own, so that a function may change them.
 */
export type Objective<P = number[]> =
  | ((x: P) => Later<number>)
  | {
      /** ζ(x). */
      readonly value: (x: P) => Later<number>;
      /** ∇ζ(x), as many numbers as x has. */
      readonly gradient?: (x: P) => Later<ArrayLike<number>>;
      /** ζ at many points at once, in their order; used in place of `value`. */
      readonly batch?: (xs: P[]) => Later<ArrayLike<number>>;
      /** g(x) ≤ 0, always as many; asked after ζ. */
      readonly constraints?: (x: P) => Later<ArrayLike<number>>;
      /** Variables by name, in place of a domain: the functions are handed records, as { lr: 0.1, kind: "a" }. */
      readonly variables?: Readonly<Record<string, VariableSpec>>;
      /** A pair of bounds for each axis, or lower and upper bounds. */
      readonly domain?: readonly (readonly [number, number])[] | Bounds;
      readonly names?: readonly string[];
    };

/** An objective whose shape has been checked. The functions return whatever they return. */
export type ReadObjective = {
  readonly value: (x: unknown) => unknown;
  readonly gradient?: (x: unknown) => unknown;
  readonly batch?: (xs: unknown[]) => unknown;
  readonly constraints?: (x: unknown) => unknown;
  readonly space?: Space;
  readonly domain?: Domain;
  readonly names?: readonly string[];
};

export function flawOfValue(returned: unknown): string | undefined {
  if (typeof returned === "number") return returned > Number.NEGATIVE_INFINITY ? undefined : `returned ${returned}`;
  if (isList(returned) && returned.length > 1)
    return `returned ${returned.length} values; Wick minimizes one: return a weighted sum, or make all but one constraints`;
  const what = kindOf(returned);
  return `returned ${what === "nothing" ? what : `${what}, not a number`}`;
}

export function flawOfGradient(returned: unknown, dim: number): string | undefined {
  if (!isList(returned)) return `returned ${kindOf(returned)}, not a list of numbers`;
  if (returned.length !== dim) return `returned ${returned.length} numbers for ${dim} coordinates`;
  const odd = Array.from(returned).findIndex((slope) => typeof slope !== "number" || !Number.isFinite(slope));
  return odd < 0 ? undefined : `returned ${kindOf(returned[odd])} for coordinate ${odd + 1}`;
}

export function flawOfConstraints(returned: unknown, before: number | undefined): string | undefined {
  if (!isList(returned)) return `returned ${kindOf(returned)}, not a list of numbers`;
  if (returned.length === 0) return "returned an empty list";
  if (before !== undefined && returned.length !== before)
    return `returned ${returned.length} numbers where ${before} came before`;
  const odd = Array.from(returned).findIndex((g) => typeof g !== "number" || Number.isNaN(g));
  return odd < 0 ? undefined : `returned ${kindOf(returned[odd])} as number ${odd + 1}`;
}

/**
 * Checks the shape of an objective, such as the default export of a module.
 * @param where what errors begin with
 */
export function readObjective(where: string, given: unknown): ReadObjective {
  if (isFunction(given)) return { value: given };
  const record = (typeof given === "object" && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  const method = (key: "value" | "gradient" | "batch" | "constraints") => {
    const member = record[key];
    if (member === undefined) return undefined;
    if (!isFunction(member)) throw inputError(`${where}: ${key}`, `is ${kindOf(member)}`, "make it a function");
    return member.bind(given);
  };
  const [value, gradient, batch] = [method("value"), method("gradient"), method("batch")];
  const constraints = method("constraints");
  if (value === undefined)
    throw inputError(where, `exports ${kindOf(given)}`, "export a function by default, or an object with `value`");
  const names = readNames(`${where}: names`, record.names);
  if (record.variables !== undefined && (record.domain !== undefined || names !== undefined))
    throw inputError(where, "has both variables and a domain or names", "give variables alone");
  return {
    value,
    ...(constraints === undefined ? {} : { constraints }),
    ...(record.variables === undefined ? {} : { space: readSpace(`${where}: variables`, record.variables) }),
    ...(gradient === undefined ? {} : { gradient }),
    ...(batch === undefined ? {} : { batch }),
    ...(record.domain === undefined ? {} : readDomain(`${where}: domain`, record.domain, names)),
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

/** A domain, and the space of one whose axes may have no width: what stands on such an axis is fixed. */
type Place = Pick<ReadObjective, "domain" | "space">;

function readDomain(where: string, given: unknown, names: readonly string[] | undefined): Place {
  const fix = "give [[lower, upper], …], a pair for each axis, or { lower: […], upper: […] }";
  const edges: readonly unknown[] = ["open", "wall", "periodic"];
  if (Array.isArray(given)) {
    const odd = given.findIndex((pair) => !isNumbers(pair) || pair.length !== 2);
    if (odd >= 0) throw inputError(`${where}[${odd}]`, `is ${kindOf(given[odd])}`, fix);
    return placeOf(
      given.map((pair) => pair[0]),
      given.map((pair) => pair[1]),
      "open",
      names,
    );
  }
  const { lower, upper, edge = "open" } = (given ?? {}) as { lower?: unknown; upper?: unknown; edge?: unknown };
  if (!isNumbers(lower) || !isNumbers(upper)) throw inputError(where, `is ${kindOf(given)}`, fix);
  if (!edges.includes(edge)) throw inputError(`${where}.edge`, `is ${kindOf(edge)}`, `make it ${edges.join(" or ")}`);
  return placeOf(lower, upper, edge as Edge, names);
}

function placeOf(lower: ArrayLike<number>, upper: ArrayLike<number>, edge: Edge, names?: readonly string[]): Place {
  const space = lower.length === upper.length ? spaceOfAxes(lower, upper, names) : undefined;
  return space === undefined ? { domain: domain(lower, upper, edge, names) } : { domain: boundsOf(space, edge), space };
}

/** An array, plain or typed. */
export function isList(given: unknown): given is ArrayLike<unknown> {
  return Array.isArray(given) || (ArrayBuffer.isView(given) && "length" in given);
}

function isNumbers(given: unknown): given is ArrayLike<number> {
  return isList(given) && Array.from(given).every((entry) => typeof entry === "number");
}

/** A value in a few words: nothing, a string 'abc', a bigint 5n, a list of 3, an object. */
export function kindOf(given: unknown): string {
  if (given === undefined || given === null) return "nothing";
  if (typeof given === "number") return `${given}`;
  if (typeof given === "string") return `a string '${given.length > 40 ? `${given.slice(0, 40)}…` : given}'`;
  if (typeof given === "bigint") return `a bigint ${given}n`;
  if (Array.isArray(given)) return `a list of ${given.length}`;
  return typeof given === "object" ? "an object" : `a ${typeof given}`;
}
