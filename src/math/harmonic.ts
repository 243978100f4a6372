/**
 * The harmonic well in closed form: H = −D∇² + ½xᵀKx, the exact dynamics of the 2-order Taylor approximation. Levels
 * E_n = Σ_i √(2Dk_i)(n_i + ½) with k_i the eigenvalues of K; ground state Gaussian with covariance √(D/2) K^{−½}.
 */
import { eigenSymmetric } from "./eigen.ts";

/**
 * The `count` lowest levels, ascending, with their multiplicities.
 * @param curvatures k_i > 0
 */
export function harmonicLevels(D: number, curvatures: ArrayLike<number>, count: number): number[] {
  const omegas = Array.from(curvatures, (k) => Math.sqrt(2 * D * k));
  const ground = omegas.reduce((sum, omega) => sum + omega / 2, 0);
  // axis by axis: of any level among the lowest, what is left without one axis is among the lowest there
  return omegas.reduce((levels, omega) => lowestSums(levels, omega, count), [ground]);
}

/** The lowest of level + nω over all levels and n ≥ 0. */
function lowestSums(levels: readonly number[], omega: number, count: number): number[] {
  const sums = levels.flatMap((level) => Array.from({ length: count }, (_, n) => level + n * omega));
  return sums.sort((a, b) => a - b).slice(0, count);
}

/**
 * The covariance √(D/2) K^{−½} of the ground state's |φ₀|², [dim × dim].
 * @returns null where K is not positive definite
 */
export function groundCovariance(D: number, K: Float64Array, dim: number): Float64Array | null {
  const values = new Float64Array(dim);
  const vectors = new Float64Array(dim * dim);
  if (!eigenSymmetric(K, dim, values, vectors) || !(values[0] > 0)) return null;
  const covariance = new Float64Array(dim * dim);
  for (let e = 0; e < dim; e++) {
    const width = Math.sqrt(D / (2 * values[e]));
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++) covariance[i * dim + j] += width * (vectors[e * dim + i] * vectors[e * dim + j]);
  }
  return covariance;
}

/**
 * The energy that imaginary-time steps of length Δτ settle at under Strang's splitting, −ln λ/Δτ = asinh(ωΔτ/2)/Δτ
 * with ω = √(2Dk), on one axis: below E₀ = ω/2 by O(Δτ²).
 */
export function strangGrowthEnergy(D: number, k: number, dt: number): number {
  return Math.asinh((Math.sqrt(2 * D * k) * dt) / 2) / dt;
}
