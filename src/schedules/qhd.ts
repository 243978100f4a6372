/**
 * Quantum Hamiltonian Descent's schedule in real time: H(t) = 2/(s + t³) · (−½∇²) + 2t³ V on the unit cube, with V the
 * objective in units of the cube's width L: V(y) = ζ(a + Ly)/L. In the objective's own coordinates, which engines use,
 * D = L²/(s + t³) and ζ has strength 2t³/L.
 */
import { entry, inputError, type Schedule, type Setting } from "../core/index.ts";

export type Qhd = {
  /** T: the time at which the run ends, above 0. */
  readonly duration: number;
  readonly dt: number;
  /** s > 0, which keeps the kinetic energy finite at t = 0. */
  readonly softening: number;
  /** L > 0, the width of the domain, equal on every axis. */
  readonly width: number;
};

/** Step k runs at the coefficients of its beginning, t = kΔt; `at(t)` knows those in between. */
export function qhd({ duration, dt, softening, width }: Qhd): Schedule<number> {
  if (!(duration > 0 && dt > 0 && softening > 0 && width > 0))
    throw inputError(
      "schedule qhd",
      `duration ${duration}, dt ${dt}, softening ${softening}, width ${width}`,
      "give four numbers above 0",
    );
  const steps = Math.max(1, Math.round(duration / dt));
  const at = (t: number): Setting => ({
    D: width ** 2 / (softening + t ** 3),
    dt,
    strength: (2 * t ** 3) / width,
    angle: Math.PI / 2,
  });
  return {
    name: "qhd",
    init: () => 0,
    next: (k) => (k < steps ? [at(k * dt), k + 1] : null),
    at,
  };
}

export const qhdEntry = entry({
  name: "qhd",
  summary: "Quantum Hamiltonian Descent: D = L²/(s + t³), strength of ζ 2t³/L, in real time",
  reference: "Leng, Hickman, Li, Wu, arXiv:2303.01471; code jiaqileng/quantum-hamiltonian-descent@250bc183",
  params: {
    duration: { help: "time at which the run ends", symbol: "T", default: 10, min: 1e-300 },
    dt: { help: "time of a step", symbol: "Δt", default: 0.001, min: 1e-300, log: true },
    softening: { help: "s, keeps D finite at t = 0", symbol: "s", default: 1e-3, min: 1e-300, log: true },
    width: { help: "width of the domain, on every axis", symbol: "L", default: 1, min: 1e-300, log: true },
  },
  make: (values): Schedule => qhd(values),
});
