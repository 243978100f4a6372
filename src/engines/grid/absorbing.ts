/**
 * Absorbing layers at both ends of each axis: −iW added to ζ in real time, with the transmission-free W of
 * D. E. Manolopoulos, J. Chem. Phys. 117, 9552 (2002). With layers of width d, waves with wave number above
 * k = c / (2δd) leave at least 99 % of their probability in them, and those below are turned back.
 */
import type { Lattice } from "../../core/index.ts";
import { eachRow } from "./state.ts";

/** The width of a layer, as a share of the axis. */
export const LAYER = 1 / 8;

const C = 2.62206;
const A = 1 - 16 / C ** 3;
const B = (1 - 17 / C ** 3) / C ** 2;
/** Manolopoulos's accuracy parameter: less than 1 % is turned back. */
const DELTA = 0.2;
// W grows without bound toward the edge; beyond this it ends everything in one step as well
const MOST = 1e6;

/** W/D at the points: Σ over axes of k² y(2δk · depth), where k is the smallest wave number that is absorbed. */
export function absorbingLayer(lattice: Lattice): Float64Array {
  const layer = new Float64Array(lattice.size);
  const along = lattice.axes.map((axis, j) => profile(axis.length, lattice.spacing[j]));
  const last = along[along.length - 1];
  eachRow(lattice, (row, outer) => {
    let rest = 0;
    outer.forEach((i, j) => {
      rest += along[j][i];
    });
    for (let i = 0; i < last.length; i++) layer[row + i] = rest + last[i];
  });
  return layer;
}

function profile(n: number, spacing: number): Float64Array {
  const width = LAYER * n * spacing;
  const k = C / (2 * DELTA * width);
  return Float64Array.from({ length: n }, (_, i) => {
    // the edge lies half a spacing outside the first and the last point
    const depth = width - (Math.min(i, n - 1 - i) + 0.5) * spacing;
    return depth <= 0 ? 0 : k * k * Math.min(MOST, strength((C * depth) / width));
  });
}

function strength(x: number): number {
  return A * x - B * x ** 3 + 4 / (C - x) ** 2 - 4 / (C + x) ** 2;
}
