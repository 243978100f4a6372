/**
 * Diffusion Monte Carlo in two pictures: the energy and the trial energy along a walk, with what was cut off before it came
 * to rest; and the extrapolation to Δτ → 0, rows with their error bars and the curve through them.
 */
import { linearAxis } from "./axes.ts";
import { chart, extent, type KeyRow, keyMarks, keyWidth, type Line, strokes } from "./chart.ts";
import { clipped, curve, ellipse, frame, gutter, type Plot, plot, WIDTH } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Color, type Mark, rich, type Scene } from "./scene.ts";

export type WalkSeries = {
  /** Imaginary time of a step. */
  readonly dt: number;
  readonly energy: ArrayLike<number>;
  /** E_T */
  readonly trial: ArrayLike<number>;
  /** Steps that were cut off. */
  readonly cut: number;
  /** The mean after the cut. */
  readonly mean: number;
};

/** Means of so many groups are shown of a long walk, beside its steps. */
const GROUPS = 400;

/** The energy and E_T over τ. */
export function walkOverTime({ dt, energy, trial, cut, mean }: WalkSeries): Scene {
  const n = energy.length;
  const size = Math.max(1, Math.floor(n / GROUPS));
  const grouped = (values: ArrayLike<number>): { xs: number[]; ys: number[] } => {
    const [xs, ys]: number[][] = [[], []];
    for (let start = 0; start + size <= n; start += size) {
      let total = 0;
      for (let i = start; i < start + size; i++) total += values[i];
      xs.push((start + 0.5 * size) * dt);
      ys.push(total / size);
    }
    return { xs, ys };
  };
  const [means, trials] = [grouped(energy), grouped(trial)];
  const x = linearAxis(rich("imaginary time *τ*"), 0, n * dt, 7);
  const [low, high] = extent(means.ys, trials.ys);
  const margin = 0.08 * (high - low || 1);
  const y = linearAxis(rich("energy (units of ζ)"), low - margin, high + margin, 5);
  const end = n * dt;
  const level: Line = { xs: [0, end], ys: [mean, mean], color: "ink", dash: [6, 4], width: 1.4 };
  const lines: Line[] = [
    { ...means, color: "blue", width: 1.2 },
    { ...trials, color: "orange", width: 1.6 },
    level,
    { xs: [cut * dt, cut * dt], ys: [low - margin, high + margin], color: "soft", dash: [2, 3], width: 1.4 },
  ];
  const key: KeyRow[] = [
    { color: "blue", width: 1.2, label: size > 1 ? `energy, ${size} steps` : "energy" },
    { color: "orange", width: 1.6, label: "trial energy *E*_{T}" },
    { color: "ink", dash: [6, 4], width: 1.4, label: "mean" },
    { color: "soft", dash: [2, 3], width: 1.4, label: "cut" },
  ];
  return chart({ name: "walk", title: "The energy along a walk", x, y, lines, key });
}

export type Extrapolation = {
  readonly rows: readonly {
    readonly dt: number;
    readonly walkers: number;
    readonly energy: number;
    readonly error: number;
  }[];
  /** Where Δτ → 0 and N → ∞. */
  readonly energy: number;
  readonly error: number;
  readonly order: 1 | 2;
  /** By how much the energy at the first row's Δτ is off, and by how much at its N. */
  readonly timeStep: number;
  readonly population: number;
};

const CURVE = 60;
const CAP = 4;

/** Energy against Δτ, with error bars of one standard error. */
export function extrapolation({ rows, energy, error, order, timeStep, population }: Extrapolation): Scene {
  const [{ dt, walkers }] = rows;
  const sizes = [...new Set(rows.map((row) => row.walkers))];
  const colors: readonly Color[] = ["blue", "orange"];
  const x = linearAxis(rich("step Δ*τ*"), -0.06 * dt, 1.1 * dt, 6);
  const [low, high] = extent(
    [energy - error, energy + error],
    ...rows.map((r) => [r.energy - r.error, r.energy + r.error]),
  );
  const margin = 0.12 * (high - low || 1e-12 * (1 + Math.abs(energy)));
  const y = linearAxis(rich("energy (units of ζ)"), low - margin, high + margin, 5);
  const steps = Array.from({ length: CURVE + 1 }, (_, i) => (dt * i) / CURVE);
  const lines = sizes.map((size, k): Line => {
    const ys = steps.map((s) => energy + timeStep * (s / dt) ** order + (population * walkers) / size);
    return { xs: steps, ys, color: colors[k % 2], width: 1.2, dash: [5, 4] };
  });
  const key: KeyRow[] = [
    ...sizes.map((size, k): KeyRow => ({ color: colors[k % 2], label: `${size} walkers` })),
    { color: "ink", label: "Δ*τ* → 0, *N* → ∞" },
  ];
  const left = gutter(y);
  const box: Box = { x: left, y: 30, width: WIDTH - left - keyWidth(key) - 14, height: 280 };
  const at = plot(box, x, y);
  const bars = rows.flatMap((row) => bar(at, row.dt, row.energy, row.error, colors[sizes.indexOf(row.walkers) % 2]));
  const title = `Extrapolation to *E*_{0} = ${about(energy, 6)}`;
  return {
    ...{
      name: "extrapolation",
      title: "Energy against the step, extrapolated",
      width: WIDTH,
      height: box.y + box.height + 70,
    },
    marks: [
      ...frame(box, x, y),
      clipped(box, [...strokes(lines, at), ...bars, ...bar(at, 0, energy, error, "ink")]),
      ...keyMarks(key, box.x + box.width + 16, box.y),
      {
        kind: "text",
        x: box.x + box.width / 2,
        y: box.y + box.height + 62,
        text: rich(title),
        size: 12,
        anchor: "middle",
      },
    ],
  };
}

function bar({ x, y }: Plot, dt: number, energy: number, error: number, color: Color): Mark[] {
  const [at, top, bottom] = [x(dt), y(energy + error), y(energy - error)];
  const stroke = (points: readonly (readonly [number, number])[]): Mark => ({
    kind: "path",
    d: curve(points),
    stroke: color,
    width: 1.6,
  });
  const cap = (height: number): Mark =>
    stroke([
      [at - CAP, height],
      [at + CAP, height],
    ]);
  return [
    stroke([
      [at, top],
      [at, bottom],
    ]),
    cap(top),
    cap(bottom),
    { kind: "path", d: ellipse(at, y(energy), 3.5, 3.5), fill: color },
  ];
}
