/**
 * Langevin dynamics, x' = x − Δτ ∇ζ + √(2DΔτ) ξ: the 1-order level, many chains at once, every step taken. To first order
 * in Δτ it samples e^{−ζ/D} (1 + Δτ (V − ⟨V⟩)) with V = ‖∇ζ‖²/4D − ∇²ζ/2, the potential of the Schrödinger equation that
 * belongs to Fokker–Planck's: a bias of order Δτ. In warm-up, which is thrown away, steps are accepted as by mala.
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

/** Unadjusted Langevin chains. */
export function langevin(given: ChainOptions): Engine<Chains> {
  return {
    name: "langevin",
    needs: ["gradient"],
    init: (domain, key) => freshChains(domain, key, given, { gradients: true }),

    *step(working, { D, key }) {
      ready(working.tuning, working.domain, D, given);
      const warming = isWarming(working.tuning, given);
      drift(working, D, key);
      aim(working, given, key);
      const found = yield* look(working);
      let would = 0;
      for (let c = 0; c < found.value.length; c++) {
        const to = found.value[c];
        const p = probability("metropolis", rise(working, c, to, D), D, working.value[c], to);
        if (working.toss[c] <= 1) would += p;
        if (working.toss[c] >= (warming ? p : 1.5) || to === Infinity) continue;
        go(working, c, to, found.gradient);
      }
      return settle(working, given, D, would / found.value.length, WANTED);
    },

    view: viewOf,
  };
}

/** A drift is at most so many times as long as the noise: the tamed step of Roberts and Tweedie (Bernoulli 2, 341, 1996). */
const TAMED = 10;

/** The factor that keeps a pull of square p² tame. */
function tamed(square: number, dim: number, D: number, step: number): number {
  const longest = (TAMED * TAMED * 2 * D * dim) / step;
  return D > 0 && square > longest ? Math.sqrt(longest / square) : 1;
}

function squareOf(p: Float64Array, from: number, to: number): number {
  let square = 0;
  for (let e = from; e < to; e++) square += p[e] * p[e];
  return square;
}

/** δ ← −Δτ Lᵀ∇ζ + √(2DΔτ) ξ, with the drift tamed. */
export function drift(state: Chains, D: number, key: Key): void {
  const { delta, pull, tuning, domain } = state;
  const dim = domain.lower.length;
  const { step } = tuning;
  const kick = Math.sqrt(2 * D * step);
  draw(state, key);
  for (let e = 0; e < delta.length; e += dim) {
    const tame = tamed(squareOf(pull, e, e + dim), dim, D, step);
    for (let f = e; f < e + dim; f++) delta[f] = kick * delta[f] - step * tame * pull[f];
  }
}

/**
 * −D ln [p(x') q(x|x') / p(x) q(x'|x)] of chain c = ζ' − ζ − ½ δ·(g + g') + ¼ Δτ (|g'|² − |g|²) with g = Lᵀ∇ζ: what the
 * trapezoid rule misses of the rise, and what the drift adds.
 */
export function rise(state: Chains, c: number, value: number, D: number): number {
  const { delta, pull, there, tuning, domain } = state;
  const dim = domain.lower.length;
  const { step } = tuning;
  const from = c * dim;
  const here2 = squareOf(pull, from, from + dim);
  const there2 = squareOf(there, from, from + dim);
  const [a, b] = [tamed(here2, dim, D, step), tamed(there2, dim, D, step)];
  let work = 0;
  for (let e = from; e < from + dim; e++) work += delta[e] * (a * pull[e] + b * there[e]);
  return value - state.value[c] - 0.5 * work + 0.25 * step * (b * (b * there2) - a * (a * here2));
}
