/**
 * The packets engine: one state, tried at four levels of the same theory, from the cheapest, which assumes most, to the
 * dearest, which assumes nothing. Each level tests its own assumption and hands over when the test fails.
 *
 *   L0 probe ──additive?──▶ L1 product state ──▶ L3 superposition of packets
 *       └─────────────────▶ L2 harmonic packet ──┘
 *
 * One step is the probe, d looks of the product state, a line search of a harmonic packet, or one generation of a wide or
 * small one. With gradients the harmonic packet comes first.
 */
import type { Ask } from "../../core/ask.ts";
import { meanWidth } from "../../core/bounds.ts";
import type { Engine, Info, Tick } from "../../core/engine.ts";
import { entry } from "../../core/entry.ts";
import { inputError } from "../../core/errors.ts";
import type { Domain } from "../../core/problem.ts";
import { fold, type Key, uniform } from "../../math/rng.ts";
import { bearHarmonic, bearProbed, bearSmall, bearWide, copyToUnit } from "./birth.ts";
import { returnTo } from "./bottoms.ts";
import { aim, type Harmonic, isAtRest, isFlat, isOutdone, relax, type Slope } from "./harmonic.ts";
import { generation } from "./level.ts";
import { settle } from "./places.ts";
import { look, mayBeAdditive } from "./probe.ts";
import { jump, search, startProduct } from "./product.ts";
import { probeReading, productReading } from "./reading.ts";
import { desk, planned, type Scratch } from "./scratch.ts";
import {
  blankState,
  firstRunsAlone,
  H,
  type PacketsState,
  PROBE,
  PRODUCT,
  type Stage,
  W,
  withoutSlopes,
} from "./state.ts";
import { LEADS, steadyPackets } from "./steady.ts";
import { learnMisfit, nextFamily } from "./superposition.ts";
import { levelInfo } from "./told.ts";
import { LABELS, view } from "./view.ts";
import { arrive } from "./walk.ts";

export { confined } from "./confined.ts";
export type { PacketsState } from "./state.ts";

/** The parts that a run can do without, to see what each brings. */
export const PARTS = ["product", "harmonic", "surrogate", "superposition"] as const;
export type Part = (typeof PARTS)[number];

export type PacketsOptions = {
  /** Ask for gradients and relax by them; values alone where it is left out. */
  readonly gradients?: boolean;
  /** Where the first packet starts, in the user's coordinates; the middle of the domain where it is left out. */
  readonly start?: ArrayLike<number> | "random";
  readonly without?: readonly Part[];
};

/** π of W, S, H: what a family is given before any energy is known. */
const PRIOR: readonly number[] = [1, 0.3, 1];

/** The share of its fall that the well of a packet at rest may promise yet. */
const RESTS = 0.01;

/** Noise above this share of the probe's scale leaves no slope to follow. */
const DROWNED = 1e-3;

const BIRTH = 1;
const SAMPLES = 2;
const START = 3;

/** What a run of the engine is made with. */
type Plan = { readonly exact: boolean; readonly prior: readonly number[]; readonly without: ReadonlySet<Part> };

/**
 * The engine of packets. Its packets govern their own D (reading.ts), so that any schedule may stand outside.
 *
 * Info: `energy`, `spread`, `scatter`, `D`, `dt` of what moved, its `sigma` (in widths of a cube as large as the domain,
 * as are the lengths in D), `family` (0 wide, 1 small, 2 harmonic, 3 product state, 4 probe; from 5 on further harmonic
 * ones, under answers in any order), `lambda` (samples asked at once) and `births` (packets of the family so far).
 * @throws on the first step, when `start` does not fit the domain
 */
export function packets({ gradients = false, start, without = [] }: PacketsOptions = {}): Engine<PacketsState> {
  const lent = desk();
  const left = new Set(without);
  const plan: Plan = {
    exact: gradients,
    without: left,
    prior: PRIOR.map((p, a) => (a !== W && (left.has("superposition") || (a === H && left.has("harmonic"))) ? 0 : p)),
  };
  const noisyPlan = { ...plan, prior: withoutSlopes(plan.prior) };
  const engine: Engine<PacketsState> = {
    name: "packets",
    nameOf: (family) => LABELS[family] ?? LEADS[family - LABELS.length],
    needs: gradients ? ["value", "gradient"] : ["value"],
    assisted: true,
    // about ten matrices of d × d doubles, 1.3 GB there; with slopes as much for what a product state keeps
    maxDim: gradients ? 20_000 : 4000,

    // biome-ignore lint/correctness/useYield: the first step asks
    *init(domain, key, from) {
      return blankState(
        domain,
        startPoint(domain, from ?? start, fold(key, START)),
        !left.has("surrogate"),
        !gradients,
      );
    },

    *step(working, tick) {
      const scratch = lent.take(working.domain.lower.length);
      try {
        const noise = noiseIn(tick, plan);
        if (noise > 0) leaveToNoise(working, noise);
        return yield* stages[working.stage](working, noise > 0 ? noisyPlan : plan, tick, scratch);
      } finally {
        lent.give(scratch);
      }
    },

    view: (state) => view(state, plan.prior),
  };
  return { ...engine, steady: steadyPackets(engine, plan.exact, plan.prior) };
}

