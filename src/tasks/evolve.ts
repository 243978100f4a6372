/**
 * Evolve: the wave function in time, exp(−e^{iα}Hs) ψ on a grid, with what is measured of it along the way. Real time
 * (1)(4) at α = π/2, imaginary time (8) at α = 0.
 */
import type { Setting, View } from "../core/engine.ts";
import { inputError } from "../core/errors.ts";
import type { Stop } from "../core/meter.ts";
import { type Observer, observe } from "../core/observe.ts";
import type { Potential } from "../core/problem.ts";
import { type Frame, type Result, type RunOptions, run } from "../core/run.ts";
import type { Schedule } from "../core/schedule.ts";
import {
  type GridEdge,
  type GridOptions,
  grid,
  gridLattice,
  type Law,
  type Region,
  type Start,
} from "../engines/grid/index.ts";
import { sumProducts } from "../math/sum.ts";
import { type Cautions, cautions } from "./cautions.ts";
import { spectrum, stateOn } from "./spectrum.ts";

export type EvolveSetup = {
  readonly potential: Potential;
  /** Wick angle α: 0 imaginary time, π/2 real time. */
  readonly angle: number;
  readonly duration: number;
  /** The longest Δt; the duration is split into the fewest equal ones. */
  readonly dt: number;
  /** Points per axis, one to three axes. */
  readonly shape: readonly number[];
  /** D and the strength of ζ at time t; a constant D where they do not change. */
  readonly law: number | Law;
  /** Where ψ starts; an eigenstate is that of level `level`, from 0, of H. */
  readonly start: Start | { readonly kind: "eigenstate"; readonly level: number };
  readonly order?: 2 | 4 | undefined;
  readonly edge?: GridEdge | undefined;
  /** Rows of the trace after the first; at most the number of steps. */
  readonly frames?: number | undefined;
  readonly regions?: readonly Region[] | undefined;
  /** How many levels' populations are told, from the lowest. */
  readonly levels?: number | undefined;
  /** Whether the error of ψ is estimated, by another run with half as many steps. */
  readonly error?: boolean | undefined;
  readonly crew?: GridOptions["crew"];
};

/** What is measured at one time; energies and moments are those of the normalized |ψ|². */
export type Measured = {
  readonly time: number;
  readonly D: number;
  readonly norm: number;
  readonly energy: number;
  readonly kinetic: number;
  readonly potential: number;
  /** −ln λ/Δτ of the steps before, where the norm decays. */
  readonly growth?: number;
  readonly mean: readonly number[];
  readonly spread: number;
  /** The largest density on the faces of the box over the largest anywhere. */
  readonly edge: number;
  /** ∫|ψ|² over each region. */
  readonly probabilities?: readonly number[];
  /** Populations |⟨φ_n|ψ⟩|² of the levels. */
  readonly levels?: readonly number[];
};

export type Evolution = Measured & {
  readonly stop: Stop;
  /** Δt's taken, and how long each was. */
  readonly steps: number;
  readonly dt: number;
  /** From time 0 on. */
  readonly trace: readonly Measured[];
  /** The estimated error ‖ψ − ψ_exact‖ of Δt at the end, the global phase left aside. */
  readonly error?: number;
  /** E_n of the levels whose populations are told. */
  readonly energies?: readonly number[];
  /** What makes the result doubtful. */
  readonly warnings: readonly string[];
  /** The end, as pictures see it. */
  readonly view: GridView;
};

export type GridView = Extract<View, { kind: "grid" }>;

export type EvolveOptions = Pick<RunOptions, "evaluate" | "signal"> & { readonly observers?: readonly Observer[] };

const FRAMES = 100;

/** Points × steps between two looks at the signal, some tens of milliseconds; of large grids a few steps at least. */
const AT_ONCE = 2 ** 22;
const STEPS_AT_LEAST = 4;

/**
 * The wave function of a setup, from its start to its end.
 * @throws on bad input; a step that cannot be trusted or a box that cuts ψ is told in `warnings`
 */
