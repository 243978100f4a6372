/**
 * The best Gaussian: |ψ|² = N(μ, Σ) of least energy E = (D/4) tr Σ⁻¹ + E_N[ζ], where the variational imaginary time of
 * packets ends. There E_N[∇ζ] = 0 and Σ = √(D/2) E_N[∇²ζ]^{−½}: the harmonic ground state (theory of one packet) with
 * the curvature averaged over the packet itself, which is iterated. E_N is taken over points that are symmetric and of
 * covariance exactly Σ, so that a quadratic ζ is solved to rounding.
 */
import { type Ask, askGradient, askValue, confine, type Domain } from "../../core/index.ts";
import { cloudKernel } from "../../kernels/index.ts";
import { cholesky, eigenSymmetric, fold, type Key, mean, variance } from "../../math/index.ts";
import { type Gaussian, inverseOf, spreadOut } from "./gaussian.ts";

export type Variational = Gaussian & {
  /** E, an upper bound of E₀ but for its standard error; of other points than those it was found with. */
  readonly energy: number;
  readonly error: number;
  /** (D/4) tr Σ⁻¹ */
  readonly kinetic: number;
  /** Whether the iteration came to rest. */
  readonly settled: boolean;
};

/** Points of E_N: enough for the covariance, and in a few dimensions for the energy. */
export const POINTS = 4096;
const POINTS_PER_AXIS = 6;
/** First with this share of the points and roughly, from each beginning; then the best one with all of them. */
const ROUGH = { share: 1 / 8, iterations: 60, settled: 1e-2 };
const FINE = { share: 1, iterations: 200, settled: 1e-5 };
/** Apart by it are the points of the iteration and those of the energy. */
const ANEW = 0x616e;
/** The share of a step that is taken: halved where steps grow, by this factor larger where they shrink. */
const CALMER = 1.1;
const LEAST_SHARE = 0.02;
const APPROACH = 12;
/** The largest step of μ and of the widths, in widths. */
const STEP = 1;
const GROWTH = 4;
/** Widths stay within this share of the domain. */
const WIDEST = 0.25;

/**
 * The best Gaussian near one of several. It asks gradients.
 * @param points of E_N, fewer in many dimensions
 */
export function* bestGaussian(
  domain: Domain,
  D: number,
  firsts: readonly Gaussian[],
  key: Key,
  points = POINTS,
): Ask<Variational> {
  const dim = domain.lower.length;
  const normals = ({ share }: typeof FINE, purpose: Key): Float64Array =>
    balanced(purpose, 2 * Math.ceil(((share * points) / Math.sqrt(dim) + POINTS_PER_AXIS * dim) / 2), dim);
  const [few, all] = [normals(ROUGH, key), normals(FINE, key)];
  let best: Variational | undefined;
  for (const first of firsts) {
    const rough = yield* relaxed(domain, D, first, few, ROUGH);
    const found = yield* valued(domain, D, rough, all);
    if (best === undefined || !Number.isFinite(best.energy) || isLower(found, best)) best = found;
  }
  const fine = yield* relaxed(domain, D, best ?? firsts[0], all, FINE);
  return yield* valued(domain, D, fine, normals(FINE, fold(key, ANEW)));
}

/** By two standard errors of both: what noise may do decides nothing. */
function isLower(one: Variational, other: Variational): boolean {
  return other.energy - one.energy > 2 * Math.hypot(one.error, other.error);
}

type Relaxed = Gaussian & { readonly settled: boolean; readonly curvature: Float64Array };

/** The iteration from a Gaussian on, with the same normals z throughout. */
function* relaxed(
  domain: Domain,
  D: number,
  first: Gaussian,
  z: Float64Array,
  { iterations, settled }: typeof FINE,
): Ask<Relaxed> {
  let now = first;
  let last = Number.POSITIVE_INFINITY;
  let share = 1;
  let curvature: Float64Array = new Float64Array(first.covariance.length);
  for (let round = 0; round < iterations && last > settled; round++) {
    const seen = yield* sensed(domain, now, z);
    const next = step(domain, D, now, seen);
    const far = distance(now, next);
    // steps that grow swing about the best one, once it has been approached
    share = far < last || round < APPROACH ? Math.min(1, share * CALMER) : Math.max(LEAST_SHARE, share / 2);
    now = share < 1 ? between(now, next, share) : next;
    last = far;
    curvature = seen.curvature;
  }
  return { ...now, settled: last <= settled, curvature };
}

