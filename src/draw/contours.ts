/**
 * Fields on a plane as contours. The landscape of ζ has levels that each hold the same share of the area, so that a
 * picture stays readable for any increasing transform of ζ; densities have levels in equal steps.
 */
import { quantileSorted } from "d3-array";
import { contours } from "d3-contour";
import { interpolateViridis } from "d3-scale-chromatic";
import { evenly } from "./axes.ts";
import type { Plot, Point } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Color, type Mark, rich, type Text } from "./scene.ts";

/** ζ on a line (`ys` left out) or a plane, evenly spaced from end to end; values[row · xs.length + column]. */
export type Slice = {
  readonly xs: readonly number[];
  readonly ys?: readonly number[];
  readonly values: readonly number[];
};

/** A field on a plane, evenly spaced from end to end; values[row · xs.length + column], row by row of y. */
export type Field = {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  readonly values: ArrayLike<number>;
};

const LEVELS = 14;

/** Filled contours in a plot's box, and the bar of their colors to its right. */
export function landscape(slice: Slice, { box, x, y }: Plot): { ground: Mark[]; bar: Mark[] } {
  const { xs, ys = [], values } = slice;
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0 || xs.length < 2 || ys.length < 2) return { ground: [], bar: [] };
  const levels = [...new Set(Array.from({ length: LEVELS }, (_, k) => quantileSorted(sorted, k / LEVELS) ?? 0))];
  const colors = levels.map((_, k) => viridis(0.12 + (0.86 * k) / Math.max(1, levels.length - 1)));
  const top = sorted[sorted.length - 1];
  const beside = { x: box.x + box.width + 18, y: box.y, width: 13, height: box.height };
  return {
    ground: filled({ xs, ys, values }, levels, colors, { box, x, y }),
    bar: colorBar(
      beside,
      rich("ζ"),
      colors,
      [...levels, top].map((v) => about(v, 3)),
    ),
  };
}

/** What lies above levels[k] in colors[k], the lowest color everywhere below; levels ascend. */
export function filled(field: Field, levels: readonly number[], colors: readonly Color[], at: Plot): Mark[] {
  const above = levels.slice(1).map(
    (level, k): Mark => ({
      kind: "path",
      d: outlines(field, level, at),
      fill: colors[k + 1],
    }),
  );
  return [{ kind: "rect", ...at.box, fill: colors[0] }, ...above];
}

/**
 * The outlines of what lies above a level as one path. Where that reaches the edge of the field the outline runs half a
 * cell outside: cut it at the box. What is not finite counts as the highest value.
 */
export function outlines({ xs, ys, values }: Field, level: number, { x, y }: Plot): string {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) top = Math.max(top, values[i]);
  const finite = Array.from(values, (v) => (Number.isFinite(v) ? v : top));
  // d3 puts the value of a cell at its middle
  const px = (i: number): number => x(along(xs, i - 0.5));
  const py = (j: number): number => y(along(ys, j - 0.5));
  const { coordinates } = contours().size([xs.length, ys.length]).contour(finite, level);
  return coordinates.flatMap((rings) => rings.map((ring) => outline(ring.map(([i, j]) => [px(i), py(j)])))).join("");
}

/** Colors from low to high in equal steps, with the numbers at their limits, as many as fit. */
export function colorBar(box: Box, label: Text, colors: readonly Color[], limits: readonly string[]): Mark[] {
  const step = box.height / colors.length;
  const bottom = box.y + box.height;
  const named = limits.flatMap((limit, k) => (limit === "" ? [] : [k]));
  const shown = evenly(named.length, Math.min(8, Math.floor(box.height / 24))).map((i) => named[i]);
  return [
    ...colors.map(
      (fill, k): Mark => ({
        kind: "rect",
        x: box.x,
        y: bottom - (k + 1) * step,
        width: box.width,
        height: step + 0.3,
        fill,
      }),
    ),
    ...shown.map(
      (k): Mark => ({
        kind: "text",
        x: box.x + box.width + 6,
        y: bottom - k * step + 4,
        text: rich(limits[k]),
        size: 11,
        color: "soft",
      }),
    ),
    { kind: "text", x: box.x, y: box.y - 12, text: label },
  ];
}

/** Viridis at t in [0, 1]: even to the eye, in grey, and to the color-blind. */
export function viridis(t: number): Color {
  return `#${interpolateViridis(t).slice(1)}`;
}

/** The coordinate at a fractional index of evenly spaced ones. */
function along(values: ArrayLike<number>, index: number): number {
  const last = values.length - 1;
  return values[0] + ((values[last] - values[0]) * index) / last;
}

/** A closed ring in steps from point to point, to a tenth, which takes half the bytes of coordinates. */
function outline(ring: readonly Point[]): string {
  let [x, y] = [Math.round(10 * ring[0][0]), Math.round(10 * ring[0][1])];
  let d = `M${x / 10} ${y / 10}l`;
  for (const point of ring.slice(1, -1)) {
    const [dx, dy] = [Math.round(10 * point[0]) - x, Math.round(10 * point[1]) - y];
    if (dx === 0 && dy === 0) continue;
    d += `${dx / 10} ${dy / 10} `;
    x += dx;
    y += dy;
  }
  return `${d.trimEnd()}Z`;
}
