/**
 * The spectrum while D is lowered: the levels, and beneath them the gap E₁ − E₀, with the D at which the ground state
 * changes wells marked (erratum E5): the gap is least there, and an adiabatic D slowest.
 */
import { type Axis, linearAxis, logAxis } from "./axes.ts";
import { extent, type Line, sequence, spread, strokes } from "./chart.ts";
import { curve, type Panel, type Plot, stack } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Mark, rich, type Scene, widthOf } from "./scene.ts";

export type LevelsOverD = {
  /** Ascending. */
  readonly D: ArrayLike<number>;
  /** energies[n][i]: level n at D[i]. */
  readonly energies: readonly ArrayLike<number>[];
  /** The Ds at which the ground state changes wells, and the gap there. */
  readonly crossings?: readonly Crossing[];
};

type Crossing = { readonly D: number; readonly gap: number };

/** Two panels over D. */
export function levelsOverD({ D, energies, crossings = [] }: LevelsOverD): Scene {
  const [first, last] = [D[0], D[D.length - 1]];
  const label = rich("*D* (units of ζ·*x*^{2})");
  const x = first > 0 && last / first > 30 ? logAxis(label, first, last, 7) : linearAxis(label, first, last, 7);
  // a crossing lies between two rows, which would cut off the tip of the gap
  const rows = Array.from(D, (d, i): Crossing => ({ D: d, gap: energies[1][i] - energies[0][i] }));
  const gaps = [...rows, ...crossings].sort((a, b) => a.D - b.D);
  const gap = gaps.map((at) => at.gap);
  const gapLine: Line = { xs: gaps.map((at) => at.D), ys: gap, color: "blue" };
  const colors = sequence(energies.length);
  const lines = energies.map((ys, n): Line => ({ xs: D, ys, color: colors[n] }));
  const [low, high] = extent(...energies);
  const margin = 0.05 * (high - low);
  const panels: Panel[] = [
    {
      y: linearAxis(rich("levels *E*_{*n*} (units of ζ)"), low - margin, high + margin),
      height: 230,
      draw: (at) => [...uprights(crossings, at, false), ...strokes(lines, at)],
      beside: (at) => names(lines, at),
    },
    {
      y: gapAxis(gap),
      height: 150,
      draw: (at) => [...uprights(crossings, at, true), ...strokes([gapLine], at)],
    },
  ];
  return stack("levels-over-D", "Levels and gap while D is lowered", x, panels, { right: BESIDE });
}

function gapAxis(gap: ArrayLike<number>): Axis {
  const positive = Array.from(gap).filter((v) => v > 0);
  const [low, high] = extent(positive);
  return logAxis(rich("gap *E*_{1} − *E*_{0} (units of ζ)"), low / 1.4, high * 1.4, 5);
}

const SIZE = 12;
const ASIDE = 16;
/** Room for the names of the levels to the right, and the gap before them. */
const BESIDE = 26;
const INSET = 6;

/** The name of each level where its line ends. */
function names(lines: readonly Line[], at: Plot): Mark[] {
  const { x, y, width, height } = at.box;
  // from the top down, as places in a column ascend
  const ends = lines.map(({ ys }) => at.y(ys[ys.length - 1])).reverse();
  const places = spread(
    ends,
    ends.map(() => SIZE + 2),
    y,
    y + height,
  ).reverse();
  return lines.map(
    ({ color }, n): Mark => ({
      ...{ kind: "text", x: x + width + INSET, y: places[n] + SIZE / 3, size: SIZE, color },
      text: rich(`*E*_{${n}}`),
    }),
  );
}

function uprights(crossings: readonly Crossing[], at: Plot, named: boolean): Mark[] {
  return crossings.flatMap(({ D }): Mark[] => {
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
