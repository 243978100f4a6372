/**
 * The grid of a spectrum: which kind of axis, how wide, how dense, and which points of it matter. The box grows until
 * it holds all that lies within Agmon's distance S of the states (reach.ts), or ends at a bound; the spacing follows
 * from the same S in momentum space.
 */
import { type Ask, askValue } from "../../core/ask.ts";
import { inputError } from "../../core/errors.ts";
import type { Domain } from "../../core/problem.ts";
import { type Axis, ringAxis, shapeOf, sincAxis, strides, wallAxis } from "../../math/dvr.ts";
import type { Grid } from "./hamiltonian.ts";
import { agmonDistance, lowest, type Table } from "./reach.ts";

/** Where the states are looked for. */
export type Room = {
  readonly names: readonly string[];
  readonly edge: Domain["edge"];
  /** The box to begin with. */
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** The farthest that the box may grow; the box itself where it may not. */
  readonly least: ArrayLike<number>;
  readonly most: ArrayLike<number>;
};

/** A box, and at which of its ends the states reach a bound, so that it acts as a wall: [at the lower, at the upper]. */
export type Box = {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly felt: readonly (readonly [boolean, boolean])[];
};

/** ζ over a box, for states up to an energy, and Agmon's distance from where they are allowed to be. */
export type Layout = {
  readonly box: Box;
  readonly axes: readonly Axis[];
  readonly zeta: Float64Array;
  readonly energy: number;
  readonly distance: Float64Array;
  /** The distance up to which points are kept. */
  readonly limit: number;
};

export type Cover = {
  readonly D: number;
  /** How many points an axis of the given kind and width gets. */
  readonly count: (j: number, width: number, kind: "ring" | "walls" | "line") => number;
  /** The energy of the highest state, which may depend on ζ over the box. */
  readonly energy: (table: Table) => number;
  readonly limit: number;
};

/** Points of the whole grid; above it ζ alone would take more memory than is worth it. */
const MOST_POINTS = 2 ** 24;
const REAL = 8;
/** Points, by dimension, up to which a box that the states do not fit into is made larger. */
const WORTHWHILE = [600, 30_000, 60_000];
const GROWTH = 0.1;
/** ζ rises at an end where the last eighth adds this share to its height there; 1/r does not, log r does. */
const RISING = 0.05;

/**
 * A grid over the box, which grows where the states reach beyond it.
 * @throws where ζ is not finite, naming the point, and where the grid would be too large
 */
export function* cover(room: Room, from: Pick<Box, "lower" | "upper">, spec: Cover): Ask<Layout> {
  const ring = room.edge === "periodic";
  let box: Box = { ...from, felt: from.lower.map(() => [ring, ring]) };
  for (;;) {
    const axes = box.lower.map((_, j) => axisOf(room, box, j, spec.count));
    const zeta = yield* tabulate(room, axes);
    const energy = spec.energy({ axes, zeta });
    const distance = agmonDistance({ axes, zeta }, energy, spec.D, spec.limit, ring);
    const layout = { box, axes, zeta, energy, distance, limit: spec.limit };
    const larger = grown(room, layout, spec.D);
    if (larger === undefined) return layout;
    box = larger;
  }
}

/** The box that just holds what is kept, but for the ends at which it is felt. */
export function trimmed({ box, axes, distance, limit }: Layout): Box {
  const ends = extents(axes, (p) => distance[p] <= limit);
  const end = (j: number, side: 0 | 1, bound: number): number => {
    if (box.felt[j][side]) return bound;
    const { x, weight } = axes[j];
    const at = ends[j][side];
    const beyond = x[at] + (side === 0 ? -0.5 : 0.5) * weight[at];
    return side === 0 ? Math.max(bound, beyond) : Math.min(bound, beyond);
  };
  return { ...box, lower: box.lower.map((b, j) => end(j, 0, b)), upper: box.upper.map((b, j) => end(j, 1, b)) };
}

