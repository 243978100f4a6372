/**
 * A lead, under answers in any order: what goes one step after another (probe, product state, harmonic packet, confined
 * packet). Its steps are what they are elsewhere; here the points of a query are handed out one by one, and the step goes
 * on when all of them are answered.
 *
 * A step under way is a generator, which cannot be saved; what it was told can. The lead is the state before the step and
 * the answers so far, and wherever the generator is missing (after a resume) it is made again of them.
 */
import { type Ask, join, slice } from "../../core/ask.ts";
import type { Info, Tick } from "../../core/engine.ts";
import { copy, type Plain } from "../../core/plain.ts";
import type { Answer, Query } from "../../core/problem.ts";
import { fold, type Key } from "../../math/rng.ts";

export type Lead<S extends Plain> = {
  /** As the last step has left it. */
  state: S;
  steps: number;
  /** The key of the step under way, null between two steps. */
  key: Key | null;
  /** The answers of the step's queries, in order, point by point; null where one is missing in the last. */
  told: (Told | null)[][];
  /** Points of the last query that were handed out, and that were answered. */
  handed: number;
  answered: number;
  /** What the last step told of itself. */
  info: Info | null;
};

/** What a step reads of an answer. */
type Told = Pick<Answer, "n" | "value" | "gradient" | "constraints" | "bare" | "prices">;

/** A step of the lead: it edits the state in place. */
export type LeadStep<S> = (working: S, tick: Tick) => Ask<Info>;

/** A point to ask, and its place in the query it belongs to. */
export type Handed = { readonly query: Query; readonly place: number };

export function restingLead<S extends Plain>(state: S): Lead<S> {
  return { state, steps: 0, key: null, told: [], handed: 0, answered: 0, info: null };
}

/** Begins a step. Where it asks nothing it has ended already. */
export function begin<S extends Plain>(lead: Lead<S>, step: LeadStep<S>, key: Key): void {
  lead.key = fold(key, lead.steps);
  lead.told = [];
  goOn(lead, revive(lead, step));
}

/** A point that the step under way waits for and nobody has yet, if there is one. */
export function handOut<S extends Plain>(lead: Lead<S>, step: LeadStep<S>): Handed | undefined {
  if (lead.key === null) return undefined;
  const { query } = underWay(lead, step);
  if (lead.handed === query.at.n) return undefined;
  const place = lead.handed++;
  return { query: alone(query, place), place };
}

/** Takes in the answer about one point. Returns whether the step has ended by it. */
export function takeIn<S extends Plain>(lead: Lead<S>, step: LeadStep<S>, place: number, answer: Answer): boolean {
  const now = lead.told[lead.told.length - 1];
  now[place] = read(answer);
  if (++lead.answered < now.length) return false;
  const alive = underWay(lead, step);
  goOn(lead, { ...alive, next: alive.ask.next(answerOf(now, alive.query.at.dim)) });
  return lead.key === null;
}

/** The generator of a step under way, the copy of the state that it edits, and what it waits for. */
type Alive<S> = { readonly working: S; readonly ask: Ask<Info>; readonly query: Query };
type Advanced<S> = Omit<Alive<S>, "query"> & { readonly next: IteratorResult<Query, Info> };

/** Generators that live, by the lead they belong to; what is missing here is made again. */
const living = new WeakMap<object, unknown>();

function underWay<S extends Plain>(lead: Lead<S>, step: LeadStep<S>): Alive<S> {
  const known = living.get(lead) as Alive<S> | undefined;
  if (known !== undefined) return known;
  const { working, ask, next } = revive(lead, step);
  if (next.done) throw new Error("a step that was told less than it asks has ended");
  const alive = { working, ask, query: next.value };
  living.set(lead, alive);
  return alive;
}

/** The step from its beginning to the end of what it was told. */
function revive<S extends Plain>(lead: Lead<S>, step: LeadStep<S>): Advanced<S> {
  const working = copy(lead.state);
  const ask = step(working, { D: 1, dt: 1, index: lead.steps, key: lead.key as Key });
  let next = ask.next();
  for (const told of lead.told.slice(0, -1)) {
    if (next.done) break;
    next = ask.next(answerOf(told, next.value.at.dim));
  }
  return { working, ask, next };
}

/** Waits for what the step asks now, or commits it where it has ended. */
function goOn<S extends Plain>(lead: Lead<S>, { working, ask, next }: Advanced<S>): void {
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
  lead.told.push(new Array(next.value.at.n).fill(null));
  living.set(lead, { working, ask, query: next.value });
}

/** What a step reads of an answer about one point, a copy. */
function read({ n, value, gradient, constraints, bare, prices }: Answer): Told {
  const told = {
    n,
    ...(value && { value }),
    ...(gradient && { gradient }),
    ...(constraints && { constraints }),
    ...(bare && { bare }),
    ...(prices && { prices }),
  };
  return copy(told);
}

/** The answers about all points of a query as one: ζ without penalties is NaN where it is not known, prices the highest. */
function answerOf(told: readonly (Told | null)[], dim: number): Answer {
  const each = told.flatMap((answer) => (answer === null ? [] : [answer]));
  const joined = join(
    each.map((answer) => ({ asked: 1, answer })),
    dim,
  );
  const prices = each.flatMap((answer) => answer.prices ?? []);
  if (prices.length === 0) return joined;
  const highest = prices.reduce((most, r) => most.map((v, j) => Math.max(v, r[j])));
  return { ...joined, bare: Float64Array.from(each, ({ bare }) => bare?.[0] ?? Number.NaN), prices: highest };
}

/** One point of a query, with coordinates of its own. */
function alone(query: Query, place: number): Query {
  const { at, ...rest } = slice(query, place, place + 1);
  return { ...rest, at: { ...at, x: at.x.slice() } };
}
