/**
 * The bowl in noisy values: the harmonic step (2-order Taylor) under noise. One value tells a point from its neighbors
 * by the noise alone; all values about a center together tell where the bottom is, which no race of points does.
 *
 *   ζ(c + R u) ≈ f + g·u + ½ uᵀHu   over the region |u| ≤ 1
 *
 * by least squares over what was seen there, whoever asked for it, and over looks spread evenly about the center. The
 * region begins as wide as the box. It shrinks where the values tell that they are no quadratic, by more than noise or
 * by a cubic that would shift the bottom (math/local.ts), and where ζ has no value in a part of it; it grows where they do
 * not, and takes the shape of the bowl, so that ζ rises alike along its axes. Real and logarithmic variables move, the
 * others are as where the bowl began.
 */
import { eigenSymmetric } from "../math/eigen.ts";
import { norm } from "../math/linalg.ts";
import { errorBetween, errorsAlong, fitLocal, type LocalFit, localAt, localTerms } from "../math/local.ts";
import { solveQuadratic } from "../math/quadratic-program.ts";
import { fold, key } from "../math/rng.ts";
import { axesOf, fromChart, isBeside, toChart } from "./chart.ts";
import { ballAt, inBox, isWidest, type Region, reshape, resize, scattered, spanned, within } from "./region.ts";
import type { Space } from "./space.ts";

export type Bowl = {
  /** Where values were seen, in the chart [room × d], and the values, +∞ where ζ has none; n so far. */
  x: Float64Array;
  value: Float64Array;
  n: number;
  /** The point where it began, and the region about its center; null before. */
  at: Float64Array | null;
  region: Region;
  /** Whether the center is the bottom of a fit that could be trusted, and what ζ is there. */
  holds: boolean;
  bottom: number;
  /** How many values there will be when it is fitted next, and how many looks there were. */
  due: number;
  looks: number;
};

/** What is known of the noise: its standard deviation, by so many degrees of freedom. */
export type NoiseLevel = { readonly deviation: number; readonly freedom: number };

/** A fit costs p²/2 for each value, p = (d + 1)(d + 2)/2. */
export const MOST_AXES = 16;
const FIRST_ROOM = 64;
const LAST_ROOM = 8192;
/** Values for each term before a fit is tried: with fewer, errors of the fit are larger than those of its terms. */
const SUPPORT = 2;
/** How much the region changes at a time. Of .6 to .8 and 1.15 to 1.5 none did better than others on a dozen functions. */
const SHRINK = 0.75;
const GROW = 1.2;
/** No axis grows or shrinks more than so at a time beside the others: a stiffness is known to a factor at first. */
const STRETCH = 3;
/** Fits in a row: with SHRINK, from half of the box to a fiftieth. */
const TRIES = 12;
/**
 * Standard errors at which a slope, a stiffness or a cubic is believed; and those at which more is left than noise, which
 * is judged at every fit and would be often at two.
 */
const BELIEVED = 2;
const ROUGH = 3;
/** Failures beside so many values that are no accident, but ground where ζ has none. */
const HOLED = 1 / 8;
/** A step of this length ends at the rim of the region. */
const RIM = 0.999;
/** Purpose of the randomness of looks. */
const LOOK = 0xb0a1;

/** An empty bowl; null in a space without an axis that moves, or with too many. */
export function blankBowl(space: Space): Bowl | null {
  const dim = axesOf(space).length;
  if (dim === 0 || dim > MOST_AXES) return null;
  return {
    x: new Float64Array(FIRST_ROOM * dim),
    value: new Float64Array(FIRST_ROOM),
    n: 0,
    at: null,
    region: ballAt(new Float64Array(dim)),
    holds: false,
    bottom: 0,
    due: SUPPORT * localTerms(dim) + dim,
    looks: 0,
  };
}

/** Takes in a value that was seen at a point, once the bowl has begun. */
export function gather(bowl: Bowl, space: Space, x: ArrayLike<number>, value: number): void {
  if (bowl.at === null || !isBeside(space, x, bowl.at)) return;
  if (bowl.n === bowl.value.length) makeRoom(bowl);
  toChart(space, x, bowl.x, bowl.n * bowl.region.center.length);
  bowl.value[bowl.n++] = value;
}

