/** Values of ζ at evaluated points: the axis on which they can be told apart, and their colors, dark for the best. */
import { type Axis, linearAxis, logAxis } from "./axes.ts";
import { colorBar, viridis } from "./contours.ts";
import { about } from "./numbers.ts";
import { type Box, type Color, type Mark, rich } from "./scene.ts";

/** The ground of pictures whose colors carry numbers, the same on light and dark paper. */
export const GROUND: Color = "#eef0f3";
/** The best point, on any ground. */
export const BEST: Color = "#d55e00";

export type ValueAxis = { readonly axis: Axis; of(value: number): number };

const WIDE = 20;

/**
 * An axis for values of which `best` is the least: linear, or the logarithm of what they are above the best where that
 * spans too much. The best itself stands at the lower end there.
 */
export function valueAxis(values: readonly number[], best: number, room = 4): ValueAxis {
  const excess = values.map((v) => v - best).filter((e) => e > 0 && e < Number.POSITIVE_INFINITY);
  excess.sort((a, b) => a - b);
  const [low, high] = [excess[Math.floor(excess.length / 20)] ?? 1, excess.at(-1) ?? 1];
  if (high < WIDE * low || !(low > 0)) {
    const margin = 0.05 * high;
    return { axis: linearAxis(rich("ζ"), best - margin, best + high + margin, room), of: (value) => value };
  }
  const axis = logAxis(rich("ζ − best"), low / 2, Math.min(high * 1.3, Number.MAX_VALUE), room);
  return { axis, of: (value) => Math.max(value - best, low / 2) };
}

/** Classes of values, each of as many points; limits[k] is the least excess over the best in class k. */
export type Classes = {
  readonly colors: readonly Color[];
  readonly limits: readonly number[];
  of(value: number): number;
};

/** At most `count` classes of values that ascend. */
export function valueClasses(values: readonly number[], count = 8): Classes {
  const starts = Array.from({ length: count }, (_, k) => values[Math.floor((k * values.length) / count)]);
  const limits = [...new Set(starts)];
  const colors = limits.map((_, k) => viridis(0.05 + (0.9 * k) / Math.max(1, limits.length - 1)));
  const of = (value: number): number =>
    Math.max(
      0,
      limits.findLastIndex((limit) => limit <= value),
    );
  return { colors, limits, of };
}

/** The bar of classes, with what the values at their limits are above the best. */
export function classBar({ colors, limits }: Classes, top: number, box: Box): Mark[] {
  const named = [...limits, top].map((v) => about(v - limits[0], 2));
  return colorBar(box, rich("ζ − best"), colors, named);
}
