/**
 * Lattices: a function held at the points of a regular grid over a domain of one, two or three dimensions. Values are
 * row-major, the last axis running fastest; the point (i, j, k) is element i · stride_0 + j · stride_1 + k.
 */
import { sum, sumProducts } from "../math/sum.ts";
import { type Ask, askValue } from "./ask.ts";
import type { Info } from "./engine.ts";
import { inputError } from "./errors.ts";
import type { Domain, Points } from "./problem.ts";

export type Lattice = {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly spacing: readonly number[];
  /** The coordinates of each axis. */
  readonly axes: readonly Float64Array[];
  /** Points in all. */
  readonly size: number;
  /** Π spacing: what a point stands for. */
  readonly volume: number;
  readonly periodic: boolean;
};

/** The centers of equal cells, lower + (i + ½)h with h = width / n: the lattice of what is conserved. */
export function cells(domain: Domain, shape: readonly number[]): Lattice {
  return lattice(domain, shape, 0.5, 0);
}

/** Points lower + ih, both bounds among them; on a ring the upper bound is the lower one again. */
export function nodes(domain: Domain, shape: readonly number[]): Lattice {
  return lattice(domain, shape, 0, domain.edge === "periodic" ? 0 : 1);
}

const MOST_AXES = 3;
const FEWEST = 3;
// above it a few arrays of the size are more than a process may hold
const MOST_POINTS = 2 ** 27;

function lattice(domain: Domain, shape: readonly number[], offset: number, ends: number): Lattice {
  checkShape(domain, shape);
  const spacing = shape.map((n, j) => (domain.upper[j] - domain.lower[j]) / (n - ends));
  const at = (j: number, i: number): number => domain.lower[j] + (i + offset) * spacing[j];
  return {
    shape,
    stride: shape.map((_, j) => shape.slice(j + 1).reduce((a, b) => a * b, 1)),
    spacing,
    axes: shape.map((n, j) => Float64Array.from({ length: n }, (_, i) => Math.min(domain.upper[j], at(j, i)))),
    size: shape.reduce((a, b) => a * b),
    volume: spacing.reduce((a, b) => a * b),
    periodic: domain.edge === "periodic",
  };
}

function checkShape(domain: Domain, shape: readonly number[]): void {
  const dim = domain.lower.length;
  const given = shape.join(" × ");
  if (dim > MOST_AXES)
    throw inputError("grid", `ζ has ${dim} dimensions where a grid has at most ${MOST_AXES}`, "sample it with walkers");
  if (shape.length !== dim)
    throw inputError("grid", `${given} has ${shape.length} axes where ζ has ${dim}`, "give one size for each axis");
  for (const n of shape)
    if (!(Number.isSafeInteger(n) && n >= FEWEST))
      throw inputError("grid", `${given}: ${n} is not a whole number of points from ${FEWEST} up`);
  const size = shape.reduce((a, b) => a * b);
  if (size > MOST_POINTS)
    throw inputError(
      "grid",
      `${given} would take ${((8 * size) / 2 ** 30).toPrecision(3)} GiB for each of its arrays`,
      `take at most ${MOST_POINTS} points`,
    );
}

/** The lattice's points, in the order of its values. */
export function latticePoints({ shape, stride, axes, size }: Lattice): Points {
  const dim = shape.length;
  const x = new Float64Array(size * dim);
  for (let j = 0; j < dim; j++)
    for (let c = 0; c < size; c++) x[c * dim + j] = axes[j][Math.floor(c / stride[j]) % shape[j]];
  return { n: size, dim, x };
}

/**
 * Asks for ζ at every point of a lattice, once.
 * @throws where ζ is not finite, naming the first such point
 */
export function* tabulate(lattice: Lattice): Ask<{ readonly at: Points; readonly value: Float64Array }> {
  const at = latticePoints(lattice);
  const value = Float64Array.from(yield* askValue(at));
  const bad = value.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) {
    const where = at.x.subarray(bad * at.dim, (bad + 1) * at.dim).join(", ");
    throw inputError("potential", `is not finite on the grid, at (${where})`, "give a domain on which it is finite");
  }
  return { at, value };
}

/**
 * A density on a lattice with Σ density · volume = 1.
 * @param start the density up to a factor, ≥ 0; uniform where it is left out
 */
export function startDensity(
  { size, volume }: Lattice,
  { dim, x }: Points,
  start: ((x: Float64Array) => number) | undefined,
): Float64Array {
  const density = new Float64Array(size).fill(1);
  if (start !== undefined) {
    const point = new Float64Array(dim);
    for (let c = 0; c < size; c++) {
      point.set(x.subarray(c * dim, (c + 1) * dim));
      density[c] = start(point);
      if (!(density[c] >= 0)) throw inputError("start", `the density is ${density[c]} at (${point.join(", ")})`);
    }
  }
  const mass = sum(density) * volume;
  if (!(mass > 0 && mass < Infinity))
    throw inputError("start", `the density has mass ${mass} on the grid`, "start inside the domain, on a finer grid");
  for (let c = 0; c < size; c++) density[c] /= mass;
  return density;
}

/** Mean and standard deviation per axis of a density, which need not be normalized. */
export function gridMoments(
  axes: readonly Float64Array[],
  density: Float64Array,
): { mean: Float64Array; deviation: Float64Array } {
  const moments = marginals(axes, density).map((marginal, j) => weightedMoments(axes[j], marginal));
  return {
    mean: Float64Array.from(moments, ({ mean }) => mean),
    deviation: Float64Array.from(moments, ({ deviation }) => deviation),
  };
}

/** Mean and standard deviation of values under weights, which need not be normalized. */
function weightedMoments(
  values: Float64Array,
  weight: Float64Array,
): { mean: number; deviation: number; total: number } {
  const total = sum(weight);
  const mean = sumProducts(weight, values) / total;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const from = values[i] - mean;
    square += weight[i] * from * from;
  }
  return { mean, deviation: Math.sqrt(Math.max(0, square / total)), total };
}

/** The density summed over all axes but one, for each axis. */
function marginals(axes: readonly Float64Array[], density: Float64Array): Float64Array[] {
  const sums = axes.map(({ length }) => new Float64Array(length));
  const last = sums[sums.length - 1];
  const width = last.length;
  for (let start = 0, row = 0; start < density.length; start += width, row++) {
    let total = 0;
    for (let i = 0; i < width; i++) {
      last[i] += density[start + i];
      total += density[start + i];
    }
    for (let j = sums.length - 2, rest = row; j >= 0; rest = Math.floor(rest / sums[j].length), j--)
      sums[j][rest % sums[j].length] += total;
  }
  return sums;
}

/** What is told of a density on a lattice: `mass` is its integral, the rest are moments of the density normalized. */
export function gridInfo({ axes, volume }: Lattice, value: Float64Array, density: Float64Array): Info {
  const { mean: energy, deviation: scatter, total } = weightedMoments(value, density);
  const { deviation } = gridMoments(axes, density);
  const spread = Math.sqrt(deviation.reduce((s, d) => s + d * d, 0) / axes.length);
  return { mass: total * volume, energy, scatter, spread };
}

/** The ask that needs no answer: a step on a lattice with ζ tabulated. */
export function* unasked<T>(value: T): Ask<T> {
  yield* [];
  return value;
}
