/**
 * The packets as pictures see them: Gaussians in the user's coordinates, weighted by the Softmax of their families.
 */
import type { Packet, View } from "../../core/engine.ts";
import type { Domain } from "../../core/problem.ts";
import type { Harmonic } from "./harmonic.ts";
import type { Product } from "./product.ts";
import { H, type PacketsState, PROBE, PRODUCT } from "./state.ts";
import { softmaxWeights } from "./superposition.ts";
import { toUser } from "./walls.ts";
import { varianceAlong, type Wide } from "./wide.ts";

/** Names of the families, by their numbers. */
export const LABELS = ["wide", "small", "harmonic", "product", "probe"];

/** The latest packet of every family that has one; before their first birth, the one state there is. */
export function view(state: PacketsState, prior: readonly number[]): View {
  const { domain, families, levels, harmonic } = state;
  const alone = (family: number, gaussian: Gaussian): View => ({
    kind: "gaussian",
    packets: [{ label: LABELS[family], family, weight: 1, ...inDomain(domain, gaussian) }],
  });
  if (families.every(({ births }) => births === 0)) {
    if (harmonic !== null) return alone(H, ofHarmonic(harmonic));
    if (state.product !== null) return alone(PRODUCT, ofProduct(state.product));
    if (state.probe !== null) return alone(PROBE, { mean: state.probe.x, deviation: state.probe.reach });
  }
  const w = softmaxWeights(families, prior).map((v, a) => (families[a].births > 0 ? v : 0));
  const total = w.reduce((sum, v) => sum + v, 0);
  const packets: Packet[] = [];
  for (let a = 0; a < families.length; a++) {
    if (families[a].births === 0) continue;
    if (a === H && harmonic === null) continue;
    const gaussian = a === H && harmonic !== null ? ofHarmonic(harmonic) : ofWide(levels[a].packet);
    packets.push({ label: LABELS[a], family: a, weight: total > 0 ? w[a] / total : 1, ...inDomain(domain, gaussian) });
  }
  return { kind: "gaussian", packets };
}

type Gaussian = Pick<Packet, "mean" | "deviation">;

/** N(m, σ²C) */
function ofWide(packet: Wide): Gaussian {
  const { mean, sigma } = packet;
  return { mean, deviation: mean.map((_, i) => sigma * Math.sqrt(varianceAlong(packet, i))) };
}

/**
 * N(x, √(D/2) P^½). The deviation is an upper bound, exact where P is diagonal: (P^½)ᵢᵢ ≤ √Pᵢᵢ spares a
 * diagonalization at every look.
 */
function ofHarmonic({ x, well, reading }: Harmonic): Gaussian {
  const dim = x.length;
  const { inverse, thin } = well;
  const size = Math.sqrt(reading.D / 2);
  return {
    mean: x,
    deviation: x.map((_, i) =>
      Math.sqrt(size * Math.sqrt(Math.max(0, thin === null ? inverse[i * dim + i] : thin.softness))),
    ),
  };
}

/** The best coordinate of every axis, and how far from it the next local look would be. */
function ofProduct({ axes, next }: Product): Gaussian {
  const mean = Float64Array.from(axes, ({ t, best }) => t[best]);
  return { mean, deviation: mean.map((u, i) => Math.abs(next.t[i] - u)) };
}

/** Moves a Gaussian out of its image into the domain. */
function inDomain(domain: Domain, { mean, deviation }: Gaussian): Gaussian {
  const { lower, upper } = domain;
  return {
    mean: mean.map((u, j) => toUser(domain, j, u)),
    deviation: deviation.map((s, j) => s * (upper[j] - lower[j])),
  };
}