export async function evolve(setup: EvolveSetup, options: EvolveOptions = {}): Promise<Evolution> {
  const steps = stepsOf(setup.duration, setup.dt);
  const careful = cautions(setup, edgeOf(setup));
  const eigen = await eigenstates(setup, options);
  const { rows, view, stop, taken } = await evolveIn(setup, eigen, steps, careful, options);
  if (view === undefined) throw inputError("evolve", `was ${stop} before it began`);
  const told = {
    ...{ ...rows[rows.length - 1], stop, steps: taken, dt: setup.duration / steps, trace: rows, view },
    ...(setup.levels === undefined ? {} : { energies: eigen.energies.slice(0, setup.levels) }),
  };
  if (setup.error !== true || stop !== "schedule ended") return { ...told, warnings: careful.warnings() };
  const fewer = steps > 1 ? Math.ceil(steps / 2) : 2;
  const { observers: _, ...unwatched } = options;
  const other = await evolveIn({ ...setup, frames: 1 }, eigen, fewer, undefined, unwatched);
  if (other.stop !== "schedule ended" || other.view === undefined)
    return { ...told, stop: other.stop, warnings: careful.warnings() };
  const error = distance(view, other.view) / Math.abs((steps / fewer) ** (setup.order ?? 2) - 1);
  return { ...told, error, warnings: careful.warnings() };
}

type Eigenstates = { readonly energies: readonly number[]; readonly states: readonly Float64Array[] };

/** The levels that the start and the trace ask for, on the lattice of ψ, with Σ φ² · volume = 1. */
async function eigenstates(setup: EvolveSetup, { evaluate }: EvolveOptions): Promise<Eigenstates> {
  const { potential, law, start, shape, levels = 0 } = setup;
  const count = Math.max(levels, start.kind === "eigenstate" ? start.level + 1 : 0);
  if (count === 0) return { energies: [], states: [] };
  const points = shape.reduce((product, n) => product * n, 1);
  if (count > points)
    throw inputError("levels", `${count} are more than the ${points} points of the grid`, "ask for fewer levels");
  if (typeof law !== "number")
    throw inputError("levels", "belong to an H that stays, and the schedule changes it", "leave the schedule out");
  const { axes, volume } = gridLattice(potential.domain, shape, edgeOf(setup));
  // levels of an open ζ that die within the box are the same between walls, and found sooner there
  const edge = edgeOf(setup) !== "wall" && potential.domain.edge === "periodic" ? "periodic" : "wall";
  const walled = { ...potential, answer: evaluate ?? potential.answer, domain: { ...potential.domain, edge } } as const;
  const found = await spectrum(walled, { D: law, levels: count });
  const states = found.levels.map((_, n) => {
    const state = stateOn(found, n, axes);
    const scale = 1 / Math.sqrt(sumProducts(state, state) * volume);
    return state.map((v) => v * scale);
  });
  return { energies: found.levels, states };
}

/** The fewest equal steps not longer than dt. */
function stepsOf(duration: number, dt: number): number {
  if (!(duration > 0 && duration < Number.POSITIVE_INFINITY))
    throw inputError("duration", `${duration} is not a finite time above 0`);
  if (!(dt > 0)) throw inputError("dt", `${dt} is not above 0`);
  const steps = Math.max(1, Math.ceil(duration / dt - 1e-9));
  if (steps > Number.MAX_SAFE_INTEGER) throw inputError("dt", `${dt} makes ${steps} steps`, "take a longer one");
  return steps;
}

type Run = {
  readonly rows: readonly Measured[];
  /** Undefined where the run was stopped before it began. */
  readonly view: GridView | undefined;
  readonly stop: Stop;
  readonly taken: number;
};

async function evolveIn(
  setup: EvolveSetup,
  eigen: Eigenstates,
  steps: number,
  careful: Cautions | undefined,
  { observers = [], ...options }: EvolveOptions,
): Promise<Run> {
  const { potential, duration, law, shape, start, order = 2, frames = FRAMES, regions, levels = 0, crew } = setup;
  if (!(Number.isSafeInteger(frames) && frames > 0))
    throw inputError("frames", `${frames} is not a whole number from 1`);
  const dt = duration / steps;
  const engine = grid({
    ...{ shape, dt, order, regions, crew, states: eigen.states.slice(0, levels) },
    start: start.kind === "eigenstate" ? { kind: "wave", re: eigen.states[start.level] } : start,
    edge: edgeOf(setup),
    law: typeof law === "number" ? undefined : law,
  });
  const rows: Measured[] = [];
  let view: (() => View) | undefined;
  let taken = 0;
  const keep: Observer = {
    frame(frame) {
      rows.push(measured(frame, setup));
      careful?.frame(rows[rows.length - 1], frame.info);
      view = frame.view;
      taken = Math.round(frame.tau / dt);
    },
  };
  try {
    const plan = planOf(steps, Math.min(steps, frames), shape);
    const blocks = run({ potential, engine, schedule: blocksOf(setup, steps, plan), seed: 0 }, options);
    const { stop, error } = await observe(atRows(blocks, plan), [keep, ...observers]);
    if (error !== undefined) throw error;
    const end = view?.();
    return { rows, view: end?.kind === "grid" ? end : undefined, stop, taken };
  } finally {
    engine.close();
  }
}

