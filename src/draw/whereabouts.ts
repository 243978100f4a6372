/**
 * Where the state was, scale by scale: mean ± standard deviation of its density beside the best point found. One
 * axis: bars below the curve of ζ. Two: ellipses on contours of ζ. A few: a strip for each coordinate. Many: a map of
 * the distance to the best point.
 */
import type { Scale } from "../tasks/record.ts";
import { evenly, linearAxis, reversed } from "./axes.ts";
import { landscape, type Slice } from "./contours.ts";
import { type Coordinates, coordinateAxis } from "./coordinates.ts";
import { fall, scaleAxis } from "./falls.ts";
import {
  clipped,
  curve,
  ellipse,
  frame,
  gutter,
  type Panel,
  type Plot,
  type Point,
  plot,
  stack,
  WIDTH,
} from "./frame.ts";
import { coordinateMap } from "./heatmap.ts";
import { type Box, type Mark, rich, type Scene } from "./scene.ts";

export type Whereabouts = Coordinates & {
  readonly scales: readonly Scale[];
  readonly best: readonly number[];
  /** ζ on a line or a plane through the best point. */
  readonly slice?: Slice | undefined;
};

const TITLE = "Where the state was, scale by scale";
const STRIPS = 12;

/** The picture that suits the dimension; null where there is too little to show. */
export function whereabouts(input: Whereabouts): Scene | null {
  const dim = input.domain.lower.length;
  const scales = fall(input.scales).filter(
    ({ mean, deviation }) => mean.length === dim && mean.every(Number.isFinite) && deviation.every(Number.isFinite),
  );
  const known = { ...input, scales };
  if (input.best.length !== dim) return null;
  if (dim === 1) return line(known);
  if (dim === 2) return plane(known);
  if (scales.length < 2) return null;
  return dim <= STRIPS ? strips(known) : coordinateMap(known, TITLE);
}

function line(input: Whereabouts): Scene | null {
  const { scales: all, best, slice } = input;
  const scales = evenly(all.length, 32).map((i) => all[i]);
  const x = coordinateAxis(input, 0, 7);
  const panels: Panel[] = [];
  if (slice !== undefined) {
    const values = slice.values.filter(Number.isFinite);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const y = linearAxis(rich("ζ(*x*)"), low - 0.04 * (high - low), high + 0.04 * (high - low));
    const draw = (at: Plot): Mark[] => [
      { kind: "path", d: curve(slice.xs.map((v, i) => [at.x(v), at.y(slice.values[i])])), stroke: "ink", width: 1.8 },
      upright(at, at.x(best[0])),
    ];
    if (values.length > 0) panels.push({ y, height: 210, draw });
  }
  if (scales.length > 0) {
    const order = scaleAxis(scales, 9);
    const height = Math.min(240, 24 + 16 * scales.length);
    const draw = (at: Plot): Mark[] => [
      upright(at, at.x(best[0])),
      ...scales.flatMap((s, i) => bar(input, s, at, at.y(i))),
    ];
    panels.push({ y: reversed(order), height, draw });
  }
  return panels.length === 0 ? null : stack("whereabouts", TITLE, x, panels);
}

function bar(input: Whereabouts, { mean, deviation }: Scale, at: Plot, y: number): Mark[] {
  const [left, right] = [-1, 1].map((side) => at.x(within(input, 0, mean[0] + side * deviation[0])));
  return [
    {
      kind: "path",
      d: curve([
        [left, y],
        [right, y],
      ]),
      stroke: "blue",
      width: 3,
    },
    { kind: "circle", x: at.x(mean[0]), y, r: 3.4, fill: "blue" },
  ];
}

function upright({ box }: Plot, x: number): Mark {
  return {
    kind: "path",
    d: curve([
      [x, box.y],
      [x, box.y + box.height],
    ]),
    stroke: "orange",
    width: 1.4,
    dash: [5, 4],
  };
}

