/**
 * Confined packets under answers in any order. Each is a lead (lead.ts), and there are as many as find points to ask: while
 * all of a packet's are outstanding and it is the confined ones' turn, another is born, where there is a choice at options
 * at which none is. What they know together is the board; a step begins with a copy of it, and what the step adds is
 * written there when it ends.
 */
import type { Steady } from "../../core/engine.ts";
import { blankMemory, merge } from "../../core/memory.ts";
import { copy, type Plain } from "../../core/plain.ts";
import type { Space } from "../../core/space.ts";
import { fold, type Key } from "../../math/rng.ts";
import { type Confinement, forget, isConfinedsTurn, offer, optionsAt } from "./confinement.ts";
import { begin, type Handed, handOut, type Lead, type LeadStep, restingLead, takeIn } from "./lead.ts";
import { ENGINE, entered, isLower, OWN } from "./limited.ts";

export type SteadyConfined = {
  inner: Plain;
  /** What all packets know. */
  board: Confinement;
  leads: Lead<Confinement>[];
  open: Open[];
} & { readonly [k: string]: Plain };

/** A point that is outstanding, the lead it belongs to (−1: the engine) and its place in the lead's query. */
type Open = { trial: number; lead: number; place: number; x: Float64Array };

/** A packet's step in a space. */
type Step = { readonly space: Space; readonly go: LeadStep<Confinement> };

const OWN_KEY = 0xc0f1;

/**
 * The face of an engine with confined packets beside it.
 * @param begun the board before anything was asked
 */
export function steadyConfined(face: Steady, begun: () => Confinement, step: Step): Steady<SteadyConfined> {
  return {
    ...(face.assisted === undefined ? {} : { assisted: face.assisted }),

    init: (domain, key, start) => ({ inner: face.init(domain, key, start), board: begun(), leads: [], open: [] }),

    propose(state, trial, key, noise) {
      const { board, leads, open } = state;
      const isTurn = isConfinedsTurn(board, leads.some(isAlive));
      const own = isTurn ? nextPoint(state, step, fold(key, OWN_KEY)) : undefined;
      const query = own?.query ?? face.propose(state.inner, trial, key, noise);
      if (query === null) return null;
      board.account.spent[own === undefined ? ENGINE : OWN]++;
      open.push({ trial, lead: own?.lead ?? -1, place: own?.place ?? 0, x: query.at.x.slice() });
      return query;
    },

    absorb(state, trial, answer) {
      const { inner, board, leads, open } = state;
      const at = open.findIndex((o) => o.trial === trial);
      const [{ lead: k, place, x }] = open.splice(at, 1);
      const [seen] = entered(board.account, k < 0 ? ENGINE : OWN, { n: 1, dim: x.length, x }, answer);
      if (k < 0) {
        offer(board, seen);
        return face.absorb(inner as never, trial, answer);
      }
      if (takeIn(leads[k], step.go, place, answer)) settle(board, leads[k]);
      return leads[k].info;
    },

    view: ({ inner }) => face.view(inner as never),
    ...(face.exhausted && { exhausted: ({ inner }) => face.exhausted?.(inner as never) ?? false }),
  };
}

function isAlive({ key, state }: Lead<Confinement>): boolean {
  return key !== null || state.descent !== null;
}

/** A point of a packet on its way, else of one that is born; none where nobody has one and no place is known. */
function nextPoint(state: SteadyConfined, step: Step, key: Key): (Handed & { lead: number }) | undefined {
  const { board, leads } = state;
  for (let k = 0; k < leads.length; k++) {
    while (leads[k].key === null && leads[k].state.descent !== null) goOn(state, leads[k], step, key);
    const point = handOut(leads[k], step.go);
    if (point !== undefined) return { ...point, lead: k };
  }
  if (board.next === null) return undefined;
  let lead = leads.findIndex((other) => !isAlive(other));
  if (lead < 0) lead = leads.push(restingLead(copy(board))) - 1;
  goOn(state, leads[lead], step, key);
  const point = handOut(leads[lead], step.go);
  return point && { ...point, lead };
}

/**
 * A lead's next step, of its packet or of one that is born: then the place that the board knows is its own until the step
 * ends.
 */
function goOn(state: SteadyConfined, lead: Lead<Confinement>, step: Step, key: Key): void {
  const { board } = state;
  forget(board);
  const descent = lead.state.limits === board.limits ? lead.state.descent : null;
  if (descent !== null) lead.state = copy({ ...board, descent, next: null, tried: blankMemory() });
  else {
    lead.state = copy({ ...board, busy: busyIn(state, step.space) });
    board.next = null;
    board.births++;
  }
  begin(lead, step.go, key);
  if (lead.key === null) settle(board, lead);
}

/** Discrete variables at which packets are, or look where to be born. */
function busyIn({ leads, open }: SteadyConfined, space: Space): Float64Array[] {
  const under = leads.flatMap(({ state: { descent } }) => (descent === null ? [] : [descent.at.x]));
  const asked = open.flatMap(({ lead, x }) => (lead < 0 ? [] : [x]));
  return [...under, ...asked].map((x) => optionsAt(space, x));
}

/** What a step has added. */
function settle(board: Confinement, { state }: Lead<Confinement>): void {
  if (state.limits !== board.limits) return;
  merge(board.tried, state.tried);
  if (state.rest !== null && isLower(board.account, state.rest.at, board.rest?.at ?? null))
    board.rest = copy(state.rest);
  offer(board, state.next);
  state.next = null;
}
