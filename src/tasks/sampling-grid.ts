/**
 * Draws from densities on a grid, in one to three dimensions: Born's |ψ|² of the ground state of H, and the stationary law
 * e^{−ζ/D} of Fokker–Planck in the cells of its lattice. Draws are independent; moments are those of the density itself.
 */
import type { Ask } from "../core/ask.ts";
import { inputError } from "../core/errors.ts";
import { cells, type Lattice, latticePoints, tabulate } from "../core/lattice.ts";
import { type Domain, domain, type Points, type Potential } from "../core/problem.ts";
import { fold, key, uniform } from "../math/rng.ts";
import { softmax } from "../math/softmax.ts";
import type { Law, Sampled, SamplingOptions } from "./sampling.ts";
import { spectrum, stateOn } from "./spectrum.ts";

/** What draws from a density on a grid. */
export const GRIDS = ["fokker-planck", "grid"] as const;
export type GridLevel = (typeof GRIDS)[number];

const SAMPLES = 1000;
const MOST_AXES = 3;
/** Cells along each axis, in one, two and three dimensions. */
const CELLS = [4096, 512, 96];
const EDGE = 1e-4;

/**
 * Draws from the exact partner of a level: `grid` the |ψ|² of the ground state, `fokker-planck` the law e^{−ζ/D}.
 * @throws on bad input, and above three dimensions
 */
export async function gridSampling(
  potential: Potential,
  engine: GridLevel,
  { D, n = SAMPLES, seed = 0 }: Pick<SamplingOptions, "D" | "n" | "seed">,
): Promise<Sampled> {
  const dim = potential.domain.lower.length;
  if (dim > MOST_AXES)
    throw inputError(
      potential.name,
      `has ${dim} dimensions where a grid has at most ${MOST_AXES}`,
      "sample it by mala or metropolis",
    );
  const { lattice, weight, evaluations, warnings } =
    engine === "grid" ? await born(potential, D) : await stationary(potential, D);
  const { mean, covariance } = latticeMoments(lattice, weight);
  const law: Law = engine === "grid" ? "|ψ|² of the ground state" : "e^(−ζ/D)";
  return {
    ...{ potential: potential.name, names: potential.names, engine, law, D, seed, dim, n },
    ...{ mean, mcse: mean.map(() => 0), covariance, covarianceError: null },
    ...{ acceptance: 1, ess: mean.map(() => n), autocorrelation: mean.map(() => 1), rhat: mean.map(() => null) },
    ...{ samples: drawn(lattice, weight, n, seed), warnings, evaluations, stop: "schedule ended" },
  };
}

/** Cells of a picture along each axis. */
const DRAWN = [400, 90];

/**
 * The exact density of what was sampled, over intervals in one or two dimensions, for pictures; undefined where ζ is not
 * finite there.
 */
export async function exactDensity(
  potential: Potential,
  { law, D }: Pick<Sampled, "law" | "D">,
  reach: readonly (readonly [number, number])[],
): Promise<{ readonly axes: readonly Float64Array[]; readonly density: Float64Array } | undefined> {
  const { lower, upper, edge } = potential.domain;
  const clip = (v: number, j: number): number => (edge === "open" ? v : Math.min(upper[j], Math.max(lower[j], v)));
  const box = domain(
    reach.map(([low], j) => clip(low, j)),
    reach.map(([, high], j) => clip(high, j)),
    edge === "periodic" ? "open" : edge,
  );
  const lattice = cells(
    box,
    reach.map(() => DRAWN[reach.length - 1]),
  );
  const at = latticePoints(lattice);
  let weight = new Float64Array(lattice.size);
  if (law === "e^(−ζ/D)") {
    const { value } = await potential.answer({ kind: "value", at });
    if (value === undefined || !value.some(Number.isFinite)) return undefined;
    softmax(
      value.map((v) => (Number.isFinite(v) ? -v / D : Number.NEGATIVE_INFINITY)),
      weight,
    );
  } else {
    weight = stateOn(await spectrum(potential, { D, levels: 1 }), 0, lattice.axes).map((v) => v * v);
  }
  const total = weight.reduce((a, b) => a + b, 0) * lattice.volume;
  return { axes: lattice.axes, density: weight.map((w) => w / total) };
}