function plane(input: Whereabouts): Scene {
  const { scales, best, slice } = input;
  const { lower, upper } = input.domain;
  const x = coordinateAxis(input, 0, 6);
  const y = coordinateAxis(input, 1, 6);
  const left = gutter(y);
  const width = WIDTH - left - 110;
  const ratio = (upper[1] - lower[1]) / (upper[0] - lower[0]);
  const box: Box = { x: left, y: 30, width, height: width * (ratio > 0.4 && ratio < 1.2 ? ratio : 0.85) };
  const at = plot(box, x, y);
  const { ground, bar } = slice === undefined ? { ground: [], bar: [] } : landscape(slice, at);
  const chosen = evenly(scales.length, 12).map((i) => scales[i]);
  const way: Point[] = chosen.map(({ mean }) => [at.x(mean[0]), at.y(mean[1])]);
  const [bx, by] = [at.x(best[0]), at.y(best[1])];
  const over: Mark[] = [
    ...chosen.flatMap((scale) => cased(around(scale, at), 1.4)),
    ...way.map(
      ([cx, cy]): Mark => ({ kind: "circle", x: cx, y: cy, r: 3, fill: "#ffffff", stroke: "#1c2128", width: 1 }),
    ),
    { kind: "circle", x: bx, y: by, r: 5.5, fill: "#d55e00", stroke: "#ffffff", width: 1.6 },
  ];
  const marks = [...frame(box, x, y), clipped(box, ground, 0), clipped(box, over, 0), ...bar];
  return { name: "whereabouts", title: TITLE, width: WIDTH, height: box.y + box.height + 46, marks };
}

function around({ mean, deviation }: Scale, { box, x, y }: Plot): string {
  const rx = Math.abs(x(mean[0] + deviation[0]) - x(mean[0]));
  const ry = Math.abs(y(mean[1] + deviation[1]) - y(mean[1]));
  return rx < 20 * box.width && ry < 20 * box.height ? ellipse(x(mean[0]), y(mean[1]), rx, ry) : "";
}

/** A light line with a dark edge: it is seen on any ground. */
function cased(d: string, width: number): Mark[] {
  return [
    { kind: "path", d, stroke: "#1c2128", width: width + 1.6, opacity: 0.75 },
    { kind: "path", d, stroke: "#ffffff", width },
  ];
}

function strips(input: Whereabouts): Scene {
  const { scales, best } = input;
  const dim = best.length;
  const columns = dim <= 4 ? 2 : 3;
  const rows = Math.ceil(dim / columns);
  const [gap, height] = [66, 110];
  const width = (WIDTH - 14 - gap * columns) / columns;
  const x = scaleAxis(scales, 4);
  const marks: Mark[] = [];
  for (let j = 0; j < dim; j++) {
    const row = Math.floor(j / columns);
    const box = { x: gap + (j % columns) * (width + gap), y: 30 + row * (height + 60), width, height };
    marks.push(...strip(box, j, j + columns >= dim));
  }
  return { name: "whereabouts", title: TITLE, width: WIDTH, height: 30 + rows * (height + 60) - 14, marks };

  function strip(box: Box, j: number, last: boolean): Mark[] {
    const y = coordinateAxis(input, j, 3);
    const at = plot(box, x, y);
    const edge = (side: number): Point[] =>
      scales.map(({ mean, deviation }, i) => [at.x(i), at.y(within(input, j, mean[j] + side * deviation[j]))]);
    const band = `${curve([...edge(1), ...edge(-1).reverse()])}Z`;
    const middle = curve(scales.map(({ mean }, i) => [at.x(i), at.y(mean[j])]));
    const line = curve([
      [box.x, at.y(best[j])],
      [box.x + box.width, at.y(best[j])],
    ]);
    return [
      ...frame(box, x, y, last ? "name" : "labels", box.x - gap + 14),
      clipped(box, [
        { kind: "path", d: band, fill: "blue", opacity: 0.25 },
        { kind: "path", d: middle, stroke: "blue", width: 1.8 },
        { kind: "path", d: line, stroke: "orange", width: 1.4, dash: [5, 4] },
      ]),
    ];
  }
}

/** A logarithmic axis has no place beyond its bounds, where a standard deviation may reach. */
function within({ domain, space }: Whereabouts, j: number, value: number): number {
  return space?.variables[j].kind === "log" ? Math.max(domain.lower[j], value) : value;
}
