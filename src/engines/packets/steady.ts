/**
 * Packets under answers in any order. The leads (lead.ts) are the packets whose steps follow each other: the cheap levels,
 * then harmonic packets. Their points go out first. While all of them are outstanding the superposition's wide and small
 * packets (gathering.ts) are sampled, or another harmonic packet is born: the family by its Softmax share n_a / w_a as
 * ever. So no evaluator is idle and no answer is waited for.
 */
import type { Ask } from "../../core/ask.ts";
import type { Engine, Info, Packet, Steady, Tick, View } from "../../core/engine.ts";
import { copy } from "../../core/plain.ts";
import type { Domain, Query } from "../../core/problem.ts";
import { fold, type Key } from "../../math/rng.ts";
import { bearHarmonic, bearSmall, bearWide } from "./birth.ts";
import { blankGathering, draw, type Gathering, gather, learnGathered, startGathering } from "./gathering.ts";
import { begin, type Handed, handOut, type Lead, type LeadStep, restingLead, takeIn } from "./lead.ts";
import { type Desk, desk, planned } from "./scratch.ts";
import { keep, type Lowest } from "./sight.ts";
import { blankState, firstRunsAlone, H, type PacketsState, W, withoutSlopes } from "./state.ts";
import { learnMisfit, nextFamily } from "./superposition.ts";
import { levelInfo } from "./told.ts";
import { LABELS, view } from "./view.ts";
import { toUser } from "./walls.ts";

export type SteadyState = PacketsState & {
  /** The first goes through the cheap levels. */
  leads: Lead<PacketsState>[];
  /** Harmonic packets that were born into each. */
  born: number[];
  /** Whether the cheap levels are done: what leads spend counts as the harmonic family's. */
  late: boolean;
  /** Of W and S. */
  gatherings: Gathering[];
  open: Open[];
  /** One standard deviation of the values' noise as last told; 0 where none is known. */
  noise: number;
};

/** A point that is outstanding: whose it is, and for a lead its place in the query. */
type Open = {
  trial: number;
  family: number;
  births: number;
  lead: number;
  place: number;
  /** In the user's coordinates, and in the unit box or beyond its walls; the lead knows the latter itself. */
  x: Float64Array;
  u: Float64Array | null;
};

const BIRTH = 1;
const SAMPLES = 2;
/** What further leads are told as, families of their own behind the others: so each has its own way down. */
export const LEADS: readonly string[] = Array.from({ length: 7 }, (_, n) => `harmonic ${n + 2}`);

/**
 * The `Steady` face of an engine of packets.
 * @param engine makes the lead's state and steps
 * @param exact whether the harmonic packets ask for gradients
 * @param prior π of the families
 */
export function steadyPackets(
  engine: Engine<PacketsState>,
  exact: boolean,
  prior: readonly number[],
): Steady<SteadyState> {
  const lent = desk();
  const step = leadStep(engine, exact);
  return {
    assisted: true,

    init(domain, key, from) {
      const state = born(engine, domain, key, from);
      // no surrogate: its generations ask for what the answers before them say, and would wait
      const own = blankState(domain, state.start, false, false);
      return {
        ...own,
        ...{ probe: null, stage: "superposition", late: false, open: [], noise: 0 },
        leads: [restingLead({ ...state, levels: [] })],
        born: [0],
        gatherings: [blankGathering(), blankGathering()],
      };
    },

    propose(state, trial, key, noise = 0) {
      const { leads } = state;
      state.noise = noise;
      if (noise > 0 && !exact) return sample(state, nextFamily(state.families, withoutSlopes(prior)), trial, key);
      for (let k = 0; k < leads.length; k++) {
        while (leads[k].key === null && leads[k].state.stage !== "superposition") goOn(state, k, step, exact, key);
        const point = handOut(leads[k], step);
        if (point !== undefined) return noted(state, k, trial, point);
      }
      const a = familyToAsk(state, exact, prior);
      if (a !== H) return sample(state, a, trial, key);
      const k = leadToBear(state);
      leads[k].state.families[H].births = state.families[H].births++;
      state.born[k]++;
      inform(leads[k], state.lowest);
      begin(leads[k], step, fold(key, BIRTH));
      const point = handOut(leads[k], step);
      return point === undefined ? sample(state, W, trial, key) : noted(state, k, trial, point);
    },

    absorb(state, trial, answer) {
      const { domain, leads, families, levels, gatherings, open, lowest } = state;
      const at = open.findIndex((o) => o.trial === trial);
      const [{ family, births, lead: k, place, x, u }] = open.splice(at, 1);
      const value = answer.value?.[0] ?? Number.POSITIVE_INFINITY;
      keep(lowest, [value], x);
      if (u === null) {
        const moved = takeIn(leads[k], step, place, answer);
        if (moved) settle(state, k, exact);
        return still(leads[k].info, moved, { family: familyOf(k), births: state.born[k] });
      }
      // of a packet that has ended only the best point is kept
      if (births !== families[family].births || !families[family].alive) return null;
      const level = levels[family];
      const full = gather(gatherings[family], u, value);
      if (full) learnFull(state, family, lent);
      return level.packet.generation === 0 ? null : still(levelInfo(family, families[family], level, domain), full);
    },

    view: (state) => steadyView(state, prior),
  };
}

/** The packet of a family learns from the answers that were gathered. */
function learnFull({ domain, families, levels, gatherings, lowest, noise }: SteadyState, a: number, lent: Desk): void {
  const scratch = lent.take(domain.lower.length);
  const of = planned(scratch, a, levels[a].packet.lambda);
  families[a].alive = !learnGathered(gatherings[a], levels[a], of, scratch.bench, lowest.value, noise);
  families[a].energy = Math.min(families[a].energy, levels[a].past.best);
  lent.give(scratch);
}