/** Without the ends of its lines that nothing reaches. */
export function cropped(layout: Layout): Layout {
  const { axes, zeta, distance, limit } = layout;
  const ends = extents(axes, (p) => distance[p] <= limit);
  const crops = axes.map(({ x }, j) => (isLine(layout, j) ? ends[j] : [0, x.length - 1]));
  const stride = strides(shapeOf(axes));
  const shape = crops.map(([first, last]) => last - first + 1);
  const inner = strides(shape);
  const origin = stride.reduce((at, step, j) => at + step * crops[j][0], 0);
  const from = Int32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, p) =>
    stride.reduce((at, step, j) => at + step * (Math.floor(p / inner[j]) % shape[j]), origin),
  );
  const inside = axes.map((axis, j) =>
    isLine(layout, j) ? sincAxis(axis.x[crops[j][0]], axis.weight[0], shape[j]) : axis,
  );
  return {
    ...layout,
    box: trimmed(layout),
    axes: inside,
    zeta: Float64Array.from(from, (p) => zeta[p]),
    distance: Float64Array.from(from, (p) => distance[p]),
  };
}

/** The points within the limit. */
export function gridOf({ axes, zeta, distance, limit }: Layout): Grid {
  const kept: number[] = [];
  for (let p = 0; p < distance.length; p++) if (distance[p] <= limit) kept.push(p);
  return { axes, kept: Int32Array.from(kept), zeta: Float64Array.from(kept, (p) => zeta[p]) };
}

/**
 * The spacing of each axis that holds the momenta of the states up to the same decay e^{−S}: as in an oscillator with
 * the momentum p₀ = √((E − min ζ)/D) and the half-width x₀ of the widest well of {ζ ≤ E},
 * S = (x₀/p₀) ∫ √(p² − p₀²) dp from p₀ to π/h.
 */
export function spacings({ axes, zeta }: Table, energy: number, D: number, S: number): number[] {
  const bottom = lowest(zeta);
  const E = Math.max(energy, bottom);
  return axes.map((_, j) => {
    // a well with long tails is as wide as an oscillator with its width at half the energy
    const [whole, half] = [E, 0.5 * (E + bottom)].map((top) => widestRun(axes, j, (p) => zeta[p] <= top));
    const width = Math.min(whole, Math.SQRT2 * half);
    const p0 = Math.max(Math.sqrt((E - bottom) / D), 1 / width);
    // ∫ √(p² − p₀²) dp = p₀² (sinh 2u − 2u) / 4 with p = p₀ cosh u
    const action = (u: number): number => 0.125 * width * p0 * (Math.sinh(2 * u) - 2 * u);
    let u = 0;
    for (let step = 1; step > 1e-3; ) {
      if (action(u + step) < S) u += step;
      else step /= 2;
    }
    return Math.PI / (p0 * Math.cosh(u));
  });
}

/** Points that a well needs on each axis, where the states are allowed to be, to be seen as it is. */
const SEEN = 4;

/** Whether the widest well holds enough points for its bottom to be told from its flanks. */
export function isSeen({ axes, zeta, energy }: Layout): boolean {
  return axes.every(({ weight }, j) => {
    // between walls points lie farthest apart in the middle
    const spacing = weight[Math.floor(weight.length / 2)];
    return widestRun(axes, j, (p) => zeta[p] <= energy) >= (SEEN - 0.5) * spacing;
  });
}

/** The width of the longest run of points on a line of axis j that qualify. */
function widestRun(axes: readonly Axis[], j: number, qualifies: (p: number) => boolean): number {
  const shape = shapeOf(axes);
  const stride = strides(shape)[j];
  const { x, weight } = axes[j];
  const size = shape.reduce((a, b) => a * b);
  let widest = 0;
  for (let base = 0; base < size; base++) {
    if (Math.floor(base / stride) % shape[j] !== 0) continue;
    let first = -1;
    for (let i = 0; i <= shape[j]; i++) {
      const inside = i < shape[j] && qualifies(base + i * stride);
      if (inside && first < 0) first = i;
      if (inside || first < 0) continue;
      widest = Math.max(widest, x[i - 1] - x[first] + weight[first]);
      first = -1;
    }
  }
  return widest;
}

