/**
 * Diffusion Monte Carlo: walkers that diffuse, are weighed by e^{−(½(ζ_old + ζ_new) − E_T)Δτ} and branch, sample the ground
 * state ψ of H = −D∇² + ζ (8)–(10), (17)–(20) (Anderson, J. Chem. Phys. 63, 1499, 1975; Kosztin, Faber, Schulten, Am. J.
 * Phys. 64, 633, 1996). With a guide φ they sample ψφ: they drift, and E_L stands in place of ζ. The trial energy E_T holds
 * the population, whose size varies within a fixed capacity.
 */
import {
  type Ask,
  askValue,
  confine,
  type Domain,
  type Engine,
  type Guidance,
  type Guide,
  type Info,
  inputError,
  uniformPoints,
} from "../../core/index.ts";
import { type Branched, cloudKernel } from "../../kernels/index.ts";
import { exp } from "../../math/elementary.ts";
import { fillUniform, fold, type Key, sum, uniform } from "../../math/index.ts";
import { surviveNode, surviveWalls } from "./absorb.ts";
import { place } from "./branch.ts";
import { type Accepted, decide, limitedDrift } from "./drift.ts";
import { blankRows, copyRow, copyRows, localEnergy, look, type Parts, pointsOf, type Rows } from "./walkers.ts";

export type { Node } from "./absorb.ts";

export type DmcOptions = Parts & {
  /** Walkers to be held, N. */
  readonly population: number;
  /** Imaginary time within which E_T brings the population back to N. */
  readonly memory: number;
  /**
   * φ > 0 onto which walkers without a guide are projected for the energy, ∫ψ Hφ / ∫ψφ = E₀: they go as they went, and it
   * varies the less the nearer φ is to ψ. It must vanish at walls and node.
   */
  readonly projector?: Guide | undefined;
  /** Where n walkers begin, [n × dim]; uniform in the domain where it is left out. */
  readonly start?: ((key: Key, n: number) => Float64Array) | undefined;
};

export type DmcState = Rows & {
  readonly domain: Domain;
  /** The walkers that live are the first `count` rows. */
  count: number;
  /** The running mean of the energy, and of how many steps. */
  energy: number;
  steps: number;
};

/** Slots for each walker that is to be held. */
const ROOM = 3;
/** Memories that the running mean of the energy reaches back. */
const LONG = 3;
/** Purposes of a step's randomness. */
const KICK = 1;
const DECIDE = 2;
const BRANCH = 3;

/**
 * The engine. Its info: `energy` the step's estimate (growth −ln λ/Δτ without a guide, or what the projector says; with a
 * guide mixed, ⟨E_L⟩, and −ln(survival)/Δτ for what died), `share` that the projector gives to this
 * step, `trial` E_T, `population`, `acceptance`, `lost` the share that died at walls and node,
 * `clipped` the share of weights that were cut off, `full` 1 where the population met its capacity, `dt` the time passed.
 */