/** E = (D/4) tr Σ⁻¹ + E_N[ζ] */
function* valued(domain: Domain, D: number, { curvature, ...found }: Relaxed, z: Float64Array): Ask<Variational> {
  const dim = found.mean.length;
  const x = inside(domain, spreadOut(found, z, z.length / dim));
  const value = yield* askValue({ n: z.length / dim, dim, x });
  const kinetic = 0.25 * D * traceOfInverse(found);
  const error = errorOf(value, found, x, curvature);
  return { ...found, kinetic, energy: kinetic + mean(value), error };
}

/** The standard error of E_N[ζ]: by the points' symmetry and exact covariance only what is no quadratic errs. */
function errorOf(value: Float64Array, { mean: center }: Gaussian, x: Float64Array, curvature: Float64Array): number {
  const dim = center.length;
  const half = value.length / 2;
  const rest = new Float64Array(half);
  for (let i = 0; i < half; i++) {
    let square = 0;
    for (let j = 0; j < dim; j++)
      for (let k = 0; k < dim; k++)
        square += curvature[j * dim + k] * (x[i * dim + j] - center[j]) * (x[i * dim + k] - center[k]);
    rest[i] = 0.5 * (value[i] + value[half + i] - square);
  }
  return Math.sqrt(variance(rest) / half);
}

/** A Gaussian on the way from one to another. */
function between(a: Gaussian, b: Gaussian, share: number): Gaussian {
  return {
    mean: a.mean.map((m, j) => m + share * (b.mean[j] - m)),
    covariance: a.covariance.map((c, e) => c + share * (b.covariance[e] - c)),
  };
}

/** n symmetric points with mean 0 and covariance exactly 1. */
function balanced(key: Key, n: number, dim: number): Float64Array {
  const half = n / 2;
  const z = new Float64Array(n * dim);
  cloudKernel().normals(key, z.subarray(0, half * dim));
  const square = new Float64Array(dim * dim);
  for (let i = 0; i < half; i++)
    for (let j = 0; j < dim; j++)
      for (let k = 0; k <= j; k++) square[j * dim + k] += (z[i * dim + j] * z[i * dim + k]) / half;
  cholesky(square, dim);
  // y = L⁻¹ z
  for (let i = 0, row = 0; i < half; i++, row += dim)
    for (let j = 0; j < dim; j++) {
      let s = z[row + j];
      for (let k = 0; k < j; k++) s -= square[j * dim + k] * z[row + k];
      z[row + j] = s / square[j * dim + j];
    }
  for (let e = 0; e < half * dim; e++) z[half * dim + e] = -z[e];
  return z;
}

type Sensed = { readonly slope: Float64Array; readonly curvature: Float64Array<ArrayBuffer> };

/** E_N[∇ζ] and, as Σ⁻¹E_N[y ∇ζᵀ] by Stein's identity, E_N[∇²ζ]. */
function* sensed(domain: Domain, at: Gaussian, z: Float64Array): Ask<Sensed> {
  const dim = at.mean.length;
  const n = z.length / dim;
  const { gradient } = yield* askGradient({ n, dim, x: inside(domain, spreadOut(at, z, n)) });
  const slope = new Float64Array(dim);
  const cross = new Float64Array(dim * dim);
  for (let i = 0, row = 0; i < n; i++, row += dim)
    for (let j = 0; j < dim; j++) {
      slope[j] += gradient[row + j] / n;
      for (let k = 0; k < dim; k++) cross[k * dim + j] += (z[row + k] * gradient[row + j]) / n;
    }
  return { slope, curvature: symmetric(backward(at, cross), dim) };
}

