/** An evolution as pictures: the density over space and time, on the plane at the end, and moment by moment. */
import type { Observer } from "../core/observe.ts";
import type { Potential } from "../core/problem.ts";
import { planeDensity, type Scene, snapshot, spaceTime } from "../draw/index.ts";
import { zetaOn } from "./spectrum.ts";

export type Film = {
  /** Set with the first moment. */
  axes: readonly Float64Array[];
  readonly times: number[];
  /** |ψ|² on the axes at each time, the last axis running fastest. */
  readonly densities: Float64Array[];
};

/** Points along an axis that a picture shows, at most: a film of a large grid stays small. */
const POINTS = 512;
const POINTS_2D = 128;

/** Keeps the density of each frame, thinned to what a picture shows; empty for more than two axes. */
export function filming(): { readonly film: Film; readonly observer: Observer } {
  const film: Film = { axes: [], times: [], densities: [] };
  const frame: NonNullable<Observer["frame"]> = ({ tau, view }) => {
    const seen = view();
    if (seen.kind !== "grid" || seen.axes.length > 2) return;
    const axes = seen.axes.length === 1 ? [Float64Array.of(0), ...seen.axes] : seen.axes;
    const [rows, columns] = axes.map(({ length }) => every(length, seen.axes.length === 1 ? POINTS : POINTS_2D));
    const width = axes[1].length;
    const density = Float64Array.from(
      { length: rows.length * columns.length },
      (_, k) => seen.density[rows[Math.floor(k / columns.length)] * width + columns[k % columns.length]],
    );
    film.axes = seen.axes.map((axis, j) => (seen.axes.length === 1 || j === 1 ? columns : rows).map((i) => axis[i]));
    film.times.push(tau);
    film.densities.push(density);
  };
  return { film, observer: { frame } };
}

/** Indices of at most `most` of n points, evenly spaced. */
function every(n: number, most: number): Float64Array {
  const stride = Math.ceil(n / most);
  return Float64Array.from({ length: Math.ceil(n / stride) }, (_, i) => i * stride);
}

/**
 * Stills and the moments of an animation; none of more than two axes.
 * @param time the name of the time, with the marks of `rich()`
 */
export async function evolutionScenes(
  potential: Potential,
  { axes, times, densities }: Film,
  time: string,
): Promise<{ readonly stills: readonly Scene[]; readonly moments: readonly Scene[] }> {
  if (densities.length === 0) return { stills: [], moments: [] };
  const zeta = await zetaOn(potential, axes);
  const remark = (k: number): string => `${time} = ${Number(times[k].toPrecision(3))}`;
  const last = densities.length - 1;
  if (axes.length === 2) {
    const [xs, ys] = axes;
    const names = potential.names === undefined ? {} : { names: [potential.names[0], potential.names[1]] as const };
    const at = (k: number): Scene =>
      planeDensity({ xs, ys, density: densities[k], zeta, remark: remark(k), relative: true, ...names });
    return { stills: [at(last)], moments: densities.map((_, k) => at(k)) };
  }
  const [xs] = axes;
  const density = new Float64Array(densities.length * xs.length);
  densities.forEach((row, k) => {
    density.set(row, k * xs.length);
  });
  const top = density.reduce((most, p) => Math.max(most, p), 0);
  return {
    stills: [spaceTime({ xs, times, density, zeta, time: `time ${time}` })],
    moments: densities.map((row, k) => snapshot({ xs, density: row, top, zeta, remark: remark(k) })),
  };
}
