/**
 * Geometric schedules: D falls by the same factor at every step, the outer loop of paper §3.1 and of simulated annealing.
 */
import { entry, geometricBetween, inputError, type Schedule, type Setting, shareOf } from "../core/index.ts";

export type Geometric = {
  /** D at the first step, in units of ζ · x² for H (of ζ for a temperature); above 0. */
  readonly from: number;
  /** D at the last step; above 0. */
  readonly to: number;
  /** Steps until the schedule ends, at least 1. */
  readonly steps: number;
  readonly dt: number;
  /** Whether D begins again at `from` where it has come down, so that a larger budget is never idle. */
  readonly again?: boolean;
};

/** D_k = from · (to / from)^{k / (steps − 1)} for k = 0 … steps − 1, then the end, or all over again. */
export function geometric({ from, to, steps, dt, again = false }: Geometric): Schedule<number> {
  if (!(from > 0 && to > 0))
    throw inputError("schedule geometric", `falls from ${from} to ${to}`, "give two numbers above 0");
  const at = (k: number): Setting => ({ D: geometricBetween(from, to, shareOf(k, steps)), dt });
  return {
    name: "geometric",
    init: () => 0,
    next: (k) => (k < steps || again ? [at(k % steps), k + 1] : null),
    at: (t) => at(dt > 0 ? Math.min(steps - 1, t / dt) : 0),
  };
}

export const geometricEntry = entry({
  name: "geometric",
  summary: "D falls by the same factor at every step, then the run ends",
  reference: "Kirkpatrick, Gelatt, Vecchi, Science 220, 671 (1983), for the temperature; paper §3.1 for D",
  params: {
    from: { help: "D at the first step", symbol: "D", default: 1, min: 1e-300, log: true },
    to: { help: "D at the last step", default: 1e-6, min: 1e-300, log: true },
    steps: { help: "steps", default: 1000, min: 1, integer: true },
    dt: { help: "imaginary time of a step", symbol: "Δτ", default: 0.01, min: 0 },
  },
  make: (values): Schedule => geometric(values),
});
