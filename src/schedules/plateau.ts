/**
 * Plateaus: the two loops of the paper (§3.1, §4.1) to the letter. At each scale D stands still until the state has
 * become stationary, which the energy tells; then D falls to the next scale.
 */
import { entry, geometricBetween, type Info, inputError, type Schedule, shareOf } from "../core/index.ts";

export type Plateau = {
  /** D at the first scale, above 0. */
  readonly from: number;
  /** D at the last scale, above 0. */
  readonly to: number;
  /** Scales, at least 1. */
  readonly scales: number;
  /** Steps in a row without a fall of the energy after which a scale is stationary, at least 1. */
  readonly patience: number;
  /** A fall counts where it exceeds this share of the whole fall at this scale; ≥ 0. */
  readonly tolerance: number;
  readonly dt: number;
};

/** At scale `scale` for `waited` steps without a fall; the energy began at `first` and is down to `lowest`. */
type Carry = { readonly scale: number; readonly waited: number; readonly first: number; readonly lowest: number };

const arrival = (scale: number): Carry => ({ scale, waited: 0, first: Infinity, lowest: Infinity });

/** D_m = from · (to / from)^{m / (scales − 1)}, each held until the energy stands; ends when the last one stands. */
export function plateau({ from, to, scales, patience, tolerance, dt }: Plateau): Schedule<Carry> {
  if (!(from > 0 && to > 0))
    throw inputError("schedule plateau", `falls from ${from} to ${to}`, "give two numbers above 0");
  return {
    name: "plateau",
    init: () => arrival(0),
    next(before, last) {
      const now = last === undefined ? before : waited(before, last, tolerance);
      const carry = now.waited < patience ? now : arrival(now.scale + 1);
      if (carry.scale >= scales) return null;
      return [{ D: geometricBetween(from, to, shareOf(carry.scale, scales)), dt }, carry];
    },
  };
}

/** The carry after a step that reported `energy`; neither its zero nor its unit matters. */
function waited({ scale, waited: steps, first, lowest }: Carry, { energy }: Info, tolerance: number): Carry {
  if (first === Infinity && Number.isFinite(energy)) return { scale, waited: 0, first: energy, lowest: energy };
  if (lowest - energy > tolerance * (first - energy)) return { scale, waited: 0, first, lowest: energy };
  return { scale, waited: steps + 1, first, lowest };
}

export const plateauEntry = entry({
  name: "plateau",
  summary: "D stands at each scale until the energy does, then falls to the next; the run ends after the last",
  reference: "paper §3.1 and §4.1: the outer loop lowers D, the inner one evolves to the stationary state of the scale",
  params: {
    from: { help: "D at the first scale", symbol: "D", default: 1, min: 1e-300, log: true },
    to: { help: "D at the last scale", default: 1e-6, min: 1e-300, log: true },
    scales: { help: "scales", default: 20, min: 1, integer: true },
    patience: { help: "steps without a fall of the energy that end a scale", default: 10, min: 1, integer: true },
    tolerance: { help: "share of the scale's whole fall that counts as a fall", default: 1e-4, min: 0, max: 1 },
    dt: { help: "imaginary time of a step", symbol: "Δτ", default: 0.01, min: 0 },
  },
  make: (values): Schedule => plateau(values),
});
