/**
 * The packets engine: Gaussians N(μ, Σ) in variational imaginary time, several at once. Wide packets (W) are born at
 * doubled λ, small ones (S) at smaller scales, and where ζ offers gradients harmonic ones (H) relax by them. One step
 * is one generation of a W or S packet, or one step of the relaxation of an H packet.
 */
import type { Ask } from "../../core/ask.ts";
import { meanWidth } from "../../core/bounds.ts";
import type { Engine, Info, Tick } from "../../core/engine.ts";
import { entry } from "../../core/entry.ts";
import { inputError } from "../../core/errors.ts";
import type { Domain } from "../../core/problem.ts";
import { fold } from "../../math/rng.ts";
import { bearHarmonic, bearSmall, bearWide } from "./birth.ts";
import { relax } from "./harmonic.ts";
import { generation } from "./level.ts";
import { spread } from "./reading.ts";
import { desk, planned, type Scratch } from "./scratch.ts";
import { blankState, H, type PacketsState, W } from "./state.ts";
import { nextFamily } from "./superposition.ts";
import { view } from "./view.ts";
import { toUser } from "./walls.ts";

export type { PacketsState } from "./state.ts";

export type PacketsOptions = {
  /** Ask for gradients and relax by them; values alone where it is left out. */
  readonly gradients?: boolean;
  /** Where the first packet starts, in the user's coordinates; the middle of the domain where it is left out. */
  readonly start?: ArrayLike<number>;
};

/** π of W, S, H: what a family is given before any energy is known. */
const PRIOR: readonly number[] = [1, 0.3, 1];

const BIRTH = 1;
const SAMPLES = 2;

/**
 * The engine of packets. Its packets govern their own D (reading.ts), so that any schedule may stand outside.
 *
 * Info: `energy`, `spread`, `scatter`, `D`, `dt` of the packet that moved, its `sigma` (in widths of a cube as large as
 * the domain, as are the lengths in D), `family` (0 wide, 1 small, 2 harmonic), `lambda` (samples asked at once) and
 * `births` (packets of the family so far).
 * @throws on the first step, when `start` does not fit the domain
 */
export function packets({ gradients = false, start }: PacketsOptions = {}): Engine<PacketsState> {
  const lent = desk();
  const lead = gradients ? H : W;
  return {
    name: "packets",
    needs: gradients ? ["value", "gradient"] : ["value"],
    // about ten matrices of d × d doubles: 1.3 GB there
    maxDim: 4000,

    *init(domain, key) {
      const state = blankState(domain, startPoint(domain, start), gradients);
      if (gradients) yield* bearHarmonic(state, key);
      else bearWide(state, key);
      return state;
    },

    *step(working, tick) {
      const { domain, families } = working;
      // the first packet of all runs alone until it ends
      const alone = families[lead].births === 1 && families[lead].alive;
      const a = alone ? lead : nextFamily(families, PRIOR);
      const scratch = lent.take(domain.lower.length);
      try {
        return yield* a === H ? relaxation(working, tick, scratch) : evolution(working, a, tick, scratch);
      } finally {
        lent.give(scratch);
      }
    },

    view: (state) => view(state, PRIOR),
  };
}

/** One generation of the W or S packet, born if there is none. */
function* evolution(state: PacketsState, a: number, tick: Tick, scratch: Scratch): Ask<Info> {
  const { domain, lowest } = state;
  const family = state.families[a];
  const level = state.levels[a];
  if (!family.alive) (a === W ? bearWide : bearSmall)(state, fold(tick.key, BIRTH));
  const of = planned(scratch, a, level.packet.lambda);
  const ended = yield* generation(level, of, domain, fold(tick.key, SAMPLES), scratch.bench, lowest);
  family.evaluations += of.lambda;
  family.energy = Math.min(family.energy, level.past.best);
  family.alive = !ended;

  const { packet, reading } = level;
  const width = meanWidth(domain);
  return {
    energy: reading.energy,
    scatter: reading.scatter,
    D: reading.D * width * width,
    dt: reading.dt,
    spread: spread(packet, domain),
    sigma: packet.sigma * width,
    lambda: of.lambda,
    family: a,
    births: family.births,
  };
}

/** One step of the relaxation of the H packet, born if there is none. */
function* relaxation(state: PacketsState, tick: Tick, scratch: Scratch): Ask<Info> {
  const { domain, harmonic, lowest } = state;
  if (harmonic === null) return {};
  const family = state.families[H];
  if (!family.alive) yield* bearHarmonic(state, fold(tick.key, BIRTH));
  if (family.alive) {
    const before = harmonic.evaluations;
    const ended = yield* relax(harmonic, domain, scratch.slope);
    family.evaluations += harmonic.evaluations - before;
    family.alive = !ended;
  }
  family.energy = Math.min(family.energy, harmonic.value);
  if (harmonic.value < lowest.value) {
    lowest.value = harmonic.value;
    harmonic.x.forEach((u, j) => {
      lowest.x[j] = toUser(domain, j, u);
    });
  }

  const well = harmonic.reading;
  const width = meanWidth(domain);
  return {
    energy: well.energy,
    scatter: 0,
    D: well.D * width * width,
    dt: well.dt,
    spread: well.spread * width,
    sigma: well.spread * width,
    lambda: 1,
    family: H,
    births: family.births,
  };
}

function startPoint(domain: Domain, start: ArrayLike<number> | undefined): Float64Array {
  const { lower, upper } = domain;
  if (start === undefined) return lower.map((low, j) => low + (upper[j] - low) / 2);
  if (start.length !== lower.length)
    throw inputError("start", `has ${start.length} coordinates where the domain has ${lower.length}`);
  return Float64Array.from(start);
}

export const packetsEntry = entry({
  name: "packets",
  summary: "Gaussian packets in variational imaginary time: wide, small and, with gradients, harmonic ones",
  reference: "theory: variational imaginary time with ranks for ζ; constants: N. Hansen, arXiv:1604.00772",
  params: {
    gradients: { help: "relax packets by gradients of ζ", default: false },
  },
  make: ({ gradients }): Engine<PacketsState> => packets({ gradients }),
});
