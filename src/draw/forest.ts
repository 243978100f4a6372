/** Effects with their intervals, one below the other, about the line where nothing differs. */
import { linearAxis } from "./axes.ts";
import { extent } from "./chart.ts";
import { clipped, frame, plot, round, WIDTH } from "./frame.ts";
import { type Box, type Color, type Mark, rich, type Scene, widthOf } from "./scene.ts";

export type ForestRow = {
  readonly name: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** The sum of the others: drawn apart. */
  readonly pooled?: boolean;
};

export type Forest = {
  readonly title: string;
  /** The name of the x axis, and what stands above; both with the marks of `rich()`. */
  readonly label: string;
  readonly heading: string;
  readonly rows: readonly ForestRow[];
  /** Where the line stands; 0 where it is left out. */
  readonly line?: number;
  /** Within this of the line nothing counts as different: what lies inside is blue. */
  readonly tolerance?: number;
};

/** The rows of effects: all, then each family, with its problems below. */
export function forestRows({
  pooled,
  families,
}: {
  readonly pooled: ForestRow;
  readonly families: readonly Group[];
}): ForestRow[] {
  return [
    { ...pooled, pooled: true },
    ...families.flatMap(({ pooled: own, cases }) => [{ ...own, pooled: true }, ...cases]),
  ];
}

type Group = { readonly pooled: ForestRow; readonly cases: readonly ForestRow[] };

const ROW = 24;
const SIZE = 12.5;

/** Blue where an interval lies above the line, orange below, grey across; with a tolerance blue where it lies within. */
export function forest({ title, label, heading, rows, line = 0, tolerance }: Forest): Scene {
  const left = 28 + Math.max(...rows.map(({ name }) => widthOf(rich(name), SIZE)));
  const box: Box = { x: left, y: 30, width: WIDTH - left - 20, height: ROW * rows.length + 6 };
  const [low, high] = extent(
    [line - (tolerance ?? 0), line + (tolerance ?? 0)],
    ...rows.map((row) => [row.low, row.estimate, row.high]),
  );
  const margin = 0.04 * (high - low);
  const x = linearAxis(rich(label), low - margin, high + margin, 6);
  const y = { label: rich(heading), ticks: [], minor: [], place: (v: number) => v };
  const at = plot(box, x, y);
  const zero = round(at.x(line));
  const marks: Mark[] = [
    ...frame(box, x, y),
    ...(tolerance === undefined ? [] : [band(box, at.x(line - tolerance), at.x(line + tolerance))]),
    { kind: "path", d: `M${zero} ${box.y}v${box.height}`, stroke: "ink", width: 1, dash: [4, 3] },
    ...rows.map(
      ({ name, pooled }, k): Mark => ({
        ...{ kind: "text", x: box.x - 9, y: middle(box, k) + 4.5, size: SIZE, anchor: "end" },
        ...{ text: rich(name), color: pooled === true ? "ink" : "soft" },
      }),
    ),
    clipped(
      box,
      rows.flatMap((row, k) => whisker(row, middle(box, k), at.x, colorOf(row, line, tolerance))),
    ),
  ];
  return { name: "forest", title, width: WIDTH, height: box.y + box.height + 46, marks };
}

function middle(box: Box, k: number): number {
  return box.y + 3 + ROW * (k + 0.5);
}

function band(box: Box, from: number, to: number): Mark {
  const [x, width] = [round(from), round(to - from)];
  return { kind: "rect", x, y: box.y, width, height: box.height, fill: "blue", opacity: 0.08 };
}

function colorOf({ low, high }: ForestRow, line: number, tolerance: number | undefined): Color {
  if (tolerance === undefined) return low > line ? "blue" : high < line ? "orange" : "soft";
  if (low >= line - tolerance && high <= line + tolerance) return "blue";
  return high < line - tolerance || low > line + tolerance ? "orange" : "soft";
}

function whisker(
  { estimate, low, high, pooled }: ForestRow,
  y: number,
  x: (v: number) => number,
  color: Color,
): Mark[] {
  const [from, to] = [round(x(low)), round(x(high))];
  const d = `M${from} ${round(y)}H${to}M${from} ${round(y - 4)}v8M${to} ${round(y - 4)}v8`;
  return [
    { kind: "path", d, stroke: color, width: pooled === true ? 2.4 : 1.4 },
    { kind: "circle", x: round(x(estimate)), y: round(y), r: pooled === true ? 5 : 3.5, fill: color },
  ];
}
