/**
 * What moves ψ: kicks exp(−cζ − aω) in position, drifts exp(d∇²) in momentum. A propagator owns the arrays of ψ. On a ring
 * it is the grid kernel; between walls it goes line by line in sines.
 */
import { inputError, type Lattice } from "../../core/index.ts";
import { type Crew, gridKernel } from "../../kernels/index.ts";
import { frequencies } from "../../math/fft.ts";
import type { GridKernel } from "../../math/grid.ts";
import { gridBytes } from "./checks.ts";
import { eachRow, type GridEdge } from "./state.ts";
import { walled } from "./walls.ts";

export type Propagator = Pick<GridKernel, "re" | "im" | "setPotential" | "evolve" | "close"> & {
  /** ⟨−∇²⟩ of ψ, which stays as it is but for rounding. */
  squaredMomentum(): number;
};

/** @throws where there is no memory for it */
export function propagator(lattice: Lattice, edge: GridEdge, crew: Crew | undefined): Propagator {
  try {
    return edge === "wall" ? walled(lattice) : around(lattice, crew);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const bytes = gridBytes(lattice.shape);
    throw inputError(
      "grid",
      `there is no memory for the ${(bytes / 2 ** 30).toPrecision(3)} GiB it takes`,
      "coarsen it",
    );
  }
}

function around(lattice: Lattice, crew: Crew | undefined): Propagator {
  const kinetic = lattice.shape.map((n, j) => {
    const unit = (2 * Math.PI) / (n * lattice.spacing[j]);
    return frequencies(n).map((f) => (unit * f) ** 2);
  });
  const kernel = gridKernel({ shape: lattice.shape, kinetic }, crew);
  const squares = kinetic.map((square, j) => Float64Array.from(kernel.order[j], (place) => square[place]));
  return {
    ...kernel,
    squaredMomentum() {
      kernel.toMomentum();
      const mean = average(lattice, squares, kernel.re, kernel.im);
      kernel.toPosition();
      return mean;
    },
  };
}

/** Σ |ψ|² Σ_j squares_j / Σ |ψ|² */
function average(lattice: Lattice, squares: readonly Float64Array[], re: Float64Array, im: Float64Array): number {
  const last = squares[squares.length - 1];
  let above = 0;
  let below = 0;
  eachRow(lattice, (row, outer) => {
    let rest = 0;
    outer.forEach((i, j) => {
      rest += squares[j][i];
    });
    let total = 0;
    let weighted = 0;
    for (let i = 0; i < last.length; i++) {
      const p = re[row + i] * re[row + i] + im[row + i] * im[row + i];
      total += p;
      weighted += p * last[i];
    }
    above += weighted + rest * total;
    below += total;
  });
  return above / below;
}
