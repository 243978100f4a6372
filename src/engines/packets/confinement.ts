/**
 * Confined packets: harmonic ones under constraints g(x) ≤ 0. An engine sees their exact penalty, whose edge no harmonic
 * well fits; but ζ and every g are smooth beside it, and a packet that knows them apart follows their slopes (tangent.ts).
 * Discrete variables confine as well, constraints or not: a packet goes down the valley of those that it was born with.
 *
 * It is born at the lowest point that the engine has asked since the last one was. Where there are discrete variables every
 * other packet is born a hop (hops.ts) away from the best point of all, at options not tried before. Half of these hops are
 * the best of several by
 *
 *   ζ(x) + λᵀg(x),
 *
 * λ the multipliers of the packet that came to rest at the lowest point of all: what ζ will be, to first order, when a
 * packet that is born there has moved to where the constraints are kept.
 */
import type { Ask } from "../../core/ask.ts";
import type { Axes } from "../../core/chart.ts";
import type { Info } from "../../core/engine.ts";
import { blankHops, hop } from "../../core/hops.ts";
import { blankMemory, learn, type Memory, recall } from "../../core/memory.ts";
import { copy } from "../../core/plain.ts";
import { isDiscrete, type Space } from "../../core/space.ts";
import { isSecondsTurn } from "../../core/turns.ts";
import { fold, type Key } from "../../math/rng.ts";
import { type Account, bestOf, blankAccount, ENGINE, isAllowed, isLower, merit, OWN, type Seen } from "./limited.ts";
import { type Descent, descend, keepEach, look, startDescent } from "./tangent.ts";

/** A confined packet, and what it knows of others. */
export type Confinement = {
  account: Account;
  /** The number of constraints that what follows is known under. */
  limits: number;
  births: number;
  /** The lowest point that the engine has asked since the last birth. */
  next: Seen | null;
  /** Discrete variables at which packets have been. */
  tried: Memory;
  descent: Descent | null;
  /** Discrete variables at which others are under way. */
  busy: Float64Array[];
  /** Where a packet came to rest at the lowest point of all, and λ there. */
  rest: { readonly at: Seen; readonly multipliers: Float64Array } | null;
};

/** Hops of which the best is taken. */
const HOPS = 16;
/**
 * Without constraints: π of packets, what the engine asks before the first, for each free variable, and the axes of a
 * packet at most: it costs O(d²) for each of its own evaluations.
 */
const UNLIMITED = 0.3;
const ALONE = 40;
const MOST_AXES = 16;
/** The family of confined packets, behind all of an engine's own. */
export const CONFINED = 14;

/** What the engine asks before packets are born without constraints; +∞ where no discrete variable confines them. */
export function aloneIn({ variables }: Space, axes: Axes): number {
  const free = variables.filter(({ kind }) => kind !== "fixed").length;
  return free > axes.length && axes.length <= MOST_AXES ? ALONE * free : Number.POSITIVE_INFINITY;
}

/** @param alone of aloneIn() */
export function blankConfinement(alone: number): Confinement {
  const account = blankAccount(alone);
  return { account, limits: 0, births: 0, next: null, tried: blankMemory(), descent: null, busy: [], rest: null };
}

/** Whether it is their turn by the Softmax of the lowest points; `alive` says that a packet is on its way. */
export function isConfinedsTurn({ account, next }: Confinement, alive: boolean): boolean {
  if (next === null && !alive) return false;
  const { spent, lowest, prices, alone } = account;
  const isLimited = prices.length > 0;
  if (!isLimited && spent[ENGINE] < alone) return false;
  const leads = (a: number, other: number): boolean => isLower(account, lowest[a], lowest[other]);
  const leader = leads(OWN, ENGINE) ? OWN : leads(ENGINE, OWN) ? ENGINE : undefined;
  return isSecondsTurn(spent, leader, isLimited ? 1 : UNLIMITED);
}

