/**
 * The course of a block of steps: every kick and drift with its coefficients, D and the strength of ζ taken at the time
 * where they act.
 */
import type { Setting } from "../../core/index.ts";
import { DRIFT, KICK } from "../../math/grid.ts";
import { isReal, type Scheme } from "./schemes.ts";

/** D and the strength of ζ at a time. */
export type Law = (t: number) => Setting;

/** What a propagator does: kick, drift, kick, … , kick. */
export type Course = {
  /** Re c, Im c, a of each kick exp(−cζ − aω); one more than drifts. */
  readonly kicks: Float64Array;
  /** Re d, Im d of each drift exp(d∇²). */
  readonly drifts: Float64Array;
  /** ∫ cos α ds, and the same of strength · ζ₀ where ζ₀ is taken out of ζ. */
  readonly decaying: number;
  readonly shifted: number;
};

export type Span = { readonly from: number; readonly dt: number; readonly steps: number; readonly angle: number };

/**
 * The course of `steps` steps of Δt. Neighboring kicks of two steps are one.
 * @param law D and strength; a constant one is asked once
 * @param steady whether the law is constant
 */
export function courseOf(scheme: Scheme, { from, dt, steps, angle }: Span, law: Law, steady: boolean): Course {
  const perStep = scheme.drifts.length;
  const count = steps * perStep + 1;
  const kicks = new Float64Array(KICK * count);
  const drifts = new Float64Array(DRIFT * (count - 1));
  const [cos, sin] = isReal(angle) ? [0, 1] : [Math.cos(angle), Math.sin(angle)];
  const constant = law(from);
  const at = steady ? () => constant : law;
  let impulse = 0;
  for (let n = 0; n < steps; n++) {
    let t = from + n * dt;
    scheme.kicks.forEach((share, k) => {
      const { D, strength = 1 } = at(t);
      const e = KICK * (n * perStep + k);
      const weight = share * dt * strength;
      kicks[e] += cos * weight;
      kicks[e + 1] += sin * weight;
      impulse += weight;
      if (scheme.gradients !== undefined) kicks[e + 2] += scheme.gradients[k] * dt ** 3 * D * strength ** 2;
      // ψ leaves in the layers once a step, after it
      else if (k === perStep) kicks[e + 2] += sin * dt * D;
      if (k === perStep) return;
      const next = t + scheme.drifts[k] * dt;
      const mean = steady ? constant.D * scheme.drifts[k] * dt : integral(at, t, next);
      drifts[DRIFT * (n * perStep + k)] = cos * mean;
      drifts[DRIFT * (n * perStep + k) + 1] = sin * mean;
      t = next;
    });
  }
  return { kicks, drifts, decaying: cos * dt * steps, shifted: cos * impulse };
}

const NODE = Math.sqrt(0.6) / 2;

/** ∫ D dt by Gauss's rule of three points. */
function integral(law: Law, from: number, to: number): number {
  const middle = (from + to) / 2;
  const width = to - from;
  return (width * (5 * law(middle - NODE * width).D + 8 * law(middle).D + 5 * law(middle + NODE * width).D)) / 18;
}
