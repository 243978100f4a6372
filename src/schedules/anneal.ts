/**
 * Annealing of walkers by feedback. The kick ℓ = √(2DΔτ) falls geometrically; Δτ follows the cloud so that one step of
 * Softmax (23) always selects with the same strength, Δτ · (standard deviation of ζ) = const. The pair gives D = ℓ²/2Δτ.
 */
import { entry, geometricBetween, type Info, inputError, type Schedule, shareOf } from "../core/index.ts";

export type Anneal = {
  /** The first kick, in units of x; above 0. */
  readonly from: number;
  /** The last kick; above 0. */
  readonly to: number;
  /** Steps of one descent; the next begins again at `from`, so that a larger budget is never idle. */
  readonly steps: number;
  /** Δτ · scatter: standard deviation of the logarithm of a step's weights. */
  readonly selection: number;
};

/** `dt` is the last Δτ, which holds where the scatter says nothing. */
type Carry = { readonly step: number; readonly dt: number };

// a scatter of 0 or ∞ must not make a Δτ or a D that is not finite
const SHORTEST = 1e-150;
const LONGEST = 1e150;

/** The annealing of walkers; its first step has Δτ = 0, to measure the scatter. It never ends by itself. */
export function anneal({ from, to, steps, selection }: Anneal): Schedule<Carry> {
  if (!(from > 0 && to > 0))
    throw inputError("schedule anneal", `falls from ${from} to ${to}`, "give two lengths above 0");
  return {
    name: "anneal",
    init: () => ({ step: 0, dt: 1 }),
    next({ step, dt: before }, last) {
      if (last === undefined)
        return [
          { D: 0, dt: 0 },
          { step, dt: before },
        ];
      const dt = duration(last, selection, before);
      const kick = geometricBetween(from, to, shareOf(step % steps, steps));
      return [
        { D: (kick / dt / 2) * kick, dt },
        { step: (step + 1) % steps, dt },
      ];
    },
  };
}

function duration({ scatter }: Info, selection: number, before: number): number {
  const dt = selection / scatter;
  if (!(scatter > 0 && dt > 0)) return before;
  return Math.min(LONGEST, Math.max(SHORTEST, dt));
}

export const annealEntry = entry({
  name: "anneal",
  summary: "walkers' kick falls geometrically, Δτ follows the scatter of ζ over the cloud, D = ℓ²/2Δτ",
  reference: "paper §3.1 and §4.1 (D from large to small), (23) for the selection",
  params: {
    from: { help: "first kick, in units of x", symbol: "ℓ", default: 1, min: 1e-300, log: true },
    to: { help: "last kick", default: 1e-8, min: 1e-300, log: true },
    steps: { help: "steps of one descent", default: 1000, min: 1, integer: true },
    selection: { help: "Δτ times the scatter of ζ", default: 1, min: 1e-6, max: 100 },
  },
  make: (values): Schedule => anneal(values),
});
