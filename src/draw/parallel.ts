/** The best points as lines over parallel coordinates, each coordinate from its lower bound to its upper one. */
import type { Evaluated } from "../tasks/sample.ts";
import { type Axis, evenly } from "./axes.ts";
import { type Coordinates, coordinateAxis } from "./coordinates.ts";
import { clipped, curve, type Point, round, WIDTH } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Mark, rich, type Scene, type Text, widthOf } from "./scene.ts";
import { BEST, classBar, GROUND, valueClasses } from "./values.ts";

export type Parallel = Coordinates & {
  /** From the best on. */
  readonly points: readonly Evaluated[];
  readonly best: { readonly value: number; readonly x: readonly number[] };
  /** The coordinates, the most important first. */
  readonly order: readonly number[];
};

const LINES = 80;
/** The share of the points that counts as the best; lines are drawn evenly through it. */
const BETTER = 0.3;
const AXES = 60;
const FEWEST = 5;
const HEIGHT = 230;

/** A line a point; null in one dimension, or where there are too few points. */
export function parallel(input: Parallel): Scene | null {
  const { best, order } = input;
  const better = input.points.slice(0, Math.max(LINES, Math.ceil(BETTER * input.points.length)));
  const points = evenly(better.length, LINES).map((i) => better[i]);
  if (order.length < 2 || points.length < FEWEST) return null;
  const axes = [...order.slice(0, AXES)].sort((a, b) => a - b);
  const box: Box = { x: 34, y: 34, width: WIDTH - 34 - 118, height: HEIGHT };
  const scales = axes.map((j) => coordinateAxis(input, j, 3));
  const across = (k: number): number => box.x + (box.width * k) / (axes.length - 1);
  const line = (x: ArrayLike<number>): string =>
    curve(axes.map((j, k): Point => [across(k), box.y + box.height * (1 - scales[k].place(x[j]))]));
  const values = points.map(({ value }) => value);
  const classes = valueClasses(values);
  const lines = points
    .map(
      ({ x, value }): Mark => ({
        kind: "path",
        d: line(x),
        stroke: classes.colors[classes.of(value)],
        width: 1.2,
        opacity: 0.7,
      }),
    )
    .reverse();
  const uprights = axes.map((_, k) => `M${round(across(k))} ${box.y}v${box.height}`).join("");
  const bar = { x: box.x + box.width + 40, y: box.y + 4, width: 13, height: HEIGHT - 8 };
  const marks: Mark[] = [
    { kind: "rect", ...box, fill: GROUND },
    { kind: "path", d: uprights, stroke: "#b4bcc6", width: 1 },
    clipped(box, [...lines, { kind: "path", d: line(best.x), stroke: BEST, width: 2.6 }]),
    ...labels(),
    ...classBar(classes, values[values.length - 1], bar),
  ];
  return {
    name: "parallel",
    title: "The best points over parallel coordinates",
    width: WIDTH,
    height: box.y + HEIGHT + 52,
    marks,
  };

  /** Names beneath, the outermost ticks above and below each axis where there is room. */
  function labels(): Mark[] {
    const names = scales.map(({ label }) => label);
    const ends = axes.map((j, k) => [0, 1].map((end) => endLabel(input, j, scales[k], end)));
    const room = box.width / (axes.length - 1) - 8;
    const wide = (texts: readonly Text[], size: number): number =>
      Math.max(...texts.map((text) => widthOf(text, size)));
    const fit = room >= wide(ends.flat(), 11);
    const named = evenly(axes.length, Math.max(2, Math.floor((box.width + 8) / (wide(names, 12) + 8))));
    const text = (k: number, y: number, text: Text, size: number, soft = false): Mark => ({
      ...{ kind: "text", x: across(k), y, text, size, anchor: "middle" },
      ...(soft ? { color: "soft" } : {}),
    });
    return [
      ...named.map((k) => text(k, box.y + HEIGHT + 40, names[k], 12)),
      ...(fit ? axes : []).flatMap((_, k) => [
        text(k, box.y + HEIGHT + 18, ends[k][0], 11, true),
        text(k, box.y - 8, ends[k][1], 11, true),
      ]),
    ];
  }
}

/** What stands at an end of an axis: its tick there, else the bound where the axis is linear. */
function endLabel({ domain, space }: Coordinates, j: number, axis: Axis, end: number): Text {
  const tick = axis.ticks.find(({ at }) => Math.abs(at - end) < 0.01);
  if (tick !== undefined) return tick.label;
  const kind = space?.variables[j].kind ?? "real";
  // cells of options and whole numbers have their middles inside
  if (kind === "choice" || kind === "integer") return axis.ticks.at(-end)?.label ?? [];
  return kind === "real" || kind === "log" ? rich(about((end === 0 ? domain.lower : domain.upper)[j], 3)) : [];
}