export function dmc(options: DmcOptions): Engine<DmcState> {
  const { population, guide, node } = options;
  const capacity = ROOM * population;
  let bench: Bench | undefined;
  return {
    name: "dmc",
    needs: ["value"],

    *init(domain, key) {
      const dim = domain.lower.length;
      const rows = blankRows(capacity, dim, options);
      rows.x.set(options.start?.(key, population) ?? uniformPoints(domain, key, population).x);
      if (domain.edge !== "open")
        for (let e = 0; e < population * dim; e++) rows.x[e] = confine(domain, e % dim, rows.x[e]);
      const at = pointsOf(rows, population, domain);
      rows.value.set(yield* askValue(at));
      look(options, at, rows);
      const count = keepUsable(rows, population, dim);
      if (count === 0) throw unusable(options);
      return { domain, ...rows, count, energy: Number.NaN, steps: 0 };
    },

    *step(state, { D, dt, key }) {
      if (state.count === 0) return { energy: Number.NaN, population: 0, dt };
      bench ??= benchOf(capacity, state.domain.lower.length, options);
      if (guide === undefined && node === undefined && state.domain.edge !== "wall")
        return yield* freely(state, bench, { D, dt, key, options });
      propose(state, bench, D, dt, key, guide);
      const at = pointsOf(bench, state.count, state.domain);
      bench.value.set(yield* askValue(at));
      look(options, at, bench);
      if (node !== undefined) surviveNode(state.distance, bench.distance, state.count, D * dt, bench.survival);
      const isFree = guide === undefined || guide.transition !== undefined;
      const moved = isFree ? FREE : accept(state, bench, D, dt, key, guide.particle);
      return branch(state, bench, { D, dt, key, moved, options });
    },

    view: (state) => ({
      kind: "cloud",
      points: pointsOf(state, state.count, state.domain),
      value: state.value.subarray(0, state.count),
    }),
  };
}

/** Scratch of a step: what is proposed, and a few numbers for each walker. It carries nothing from step to step. */
type Bench = Rows & {
  readonly lengths: Float64Array;
  readonly drift: Float64Array;
  readonly back: Float64Array;
  readonly uniforms: Float64Array;
  readonly accepted: Uint8Array;
  readonly survival: Float64Array;
  readonly weight: Float64Array;
  /** Local energies before and after the step. */
  readonly local: Float64Array;
  readonly after: Float64Array;
  readonly dead: Int32Array;
  readonly born: Int32Array;
  /** What the projector says. */
  readonly projection: Guidance;
  /** The guide's exact transition, for the D and Δτ of the last step. */
  flow:
    | { readonly D: number; readonly dt: number; readonly move: ReturnType<NonNullable<Guide["transition"]>> }
    | undefined;
};

function benchOf(capacity: number, dim: number, parts: DmcOptions): Bench {
  const sized = parts.projector === undefined ? 0 : capacity;
  const guided = parts.guide === undefined ? 0 : capacity;
  return {
    ...blankRows(capacity, dim, parts),
    lengths: new Float64Array(dim),
    drift: new Float64Array(guided * dim),
    back: new Float64Array(guided * dim),
    uniforms: new Float64Array(guided),
    accepted: new Uint8Array(guided),
    survival: new Float64Array(capacity),
    weight: new Float64Array(capacity),
    local: new Float64Array(capacity),
    after: new Float64Array(capacity),
    dead: new Int32Array(capacity),
    born: new Int32Array(capacity),
    projection: {
      log: new Float64Array(sized),
      gradient: new Float64Array(sized * dim),
      laplacian: new Float64Array(sized),
    },
    flow: undefined,
  };
}

/** A step where nothing but branching can happen to walkers: they are kicked in place. */
function* freely(state: DmcState, bench: Bench, { D, dt, key, options }: Omit<Branching, "moved">): Ask<Info> {
  const { count, domain } = state;
  const size = count * domain.lower.length;
  cloudKernel().kick(state.x.subarray(0, size), bench.lengths.fill(Math.sqrt(2 * D * dt)), fold(key, KICK));
  if (domain.edge === "periodic")
    for (let e = 0; e < size; e++) state.x[e] = confine(domain, e % domain.lower.length, state.x[e]);
  const given = { D, dt, key, moved: FREE, options };
  const after = yield* askValue(pointsOf(state, count, domain));
  const weighed = weigh(state, bench, state.value, after, given);
  state.value.set(after);
  return settle(state, bench, after, weighed, given);
}

const FREE: Accepted = { acceptance: 1, share: 1 };

