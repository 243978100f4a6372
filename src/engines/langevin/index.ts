/**
 * The Langevin family as entries: each samples e^{−ζ/D} at fixed D, and minimizes where D falls. What tunes itself does so in
 * warm-up when it samples, and always when it minimizes, since no law is kept then.
 */
import type { Domain, Engine, EngineEntry, Param, Params, Schedule, Values } from "../../core/index.ts";
import type { RuleName } from "../../math/acceptance.ts";
import { cooling } from "../../schedules/index.ts";
import type { ChainOptions, Chains } from "./chains.ts";
import { langevin } from "./langevin.ts";
import { mala } from "./mala.ts";
import { replica } from "./replica.ts";
import type { Shape } from "./scaling.ts";
import { underdamped } from "./underdamped.ts";
import { walk } from "./walk.ts";

export type { ChainOptions, Chains } from "./chains.ts";
export { langevin } from "./langevin.ts";
export { mala } from "./mala.ts";
export { type ReplicaOptions, replica } from "./replica.ts";
export { isDense, pulls, type Shape } from "./scaling.ts";
export { type UnderdampedOptions, underdamped } from "./underdamped.ts";
export { walk } from "./walk.ts";

/** How long a sampler tunes itself, and its step where that is given. */
export type Warmup = { readonly warmup: number; readonly dt?: number | undefined };

/** An entry that samples the law e^{−ζ/D} at fixed D, beside minimizing by letting D fall. */
export interface SamplerEntry<P extends Params = Params> extends EngineEntry<P> {
  // a method, as make() is
  sample(values: Values<P>, how: Warmup): Engine;
}

type Held = Pick<ChainOptions, "warmup" | "dt" | "bounded">;

function samplerEntry<const P extends Params & { readonly chains: Param<number> }>(
  spec: Omit<EngineEntry<P>, "make" | "anneal"> & { chains(values: Values<P>, held: Held): Engine },
): SamplerEntry<P> {
  const { chains, ...rest } = spec;
  return {
    ...rest,
    make: (values) => chains(values, { warmup: Number.POSITIVE_INFINITY, bounded: true }),
    sample: (values, how) => chains(values, { ...how, bounded: false }),
    anneal: (given, values) => annealing(given, Number(values.chains) * Number(values.rungs ?? 1)),
  };
}

const CHAINS = {
  chains: { help: "chains at the same D", default: 8, min: 1, max: 1_000_000, integer: true },
} as const;
const SHAPE = {
  shape: {
    help: "what a step learns of the law in warm-up: nothing, the width of each axis, or its covariance; auto is dense up to 32 dimensions",
    default: "auto",
    choices: ["auto", "dense", "diagonal", "none"],
  },
} as const;
const RULE = { rule: { help: "acceptance", default: "metropolis", choices: ["metropolis", "barker"] } } as const;

// D relative to the scatter of ζ over the box, as in simulated annealing
const HOT = 1;
const COLD = 1e-12;
const LONGEST_COOLING = 250;

/** @param each points that a step asks for */
function annealing({ domain, budget }: { readonly domain: Domain; readonly budget: number }, each: number): Schedule {
  const longest = LONGEST_COOLING * domain.lower.length;
  return cooling({ from: HOT, to: COLD, steps: Math.max(1, Math.min(longest, Math.floor(budget / each) - 2)) });
}

function options(values: { readonly chains: number; readonly shape: string; readonly rule?: string }, held: Held) {
  const rule: RuleName = values.rule === "barker" ? "barker" : "metropolis";
  return { ...held, chains: values.chains, rule, shape: values.shape as Shape | "auto" };
}

export const langevinEntry = samplerEntry({
  name: "langevin",
  summary: "Langevin dynamics: noisy gradient steps, every one taken; the law e^(−ζ/D) up to O(Δτ)",
  reference:
    "paper (11) as erratum E3 corrects it; Langevin 1908; bias: Talay, Tubaro, Stoch. Anal. Appl. 8, 483 (1990)",
  params: { ...CHAINS, ...SHAPE },
  chains: (values, held) => langevin(options(values, held)),
});

export const malaEntry = samplerEntry({
  name: "mala",
  summary: "Metropolis-adjusted Langevin: noisy gradient steps that leave e^(−ζ/D) exactly stationary",
  reference: "paper (24)(25) over (11); Roberts, Tweedie, Bernoulli 2, 341 (1996)",
  params: { ...CHAINS, ...SHAPE, ...RULE },
  chains: (values, held) => mala(options(values, held)),
});

export const underdampedEntry = samplerEntry({
  name: "underdamped",
  summary: "Langevin dynamics with momentum, exact where adjusted, else off by O(ε²)",
  reference: "Bussi, Parrinello, Phys. Rev. E 75, 056707 (2007); Horowitz, Phys. Lett. B 268, 247 (1991)",
  params: {
    ...CHAINS,
    ...SHAPE,
    friction: {
      help: "friction, in units of the well's own rate",
      symbol: "γ",
      default: 1,
      min: 1e-6,
      max: 1e6,
      log: true,
    },
    adjust: { help: "refuse steps that gain energy, so that the law is exact", default: true },
  },
  chains: (values, held) => underdamped({ ...options(values, held), friction: values.friction, adjust: values.adjust }),
});

/** Random-walk Metropolis; as a minimizer it is the entry `metropolis` of its own file, so it is no engine of the catalogue. */
export const walkEntry = samplerEntry({
  name: "metropolis",
  summary: "random-walk Metropolis: kicks without gradients, taken by Metropolis' rule or the Sigmoid",
  reference: "paper (24)(25); Metropolis et al., J. Chem. Phys. 21, 1087 (1953); Barker, Aust. J. Phys. 18, 119 (1965)",
  params: { ...CHAINS, ...SHAPE, ...RULE },
  chains: (values, held) => walk(options(values, held)),
});

const MOVES = { mala, metropolis: walk, langevin } as const;

export const replicaEntry = samplerEntry({
  name: "replica",
  summary: "replica exchange: chains at several D that trade places, for wells that are far apart",
  reference: "Swendsen, Wang, Phys. Rev. Lett. 57, 2607 (1986); Geyer, Proc. 23rd Interface, 156 (1991)",
  params: {
    chains: { ...CHAINS.chains, default: 4 },
    ...SHAPE,
    ...RULE,
    rungs: { help: "how many D's", default: 8, min: 1, max: 1000, integer: true },
    hottest: { help: "the highest D over the lowest", default: 50, min: 1, max: 1e12, log: true },
    inner: {
      help: "what moves the chains of each D",
      default: "mala",
      choices: ["mala", "metropolis", "langevin", "underdamped"],
    },
    friction: { help: "friction of underdamped", symbol: "γ", default: 1, min: 1e-6, max: 1e6, log: true },
  },
  chains: (values, held) => {
    const given = options(values, held);
    const inner: Engine<Chains> =
      values.inner === "underdamped"
        ? underdamped({ ...given, friction: values.friction, adjust: true })
        : MOVES[values.inner as keyof typeof MOVES](given);
    return replica(inner, { rungs: values.rungs, hottest: values.hottest });
  },
});

/** What can sample e^{−ζ/D} by chains. */
export const samplerEntries: readonly SamplerEntry[] = [
  langevinEntry,
  malaEntry,
  walkEntry,
  underdampedEntry,
  replicaEntry,
];
