/**
 * Where the states live. A state of energy E decays into the forbidden region at least as e^{−ρ(x)}, with Agmon's
 * distance ρ from {ζ ≤ E}: |∇ρ| = √((ζ − E)/D). What lies beyond ρ = S adds e^{−2S} to the levels and is left out.
 * S. Agmon, Lectures on Exponential Decay of Solutions (1982).
 */
import { type Axis, pointWeights } from "../../math/dvr.ts";
import { arrivalTimes } from "../../math/marching.ts";
import { sum } from "../../math/sum.ts";

/** ζ at all points of a product grid, the last axis running fastest. */
export type Table = { readonly axes: readonly Axis[]; readonly zeta: Float64Array };

/** Agmon's distance to the region {ζ ≤ E}, right up to `limit` and Infinity beyond. */
export function agmonDistance({ axes, zeta }: Table, E: number, D: number, limit: number, periodic: boolean) {
  // the region is never empty: a grid that misses it begins at its lowest point
  const level = Math.max(E, lowest(zeta));
  const slowness = zeta.map((z) => Math.sqrt(Math.max(0, z - level) / D));
  return arrivalTimes({ axes: axes.map(({ x }) => x), slowness, periodic }, limit);
}

export function lowest(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let p = 0; p < values.length; p++) if (values[p] < least) least = values[p];
  return least;
}

/** Γ(d/2 + 1) */
const GAMMA = [1, Math.sqrt(Math.PI) / 2, 1, (3 * Math.sqrt(Math.PI)) / 4];

/**
 * Weyl's estimate of the energy below which there are k levels: the phase space of −D∇² + ζ < E holds one state in each
 * (2π)^d, so k = ∫ (E − ζ)₊^{d/2} dx / ((4πD)^{d/2} Γ(d/2 + 1)).
 */
export function weylEnergy({ axes, zeta }: Table, D: number, k: number): number {
  const dim = axes.length;
  const weight = pointWeights(axes);
  const volume = sum(weight);
  const states = (E: number): number => {
    let phase = 0;
    for (let p = 0; p < zeta.length; p++) if (zeta[p] < E) phase += weight[p] * (E - zeta[p]) ** (dim / 2);
    return phase / ((4 * Math.PI * D) ** (dim / 2) * GAMMA[dim]);
  };
  const bottom = lowest(zeta);
  let low = 0;
  // as if ζ were flat over the whole box: more than enough
  let high = 4 * Math.PI * D * ((k * GAMMA[dim]) / volume) ** (2 / dim);
  while (states(bottom + high) < k) high *= 2;
  for (let i = 0; i < 40 && high - low > 1e-3 * high; i++) {
    const middle = 0.5 * (low + high);
    if (states(bottom + middle) < k) low = middle;
    else high = middle;
  }
  return bottom + high;
}
