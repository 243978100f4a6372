/**
 * Walkers: ψ(x, τ) held as a cloud of weighted points, each factor of the Strang step acting on it in its own way.
 * exp(D∇²Δτ) is the Gaussian kick x' = x + √(2DΔτ) ξ (9)(10); exp(−ζΔτ) weighs, and normalising the weights is the
 * Softmax (23). The cloud samples ψ itself, not |ψ|²: its moments are those of the density ψ.
 */
import {
  askValue,
  confine,
  type Domain,
  type Engine,
  engineEntry,
  type Info,
  meanWidth,
  moments,
  proportions,
  type Representation,
  randomSpins,
  spinPoints,
  strang,
  uniformPoints,
} from "../core/index.ts";
import { cloudKernel } from "../kernels/index.ts";
import { effectiveSize, type Ising, type Key, uniform } from "../math/index.ts";
import { anneal } from "../schedules/index.ts";

export type WalkersOptions = {
  /** Walkers N, at least 2. */
  readonly population: number;
  /** `box`: D is shared out so that each axis is kicked in proportion to its width, in a cube −D∇²; `space`: −D∇². */
  readonly metric: "box" | "space";
};

type Cloud = {
  readonly domain: Domain;
  readonly x: Float64Array;
  /** ζ at x, while `known`. */
  readonly value: Float64Array;
  readonly weight: Float64Array;
  known: boolean;
  /** ln λ and strength · Δτ of the last weighing: two of them make a step. */
  growth: number;
  duration: number;
};

/**
 * A cloud of N walkers. Walker i's noise is addressed by its slot i, whatever the population. Walkers stay inside the
 * domain: reflected at an open edge (where the bounds say where to look) and at a wall, carried round a periodic one.
 * When the effective number of walkers falls below N/2 they branch by systematic resampling.
 */
export function cloud({ population, metric }: WalkersOptions): Representation<Cloud> {
  const parent = new Int32Array(population);
  return {
    name: "walkers",
    needs: ["value"],

    *init(domain, key) {
      const at = uniformPoints(domain, key, population);
      const value = Float64Array.from(yield* askValue(at));
      return { domain, x: at.x, value, weight: uniformWeights(population), known: true, growth: 0, duration: 0 };
    },

    kinetic(state, D, dt, key) {
      const kick = Math.sqrt(2 * D * dt);
      if (kick === 0) return;
      diffuse(state, kick, metric, key);
      state.known = false;
    },

    *potential(state, dt, key, strength) {
      const dim = state.domain.lower.length;
      if (!state.known) {
        state.value.set(yield* askValue({ n: population, dim, x: state.x }));
        state.known = true;
      }
      const before = { growth: state.growth, duration: state.duration };
      state.duration = strength * dt;
      state.growth = state.duration === 0 ? 0 : cloudKernel().weigh(state.weight, state.value, state.duration);
      const ess = effectiveSize(state.weight);
      const info = report(state, before, ess);
      if (ess < population / 2) branch(state, uniform(key, 0), parent);
      return info;
    },

    view: ({ domain, x, value, weight }) => ({
      kind: "cloud",
      points: { n: population, dim: domain.lower.length, x },
      weight,
      value,
    }),
  };
}

function uniformWeights(population: number): Float64Array {
  return new Float64Array(population).fill(1 / population);
}

/** The engine of walkers under Strang's splitting. */
export function walkers(options: WalkersOptions): Engine<Cloud> {
  return strang(cloud(options));
}

/**
 * Walkers of spins: −D∇² is −D Σ (σˣ_i − 1), whose factor of the step turns each spin with the chance (1 − e^{−2DΔτ})/2.
 * D is the transverse field Γ.
 */
