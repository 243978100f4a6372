/**
 * Importance sampling: drift by 2D∇ln φ and accept or reject, so that without weights φ² would be sampled exactly at any
 * Δτ (Reynolds, Ceperley, Alder, Lester, J. Chem. Phys. 77, 5593, 1982; Umrigar, Nightingale, Runge, J. Chem. Phys. 99,
 * 2865, 1993).
 */
import { exp } from "../../math/elementary.ts";

/**
 * Turns ∇ln φ into the drift of a step, in units of length over Δτ: v = 2D∇ln φ. Near a node or a cusp |v| does not last
 * for Δτ: there it is scaled by (√(1 + 2q) − 1)/q with q = v²Δτ/2D, which keeps the way at most of the order √(DΔτ).
 * @param particle coordinates that are limited together; none where it is 0
 */
export function limitedDrift(gradient: Float64Array, size: number, D: number, dt: number, particle: number): void {
  if (particle === 0) {
    for (let e = 0; e < size; e++) gradient[e] *= 2 * D;
    return;
  }
  for (let start = 0; start < size; start += particle) {
    const end = Math.min(start + particle, size);
    let square = 0;
    for (let e = start; e < end; e++) square += gradient[e] * gradient[e];
    const q = 2 * D * dt * square;
    const scale = 2 * D * (q > 1e-8 ? (Math.sqrt(1 + 2 * q) - 1) / q : 1);
    for (let e = start; e < end; e++) gradient[e] = scale * gradient[e];
  }
}

export type Move = {
  readonly x: Float64Array;
  readonly log: Float64Array;
  /** Limited drift. */
  readonly drift: Float64Array;
};

/** Of a step: the mean probability of acceptance, and Δτ's share Σ p r² / Σ r² that the walkers have really diffused. */
export type Accepted = { readonly acceptance: number; readonly share: number };

/**
 * Decides by Metropolis' rule which of n moves are made: p = min(1, φ²(x')G(x ← x') / φ²(x)G(x' ← x)).
 * @param uniforms n numbers in [0, 1)
 * @param accepted 1 or 0 for each walker
 */
export function decide(
  from: Move,
  to: Move,
  n: number,
  dim: number,
  { D, dt }: { readonly D: number; readonly dt: number },
  uniforms: Float64Array,
  accepted: Uint8Array,
): Accepted {
  let [total, way, all] = [0, 0, 0];
  for (let i = 0, e = 0; i < n; i++) {
    let [there, back, square] = [0, 0, 0];
    for (let j = 0; j < dim; j++, e++) {
      const step = to.x[e] - from.x[e];
      const forth = step - dt * from.drift[e];
      const reverse = -step - dt * to.drift[e];
      there += forth * forth;
      back += reverse * reverse;
      square += forth * forth;
    }
    const ratio = 2 * (to.log[i] - from.log[i]) - (back - there) / (4 * D * dt);
    // what is no number (φ vanishes there) is refused
    const p = ratio >= 0 ? 1 : ratio > -700 ? exp(ratio) : 0;
    accepted[i] = uniforms[i] < p ? 1 : 0;
    total += p;
    way += p * square;
    all += square;
  }
  return { acceptance: total / n, share: all > 0 ? way / all : 1 };
}
