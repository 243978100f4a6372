/**
 * A walk of harmonic packets from well to well: one is born by shaking the place where the walk stands, and relaxes to the
 * bottom of a well near by. Rises are taken too, or a funnel would hold the walk for good. What it does next is learnt on
 * the way (minima hopping, S. Goedecker, J. Chem. Phys. 120, 9911, 2004): the shake grows when it ends in the well it came
 * from and shrinks when it leaves it; the rise that is taken grows with each refusal and shrinks with each step, so that
 * half of the shakes leave and half of the new wells are entered.
 */
import type { Harmonic } from "./harmonic.ts";

export type Walk = {
  /** The bottom of the well it stands in, in the unit box, and ζ there. */
  x: Float64Array;
  value: number;
  /** The lowest it has seen. */
  lowest: number;
  /** Standard deviation of a shake on each axis, in widths of the box. */
  sigma: number;
  /** The rise of ζ that is still taken; 0 while no well was compared. */
  rise: number;
  /** Whether the latest packet was born by a shake. */
  shaken: boolean;
};

const FIRST_SIGMA = 0.05;
const SHORTEST = 1e-3;
const LONGEST = 0.3;
const LEARNING = 1.1;
/** Bottoms closer than this share of the packet's fall are one. */
const SAME = 1e-6;

export function blankWalk(dim: number): Walk {
  return {
    x: new Float64Array(dim),
    value: Number.POSITIVE_INFINITY,
    lowest: Number.POSITIVE_INFINITY,
    sigma: FIRST_SIGMA,
    rise: 0,
    shaken: false,
  };
}

/** A packet has ended at the bottom of its well: stays or moves there. */
export function arrive(walk: Walk, { x, value, first }: Harmonic): void {
  if (!(walk.shaken ? enters(walk, value, SAME * (first - value)) : value < walk.value)) return;
  walk.value = value;
  walk.lowest = Math.min(walk.lowest, value);
  walk.x.set(x);
}

/** Whether a shake that ended at `value` moves the walk; learns from it. */
function enters(walk: Walk, value: number, same: number): boolean {
  const change = value - walk.value;
  if (!Number.isFinite(change)) return false;
  if (Math.abs(change) <= same) {
    walk.sigma = Math.min(LONGEST, walk.sigma * LEARNING);
    return false;
  }
  walk.sigma = Math.max(SHORTEST, walk.sigma / LEARNING);
  if (walk.rise === 0) walk.rise = Math.abs(change);
  const taken = change < walk.rise;
  walk.rise *= taken ? 1 / LEARNING : LEARNING;
  return taken;
}
