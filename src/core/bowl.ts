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
 * others are as where the bowl began. Under constraints each g(x) is fitted to the same points, and the bottom is the
 * least of what they allow (bowl-step.ts).
 */
import { norm } from "../math/linalg.ts";
import { errorAt, errorBetween, fitLocals, type LocalFit, localAt, localTerms } from "../math/local.ts";
import { fold, key } from "../math/rng.ts";
import { BELIEVED, stepOf } from "./bowl-step.ts";
import { axesOf, fromChart, isBeside, toChart } from "./chart.ts";
import { ballAt, inBox, isWidest, type Region, reshape, resize, scattered, spanned, within } from "./region.ts";
import type { Space } from "./space.ts";

export type Bowl = {
  /** Where values were seen, in the chart [room × d], and the values, +∞ where ζ has none; n so far. */
  x: Float64Array;
  value: Float64Array;
  n: number;
  /** The constraints there [room × m], none where there are none. */
  limits: Float64Array;
  /** How far inside of constraints the bottom keeps, in what their fits leave unexplained; whether the last one was allowed. */
  caution: number;
  allowed: boolean;
  /** The point where it began, and the region about its center; null before. */
  at: Float64Array | null;
  region: Region;
  /** Whether the center is the bottom of a fit that could be trusted, and what ζ is there. */
  holds: boolean;
  bottom: number;
  /** Whether it is on its way: the bottom of the last fit that could be trusted lay beyond the region. */
  moves: boolean;
  /** How many values there will be when it is fitted next, and how many looks there were. */
  due: number;
  looks: number;
};

/** What is known of the noise: its standard deviation, by so many degrees of freedom. */
export type NoiseLevel = { readonly deviation: number; readonly freedom: number };

/** A fit costs p²/2 for each value, p = (d + 1)(d + 2)/2. */
export const MOST_AXES = 16;
/** Constraints are kept for each value. */
export const MOST_LIMITS = 64;
const FIRST_ROOM = 64;
const LAST_ROOM = 8192;
/** Values for each term before a fit is tried: with fewer, errors of the fit are larger than those of its terms. */
const SUPPORT = 2;
/** How much the region changes at a time. Of .6 to .8 and 1.15 to 1.5 none did better than others on a dozen functions. */
const SHRINK = 0.75;
const GROW = 1.2;
/** Fits in a row: with SHRINK, from half of the box to a fiftieth. */
const TRIES = 12;
/** Standard errors at which more is left than noise: it is judged at every fit, and would be often at two. */
const ROUGH = 3;
/** Failures beside so many values that are no accident, but ground where ζ has none. */
const HOLED = 1 / 8;
/** Caution at first, at least and at most, and how it grows with a bottom that was not allowed, and shrinks with one that was. */
const CAUTION = 1;
const LEAST_CAUTION = 0.1;
const MOST_CAUTION = 1e6;
const WARNED = 1.5;
const REASSURED = 0.7;
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
    limits: new Float64Array(0),
    caution: CAUTION,
    allowed: false,
    at: null,
    region: ballAt(new Float64Array(dim)),
    holds: false,
    bottom: 0,
    moves: false,
    due: SUPPORT * localTerms(dim) + dim,
    looks: 0,
  };
}

/**
 * Takes in what was seen at a point, once the bowl has begun.
 * @param g the constraints there, where they are known
 */
export function gather(bowl: Bowl, space: Space, x: ArrayLike<number>, value: number, g?: Float64Array): void {
  if (bowl.at === null || !isBeside(space, x, bowl.at)) return;
  if (bowl.n === bowl.value.length) makeRoom(bowl);
  const { n } = bowl;
  if (g !== undefined && bowl.limits.length === 0)
    bowl.limits = new Float64Array(g.length * bowl.value.length).fill(NaN);
  const m = limitsOf(bowl);
  for (let j = 0; j < m; j++) bowl.limits[n * m + j] = g?.[j] ?? Number.NaN;
  toChart(space, x, bowl.x, n * bowl.region.center.length);
  bowl.value[bowl.n++] = value;
}

/** The number of constraints. */
function limitsOf({ limits, value }: Bowl): number {
  return limits.length / value.length;
}

