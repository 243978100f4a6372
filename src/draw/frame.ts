/**
 * The frame that all x–y pictures share: a box with light rules at the ticks of y, ticks of x below, the label of y
 * as a heading above the box and that of x beneath. Panels that share x are stacked into one scene.
 */
import { curveLinear, curveStepAfter, line } from "d3-shape";
import type { Axis, Tick } from "./axes.ts";
import { type Box, type Mark, type Scene, type Text, widthOf } from "./scene.ts";

export const WIDTH = 600;
const TICK_SIZE = 12;
const HEADING = 30;
const FOOT = 46;
const GAP = 14;
const MARGIN = 14;

export type Point = readonly [x: number, y: number];

/** Where the numbers of a panel stand, in the scene's units. */
export type Plot = { readonly box: Box; x(value: number): number; y(value: number): number };

export function plot(box: Box, x: Axis, y: Axis): Plot {
  return {
    box,
    x: (value) => box.x + box.width * x.place(value),
    y: (value) => box.y + box.height * (1 - y.place(value)),
  };
}

/** What stands below a panel: ticks only, their labels too, or the name of the axis as well. */
type Foot = "ticks" | "labels" | "name";

/** Rules, ticks and labels of a panel; its heading, the name of y, begins at `edge`. */
export function frame(box: Box, x: Axis, y: Axis, foot: Foot = "name", edge: number = MARGIN): Mark[] {
  const marks: Mark[] = [];
  const bottom = box.y + box.height;
  for (const { at, label } of spaced(y.ticks, box.height, () => TICK_SIZE)) {
    const height = bottom - box.height * at;
    marks.push({ kind: "path", d: `M${round(box.x)} ${round(height)}h${round(box.width)}`, stroke: "rule" });
    marks.push(tickLabel(label, box.x - 8, height + 0.35 * TICK_SIZE, "end"));
  }
  const stub = (at: number, length: number): string => `M${round(box.x + box.width * at)} ${round(bottom)}v${length}`;
  const stubs = [...x.minor.map((at) => stub(at, 3)), ...x.ticks.map(({ at }) => stub(at, 6))].join("");
  marks.push({ kind: "path", d: `M${round(box.x)} ${round(bottom)}h${round(box.width)}${stubs}`, stroke: "soft" });
  if (foot !== "ticks")
    for (const { at, label } of spaced(x.ticks, box.width, (label) => widthOf(label, TICK_SIZE) + 8))
      marks.push(tickLabel(label, box.x + box.width * at, bottom + 20, "middle"));
  if (foot === "name")
    marks.push({ kind: "text", x: box.x + box.width / 2, y: bottom + 40, text: x.label, anchor: "middle" });
  marks.push({ kind: "text", x: edge, y: box.y - 12, text: y.label });
  return marks;
}

function tickLabel(text: Text, x: number, y: number, anchor: "middle" | "end"): Mark {
  return { kind: "text", x, y, text, size: TICK_SIZE, anchor, color: "soft" };
}

export type Panel = {
  readonly y: Axis;
  readonly height: number;
  draw(at: Plot): Mark[];
  /** What stands to the right of the panel. */
  beside?(at: Plot): Mark[];
};

/** What stands above the first panel. */
export type Head = { readonly height: number; readonly marks: readonly Mark[] };

/** Panels below each other over one x axis; what they draw is cut at their edges. `right` is room beside them. */
export function stack(
  name: string,
  title: string,
  x: Axis,
  panels: readonly Panel[],
  { right = 0, head }: { readonly right?: number; readonly head?: Head | undefined } = {},
): Scene {
  const left = Math.max(...panels.map((p) => gutter(p.y)));
  const marks: Mark[] = [...(head?.marks ?? [])];
  let top = head?.height ?? 0;
  panels.forEach((panel, i) => {
    const box = { x: left, y: top + HEADING, width: WIDTH - left - MARGIN - right, height: panel.height };
    const at = plot(box, x, panel.y);
    marks.push(
      ...frame(box, x, panel.y, i === panels.length - 1 ? "name" : "ticks"),
      clipped(box, panel.draw(at)),
      ...(panel.beside?.(at) ?? []),
    );
    top = box.y + box.height + GAP;
  });
  return { name, title, width: WIDTH, height: top - GAP + FOOT, marks };
}

/** The room that an axis needs to the left of its box. */
export function gutter(y: Axis): number {
  return MARGIN + 10 + Math.max(0, ...y.ticks.map((t) => widthOf(t.label, TICK_SIZE)));
}

/** Marks cut at the edges of a box, with a little room for what stands on an edge. */
export function clipped({ x, y, width, height }: Box, marks: readonly Mark[], room = 5): Mark {
  return {
    kind: "group",
    clip: { x: x - room, y: y - room, width: width + 2 * room, height: height + 2 * room },
    marks,
  };
}

/** A line through points, broken where one has no place; a `step` keeps its value until the next point. */
export function curve(points: readonly Point[], shape: "line" | "step" = "line"): string {
  const path = line<Point>(
    (p) => p[0],
    (p) => p[1],
  )
    .defined(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .curve(shape === "step" ? curveStepAfter : curveLinear)
    .digits(1);
  return path(thinned(points)) ?? "";
}

/** A closed ellipse with axes along x and y. */
export function ellipse(x: number, y: number, rx: number, ry: number): string {
  const half = (dx: number): string => `a${round(rx)} ${round(ry)} 0 1 0 ${round(dx)} 0`;
  return `M${round(x - rx)} ${round(y)}${half(2 * rx)}${half(-2 * rx)}Z`;
}

/** Of the points in one column of half a unit only the first, lowest, highest and last can be seen. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= 4 * WIDTH) return points;
  const kept: Point[] = [];
  for (let i = 0; i < points.length; ) {
    const column = Math.floor(2 * points[i][0]);
    let [low, high, end] = [i, i, i];
    for (; end + 1 < points.length && Math.floor(2 * points[end + 1][0]) === column; end++) {
      if (points[end + 1][1] < points[low][1]) low = end + 1;
      if (points[end + 1][1] > points[high][1]) high = end + 1;
    }
    for (const k of [...new Set([i, low, high, end])].sort((a, b) => a - b)) kept.push(points[k]);
    i = end + 1;
  }
  return kept;
}

/** The ticks whose labels do not touch along a side of some length. */
function spaced(ticks: readonly Tick[], length: number, size: (label: Text) => number): Tick[] {
  const kept: Tick[] = [];
  let edge = Number.NEGATIVE_INFINITY;
  for (const tick of [...ticks].sort((a, b) => a.at - b.at)) {
    const half = size(tick.label) / 2;
    if (length * tick.at - half < edge) continue;
    kept.push(tick);
    edge = length * tick.at + half;
  }
  return kept;
}

/** A coordinate in a path, to a tenth. */
export function round(value: number): number {
  return Math.round(10 * value) / 10;
}
