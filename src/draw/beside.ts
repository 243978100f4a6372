/**
 * Where the mass is: the density along one axis under each level of approximation, over the exact densities that they stand
 * for. What is exact is black, a wide pale line where two laws share a frame.
 */
import { linearAxis } from "./axes.ts";
import { chart, extent, type KeyRow, type Line, sequence } from "./chart.ts";
import { nameOf } from "./coordinates.ts";
import { rich, type Scene } from "./scene.ts";

export type Beside = {
  readonly name: string;
  readonly title: string;
  /** The axis's place, and the names of all, where there are any. */
  readonly axis: number;
  readonly names?: readonly string[] | undefined;
  readonly exact: readonly Curve[];
  readonly levels: readonly Curve[];
};

/** A density, or the draws it is made of; the label carries the marks of `rich()`. */
export type Curve = {
  readonly label: string;
  readonly along?: { readonly xs: ArrayLike<number>; readonly density: ArrayLike<number> } | undefined;
  readonly draws?: ArrayLike<number> | undefined;
};

const BINS = 64;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 4]];
/** The axis ends where all densities are below this share of the greatest. */
const SEEN = 2e-3;

/** The densities of the levels over those of their exact partners, along one axis. */
export function beside({ name, title, axis, names, exact, levels }: Beside): Scene {
  const colors = sequence(levels.length);
  const sure = exact.map((one, k): Line => line(one, k === 0 ? "ink" : "soft", 2.6));
  const rough = levels.map((one, k): Line => ({ ...line(one, colors[k], 1.6), dash: DASHES[k % DASHES.length] }));
  const lines = [...sure, ...rough];
  const top = extent(...lines.map(({ ys }) => ys))[1];
  const row = (one: Curve, { color, dash, width }: Line): KeyRow => ({
    ...{ color, label: one.label },
    ...(dash === undefined ? {} : { dash }),
    ...(width === undefined ? {} : { width }),
  });
  return chart({
    ...{ name, title, lines },
    x: linearAxis(nameOf(names, axis), ...seen(lines, SEEN * top), 6),
    y: linearAxis(rich("density"), 0, 1.06 * top, 4),
    key: [...exact.map((one, k) => row(one, sure[k])), ...levels.map((one, k) => row(one, rough[k]))],
    height: 220,
  });
}

function line({ along, draws }: Curve, color: Line["color"], width: number): Line {
  const { xs, density } = along ?? binned(draws ?? []);
  return { xs, ys: density, color, width };
}

/** A histogram as a line through the middles of its bins. */
function binned(draws: ArrayLike<number>): { readonly xs: Float64Array; readonly density: Float64Array } {
  const [low, high] = extent(draws);
  const width = (high - low) / BINS || 1;
  const density = new Float64Array(BINS);
  for (let i = 0; i < draws.length; i++)
    density[Math.min(BINS - 1, Math.floor((draws[i] - low) / width))] += 1 / (draws.length * width);
  return { xs: density.map((_, i) => low + (i + 0.5) * width), density };
}

/** Where any of the lines can be seen. */
function seen(lines: readonly Line[], least: number): readonly [number, number] {
  const places = lines.flatMap(({ xs, ys }) => Array.from(xs).filter((_, i) => ys[i] > least));
  return extent(places);
}
