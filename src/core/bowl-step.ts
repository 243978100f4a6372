/**
 * The step to the bottom of a bowl (bowl.ts), in the coordinates u of its region: −slope/stiffness along each axis whose
 * stiffness stands out from the noise, to the rim where only its slope does, none where neither does. The walls of the box
 * and what constraints allow, by their own quadratics,
 *
 *   min g·u + ½ uᵀHu   where   ĝ_j(u) ≤ −m_j,
 *
 * hold it in: a few steps of sequential quadratic programming (as engines/packets/tangent.ts), m_j being what the fit of
 * g_j leaves unexplained, so that the point is allowed.
 */
import { eigenSymmetric } from "../math/eigen.ts";
import { dot, norm } from "../math/linalg.ts";
import { errorsAlong, type LocalFit, localAt } from "../math/local.ts";
import { solveQuadratic } from "../math/quadratic-program.ts";
import { type Region, spanned } from "./region.ts";

export type Step = {
  readonly u: Float64Array;
  /** Whether ζ stands out from the noise along any axis, and whether the bottom lies beyond the region. */
  readonly known: boolean;
  readonly leaves: boolean;
  /** The axes of the bowl, as rows, and how long each is to be where those of the region have length 1. */
  readonly axes: Float64Array;
  readonly length: Float64Array;
  /** Σ λ_j m_j: what the margins cost. */
  readonly dear: number;
};

/** Standard errors at which a slope or a stiffness is believed. */
export const BELIEVED = 2;
/** No axis grows or shrinks more than so at a time beside the others: a stiffness is known to a factor at first. */
const STRETCH = 3;
/** A step of this length ends at the rim of the region. */
const RIM = 0.999;
/** Steps of sequential quadratic programming at most, and a step that is none. */
const MOST = 20;
const STILL = 1e-7;
/** A constraint that is broken by less than this step would mend is kept. */
const KEPT = 1e-6;
/** The least stiffness beside the largest; and what rounding leaves of a fit, as a share of its slope. */
const SOFT = 1e-6;
const ROUNDING = 1e-12;

/**
 * What the values tell along the axes of the bowl (rows): slope, stiffness where it stands out (else 0), and the stiffness
 * that a step is taken by.
 */
type Known = {
  readonly axes: Float64Array;
  readonly slope: Float64Array;
  readonly stiffness: Float64Array;
  readonly taken: Float64Array;
};

/**
 * The step; undefined where no point is found that is allowed by the margins.
 * @param limits the fits of g_j(x) ≤ 0
 * @param caution margins m_j, in what their fits leave unexplained (standard deviations)
 * @param inside an allowed point of the region, where one is known: to begin at where the slopes at 0 allow none
 */
export function stepOf(
  fit: LocalFit,
  limits: readonly LocalFit[],
  deviation: number,
  region: Region,
  caution: number,
  inside?: Float64Array,
): Step | undefined {
  const { dim } = fit;
  const told = knownOf(fit, deviation);
  const { axes, slope, taken } = told;
  const free = new Float64Array(dim);
  for (let k = 0; k < dim; k++) for (let i = 0; i < dim; i++) free[i] -= (slope[k] / taken[k]) * axes[k * dim + i];
  const margins = limits.map(
    ({ rest, freedom, gradient }) => caution * (Math.sqrt(rest / freedom) + ROUNDING * norm(gradient)),
  );
  const isFree = isInBox(region, free) && limits.every((g, j) => localAt(g, free) <= -margins[j]);
  const found = isFree
    ? { u: free, axes, taken, dear: 0 }
    : (among(told, limits, margins, region, new Float64Array(dim)) ??
      (inside && among(told, limits, margins, region, inside)));
  if (found === undefined) return undefined;
  const size = norm(found.u);
  const middle = Math.exp(found.taken.reduce((sum, k) => sum + Math.log(k), 0) / dim);
  return {
    ...{ known: slope.some((b) => b !== 0) || told.stiffness.some((k) => k !== 0), leaves: size > RIM },
    ...{ u: size > 1 ? found.u.map((v) => v / size) : found.u, axes: found.axes, dear: found.dear },
    length: found.taken.map((k) => Math.min(STRETCH, Math.max(1 / STRETCH, Math.sqrt(middle / k)))),
  };
}

function knownOf(fit: LocalFit, deviation: number): Known {
  const { dim, gradient, hessian } = fit;
  const axes = new Float64Array(dim * dim);
  const stiffness = new Float64Array(dim);
  eigenSymmetric(hessian, dim, stiffness, axes);
  const slope = new Float64Array(dim);
  const taken = new Float64Array(dim);
  for (let k = 0; k < dim; k++) {
    const axis = axes.subarray(k * dim, (k + 1) * dim);
    const error = errorsAlong(fit, axis);
    const b = dot(axis, gradient);
    const isStiff = stiffness[k] > BELIEVED * deviation * error.stiffness;
    const isSloped = Math.abs(b) > BELIEVED * deviation * error.slope;
    slope[k] = isStiff || isSloped ? b : 0;
    if (!isStiff) stiffness[k] = 0;
    taken[k] = isStiff ? stiffness[k] : isSloped ? Math.abs(b) : deviation * error.stiffness;
  }
  return { axes, slope, stiffness, taken };
}

