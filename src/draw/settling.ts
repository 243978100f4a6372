/** Fokker–Planck: a density p settling from where it started to the law e^(−ζ/D), beneath the ζ that it settles in. */
import { linearAxis } from "./axes.ts";
import { extent, type KeyRow, keyMarks, keyWidth, type Line, sequence, strokes } from "./chart.ts";
import { clipped, frame, gutter, plot, WIDTH } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Mark, rich, type Scene } from "./scene.ts";

export type Settling = {
  readonly xs: ArrayLike<number>;
  /** ζ over xs. */
  readonly zeta: ArrayLike<number>;
  readonly times: readonly number[];
  /** densities[k] over xs at times[k]. */
  readonly densities: readonly ArrayLike<number>[];
  /** e^(−ζ/D), normalized, over xs. */
  readonly stationary: ArrayLike<number>;
  /** The largest density shown, where the start is a peak. */
  readonly top?: number;
};

/** ζ above, the density at several times below. */
export function settling({ xs, zeta, times, densities, stationary, top }: Settling): Scene {
  const x = linearAxis(rich("*x*"), xs[0], xs[xs.length - 1], 7);
  const most = top ?? extent(stationary, ...densities)[1];
  // ζ as far up as the density goes: walls would flatten what it settles in
  const [low, high] = extent(Array.from(zeta).filter((_, i) => stationary[i] > VISITED * most));
  const upper = linearAxis(rich("ζ(*x*)"), low - 0.08 * (high - low), high, 3);
  const lower = linearAxis(rich("density *p*(*x*, *τ*)"), 0, 1.05 * most);
  const colors = sequence(times.length);
  const lines: Line[] = [
    ...densities.map((ys, k): Line => ({ xs, ys, color: colors[k] })),
    { xs, ys: stationary, color: "ink", dash: LAW, width: 1.6 },
  ];
  const key: KeyRow[] = [
    ...times.map((tau, k): KeyRow => ({ color: colors[k], label: `*τ* = ${about(tau, 3)}` })),
    { color: "ink", dash: LAW, width: 1.6, label: "e^{−ζ/*D*}" },
  ];
  const left = Math.max(gutter(upper), gutter(lower));
  const width = WIDTH - left - keyWidth(key) - 14;
  const above: Box = { x: left, y: 30, width, height: 100 };
  const below: Box = { x: left, y: 30 + 100 + 44, width, height: 230 };
  const marks: Mark[] = [
    ...frame(above, x, upper, "ticks"),
    clipped(above, strokes([{ xs, ys: zeta, color: "ink" }], plot(above, x, upper)), 1),
    ...frame(below, x, lower),
    clipped(below, strokes(lines, plot(below, x, lower)), 1),
    ...keyMarks(key, left + width + 16, below.y),
  ];
  return {
    name: "settling",
    title: "A density settling to its stationary law",
    width: WIDTH,
    height: below.y + 230 + 46,
    marks,
  };
}

const LAW = [6, 4];
const VISITED = 1e-4;