/** Drift and diffusion, and what that costs at the edges of the domain. */
function propose(state: DmcState, bench: Bench, D: number, dt: number, key: Key, guide: Guide | undefined): void {
  const { domain, count } = state;
  const dim = domain.lower.length;
  const size = count * dim;
  const to = bench.x.subarray(0, size);
  to.set(state.x.subarray(0, size));
  if (guide?.transition !== undefined) {
    const z = bench.drift.subarray(0, size);
    cloudKernel().normals(fold(key, KICK), z);
    if (bench.flow?.D !== D || bench.flow.dt !== dt) bench.flow = { D, dt, move: guide.transition(D, dt) };
    bench.flow.move(to, z, count);
  } else {
    if (guide !== undefined) {
      bench.drift.set(state.gradient.subarray(0, size));
      limitedDrift(bench.drift, size, D, dt, guide.particle);
      for (let e = 0; e < size; e++) to[e] += dt * bench.drift[e];
    }
    cloudKernel().kick(to, bench.lengths.fill(Math.sqrt(2 * D * dt)), fold(key, KICK));
  }
  bench.survival.fill(1, 0, count);
  if (domain.edge === "periodic") for (let e = 0; e < size; e++) to[e] = confine(domain, e % dim, to[e]);
  if (domain.edge !== "wall") return;
  surviveWalls(domain, state.x, to, count, D * dt, bench.survival);
  // ζ need not be known beyond the walls
  for (let i = 0; i < count; i++)
    if (bench.survival[i] === 0) for (let e = i * dim; e < (i + 1) * dim; e++) to[e] = state.x[e];
}

/** Metropolis' decision on each move; what is refused stays, and met no wall. */
function accept(state: DmcState, bench: Bench, D: number, dt: number, key: Key, particle: number): Accepted {
  const { count, domain } = state;
  const dim = domain.lower.length;
  const { back, drift, survival, accepted } = bench;
  back.set(bench.gradient.subarray(0, count * dim));
  limitedDrift(back, count * dim, D, dt, particle);
  fillUniform(fold(key, DECIDE), bench.uniforms.subarray(0, count));
  const from = { x: state.x, log: state.log, drift };
  const moved = decide(
    from,
    { x: bench.x, log: bench.log, drift: back },
    count,
    dim,
    { D, dt },
    bench.uniforms,
    accepted,
  );
  for (let i = 0; i < count; i++) if (accepted[i] === 0 && survival[i] > 0) survival[i] = 1;
  return moved;
}

type Branching = {
  readonly D: number;
  readonly dt: number;
  readonly key: Key;
  readonly moved: Accepted;
  readonly options: DmcOptions;
};

/** Makes the moves that are accepted; then weights and offspring. */
function branch(state: DmcState, bench: Bench, given: Branching): Info {
  const { D, moved } = given;
  const { count } = state;
  const dim = state.domain.lower.length;
  const { local, after, accepted } = bench;
  for (let i = 0; i < count; i++) local[i] = localEnergy(state, i, D);
  if (moved === FREE) copyRows(bench, state, count, dim);
  else for (let i = 0; i < count; i++) if (accepted[i] === 1) copyRow(bench, i, state, i, dim);
  for (let i = 0; i < count; i++) after[i] = localEnergy(state, i, D);
  return settle(state, bench, after, weigh(state, bench, local, after, given), given);
}

type Weighed = {
  readonly branched: Branched;
  readonly trial: number;
  readonly passed: number;
  readonly mayDie: boolean;
};

/** Weights and offspring, from the local energies before and after the step. */
function weigh(
  state: DmcState,
  bench: Bench,
  before: Float64Array,
  after: Float64Array,
  { dt, key, moved, options: { population, memory, guide, node, projector } }: Branching,
): Weighed {
  const { count } = state;
  if (state.steps === 0) state.energy = finiteMean(before, count);
  const passed = dt * moved.share;
  const trial = state.energy - Math.log(count / population) / memory;
  const mayDie = state.domain.edge === "wall" || node !== undefined;
  const branched = cloudKernel().branch({
    before: before.subarray(0, count),
    after,
    survival: mayDie ? bench.survival : undefined,
    dt: passed,
    trial,
    u: uniform(fold(key, BRANCH), 0),
    weight: guide === undefined && projector === undefined ? undefined : bench.weight,
    dead: bench.dead,
    born: bench.born,
  });
  return { branched, trial, passed, mayDie };
}