/** The first and the last index, on each axis, of the points that qualify. */
function extents(axes: readonly Axis[], qualifies: (p: number) => boolean): [number, number][] {
  const shape = shapeOf(axes);
  const stride = strides(shape);
  const ends = shape.map((n): [number, number] => [n - 1, 0]);
  const size = shape.reduce((a, b) => a * b);
  for (let p = 0; p < size; p++) {
    if (!qualifies(p)) continue;
    for (let j = 0; j < shape.length; j++) {
      const c = Math.floor(p / stride[j]) % shape[j];
      if (c < ends[j][0]) ends[j][0] = c;
      if (c > ends[j][1]) ends[j][1] = c;
    }
  }
  return ends;
}

const isLine = ({ box }: Layout, j: number): boolean => !box.felt[j][0] && !box.felt[j][1];

function axisOf(room: Room, { lower, upper, felt }: Box, j: number, count: Cover["count"]): Axis {
  const width = upper[j] - lower[j];
  const kind = room.edge === "periodic" ? "ring" : felt[j][0] || felt[j][1] ? "walls" : "line";
  const n = count(j, width, kind);
  // an axis alone may be more than a grid can be, where D is next to nothing
  if (!(n <= MOST_POINTS)) throw tooLarge(`${n}`, REAL * n);
  if (kind === "ring") return ringAxis(lower[j], upper[j], n);
  if (kind === "walls") return wallAxis(lower[j], upper[j], n);
  // the centers of cells: a point never lies on a bound, where ζ need not be finite
  return sincAxis(lower[j] + (0.5 * width) / n, width / n, n);
}

/** A wider box where points within the limit lie at an end, or one where that end is felt; undefined where all fits. */
function grown(room: Room, layout: Layout, D: number): Box | undefined {
  const { box, axes, energy, distance, limit } = layout;
  const low = [...box.lower];
  const high = [...box.upper];
  const felt = box.felt.map(([a, b]): [boolean, boolean] => [a, b]);
  const may = worthwhile(layout, spacings(layout, energy, D, limit));
  let changed = false;
  extents(axes, (p) => distance[p] <= limit).forEach(([first, last], j) => {
    const step = GROWTH * (box.upper[j] - box.lower[j]);
    if (first === 0 && !felt[j][0]) {
      if (low[j] > room.least[j] && leads(room, layout, j, 0, may)) low[j] = Math.max(room.least[j], low[j] - step);
      else felt[j][0] = true;
      changed = true;
    }
    if (last === axes[j].x.length - 1 && !felt[j][1]) {
      if (high[j] < room.most[j] && leads(room, layout, j, 1, may)) high[j] = Math.min(room.most[j], high[j] + step);
      else felt[j][1] = true;
      changed = true;
    }
  });
  return changed ? { lower: low, upper: high, felt } : undefined;
}

/**
 * Whether there is an end to growing at that end of axis j: surely within the room, where the box was only cut to what
 * seemed to matter, where the states are forbidden there already, and where ζ rises. Where ζ is flat the states belong to no well; the box goes on for one width of the room, to show it.
 */
function leads(room: Room, { box, axes, zeta, energy }: Layout, j: number, side: 0 | 1, worthwhile: boolean): boolean {
  const far = side === 0 ? room.lower[j] - box.lower[j] : box.upper[j] - room.upper[j];
  if (far < 0) return true;
  const n = axes[j].x.length;
  const [face, inside] = [0, Math.ceil(n / 8)].map((i) => lowestAt({ axes, zeta }, j, side === 0 ? i : n - 1 - i));
  if (face > energy) return true;
  const bottom = lowest(zeta);
  const width = room.upper[j] - room.lower[j];
  return worthwhile && (far < width || face - inside > RISING * (face - bottom));
}

/** The least ζ among the points with index i on axis j. */
function lowestAt({ axes, zeta }: Table, j: number, i: number): number {
  const shape = shapeOf(axes);
  const stride = strides(shape)[j];
  let least = Number.POSITIVE_INFINITY;
  for (let p = 0; p < zeta.length; p++) if (Math.floor(p / stride) % shape[j] === i) least = Math.min(least, zeta[p]);
  return least;
}

