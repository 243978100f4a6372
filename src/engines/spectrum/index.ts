/**
 * The exact spectrum: the lowest levels and states of H = −D∇² + ζ (17)(18) in one, two and three dimensions. Grids of
 * rising resolution (layout.ts) are solved one after another, each from the states of the last, until the levels agree.
 */
import { type Ask, pause } from "../../core/ask.ts";
import { inputError } from "../../core/errors.ts";
import { pointWeights, shapeOf, strides } from "../../math/dvr.ts";
import { type Block, lowestFiltered, randomBlock } from "../../math/filter.ts";
import { lowestSymmetric } from "../../math/lowest.ts";
import { sum } from "../../math/sum.ts";
import { type Grid, hamiltonian } from "./hamiltonian.ts";
import {
  type Box,
  type Cover,
  cover,
  cropped,
  gridOf,
  isSeen,
  type Layout,
  type Room,
  refuseEndlessFall,
  refuseHole,
  spacings,
  tooLarge,
  trimmed,
} from "./layout.ts";
import { prolong, type States } from "./prolong.ts";
import { lowest, type Table, weylEnergy } from "./reach.ts";

export { type Grid, hamiltonian } from "./hamiltonian.ts";
export type { Room } from "./layout.ts";
export { rootWeights, type States, valuesOn } from "./prolong.ts";
export { lowest } from "./reach.ts";

export type Question = {
  readonly D: number;
  readonly levels: number;
  /** Each level's error asked, relative to its height above the least ζ. */
  readonly tolerance: number;
  /** Points on each axis, where they are given. */
  readonly shape?: readonly number[] | undefined;
};

export type Solution = States & {
  readonly levels: Float64Array;
  /** The estimated error of each level, in units of ζ. */
  readonly error: Float64Array;
  /** By how much each level moved in the last refinement, and that beside the refinement before. */
  readonly steps: Float64Array;
  readonly ratios: Float64Array;
  /** ‖Hφ − Eφ‖ of each. */
  readonly residuals: Float64Array;
  readonly box: Box;
  /** Whether the levels agree to the tolerance. */
  readonly agreed: boolean;
  /** Evaluations of ζ. */
  readonly evaluations: number;
};

/** Points of the first look at ζ, per axis, in one, two and three dimensions; and of a closer one, in all, at most. */
const PROBE = [128, 40, 20];
const CLOSEST = 2 ** 18;
/** Points, by dimension, that the first stage keeps at most, unless there are many levels. */
const COARSE = [256, 1600, 8000];
/** Most levels, by dimension, for which a grid is chosen: for more there is no room, or no time, to refine one. */
const MOST_LEVELS = [400, 2000, 2000];
/** What the first stage keeps: of Agmon's distance, and of the momenta that belong to the rest of it. */
const FIRST = { reach: 0.55, momentum: 0.8 };
const SECOND = { reach: 1, momentum: 1 };
/** Every later stage has momenta higher by this factor and reaches farther by this much, up to a most. */
const FINER = 1.15;
const FARTHER = 0.06;
const FARTHEST = 1.6;
const EPSILON = 2 ** -52;
/** Points, by dimension, beyond which no grid is refined unless it was asked for. */
const LONG = [1200, 60_000, 100_000];
/** What a dense matrix and its copy, and a block of states and its two companions may take, in bytes. */
const MOST_DENSE = 2 ** 28;
const MOST_BLOCK = 2 ** 31;

/**
 * The lowest levels of −D∇² + ζ and their states.
 * @throws where ζ is not finite on the grid, a grid given has fewer points than levels or is too large
 */
export function* solveSpectrum(room: Room, question: Question): Ask<Solution> {
  return question.shape === undefined ? yield* refine(room, question) : yield* onGiven(room, question, question.shape);
}

/** S with e^{−2S} well below the tolerance. */
const reachFor = (tolerance: number): number => 0.5 * Math.log(1 / tolerance) + 1;

/** The residual asked of a state, relative to its height above the least ζ: a level is off by its square. */
const accuracyFor = (tolerance: number): number => 0.03 * Math.sqrt(tolerance);

/** Levels that moved by more than this share of the step before creep, as where ζ has a kink. */
const CREEPING = 0.3;

/** No residual need be smaller than is worth beside the error that the next grid leaves. */
function accuracyBeside({ levels, error, ratios, grid }: Solution, tolerance: number): number {
  const bottom = lowest(grid.zeta);
  const left = Math.min(...error.map((e, n) => (ratios[n] > CREEPING ? ratios[n] * e : 0) / (levels[n] - bottom)));
  return Math.max(accuracyFor(tolerance), accuracyFor(Math.min(1, left)));
}

