/**
 * Populations of levels in imaginary time: ψ = Σ c_k φ_k e^{−E_kτ} (21). The paper reads the amplitudes as
 * probabilities, which is the Softmax (23), and for two levels the Sigmoid (24)(25). By Born they are the squares:
 * with equal |c_k| the same Softmax at 2τ (erratum E4).
 */
import { softmax } from "./softmax.ts";

/** (23): P_k = e^{−E_kτ} / Σ e^{−E_iτ}; exact for Boltzmann weights, and where ψ itself is the density. */
export function softmaxPopulations(energies: ArrayLike<number>, tau: number): Float64Array {
  const p = logits(energies, tau);
  softmax(p);
  return p;
}

/**
 * Born: P_k = |c_k|² e^{−2E_kτ} / Σ |c_i|² e^{−2E_iτ}.
 * @param weights |c_k|² up to a factor, ≥ 0, not all 0; equal ones where they are left out
 */
export function bornPopulations(energies: ArrayLike<number>, tau: number, weights?: ArrayLike<number>): Float64Array {
  const p = logits(energies, 2 * tau);
  if (weights !== undefined) for (let k = 0; k < p.length; k++) p[k] += Math.log(weights[k]);
  softmax(p);
  return p;
}

/** Energies are taken from the lowest one, so that Eτ may be as large as it likes. */
function logits(energies: ArrayLike<number>, tau: number): Float64Array {
  const E = Float64Array.from(energies);
  const lowest = E.reduce((least, e) => Math.min(least, e), Infinity);
  return E.map((e) => (e === lowest ? 0 : -(e - lowest) * tau));
}

/** (25): S(x) = 1 / (1 + e^{−xτ}); with x = E_b − E_a it is (24), the population of the lower of two levels. */
export function sigmoid(x: number, tau = 1): number {
  const z = x * tau;
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}
