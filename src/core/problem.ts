/**
 * The problem: an objective ζ(x) taken as the potential of H = −D∇² + ζ (equations 3 and 5), on a domain,
 * and what can be asked of it. A potential answers queries; it is never called by an engine (see ask.ts).
 */
import type { Ising } from "../math/ising.ts";
import type { Key } from "../math/rng.ts";
import { cut, telling } from "./ask.ts";
import { inputError } from "./errors.ts";
import type { Guide } from "./guide.ts";
import type { Space } from "./space.ts";

/** n points of dimension dim, row-major: coordinate j of point i is x[i * dim + j]. */
export type Points = { readonly n: number; readonly dim: number; readonly x: Float64Array };

/** What lies at the bounds: nothing (they only say where to look), a hard wall, or the other side. */
export type Edge = "open" | "wall" | "periodic";

export type Domain = {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly edge: Edge;
  /** 1 for each axis along which ζ is a staircase, as that of an integer; left out where there is none. */
  readonly stepped?: Uint8Array;
};

type Asked = {
  readonly at: Points;
  /** Picks the mini-batch where ζ is stochastic. */
  readonly key?: Key;
};

/** Every kind of question about ζ, with the shape of its answer. */
export type Queries = {
  value: { query: Asked; answer: { readonly value: Float64Array } };
  gradient: { query: Asked; answer: { readonly value: Float64Array; readonly gradient: Float64Array } };
  score: { query: Asked & { readonly sigma: number }; answer: { readonly score: Float64Array } };
};
export type Kind = keyof Queries;
export type Query = { [K in Kind]: { readonly kind: K } & Queries[K]["query"] }[Kind];

/** A point whose value could not be had: the reason is reported, the value counts as +∞. */
export type Failure = {
  readonly index: number;
  readonly reason: string;
  /** The objective answered with a number, one that is not finite: it works, though not there. */
  readonly number?: true;
};

/**
 * The answer to a query. Arrays are row-major and hold `n` points, where `n` equals the number asked unless the
 * signal was aborted meanwhile: then it may be smaller and the answer speaks of the first `n` points only.
 */
export type Answer = {
  readonly n: number;
  readonly value?: Float64Array;
  readonly gradient?: Float64Array;
  readonly score?: Float64Array;
  /** g(x), where there are constraints g(x) ≤ 0: as many numbers for each point. */
  readonly constraints?: Float64Array;
  /** ζ without the penalties of constraints, which whoever books the answer puts into `value`. */
  readonly bare?: Float64Array;
  /** What these penalties were: r_j, so that value = bare + Σ r_j max(0, g_j). */
  readonly prices?: Float64Array;
  readonly failures?: readonly Failure[];
  /** Further attempts that the points took. */
  readonly retries?: number;
};

/** Hears part of an answer before the whole is there: the points of the query from `from` on. */
export type Tell = (from: number, part: Answer) => void;

/**
 * Answers queries, at once or later. An answer depends only on its query, so that a retry is harmless. One that takes
 * its time may tell parts as they come, in any order: the whole answer holds them too, and the first word counts.
 */
export type Evaluator = (query: Query, signal?: AbortSignal, tell?: Tell) => Answer | Promise<Answer>;

export interface Potential {
  readonly name: string;
  readonly domain: Domain;
  /** The kinds of query it answers. */
  readonly can: readonly Kind[];
  readonly answer: Evaluator;
  /** Names of the coordinates, where they have any. */
  readonly names?: readonly string[];
  /** What the coordinates stand for, where they are more than real numbers. */
  readonly space?: Space;
  /** What the constraints are called, where that is known. */
  readonly constraints?: readonly string[];
  /** Whether its answers may tell constraints of which nothing is known beforehand, as those of a program or of whoever is asked. */
  readonly mayLimit?: boolean;
  /** Puts the g that it computes by itself into an answer of someone else at these points. */
  readonly limited?: (answer: Answer, at: Points) => Answer;
  /** Evaluations that one gradient costs; 1 where it is left out. */
  readonly gradientCost?: number;
  /** Where points are configurations of spins: what couples them. */
  readonly couplings?: Ising;
  readonly truth?: Truth;
  /** A trial wave function for −D∇² + ζ, where it knows a good one, as atoms and molecules do. */
  readonly guide?: (D: number) => Guide;
}

/** What is known exactly about a potential. */
export type Truth = {
  readonly minimum?: number;
  /** One or more global minimizers. */
  readonly argmin?: Points;
  /** The lowest levels of −D∇² + ζ, ascending. */
  readonly energies?: (D: number) => readonly number[];
};

/** ζ at one point; `x` is borrowed for the call. */
export type Value = (x: Float64Array) => number;
/** ζ and its gradient at one point: writes ∇ζ into `out`, returns ζ. */
export type Gradient = (x: Float64Array, out: Float64Array) => number;

/**
 * A potential made of plain functions of one point.
 * @param spec `value` returns ζ(x); `gradient`, where given, writes ∇ζ(x) and returns ζ(x)
 */