/** What lies at the edge: as given, else the walls of a domain that has them, else a ring. */
function edgeOf({ edge, potential }: Pick<EvolveSetup, "edge" | "potential">): GridEdge {
  return edge ?? (potential.domain.edge === "wall" ? "wall" : "periodic");
}

/** The rows of the trace: the last one's number from 0, the steps that each is from and to, and its number of blocks. */
type Plan = { readonly last: number; from(row: number): number; to(row: number): number; blocks(row: number): number };

function planOf(steps: number, last: number, shape: readonly number[]): Plan {
  const points = shape.reduce((product, n) => product * n, 1);
  const most = Math.max(STEPS_AT_LEAST, Math.floor(AT_ONCE / points));
  const to = (row: number): number => Math.round((row * steps) / last);
  const from = (row: number): number => to(Math.max(0, row - 1));
  return { last, from, to, blocks: (row) => Math.max(1, Math.ceil((to(row) - from(row)) / most)) };
}

/** A block of no time, which tells of the start, then each row's whole steps, in blocks that are soon over. */
function blocksOf({ duration, law, angle }: EvolveSetup, steps: number, plan: Plan): Schedule<readonly number[]> {
  const setting = (t: number): Setting => (typeof law === "number" ? { D: law, dt: 0 } : law(t));
  const time = (step: number): number => (duration * step) / steps;
  return {
    name: "blocks",
    init: () => [0, 0],
    next([row, block]) {
      if (row > plan.last) return null;
      const [from, to, blocks] = [plan.from(row), plan.to(row), plan.blocks(row)];
      const at = (k: number): number => time(from + Math.round((k * (to - from)) / blocks));
      const carry = block + 1 < blocks ? [row, block + 1] : [row + 1, 0];
      return [{ ...setting(at(block)), dt: at(block + 1) - at(block), angle }, carry];
    },
  };
}

/** The frames at which a row ends, and the last one where the run stopped before the end of a row. */
async function* atRows(blocks: AsyncGenerator<Frame, Result, void>, plan: Plan): AsyncGenerator<Frame, Result, void> {
  let row = 0;
  let due = 1;
  let passed: Frame | undefined;
  for (;;) {
    const next = await blocks.next();
    if (next.done) {
      if (passed !== undefined) yield passed;
      return next.value;
    }
    passed = next.value.index < due ? next.value : undefined;
    if (passed !== undefined) continue;
    due += plan.blocks(++row);
    yield next.value;
  }
}

function measured({ info, tau }: Frame, { potential, law, regions, levels }: EvolveSetup): Measured {
  const { norm, energy, kinetic, growth, spread, edge } = info;
  const list = (name: string, from: number, n: number): number[] =>
    Array.from({ length: n }, (_, i) => info[`${name}${i + from}`]);
  return {
    ...{ time: tau, D: typeof law === "number" ? law : law(tau).D, norm, energy, kinetic, potential: info.potential },
    ...(growth === undefined ? {} : { growth }),
    ...{ mean: list("mean", 1, potential.domain.lower.length), spread, edge },
    ...(regions === undefined ? {} : { probabilities: list("probability", 1, regions.length) }),
    ...(levels === undefined ? {} : { levels: list("level", 0, levels) }),
  };
}

/** ‖ψ − e^{iθ}χ‖ / ‖ψ‖ for the θ that makes it least. */
function distance(psi: GridView, chi: GridView): number {
  const [a, b, c, d] = [psi.re, psi.im, chi.re, chi.im];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return Number.NaN;
  const re = sumProducts(c, a) + sumProducts(d, b);
  const im = sumProducts(c, b) - sumProducts(d, a);
  const size = Math.hypot(re, im);
  const [cos, sin] = size > 0 ? [re / size, im / size] : [1, 0];
  let square = 0;
  for (let i = 0; i < a.length; i++) {
    square += (a[i] - (cos * c[i] - sin * d[i])) ** 2 + (b[i] - (cos * d[i] + sin * c[i])) ** 2;
  }
  return Math.sqrt(square / (sumProducts(a, a) + sumProducts(b, b)));
}
