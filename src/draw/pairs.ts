/**
 * ζ over two coordinates at a time, of those that matter most: the points of the run in the color of their value, or
 * contours of ζ on planes through the best point where those were evaluated.
 */
import { quantileSorted } from "d3-array";
import type { Evaluated } from "../tasks/sample.ts";
import type { PlaneSlice } from "../tasks/slices.ts";
import { evenly } from "./axes.ts";
import { filled } from "./contours.ts";
import { type Coordinates, coordinateAxis } from "./coordinates.ts";
import { clipped, frame, gutter, type Plot, plot, round, WIDTH } from "./frame.ts";
import type { Box, Mark, Scene } from "./scene.ts";
import { BEST, type Classes, classBar, GROUND, valueClasses } from "./values.ts";

export type Pairs = Coordinates & {
  /** From the best on. */
  readonly points: readonly Evaluated[];
  readonly best: { readonly value: number; readonly x: readonly number[] };
  /** The coordinates to be paired, at most three. */
  readonly order: readonly number[];
  readonly planes?: readonly PlaneSlice[] | undefined;
};

const DOTS = 700;
const FEWEST = 12;
const LEVELS = 12;

/** Up to three pairs below the diagonal of a square; null where there is nothing to pair. */
export function pairs(input: Pairs): Scene | null {
  const { points, planes = [], order } = input;
  const axes = [...order.slice(0, 3)].sort((a, b) => a - b);
  const scatter = axes.flatMap((x, i) => axes.slice(i + 1).map((y) => [x, y] as const));
  const shown = planes.length > 0 ? planes.map(({ axes }) => axes) : scatter;
  if (shown.length === 0 || (planes.length === 0 && points.length < FEWEST)) return null;
  const values = planes.length > 0 ? planes.flatMap(({ value }) => [...value]) : points.map(({ value }) => value);
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const classes = planes.length > 0 ? contourClasses(sorted, input.best.value) : valueClasses(sorted);
  const [xs, ys] = [shown.map(([x]) => x), shown.map(([, y]) => y)].map((all) =>
    [...new Set(all)].sort((a, b) => a - b),
  );
  const single = shown.length === 1;
  const left = Math.max(...ys.map((j) => gutter(coordinateAxis(input, j, 4))));
  const gap = left + 8;
  const size = single ? 360 : (WIDTH - 2 * gap - 14) / 2;
  const marks = shown.flatMap(([x, y]): Mark[] => {
    const [column, row] = [xs.indexOf(x), ys.indexOf(y)];
    const box: Box = {
      x: left + column * (size + gap),
      y: 30 + row * (size * 0.85 + 76),
      width: size,
      height: size * 0.85,
    };
    return panel(input, x, y, box, classes);
  });
  const bar = single
    ? { x: left + size + 26, y: 34, width: 13, height: 0.85 * size - 4 }
    : { x: left + size + gap + 20, y: 34, width: 13, height: size * 0.85 - 4 };
  marks.push(...classBar(classes, sorted[sorted.length - 1], bar));
  const title =
    planes.length > 0 ? "Contours of ζ through the best point" : "The evaluated points, two coordinates at a time";
  return { name: "pairs", title, width: WIDTH, height: 30 + ys.length * (size * 0.85 + 76) - 22, marks };
}

/** Levels that share the area out equally, so that the picture is the same for any increasing transform of ζ. */
function contourClasses(sorted: readonly number[], best: number): Classes {
  const levels = Array.from({ length: LEVELS }, (_, k) => quantileSorted([...sorted], k / LEVELS) ?? 0);
  return valueClasses([Math.min(best, levels[0]), ...new Set(levels.slice(1))], LEVELS);
}

