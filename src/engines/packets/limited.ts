/**
 * Points under constraints, for those who know ζ and every g apart: which of them lies below another. What breaks a
 * constraint counts with its penalty as it now is, Σ r_j max(0, g_j), since the r_j grow in a run.
 */
import type { Answer, Points } from "../../core/problem.ts";

/** ζ, without penalties, and g at a point of the space. */
export type Seen = { readonly x: Float64Array; readonly bare: number; readonly g: Float64Array };

export type Account = {
  /** r_j, as they now are. */
  prices: Float64Array;
  /** Evaluations of the engine and of confined packets, and the lowest point of each. */
  spent: Float64Array;
  lowest: (Seen | null)[];
};

export const ENGINE = 0;
export const OWN = 1;

export function blankAccount(): Account {
  return { prices: new Float64Array(0), spent: new Float64Array(2), lowest: [null, null] };
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
  if (answer.prices !== undefined) account.prices = answer.prices;
  const seen = Array.from({ length: at.n }, (_, i) => (i < answer.n ? seenAt(at, answer, i) : null));
  for (const one of seen) if (isLower(account, one, account.lowest[who])) account.lowest[who] = one;
  return seen;
}

function seenAt({ dim, x }: Points, { n, bare, constraints }: Answer, i: number): Seen | null {
  if (bare === undefined || constraints === undefined) return null;
  const m = constraints.length / n;
  const g = constraints.subarray(i * m, (i + 1) * m);
  if (!Number.isFinite(bare[i]) || !g.every(Number.isFinite)) return null;
  return { x: x.slice(i * dim, (i + 1) * dim), bare: bare[i], g: g.slice() };
}
