/**
 * Spectrum: the lowest levels and states of H = −D∇² + ζ (5)(17)(18), the gap, and how far they can be trusted. Grid
 * and box are chosen for the tolerance where they are not given.
 */
import type { Ask } from "../core/ask.ts";
import { inputError, interruption } from "../core/errors.ts";
import { halting } from "../core/halt.ts";
import type { Potential } from "../core/problem.ts";
import {
  hamiltonian,
  lowest,
  type Room,
  rootWeights,
  type Solution,
  solveSpectrum,
  valuesOn,
} from "../engines/spectrum/index.ts";
import { type Axis, shapeOf } from "../math/dvr.ts";

export type SpectrumOptions = {
  /** D of H = −D∇² + ζ, above 0. */
  readonly D: number;
  /** How many levels, from the lowest; 10 where it is left out. */
  readonly levels?: number | undefined;
  /** Error asked of each level, relative to its height above the least ζ; 1e-10 where it is left out. */
  readonly tolerance?: number | undefined;
  /** Points on each axis (one number for all); chosen for the tolerance where it is left out. */
  readonly grid?: number | readonly number[] | undefined;
  /** Bounds in place of the domain's, one pair for each axis or one for all. An open domain no longer grows then. */
  readonly box?: readonly [number, number] | readonly (readonly [number, number])[] | undefined;
};

export type SpectrumRun = { readonly signal?: AbortSignal | undefined };

export type Spectrum = {
  readonly potential: string;
  readonly D: number;
  /** E_n, ascending, in units of ζ; a degenerate level stands there as often as it counts. */
  readonly levels: readonly number[];
  /** E₁ − E₀; null where one level only was asked. */
  readonly gap: number | null;
  /** The estimated error of each level, in units of ζ. */
  readonly error: readonly number[];
  /** ‖Hφ_n − E_nφ_n‖ */
  readonly residuals: readonly number[];
  /** ⟨−D∇²⟩ in each level; with `potentialPart` it adds up to the level (18). */
  readonly kinetic: readonly number[];
  /** ⟨ζ⟩ in each level. */
  readonly potentialPart: readonly number[];
  /** φ_n at all points of the grid, the last axis running fastest; Σ w φ² = 1 with w the product of the axes' weights. */
  readonly states: readonly Float64Array[];
  readonly grid: SpectrumGrid;
  /** The largest probability, over the levels, in the outer fiftieth of the box where nothing holds the states in. */
  readonly edgeDensity: number;
  /** Evaluations of ζ. */
  readonly evaluations: number;
  readonly warnings: readonly string[];
};

export type SpectrumGrid = {
  readonly axes: readonly Axis[];
  /** Points on each axis. */
  readonly shape: readonly number[];
  /** How many of them all were kept; the states are 0 at the others. */
  readonly kept: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** ζ at all points; Infinity at those left out. */
  readonly zeta: Float64Array;
};

const LEVELS = 10;
const TOLERANCE = 1e-10;
const MOST_AXES = 3;
/** How far an open box may grow, in its own widths at either side. */
const GROWTH = 50;
/** The share of the box at either side that counts as its edge, and the probability there that is worth a word. */
const EDGE = 0.02;
const CUT = 1e-7;

/**
 * The lowest levels and states of a potential in one, two or three dimensions.
 * @throws where D, the number of levels, the grid or the box is of no use, where ζ is not finite on the grid, and where
 * it was stopped
 * @example await spectrum(formula("(x^2 - 1)^2"), { D: 0.5, levels: 10 })
 */
export async function spectrum(
  potential: Potential,
  options: SpectrumOptions,
  run: SpectrumRun = {},
): Promise<Spectrum> {
  return (await solved(potential, options, run)).spectrum;
}

/** φ_n at the points of a product grid of one's own, to the accuracy of the states themselves; 0 beyond the box. */
export function stateOn({ grid, states }: Spectrum, n: number, at: readonly ArrayLike<number>[]): Float64Array {
  if (states[n] === undefined) throw inputError("level", `${n} is not among the ${states.length} found`);
  const kept = Int32Array.from(states[n].keys());
  const root = rootWeights({ axes: grid.axes, kept, zeta: grid.zeta });
  const vectors = states[n].map((value, p) => value * root[p]);
  return valuesOn({ grid: { axes: grid.axes, kept, zeta: grid.zeta }, m: 1, vectors }, at);
}

