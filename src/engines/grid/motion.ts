/**
 * The motion of a state: its propagator, with ζ and ω as the angle and the splitting want them.
 */
import { inputError, type Lattice } from "../../core/index.ts";
import type { Crew } from "../../kernels/index.ts";
import { absorbingLayer } from "./absorbing.ts";
import { checkBottom } from "./checks.ts";
import { type Propagator, propagator } from "./propagator.ts";
import { isReal, type Scheme } from "./schemes.ts";
import { squaredSlope } from "./slope.ts";
import type { GridEdge, GridState } from "./state.ts";

export type Motion = {
  readonly propagator: Propagator;
  readonly edge: GridEdge;
  /** The largest value of ζ less the smallest. */
  readonly range: number;
  readonly lowest: number;
  /** What is taken out of ζ, so that no factor overflows: its lowest value, or 0 in real time. */
  floor: number;
  /** Wick angle and splitting for which ζ and ω are in place. */
  ready: { readonly angle: number; readonly scheme: Scheme } | undefined;
};

/** A motion on a lattice where ζ is tabulated; its ψ is still to be written. */
export function motionOn(lattice: Lattice, value: Float64Array, edge: GridEdge, crew: Crew | undefined): Motion {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let e = 0; e < value.length; e++) {
    if (value[e] < lowest) lowest = value[e];
    if (value[e] > highest) highest = value[e];
  }
  const moved = propagator(lattice, edge, crew);
  return { propagator: moved, edge, range: highest - lowest, lowest, floor: 0, ready: undefined };
}

/** Puts ζ and ω in place. */
export function prepare(motion: Motion, state: GridState, angle: number, scheme: Scheme): void {
  if (motion.ready?.angle === angle && motion.ready.scheme === scheme) return;
  const { lattice, value } = state;
  const { propagator, edge } = motion;
  const decays = !isReal(angle);
  if (decays && edge !== "wall") checkBottom(lattice, value);
  if (edge === "absorbing" && angle === 0)
    throw inputError("edge", "absorbing layers end waves, and imaginary time has none", "take periodic or wall");
  motion.floor = decays ? motion.lowest : 0;
  const shifted = decays ? value.map((v) => v - motion.floor) : value;
  if (scheme.gradients !== undefined) propagator.setPotential(shifted, squaredSlope(lattice, value));
  else if (edge === "absorbing") propagator.setPotential(shifted, absorbingLayer(lattice));
  else propagator.setPotential(shifted);
  motion.ready = { angle, scheme };
}