type Step = (state: PacketsState, plan: Plan, tick: Tick, scratch: Scratch) => Ask<Info>;

const stages: Readonly<Record<Stage, Step>> = {
  *probe(state, plan, tick, scratch) {
    const { domain, lowest, probe } = state;
    if (probe === null) throw new Error("a probe that is gone");
    const noise = noiseIn(tick, plan);
    const u = new Float64Array(state.start.length);
    copyToUnit(domain, state.start, u);
    const product = !plan.without.has("product") && (!plan.exact || (yield* mayBeAdditive(probe, domain, lowest, u)));
    const looks = product || !plan.exact;
    // the slope at the start, if it was asked: differences write over it
    const known = { value: probe.value, slope: probe.slope.slice() };
    if (looks) yield* look(probe, domain, lowest, u);
    state.scale = probe.scale;
    if (product && probe.additive && noise === 0) {
      state.product = startProduct(probe);
      state.stage = (yield* jump(probe, state.product, domain, lowest)) ? "superposition" : "product";
    } else if (plan.without.has("harmonic") || noise > DROWNED * probe.scale) state.stage = "superposition";
    else {
      state.harmonic = yield* plan.exact
        ? bearHarmonic(state, true, fold(tick.key, BIRTH), known)
        : bearProbed(state, probe, noise);
      state.stage = state.families[H].alive ? "harmonic" : "superposition";
    }
    if (!looks) return yield* stages[state.stage](state, plan, tick, scratch);
    return { ...inUserUnits(probeReading(probe), domain), lambda: 2 * u.length + 1, family: PROBE, births: 1 };
  },

  *product(state) {
    const { domain, lowest, product } = state;
    state.probe = null;
    if (product === null) throw new Error("a product state without axes");
    const ended = yield* search(product, domain, lowest);
    const info = { ...inUserUnits(productReading(product), domain), lambda: 1, family: PRODUCT, births: 1 };
    if (ended) state.stage = "superposition";
    return info;
  },

  *harmonic(state, plan, tick, scratch) {
    state.probe = null;
    state.product = null;
    const info = yield* relaxation(state, plan, scratch, noiseIn(tick, plan));
    if (!state.families[H].alive) state.stage = "superposition";
    return info;
  },

  *superposition(state, plan, tick, scratch) {
    const { families } = state;
    state.probe = null;
    state.product = null;
    // a lead under answers in any order ends here: others see to the superposition (steady.ts)
    if (state.levels.length === 0) return state.harmonic === null ? {} : yield* relaxation(state, plan, scratch);
    // the first wide packet runs alone until it is in doubt, and a harmonic one is not left on its way
    const a = !plan.exact && firstRunsAlone(state) ? W : families[H].alive ? H : nextFamily(families, plan.prior);
    if (a !== H) return yield* evolution(state, a, tick, scratch);
    if (!families[H].alive) {
      state.harmonic = yield* bearHarmonic(state, plan.exact, fold(tick.key, BIRTH));
      // on a plateau it is dead at birth, which costs little, and charged what others spend: wide ones do better there
      families[H].evaluations += isFlat(state.harmonic) ? state.harmonic.most : state.harmonic.evaluations;
    }
    return yield* relaxation(state, plan, scratch);
  },
};

/** What noise there is for those who see values alone. */
function noiseIn({ noise = 0 }: Tick, { exact }: Plan): number {
  return exact ? 0 : noise;
}

/**
 * What is left under noise: the first harmonic packet while its falls stand out, by differences that are as long as noise
 * wants them, then wide and small packets. No other harmonic packet is born.
 */
function leaveToNoise(state: PacketsState, noise: number): void {
  if (state.stage === "probe" || (state.stage === "harmonic" && noise <= DROWNED * state.scale)) return;
  state.stage = "superposition";
  state.families[H].alive = false;
}

