/** What a user tells of points, as an answer: looked at before a run is given it. */
import type { Answer, Potential, Query } from "../core/problem.ts";

/** Values, gradients row-major where these were asked, and g row-major where there are constraints. */
export type Told = {
  readonly value: ArrayLike<number>;
  readonly gradient?: ArrayLike<number> | undefined;
  readonly constraints?: ArrayLike<number> | undefined;
};

/**
 * The answer that was told to a query; g of constraints that are formulas is put in.
 * @throws where something is no number, or not as many as belong
 */
export function toldAnswer({ constraints: asked, limited }: Potential, { kind, at }: Query, told: Told): Answer {
  const { n, dim } = at;
  const value = numbers(told.value);
  const gradient = numbers(told.gradient);
  const constraints = numbers(told.constraints);
  if (value.length !== n) throw new Error(`tell(): ${value.length} values for ${n} points`);
  if (kind === "gradient" && gradient.length !== n * dim)
    throw new Error(`tell(): ${gradient.length} slopes for ${n} points of dimension ${dim}`);
  if (constraints.length % n > 0) throw new Error(`tell(): ${constraints.length} constraints for ${n} points`);
  if (asked !== undefined && limited === undefined && constraints.length === 0)
    throw new Error("tell(): no constraints where there are some; tell them beside the values");
  const answer: Answer = {
    n,
    value,
    ...(kind === "gradient" ? { gradient } : {}),
    ...(constraints.length > 0 ? { constraints } : {}),
  };
  return limited === undefined ? answer : limited(answer, at);
}

/** A copy. A text would become a number in silence, and so is refused. */
function numbers(given: ArrayLike<number> | undefined): Float64Array {
  const all: unknown[] = Array.from(given ?? []);
  const odd = all.findIndex((v) => typeof v !== "number");
  if (odd >= 0) throw new Error(`tell(): number ${odd + 1} is ${typeof all[odd]}, no number`);
  return Float64Array.from(all as number[]);
}
