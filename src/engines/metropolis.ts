/**
 * Simulated annealing: a few Markov chains whose stationary law at fixed D is e^{−ζ/D}. A Gaussian kick proposes; the
 * level of the proposal against that of the walker decides, by Metropolis' rule or by the Sigmoid (24)(25), at τ = 1/D.
 * Of spins each in turn proposes to flip.
 */
import {
  askValue,
  confine,
  type Domain,
  type Engine,
  engineEntry,
  meanWidth,
  moments,
  randomSpins,
  spinPoints,
  uniformPoints,
} from "../core/index.ts";
import { acceptanceRules, type RuleName } from "../math/acceptance.ts";
import { fieldScales, flip, fold, type Ising, type Key, localFields, normal, uniform } from "../math/index.ts";
import { cooling, geometric } from "../schedules/index.ts";

export { barkerRule, metropolisRule, type Rule } from "../math/acceptance.ts";

export type MetropolisOptions = {
  readonly chains: number;
  readonly rule: RuleName;
  /** Standard deviation of the kicks, in widths of the box, where it is not to adapt. */
  readonly length?: number;
};

type Chains = {
  readonly domain: Domain;
  readonly x: Float64Array;
  readonly value: Float64Array;
  /** Standard deviation of the kick on each axis, in widths of the box. */
  length: number;
  /** The last D above 0; 0 before there was one. */
  heat: number;
};

// the share of proposals to accept: between the optima of one dimension (0.44) and of many (0.234)
const WANTED = 0.3;
const ADAPTATION = 0.3;
const LONGEST = 1;
const SHORTEST = 1e-15;

/** Chains at one temperature, which share the length of their kicks; where it adapts, 0.3 of them are accepted. */
export function metropolis({ chains, rule, length: fixed }: MetropolisOptions): Engine<Chains> {
  const accepts = acceptanceRules[rule];
  return {
    name: "metropolis",
    needs: ["value"],

    *init(domain, key) {
      const at = uniformPoints(domain, key, chains);
      return { domain, x: at.x, value: Float64Array.from(yield* askValue(at)), length: fixed ?? 0.3, heat: 0 };
    },

    *step(working, { D, key }) {
      const { domain, x, value } = working;
      if (fixed === undefined) follow(working, D);
      const { length } = working;
      const dim = domain.lower.length;
      const trial = propose(working, fold(key, 0));
      const found = yield* askValue({ n: chains, dim, x: trial });
      const toss = fold(key, 1);
      let accepted = 0;
      for (let c = 0; c < chains; c++) {
        // both may be +∞: then there is nothing to choose by
        const rise = found[c] === value[c] ? 0 : found[c] - value[c];
        if (uniform(toss, c) >= accepts(rise, D)) continue;
        accepted++;
        value[c] = found[c];
        for (let e = c * dim; e < (c + 1) * dim; e++) x[e] = trial[e];
      }
      const acceptance = accepted / chains;
      if (fixed === undefined) working.length = bounded(length * Math.exp(ADAPTATION * (acceptance - WANTED)));
      const kick = length * meanWidth(domain);
      const dt = D > 0 ? Math.min(Number.MAX_VALUE, (kick / D / 2) * kick) : 0;
      return { ...moments(x, dim, value), acceptance, kick, dt };
    },

    view: ({ domain, x, value }) => ({ kind: "cloud", points: { n: chains, dim: domain.lower.length, x }, value }),
  };
}

/** Adaptation keeps up with D as it falls; where D leaps up the kick goes along as √D, as in a harmonic well. */
function follow(state: Chains, D: number): void {
  if (!(D > 0)) return;
  if (state.heat > 0 && D > state.heat) state.length = bounded(state.length * Math.sqrt(D / state.heat));
  state.heat = D;
}

function bounded(length: number): number {
  return Math.min(LONGEST, Math.max(SHORTEST, length));
}

