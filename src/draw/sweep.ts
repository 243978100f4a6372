/**
 * The spectrum while D is lowered: the levels, and beneath them the gap E₁ − E₀, with the D at which the ground state
 * changes wells marked (erratum E5): the gap is least there, and an adiabatic D slowest.
 */
import { type Axis, linearAxis, logAxis } from "./axes.ts";
import { extent, type Line, sequence, strokes } from "./chart.ts";
import { curve, type Panel, type Plot, stack } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Mark, rich, type Scene, widthOf } from "./scene.ts";

export type LevelsOverD = {
  /** Ascending. */
  readonly D: ArrayLike<number>;
  /** energies[n][i]: level n at D[i]. */
  readonly energies: readonly ArrayLike<number>[];
  /** The Ds at which the ground state changes wells. */
  readonly crossings?: readonly number[];
};

/** Two panels over D. */
export function levelsOverD({ D, energies, crossings = [] }: LevelsOverD): Scene {
  const [first, last] = [D[0], D[D.length - 1]];
  const label = rich("*D* (units of ζ·*x*^{2})");
  const x = first > 0 && last / first > 30 ? logAxis(label, first, last, 7) : linearAxis(label, first, last, 7);
  const gap = Float64Array.from(D, (_, i) => energies[1][i] - energies[0][i]);
  const colors = sequence(energies.length);
  const lines = energies.map((ys, n): Line => ({ xs: D, ys, color: colors[n] }));
  const [low, high] = extent(...energies);
  const margin = 0.05 * (high - low);
  const panels: Panel[] = [
    {
      y: linearAxis(rich("levels *E*_{*n*} (units of ζ)"), low - margin, high + margin),
      height: 230,
      draw: (at) => [...uprights(crossings, at, false), ...strokes(lines, at)],
    },
    {
      y: gapAxis(gap),
      height: 150,
      draw: (at) => [...uprights(crossings, at, true), ...strokes([{ xs: D, ys: gap, color: "blue" }], at)],
    },
  ];
  return stack("levels-over-D", "Levels and gap while D is lowered", x, panels);
}

function gapAxis(gap: ArrayLike<number>): Axis {
  const positive = Array.from(gap).filter((v) => v > 0);
  const [low, high] = extent(positive);
  return logAxis(rich("gap *E*_{1} − *E*_{0} (units of ζ)"), low / 1.4, high * 1.4, 5);
}

const SIZE = 12;
const ASIDE = 16;

function uprights(crossings: readonly number[], at: Plot, named: boolean): Mark[] {
  return crossings.flatMap((D): Mark[] => {
    const x = at.x(D);
    const { y, height } = at.box;
    const line: Mark = {
      kind: "path",
      d: curve([
        [x, y],
        [x, y + height],
      ]),
      stroke: "orange",
      width: 1.4,
      dash: [5, 4],
    };
    if (!named) return [line];
    const text = rich(`the ground state changes wells at *D* = ${about(D, 3)}`);
    const fits = x + ASIDE + widthOf(text, SIZE) < at.box.x + at.box.width;
    const place = { x: x + (fits ? ASIDE : -ASIDE), y: y + height - 10, anchor: fits ? "start" : "end" } as const;
    return [line, { kind: "text", ...place, text, size: SIZE }];
  });
}
