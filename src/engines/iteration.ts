/**
 * The paper's explicit iteration (16) of its equation (11), ∂ψ/∂τ = (D∂² − ∂ζ/∂x) ψ, on a grid:
 * ψ_i ← ψ_i + DΔτ (ψ_{i+1} − 2ψ_i + ψ_{i−1}) / Δx² − Δτ (Δζ/Δx)_i ψ_i. As printed the slope is one-sided, of order 1 in
 * Δx (erratum E6); centered it is of order 2. The slope is a reaction here, not a drift: mass is not kept (erratum
 * E3, whose cure is the Fokker–Planck engine). In more dimensions the slope is read as Σ_j ∂ζ/∂x_j.
 */
import type { Engine } from "../core/engine.ts";
import { inputError } from "../core/errors.ts";
import { gridInfo, type Lattice, nodes, startDensity, tabulate, unasked } from "../core/lattice.ts";

export type IterationOptions = {
  /** Points per axis, one to three axes, those at the bounds included: there ψ is 0, unless the domain is periodic. */
  readonly shape: readonly number[];
  /** `forward`: (ζ(x_{i+1}) − ζ(x_i)) / Δx, equation (14) as printed; `centered`: (ζ(x_{i+1}) − ζ(x_{i−1})) / 2Δx. */
  readonly slope: "forward" | "centered";
  /** ψ at τ = 0 up to a factor, ≥ 0; uniform where it is left out. */
  readonly start?: ((x: Float64Array) => number) | undefined;
};

export type Iterate = {
  readonly lattice: Lattice;
  /** ζ at the points. */
  readonly value: Float64Array;
  /** Σ_j Δζ/Δx_j at the points; 0 where ψ is held at 0. */
  readonly slope: Float64Array;
  /** The largest slope. */
  readonly steepest: number;
  /** ψ, with Σ ψ · volume = 1 at τ = 0 and whatever the iteration makes of it later. */
  readonly psi: Float64Array;
};

/** The engine; ψ is read as a density, as the paper does, and `mass` says what has become of it. */
export function iteration({ shape, slope: side, start }: IterationOptions): Engine<Iterate> {
  let before = new Float64Array(0);
  return {
    name: "iteration",
    needs: ["value"],
    tabulated: true,

    *init(domain) {
      const lattice = nodes(domain, shape);
      const { at, value } = yield* tabulate(lattice);
      const slope = slopes(lattice, value, side);
      const inside = start ?? (() => 1);
      const psi = startDensity(lattice, at, (x) => (onBound(lattice, x) ? 0 : inside(x)));
      return { lattice, value, slope, steepest: slope.reduce((most, s) => Math.max(most, s)), psi };
    },

    step(working, { D, dt, strength = 1 }) {
      const { lattice, value, slope, steepest, psi } = working;
      if (!(D >= 0)) throw inputError("D", `${D} is below 0`);
      checkStep(dt, longestStep(lattice, D, strength * steepest));
      if (before.length !== psi.length) before = new Float64Array(psi.length);
      iterate(lattice, psi, slope, { D, dt, strength }, before);
      return unasked(gridInfo(lattice, value, psi));
    },

    view: ({ lattice, psi }) => ({ kind: "grid", axes: lattice.axes, density: psi }),
  };
}

/** The longest Δτ for which the iteration is stable: 4DΔτ Σ_j 1/Δx_j² + Δτ max ∂ζ/∂x = 2; ∞ where none is too long. */
export function longestStep({ spacing }: Lattice, D: number, steepest: number): number {
  const fastest = 4 * D * spacing.reduce((s, h) => s + 1 / h ** 2, 0) + steepest;
  return fastest > 0 ? 2 / fastest : Infinity;
}

function checkStep(dt: number, longest: number): void {
  if (dt >= 0 && dt <= longest) return;
  if (!(dt >= 0)) throw inputError("dt", `${dt} is below 0`);
  throw inputError("dt", `Δτ = ${dt} is beyond the stability bound of the iteration (16)`, `take at most ${longest}`);
}

/**
 * One iteration, without a look at its stability.
 * @param before scratch of the size of the lattice
 */
export function iterate(
  lattice: Lattice,
  psi: Float64Array,
  slope: Float64Array,
  { D, dt, strength }: { readonly D: number; readonly dt: number; readonly strength: number },
  before: Float64Array,
): void {
  before.set(psi);
  const { size, spacing } = lattice;
  let center = 1;
  for (const h of spacing) center -= (2 * D * dt) / h ** 2;
  const reaction = strength * dt;
  for (let c = 0; c < size; c++) psi[c] *= center - reaction * slope[c];
  spacing.forEach((h, axis) => {
    const weight = (D * dt) / h ** 2;
    eachRun(lattice, axis, (from, count, previous, next) => {
      for (let i = 0; i < count; i++) psi[from + i] += weight * (before[previous + i] + before[next + i]);
    });
  });
  holdBounds(lattice, psi);
}

/** The slope at every point, summed over the axes. */
function slopes(lattice: Lattice, value: Float64Array, side: IterationOptions["slope"]): Float64Array {
  const slope = new Float64Array(lattice.size);
  lattice.spacing.forEach((h, axis) => {
    eachRun(lattice, axis, (from, count, previous, next) => {
      for (let i = 0; i < count; i++)
        slope[from + i] +=
          side === "forward"
            ? (value[next + i] - value[from + i]) / h
            : (value[next + i] - value[previous + i]) / (2 * h);
    });
  });
  holdBounds(lattice, slope);
  return slope;
}

type Run = (from: number, count: number, previous: number, next: number) => void;

/** Calls with runs of points that lie one after another, as do their neighbors along the axis; bounds have none. */
function eachRun({ shape, stride, size, periodic }: Lattice, axis: number, visit: Run): void {
  const step = stride[axis];
  const last = (shape[axis] - 1) * step;
  for (let block = 0; block < size; block += last + step) {
    visit(block + step, last - step, block, block + 2 * step);
    if (!periodic) continue;
    visit(block, step, block + last, block + step);
    visit(block + last, step, block + last - step, block);
  }
}

/** Sets to 0 what lies on the bounds; a ring has none. */
function holdBounds({ shape, stride, size, periodic }: Lattice, values: Float64Array): void {
  if (periodic) return;
  shape.forEach((n, axis) => {
    const last = (n - 1) * stride[axis];
    for (let block = 0; block < size; block += last + stride[axis]) {
      values.fill(0, block, block + stride[axis]);
      values.fill(0, block + last, block + last + stride[axis]);
    }
  });
}

function onBound({ axes, periodic }: Lattice, x: Float64Array): boolean {
  return !periodic && x.some((v, j) => v === axes[j][0] || v === axes[j][axes[j].length - 1]);
}
