/** A spectrum as pictures and as data. */
import type { Potential } from "../core/problem.ts";
import { about, levelsInWell, levelsOverD, planeDensity, type Scene } from "../draw/index.ts";
import { type Spectrum, stateOn } from "../tasks/spectrum.ts";
import type { Sweep } from "../tasks/sweep.ts";
import { csv, npz } from "./data.ts";

const POINTS_1D = 401;
const POINTS_2D = 101;

/** The states in their well, for one axis; the density of the lowest, for two; nothing for three. */
export async function spectrumScenes(potential: Potential, found: Spectrum): Promise<Scene[]> {
  const { lower, upper } = found.grid;
  if (lower.length > 2) return [];
  const axes = lower.map((low, j) => between(low, upper[j], lower.length === 1 ? POINTS_1D : POINTS_2D));
  const zeta = await zetaOn(potential, axes);
  if (lower.length === 1) {
    const states = found.levels.map((_, n) => stateOn(found, n, axes));
    return [levelsInWell({ xs: axes[0], zeta, energies: found.levels, states, D: found.D })];
  }
  const [xs, ys] = axes;
  const density = stateOn(found, 0, axes).map((v) => v * v);
  const names = potential.names === undefined ? {} : { names: [potential.names[0], potential.names[1]] as const };
  const remark = `*E*_{0} = ${about(found.levels[0], 6)},  *D* = ${about(found.D)}`;
  return [planeDensity({ xs, ys, density, zeta, remark, ...names })];
}

/** The levels and the gap over D, with the crossings marked. */
export function sweepScene({ rows, crossings }: Sweep): Scene {
  const ascending = [...rows].sort((a, b) => a.D - b.D);
  const energies = ascending[0].levels.map((_, n) => ascending.map(({ levels }) => levels[n]));
  return levelsOverD({ D: ascending.map(({ D }) => D), energies, crossings });
}

/** Levels, errors, axes, weights, ζ and states as an .npz file; states[n] has the shape of the grid. */
export function spectrumNpz({ levels, error, states, grid, D }: Spectrum): Uint8Array {
  const size = grid.zeta.length;
  const all = new Float64Array(states.length * size);
  for (let n = 0; n < states.length; n++) all.set(states[n], n * size);
  const list = (numbers: readonly number[]) => ({ shape: [numbers.length], data: Float64Array.from(numbers) });
  const axes = Object.fromEntries(
    grid.axes.flatMap(({ x, weight }, j) => [
      [`x${j + 1}`, { shape: [x.length], data: x }],
      [`weight${j + 1}`, { shape: [x.length], data: weight }],
    ]),
  );
  return npz({
    D: { shape: [], data: Float64Array.of(D) },
    levels: list(levels),
    error: list(error),
    ...axes,
    zeta: { shape: grid.shape, data: grid.zeta },
    states: { shape: [states.length, ...grid.shape], data: all },
  });
}

/** One row a level. */
export function spectrumCsv({ levels, error, kinetic, potentialPart }: Spectrum): string {
  return csv({ n: [...levels.keys()], level: levels, error, kinetic, potential: potentialPart });
}

/** One row a D: D, the gap and the levels. */
export function sweepCsv({ rows }: Sweep): string {
  const levels = rows[0].levels.map((_, n): [string, number[]] => [`E${n}`, rows.map((row) => row.levels[n])]);
  return csv({ D: rows.map(({ D }) => D), gap: rows.map(({ gap }) => gap), ...Object.fromEntries(levels) });
}

function between(from: number, to: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => from + ((to - from) * (i + 0.5)) / n);
}

/** ζ on a product grid, the last axis running fastest. */
export async function zetaOn({ answer }: Potential, axes: readonly Float64Array[]): Promise<Float64Array> {
  const dim = axes.length;
  const n = axes.reduce((size, axis) => size * axis.length, 1);
  const x = new Float64Array(n * dim);
  for (let p = 0; p < n; p++)
    for (let j = dim - 1, rest = p; j >= 0; rest = Math.floor(rest / axes[j].length), j--)
      x[p * dim + j] = axes[j][rest % axes[j].length];
  const { value } = await answer({ kind: "value", at: { n, dim, x } });
  return value ?? new Float64Array(n).fill(Number.NaN);
}