/** Twice the room; at last, that of those outside of the region, then of every other one inside. */
function makeRoom(bowl: Bowl): void {
  const { x, value, n, region } = bowl;
  const dim = region.center.length;
  const room = Math.min(LAST_ROOM, 2 * n);
  bowl.x = new Float64Array(room * dim);
  bowl.value = new Float64Array(room);
  if (room > n) {
    bowl.x.set(x);
    bowl.value.set(value);
    return;
  }
  const u = new Float64Array(dim);
  const rank = Float64Array.from(value, (_, k) => (within(region, x, k * dim, u) > 1 ? 2 : k % 2));
  const kept = Array.from(rank, (_, k) => k).sort((a, b) => rank[a] - rank[b] || a - b);
  kept.length = room / 2;
  kept
    .sort((a, b) => a - b)
    .forEach((k, i) => {
      bowl.x.set(x.subarray(k * dim, (k + 1) * dim), i * dim);
      bowl.value[i] = value[k];
    });
  bowl.due -= n - kept.length;
  bowl.n = kept.length;
}

/** Begins at a point, over the whole box. */
export function startBowl(bowl: Bowl, space: Space, x: Float64Array): void {
  if (bowl.at !== null && !isBeside(space, x, bowl.at)) bowl.n = 0;
  bowl.at = x.slice();
  bowl.region = ballAt(toChart(space, x, new Float64Array(bowl.region.center.length)));
  bowl.holds = false;
}

/** Whether a point lies in the region. */
export function isInside({ at, region }: Bowl, space: Space, x: ArrayLike<number>): boolean {
  return at !== null && isBeside(space, x, at) && norm(placeOf(region, space, x)) <= 1;
}

function placeOf(region: Region, space: Space, x: ArrayLike<number>): Float64Array {
  const u = toChart(space, x, new Float64Array(region.center.length));
  within(region, u.slice(), 0, u);
  return u;
}

/** n points spread evenly about the center. */
export function looksAbout(bowl: Bowl, space: Space, n: number): Float64Array[] {
  const { at, region } = bowl;
  if (at === null) return [];
  return Array.from({ length: n }, () => fromChart(space, scattered(region, fold(key(LOOK), bowl.looks++)), at));
}

/**
 * Fits anew, moving and sizing the region by what each fit tells, until one holds or there is too little to go on.
 * @param from the point that is reported now
 * @returns the bottom, where ζ lies lower there than at `from` by more than the error of the difference
 */
export function fitBowl(bowl: Bowl, space: Space, noise: NoiseLevel, from: Float64Array): Float64Array | undefined {
  const { at, region } = bowl;
  if (at === null) return undefined;
  bowl.due = bowl.n + Math.max(localTerms(region.center.length) >> 1, bowl.n >> 3);
  bowl.holds = false;
  for (let tries = 0; tries < TRIES; tries++) {
    const fit = fitHere(bowl);
    if (fit === null) return undefined;
    const seems = fit === "holed" ? "rough" : judged(fit, noise);
    if (fit === "holed" || seems === "rough") {
      resize(region, SHRINK);
      continue;
    }
    const step = stepOf(fit, noise, region);
    if (!step.known) {
      if (isWidest(region)) return undefined;
      resize(region, GROW);
    } else {
      const here = isInside(bowl, space, from) ? placeOf(region, space, from) : undefined;
      const off = spanned(region, step.u);
      for (let i = 0; i < off.length; i++) region.center[i] = inBox(region.center[i] + off[i]);
      reshape(region, step.axes, seems === "quadratic" ? step.length.map((l) => l * GROW) : step.length);
      if (step.leaves) return undefined;
      bowl.holds = true;
      bowl.bottom = localAt(fit, step.u);
      if (here !== undefined && !isLower(fit, noise, step.u, here)) return undefined;
      return fromChart(space, region.center, at);
    }
  }
  return undefined;
}

/** The fit to what was seen in the region; null where that is too little. */
function fitHere({ x, value, n, region }: Bowl): LocalFit | "holed" | null {
  const dim = region.center.length;
  const u = new Float64Array(dim);
  const inside = new Float64Array(n * dim);
  const y = new Float64Array(n);
  let found = 0;
  let failed = 0;
  for (let k = 0; k < n; k++) {
    if (within(region, x, k * dim, u) > 1) continue;
    if (!(value[k] < Infinity)) {
      failed++;
      continue;
    }
    inside.set(u, found * dim);
    y[found++] = value[k];
  }
  if (failed > 1 + HOLED * found) return "holed";
  return found < SUPPORT * localTerms(dim) ? null : fitLocal(inside, y.subarray(0, found), dim);
}

