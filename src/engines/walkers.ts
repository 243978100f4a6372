/**
 * Walkers: ψ(x, τ) held as a cloud of weighted points, each factor of the Strang step acting on it in its own way.
 * exp(D∇²Δτ) is the Gaussian kick x' = x + √(2DΔτ) ξ (9)(10); exp(−ζΔτ) weighs, and normalizing the weights is the
 * Softmax (23). The cloud samples ψ itself, not |ψ|²: its moments are those of the density ψ.
 * Of spins the kinetic factor is that of a transverse field, which flips them, and a guide tells them which way.
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
import {
  effectiveSize,
  fieldScales,
  flip,
  fold,
  type Ising,
  type Key,
  localFields,
  sigmoid,
  uniform,
} from "../math/index.ts";
import { anneal, geometric } from "../schedules/index.ts";

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
      if (ess < population / 2) branch([state.x, state.value], state.weight, uniform(key, 0), parent);
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

const STEEPEST = 600;

type SpinCloud = {
  readonly domain: Domain;
  readonly spins: Float64Array;
  /** Local fields of the spins. */
  readonly fields: Float64Array;
  readonly value: Float64Array;
  readonly weight: Float64Array;
  /** λ of the guide. */
  guide: number;
};

/**
 * Walkers of spins in a transverse field, H = −D Σσˣ_i + E(σᶻ), with the guide φ = e^{−λE}: the cloud samples ψφ. Each spin
 * in turn flips as the field would have it, at the rate D e^{−λΔE}, which is the Sigmoid (24) in 2λΔE; weights see the local
 * energy E − D Σ e^{−λΔE_i}. λ is that of one spin in a mean local field u, asinh(u/D)/2u. One step is one sweep of each.
 */
export function spinWalkers(couplings: Ising, population: number): Engine<SpinCloud> {
  const { n } = couplings;
  const { mean: unit } = fieldScales(couplings);
  const parent = new Int32Array(population);
  const local = new Float64Array(population);
  return {
    name: "walkers",
    needs: ["value"],

    *init(domain, key) {
      const spins = randomSpins(key, population * n);
      const fields = new Float64Array(population * n);
      for (let e = 0; e < spins.length; e += n)
        localFields(couplings, spins.subarray(e, e + n), fields.subarray(e, e + n));
      const value = Float64Array.from(yield* askValue(spinPoints(domain, spins)));
      return { domain, spins, fields, value, weight: uniformWeights(population), guide: 0 };
    },

    *step(working, { D, dt, key }) {
      const { domain, spins, fields, value, weight } = working;
      const guide = D > 0 ? Math.asinh(unit / D) / (2 * unit) : working.guide;
      const kernel = cloudKernel();
      // from ψφ to ψφ′
      kernel.weigh(weight, value, guide - working.guide);
      working.guide = guide;
      localEnergies(working, D, local);
      const before = kernel.weigh(weight, local, dt / 2);
      const toss = fold(key, 0);
      for (let w = 0; w < population; w++) turn(couplings, working, w, { D, dt, key: toss });
      value.set(yield* askValue(spinPoints(domain, spins)));
      localEnergies(working, D, local);
      const growth = before + kernel.weigh(weight, local, dt / 2);
      const ess = effectiveSize(weight);
      const info = moments(spins, n, value, weight);
      if (ess < population / 2) branch([spins, fields, value], weight, uniform(fold(key, 1), 0), parent);
      return { ...info, energy: dt > 0 ? -growth / dt : info.energy, ess };
    },

    view: ({ domain, spins, value, weight }) => ({ kind: "cloud", points: spinPoints(domain, spins), value, weight }),
  };
}

/** E − D Σ_i e^{−λΔE_i} with ΔE_i = −2 s_i g_i, of each walker. */
function localEnergies({ spins, fields, value, guide }: SpinCloud, D: number, out: Float64Array): void {
  const n = spins.length / value.length;
  for (let w = 0; w < value.length; w++) {
    let sum = 0;
    // a spin that stands against a field far above the others' must not overflow
    for (let e = w * n; e < (w + 1) * n; e++) sum += Math.exp(Math.min(STEEPEST, 2 * guide * spins[e] * fields[e]));
    out[w] = value[w] - D * sum;
  }
}

/** The exact factor of each spin's flips over Δτ, one spin after another. */
function turn(
  couplings: Ising,
  { spins, fields, guide }: SpinCloud,
  w: number,
  { D, dt, key }: { readonly D: number; readonly dt: number; readonly key: Key },
): void {
  const { n } = couplings;
  const s = spins.subarray(w * n, (w + 1) * n);
  const g = fields.subarray(w * n, (w + 1) * n);
  for (let i = 0; i < n; i++) {
    const fall = 2 * guide * s[i] * g[i];
    const chance = sigmoid(2 * fall, 1) * -Math.expm1(-2 * D * Math.cosh(fall) * dt);
    if (uniform(key, w * n + i) < chance) flip(couplings, s, g, i);
  }
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

/** Systematic resampling: walkers of little weight give their slots, in every array, to copies of those of much. */
function branch(rows: readonly Float64Array[], weight: Float64Array, u: number, parent: Int32Array): void {
  cloudKernel().resample(weight, u, parent);
  for (const row of rows) {
    const size = row.length / weight.length;
    parent.forEach((from, i) => {
      if (from !== i) row.copyWithin(i * size, from * size, (from + 1) * size);
    });
  }
  weight.fill(1 / weight.length);
}

// in widths of the box; chosen on the BBOB functions in 2 and 5 dimensions at 1000 evaluations per dimension
const FIRST_KICK = 0.2;
const LAST_KICK = 1e-7;
const SELECTION = 2;
// steps per dimension: of a large budget, several descents find more wells than one that is slower
const LONGEST_DESCENT = 100;
// Γ of spins, first and last, and Δτ, in units of the scatter of local fields and its inverse, and the sweeps of one annealing for each spin
const STRONG = 3;
const WEAK = 0.01;
const SLICE = 2;
const SWEEPS = 10;

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
    const steps = Math.max(1, Math.min(30 + SWEEPS * n, Math.floor(budget / population) - 1));
    const { mean: unit } = fieldScales(couplings);
    const schedule = geometric({ from: STRONG * unit, to: WEAK * unit, steps, dt: SLICE / unit, again: true });
    return { engine: spinWalkers(couplings, population) as Engine, schedule };
  },
});
