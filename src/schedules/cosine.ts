/**
 * Cosine schedules: D falls along half a wave, slowly at both ends, so that the state settles before and after.
 */
import { entry, inputError, type Schedule, type Setting, shareOf } from "../core/index.ts";

export type Cosine = {
  /** D at the first step, above 0. */
  readonly from: number;
  /** D at the last step, ≥ 0. */
  readonly to: number;
  /** Steps until the schedule ends, at least 1. */
  readonly steps: number;
  readonly dt: number;
};

/** D_k = to + (from − to)(1 + cos(πk / (steps − 1))) / 2 for k = 0 … steps − 1, then the end. */
export function cosine({ from, to, steps, dt }: Cosine): Schedule<number> {
  if (!(from > 0 && to >= 0))
    throw inputError("schedule cosine", `falls from ${from} to ${to}`, "give a number above 0 and one not below 0");
  // the weights of a convex sum: D never leaves the interval by rounding
  const at = (k: number): Setting => {
    const weight = Math.cos((Math.PI / 2) * shareOf(k, steps)) ** 2;
    return { D: weight * from + (1 - weight) * to, dt };
  };
  return {
    name: "cosine",
    init: () => 0,
    next: (k) => (k < steps ? [at(k), k + 1] : null),
    at: (t) => at(dt > 0 ? Math.min(steps - 1, t / dt) : 0),
  };
}

export const cosineEntry = entry({
  name: "cosine",
  summary: "D falls along half a cosine wave, then the run ends",
  reference: "Loshchilov, Hutter, ICLR 2017, arXiv:1608.03983, eq. (5), for a learning rate; paper §3.1 for D",
  params: {
    from: { help: "D at the first step", symbol: "D", default: 1, min: 1e-300, log: true },
    to: { help: "D at the last step", default: 1e-6, min: 0 },
    steps: { help: "steps", default: 1000, min: 1, integer: true },
    dt: { help: "imaginary time of a step", symbol: "Δτ", default: 0.01, min: 0 },
  },
  make: (values): Schedule => cosine(values),
});
