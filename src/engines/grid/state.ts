/**
 * The state of the grid engine: ψ on a lattice, with what belongs to the lattice tabulated beside it.
 */
import { cells, type Domain, type Lattice, nodes } from "../../core/index.ts";

/** What lies at the edge of the box: the other side, a hard wall (ψ = 0), or layers in which real-time waves end. */
export type GridEdge = "periodic" | "wall" | "absorbing";

export type GridState = {
  readonly lattice: Lattice;
  /** ζ at the points. */
  readonly value: Float64Array;
  /** The time evolved so far. */
  time: number;
  /** ψ with Σ |ψ|² · volume = 1 at time 0; the arrays live where the kernels want them. */
  re: Float64Array;
  im: Float64Array;
};

/** The lattice of an edge: lower + ih around a ring, and the centers of cells between walls. */
export function gridLattice(domain: Domain, shape: readonly number[], edge: GridEdge): Lattice {
  return edge === "wall" ? cells({ ...domain, edge: "wall" }, shape) : nodes({ ...domain, edge: "periodic" }, shape);
}

/** Calls with each row along the last axis: its first element and the indices of the other axes. */
export function eachRow({ shape, size }: Lattice, visit: (start: number, outer: Int32Array) => void): void {
  const last = shape[shape.length - 1];
  const outer = new Int32Array(shape.length - 1);
  for (let start = 0; start < size; start += last) {
    visit(start, outer);
    for (let j = outer.length - 1; j >= 0; j--) {
      if (++outer[j] < shape[j]) break;
      outer[j] = 0;
    }
  }
}
