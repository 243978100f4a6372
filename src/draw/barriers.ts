/**
 * Crossing barriers (H8): evaluations until a quarter has crossed over the barrier's width, a panel for each height; what the
 * exact rates say as lines, what the dynamics took as medians with their intervals.
 */
import { linearAxis, logAxis } from "./axes.ts";
import { extent, type KeyRow, keyMarks, keyWidth, strokes } from "./chart.ts";
import { curve, type Panel, type Plot, stack } from "./frame.ts";
import { type Color, type Mark, rich, type Scene } from "./scene.ts";

export type CrossedBarriers = {
  readonly rows: readonly {
    /** In units of D. */
    readonly height: number;
    readonly width: number;
    readonly dim: number;
    /** Evaluations by the exact rates: of Fokker–Planck and of imaginary time. */
    readonly thermal: number;
    readonly quantum: number;
    /** Medians; open where most runs did not cross within the budget. */
    readonly measured: readonly {
      readonly name: string;
      readonly median: number;
      readonly low: number;
      readonly high: number;
      readonly beyond: boolean;
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
  const names = rows[0].measured.map(({ name }) => name);
  const key: KeyRow[] = [
    { label: "Fokker–Planck, exact", color: "orange", dash: DASH },
    { label: "imaginary time, exact", color: "blue", dash: DASH },
    ...names.map((name): KeyRow => ({ label: NAMES[name] ?? name, color: COLORS[name] ?? "ink", width: 4 })),
  ];
  const several = [...new Set(rows.map(({ dim }) => dim))].filter((dim) => dim > 1);
  const remarks = [
    ...several.map((dim) => `diamonds: ${dim} dimensions`),
    ...(rows.some(({ measured }) => measured.some(({ beyond }) => beyond)) ? ["open: not within budget"] : []),
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
    rows.flatMap(({ thermal, quantum, measured }) => [thermal, quantum, ...measured.flatMap((m) => [m.low, m.high])]),
  );
  return {
    y: logAxis(rich(`evaluations to cross a barrier of ${rows[0].height} *D*`), least / 1.5, most * 1.5),
    height: HEIGHT,
    draw: (at) => [...strokes(exact(rows), at), ...rows.flatMap((row) => medians(row, at))],
  };
}

function exact(rows: readonly Row[]) {
  const line = rows.filter(({ dim }) => dim === 1).sort((a, b) => a.width - b.width);
  const xs = line.map(({ width }) => width);
  return [
    { xs, ys: line.map(({ thermal }) => thermal), color: "orange" as const, dash: DASH, width: 1.4 },
    { xs, ys: line.map(({ quantum }) => quantum), color: "blue" as const, dash: DASH, width: 1.4 },
  ];
}

function medians({ width, dim, measured }: Row, at: Plot): Mark[] {
  return measured.flatMap(({ name, median, low, high, beyond }, k): Mark[] => {
    const color = COLORS[name] ?? "ink";
    const x = at.x(width) + (k - (measured.length - 1) / 2) * ASIDE + (dim > 1 ? 2.5 * ASIDE : 0);
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
    const fill = beyond ? "paper" : color;
    const paint = { fill, stroke: color, width: 1.4 } as const;
    if (dim === 1) return [bar, { kind: "circle", x, y, r: 3.6, ...paint }];
    return [bar, { kind: "path", d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z`, ...paint }];
  });
}