/** A packet may be born at a point where it is the lowest since the last birth. */
export function offer(own: Confinement, seen: Seen | null): void {
  if (seen === null) return;
  if (own.next?.g.length !== seen.g.length || isLower(own.account, seen, own.next)) own.next = seen;
}

/** Where constraints are told for the first time, what was seen before says nothing of them. */
export function forget(own: Confinement): void {
  const m = own.account.prices.length;
  if (own.limits === m) return;
  if (own.next?.g.length !== m) own.next = null;
  Object.assign(own, { limits: m, tried: blankMemory(), descent: null, rest: null });
}

/** A packet is born, or goes a step of its way. */
export function* confinedStep(own: Confinement, axes: Axes, space: Space, key: Key): Ask<Info> {
  forget(own);
  const { account, descent } = own;
  const before = account.spent[OWN];
  if (descent === null) yield* bear(own, axes, space, key);
  else if (yield* descend(descent, account, axes)) {
    const best = bestOf(account);
    if (best !== null && !isAllowed(best)) yield* keepEach(descent, account, axes);
    if (best?.x.every((v, j) => v === descent.at.x[j]))
      own.rest = { at: descent.at, multipliers: descent.multipliers.slice() };
    own.descent = null;
  }
  const at = own.descent?.at ?? account.lowest[OWN];
  const energy = at === null ? Number.NaN : merit(account, at);
  return { energy, D: 0, lambda: account.spent[OWN] - before, family: CONFINED, births: own.births };
}

/** A packet at the engine's lowest point, or a hop away from the best: every other one, or where another is there. */
function* bear(own: Confinement, axes: Axes, space: Space, key: Key): Ask<void> {
  const hops = own.births % 2 === 1 || (own.next !== null && isBusy(own, optionsAt(space, own.next.x)));
  const at = (hops ? yield* hopped(own, space, key) : null) ?? own.next;
  own.births++;
  if (at === null) return;
  if (at === own.next) own.next = null;
  learn(own.tried, optionsAt(space, at.x), 0);
  own.descent = yield* startDescent(at, own.account, axes);
}

/** A point with other discrete variables than any packet has been at; none where there is none, or too few are left. */
function* hopped(own: Confinement, space: Space, key: Key): Ask<Seen | null> {
  const { account, tried, rest, births } = own;
  const best = bestOf(account);
  if (best === null || !space.variables.some(isDiscrete)) return null;
  const hops = { ...blankHops(), x: best.x };
  const drawn = copy(tried);
  let found: Seen | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < (births % 4 === 1 ? HOPS : 1); n++) {
    const isKnown = (options: Float64Array): boolean => recall(drawn, options) !== undefined || isBusy(own, options);
    const to = hop(hops, space, (x) => isKnown(optionsAt(space, x)), fold(key, n));
    if (to === null) break;
    learn(drawn, optionsAt(space, to.x), 0);
    const [seen] = yield* look(account, to);
    const foreseen = seen === null ? Number.POSITIVE_INFINITY : foresee(seen, account, rest?.multipliers);
    // where nothing is known of ζ no packet is to be born again
    if (seen === null) learn(tried, optionsAt(space, to.x), 0);
    if (foreseen < least) [found, least] = [seen, foreseen];
  }
  if (found !== null) learn(tried, optionsAt(space, found.x), 0);
  return found;
}

/** ζ + λᵀg; with its penalties as they are while no λ is known. */
function foresee(seen: Seen, account: Account, multipliers: Float64Array | undefined): number {
  if (multipliers === undefined) return merit(account, seen);
  return multipliers.reduce((sum, l, k) => sum + l * seen.g[k], seen.bare);
}

function isBusy({ busy }: Confinement, options: Float64Array): boolean {
  return busy.some((others) => others.every((v, i) => v === options[i]));
}

/** The discrete variables of a point. */
export function optionsAt({ variables }: Space, x: Float64Array): Float64Array {
  return x.filter((_, j) => isDiscrete(variables[j]));
}
