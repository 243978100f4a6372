/**
 * Points of which ζ and every g are known apart: which of them lies below another. What breaks a constraint counts with
 * its penalty as it now is, Σ r_j max(0, g_j), since the r_j grow in a run.
 */
import { copy } from "../../core/plain.ts";
import type { Answer, Points } from "../../core/problem.ts";

/** ζ, without penalties, and g at a point of the space; no g where there are no constraints. */
export type Seen = { readonly x: Float64Array; readonly bare: number; readonly g: Float64Array };

export type Account = {
  /** What the engine asks before packets are born where there are no constraints: +∞ where none ever is. */
  alone: number;
  /** r_j, as they now are. */
  prices: Float64Array;
  /** Evaluations of the engine and of confined packets, and the lowest point of each. */
  spent: Float64Array;
  lowest: (Seen | null)[];
};

export const ENGINE = 0;
export const OWN = 1;

export function blankAccount(alone: number): Account {
  return { alone, prices: new Float64Array(0), spent: new Float64Array(2), lowest: [null, null] };
}

/** ζ with the penalties as they now are. */
export function merit({ prices }: Account, { bare, g }: Seen): number {
  return g.reduce((sum, v, k) => (v > 0 ? sum + prices[k] * v : sum), bare);
}

/** Whether a point lies below another, or there is no other: of two that are allowed by ζ alone. */
export function isLower(account: Account, seen: Seen | null, than: Seen | null): boolean {
  if (seen === null) return false;
  if (than === null) return true;
  return isAllowed(seen) && isAllowed(than) ? seen.bare < than.bare : merit(account, seen) < merit(account, than);
}

export function isAllowed({ g }: Seen): boolean {
  return g.every((v) => v <= 0);
}

/** The lowest point of all. */
export function bestOf(account: Account): Seen | null {
  const [engines, own] = account.lowest;
  return isLower(account, own, engines) ? own : engines;
}

/** What an answer tells, charged to the engine or to confined packets; null where ζ or a g is not known. */
export function booked(account: Account, who: number, at: Points, answer: Answer): (Seen | null)[] {
  account.spent[who] += answer.n;
  return entered(account, who, at, answer);
}

/** The same for points that were charged when they were asked. */
export function entered(account: Account, who: number, at: Points, answer: Answer): (Seen | null)[] {
  if (answer.prices !== undefined) {
    // where constraints are told for the first time, what was seen before them is not known
    if (account.prices.length === 0) account.lowest = [null, null];
    account.prices = answer.prices;
  }
  const seen = Array.from({ length: at.n }, (_, i) => (i < answer.n ? seenAt(account, at, answer, i) : null));
  // a copy: who asked may keep the other, and no two parts of a state are one
  for (const one of seen) if (isLower(account, one, account.lowest[who])) account.lowest[who] = copy(one);
  return seen;
}

function seenAt({ alone, prices }: Account, { dim, x }: Points, answer: Answer, i: number): Seen | null {
  const { n, value, bare, constraints } = answer;
  if (constraints === undefined && (alone === Number.POSITIVE_INFINITY || prices.length > 0)) return null;
  const m = (constraints?.length ?? 0) / n;
  const g = constraints?.slice(i * m, (i + 1) * m) ?? new Float64Array(0);
  const own = (constraints === undefined ? value : bare)?.[i] ?? Number.NaN;
  if (!Number.isFinite(own) || !g.every(Number.isFinite)) return null;
  return { x: x.slice(i * dim, (i + 1) * dim), bare: own, g };
}
