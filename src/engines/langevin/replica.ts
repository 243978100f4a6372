/**
 * Replica exchange (Swendsen and Wang, Phys. Rev. Lett. 57, 2607, 1986; Geyer 1991): the same chains at several D, from the
 * one asked for up to one at which barriers are low. Neighbors in D trade places by Metropolis' rule, even pairs and odd
 * pairs in turn (Okabe et al., Chem. Phys. Lett. 335, 435, 2001), so that each D keeps its law e^{−ζ/D}.
 */
import type { Ask, Domain, Engine, Info, View } from "../../core/index.ts";
import { copy, together } from "../../core/index.ts";
import { metropolisRule } from "../../math/acceptance.ts";
import { fold, type Key, uniform } from "../../math/rng.ts";
import { type Chains, viewOf } from "./chains.ts";
import { pulls } from "./scaling.ts";

export type ReplicaOptions = {
  /** How many D's. */
  readonly rungs: number;
  /** The highest D over the lowest. */
  readonly hottest: number;
};

type Replicas = {
  /** From the D asked for upward. */
  readonly rungs: readonly Chains[];
  /** For each pair of neighbors: trades that were tried, and their probabilities added up. */
  readonly tried: Float64Array;
  readonly traded: Float64Array;
};

/**
 * Replica exchange over a sampler.
 * @param inner what moves the chains of each rung
 */
export function replica(inner: Engine<Chains>, { rungs, hottest }: ReplicaOptions): Engine<Replicas> {
  const heat = Float64Array.from({ length: rungs }, (_, r) => hottest ** (rungs > 1 ? r / (rungs - 1) : 0));
  return {
    name: "replica",
    needs: inner.needs,

    *init(domain: Domain, key: Key): Ask<Replicas> {
      const all = yield* together(Array.from(heat, (_, r) => inner.init(copy(domain), fold(key, r))));
      const pairs = Math.max(0, rungs - 1);
      return { rungs: all, tried: new Float64Array(pairs), traded: new Float64Array(pairs) };
    },

    *step(working, tick): Ask<Info> {
      const at = (r: number): number => tick.D * heat[r];
      const infos = yield* together(
        working.rungs.map((rung, r) => inner.step(rung, { ...tick, D: at(r), key: fold(tick.key, r) })),
      );
      for (let r = tick.index % 2; r + 1 < rungs; r += 2)
        trade(working, r, at(r), at(r + 1), fold(tick.key, rungs + r));
      const blind = infos.reduce((sum, info) => sum + info.blind, 0);
      return { ...infos[0], blind, swaps: least(working) };
    },

    view: ({ rungs }): View => viewOf(rungs[0]),
  };
}

/** Chains of rung r trade places with those of the next, each with probability min(1, e^{(1/D − 1/D')(ζ − ζ')}). */
function trade({ rungs, tried, traded }: Replicas, r: number, D: number, above: number, key: Key): void {
  if (!(D > 0)) return;
  const [cold, hot] = [rungs[r], rungs[r + 1]];
  const n = cold.value.length;
  for (let c = 0; c < n; c++) {
    const [a, b] = [cold.value[c], hot.value[c]];
    const cost = a === b ? 0 : (1 / D - 1 / above) * (b - a);
    const p = metropolisRule(cost, 1);
    tried[r]++;
    traded[r] += p;
    if (uniform(key, c) < p) exchange(cold, hot, c, Math.sqrt(above / D));
  }
  const dim = cold.domain.lower.length;
  if (cold.slope.length === 0) return;
  for (const { tuning, slope, pull } of [cold, hot]) pulls(tuning.scale, dim, slope, pull);
}

/** Chain c of one rung with that of another; momenta keep their direction and take on the other's temperature. */
function exchange(cold: Chains, hot: Chains, c: number, warmer: number): void {
  const dim = cold.domain.lower.length;
  swap(cold.value, hot.value, c, c + 1);
  swap(cold.x, hot.x, c * dim, (c + 1) * dim);
  if (cold.slope.length > 0) swap(cold.slope, hot.slope, c * dim, (c + 1) * dim);
  if (cold.momentum.length === 0) return;
  swap(cold.momentum, hot.momentum, c * dim, (c + 1) * dim);
  for (let e = c * dim; e < (c + 1) * dim; e++) {
    cold.momentum[e] /= warmer;
    hot.momentum[e] *= warmer;
  }
}

function swap(a: Float64Array, b: Float64Array, from: number, to: number): void {
  for (let e = from; e < to; e++) [a[e], b[e]] = [b[e], a[e]];
}

/** The acceptance of trades between the pair that trades least; 1 where nothing was tried. */
function least({ tried, traded }: Replicas): number {
  return tried.reduce((low, n, r) => (n > 0 ? Math.min(low, traded[r] / n) : low), 1);
}
