/**
 * ζ over one coordinate at a time: the points of the run with their lower envelope, which is what could be reached at
 * each place, or ζ itself on the line through the best point where that was evaluated.
 */

import type { Evaluated } from "../tasks/sample.ts";
import type { LineSlice } from "../tasks/slices.ts";
import { type Axis, evenly } from "./axes.ts";
import { type Coordinates, coordinateAxis } from "./coordinates.ts";
import { clipped, curve, frame, gutter, type Plot, type Point, plot, round, WIDTH } from "./frame.ts";
import type { Box, Mark, Scene } from "./scene.ts";
import { type ValueAxis, valueAxis } from "./values.ts";

export type Profiles = Coordinates & {
  /** From the best on. */
  readonly points: readonly Evaluated[];
  readonly best: { readonly value: number; readonly x: readonly number[] };
  /** The coordinates, the most important first. */
  readonly order: readonly number[];
  readonly lines?: readonly LineSlice[] | undefined;
};

const SHOWN = 12;
const DOTS = 500;
const BINS = 24;
const FEWEST = 8;

/** A strip for each coordinate; null where there are too few points. */
export function profiles(input: Profiles): Scene | null {
  const { points, best, order, lines = [] } = input;
  if (points.length < FEWEST && lines.length === 0) return null;
  const sliced = order.filter((j) => lines.some(({ axis }) => axis === j));
  const axes = (sliced.length > 0 ? sliced : order).slice(0, SHOWN);
  const values = sliced.length > 0 ? lines.flatMap(({ value }) => [...value]) : points.map(({ value }) => value);
  const least = Math.min(best.value, ...values);
  const scale = valueAxis(values, least);
  const columns = axes.length <= 1 ? 1 : axes.length <= 4 ? 2 : 3;
  const left = gutter(scale.axis);
  const [gap, height] = [30, axes.length <= 2 ? 170 : 110];
  const width = (WIDTH - left - 14 - gap * (columns - 1)) / columns;
  const marks = axes.flatMap((j, k) => {
    const column = k % columns;
    const box = { x: left + column * (width + gap), y: 30 + Math.floor(k / columns) * (height + 62), width, height };
    const y = quiet(scale.axis, column === 0, k === 0);
    const x = coordinateAxis(input, j, columns === 3 ? 3 : 5);
    return [...frame(box, x, y, "name", 14), ...strip(input, j, scale, plot(box, x, y))];
  });
  const rows = Math.ceil(axes.length / columns);
  const title =
    sliced.length > 0 ? "ζ on lines through the best point" : "The evaluated points, coordinate by coordinate";
  return { name: "profiles", title, width: WIDTH, height: 30 + rows * (height + 62) - 14, marks };
}

/** An axis that does not say again what its neighbor says. */
function quiet(axis: Axis, labeled: boolean, named: boolean): Axis {
  const ticks = labeled ? axis.ticks : axis.ticks.map(({ at }) => ({ at, label: [] }));
  return { ...axis, ticks, label: named ? axis.label : [] };
}

function strip({ points, best, lines = [] }: Profiles, j: number, { of }: ValueAxis, at: Plot): Mark[] {
  const line = lines.find(({ axis }) => axis === j);
  const place = (x: number, value: number): Point => [at.x(x), at.y(of(value))];
  const bestAt = at.x(best.x[j]);
  const { box } = at;
  const marks: Mark[] = [
    { kind: "path", d: `M${round(bestAt)} ${box.y}v${box.height}`, stroke: "orange", width: 1.3, dash: [5, 4] },
  ];
  if (line !== undefined) {
    const way = [...line.at].map(
      (x, i): Point => (line.value[i] < Number.POSITIVE_INFINITY ? place(x, line.value[i]) : [Number.NaN, 0]),
    );
    marks.push({ kind: "path", d: curve(way), stroke: "blue", width: 1.8 });
  } else {
    const dots = evenly(points.length, DOTS).map((i) => place(points[i].x[j], points[i].value));
    marks.push({ kind: "path", d: dotted(dots), stroke: "soft", width: 2.2, opacity: 0.45 });
    marks.push({
      kind: "path",
      d: curve(envelope(points, j, box, at).map(({ x, value }) => place(x, value))),
      stroke: "blue",
      width: 1.8,
    });
  }
  const [x, y] = place(best.x[j], best.value);
  return [clipped(box, [...marks, { kind: "circle", x, y, r: 3.6, fill: "orange" }])];
}

function dotted(points: readonly Point[]): string {
  return [...new Set(points.map(([x, y]) => `M${round(x)} ${round(y)}h0`))].join("");
}

/** The best point of each bin of the axis that holds any. */
function envelope(points: readonly Evaluated[], j: number, box: Box, at: Plot): { x: number; value: number }[] {
  const bins = new Map<number, { x: number; value: number }>();
  for (const { x, value } of points) {
    const bin = Math.floor((BINS * (at.x(x[j]) - box.x)) / box.width);
    if (value < (bins.get(bin)?.value ?? Number.POSITIVE_INFINITY)) bins.set(bin, { x: x[j], value });
  }
  return [...bins.values()].sort((a, b) => at.x(a.x) - at.x(b.x));
}