export function potential(spec: {
  readonly name: string;
  readonly domain: Domain;
  readonly value: Value;
  readonly gradient?: Gradient | undefined;
  readonly names?: readonly string[] | undefined;
  readonly truth?: Truth | undefined;
  readonly guide?: ((D: number) => Guide) | undefined;
}): Potential {
  const { name, domain, value, gradient, names, truth, guide } = spec;
  return {
    name,
    domain,
    can: gradient === undefined ? ["value"] : ["value", "gradient"],
    answer: pointwise(domain.lower.length, value, gradient),
    ...(names === undefined ? {} : { names }),
    ...(truth === undefined ? {} : { truth }),
    ...(guide === undefined ? {} : { guide }),
  };
}

/** The evaluator of plain functions of one point; it answers at once. */
export function pointwise(dim: number, value: Value, gradient?: Gradient): Evaluator {
  const point = new Float64Array(dim);
  const slope = new Float64Array(dim);
  return (query, _signal, tell) => {
    const { n, x } = query.at;
    const values = new Float64Array(n);
    const slopes = query.kind === "gradient" ? new Float64Array(n * dim) : undefined;
    const answer: Answer = { n, value: values, ...(slopes === undefined ? {} : { gradient: slopes }) };
    const done = telling(tell, (from, to) => cut(answer, from, to, dim));
    if (query.kind === "value") {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < dim; j++) point[j] = x[i * dim + j];
        values[i] = value(point);
        done(i + 1);
      }
      return answer;
    }
    if (slopes !== undefined && gradient !== undefined) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < dim; j++) point[j] = x[i * dim + j];
        values[i] = gradient(point, slope);
        for (let j = 0; j < dim; j++) slopes[i * dim + j] = slope[j];
        done(i + 1);
      }
      return answer;
    }
    throw inputError("query", `this potential answers no '${query.kind}'`);
  };
}

/** All of space: the domain of who only evaluates. */
export function everywhere(dim: number): Domain {
  const bound = (at: number): Float64Array => new Float64Array(dim).fill(at);
  return { lower: bound(Number.NEGATIVE_INFINITY), upper: bound(Number.POSITIVE_INFINITY), edge: "open" };
}

/** A domain, checked: equal lengths ≥ 1, finite bounds, each lower below its upper. */
export function domain(
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  edge: Edge = "open",
  names?: readonly string[],
): Domain {
  if (lower.length === 0) throw inputError("domain", "has dimension 0", "give at least one axis");
  if (lower.length !== upper.length)
    throw inputError(
      "domain",
      `has ${lower.length} lower and ${upper.length} upper bounds`,
      "give one of each per axis",
    );
  for (let i = 0; i < lower.length; i++) {
    const axis = `domain.${names?.[i] ?? `x${i + 1}`}`;
    if (!Number.isFinite(lower[i]) || !Number.isFinite(upper[i]))
      throw inputError(axis, `bounds ${lower[i]}:${upper[i]} are not finite numbers`);
    if (lower[i] > upper[i]) throw inputError(axis, `lower ${lower[i]} is not below upper ${upper[i]}`, "swap them");
    if (lower[i] === upper[i])
      throw inputError(axis, `lower and upper are both ${lower[i]}`, "give the axis some width or leave it out");
    if (!Number.isFinite(upper[i] - lower[i]))
      throw inputError(axis, `bounds ${lower[i]}:${upper[i]} are further apart than the largest number`, "narrow them");
  }
  return { lower: Float64Array.from(lower), upper: Float64Array.from(upper), edge };
}

/** The same interval on each of `dim` axes. */
export function box(dim: number, lower: number, upper: number, edge: Edge = "open"): Domain {
  return domain(onEach(dim, lower), onEach(dim, upper), edge);
}

/** Beyond it not even a few points fit into memory. */
const MOST_AXES = 1e7;

/** A bound for each of `dim` axes. Throws where there can be no such number of them. */
export function onEach(dim: number, bound: number): number[] {
  if (!(Number.isInteger(dim) && dim >= 1 && dim <= MOST_AXES))
    throw inputError("dim", `${dim} is not a number of axes from 1 to ${MOST_AXES}`);
  return new Array<number>(dim).fill(bound);
}

/** Points from rows of coordinates. Throws where rows differ in length. */
export function points(rows: readonly ArrayLike<number>[]): Points {
  const dim = rows[0]?.length ?? 0;
  const x = new Float64Array(rows.length * dim);
  rows.forEach((row, i) => {
    if (row.length !== dim)
      throw inputError(`point ${i + 1}`, `has ${row.length} coordinates where the first has ${dim}`);
    x.set(Float64Array.from(row), i * dim);
  });
  return { n: rows.length, dim, x };
}

/** What is still true on another domain: the minimum where a minimizer lies inside, levels only where nothing changed. */
export function truthOn(given: Domain, { domain: own, truth = {} }: Potential): Truth {
  const { minimum, argmin, energies } = truth;
  const sameBounds = given.lower.every((v, j) => v === own.lower[j] && given.upper[j] === own.upper[j]);
  const holds = sameBounds || (argmin !== undefined && isInside(given, argmin.x.subarray(0, argmin.dim)));
  return {
    ...(minimum !== undefined && holds ? { minimum } : {}),
    ...(argmin !== undefined && holds ? { argmin } : {}),
    ...(energies !== undefined && sameBounds && given.edge === own.edge ? { energies } : {}),
  };
}

function isInside({ lower, upper }: Domain, x: Float64Array): boolean {
  return x.every((v, j) => v >= lower[j] && v <= upper[j]);
}