/** One generation of the W or S packet, born if there is none. */
function* evolution(state: PacketsState, a: number, tick: Tick, scratch: Scratch): Ask<Info> {
  const { domain, lowest, places } = state;
  const family = state.families[a];
  const level = state.levels[a];
  if (!family.alive) (a === W ? bearWide : bearSmall)(state, fold(tick.key, BIRTH));
  const of = planned(scratch, a, level.packet.lambda);
  const samples = fold(tick.key, SAMPLES);
  const around = { domain, lowest, places, family: a, noise: tick.noise ?? 0 };
  const { spent, ended, reached } = yield* generation(level, of, around, samples, scratch.bench, scratch.fit);
  family.evaluations += spent;
  family.energy = Math.min(family.energy, reached);
  family.alive = !ended;

  return levelInfo(a, family, level, domain);
}

/** One step of the relaxation of the harmonic packet, where it is alive. */
function* relaxation(state: PacketsState, plan: Plan, scratch: Scratch, noise = 0): Ask<Info> {
  const { domain, harmonic, lowest } = state;
  const family = state.families[H];
  if (harmonic === null) throw new Error("a relaxation without a packet");
  if (family.alive) {
    const before = harmonic.evaluations;
    const sight = { domain, lowest, exact: plan.exact, noise };
    const wasLast = yield* relax(harmonic, sight, scratch.slope);
    const promised = plan.exact ? 0 : aim(harmonic, sight, scratch.slope);
    const ended = wasLast || isAtRest(harmonic, promised);
    const outdone = isOutdone(harmonic, promised, lowest);
    family.alive = !ended && !outdone && !returned(state, harmonic, scratch.slope, promised);
    if (state.stage === "superposition") family.evaluations += harmonic.evaluations - before;
    if (!family.alive) {
      learnMisfit(family, harmonic);
      arrive(state.walk, harmonic);
    }
    if (ended && state.places !== null) settle(state.places, domain, harmonic, rests(harmonic, promised), H);
  }
  const credited = state.families[state.finder];
  if (state.stage === "superposition" || plan.exact) credited.energy = Math.min(credited.energy, harmonic.value);
  return { ...inUserUnits(harmonic.reading, domain), lambda: 1, family: H, births: family.births };
}

/** Puts a packet whose well, once it has learnt from two steps, foretells a bottom that is known there; returns whether it did. */
function returned({ domain, places }: PacketsState, harmonic: Harmonic, slope: Slope, promised: number): boolean {
  if (places === null || harmonic.steps < 2) return false;
  return promised > 0 && returnTo(places.bottoms, domain, harmonic, slope.direction, promised);
}

/** Whether a packet that has ended has come to rest: its well promises no more than a hundredth of its fall. */
function rests({ first, value }: Harmonic, promised: number): boolean {
  return promised <= RESTS * (first - value);
}

/** A reading in the lengths of the unit box, as info. */
function inUserUnits(
  { energy, D, dt, spread, scatter = 0 }: { energy: number; D: number; dt: number; spread: number; scatter?: number },
  domain: Domain,
): Info {
  const width = meanWidth(domain);
  return { energy, scatter, D: D * width * width, dt, spread: spread * width, sigma: spread * width };
}

function startPoint(domain: Domain, start: PacketsOptions["start"], key: Key): Float64Array {
  const { lower, upper } = domain;
  if (start === undefined) return lower.map((low, j) => low + (upper[j] - low) / 2);
  if (start === "random") return lower.map((low, j) => low + (upper[j] - low) * uniform(key, j));
  if (start.length !== lower.length)
    throw inputError("start", `has ${start.length} coordinates where the domain has ${lower.length}`);
  return Float64Array.from(start);
}

function partsOf(text: string): Part[] {
  return text
    .split(/[,+]/)
    .filter((name) => name !== "")
    .map((name) => {
      const part = PARTS.find((known) => known === name.trim());
      if (part === undefined) throw inputError("packets.without", `'${name}' is none of ${PARTS.join(", ")}`);
      return part;
    });
}

export const packetsEntry = entry({
  name: "packets",
  summary: "Gaussian packets in variational imaginary time: product state, harmonic, wide and small ones",
  reference: "theory: variational imaginary time with ranks for ζ; constants: N. Hansen, arXiv:1604.00772",
  params: {
    gradients: { help: "relax packets by gradients of ζ", default: false },
    start: { help: "where the first packet begins", default: "center", choices: ["center", "random"] },
    without: { help: `parts to do without, joined by +: ${PARTS.join(", ")}`, default: "" },
  },
  make: ({ gradients, start, without }): Engine<PacketsState> =>
    packets({ gradients, without: partsOf(without), ...(start === "random" ? { start } : {}) }),
});
