/**
 * The state of the packets engine: plain data. What a stage has done with is dropped, so that it is not copied at every
 * step; the arrays of what lives keep their lengths.
 */
import type { Domain } from "../../core/problem.ts";
import type { Harmonic } from "./harmonic.ts";
import { blankLevel, type Level } from "./level.ts";
import { blankPlaces, MOST_AXES, type Places } from "./places.ts";
import { blankProbe, type Probe } from "./probe.ts";
import type { Product } from "./product.ts";
import type { Lowest } from "./sight.ts";
import { smoothAxes } from "./slope.ts";
import { blankFamily, type Family } from "./superposition.ts";
import { blankWalk, type Walk } from "./walk.ts";

/** Indices of the families that share the evaluations of the superposition: wide, small, harmonic. */
export const W = 0;
export const S = 1;
export const H = 2;
/** What moves before them is numbered on: the product state and the probe. */
export const PRODUCT = 3;
export const PROBE = 4;

/** Where a run is: each stage tries what assumes less than the one before. */
export type Stage = "probe" | "product" | "harmonic" | "superposition";

export type PacketsState = {
  domain: Domain;
  stage: Stage;
  probe: Probe | null;
  product: Product | null;
  /** The latest harmonic packet, the last of it where it has ended. */
  harmonic: Harmonic | null;
  /** The family that found the place where it was born, whose energy is what it reaches. */
  finder: number;
  /** W, S, H. */
  families: Family[];
  /** W and S. */
  levels: Level[];
  /** Where the first packet begins, in the user's coordinates. */
  start: Float64Array;
  /** The scale of ζ about the start; 0 while it is not known. */
  scale: number;
  /** The best point of all packets, in the user's coordinates. */
  lowest: Lowest;
  /** The walk of the harmonic packets from well to well. */
  walk: Walk;
  /** What was seen where, and the bottoms that are known; null where harmonic packets are born at uniform points. */
  places: Places | null;
};

/** Before anything was asked; `guided` by a surrogate, and `seeking` places for harmonic packets. */
export function blankState(domain: Domain, start: Float64Array, guided: boolean, seeking: boolean): PacketsState {
  const dim = domain.lower.length;
  return {
    domain,
    stage: "probe",
    probe: blankProbe(dim),
    product: null,
    harmonic: null,
    finder: H,
    families: [blankFamily(), blankFamily(), blankFamily()],
    levels: [blankLevel(dim, guided), blankLevel(dim, guided)],
    start,
    scale: 0,
    lowest: { value: Number.POSITIVE_INFINITY, x: new Float64Array(dim) },
    walk: blankWalk(dim),
    places: seeking && dim <= MOST_AXES ? blankPlaces(dim) : null,
  };
}

/** π of the families where no harmonic packet is to be born. */
export function withoutSlopes(prior: readonly number[]): number[] {
  return prior.map((p, a) => (a === H ? 0 : p));
}

/**
 * Whether nobody but the first wide packet has a turn: it is due, or lives and is not in doubt (ending.ts). Where ζ has
 * slopes others take theirs as well once it had to go on at a smaller scale (quench.ts); on a lattice they do no better.
 */
export function firstRunsAlone({ domain, families, levels }: PacketsState): boolean {
  const { births, alive } = families[W];
  if (births === 0) return true;
  const { past, fall } = levels[W];
  const isRough = fall.quenched && smoothAxes(domain).length > 0;
  return births === 1 && alive && !past.doubted && !isRough;
}