/** A spectrum together with the solution it was read from. */
async function solved(potential: Potential, options: SpectrumOptions, { signal }: SpectrumRun) {
  const { D, levels = LEVELS, tolerance = TOLERANCE } = options;
  checkNumbers(D, levels, tolerance);
  const dim = potential.domain.lower.length;
  if (dim > MOST_AXES)
    throw inputError(
      potential.name,
      `has ${dim} dimensions where a grid has at most ${MOST_AXES}`,
      "use walkers for the ground state",
    );
  const room = roomOf(potential, options.box);
  const shape = shapeFor(options.grid, dim);
  const solution = await answered(solveSpectrum(room, { D, levels, tolerance, shape }), potential, signal);
  return { solution, spectrum: described(potential, room, solution, D, tolerance) };
}

/** Drives a computation with the potential as the evaluator, until its end or the signal. */
async function answered<T>(ask: Ask<T>, { answer }: Potential, signal: AbortSignal | undefined): Promise<T> {
  const halt = halting(undefined, signal);
  try {
    let step = ask.next();
    while (!step.done) {
      const query = step.value;
      const reply = query.at.n === 0 ? { n: 0 } : await answer(query, halt.signal);
      await halt.breathe();
      if (halt.reason() !== undefined) break;
      step = ask.next(reply);
    }
    if (step.done) return step.value;
  } catch (error) {
    // an evaluator that rejects because it was told to stop has not failed
    if (halt.reason() === undefined) throw error;
  } finally {
    halt.end();
  }
  throw interruption("stopped before the levels were known");
}

function checkNumbers(D: number, levels: number, tolerance: number): void {
  if (!(D > 0 && D < Infinity)) throw inputError("D", `${D} is not a finite number above 0`);
  if (!Number.isSafeInteger(levels) || levels < 1) throw inputError("levels", `${levels} is not a whole number from 1`);
  if (!(tolerance > 0 && tolerance < 1)) throw inputError("tolerance", `${tolerance} is not between 0 and 1`);
}

function shapeFor(grid: SpectrumOptions["grid"], dim: number): readonly number[] | undefined {
  if (grid === undefined) return undefined;
  const shape = typeof grid === "number" ? new Array<number>(dim).fill(grid) : grid;
  if (shape.length !== dim)
    throw inputError("grid", `${shape.join(" × ")} has ${shape.length} axes where ζ has ${dim}`, "give one for each");
  for (const n of shape)
    if (!Number.isSafeInteger(n) || n < 3)
      throw inputError("grid", `${shape.join(" × ")}: ${n} is not a whole number of points from 3 up`);
  return shape;
}

function roomOf({ domain, names }: Potential, box: SpectrumOptions["box"]): Room {
  const dim = domain.lower.length;
  const axes = names ?? Array.from({ length: dim }, (_, j) => `x${j + 1}`);
  const bounds = box === undefined ? undefined : pairs(box, axes);
  const lower = bounds?.map(([low]) => low) ?? Array.from(domain.lower);
  const upper = bounds?.map(([, high]) => high) ?? Array.from(domain.upper);
  const room = domain.edge === "open" && box === undefined ? GROWTH : 0;
  return {
    names: axes,
    edge: domain.edge,
    lower,
    upper,
    least: lower.map((low, j) => low - room * (upper[j] - low)),
    most: upper.map((high, j) => high + room * (high - lower[j])),
  };
}

function pairs(box: NonNullable<SpectrumOptions["box"]>, names: readonly string[]): (readonly [number, number])[] {
  const given = isPair(box) ? names.map(() => box) : box;
  if (given.length !== names.length)
    throw inputError("box", `has ${given.length} axes where ζ has ${names.length}`, "give one pair for each");
  given.forEach(([low, high], j) => {
    if (!(low < high && Number.isFinite(high - low)))
      throw inputError(`box.${names[j]}`, `${low}:${high} is not an interval`, "give a lower and an upper bound");
  });
  return [...given];
}

function isPair(box: NonNullable<SpectrumOptions["box"]>): box is readonly [number, number] {
  return typeof box[0] === "number";
}

