/**
 * Walkers that die: at the walls of the domain and at a node that was given. A walker that ends its step alive may have
 * crossed within it. Beside a plane, at distances d and d' before and after, a Brownian bridge of variance 2DΔτ has
 * crossed with probability e^{−dd'/(DΔτ)}: survival weighs the walker, and Δτ costs no error of order √Δτ.
 */
import type { Domain, Points } from "../../core/index.ts";
import { exp } from "../../math/elementary.ts";

/** Signed distances of points to the surface on which ψ is to vanish, to first order g/‖∇g‖; one sign a side. */
export type Node = {
  readonly name: string;
  distance(at: Points, out: Float64Array): void;
};

/** Beyond it e^{−x} is no longer seen beside 1. */
const FAR = 37;

/**
 * survival_i ← survival_i × P(walker i met no wall on its way from `from` to `to`), 0 where it ended outside.
 * @param n walkers
 * @param spread DΔτ
 */
export function surviveWalls(
  { lower, upper }: Domain,
  from: Float64Array,
  to: Float64Array,
  n: number,
  spread: number,
  survival: Float64Array,
): void {
  const dim = lower.length;
  const most = FAR * spread;
  for (let i = 0, e = 0; i < n; i++)
    for (let j = 0; j < dim; j++, e++) {
      const [left, right] = [to[e] - lower[j], upper[j] - to[e]];
      if (!(left > 0 && right > 0)) survival[i] = 0;
      else {
        const [below, above] = [left * (from[e] - lower[j]), right * (upper[j] - from[e])];
        if (below < most) survival[i] *= 1 - exp(-below / spread);
        if (above < most) survival[i] *= 1 - exp(-above / spread);
      }
    }
}

/** The same for a node, from the signed distances before and after. */
export function surviveNode(
  before: Float64Array,
  after: Float64Array,
  n: number,
  spread: number,
  survival: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const product = before[i] * after[i];
    survival[i] *= product > 0 ? 1 - exp(-product / spread) : 0;
  }
}