/** The energy of the step, and the new population. */
function settle(
  state: DmcState,
  bench: Bench,
  after: Float64Array,
  { branched: { total, dead, born, clipped, dropped }, trial, passed, mayDie }: Weighed,
  { D, dt, moved, options: { population, memory, guide, projector } }: Branching,
): Info {
  const { count } = state;
  const dim = state.domain.lower.length;
  const weight = bench.weight.subarray(0, count);
  const alive = mayDie ? sum(bench.survival, count) / count : 1;
  const growth = trial - Math.log(total / count) / passed;
  const steering = guide === undefined ? growth : mixed(after, weight) - Math.log(alive) / dt;
  const { energy, share } =
    projector === undefined ? { energy: steering, share: 1 } : projected(state, bench, projector, population, D);
  const births = Math.min(born, state.value.length - count + dead);
  state.count = place(bench.dead, dead, bench.born, births, count, (from, to) => copyRow(state, from, state, to, dim));
  const isFull = births < born || dropped > 0;
  // a population that meets its capacity tells that the mean is out of date
  remember(state, steering, isFull ? 1 : dt / (LONG * memory));
  // written out: spreading a record takes microseconds
  return {
    energy,
    share,
    trial,
    population: state.count,
    acceptance: moved.acceptance,
    lost: 1 - alive,
    clipped: clipped / count,
    full: isFull ? 1 : 0,
    dt: passed,
  };
}

/** Takes the energy of a step into the running mean. */
function remember(state: DmcState, energy: number, share: number): void {
  state.steps++;
  if (Number.isFinite(energy)) state.energy += Math.max(1 / state.steps, Math.min(1, share)) * (energy - state.energy);
}

type Projected = { readonly energy: number; readonly share: number };

/** Σ wφE_L / Σ wφ over walkers of ψ, and Σ wφ beside the walkers that are to be held. */
function projected(state: DmcState, bench: Bench, projector: Guide, population: number, D: number): Projected {
  const { projection: seen, weight } = bench;
  projector.at(pointsOf(state, state.count, state.domain), seen);
  let [total, all] = [0, 0];
  for (let i = 0; i < state.count; i++) {
    if (!(weight[i] > 0)) continue;
    const share = weight[i] * exp(seen.log[i]);
    total += share * (state.value[i] - D * seen.laplacian[i]);
    all += share;
  }
  return { energy: total / all, share: all / population };
}

/** ⟨E_L⟩ over the weights. */
function mixed(local: Float64Array, weight: Float64Array): number {
  let [total, all] = [0, 0];
  for (let i = 0; i < weight.length; i++)
    if (weight[i] > 0) {
      total += weight[i] * local[i];
      all += weight[i];
    }
  return total / all;
}

function finiteMean(values: Float64Array, n: number): number {
  let [total, seen] = [0, 0];
  for (let i = 0; i < n; i++)
    if (Number.isFinite(values[i])) {
      total += values[i];
      seen++;
    }
  return total / seen;
}

/** Moves walkers at which ζ and φ are finite to the front; how many there are. */
function keepUsable(rows: Rows, n: number, dim: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const isUsable =
      rows.value[i] < Number.POSITIVE_INFINITY && (rows.log.length === 0 || Number.isFinite(rows.log[i]));
    if (isUsable) copyRow(rows, i, rows, count++, dim);
  }
  return count;
}

function unusable({ guide }: Parts): Error {
  if (guide === undefined) return inputError("ζ", "is not finite where walkers begin", "choose another domain");
  return inputError(`guide '${guide.name}'`, "vanishes wherever walkers begin", "choose another guide, or none");
}