function panel(input: Pairs, x: number, y: number, box: Box, classes: Classes): Mark[] {
  const { best, points, planes = [] } = input;
  const axes = [coordinateAxis(input, x, 4), coordinateAxis(input, y, 4)] as const;
  const at = plot(box, ...axes);
  const plane = planes.find(({ axes }) => axes[0] === x && axes[1] === y);
  const ground =
    plane === undefined
      ? [{ kind: "rect", ...box, fill: GROUND } satisfies Mark, ...scattered(points, x, y, at, classes)]
      : landscape(plane, classes, onCells(plane, at));
  const mark: Mark = {
    kind: "circle",
    x: at.x(best.x[x]),
    y: at.y(best.x[y]),
    r: 5,
    fill: BEST,
    stroke: "#ffffff",
    width: 1.5,
  };
  return [...frame(box, ...axes, "name", box.x - 14), clipped(box, ground, 0), clipped(box, [mark])];
}

/** Contours, and the ground where ζ has no value or a constraint is broken. */
function landscape(plane: PlaneSlice, classes: Classes, at: Plot): Mark[] {
  const contours = filled({ ...cells(plane), values: goneOn(plane) }, classes.limits, classes.colors, at);
  const d = valueless(plane, at);
  return d === "" ? contours : [...contours, { kind: "path", d, fill: GROUND }];
}

/** The values, of a cell without one the mean of its neighbors: else contours would crowd where values end. */
function goneOn({ xs, ys, value }: PlaneSlice): Float64Array {
  return value.map((v, k) => {
    if (Number.isFinite(v)) return v;
    const [i, j] = [k % xs.length, Math.floor(k / xs.length)];
    const near: number[] = [];
    for (let b = Math.max(0, j - 1); b <= Math.min(ys.length - 1, j + 1); b++)
      near.push(...value.subarray(b * xs.length + Math.max(0, i - 1), b * xs.length + Math.min(xs.length, i + 2)));
    const known = near.filter(Number.isFinite);
    return known.reduce((sum, w) => sum + w / known.length, known.length > 0 ? 0 : v);
  });
}

/** The outlines of neighboring cells in a row whose values are not finite. */
function valueless({ xs, ys, value }: PlaneSlice, { x, y }: Plot): string {
  const isBlank = (i: number, j: number): boolean => i < xs.length && !Number.isFinite(value[j * xs.length + i]);
  let d = "";
  for (let j = 0; j < ys.length; j++)
    for (let i = 0; i < xs.length; i++) {
      if (!isBlank(i, j)) continue;
      const from = i;
      while (isBlank(i + 1, j)) i++;
      d += `M${round(x(from - 0.5))} ${round(y(j - 0.5))}H${round(x(i + 0.5))}V${round(y(j + 0.5))}H${round(x(from - 0.5))}Z`;
    }
  return d;
}

/** A plane by the numbers of its columns and rows: even on the page, whatever its axes are. */
function cells({ xs, ys }: PlaneSlice): { readonly xs: number[]; readonly ys: number[] } {
  return { xs: Array.from(xs, (_, i) => i), ys: Array.from(ys, (_, i) => i) };
}

function onCells({ xs, ys }: PlaneSlice, at: Plot): Plot {
  const along = (values: Float64Array, place: (v: number) => number) => (i: number) => {
    const last = values.length - 1;
    return place(values[0]) + ((place(values[last]) - place(values[0])) * i) / last;
  };
  return { box: at.box, x: along(xs, at.x), y: along(ys, at.y) };
}

/** Dots in the colors of their classes, the better above the worse. */
function scattered(points: readonly Evaluated[], x: number, y: number, at: Plot, classes: Classes): Mark[] {
  const shown = evenly(points.length, DOTS).map((i) => points[i]);
  return classes.colors
    .map((stroke, k): Mark => {
      const own = shown.filter(({ value }) => classes.of(value) === k);
      const dots = new Set(own.map((point) => `M${round(at.x(point.x[x]))} ${round(at.y(point.x[y]))}h0`));
      return { kind: "path", d: [...dots].join(""), stroke, width: 4.4, opacity: 0.85 };
    })
    .reverse();
}