/** The bottom turned out to be allowed, or not: the next one keeps less, or more, inside. */
export function heed(bowl: Bowl, allowed: boolean): void {
  const { caution } = bowl;
  bowl.allowed = allowed;
  bowl.caution = allowed ? Math.max(LEAST_CAUTION, REASSURED * caution) : Math.min(MOST_CAUTION, WARNED * caution);
}

/** Whether the latest bottom keeps the constraints, where there are any. */
export function keepsLimits({ limits, allowed }: Bowl): boolean {
  return limits.length === 0 || allowed;
}

/** Whether what lies in the region need not race any more: the bottom is known, and keeps the constraints. */
export function isSettled(bowl: Bowl): boolean {
  return bowl.holds && keepsLimits(bowl);
}

/** Twice the room; at last, that of those outside of the region, then of every other one inside. */
function makeRoom(bowl: Bowl): void {
  const { x, value, limits, n, region } = bowl;
  const dim = region.center.length;
  const m = limitsOf(bowl);
  const room = Math.min(LAST_ROOM, 2 * n);
  bowl.x = new Float64Array(room * dim);
  bowl.value = new Float64Array(room);
  bowl.limits = new Float64Array(room * m);
  if (room > n) {
    bowl.x.set(x);
    bowl.value.set(value);
    bowl.limits.set(limits);
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
      bowl.limits.set(limits.subarray(k * m, (k + 1) * m), i * m);
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
  bowl.moves = false;
  bowl.allowed = false;
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
    const fits = fitHere(bowl);
    if (fits === null) return undefined;
    const [fit, ...limits] = fits;
    const seems = fits.length === 0 ? "rough" : judged(fit, noise);
    if (fits.length === 0) bowl.moves = false;
    if (seems === "rough") {
      resize(region, SHRINK);
      continue;
    }
    const inside = isInside(bowl, space, from) ? placeOf(region, space, from) : undefined;
    const step = stepOf(fit, limits, noise.deviation, region, bowl.caution, inside);
    if (step === undefined) {
      bowl.moves = false;
      resize(region, SHRINK);
      continue;
    }
    if (!step.known) {
      if (isWidest(region)) return undefined;
      resize(region, GROW);
    } else {
      const off = spanned(region, step.u);
      for (let i = 0; i < off.length; i++) region.center[i] = inBox(region.center[i] + off[i]);
      // margins that cost more than the fit can tell are those of too wide a region
      const isDear = step.dear > noise.deviation * errorAt(fit, step.u);
      const by = isDear ? SHRINK : seems === "quadratic" ? GROW : 1;
      reshape(
        region,
        step.axes,
        step.length.map((l) => l * by),
      );
      bowl.moves = step.leaves;
      if (step.leaves) return undefined;
      bowl.holds = true;
      bowl.bottom = localAt(fit, step.u);
      if (inside !== undefined && !isLower(fit, noise, step.u, inside)) return undefined;
      return fromChart(space, region.center, at);
    }
  }
  return undefined;
}

/**
 * The fits to what was seen in the region, of ζ and of each g that some of it breaks; null where that is too little, none
 * where ζ has holes.
 */
function fitHere(bowl: Bowl): LocalFit[] | null {
  const { x, value, limits, n, region } = bowl;
  const dim = region.center.length;
  const m = limitsOf(bowl);
  const u = new Float64Array(dim);
  const inside = new Float64Array(n * dim);
  const seen = Array.from({ length: 1 + m }, () => new Float64Array(n));
  let found = 0;
  let failed = 0;
  for (let k = 0; k < n; k++) {
    if (within(region, x, k * dim, u) > 1) continue;
    const g = limits.subarray(k * m, (k + 1) * m);
    if (!(value[k] < Infinity && g.every(Number.isFinite))) {
      failed++;
      continue;
    }
    inside.set(u, found * dim);
    seen[0][found] = value[k];
    for (let j = 0; j < m; j++) seen[1 + j][found] = g[j];
    found++;
  }
  if (failed > 1 + HOLED * found) return [];
  if (found < SUPPORT * localTerms(dim)) return null;
  const told = seen.map((y) => y.subarray(0, found)).filter((y, j) => j === 0 || y.some((g) => g > 0));
  const fits = fitLocals(inside.subarray(0, found * dim), told, dim);
  return fits?.every(({ rest }) => Number.isFinite(rest)) ? fits : null;
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