/** x + ℓ w ξ, with w the widths of the box; folded at the edges, so that forth is as likely as back. */
function propose({ domain, x, length }: Chains, key: Key): Float64Array {
  const { lower, upper } = domain;
  const dim = lower.length;
  const trial = new Float64Array(x.length);
  for (let e = 0; e < x.length; e++) {
    const j = e % dim;
    trial[e] = confine(domain, j, x[e] + length * (upper[j] - lower[j]) * normal(key, e));
  }
  return trial;
}

type SpinChains = {
  readonly domain: Domain;
  readonly spins: Float64Array;
  /** Local fields of the spins. */
  readonly fields: Float64Array;
  readonly value: Float64Array;
};

/** Chains of spins at one temperature D. A step is a sweep of each: every spin in turn may flip, then ζ is asked. */
export function spinMetropolis(couplings: Ising, { chains, rule }: MetropolisOptions): Engine<SpinChains> {
  const { n } = couplings;
  const accepts = acceptanceRules[rule];
  return {
    name: "metropolis",
    needs: ["value"],

    *init(domain, key) {
      const spins = randomSpins(key, chains * n);
      const fields = new Float64Array(chains * n);
      for (let e = 0; e < spins.length; e += n)
        localFields(couplings, spins.subarray(e, e + n), fields.subarray(e, e + n));
      return { domain, spins, fields, value: Float64Array.from(yield* askValue(spinPoints(domain, spins))) };
    },

    *step({ domain, spins, fields, value }, { D, key }) {
      let flips = 0;
      for (let c = 0; c < chains; c++) {
        const s = spins.subarray(c * n, (c + 1) * n);
        const g = fields.subarray(c * n, (c + 1) * n);
        for (let i = 0; i < n; i++) {
          if (uniform(key, c * n + i) >= accepts(-2 * s[i] * g[i], D)) continue;
          flip(couplings, s, g, i);
          flips++;
        }
      }
      value.set(yield* askValue(spinPoints(domain, spins)));
      return { ...moments(spins, n, value), acceptance: flips / spins.length };
    },

    view: ({ domain, spins, value }) => ({ kind: "cloud", points: spinPoints(domain, spins), value }),
  };
}

// D relative to the scatter of ζ over the box: from where nearly all is accepted to twelve digits below
const HOT = 1;
const COLD = 1e-12;
// steps per dimension: of a large budget, several coolings find more wells than one that is slower
const LONGEST_COOLING = 250;
// D of spins relative to the scatter of their local fields: the root mean square of all, and their median
const HOT_SPINS = 1;
const COLD_SPINS = 0.1;
// sweeps of one cooling, for each spin
const SWEEPS = 20;

export const metropolisEntry = engineEntry({
  name: "metropolis",
  summary: "simulated annealing: chains with Metropolis or Sigmoid acceptance at falling D",
  reference:
    "paper (24)(25), refs 1, 2; Metropolis et al., J. Chem. Phys. 21, 1087 (1953); Barker, Aust. J. Phys. 18, 119 (1965)",
  params: {
    chains: { help: "chains at the same D", default: 8, min: 1, integer: true },
    rule: { help: "acceptance", default: "metropolis", choices: ["metropolis", "barker"] },
  },
  make: ({ chains, rule }): Engine => metropolis({ chains, rule: rule === "barker" ? "barker" : "metropolis" }),
  anneal: ({ domain, budget }, { chains }) => {
    const longest = LONGEST_COOLING * domain.lower.length;
    return cooling({ from: HOT, to: COLD, steps: Math.max(1, Math.min(longest, Math.floor(budget / chains) - 2)) });
  },
  spins({ couplings, budget }, { chains, rule }) {
    const { mean, middle } = fieldScales(couplings);
    const steps = Math.max(1, Math.min(30 + SWEEPS * couplings.n, Math.floor(budget / chains) - 1));
    return {
      engine: spinMetropolis(couplings, { chains, rule: rule === "barker" ? "barker" : "metropolis" }) as Engine,
      schedule: geometric({ from: HOT_SPINS * mean, to: COLD_SPINS * middle, steps, dt: 1, again: true }),
    };
  },
});