/** Whether a somewhat wider box would still be solved in good time. */
function worthwhile({ box }: Layout, spacing: readonly number[]): boolean {
  const points = spacing.reduce((n, h, j) => n * Math.max(1, (box.upper[j] - box.lower[j]) / h), 1);
  return points < WORTHWHILE[spacing.length - 1];
}

/**
 * Refuses a ζ that falls and falls: an open box has grown as far as it may, and ζ is lowest at an end of it.
 * @throws naming the point
 */
export function refuseEndlessFall({ names, least, lower }: Room, { axes, zeta, box }: Layout): void {
  if (names.every((_, j) => !(least[j] < lower[j]))) return;
  const shape = shapeOf(axes);
  const stride = strides(shape);
  const index = (p: number, j: number): number => Math.floor(p / stride[j]) % shape[j];
  let inside = Number.POSITIVE_INFINITY;
  let outside = Number.POSITIVE_INFINITY;
  let where = 0;
  for (let p = 0; p < zeta.length; p++) {
    const atEnd = shape.some(
      (n, j) => (box.felt[j][0] && index(p, j) === 0) || (box.felt[j][1] && index(p, j) === n - 1),
    );
    if (!atEnd) inside = Math.min(inside, zeta[p]);
    else if (zeta[p] < outside) {
      outside = zeta[p];
      where = p;
    }
  }
  if (!(outside < inside)) return;
  throw inputError(
    "potential",
    `ζ is lowest (${outside.toPrecision(3)}) at the end of the box, at ${placeOf(names, axes, where)}, and falls on`,
    "it has no ground state there; give a box or a domain with walls",
  );
}

/** How far below the grid before ζ may be found, in heights of the highest state. */
const HOLE = 1000;

/**
 * Refuses a ζ of which a finer grid shows a far lower place, where no state can be resolved.
 * @param before the least ζ of the grid before
 * @throws naming the point
 */
export function refuseHole({ names }: Room, { axes, zeta, energy }: Layout, before: number): void {
  const least = lowest(zeta);
  if (!(before - least > HOLE * Math.max(energy - before, 0))) return;
  throw inputError(
    "potential",
    `ζ falls from ${before.toPrecision(3)} to ${least.toPrecision(3)} as the grid is refined, at ${placeOf(names, axes, zeta.indexOf(least))}`,
    "a pole, or a well too narrow at this D: give a domain without it or close around it, or a larger D",
  );
}

/** The coordinates of a point, by name. */
function placeOf(names: readonly string[], axes: readonly Axis[], p: number): string {
  const shape = shapeOf(axes);
  const stride = strides(shape);
  return names
    .map((name, j) => `${name} = ${axes[j].x[Math.floor(p / stride[j]) % shape[j]].toPrecision(3)}`)
    .join(", ");
}

/** ζ at all points of a product grid. */
function* tabulate(room: Room, axes: readonly Axis[]): Ask<Float64Array> {
  const shape = shapeOf(axes);
  const stride = strides(shape);
  const dim = shape.length;
  const size = shape.reduce((a, b) => a * b);
  if (size > MOST_POINTS) throw tooLarge(shape.join(" × "), size * 8 * (dim + 2));
  const x = new Float64Array(size * dim);
  for (let j = 0; j < dim; j++)
    for (let p = 0; p < size; p++) x[p * dim + j] = axes[j].x[Math.floor(p / stride[j]) % shape[j]];
  const zeta = yield* askValue({ n: size, dim, x });
  for (let p = 0; p < size; p++)
    if (!Number.isFinite(zeta[p])) {
      const at = room.names.map((name, j) => `${name} = ${x[p * dim + j]}`).join(", ");
      throw inputError(
        "potential",
        `ζ is ${zeta[p]} at ${at}`,
        "give a domain on which it is finite, with walls or a box",
      );
    }
  return zeta;
}

export function tooLarge(grid: string, bytes: number) {
  return inputError(
    "grid",
    `${grid} points would take ${(bytes / 2 ** 30).toPrecision(3)} GiB`,
    "take fewer points or levels, a smaller domain or a larger D",
  );
}
