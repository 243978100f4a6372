/**
 * The lead, under answers in any order: the levels that go one step after another (probe, product state, harmonic
 * packet). Their steps are what they are elsewhere; here the points of a query are handed out one by one, and the step
 * goes on when all of them are answered.
 *
 * A step under way is a generator, which cannot be saved; what it was told can. The lead is the state before the step and
 * the answers so far, and wherever the generator is missing (after a resume) it is made again of them.
 */
import { type Ask, slice } from "../../core/ask.ts";
import type { Info, Tick } from "../../core/engine.ts";
import { copy } from "../../core/plain.ts";
import type { Answer, Query } from "../../core/problem.ts";
import { fold, type Key } from "../../math/rng.ts";
import type { Lowest } from "./sight.ts";
import type { PacketsState } from "./state.ts";

export type Lead = {
  /** As the last step has left it; it moves the harmonic family only. */
  state: PacketsState;
  steps: number;
  /** The key of the step under way, null between two steps. */
  key: Key | null;
  /** The answers of the step's queries, in order; the last may be incomplete. */
  told: Told[];
  /** Points of the last query that were handed out, and that were answered. */
  handed: number;
  answered: number;
  /** What the last step told of itself. */
  info: Info | null;
};

type Told = { value: Float64Array; gradient: Float64Array | null };

/** A step of the lead: it edits the state in place. */
export type LeadStep = (working: PacketsState, tick: Tick) => Ask<Info>;

/** A point to ask, and its place in the query it belongs to. */
export type Handed = { readonly query: Query; readonly place: number };

export function restingLead(state: PacketsState): Lead {
  return { state, steps: 0, key: null, told: [], handed: 0, answered: 0, info: null };
}

/**
 * Begins a step. Where it asks nothing it has ended already.
 * @param lowest the best point of all as it now is, where the lead is measured by it
 */
export function begin(lead: Lead, step: LeadStep, lowest: Lowest | null, key: Key): void {
  if (lowest !== null && lowest.value < lead.state.lowest.value) lead.state.lowest = copy(lowest);
  lead.key = fold(key, lead.steps);
  lead.told = [];
  goOn(lead, revive(lead, step));
}

/** A point that the step under way waits for and nobody has yet, if there is one. */
export function handOut(lead: Lead, step: LeadStep): Handed | undefined {
  if (lead.key === null) return undefined;
  const { query } = underWay(lead, step);
  if (lead.handed === query.at.n) return undefined;
  const place = lead.handed++;
  return { query: alone(query, place), place };
}

/** Takes in the answer about one point. Returns whether the step has ended by it. */
export function takeIn(lead: Lead, step: LeadStep, place: number, { value, gradient }: Answer): boolean {
  const now = lead.told[lead.told.length - 1];
  const dim = lead.state.start.length;
  if (value !== undefined) now.value[place] = value[0];
  if (gradient !== undefined) now.gradient?.set(gradient.subarray(0, dim), place * dim);
  if (++lead.answered < now.value.length) return false;
  const alive = underWay(lead, step);
  goOn(lead, { ...alive, next: alive.ask.next(answerOf(now)) });
  return lead.key === null;
}

/** The generator of a step under way, the copy of the state that it edits, and what it waits for. */
type Alive = { readonly working: PacketsState; readonly ask: Ask<Info>; readonly query: Query };
type Advanced = Omit<Alive, "query"> & { readonly next: IteratorResult<Query, Info> };

/** Generators that live, by the lead they belong to; what is missing here is made again. */
const living = new WeakMap<Lead, Alive>();

function underWay(lead: Lead, step: LeadStep): Alive {
  const known = living.get(lead);
  if (known !== undefined) return known;
  const { working, ask, next } = revive(lead, step);
  if (next.done) throw new Error("a step that was told less than it asks has ended");
  const alive = { working, ask, query: next.value };
  living.set(lead, alive);
  return alive;
}

/** The step from its beginning to the end of what it was told. */
function revive(lead: Lead, step: LeadStep): Advanced {
  const working = copy(lead.state);
  const ask = step(working, { D: 1, dt: 1, index: lead.steps, key: lead.key as Key });
  let next = ask.next();
  for (const told of lead.told.slice(0, -1)) next = ask.next(answerOf(told));
  return { working, ask, next };
}

/** Waits for what the step asks now, or commits it where it has ended. */
function goOn(lead: Lead, { working, ask, next }: Advanced): void {
  lead.handed = 0;
  lead.answered = 0;
  if (next.done) {
    living.delete(lead);
    lead.state = working;
    lead.info = next.value;
    lead.steps++;
    lead.key = null;
    lead.told = [];
    return;
  }
  const { at, kind } = next.value;
  const gradient = kind === "gradient" ? new Float64Array(at.n * at.dim) : null;
  lead.told.push({ value: new Float64Array(at.n), gradient });
  living.set(lead, { working, ask, query: next.value });
}

function answerOf({ value, gradient }: Told): Answer {
  // a copy: the step may keep it
  const own = { n: value.length, value: value.slice() };
  return gradient === null ? own : { ...own, gradient: gradient.slice() };
}

/** One point of a query, with coordinates of its own. */
function alone(query: Query, place: number): Query {
  const { at, ...rest } = slice(query, place, place + 1);
  return { ...rest, at: { ...at, x: at.x.slice() } };
}