function described(potential: Potential, room: Room, solution: Solution, D: number, tolerance: number): Spectrum {
  const { grid, levels } = solution;
  const count = levels.length;
  const size = shapeOf(grid.axes).reduce((a, b) => a * b);
  const zeta = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  grid.kept.forEach((at, p) => {
    zeta[at] = grid.zeta[p];
  });
  const edges = room.edge === "open" ? edgeProbabilities(solution) : new Float64Array(count);
  const edgeDensity = Math.max(...edges);
  const doubts = boxDoubts(solution, edges, D);
  return {
    potential: potential.name,
    D,
    levels: Array.from(levels),
    gap: count > 1 ? levels[1] - levels[0] : null,
    error: Array.from(solution.error, (e, n) => e + doubts[n]),
    residuals: Array.from(solution.residuals),
    ...parts(solution, D),
    states: Array.from({ length: count }, (_, n) => state(solution, n, size)),
    grid: {
      axes: grid.axes,
      shape: shapeOf(grid.axes),
      kept: grid.kept.length,
      lower: solution.box.lower,
      upper: solution.box.upper,
      zeta,
    },
    edgeDensity,
    evaluations: solution.evaluations,
    warnings: warnings(solution, edges, tolerance),
  };
}

/** Kinetic and potential energy of each level. */
function parts({ grid, vectors, m, levels }: Solution, D: number): { kinetic: number[]; potentialPart: number[] } {
  const n = grid.kept.length;
  const image = new Float64Array(n * m);
  hamiltonian(grid, D, true).apply(vectors, image, m, 1, 0, 0);
  const kinetic = Array.from(levels, () => 0);
  const potentialPart = Array.from(levels, () => 0);
  for (let p = 0; p < n; p++)
    for (let v = 0; v < levels.length; v++) {
      kinetic[v] += vectors[p * m + v] * image[p * m + v];
      potentialPart[v] += vectors[p * m + v] ** 2 * grid.zeta[p];
    }
  return { kinetic, potentialPart };
}

/** Level n on the whole grid, positive where it first rises to half its height. */
function state({ grid, vectors, m }: Solution, n: number, size: number): Float64Array {
  const root = rootWeights(grid);
  const values = new Float64Array(size);
  let top = 0;
  grid.kept.forEach((at, p) => {
    values[at] = vectors[p * m + n] / root[p];
    top = Math.max(top, Math.abs(values[at]));
  });
  const first = values.find((v) => Math.abs(v) > 0.5 * top) ?? 1;
  return first < 0 ? values.map((v) => -v) : values;
}

/** The probability of each level in the outer fiftieth of the box, at the ends that it reaches. */
function edgeProbabilities({ grid, vectors, m, levels, box }: Solution): Float64Array {
  const shape = shapeOf(grid.axes);
  const out = new Float64Array(levels.length);
  const isOutside = (j: number, x: number): boolean => {
    const margin = EDGE * (box.upper[j] - box.lower[j]);
    return (box.felt[j][0] && x < box.lower[j] + margin) || (box.felt[j][1] && x > box.upper[j] - margin);
  };
  grid.kept.forEach((at, p) => {
    let rest = at;
    let outside = false;
    for (let j = shape.length - 1; j >= 0; j--) {
      outside ||= isOutside(j, grid.axes[j].x[rest % shape[j]]);
      rest = Math.floor(rest / shape[j]);
    }
    if (outside) for (let v = 0; v < levels.length; v++) out[v] += vectors[p * m + v] ** 2;
  });
  return out;
}

/**
 * What the end of the box may be worth to each level, at most its height: a wall moves it by Dψ′² per length, of which
 * the probability p in the width w beside the wall tells, ψ′² ≈ 3p/w³, and it may have to go by half the box.
 */
function boxDoubts({ levels, grid, box }: Solution, edges: Float64Array, D: number): Float64Array {
  const bottom = lowest(grid.zeta);
  const width = Math.min(...box.lower.map((low, j) => box.upper[j] - low));
  return levels.map((E, n) => Math.min(E - bottom, (1.5 * D * edges[n]) / (EDGE ** 3 * width ** 2)));
}

function warnings({ levels, error, agreed, box }: Solution, edges: Float64Array, tolerance: number): string[] {
  const said: string[] = [];
  const cut = edges.findIndex((share) => share > CUT);
  if (cut >= 0) {
    const size = box.lower.map((low, j) => `${low.toPrecision(4)}:${box.upper[j].toPrecision(4)}`).join(" × ");
    said.push(
      `the box ${size} cuts level ${cut}: ${edges[cut].toExponential(1)} of its probability lies at the edge, so it depends on the box; ask for fewer levels or widen the domain`,
    );
  }
  if (!agreed) {
    const worst = error.reduce((at, e, n) => (e > error[at] ? n : at), 0);
    said.push(
      `level ${worst} (${levels[worst].toPrecision(6)}) is known to ${error[worst].toExponential(1)} only, where a tolerance of ${tolerance} was asked`,
    );
  }
  return said;
}