export function spinWalkers({ n }: Ising, population: number): Engine<Cloud> {
  const held = cloud({ population, metric: "space" });
  return strang({
    ...held,
    *init(domain, key) {
      const at = spinPoints(domain, randomSpins(key, population * n));
      const value = Float64Array.from(yield* askValue(at));
      return { domain, x: at.x, value, weight: uniformWeights(population), known: true, growth: 0, duration: 0 };
    },
    kinetic(state, D, dt, key) {
      const chance = -Math.expm1(-2 * D * dt) / 2;
      if (chance === 0) return;
      const { lower, upper } = state.domain;
      for (let e = 0; e < state.x.length; e++)
        if (uniform(key, e) < chance) state.x[e] = lower[e % n] + upper[e % n] - state.x[e];
      state.known = false;
    },
  });
}

function diffuse({ domain, x }: Cloud, kick: number, metric: "box" | "space", key: Key): void {
  const dim = domain.lower.length;
  cloudKernel().kick(
    x,
    proportions(domain).map((share) => (metric === "box" ? kick * share : kick)),
    key,
  );
  for (let j = 0; j < dim; j++) for (let e = j; e < x.length; e += dim) x[e] = confine(domain, j, x[e]);
}

/** The growth energy −ln λ / Δτ of the two halves of a step, or the mean of ζ where no time has passed. */
function report({ domain, x, value, weight, growth, duration }: Cloud, before: Halves, ess: number): Info {
  const info = moments(x, domain.lower.length, value, weight);
  const passed = before.duration + duration;
  return { ...info, energy: passed > 0 ? -(before.growth + growth) / passed : info.energy, ess };
}

type Halves = { readonly growth: number; readonly duration: number };

/** Systematic resampling: walkers of little weight give their slots to copies of those of much. */
function branch({ domain, x, value, weight }: Cloud, u: number, parent: Int32Array): void {
  const dim = domain.lower.length;
  cloudKernel().resample(weight, u, parent);
  parent.forEach((from, i) => {
    if (from === i) return;
    x.copyWithin(i * dim, from * dim, (from + 1) * dim);
    value[i] = value[from];
  });
  weight.fill(1 / weight.length);
}

// in widths of the box; chosen on the BBOB functions in 2 and 5 dimensions at 1000 evaluations per dimension
const FIRST_KICK = 0.2;
const LAST_KICK = 1e-7;
const SELECTION = 2;
// steps per dimension: of a large budget, several descents find more wells than one that is slower
const LONGEST_DESCENT = 100;
const FIRST_TURN = 0.63;

export const walkersEntry = engineEntry({
  name: "walkers",
  summary: "diffusion Monte Carlo with annealed D: walkers diffuse (0-order), are weighed by Softmax and branch",
  reference:
    "paper (8)–(10), (23), refs 3, 8, 18; Anderson, J. Chem. Phys. 63, 1499 (1975); Stella, Santoro, Tosatti, Phys. Rev. B 73, 144302 (2006)",
  params: {
    population: { help: "walkers", symbol: "N", default: 32, min: 2, integer: true },
    metric: {
      help: "box: kick each axis in proportion to its width; space: the same D on every axis",
      default: "box",
      choices: ["box", "space"],
    },
  },
  make: ({ population, metric }): Engine => walkers({ population, metric: metric === "space" ? "space" : "box" }),
  anneal({ domain, budget }, { population }) {
    const width = meanWidth(domain);
    const longest = LONGEST_DESCENT * domain.lower.length;
    const steps = Math.max(1, Math.min(longest, Math.floor(budget / population) - 1));
    return anneal({ from: FIRST_KICK * width, to: LAST_KICK * width, steps, selection: SELECTION });
  },
  spins({ couplings, budget }, { population }) {
    const { n } = couplings;
    const steps = Math.max(1, Math.min(LONGEST_DESCENT * n, Math.floor(budget / population) - 1));
    // 2DΔτ = ℓ²: from one spin in six that turns in a step to half a spin in all
    const schedule = anneal({ from: FIRST_TURN, to: Math.sqrt(1 / n), steps, selection: SELECTION });
    return { engine: spinWalkers(couplings, population) as Engine, schedule };
  },
});
