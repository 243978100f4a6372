/**
 * A block of Δt's: the course of the splitting, run by the propagator. Where the time is not purely real the norm decays;
 * it is brought back to 1, and what it lost is the growth energy −ln λ/Δτ. In real time it stays, but for the rounding of
 * the factors, about 10⁻¹⁶ a drift, which is the same at every step and adds up: it is put back.
 */
import { inputError, type Setting, type Tick } from "../../core/index.ts";
import { courseOf, type Law } from "./course.ts";
import { type Motion, prepare } from "./motion.ts";
import { squareSum } from "./observables.ts";
import { isReal, schemeFor } from "./schemes.ts";
import type { GridState } from "./state.ts";

export type Block = {
  /** −ln λ over ∫cos α ds; NaN in real time and where no time has passed. */
  readonly growth: number;
  /** Δt. */
  readonly dt: number;
  /** D and strength of ζ at the end. */
  readonly setting: Setting;
};

// long before the norm could leave the numbers, unless a single step takes it there
const STEPS_UNSCALED = 16;
/** A course of more steps would take more room than it saves time. */
const STEPS_AT_ONCE = 4096;

/** Takes ψ through the time of a tick. */
export function advance(
  state: GridState,
  motion: Motion,
  tick: Tick,
  options: { readonly dt: number; readonly order: 2 | 4; readonly law?: Law | undefined },
): Block {
  const { angle = 0 } = tick;
  checkTick(tick, angle);
  const law = options.law ?? (() => tick);
  const scheme = schemeFor(options.order, angle);
  prepare(motion, state, angle, scheme);
  // a duration that rounding has made a little longer takes no step more
  const steps = tick.dt > 0 ? Math.max(1, Math.ceil(tick.dt / options.dt - 1e-9)) : 0;
  const dt = steps > 0 ? tick.dt / steps : 0;
  const decays = !isReal(angle);
  const unitary = !decays && motion.edge !== "absorbing";
  const most = decays ? STEPS_UNSCALED : STEPS_AT_ONCE;
  const before = unitary ? squareSum(state.re, state.im) : 0;
  const from = state.time;
  let lost = 0;
  let decaying = 0;
  for (let done = 0; done < steps; done += most) {
    const span = { from: from + done * dt, dt, steps: Math.min(most, steps - done), angle };
    const course = courseOf(scheme, span, law, options.law === undefined);
    motion.propagator.evolve(course.kicks, course.drifts);
    if (!decays) continue;
    lost += motion.floor * course.shifted - 0.5 * Math.log(rescale(state, dt));
    decaying += course.decaying;
  }
  if (unitary && steps > 0) scale(state, Math.sqrt(before / squareSum(state.re, state.im)));
  state.time = from + tick.dt;
  const setting = law(state.time);
  if (!(setting.D > 0)) throw inputError("D", `${setting.D} is not above 0 at time ${state.time}`);
  return { growth: lost / decaying, dt, setting };
}

function checkTick({ D, dt }: Tick, angle: number): void {
  if (!(D > 0 && D < Number.POSITIVE_INFINITY)) throw inputError("D", `${D} is not above 0 and finite`);
  if (!(dt >= 0)) throw inputError("dt", `${dt} is below 0`);
  if (!(angle >= 0 && angle <= Math.PI / 2))
    throw inputError("angle", `${angle} is not between 0 (imaginary time) and π/2 (real time)`);
}

/** Makes the norm 1; returns what it was. */
function rescale(state: GridState, dt: number): number {
  const { lattice, re, im } = state;
  const norm = squareSum(re, im) * lattice.volume;
  if (!(norm > 0 && norm < Number.POSITIVE_INFINITY))
    throw inputError("dt", `nothing of ψ is left after ${STEPS_UNSCALED} steps of ${dt}`, "take shorter ones");
  scale(state, 1 / Math.sqrt(norm));
  return norm;
}

function scale({ re, im }: GridState, by: number): void {
  for (let i = 0; i < re.length; i++) {
    re[i] *= by;
    im[i] *= by;
  }
}
