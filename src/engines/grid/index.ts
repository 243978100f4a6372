/**
 * The grid engine: ψ(x, t) on a grid of one to three dimensions under exp(−e^{iα}Hs), H = −D∇² + ζ: imaginary time (8) at
 * α = 0, real time (4) at α = π/2, damped oscillation between. Exact as the spacing and Δt go to 0: spectral in the
 * spacing, of order 2 or 4 in Δt. ζ is tabulated once, and a step of the run is a block of Δt's.
 */
import { type Engine, inputError, unasked } from "../../core/index.ts";
import type { Crew } from "../../kernels/index.ts";
import { advance } from "./block.ts";
import { checkMemory, tabulate } from "./checks.ts";
import type { Law } from "./course.ts";
import { type Motion, motionOn } from "./motion.ts";
import { densityOf, membership, type Region } from "./observables.ts";
import { begin, type Start } from "./starts.ts";
import { type GridEdge, type GridState, gridLattice } from "./state.ts";
import { tell } from "./tell.ts";

export { gridBytes } from "./checks.ts";
export type { Law } from "./course.ts";
export type { Region } from "./observables.ts";
export { isReal } from "./schemes.ts";
export type { Start } from "./starts.ts";
export { type GridEdge, type GridState, gridLattice } from "./state.ts";

export type GridOptions = {
  /** Points per axis, from 3 up; powers of two are fastest. */
  readonly shape: readonly number[];
  /** The longest Δt: a step of the run is split into the fewest equal ones. */
  readonly dt: number;
  readonly order: 2 | 4;
  readonly edge: GridEdge;
  readonly start: Start;
  /** D and the strength of ζ at time t; those of each step's setting where it is left out. */
  readonly law?: Law | undefined;
  /** Regions whose probabilities are told, as probability1, probability2, … */
  readonly regions?: readonly Region[] | undefined;
  /** Real states φ_n on the lattice with Σ φ² · volume = 1, whose populations |⟨φ_n|ψ⟩|² are told, as level0, level1, … */
  readonly states?: readonly Float64Array[] | undefined;
  /** Threads to share the work. */
  readonly crew?: Crew | undefined;
};

export type GridEngine = Engine<GridState> & {
  /** Lets go of memory and threads. */
  close(): void;
};

/** The engine. */
export function grid(options: GridOptions): GridEngine {
  const { shape, dt, edge, start, regions = [], crew } = options;
  if (!(dt > 0)) throw inputError("dt", `${dt} is not above 0`);
  checkMemory(shape);
  for (const region of regions) membership(region, shape.length);
  const motions = new Map<GridState, Motion>();
  /** The motion of a state; the ψ of one out of a checkpoint moves to where its propagator wants it. */
  const motionOf = (state: GridState): Motion => {
    const known = motions.get(state);
    if (known !== undefined) return known;
    const motion = motionOn(state.lattice, state.value, edge, crew);
    const { re, im } = motion.propagator;
    re.set(state.re);
    im.set(state.im);
    state.re = re;
    state.im = im;
    motions.set(state, motion);
    return motion;
  };

  return {
    name: "grid",
    needs: ["value"],
    tabulated: true,

    *init(domain) {
      const lattice = gridLattice(domain, shape, edge);
      const value = yield* tabulate(lattice);
      const motion = motionOn(lattice, value, edge, crew);
      const { re, im } = motion.propagator;
      begin(start, lattice, re, im);
      const state = { lattice, value, time: 0, re, im };
      motions.set(state, motion);
      return state;
    },

    step(working, tick) {
      const motion = motionOf(working);
      const passed = advance(working, motion, tick, options);
      return unasked(tell(working, motion, tick, passed, options));
    },

    view: ({ lattice, re, im }) => ({ kind: "grid", axes: lattice.axes, density: densityOf(re, im), re, im }),

    close() {
      for (const { propagator } of motions.values()) propagator.close();
      motions.clear();
    },
  };
}