/** L⁻ᵀ A for A with rows of a vector's length, Σ = L Lᵀ. */
function backward(
  { covariance, mean: { length: dim } }: Gaussian,
  a: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const factor = new Float64Array(dim * dim);
  cholesky(covariance, dim, factor);
  const columns = a.length / dim;
  const out = a.slice();
  for (let i = dim - 1; i >= 0; i--)
    for (let c = 0; c < columns; c++) {
      let s = out[i * columns + c];
      for (let k = i + 1; k < dim; k++) s -= factor[k * dim + i] * out[k * columns + c];
      out[i * columns + c] = s / factor[i * dim + i];
    }
  return out;
}

/** Newton's step of μ and the harmonic Σ of the averaged curvature, neither further than is safe. */
function step(domain: Domain, D: number, now: Gaussian, { slope, curvature }: Sensed): Gaussian {
  const dim = slope.length;
  const values = new Float64Array(dim);
  const vectors = new Float64Array(dim * dim);
  eigenSymmetric(curvature, dim, values, vectors);
  const widest = WIDEST * Math.min(...domain.lower.map((low, j) => domain.upper[j] - low));
  const mean = now.mean.slice();
  const covariance = new Float64Array(dim * dim);
  for (let e = 0; e < dim; e++) {
    const v = vectors.subarray(e * dim, (e + 1) * dim);
    let [spread, pull] = [0, 0];
    for (let i = 0; i < dim; i++) {
      pull += v[i] * slope[i];
      let s = 0;
      for (let k = 0; k < dim; k++) s += now.covariance[i * dim + k] * v[k];
      spread += v[i] * s;
    }
    const limit = Math.min(widest * widest, GROWTH * spread);
    const wanted = values[e] > 0 ? Math.sqrt(D / (2 * values[e])) : limit;
    const width = Math.max(Math.min(wanted, limit), spread / GROWTH);
    // a curvature that is no well's is taken as that of the width
    const stiff = Math.max(values[e], D / (2 * width * width));
    const most = STEP * Math.sqrt(width);
    const along = Math.max(-most, Math.min(most, -pull / stiff));
    for (let i = 0; i < dim; i++) {
      mean[i] += along * v[i];
      for (let j = 0; j < dim; j++) covariance[i * dim + j] += width * (v[i] * v[j]);
    }
  }
  for (let j = 0; j < dim; j++) mean[j] = Math.min(domain.upper[j], Math.max(domain.lower[j], mean[j]));
  return { mean, covariance };
}

/** How far apart two Gaussians are: of the means, in widths, and of the variances, relative. */
function distance(a: Gaussian, b: Gaussian): number {
  const dim = a.mean.length;
  let far = 0;
  for (let j = 0; j < dim; j++) {
    const width = Math.sqrt(b.covariance[j * dim + j]);
    far = Math.max(far, Math.abs(a.mean[j] - b.mean[j]) / width);
    for (let k = 0; k < dim; k++)
      far = Math.max(
        far,
        Math.abs(a.covariance[j * dim + k] - b.covariance[j * dim + k]) /
          (width * Math.sqrt(b.covariance[k * dim + k])),
      );
  }
  return far;
}

function traceOfInverse({ mean: { length: dim }, covariance }: Gaussian): number {
  const factor = new Float64Array(dim * dim);
  cholesky(covariance, dim, factor);
  const inverse = inverseOf(factor, dim);
  let trace = 0;
  for (let j = 0; j < dim; j++) trace += inverse[j * dim + j];
  return trace;
}

function inside(domain: Domain, x: Float64Array): Float64Array {
  const dim = domain.lower.length;
  if (domain.edge !== "open") for (let e = 0; e < x.length; e++) x[e] = confine(domain, e % dim, x[e]);
  return x;
}

function symmetric(a: Float64Array<ArrayBuffer>, dim: number): Float64Array<ArrayBuffer> {
  return a.map((v, e) => 0.5 * (v + a[(e % dim) * dim + Math.floor(e / dim)]));
}