/** A step of the lead: those of the engine, and the birth of a harmonic packet when they are done. */
function leadStep(engine: Engine<PacketsState>, exact: boolean): LeadStep<PacketsState> {
  return function* (working: PacketsState, tick: Tick): Ask<Info> {
    if (working.stage !== "superposition") return yield* engine.step(working, tick);
    working.harmonic = yield* bearHarmonic(working, exact, tick.key);
    working.stage = "harmonic";
    return yield* engine.step(working, tick);
  };
}

/** The engine's own state, which asks nothing to begin. */
function born(
  engine: Engine<PacketsState>,
  domain: Domain,
  key: Key,
  from: ArrayLike<number> | undefined,
): PacketsState {
  const made = engine.init(domain, key, from).next();
  if (!made.done) throw new Error("packets ask nothing to begin");
  return made.value;
}

/** A lead's next step. */
function goOn(state: SteadyState, k: number, step: LeadStep<PacketsState>, exact: boolean, key: Key): void {
  // the first harmonic packet is not given up because a sample beside it lies lower: it has the most to fall
  if (state.late) inform(state.leads[k], state.lowest);
  begin(state.leads[k], step, fold(key, BIRTH));
  if (state.leads[k].key === null) settle(state, k, exact);
}

/** A lead is measured by the best point of all as it now is. */
function inform({ state }: Lead<PacketsState>, lowest: Lowest): void {
  if (lowest.value < state.lowest.value) state.lowest = copy(lowest);
}

/** A lead that rests, for a harmonic packet to be born into; a new one where none does. */
function leadToBear({ leads, born, domain, start }: SteadyState): number {
  const resting = leads.findIndex(({ key }) => key === null);
  if (resting >= 0) return resting;
  const { scale, places } = leads[0].state;
  born.push(0);
  const blank = blankState(domain, start, false, places !== null);
  return leads.push(restingLead({ ...blank, ...{ probe: null, levels: [], stage: "superposition", scale } })) - 1;
}

function noted(state: SteadyState, k: number, trial: number, { query, place }: Handed): Query {
  if (state.late) state.families[H].evaluations++;
  state.open.push({ trial, family: H, births: 0, lead: k, place, x: query.at.x, u: null });
  return query;
}

/** Takes over what a step of a lead has changed for all. */
function settle(state: SteadyState, k: number, exact: boolean): void {
  const { leads, families, born, late } = state;
  const { harmonic, stage, families: own } = leads[k].state;
  if (!late) families[H].births = born[0] = own[H].births;
  if ((late || exact) && harmonic !== null) families[H].energy = Math.min(families[H].energy, harmonic.value);
  if (harmonic !== null && !own[H].alive) learnMisfit(families[H], harmonic);
  if (stage === "superposition") state.late = true;
}

/** W while its first packet runs alone and has a use for samples; then whoever is furthest behind its share. */
function familyToAsk(state: SteadyState, exact: boolean, prior: readonly number[]): number {
  const { families, levels, open, leads, late } = state;
  const waiting = open.reduce((n, { family }) => n + (family === W ? 1 : 0), 0);
  const wanting = families[W].births === 0 || waiting < levels[W].packet.lambda;
  if (!exact && firstRunsAlone(state) && wanting) return W;
  const bearable = late && (leads.length <= LEADS.length || leads.some(({ key }) => key === null));
  return nextFamily(families, bearable ? prior : withoutSlopes(prior));
}

function sample(state: SteadyState, a: number, trial: number, key: Key): Query {
  const { domain, families, levels, gatherings, open } = state;
  const family = families[a];
  if (!family.alive) {
    (a === W ? bearWide : bearSmall)(state, fold(key, BIRTH));
    startGathering(gatherings[a], levels[a].packet);
  }
  const u = draw(gatherings[a], levels[a].packet, fold(key, SAMPLES));
  const x = u.map((v, j) => toUser(domain, j, v));
  family.evaluations++;
  open.push({ trial, family: a, births: family.births, lead: 0, place: 0, x, u });
  return { kind: "value", at: { n: 1, dim: x.length, x } };
}

/** What is told of a packet; no time has passed for it where it has only got an answer. */
function still(info: Info | null, moved: boolean, harmonic: Info = {}): Info | null {
  if (info === null) return null;
  const own = info.family === H ? { ...info, ...harmonic } : info;
  return moved ? own : { ...own, dt: 0 };
}

/** As what a harmonic packet of a lead is told. */
function familyOf(k: number): number {
  return k === 0 ? H : LABELS.length - 1 + k;
}

/** The leads beside the packets of the superposition, half of the weight to each. */
function steadyView(state: SteadyState, prior: readonly number[]): View {
  const { leads, families } = state;
  const ofLeads = leads.flatMap((lead, k) => {
    const seen = view(lead.state, prior);
    const packets = seen.kind === "gaussian" ? seen.packets : [];
    return packets.map((packet) => (packet.family === H ? { ...packet, family: familyOf(k) } : packet));
  });
  const rest = families.map((family, a) => (a === H ? { ...family, births: 0 } : family));
  const others = rest.some(({ births }) => births > 0) ? view({ ...state, families: rest }, prior) : undefined;
  const wide = others?.kind === "gaussian" ? others.packets : [];
  const sharing = [ofLeads, wide].filter((packets) => packets.length > 0);
  const packets = sharing.flatMap((all) =>
    all.map((packet) => ({ ...packet, weight: weightIn(all, packet) / sharing.length })),
  );
  return { kind: "gaussian", packets };
}

function weightIn(all: readonly Packet[], { weight }: Packet): number {
  return weight / all.reduce((sum, packet) => sum + packet.weight, 0);
}
