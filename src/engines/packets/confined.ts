/**
 * Confined packets: harmonic ones under constraints g(x) ≤ 0. An engine sees their exact penalty, whose edge no harmonic
 * well fits; but ζ and every g are smooth beside it, and a packet that knows them apart follows their slopes (tangent.ts).
 *
 * It takes turns with its engine by the Softmax (equation 23) of the lowest points of both (limited.ts), and is born at
 * the lowest that the engine has asked since the last one was. Discrete variables stay as they are there; where there are
 * some, every other packet is born a hop (hops.ts) away from the best point of all, at options not tried before. Half of
 * these hops are the best of several by
 *
 *   ζ(x) + λᵀg(x),
 *
 * λ the multipliers of the packet that came to rest lowest: what ζ will be, to first order, when a packet that is born
 * there has moved to where the constraints are kept.
 */
import type { Ask } from "../../core/ask.ts";
import { type Axes, axesOf } from "../../core/chart.ts";
import type { Engine, Info, Tick } from "../../core/engine.ts";
import { blankHops, hop } from "../../core/hops.ts";
import { blankMemory, learn, type Memory, recall } from "../../core/memory.ts";
import { copy, type Plain } from "../../core/plain.ts";
import { isDiscrete, type Space } from "../../core/space.ts";
import { isSecondsTurn } from "../../core/turns.ts";
import { fold, type Key } from "../../math/rng.ts";
import {
  type Account,
  bestOf,
  blankAccount,
  booked,
  ENGINE,
  isAllowed,
  isLower,
  merit,
  OWN,
  type Seen,
} from "./limited.ts";
import { type Descent, descend, keepEach, look, startDescent } from "./tangent.ts";
import { LARGEST_FULL } from "./wide.ts";

export type Confined = {
  inner: Plain;
  account: Account;
  births: number;
  /** The lowest point that the engine has asked since the last birth. */
  next: Seen | null;
  /** Discrete variables at which packets have been. */
  tried: Memory;
  descent: Descent | null;
  /** λ of the packet that came to rest lowest; empty while none did. */
  multipliers: Float64Array;
} & { readonly [k: string]: Plain };

/** Hops of which the best is taken. */
const HOPS = 16;
/** Its family, behind all of an engine's own. */
export const CONFINED = 14;

/** The engine with confined packets beside it; itself where no variable is smooth, or so many that a step costs too much. */
export function confined(engine: Engine, space: Space): Engine {
  const axes = axesOf(space);
  if (axes.length === 0 || axes.length > LARGEST_FULL) return engine;

  const superposed: Engine<Confined> = {
    ...engine,
    nameOf: (family) => (family === CONFINED ? "confined" : (engine.nameOf?.(family) ?? `family ${family + 1}`)),

    *init(domain, key, start) {
      const state: Confined = {
        inner: null,
        account: blankAccount(),
        births: 0,
        next: null,
        tried: blankMemory(),
        descent: null,
        multipliers: new Float64Array(0),
      };
      state.inner = yield* watched(engine.init(domain, key, start), state);
      return state;
    },

    *step(working, tick: Tick) {
      if (!isConfinedsTurn(working)) return yield* watched(engine.step(working.inner as never, tick), working);
      const { account } = working;
      const before = account.spent[OWN];
      if (working.descent === null) yield* bear(working, axes, space, tick.key);
      else if (yield* descend(working.descent, account, axes)) {
        const best = bestOf(account);
        if (best !== null && !isAllowed(best)) yield* keepEach(working.descent, account, axes);
        if (best === working.descent.at) working.multipliers = working.descent.multipliers.slice();
        working.descent = null;
      }
      return told(working, account.spent[OWN] - before);
    },

    view: ({ inner }) => engine.view(inner as never),
    ...(engine.exhausted && { exhausted: ({ inner }) => engine.exhausted?.(inner as never) ?? false }),
  };
  return superposed as Engine;
}

function isConfinedsTurn({ account, next, descent }: Confined): boolean {
  if (next === null && descent === null) return false;
  const { spent, lowest } = account;
  const leads = (a: number, other: number): boolean => isLower(account, lowest[a], lowest[other]);
  return isSecondsTurn(spent, leads(OWN, ENGINE) ? OWN : leads(ENGINE, OWN) ? ENGINE : undefined, 1);
}

function told({ account, descent, births }: Confined, lambda: number): Info {
  const at = descent?.at ?? account.lowest[OWN];
  return { energy: at === null ? Number.NaN : merit(account, at), D: 0, lambda, family: CONFINED, births };
}

/** A part of the engine, with its lowest point noted. */
function* watched<T>(ask: Ask<T>, state: Confined): Ask<T> {
  try {
    let step = ask.next();
    while (!step.done) {
      const query = step.value;
      const answer = yield query;
      for (const seen of booked(state.account, ENGINE, query.at, answer))
        if (isLower(state.account, seen, state.next)) state.next = seen;
      step = ask.next(answer);
    }
    return step.value;
  } finally {
    ask.return(undefined as T);
  }
}

/** A packet at the engine's lowest point, or a hop away from the best. */
function* bear(state: Confined, axes: Axes, space: Space, key: Key): Ask<void> {
  const at = (state.births % 2 === 1 ? yield* hopped(state, space, key) : null) ?? state.next;
  state.births++;
  if (at === null) return;
  if (at === state.next) state.next = null;
  learn(state.tried, optionsAt(space, at.x), 0);
  state.descent = yield* startDescent(at, state.account, axes);
}

/** A point with other discrete variables than any packet has been at; none where there is none, or too few are left. */
function* hopped({ account, tried, multipliers, births }: Confined, space: Space, key: Key): Ask<Seen | null> {
  const best = bestOf(account);
  if (best === null || !space.variables.some(isDiscrete)) return null;
  const hops = { ...blankHops(), x: best.x };
  const drawn = copy(tried);
  let found: Seen | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < (births % 4 === 1 ? HOPS : 1); n++) {
    const to = hop(hops, space, (x) => recall(drawn, optionsAt(space, x)) !== undefined, fold(key, n));
    if (to === null) break;
    learn(drawn, optionsAt(space, to.x), 0);
    const [seen] = yield* look(account, to);
    const foreseen = seen === null ? Number.POSITIVE_INFINITY : foresee(seen, account, multipliers);
    // where nothing is known of ζ no packet is to be born again
    if (seen === null) learn(tried, optionsAt(space, to.x), 0);
    if (foreseen < least) [found, least] = [seen, foreseen];
  }
  if (found !== null) learn(tried, optionsAt(space, found.x), 0);
  return found;
}

/** ζ + λᵀg; with its penalties as they are while no λ is known. */
function foresee(seen: Seen, account: Account, multipliers: Float64Array): number {
  if (multipliers.length === 0) return merit(account, seen);
  return multipliers.reduce((sum, l, k) => sum + l * seen.g[k], seen.bare);
}

function optionsAt({ variables }: Space, x: Float64Array): Float64Array {
  return x.filter((_, j) => isDiscrete(variables[j]));
}
