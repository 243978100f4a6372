/**
 * What is measured of ψ on a lattice. Moments are those of |ψ|², normalized; a probability counts the points whose
 * coordinates lie in the region.
 */
import { inputError, type Lattice } from "../../core/index.ts";
import { eachRow } from "./state.ts";

/** A part of space, in the coordinates of ζ. */
export type Region =
  | { readonly kind: "disc"; readonly center: readonly number[]; readonly radius: number }
  | { readonly kind: "box"; readonly lower: readonly number[]; readonly upper: readonly number[] }
  /** normal · x ≥ offset */
  | { readonly kind: "half"; readonly normal: readonly number[]; readonly offset: number };

/** |ψ|² at the points. */
export function densityOf(re: Float64Array, im: Float64Array): Float64Array {
  const density = new Float64Array(re.length);
  for (let i = 0; i < re.length; i++) density[i] = re[i] * re[i] + im[i] * im[i];
  return density;
}

/** Σ |ψ|², row by row. */
export function squareSum(re: Float64Array, im: Float64Array): number {
  const row = 1024;
  let total = 0;
  for (let start = 0; start < re.length; start += row) {
    const end = Math.min(start + row, re.length);
    let partial = 0;
    for (let i = start; i < end; i++) partial += re[i] * re[i] + im[i] * im[i];
    total += partial;
  }
  return total;
}

export type Moments = {
  /** Σ |ψ|² · volume */
  readonly norm: number;
  readonly mean: Float64Array;
  /** √(Σ_j Var(x_j) / dim) */
  readonly spread: number;
  /** ⟨ζ⟩ at strength 1. */
  readonly potential: number;
  /** The largest density on the faces of the box over the largest anywhere. */
  readonly edge: number;
};

/** One pass over ψ. */
export function measure(lattice: Lattice, value: Float64Array, re: Float64Array, im: Float64Array): Moments {
  const dim = lattice.shape.length;
  const marginals = lattice.shape.map((n) => new Float64Array(n));
  const last = marginals[dim - 1];
  const n = last.length;
  let potential = 0;
  let highest = 0;
  let face = 0;
  eachRow(lattice, (row, outer) => {
    let total = 0;
    let weighted = 0;
    let most = 0;
    for (let i = 0; i < n; i++) {
      const e = row + i;
      const p = re[e] * re[e] + im[e] * im[e];
      last[i] += p;
      total += p;
      weighted += p * value[e];
      if (p > most) most = p;
    }
    potential += weighted;
    highest = Math.max(highest, most);
    const ends = Math.max(at(re, im, row), at(re, im, row + n - 1));
    const onFace = outer.some((i, j) => i === 0 || i === lattice.shape[j] - 1);
    face = Math.max(face, onFace ? most : ends);
    outer.forEach((i, j) => {
      marginals[j][i] += total;
    });
  });
  const total = last.reduce((sum, p) => sum + p, 0);
  const { mean, variance } = momentsOf(lattice, marginals, total);
  return {
    norm: total * lattice.volume,
    mean,
    spread: Math.sqrt(variance / dim),
    potential: potential / total,
    edge: face / highest,
  };
}

function at(re: Float64Array, im: Float64Array, e: number): number {
  return re[e] * re[e] + im[e] * im[e];
}

function momentsOf({ axes }: Lattice, marginals: readonly Float64Array[], total: number) {
  let variance = 0;
  const mean = Float64Array.from(axes, (axis, j) => {
    const center = axis.reduce((sum, x, i) => sum + marginals[j][i] * x, 0) / total;
    variance += axis.reduce((sum, x, i) => sum + marginals[j][i] * (x - center) ** 2, 0) / total;
    return center;
  });
  return { mean, variance };
}

/** The share of |ψ|² · volume in a region. */
export function probabilityIn(region: Region, lattice: Lattice, re: Float64Array, im: Float64Array): number {
  const inside = membership(region, lattice.shape.length);
  const axis = lattice.axes[lattice.axes.length - 1];
  const x = new Float64Array(lattice.shape.length);
  let sum = 0;
  eachRow(lattice, (row, outer) => {
    outer.forEach((i, j) => {
      x[j] = lattice.axes[j][i];
    });
    for (let i = 0; i < axis.length; i++) {
      x[x.length - 1] = axis[i];
      if (inside(x)) sum += at(re, im, row + i);
    }
  });
  return sum * lattice.volume;
}

/** @throws where the region has another dimension than the space */
export function membership(region: Region, dim: number): (x: Float64Array) => boolean {
  const given = region.kind === "disc" ? region.center : region.kind === "box" ? region.lower : region.normal;
  if (given.length !== dim)
    throw inputError(`region '${region.kind}'`, `has ${given.length} coordinates where ζ has ${dim} axes`);
  if (region.kind === "disc") {
    const { center, radius } = region;
    return (x) => x.reduce((sum, v, j) => sum + (v - center[j]) ** 2, 0) <= radius * radius;
  }
  if (region.kind === "box") {
    const { lower, upper } = region;
    return (x) => x.every((v, j) => v >= lower[j] && v <= upper[j]);
  }
  const { normal, offset } = region;
  return (x) => x.reduce((sum, v, j) => sum + v * normal[j], 0) >= offset;
}

/** |⟨φ|ψ⟩|² for a real φ with Σ φ² · volume = 1. */
export function overlap(state: Float64Array, lattice: Lattice, re: Float64Array, im: Float64Array): number {
  let a = 0;
  let b = 0;
  for (let i = 0; i < state.length; i++) {
    a += state[i] * re[i];
    b += state[i] * im[i];
  }
  return (a * a + b * b) * lattice.volume ** 2;
}
