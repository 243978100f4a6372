/**
 * The steady schedule: the same setting at every step. For fixed D, and for engines that govern their own D.
 */
import { entry, type Schedule, type Setting } from "../core/index.ts";

/** The schedule that never changes and never ends. */
export function steady(setting: Setting): Schedule<null> {
  return { name: "steady", init: () => null, next: () => [setting, null], at: () => setting };
}

export const steadyEntry = entry({
  name: "steady",
  summary: "the same D and Δτ at every step, without end",
  reference: "paper (8) at fixed D",
  params: {
    D: { help: "diffusion coefficient", symbol: "D", default: 1, min: 0 },
    dt: { help: "imaginary time of a step", symbol: "Δτ", default: 0.01, min: 0 },
  },
  make: (values): Schedule => steady(values),
});
