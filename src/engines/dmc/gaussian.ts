/**
 * A Gaussian as guide: φ with |φ|² = N(μ, Σ), so ln φ = −¼ yᵀΣ⁻¹y, ∇ln φ = −½Σ⁻¹y, ∇²φ/φ = ‖∇ln φ‖² − ½ tr Σ⁻¹, y = x − μ.
 */
import type { Guide } from "../../core/index.ts";
import { inputError } from "../../core/index.ts";
import { cloudKernel } from "../../kernels/index.ts";
import { cholesky, eigenSymmetric, solveCholesky } from "../../math/index.ts";

/** N(μ, Σ) of |φ|²; Σ [dim × dim]. */
export type Gaussian = { readonly mean: Float64Array; readonly covariance: Float64Array };

/** Beside the variances, covariances below it are rounding. */
const UNSEEN = 1e-9;

/**
 * The guide of a Gaussian.
 * @throws where Σ is not positive definite
 */
export function gaussianGuide({ mean, covariance }: Gaussian, name = "gaussian"): Guide {
  const dim = mean.length;
  const factor = new Float64Array(dim * dim);
  if (!cholesky(covariance, dim, factor)) throw inputError("guide", "its covariance is not positive definite");
  const inverse = inverseOf(factor, dim);
  const isAligned = aligned(covariance, dim);
  let trace = 0;
  for (let j = 0; j < dim; j++) trace += inverse[j * dim + j];
  const y = new Float64Array(dim);
  return {
    name,
    particle: 0,
    at({ n, x }, { log, gradient, laplacian }) {
      for (let i = 0, row = 0; i < n; i++, row += dim) {
        for (let j = 0; j < dim; j++) y[j] = x[row + j] - mean[j];
        let [square, exponent] = [0, 0];
        for (let j = 0; j < dim; j++) {
          let pull = 0;
          if (isAligned) pull = inverse[j * dim + j] * y[j];
          else for (let k = 0, at = j * dim; k < dim; k++) pull += inverse[at + k] * y[k];
          const slope = -0.5 * pull;
          gradient[row + j] = slope;
          square += slope * slope;
          exponent += y[j] * slope;
        }
        log[i] = 0.5 * exponent;
        laplacian[i] = square - 0.5 * trace;
      }
    },
    sample: (key, n) => gaussianPoints({ mean, covariance }, key, n),
    transition: (D, dt) => relaxing({ mean, covariance }, D, dt),
  };
}

/**
 * Ornstein and Uhlenbeck's process that leaves N(μ, Σ) as it is: y ← e^{−DΔτ/Σ} y + √(Σ (1 − e^{−2DΔτ/Σ})) z, axis by
 * axis of Σ.
 */
function relaxing(
  { mean, covariance }: Gaussian,
  D: number,
  dt: number,
): (x: Float64Array, z: Float64Array, n: number) => void {
  const dim = mean.length;
  const values = new Float64Array(dim);
  const axes = new Float64Array(dim * dim);
  if (aligned(covariance, dim))
    for (let j = 0; j < dim; j++) [values[j], axes[j * dim + j]] = [covariance[j * dim + j], 1];
  else eigenSymmetric(covariance, dim, values, axes);
  const decay = values.map((v) => Math.exp((-D * dt) / v));
  const noise = values.map((v) => Math.sqrt(-v * Math.expm1((-2 * D * dt) / v)));
  if (aligned(covariance, dim))
    return (x, z, n) => {
      for (let i = 0, e = 0; i < n; i++)
        for (let j = 0; j < dim; j++, e++) x[e] = mean[j] + decay[j] * (x[e] - mean[j]) + noise[j] * z[e];
    };
  const [memory, root] = [inAxes(axes, decay), inAxes(axes, noise)];
  const y = new Float64Array(dim);
  return (x, z, n) => {
    for (let i = 0, row = 0; i < n; i++, row += dim) {
      for (let j = 0; j < dim; j++) y[j] = x[row + j] - mean[j];
      for (let j = 0; j < dim; j++) {
        let s = mean[j];
        for (let k = 0, at = j * dim; k < dim; k++) s += memory[at + k] * y[k] + root[at + k] * z[row + k];
        x[row + j] = s;
      }
    }
  };
}

/** Vᵀ diag(values) V for orthonormal rows V. */
function inAxes(axes: Float64Array, values: Float64Array): Float64Array {
  const dim = values.length;
  const out = new Float64Array(dim * dim);
  for (let e = 0; e < dim; e++)
    for (let j = 0; j < dim; j++)
      for (let k = 0; k < dim; k++) out[j * dim + k] += values[e] * (axes[e * dim + j] * axes[e * dim + k]);
  return out;
}

/** n points of N(μ, Σ · stretch), [n × dim]. */
export function gaussianPoints(
  { mean, covariance }: Gaussian,
  key: Parameters<NonNullable<Guide["sample"]>>[0],
  n: number,
  stretch = 1,
): Float64Array {
  const dim = mean.length;
  const z = new Float64Array(n * dim);
  cloudKernel().normals(key, z);
  return spreadOut({ mean, covariance }, z, n, Math.sqrt(stretch));
}

/** μ + length · L z for n standard points z, with Σ = L Lᵀ. */
export function spreadOut({ mean, covariance }: Gaussian, z: Float64Array, n: number, length = 1): Float64Array {
  const dim = mean.length;
  const factor = new Float64Array(dim * dim);
  cholesky(covariance, dim, factor);
  const x = new Float64Array(n * dim);
  for (let i = 0, row = 0; i < n; i++, row += dim)
    for (let j = 0; j < dim; j++) {
      let s = 0;
      for (let k = 0; k <= j; k++) s += factor[j * dim + k] * z[row + k];
      x[row + j] = mean[j] + length * s;
    }
  return x;
}

/** (L Lᵀ)⁻¹ */
export function inverseOf(factor: Float64Array, dim: number): Float64Array {
  const inverse = new Float64Array(dim * dim);
  const unit = new Float64Array(dim);
  for (let j = 0; j < dim; j++) {
    unit.fill(0);
    unit[j] = 1;
    solveCholesky(factor, dim, unit);
    inverse.set(unit, j * dim);
  }
  return inverse;
}

function aligned(covariance: Float64Array, dim: number): boolean {
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < i; j++) {
      const most = UNSEEN * Math.sqrt(covariance[i * dim + i] * covariance[j * dim + j]);
      if (Math.abs(covariance[i * dim + j]) > most) return false;
    }
  return true;
}
