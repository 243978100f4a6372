/**
 * Simulated quantum annealing of spins: path-integral Monte Carlo of H = −Γ Σσˣ_i + E(σᶻ) at a fixed low temperature T while
 * the transverse field Γ falls. D of the outer loop is Γ, its Δτ = 1/PT the thickness of a slice.
 */
import {
  askValue,
  type Domain,
  type Engine,
  moments,
  randomSpins,
  type Schedule,
  spinPoints,
} from "../../core/index.ts";
import { fieldScales, type Ising, localFields, sweepWorldlines } from "../../math/index.ts";
import { geometric } from "../../schedules/index.ts";

type Ring = {
  readonly domain: Domain;
  /** Spin i in slice k at i · P + k, and its local field. */
  readonly spins: Float64Array;
  readonly fields: Float64Array;
  readonly value: Float64Array;
};

/** P slices on a ring; a step is a sweep over all worldlines, then ζ is asked in each slice. */
export function spinPaths(couplings: Ising, slices: number): Engine<Ring> {
  const { n } = couplings;
  return {
    name: "pimc",
    needs: ["value"],

    *init(domain, key) {
      const first = randomSpins(key, n);
      const field = new Float64Array(n);
      localFields(couplings, first, field);
      const spins = Float64Array.from({ length: n * slices }, (_, e) => first[Math.floor(e / slices)]);
      const fields = spins.map((_, e) => field[Math.floor(e / slices)]);
      const value = Float64Array.from(yield* askValue(spinPoints(domain, bySlice(spins, n))));
      return { domain, spins, fields, value };
    },

    *step({ domain, spins, fields, value }, { D, dt, key }) {
      const acceptance = sweepWorldlines(couplings, spins, fields, slices, { dt, gamma: D, key });
      const s = bySlice(spins, n);
      value.set(yield* askValue(spinPoints(domain, s)));
      return { ...moments(s, n, value), acceptance };
    },

    view: ({ domain, spins, value }) => ({ kind: "cloud", points: spinPoints(domain, bySlice(spins, n)), value }),
  };
}

/** The slices as configurations that stand one after another. */
function bySlice(spins: Float64Array, n: number): Float64Array {
  const slices = spins.length / n;
  return Float64Array.from(spins, (_, e) => spins[(e % n) * slices + Math.floor(e / n)]);
}

// in units of the scatter of local fields: of the first the root mean square, of the others the median
const STRONG = 3;
const WEAK = 0.05;
const COLD = 0.05;
// sweeps of one annealing, for each spin
const SWEEPS = 10;

/** Γ falls from well above the local fields to where worldlines are straight; T stays below what divides the lowest levels. */
export function fallingField(couplings: Ising, slices: number, budget: number): Schedule {
  const { mean, middle } = fieldScales(couplings);
  const steps = Math.max(1, Math.min(30 + SWEEPS * couplings.n, Math.floor(budget / slices) - 1));
  return geometric({ from: STRONG * mean, to: WEAK * middle, steps, dt: 1 / (slices * COLD * middle), again: true });
}