function* refine(room: Room, question: Question): Ask<Solution> {
  const { D, levels, tolerance } = question;
  const most = MOST_LEVELS[room.names.length - 1];
  if (levels > most)
    throw inputError(
      "levels",
      `${levels} are more than the ${most} for which a grid is chosen`,
      "ask for fewer, or give the points of the grid",
    );
  const S = reachFor(tolerance);
  let layout = yield* probe(room, question, FIRST.reach * S);
  let evaluations = layout.zeta.length;
  let stage = FIRST;
  let last: Solution | undefined;
  for (;;) {
    const energy = last === undefined ? layout.energy : last.levels[levels - 1];
    const limit = stage.reach * S;
    const wanted = spacings(layout, energy, D, limit).map((h) => h / stage.momentum);
    const spacing = stage === FIRST ? coarsened(layout, wanted, levels) : wanted;
    const bottom = lowest(layout.zeta);
    layout = cropped(yield* cover(room, trimmed(layout), { D, count: countFor(spacing), energy: () => energy, limit }));
    refuseHole(room, layout, bottom);
    evaluations += layout.zeta.length;
    const grid = gridOf(layout);
    const { length } = grid.kept;
    if (last !== undefined && (isLong(grid) || isTooLarge(length, grid.axes.length, levels))) return last;
    if (isTooLarge(length, grid.axes.length, levels))
      throw tooLarge(`${length}`, bytesOf(length, grid.axes.length, levels));
    if (grid.kept.length >= 2 * levels) {
      const found = yield* solve(grid, question, last, last === undefined ? 1e-3 : accuracyBeside(last, tolerance));
      last = finished(layout, grid, question, found, last, evaluations);
      if (last.agreed) return last;
    }
    stage = stage === FIRST ? SECOND : next(stage);
  }
}

/** Wider spacings where more points would be kept than a first stage, whose energy is a guess, is worth. */
function coarsened({ axes, distance, limit }: Layout, spacing: readonly number[], levels: number): number[] {
  const dim = axes.length;
  const kept = sum(pointWeights(axes).map((weight, p) => (distance[p] <= limit ? weight : 0)));
  const points = spacing.reduce((n, h) => n / h, kept);
  const factor = Math.max(1, points / Math.max(COARSE[dim - 1], 4 * levels)) ** (1 / dim);
  return spacing.map((h) => factor * h);
}

function next({ reach, momentum }: typeof FIRST): typeof FIRST {
  return { reach: Math.min(FARTHEST, reach + FARTHER), momentum: FINER * momentum };
}

/** A first look: a coarse grid over the box, grown to hold what Weyl's estimate says; finer where it misses the wells. */
function* probe(room: Room, { D, levels }: Question, limit: number): Ask<Layout> {
  const dim = room.names.length;
  const energy = (table: Table): number => weylEnergy(table, D, levels);
  const box = { lower: Array.from(room.lower), upper: Array.from(room.upper) };
  for (let n = PROBE[dim - 1]; ; n *= 2) {
    const layout = yield* cover(room, box, { D, count: () => n, energy, limit });
    refuseEndlessFall(room, layout);
    if (isSeen(layout) || (2 * n) ** dim > CLOSEST) return layout;
  }
}

/** Points on an axis at a spacing; polynomials between walls lie π/2 times as far apart in their middle. */
function countFor(spacing: readonly number[]): Cover["count"] {
  return (j, width, kind) => {
    const n = Math.ceil(width / spacing[j]);
    if (kind === "walls") return Math.ceil((Math.PI / 2) * n) + 6;
    return kind === "ring" ? n + 1 - (n % 2) : Math.max(n, 4);
  };
}

/** The grid that was asked for; its error is how far a finer one moves the levels. */
function* onGiven(room: Room, question: Question, shape: readonly number[]): Ask<Solution> {
  const { D, levels, tolerance } = question;
  const S = reachFor(tolerance);
  const size = shape.reduce((a, b) => a * b);
  if (levels > size)
    throw inputError("levels", `${levels} are more than the ${size} points of the grid`, "ask for fewer levels");
  if (isTooLarge(size, shape.length, levels)) throw tooLarge(shape.join(" × "), bytesOf(size, shape.length, levels));
  const first = yield* probe(room, question, S);
  const spec = (count: Cover["count"]): Cover => ({ D, count, energy: () => first.energy, limit: S });
  const given = yield* cover(
    room,
    trimmed(first),
    spec((j) => shape[j]),
  );
  const grid = whole(given);
  const found = yield* solve(grid, question, undefined, accuracyFor(tolerance));
  const solution = finished(given, grid, question, found, undefined, first.zeta.length + size);
  const finer = yield* cover(
    room,
    given.box,
    spec((j) => Math.ceil(1.3 * shape[j]) + 1),
  );
  const fine = whole(finer);
  const check = yield* solve(fine, question, solution, accuracyFor(tolerance));
  const error = solution.levels.map((E, n) => Math.abs(E - check.values[n]) + unconverged(found, n, levels));
  return {
    ...solution,
    error,
    agreed: error.every((e, n) => e <= tolerance * (solution.levels[n] - lowest(grid.zeta))),
    evaluations: solution.evaluations + finer.zeta.length,
  };
}

/** All points of a layout, however far. */
function whole({ axes, zeta }: Layout): Grid {
  return { axes, kept: Int32Array.from(zeta.keys()), zeta };
}