/** Whether a fit leaves more than noise or has a cubic beside it; a quadratic where neither is even suspected. */
function judged({ dim, rest, skew, freedom }: LocalFit, noise: NoiseLevel): "rough" | "quadratic" | "neither" {
  const variance = noise.deviation ** 2;
  const excess = Math.log(rest / freedom / variance) / Math.sqrt(2 / freedom + 2 / noise.freedom);
  const cubic = (skew / variance - dim) / Math.sqrt(2 * dim + (2 * dim * dim) / noise.freedom);
  if (excess > ROUGH || cubic > BELIEVED) return "rough";
  return cubic < 0 && excess < 1 ? "quadratic" : "neither";
}

/** Whether ζ at u lies below ζ at v by more than the error of the difference. */
function isLower(fit: LocalFit, { deviation }: NoiseLevel, u: Float64Array, v: Float64Array): boolean {
  return localAt(fit, v) - localAt(fit, u) > deviation * errorBetween(fit, u, v);
}

type Step = {
  readonly u: Float64Array;
  /** Whether ζ stands out from the noise along any axis, and whether the bottom lies beyond the region. */
  readonly known: boolean;
  readonly leaves: boolean;
  /** The axes of the bowl, as rows, and how long each is to be where those of the region have length 1. */
  readonly axes: Float64Array;
  readonly length: Float64Array;
};

/**
 * The step to the bottom, −slope/stiffness along each axis whose stiffness stands out from the noise, to the rim where
 * only its slope does, none where neither does; within the box.
 */
function stepOf(fit: LocalFit, { deviation }: NoiseLevel, region: Region): Step {
  const { dim, gradient, hessian } = fit;
  const axes = new Float64Array(dim * dim);
  const stiffness = new Float64Array(dim);
  eigenSymmetric(hessian, dim, stiffness, axes);
  const slope = new Float64Array(dim);
  let known = false;
  for (let k = 0; k < dim; k++) {
    const axis = axes.subarray(k * dim, (k + 1) * dim);
    const error = errorsAlong(fit, axis);
    const along = axis.reduce((sum, a, i) => sum + a * gradient[i], 0);
    const isStiff = stiffness[k] > BELIEVED * deviation * error.stiffness;
    const isSloped = Math.abs(along) > BELIEVED * deviation * error.slope;
    slope[k] = isStiff || isSloped ? along : 0;
    if (!isStiff) stiffness[k] = isSloped ? Math.abs(along) : deviation * error.stiffness;
    known ||= isStiff || isSloped;
  }
  const u = descent(axes, stiffness, slope, region);
  const size = norm(u);
  const middle = Math.exp(stiffness.reduce((sum, k) => sum + Math.log(k), 0) / dim);
  return {
    ...{ known, axes, leaves: size > RIM, u: size > 1 ? u.map((v) => v / size) : u },
    length: stiffness.map((k) => Math.min(STRETCH, Math.max(1 / STRETCH, Math.sqrt(middle / k)))),
  };
}

/** The least of slope and stiffness along the axes for which c + R u stays in the box. */
function descent(axes: Float64Array, stiffness: Float64Array, slope: Float64Array, region: Region): Float64Array {
  const dim = slope.length;
  const { center, root, inverse } = region;
  const u = new Float64Array(dim);
  for (let k = 0; k < dim; k++) for (let i = 0; i < dim; i++) u[i] -= (slope[k] / stiffness[k]) * axes[k * dim + i];
  const off = spanned(region, u);
  if (off.every((s, i) => center[i] + s >= 0 && center[i] + s <= 1)) return u;
  // the same well in the coordinates of the box, P = R Aᵀ diag(1/stiffness) A R and b = R⁻¹ Aᵀ slope
  const turned = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let k = 0; k < dim; k++)
      for (let j = 0; j < dim; j++) turned[i * dim + k] += root[i * dim + j] * axes[k * dim + j];
  const P = new Float64Array(dim * dim);
  const b = new Float64Array(dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k < dim; k++) P[i * dim + j] += (turned[i * dim + k] * turned[j * dim + k]) / stiffness[k];
      for (let k = 0; k < dim; k++) b[i] += inverse[i * dim + j] * axes[k * dim + j] * slope[k];
    }
  }
  const walls = { lower: center.map((c) => -c), upper: center.map((c) => 1 - c) };
  const s = solveQuadratic({ inverse: P, b, normals: [], bounds: [], ...walls })?.s ?? off;
  within({ ...region, center: new Float64Array(dim) }, s, 0, u);
  return u;
}
