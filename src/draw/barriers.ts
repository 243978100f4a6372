/**
 * Crossing barriers (H8): evaluations until a quarter has crossed over the barrier's width, a panel for each height; what the
 * exact rates say as lines, what the dynamics took as medians with their intervals.
 */
import { linearAxis, logAxis } from "./axes.ts";
import { extent, type KeyRow, keyMarks, keyWidth, strokes } from "./chart.ts";
import { curve, type Panel, type Plot, stack } from "./frame.ts";
import { type Color, type Mark, rich, type Scene } from "./scene.ts";

/** What the task `tunneling` found. */
export type CrossedBarriers = {
  readonly rows: readonly {
    /** In units of D. */
    readonly height: number;
    readonly width: number;
    readonly dim: number;
    /** Evaluations until a quarter has crossed, by the exact rates. */
    readonly exact: { readonly imaginary: number; readonly thermal: number };
    /** Medians with their intervals, in evaluations, and the share of runs that crossed within the budget. */
    readonly passages: readonly {
      readonly dynamics: string;
      readonly median: number;
      readonly low: number;
      readonly high: number;
      readonly crossed: number;
    }[];
  }[];
};

type Row = CrossedBarriers["rows"][number];

const COLORS: Readonly<Record<string, Color>> = { metropolis: "orange", walkers: "blue", pimc: "green" };
const NAMES: Readonly<Record<string, string>> = {
  metropolis: "Metropolis (thermal)",
  walkers: "walkers (DMC)",
  pimc: "path integral (PIMC)",
};
const DASH = [5, 4];
const HEIGHT = 190;
const KEY_TOP = 34;
/** Dynamics stand beside each other, not upon each other. */
const ASIDE = 6;

/** One panel for each height, the highest first. */
export function crossedBarriers({ rows }: CrossedBarriers): Scene {
  const [thin, wide] = extent(rows.map(({ width }) => width));
  const margin = 0.08 * (wide - thin);
  const x = linearAxis(rich("full width of the barrier at half height (units of *x*)"), thin - margin, wide + margin);
  const heights = [...new Set(rows.map(({ height }) => height))].sort((a, b) => b - a);
  const panels = heights.map((height) => panel(rows.filter((row) => row.height === height)));
  const names = rows[0].passages.map(({ dynamics }) => dynamics);
  const key: KeyRow[] = [
    { label: "Fokker–Planck, exact", color: "orange", dash: DASH },
    { label: "imaginary time, exact", color: "blue", dash: DASH },
    ...names.map((name): KeyRow => ({ label: NAMES[name] ?? name, color: COLORS[name] ?? "ink", width: 4 })),
  ];
  const several = [...new Set(rows.map(({ dim }) => dim))].filter((dim) => dim > 1);
  const remarks = [
    ...several.map((dim) => `diamonds: ${dim} dimensions`),
    ...(rows.some(({ passages }) => passages.some(isBeyond)) ? ["open: not within budget"] : []),
  ];
  const right = keyWidth([...key, ...remarks.map((label): KeyRow => ({ label, color: "ink" }))]) + 8;
  const scene = stack("barriers", "Evaluations to cross a barrier, by its width and height", x, panels, { right });
  const at = scene.width - right - 4;
  const told = remarks.map(
    (label, k): Mark => ({
      ...{ kind: "text", x: at, y: KEY_TOP + 12 + (key.length + k) * 19, size: 12, color: "soft" },
      text: rich(label),
    }),
  );
  return { ...scene, marks: [...scene.marks, ...keyMarks(key, at, KEY_TOP), ...told] };
}

function panel(rows: readonly Row[]): Panel {
  const [least, most] = extent(
    rows.flatMap(({ exact, passages }) => [
      exact.thermal,
      exact.imaginary,
      ...passages.flatMap((p) => [p.low, p.high]),
    ]),
  );
  return {
    y: logAxis(rich(`evaluations to cross a barrier of ${rows[0].height} *D*`), least / 1.5, most * 1.5),
    height: HEIGHT,
    draw: (at) => [...strokes(rates(rows), at), ...rows.flatMap((row) => medians(row, at))],
  };
}

/** More than half did not cross: the median stands at the budget. */
function isBeyond({ crossed }: Row["passages"][number]): boolean {
  return crossed < 0.5;
}

function rates(rows: readonly Row[]) {
  const line = rows.filter(({ dim }) => dim === 1).sort((a, b) => a.width - b.width);
  const xs = line.map(({ width }) => width);
  return [
    { xs, ys: line.map(({ exact }) => exact.thermal), color: "orange" as const, dash: DASH, width: 1.4 },
    { xs, ys: line.map(({ exact }) => exact.imaginary), color: "blue" as const, dash: DASH, width: 1.4 },
  ];
}

function medians({ width, dim, passages }: Row, at: Plot): Mark[] {
  return passages.flatMap((passage, k): Mark[] => {
    const { dynamics, median, low, high } = passage;
    const color = COLORS[dynamics] ?? "ink";
    const x = at.x(width) + (k - (passages.length - 1) / 2) * ASIDE + (dim > 1 ? 2.5 * ASIDE : 0);
    const y = at.y(median);
    const bar: Mark = {
      kind: "path",
      d: curve([
        [x, at.y(low)],
        [x, at.y(high)],
      ]),
      stroke: color,
      width: 1.6,
    };
    const fill = isBeyond(passage) ? "paper" : color;
    const paint = { fill, stroke: color, width: 1.4 } as const;
    if (dim === 1) return [bar, { kind: "circle", x, y, r: 3.6, ...paint }];
    return [bar, { kind: "path", d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z`, ...paint }];
  });
}