const guards = (levels: number): number => Math.max(4, Math.ceil(0.3 * levels));
const isDense = (points: number, dim: number, levels: number): boolean =>
  dim === 1 || points < 4 * (levels + guards(levels));
const bytesOf = (points: number, dim: number, levels: number): number =>
  8 * points * (isDense(points, dim, levels) ? 2 * points : 3 * (levels + guards(levels)));
const isTooLarge = (points: number, dim: number, levels: number): boolean =>
  bytesOf(points, dim, levels) > (isDense(points, dim, levels) ? MOST_DENSE : MOST_BLOCK);
/** Whether one more refinement would take unduly long. */
const isLong = ({ axes, kept }: Grid): boolean => kept.length > LONG[axes.length - 1];

/** The lowest states on a grid: dense in one dimension, by filtering from the last stage's states in more. */
function* solve(grid: Grid, { D, levels }: Question, last: Solution | undefined, accuracy: number): Ask<Block> {
  yield* pause();
  const h = hamiltonian(grid, D);
  if (isDense(h.n, grid.axes.length, levels)) return dense(grid, D, levels);
  const m = levels + guards(levels);
  const bottom = lowest(grid.zeta);
  const start = last === undefined || last.m !== m ? randomBlock(h.n, m, h.n) : prolong(last, grid);
  const accuracyOf = (theta: number): number => accuracy * Math.max(theta - bottom, EPSILON * h.top);
  const work = lowestFiltered(h, levels, m, start, accuracyOf);
  let step = work.next();
  for (; !step.done; step = work.next()) yield* pause();
  return step.value;
}

function dense(grid: Grid, D: number, k: number): Block {
  const n = grid.kept.length;
  const values = new Float64Array(k);
  const rows = new Float64Array(k * n);
  lowestSymmetric(denseMatrix(grid, D), n, k, values, rows);
  const vectors = rows.map((_, e) => rows[(e % k) * n + Math.floor(e / k)]);
  const image = new Float64Array(n * k);
  hamiltonian(grid, D).apply(vectors, image, k, 1, 0, 0);
  const squares = new Float64Array(k);
  image.forEach((v, e) => {
    squares[e % k] += (v - values[e % k] * vectors[e]) ** 2;
  });
  return { m: k, values, vectors, residuals: squares.map(Math.sqrt), products: n };
}

/** H between the kept points, its lower triangle. */
function denseMatrix(grid: Grid, D: number): Float64Array {
  const { axes, kept, zeta } = grid;
  const shape = shapeOf(axes);
  const stride = strides(shape);
  const n = kept.length;
  const matrix = new Float64Array(n * n);
  const at = shape.map((size, j) => kept.map((p) => Math.floor(p / stride[j]) % size));
  for (let p = 0; p < n; p++) {
    for (let q = 0; q <= p; q++)
      for (let j = 0; j < shape.length; j++)
        if (kept[p] - kept[q] === (at[j][p] - at[j][q]) * stride[j])
          matrix[p * n + q] += D * axes[j].kinetic(at[j][p], at[j][q]);
    matrix[p * n + p] += zeta[p];
  }
  return matrix;
}

function finished(
  { box }: Layout,
  grid: Grid,
  { D, levels, tolerance }: Question,
  found: Block,
  last: Solution | undefined,
  evaluations: number,
): Solution {
  const values = found.values.slice(0, levels);
  const bottom = lowest(grid.zeta);
  const { top } = hamiltonian(grid, D);
  const rounding = 4 * EPSILON * Math.max(top, Math.abs(bottom));
  const steps = values.map((E, n) => (last === undefined ? Number.POSITIVE_INFINITY : Math.abs(E - last.levels[n])));
  const ratios = steps.map((step, n) => (last === undefined ? 0 : Math.min(0.9, step / last.steps[n])));
  const error = steps.map((step, n) => {
    // where ζ has a kink the levels creep: what is still to come is a geometric series of such steps
    const ratio = Math.max(ratios[n], last?.ratios[n] ?? 0);
    return step * Math.max(1, ratio / (1 - ratio)) + unconverged(found, n, levels) + rounding;
  });
  // errors of either sign may cancel by chance: no level is known better than one below it
  for (let n = 1; n < levels; n++) error[n] = Math.max(error[n], error[n - 1]);
  return {
    grid,
    m: found.m,
    vectors: found.vectors,
    levels: values,
    error,
    steps,
    ratios,
    residuals: found.residuals.slice(0, levels),
    box,
    agreed: error.every((e, n) => e <= tolerance * (values[n] - bottom) + 2 * rounding),
    evaluations,
  };
}

/** What a residual r may be worth, r² over the distance to the levels not in the block, of which the last is a guess. */
function unconverged({ m, values, residuals }: Block, n: number, levels: number): number {
  if (m === levels) return 0;
  return (4 * residuals[n] ** 2) / Math.max(values[m - 1] - values[n], residuals[n]);
}
