/**
 * Langevin dynamics, x' = x − Δτ ∇ζ + √(2DΔτ) ξ: the 1-order level, many chains at once, every step taken. To first order
 * in Δτ it samples e^{−ζ/D} (1 + Δτ (V − ⟨V⟩)) with V = ‖∇ζ‖²/4D − ∇²ζ/2, the potential of the Schrödinger equation that
 * belongs to Fokker–Planck's: a bias of order Δτ. In warm-up, which is thrown away, steps are accepted as by mala. A step over
 * a wall is not taken.
 */
import type { Engine } from "../../core/index.ts";
import type { Key } from "../../math/rng.ts";
import {
  aim,
  type ChainOptions,
  type Chains,
  draw,
  freshChains,
  go,
  look,
  probability,
  settle,
  viewOf,
} from "./chains.ts";
import { isWarming, ready } from "./tuning.ts";

/** Acceptance that a correction would have: with so few refused, the bias is a few per cent. */
const WANTED = 0.998;

/** The same where D falls and no law is kept. */
const WANTED_ANNEALED = 0.9;

/** Unadjusted Langevin chains. */
export function langevin(given: ChainOptions): Engine<Chains> {
  const anneals = given.warmup === Number.POSITIVE_INFINITY;
  return {
    name: "langevin",
    needs: ["gradient"],
    init: (domain, key) => freshChains(domain, key, given, { gradients: true }),

    *step(working, { D, key }) {
      ready(working.tuning, working.domain, D, given);
      const warming = !anneals && isWarming(working.tuning, given);
      const most = longest(working, D, TAMED);
      drift(working, D, key, most);
      aim(working, given, key);
      const found = yield* look(working);
      let would = 0;
      for (let c = 0; c < found.value.length; c++) {
        const to = found.value[c];
        const gain = rise(working, c, to, most);
        const p = probability(working, "metropolis", gain, D, c, to);
        if (working.toss[c] <= 1) would += p;
        const isTaken = warming ? working.toss[c] < p : working.toss[c] <= 1 && to < Infinity && !Number.isNaN(gain);
        if (isTaken) go(working, c, to, found.gradient);
      }
      return settle(working, given, D, would / found.value.length, anneals ? WANTED_ANNEALED : WANTED);
    },

    view: viewOf,
  };
}

/** A drift is at most so many times as long as the noise: the tamed step of Roberts and Tweedie (Bernoulli 2, 341, 1996). */
export const TAMED = 10;

/** The greatest square of a pull whose drift is no longer than so many times the noise. */
export function longest({ domain, tuning }: Chains, D: number, times: number): number {
  return D > 0 ? (times * times * 2 * D * domain.lower.length) / tuning.step : Number.POSITIVE_INFINITY;
}

/** The factor that keeps a pull of square p² tame. */
function tamed(square: number, most: number): number {
  return square > most ? Math.sqrt(most / square) : 1;
}

/** δ ← −Δτ Lᵀ∇ζ + √(2DΔτ) ξ, with pulls of square above `most` tamed. */
export function drift(state: Chains, D: number, key: Key, most: number): void {
  const { delta, pull, tuning, domain } = state;
  const dim = domain.lower.length;
  const { step } = tuning;
  const kick = Math.sqrt(2 * D * step);
  draw(state, key);
  for (let e = 0; e < delta.length; e += dim) {
    let square = 0;
    for (let f = e; f < e + dim; f++) square += pull[f] * pull[f];
    const share = step * tamed(square, most);
    for (let f = e; f < e + dim; f++) delta[f] = kick * delta[f] - share * pull[f];
  }
}

/**
 * −D ln [p(x') q(x|x') / p(x) q(x'|x)] of chain c = ζ' − ζ − ½ δ·(g + g') + ¼ Δτ (|g'|² − |g|²) with g = Lᵀ∇ζ: what the
 * trapezoid rule misses of the rise, and what the drift adds; pulls tamed as in `drift`.
 */
export function rise(state: Chains, c: number, value: number, most: number): number {
  const { delta, pull, there, tuning, domain } = state;
  const dim = domain.lower.length;
  let here2 = 0;
  let there2 = 0;
  let workHere = 0;
  let workThere = 0;
  for (let e = c * dim; e < (c + 1) * dim; e++) {
    const d = delta[e];
    const g = pull[e];
    const h = there[e];
    here2 += g * g;
    there2 += h * h;
    workHere += d * g;
    workThere += d * h;
  }
  const work = tamed(here2, most) * workHere + tamed(there2, most) * workThere;
  return value - state.value[c] - 0.5 * work + 0.25 * tuning.step * (Math.min(there2, most) - Math.min(here2, most));
}
