/** What the evaluated points of a run say of its objective, gathered for reports. */
import type { Domain } from "../core/problem.ts";
import { type Importance, importance } from "./importance.ts";
import { distinct, type Evaluated, pointsOf, type Sample } from "./sample.ts";
import type { Slices } from "./slices.ts";

export type Explanation = {
  /** Points evaluated in all. */
  readonly seen: number;
  /** Of the sample, those with a value that lie apart from every better one, from the best on. */
  readonly points: readonly Evaluated[];
  readonly importance: Importance;
  /** ζ through the best point, where that was asked for. */
  readonly slices?: Slices | undefined;
};

export function explanation(sample: Sample): Explanation {
  const points = pointsOf(sample);
  const { ground, seen } = sample;
  return { seen, points: distinct(points, ground), importance: importance(points, ground) };
}

/** Coordinates that are not fixed, from the most important on, or as they stand where that is not known. */
export function byImportance({ shares }: Importance, { lower, upper }: Domain): number[] {
  const order = Array.from(lower, (_, j) => j).filter((j) => upper[j] > lower[j]);
  return shares === null ? order : order.sort((a, b) => shares[b].estimate - shares[a].estimate);
}
