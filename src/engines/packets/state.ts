/**
 * The state of the packets engine: plain data whose arrays keep their lengths.
 */
import type { Domain } from "../../core/problem.ts";
import { blankHarmonic, type Harmonic } from "./harmonic.ts";
import { blankLevel, type Level, type Lowest } from "./level.ts";
import { blankFamily, type Family } from "./superposition.ts";

/** Indices of the families: wide, small, harmonic. */
export const W = 0;
export const S = 1;
export const H = 2;

export type PacketsState = {
  domain: Domain;
  /** W, S and, with gradients, H. */
  families: Family[];
  /** W and S. */
  levels: Level[];
  harmonic: Harmonic | null;
  /** Where the first packet begins, in the user's coordinates. */
  start: Float64Array;
  /** The best point of all packets, in the user's coordinates. */
  lowest: Lowest;
};

export function blankState(domain: Domain, start: Float64Array, gradients: boolean): PacketsState {
  const dim = domain.lower.length;
  return {
    domain,
    families: Array.from({ length: gradients ? 3 : 2 }, blankFamily),
    levels: [blankLevel(dim), blankLevel(dim)],
    harmonic: gradients ? blankHarmonic(dim) : null,
    start,
    lowest: { value: Number.POSITIVE_INFINITY, x: new Float64Array(dim) },
  };
}
