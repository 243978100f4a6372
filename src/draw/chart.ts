/**
 * Charts: families of lines over one x axis, with a key to the right. What is ordered (times, levels) has colors in
 * the order of viridis, what is not has tones; a dash tells two kinds apart in grey.
 */
import type { Axis } from "./axes.ts";
import { viridis } from "./contours.ts";
import { clipped, curve, frame, gutter, type Plot, plot, WIDTH } from "./frame.ts";
import { type Box, type Color, type Mark, rich, type Scene, widthOf } from "./scene.ts";

export type Line = {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  readonly color: Color;
  readonly dash?: readonly number[];
  readonly width?: number;
};

/** A row of the key; the label carries the marks of `rich()`. */
export type KeyRow = Pick<Line, "color" | "dash" | "width"> & { readonly label: string };

export type Chart = {
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly key: readonly KeyRow[];
  readonly height?: number;
};

const KEY_SIZE = 12;
const SAMPLE = 22;
const ROW = 19;

/** Lines in one frame, with their key. */
export function chart({ name, title, x, y, lines, key, height = 280 }: Chart): Scene {
  const left = gutter(y);
  const right = keyWidth(key);
  const box: Box = { x: left, y: 30, width: WIDTH - left - right - 14, height };
  const at = plot(box, x, y);
  const marks = [
    ...frame(box, x, y),
    clipped(box, strokes(lines, at), 1),
    ...keyMarks(key, box.x + box.width + 16, box.y),
  ];
  return { name, title, width: WIDTH, height: box.y + height + 46, marks };
}

/** The lines of a plot. */
export function strokes(lines: readonly Line[], at: Plot): Mark[] {
  return lines.map(({ xs, ys, color, dash, width = 1.8 }) => ({
    kind: "path",
    d: curve(Array.from(xs, (v, i) => [at.x(v), at.y(ys[i])])),
    stroke: color,
    width,
    ...(dash === undefined ? {} : { dash }),
  }));
}

/** The room that a key takes, with the gap before it. */
export function keyWidth(rows: readonly KeyRow[]): number {
  if (rows.length === 0) return 0;
  return 16 + SAMPLE + 7 + Math.max(...rows.map(({ label }) => widthOf(rich(label), KEY_SIZE)));
}

/** A sample of each line beside its name, downward from (x, y). */
export function keyMarks(rows: readonly KeyRow[], x: number, y: number): Mark[] {
  return rows.flatMap(({ label, color, dash, width = 1.8 }, k): Mark[] => {
    const middle = y + 8 + k * ROW;
    const sample: Mark = {
      kind: "path",
      d: `M${x} ${middle}h${SAMPLE}`,
      stroke: color,
      width,
      ...(dash === undefined ? {} : { dash }),
    };
    return [sample, { kind: "text", x: x + SAMPLE + 7, y: middle + 4, text: rich(label), size: KEY_SIZE }];
  });
}

/** n colors in an order that the eye, grey print and the color-blind see; none is too light for white paper. */
export function sequence(n: number): Color[] {
  return Array.from({ length: n }, (_, k) => viridis(n === 1 ? 0.3 : (0.84 * k) / (n - 1)));
}

/** The least and the largest of what is finite in some arrays; [0, 1] where nothing is. */
export function extent(...arrays: readonly ArrayLike<number>[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of arrays)
    for (let i = 0; i < values.length; i++)
      if (Number.isFinite(values[i])) {
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
      }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * Places for labels in a column, each as near to where it is wanted as the others allow: wanted[i] and the result are
 * middles, heights[i] the room each needs; `wanted` ascends.
 */
export function spread(wanted: readonly number[], heights: readonly number[], low: number, high: number): number[] {
  // runs of labels that touch, each laid out about the mean of what its members want
  type Run = { start: number; count: number; size: number; top: number };
  const runs: Run[] = [];
  const total = (from: number, count: number): number =>
    heights.slice(from, from + count).reduce((sum, height) => sum + height, 0);
  const laid = (start: number, count: number): Run => {
    const size = total(start, count);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += wanted[start + i] - total(start, i) - heights[start + i] / 2;
    const top = Math.max(low, Math.min(sum / count, high - size));
    return { start, count, size, top };
  };
  for (let i = 0; i < wanted.length; i++) {
    let run = laid(i, 1);
    for (let last = runs.at(-1); last !== undefined && last.top + last.size > run.top; last = runs.at(-1)) {
      runs.pop();
      run = laid(last.start, last.count + run.count);
    }
    runs.push(run);
  }
  return runs.flatMap(({ start, count, top }) =>
    Array.from({ length: count }, (_, i) => top + total(start, i) + heights[start + i] / 2),
  );
}
