/**
 * Engines: the inner loop. An engine holds a state and advances it by one step at the setting that the
 * schedule, the outer loop, has chosen: D, Δτ and what else belongs to the scale.
 */
import type { Ising } from "../math/ising.ts";
import type { Key } from "../math/rng.ts";
import type { Ask } from "./ask.ts";
import type { Entry, Params, Values } from "./entry.ts";
import type { Plain } from "./plain.ts";
import type { Answer, Domain, Kind, Points, Query } from "./problem.ts";
import type { Schedule } from "./schedule.ts";

/** What a schedule sets for a step: D > 0 (or 0, the classical limit), Δτ ≥ 0, strength of ζ, Wick angle, noise level σ. */
export type Setting = {
  readonly D: number;
  readonly dt: number;
  readonly strength?: number;
  readonly angle?: number;
  readonly sigma?: number;
};

/**
 * A step's setting, its number from 0 and the key of its randomness; and one standard deviation of the values' noise,
 * 0 or left out where none is known.
 */
export type Tick = Setting & { readonly index: number; readonly key: Key; readonly noise?: number };

/**
 * What a person or a schedule wants to know of a step; state is what the next step needs, and the two never mix.
 * Names shared by all engines: `energy` (of the state, in units of ζ), `spread` (its size, in units of x),
 * `scatter` (standard deviation of ζ over it), `acceptance` (0 to 1), and `D`, `dt` where the engine sets its own.
 */
export type Info = Readonly<Record<string, number>>;

/** All that pictures ever see of a state. */
export type View =
  | { readonly kind: "cloud"; readonly points: Points; readonly weight?: Float64Array; readonly value?: Float64Array }
  | { readonly kind: "gaussian"; readonly packets: readonly Packet[] }
  /** A density at the points of a regular grid, row-major: the last axis runs fastest; with its amplitude, where it has one. */
  | {
      readonly kind: "grid";
      readonly axes: readonly Float64Array[];
      readonly density: Float64Array;
      readonly re?: Float64Array;
      readonly im?: Float64Array;
    };

/** A Gaussian of the density |ψ|², as far as pictures show it. */
export type Packet = {
  readonly label: string;
  /** As `family` in the info of the steps that move it; 0 where an engine holds one packet. */
  readonly family: number;
  readonly weight: number;
  readonly mean: Float64Array;
  /** Standard deviation per axis. */
  readonly deviation: Float64Array;
};

export interface Engine<S extends Plain = Plain> {
  readonly name: string;
  /** The kinds of query it asks. */
  readonly needs: readonly Kind[];
  /** ζ is tabulated by init() and steps ask nothing: they advance the one state there is, and nothing is copied. */
  readonly tabulated?: boolean;
  /** The names of the families that it tells apart in its info, where there are several. */
  readonly nameOf?: (family: number) => string;
  /** Whether others take turns with it: a walker that hops where variables are discrete, a confined packet under constraints. */
  readonly assisted?: boolean;
  /** The largest dimension whose state is reasonable to hold; none where it is left out. */
  readonly maxDim?: number;
  /** @param start where to begin, for those that begin at a point */
  init(domain: Domain, key: Key, start?: ArrayLike<number>): Ask<S>;
  /** Advances `working` in place by one step; run() commits it. Every array keeps its length, no two parts are one. */
  step(working: S, tick: Tick): Ask<Info>;
  view(state: S): View;
  /** Whether ζ is known at every point there is. */
  exhausted?(state: S): boolean;
  /** For answers that come in any order, where the engine can take them so. */
  readonly steady?: Steady;
}

/**
 * A second face of an engine, for answers that come in any order. Trials are numbered from 0 as they are proposed; what
 * is asked is a function of the key and of the calls before. A call asks nothing, so that nothing can cut it: each is
 * a transaction of its own, made in place, and the state between two calls can be saved.
 */
export interface Steady<S extends Plain = Plain> {
  /** As of the engine. */
  readonly assisted?: boolean;
  /** @param start where to begin, for those that begin at a point */
  init(domain: Domain, key: Key, start?: ArrayLike<number>): S;
  /**
   * One point to ask, whatever is outstanding; the state notes that it now is. Null where no point is left in a space
   * of finitely many.
   * @param noise as of a tick
   */
  propose(state: S, trial: number, key: Key, noise?: number): Query | null;
  /** Takes in the answer to an outstanding trial. Returns what moved by it, or null where that has no reading yet. */
  absorb(state: S, trial: number, answer: Answer): Info | null;
  view(state: S): View;
  /** Whether ζ is known at every point there is. */
  exhausted?(state: S): boolean;
}

/**
 * An engine in the catalogue, with the outer loop that minimizes by it: `anneal` makes it for a domain and a budget of
 * evaluations. Where it is absent the engine governs its own D (and reports it in its info) under a steady schedule.
 */
export interface EngineEntry<P extends Params = Params> extends Entry<P, Engine> {
  // a method, as make() is
  anneal?(given: { readonly domain: Domain; readonly budget: number }, values: Values<P>): Schedule;
  /** The same dynamics of spins, with its outer loop, for a potential that tells its couplings. */
  spins?(
    given: { readonly couplings: Ising; readonly budget: number },
    values: Values<P>,
  ): { readonly engine: Engine; readonly schedule: Schedule };
}

/** Keeps the parameters' types through the definition of an engine's entry. */
export function engineEntry<const P extends Params>(spec: EngineEntry<P>): EngineEntry<P> {
  return spec;
}