type Held = {
  readonly lattice: Lattice;
  /** The probability of each cell. */
  readonly weight: Float64Array;
  readonly evaluations: number;
  readonly warnings: readonly string[];
};

/** φ₀ on cells over the box that the spectrum has chosen. */
export async function groundState(potential: Potential, D: number) {
  const found = await spectrum(potential, { D, levels: 1 });
  const box = domain(found.grid.lower, found.grid.upper, potential.domain.edge);
  const lattice = cells(box, shapeOf(box));
  return { ...found, lattice, amplitude: stateOn(found, 0, lattice.axes) };
}

/** |φ₀|² on them. */
async function born(potential: Potential, D: number): Promise<Held> {
  const { lattice, amplitude, evaluations, warnings } = await groundState(potential, D);
  return {
    lattice,
    weight: shares(amplitude.map((v) => v * v)),
    evaluations,
    warnings,
  };
}

/** Weights as probabilities. */
export function shares(weight: Float64Array): Float64Array {
  const total = weight.reduce((a, b) => a + b, 0);
  return weight.map((w) => w / total);
}

/** e^{−ζ/D} on cells over the domain: what Fokker–Planck leaves as it is, on any lattice. */
export async function stationary(potential: Potential, D: number): Promise<Held & { readonly zeta: Float64Array }> {
  const lattice = cells(potential.domain, shapeOf(potential.domain));
  const { value } = await answered(tabulate(lattice), potential);
  const weight = new Float64Array(value.length);
  softmax(
    value.map((v) => -v / D),
    weight,
  );
  const cut = potential.domain.edge === "open" ? edgeShare(lattice, weight) : 0;
  const warnings =
    cut > EDGE
      ? [`the domain cuts the law: ${cut.toExponential(1)} of it lies in the outermost cells; widen --domain`]
      : [];
  return { lattice, weight, zeta: value, evaluations: value.length, warnings };
}

async function answered<T>(ask: Ask<T>, { answer }: Potential): Promise<T> {
  let step = ask.next();
  while (!step.done) step = ask.next(await answer(step.value));
  return step.value;
}

function shapeOf({ lower }: Domain): number[] {
  return new Array<number>(lower.length).fill(CELLS[lower.length - 1]);
}

/** The index of a cell along axis j. */
function along({ stride, shape }: Lattice, cell: number, j: number): number {
  return Math.floor(cell / stride[j]) % shape[j];
}

function edgeShare(lattice: Lattice, weight: Float64Array): number {
  let share = 0;
  weight.forEach((w, cell) => {
    const isOuter = lattice.shape.some((n, j) => {
      const i = along(lattice, cell, j);
      return i === 0 || i === n - 1;
    });
    if (isOuter) share += w;
  });
  return share;
}

export function latticeMoments(lattice: Lattice, weight: Float64Array): { mean: number[]; covariance: number[][] } {
  const dim = lattice.shape.length;
  const { x } = latticePoints(lattice);
  const mean = new Array<number>(dim).fill(0);
  weight.forEach((w, cell) => {
    for (let j = 0; j < dim; j++) mean[j] += w * x[cell * dim + j];
  });
  const covariance = mean.map(() => new Array<number>(dim).fill(0));
  weight.forEach((w, cell) => {
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++)
        covariance[i][j] += w * (x[cell * dim + i] - mean[i]) * (x[cell * dim + j] - mean[j]);
  });
  return { mean, covariance };
}

/** n independent draws: a cell by its probability, a uniform point within it. */
function drawn(lattice: Lattice, weight: Float64Array, n: number, seed: number): Points {
  const dim = lattice.shape.length;
  const sums = new Float64Array(weight.length);
  let total = 0;
  weight.forEach((w, cell) => {
    total += w;
    sums[cell] = total;
  });
  const [which, where] = [fold(key(seed), 0), fold(key(seed), 1)];
  const x = new Float64Array(n * dim);
  for (let i = 0; i < n; i++) {
    const cell = firstAbove(sums, total * uniform(which, i));
    for (let j = 0; j < dim; j++) {
      const center = lattice.axes[j][along(lattice, cell, j)];
      x[i * dim + j] = center + lattice.spacing[j] * (uniform(where, i * dim + j) - 0.5);
    }
  }
  return { n, dim, x };
}

/** The first place whose value is above v. */
function firstAbove(sorted: Float64Array, v: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > v) high = middle;
    else low = middle + 1;
  }
  return low;
}