function isInBox(region: Region, u: Float64Array): boolean {
  const { center } = region;
  return spanned(region, u).every((s, i) => center[i] + s >= 0 && center[i] + s <= 1);
}

/** The least of what is known among walls and constraints: where each step is taken by the curvature of ζ + λᵀĝ. */
function among(
  told: Known,
  limits: readonly LocalFit[],
  margins: readonly number[],
  region: Region,
  start: Float64Array,
): { u: Float64Array; axes: Float64Array; taken: Float64Array; dear: number } | undefined {
  const dim = told.slope.length;
  const u = start.slice();
  const walls = wallsOf(region);
  const gradient = new Float64Array(dim);
  let multipliers = new Float64Array(limits.length);
  let metric = metricOf(told, limits, multipliers);
  for (let n = 0; n < MOST; n++) {
    slopeAt(told, u, gradient);
    const normals = [...limits.map((g) => gradientAt(g, u)), ...walls.normals];
    const box = { lower: u.map((v) => -1 - v), upper: u.map((v) => 1 - v) };
    const bounds = [
      ...limits.map((g, j) => -margins[j] - localAt(g, u)),
      ...walls.normals.map((wall, k) => walls.bounds[k] - dot(wall, u)),
    ];
    const found = solveQuadratic({ inverse: metric.inverse, b: gradient, normals, bounds, ...box });
    if (found === undefined) return undefined;
    for (let i = 0; i < dim; i++) u[i] += found.s[i];
    multipliers = found.multipliers.slice(0, limits.length);
    metric = metricOf(told, limits, multipliers);
    if (norm(found.s) < STILL) break;
  }
  const isKept = (g: LocalFit, j: number): boolean => localAt(g, u) + margins[j] <= KEPT * norm(gradientAt(g, u));
  if (!limits.every(isKept)) return undefined;
  return { u, axes: metric.axes, taken: metric.stiffness, dear: dot(multipliers, Float64Array.from(margins)) };
}

/** The curvature of ζ + λᵀĝ by its axes, made positive, and its inverse. */
function metricOf({ axes, taken }: Known, limits: readonly LocalFit[], multipliers: Float64Array) {
  const dim = taken.length;
  const sum = new Float64Array(dim * dim);
  for (let k = 0; k < dim; k++)
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++) sum[i * dim + j] += taken[k] * axes[k * dim + i] * axes[k * dim + j];
  limits.forEach(({ hessian }, l) => {
    for (let e = 0; e < sum.length; e++) sum[e] += multipliers[l] * hessian[e];
  });
  const own = { axes: new Float64Array(dim * dim), stiffness: new Float64Array(dim) };
  eigenSymmetric(sum, dim, own.stiffness, own.axes);
  const least = SOFT * own.stiffness.reduce((most, k) => Math.max(most, Math.abs(k)), 0);
  const inverse = new Float64Array(dim * dim);
  for (let k = 0; k < dim; k++) {
    own.stiffness[k] = Math.max(least, own.stiffness[k]);
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++)
        inverse[i * dim + j] += (own.axes[k * dim + i] * own.axes[k * dim + j]) / own.stiffness[k];
  }
  return { ...own, inverse };
}

/** The slope of ζ at u by what is known. */
function slopeAt({ axes, slope, stiffness }: Known, u: Float64Array, out: Float64Array): void {
  const dim = u.length;
  out.fill(0);
  for (let k = 0; k < dim; k++) {
    const axis = axes.subarray(k * dim, (k + 1) * dim);
    const along = slope[k] + stiffness[k] * dot(axis, u);
    for (let i = 0; i < dim; i++) out[i] += along * axis[i];
  }
}

/** g + H u */
function gradientAt({ dim, gradient, hessian }: LocalFit, u: Float64Array): Float64Array {
  return gradient.map((b, i) => b + dot(hessian.subarray(i * dim, (i + 1) * dim), u));
}

/** The walls of the box within reach, as n·u ≤ c. */
function wallsOf({ center, root }: Region): { readonly normals: Float64Array[]; readonly bounds: number[] } {
  const dim = center.length;
  const normals: Float64Array[] = [];
  const bounds: number[] = [];
  for (let i = 0; i < dim; i++) {
    const row = root.slice(i * dim, (i + 1) * dim);
    const reach = row.reduce((sum, v) => sum + Math.abs(v), 0);
    for (const side of [-1, 1]) {
      const room = side < 0 ? center[i] : 1 - center[i];
      if (room > reach) continue;
      normals.push(row.map((v) => side * v));
      bounds.push(room);
    }
  }
  return { normals, bounds };
}
