/**
 * Many Markov chains at once: their positions with ζ and ∇ζ there, in arrays of fixed length. What a step needs besides
 * (noise, proposals) lies beside them, so that a step allocates nothing and asks for all chains together.
 */
import {
  type Ask,
  askGradient,
  askValue,
  confine,
  type Domain,
  type Info,
  moments,
  uniformPoints,
  type View,
} from "../../core/index.ts";
import { cloudKernel } from "../../kernels/index.ts";
import { acceptanceRules, type RuleName } from "../../math/acceptance.ts";
import { fold, type Key, threefry2x32 } from "../../math/rng.ts";
import { moved, pulls } from "./scaling.ts";
import { type Tuned, type Tuning, tune, untuned } from "./tuning.ts";

export type ChainOptions = Tuned & {
  readonly chains: number;
  readonly rule: RuleName;
  /** Whether the domain holds the chains in where its edge is open: so for a minimizer; for a law it only says where to begin. */
  readonly bounded: boolean;
};

export type Chains = {
  readonly domain: Domain;
  readonly x: Float64Array;
  readonly value: Float64Array;
  /** ∇ζ; empty for chains that see values only. */
  readonly slope: Float64Array;
  /** Lᵀ∇ζ: the slope in the coordinates of the step. */
  readonly pull: Float64Array;
  /** Momentum in the same coordinates, of law N(0, D); empty for chains that have none. */
  readonly momentum: Float64Array;
  readonly tuning: Tuning;
  /** The step δ in its coordinates, where it leads, and the slope there: room for a step. */
  readonly delta: Float64Array;
  readonly trial: Float64Array;
  readonly there: Float64Array;
  readonly toss: Float64Array;
  /** Points whose slope was not finite though ζ was: they are not gone to. */
  blind: number;
};

type Sight = { readonly gradients: boolean; readonly momentum?: boolean };

/** Chains at uniform points of the domain. */
export function* freshChains(domain: Domain, key: Key, given: ChainOptions, sight: Sight): Ask<Chains> {
  const { chains: n } = given;
  const dim = domain.lower.length;
  const at = uniformPoints(domain, key, n);
  const { value, gradient } = sight.gradients
    ? yield* askGradient(at)
    : { value: yield* askValue(at), gradient: new Float64Array(0) };
  const room = (wanted = true): Float64Array => new Float64Array(wanted ? n * dim : 0);
  const tuning = untuned(domain, given);
  const pull = room(sight.gradients);
  const slope = gradient.map(tame);
  pulls(tuning.scale, dim, slope, pull);
  return {
    ...{ domain, x: at.x, value: Float64Array.from(value), slope, pull },
    momentum: room(sight.momentum === true),
    tuning,
    ...{ delta: room(), trial: room(), there: room(sight.gradients), toss: new Float64Array(n), blind: 0 },
  };
}

function tame(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** δ ← standard normals, addressed by the key. */
export function draw({ delta }: Chains, key: Key): void {
  cloudKernel().normals(fold(key, 0), delta);
}

/**
 * trial ← x + L δ, brought into the domain. A chain whose step left it through an edge stays where it is: its toss becomes
 * 2, which no probability exceeds.
 */
export function aim(state: Chains, { bounded }: ChainOptions, key: Key): void {
  const { domain, x, delta, trial, toss, tuning } = state;
  const dim = domain.lower.length;
  tosses(fold(key, 1), toss);
  moved(tuning.scale, dim, x, delta, trial);
  if (domain.edge === "open" && !bounded) return;
  for (let c = 0, e = 0; c < toss.length; c++)
    for (let j = 0; j < dim; j++, e++) {
      const wish = trial[e];
      if (wish >= domain.lower[j] && wish <= domain.upper[j]) continue;
      trial[e] = confine(domain, j, wish);
      if (domain.edge !== "periodic" || !Number.isFinite(wish)) toss[c] = 2;
    }
}

const words = new Uint32Array(2);

/** Uniform numbers of 32 bits, toss c the word c mod 2 of block ⌊c/2⌋: a probability needs no more digits. */
function tosses(key: Key, toss: Float64Array): void {
  for (let c = 0; c < toss.length; c += 2) {
    threefry2x32(key.hi, key.lo, c >> 1, 0, words);
    toss[c] = (words[0] + 0.5) * 2 ** -32;
    if (c + 1 < toss.length) toss[c + 1] = (words[1] + 0.5) * 2 ** -32;
  }
}

/** The answers at the trials: ζ and ∇ζ, and Lᵀ∇ζ in `there`. Where a slope is not finite though ζ is, no chain goes. */
export function* look(state: Chains): Ask<Seen> {
  const { domain, trial, there, toss, tuning } = state;
  const dim = domain.lower.length;
  const found = yield* askGradient({ n: toss.length, dim, x: trial });
  pulls(tuning.scale, dim, found.gradient, there);
  for (let e = 0; e < there.length; e++) {
    if (there[e] - there[e] === 0) continue;
    there[e] = 0;
    const c = Math.floor(e / dim);
    if (toss[c] <= 1 && found.value[c] < Number.POSITIVE_INFINITY) state.blind++;
    toss[c] = 2;
  }
  return found;
}

/** ζ and ∇ζ at the trials. */
export type Seen = { readonly value: Float64Array; readonly gradient: Float64Array };

/**
 * The probability with which chain c goes where −D ln of the ratio of weights is `rise` and ζ is `to`; from +∞ to +∞ it goes
 * freely.
 */
export function probability(state: Chains, rule: RuleName, rise: number, D: number, c: number, to: number): number {
  if (to === Number.POSITIVE_INFINITY) return state.value[c] === to ? 1 : 0;
  return Number.isNaN(rise) ? 0 : acceptanceRules[rule](rise, D);
}

/** Chain c goes to its trial. */
export function go(state: Chains, c: number, value: number, gradient?: Float64Array): void {
  const { x, trial, slope, pull, there } = state;
  const dim = state.domain.lower.length;
  state.value[c] = value;
  for (let e = c * dim; e < (c + 1) * dim; e++) {
    x[e] = trial[e];
    if (gradient === undefined) continue;
    slope[e] = gradient[e];
    pull[e] = there[e];
  }
}

/** Ends a step: tunes in warm-up, and tells. `acceptance` is the mean probability, `wanted` what tuning aims at. */
export function settle(state: Chains, given: ChainOptions, D: number, acceptance: number, wanted: number): Info {
  const { domain, x, value, slope, pull, tuning, blind } = state;
  const dim = domain.lower.length;
  const dt = tuning.step;
  if (tune(tuning, given, { domain, x, chains: value.length, D }, acceptance, wanted)) {
    pulls(tuning.scale, dim, slope, pull);
    // momentum is measured in the coordinates of the step: it starts anew with them, from rest
    state.momentum.fill(0);
  }
  // where D stays the draws tell the rest, and better
  const told = given.warmup === Number.POSITIVE_INFINITY ? moments(x, dim, value) : { energy: meanOf(value) };
  return { acceptance, dt, blind, ...told };
}

/** The mean of what is finite. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++)
    if (values[i] < Number.POSITIVE_INFINITY) {
      sum += values[i];
      n++;
    }
  return n > 0 ? sum / n : Number.POSITIVE_INFINITY;
}

/** The chains as a cloud. */
export function viewOf({ domain, x, value }: Chains): View {
  return { kind: "cloud", points: { n: value.length, dim: domain.lower.length, x }, value };
}
