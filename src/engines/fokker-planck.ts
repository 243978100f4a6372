/**
 * Fokker–Planck on a grid: ∂p/∂τ = ∇·(p∇ζ) + D∇²p, what noisy gradient descent does to a density (paper (11) as
 * erratum E3 corrects it). On equal cells, axis by axis, with the fluxes of Scharfetter and Gummel: the mass is exact
 * and e^{−ζ/D} stationary on any grid, with any Δτ. Nothing flows over an edge, unless it is periodic.
 */

import type { Engine } from "../core/engine.ts";
import { inputError } from "../core/errors.ts";
import { cells, gridInfo, type Lattice, startDensity, tabulate, unasked } from "../core/lattice.ts";
import { jumpRate, relaxChain } from "../math/drift-diffusion.ts";

export type FokkerPlanckOptions = {
  /** Cells per axis, one to three axes. */
  readonly shape: readonly number[];
  /**
   * `implicit`: backward Euler, axis after axis, for any Δτ; `explicit`: forward Euler, for Δτ · (largest outflow) ≤ 1,
   * the conservative twin of the iteration (16). Both are positive, and of order 1 in Δτ.
   */
  readonly stepping: "implicit" | "explicit";
  /** The density at τ = 0 up to a factor, ≥ 0; uniform where it is left out. */
  readonly start?: ((x: Float64Array) => number) | undefined;
};

export type Density = {
  readonly lattice: Lattice;
  /** ζ in the cells. */
  readonly value: Float64Array;
  /** p in the cells, with Σ p · volume = 1. */
  readonly density: Float64Array;
};

/** Rates of jumps over the faces, for each axis: `forth[c]` from cell c to the next one, `back[c]` from that to c. */
export type Rates = {
  readonly forth: readonly Float64Array[];
  readonly back: readonly Float64Array[];
};

/** The engine; ζ is asked at the center of every cell, once. */
export function fokkerPlanck({ shape, stepping, start }: FokkerPlanckOptions): Engine<Density> {
  let plan: Plan | undefined;
  return {
    name: "fokker-planck",
    needs: ["value"],
    tabulated: true,

    *init(domain) {
      const lattice = cells(domain, shape);
      const { at, value } = yield* tabulate(lattice);
      return { lattice, value, density: startDensity(lattice, at, start) };
    },

    step(working, { D, dt, strength = 1 }) {
      const { lattice, value, density } = working;
      plan = planned(working, D, strength, plan);
      if (!(dt >= 0)) throw inputError("dt", `${dt} is below 0`);
      if (stepping === "implicit") relax(lattice, density, plan, dt);
      else {
        checkStep(dt, plan.longest);
        flow(lattice, density, plan, dt, plan.before);
      }
      return unasked(gridInfo(lattice, value, density));
    },

    view: ({ lattice, density }) => ({ kind: "grid", axes: lattice.axes, density }),
  };
}

type Plan = Rates & {
  readonly value: Float64Array;
  readonly D: number;
  readonly strength: number;
  /** The longest explicit step. */
  readonly longest: number;
  /** Scratch of the size of the lattice. */
  readonly before: Float64Array;
};

function planned({ lattice, value }: Density, D: number, strength: number, last: Plan | undefined): Plan {
  if (last?.value === value && last.D === D && last.strength === strength) return last;
  if (!(D >= 0)) throw inputError("D", `${D} is below 0`);
  const empty = (): Float64Array[] => lattice.shape.map(() => new Float64Array(lattice.size));
  const { forth, back, before } =
    last?.value === value ? last : { forth: empty(), back: empty(), before: new Float64Array(lattice.size) };
  jumpRates(lattice, value, D, strength, { forth, back });
  return { value, D, strength, forth, back, before, longest: 1 / largestOutflow(lattice, { forth, back }) };
}

/** The rates at D and strength · ζ, written to `out`. */
export function jumpRates(lattice: Lattice, value: Float64Array, D: number, strength: number, out: Rates): void {
  lattice.spacing.forEach((h, axis) => {
    const forth = out.forth[axis];
    const back = out.back[axis];
    const perArea = 1 / (h * h);
    eachFaceRun(lattice, axis, (from, to, next, closed) => {
      for (let c = from; c < to; c++) {
        const rise = strength * (value[c + next] - value[c]);
        const up = closed ? 0 : perArea * jumpRate(Math.abs(rise), D);
        const down = closed ? 0 : up + perArea * Math.abs(rise);
        forth[c] = rise > 0 ? up : down;
        back[c] = rise > 0 ? down : up;
      }
    });
  });
}

/** The largest rate at which a cell is left over all its faces. */
export function largestOutflow(lattice: Lattice, { forth, back }: Rates): number {
  const outflow = new Float64Array(lattice.size);
  lattice.shape.forEach((_, axis) => {
    eachFaceRun(lattice, axis, (from, to, next) => {
      for (let c = from; c < to; c++) {
        outflow[c] += forth[axis][c];
        outflow[c + next] += back[axis][c];
      }
    });
  });
  return outflow.reduce((most, rate) => Math.max(most, rate), 0);
}

type FaceRun = (from: number, to: number, next: number, closed: boolean) => void;

/**
 * Calls with runs of cells from … to − 1 whose next ones along the axis lie `next` elements on; the last cells of each
 * line follow as a run of their own, whose faces are closed unless the lattice is a ring.
 */
function eachFaceRun({ shape, stride, size, periodic }: Lattice, axis: number, visit: FaceRun): void {
  const step = stride[axis];
  const wrap = (shape[axis] - 1) * step;
  for (let block = 0; block < size; block += wrap + step) {
    visit(block, block + wrap, step, false);
    visit(block + wrap, block + wrap + step, -wrap, !periodic);
  }
}

/** One backward Euler step on each axis in turn. */
export function relax({ shape, stride, size }: Lattice, density: Float64Array, rates: Rates, dt: number): void {
  const most = Math.max(...shape);
  const toNext = new Float64Array(most);
  const toLast = new Float64Array(most);
  shape.forEach((n, axis) => {
    const chain = { forth: rates.forth[axis], back: rates.back[axis], stride: stride[axis], n };
    const length = n * stride[axis];
    for (let block = 0; block < size; block += length)
      for (let start = block; start < block + stride[axis]; start++)
        relaxChain(density, chain, start, dt, toNext, toLast);
  });
}

/**
 * One forward Euler step on all axes at once: what flows over a face is taken from one cell and given to the other.
 * @param before scratch of the size of the lattice
 */
export function flow(lattice: Lattice, density: Float64Array, rates: Rates, dt: number, before: Float64Array): void {
  before.set(density);
  lattice.shape.forEach((_, axis) => {
    const forth = rates.forth[axis];
    const back = rates.back[axis];
    eachFaceRun(lattice, axis, (from, to, next) => {
      for (let c = from; c < to; c++) {
        const flux = dt * (forth[c] * before[c] - back[c] * before[c + next]);
        density[c] -= flux;
        density[c + next] += flux;
      }
    });
  });
}

function checkStep(dt: number, longest: number): void {
  if (dt <= longest) return;
  throw inputError(
    "dt",
    `Δτ = ${dt} is beyond the stability bound of the explicit step`,
    `take at most ${longest}, or implicit steps`,
  );
}
