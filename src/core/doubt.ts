/**
 * Noise: the least of many noisy values is the luckiest, not the best. Challengers, points whose first value is below
 * the best mean so far, are asked again and race against the incumbent: one drops out when its mean lies more than a
 * standard error above, and takes its place when it lies below after as many repeats, or far below after a few. What is
 * reported is the mean of the incumbent's repeats (the value that made it a challenger is not among them, since it was
 * chosen for being low) with its standard error s/√n, s pooled over the repeats of incumbents.
 *
 * A race tells points apart that differ by more than the noise over √repeats. Near the bottom none do, and the bowl
 * through all values (bowl.ts) tells more: its bottom is the heir, which takes the incumbent's place unless its own
 * repeats tell that it lies higher. What lies in the bowl does not race any more.
 *
 * With `auto` the best point is asked again at evaluations 10, 20, 40, … only, and before a run ends by it: an objective
 * without noise pays for no more. Once a repeat differs, or where noise is told, repeats take a fifth of the evaluations,
 * and looks about the bowl a quarter of them while it holds or is on its way, a twentieth before.
 *
 * Under constraints only what is allowed is a candidate, and a bottom that turns out not to be has failed; the bowl learns
 * from all. Where constraints are noisy as well, as the first repeat tells at which one differs, there is no bowl.
 */
import {
  type Bowl,
  blankBowl,
  fitBowl,
  gather,
  heed,
  isInside,
  isSettled,
  keepsLimits,
  looksAbout,
  MOST_LIMITS,
  startBowl,
} from "./bowl.ts";
import { isBeside } from "./chart.ts";
import type { Points } from "./problem.ts";
import type { Space } from "./space.ts";

/** `auto` looks whether there is noise; a number above 0 is its standard deviation. */
export type Noise = "auto" | number;

export type Candidate = {
  readonly x: Float64Array;
  readonly first: number;
  /** Whether it is the bottom of the bowl: it came by no luck of its own. */
  readonly fitted: boolean;
  /** The constraints there, once they are known. */
  g: Float64Array | null;
  /** Repeats asked for, those that failed, those that have a value, and their mean. */
  asked: number;
  failed: number;
  n: number;
  mean: number;
};

export type Doubt = {
  readonly told: number | null;
  seen: boolean;
  /** Repeats asked, and where `auto` looks next. */
  repeats: number;
  next: number;
  /** Sum of squares and degrees of freedom of the repeats of incumbents: others are asked on while they are low. */
  squares: number;
  freedom: number;
  /** The incumbent, then its challengers. */
  candidates: Candidate[];
  /** Whom a challenger has replaced: reported until that one has repeats enough. */
  standing: Candidate | null;
  /** The bowl, where there can be one, and the looks about it. */
  bowl: Bowl | null;
  looks: number;
  /** Whether constraints are noisy. */
  vague: boolean;
};

/** What is claimed of a point: the mean of `repeats` further values, and its standard error. */
export type Estimate = { readonly value: number; readonly error: number; readonly repeats: number };

const KEPT = 8;
const SHARE = 0.2;
/** The part of all repeats that the incumbent may have; one that is fitted has few challengers. */
const INCUMBENT = 1 / 8;
const FITTED_INCUMBENT = 1 / 2;
/** The share of looks about a bowl that holds or is on its way, and about another, and how many at a time. */
const LOOKS = 0.25;
const FIRST_LOOKS = 0.05;
const LOOKS_AT_ONCE = 64;
/** Standard errors by which a challenger may win before it has as many repeats: many challengers try. */
const FAR = 3;
/** Standard errors by which an heir is taken to lie higher. */
const CLEAR = 2;
/** Standard errors by which a mean of so many repeats lies below a target for sure: it is looked at again and again. */
const SURE = 3;
const SURELY = 16;
const FIRST_LOOK = 10;
/** Repeats before an incumbent is believed. */
export const ENOUGH = 4;
/** A standard deviation that is told counts as so many repeats, until there are as many: it may be wrong. */
const TOLD = 10;
const UNASKED = { asked: 0, failed: 0, n: 0, mean: 0 };
/** Degrees of freedom of the noise before a bowl is fitted. */
const KNOWN = 3;

/** @param space of the variables of the points; null where no bowl is to be looked for */
export function freshDoubt(noise: Noise, space: Space | null): Doubt {
  const told = noise === "auto" ? null : noise;
  const bowl = space === null ? null : blankBowl(space);
  return {
    ...{ told, seen: told !== null, repeats: 0, next: FIRST_LOOK, squares: 0, freedom: 0 },
    ...{ candidates: [], standing: null, bowl, looks: 0, vague: false },
  };
}

/**
 * Takes in a value, +∞ where there is none: a repeat of a candidate or perhaps a new one, and a value for the bowl.
 * @param g the constraints there, where there are any that are known; a candidate that breaks one has failed
 */
export function doubted(d: Doubt, space: Space, { dim, x }: Points, i: number, value: number, g?: Float64Array): void {
  const at = x.subarray(i * dim, (i + 1) * dim);
  const isAllowed = g?.every((v) => v <= 0) ?? true;
  if (g !== undefined) limit(d, at, g, isAllowed);
  if (value < Number.POSITIVE_INFINITY && isAllowed) enter(d, space, at, value, g);
  else if (isAllowed || !d.vague) fail(d, at);
  const { bowl, candidates } = d;
  if (!d.seen || bowl === null || candidates.length === 0) return;
  if (bowl.at === null) startBowl(bowl, space, candidates[0].x);
  gather(bowl, space, at, value, g);
  if (bowl.n >= bowl.due && freedomOf(d) >= KNOWN) refit(d, bowl, space);
}

/** What constraints are at a candidate: an heir's first tell the bowl whether it is allowed, others whether they are noisy. */
function limit(d: Doubt, at: Float64Array, g: Float64Array, isAllowed: boolean): void {
  if (g.length > MOST_LIMITS) d.bowl = null;
  const known = d.candidates.find((c) => isAt(c, at));
  if (known === undefined || !g.every(Number.isFinite)) return;
  if (known.g === null) {
    known.g = g.slice();
    if (known.fitted && d.bowl !== null) heed(d.bowl, isAllowed);
  } else if (known.g.some((v, j) => v !== g[j])) {
    d.vague = true;
    d.bowl = null;
  }
}

/** A candidate that fails when it is asked again drops out: a challenger at once, the incumbent where it mostly fails. */
function fail(d: Doubt, at: Float64Array): void {
  for (const c of d.candidates) if (isAt(c, at)) c.failed++;
  d.candidates = d.candidates.filter(({ failed, n }, k) => failed === 0 || (k === 0 && failed < Math.max(ENOUGH, n)));
}

function isAt({ x }: Candidate, at: Float64Array): boolean {
  return x.every((v, j) => v === at[j]);
}

function enter(d: Doubt, space: Space, x: Float64Array, value: number, g?: Float64Array): void {
  const known = d.candidates.find((c) => isAt(c, x));
  if (known !== undefined) {
    repeat(d, known, value);
    race(d, space);
    return;
  }
  const [incumbent, ...challengers] = d.candidates;
  if (incumbent !== undefined && !(value < estimate(d, incumbent).value)) return;
  if (d.bowl !== null && isSettled(d.bowl) && isInside(d.bowl, space, x)) return;
  const fresh = { x: x.slice(), first: value, fitted: false, g: g?.slice() ?? null, ...UNASKED };
  if (incumbent === undefined || !d.seen) {
    d.candidates = [fresh];
    return;
  }
  const idle = challengers.filter(({ n, fitted }) => n === 0 && !fitted).sort((a, b) => b.first - a.first)[0];
  const isFull = d.candidates.length >= KEPT;
  if (isFull && !(idle !== undefined && value < idle.first)) return;
  d.candidates = [...d.candidates.filter((c) => !isFull || c !== idle), fresh];
}

/** Fits the bowl anew about the incumbent; a bottom that is worth it is the heir. */
function refit(d: Doubt, bowl: Bowl, space: Space): void {
  const incumbent = d.candidates[0];
  const stays = incumbent.fitted && keepsLimits(bowl);
  if (!stays && !isInside(bowl, space, incumbent.x)) startBowl(bowl, space, incumbent.x);
  const bottom = fitBowl(bowl, space, { deviation: deviation(d), freedom: freedomOf(d) }, incumbent.x);
  if (!bowl.holds) return;
  // as good as the bottom, whatever brought it there
  if (bottom === undefined) d.candidates[0] = { ...incumbent, fitted: true };
  const settled = isSettled(bowl);
  const others = d.candidates.filter((c, k) => k === 0 || !(c.fitted || (settled && isInside(bowl, space, c.x))));
  const heir = bottom === undefined ? [] : [{ x: bottom, first: bowl.bottom, fitted: true, g: null, ...UNASKED }];
  d.candidates = [...others, ...heir];
}

function repeat(d: Doubt, c: Candidate, value: number): void {
  if (value !== c.first) d.seen = true;
  c.n++;
  const from = value - c.mean;
  c.mean += from / c.n;
  if (c.n === 1 || c !== d.candidates[0]) return;
  d.squares += from * (value - c.mean);
  d.freedom++;
}

/** Challengers that are worse drop out; one that is better takes the incumbent's place, as an heir does that is not worse. */
function race(d: Doubt, space: Space): void {
  const [incumbent, ...challengers] = d.candidates;
  if (incumbent.n < ENOUGH) return;
  const away = (c: Candidate): number =>
    (c.mean - incumbent.mean) / (deviation(d) * Math.sqrt(1 / c.n + 1 / incumbent.n));
  const heir = challengers.find(({ fitted, n }) => fitted && n >= ENOUGH);
  if (heir !== undefined) {
    const others = challengers.filter((c) => c !== heir);
    d.candidates =
      away(heir) > CLEAR ? [incumbent, ...others] : [heir, ...(incumbent.fitted ? [] : [incumbent]), ...others];
    return;
  }
  const left = challengers.filter((c) => c.n === 0 || c.fitted || c.mean - estimate(d, c).error < incumbent.mean);
  // the bottom of a bowl says nothing of bowls at other options
  const isLevel = (c: Candidate): boolean =>
    c.n >= (incumbent.fitted ? 2 * ENOUGH : incumbent.n) && (!incumbent.fitted || !isBeside(space, c.x, incumbent.x));
  const isFar = (c: Candidate): boolean => c.n >= 2 * ENOUGH && away(c) < -FAR;
  const better = left.find((c) => !c.fitted && ((isLevel(c) && c.mean < incumbent.mean) || isFar(c)));
  if (better === undefined) d.candidates = [incumbent, ...left];
  else {
    // what won the race was chosen for being low as well: its claim is made of new repeats alone
    const fresh = { ...better, first: better.mean, ...UNASKED };
    d.standing = { ...incumbent };
    d.candidates = [fresh, incumbent, ...left.filter((c) => c !== better)];
  }
}

/** One standard deviation of the noise, as far as it is known: by repeats, and by what was told. */
export function deviation(d: Doubt): number {
  const { told, squares, freedom } = d;
  if (told !== null && freedom < TOLD) return Math.sqrt((TOLD * told ** 2 + squares) / freedomOf(d));
  if (freedom > 0) return Math.sqrt(squares / freedom);
  const once = d.candidates.find(({ n }) => n > 0);
  return once === undefined ? 0 : Math.abs(once.mean - once.first) / Math.SQRT2;
}

function freedomOf({ told, freedom }: Doubt): number {
  return freedom + (told === null || freedom >= TOLD ? 0 : TOLD);
}

function estimate(d: Doubt, c: Candidate): Estimate {
  if (c.n === 0) return { value: c.first, error: deviation(d), repeats: 0 };
  return { value: c.mean, error: deviation(d) / Math.sqrt(c.n), repeats: c.n };
}

/** The best point for all that is known, and what is claimed of it. */
export function incumbentOf(d: Doubt): (Estimate & Pick<Candidate, "x">) | undefined {
  const [incumbent] = d.candidates;
  if (incumbent === undefined) return undefined;
  const best = incumbent.n < ENOUGH && d.standing !== null ? d.standing : incumbent;
  return { ...estimate(d, best), x: best.x };
}

/**
 * Whether the best point lies at or below a value for sure: by the mean of many repeats and its error, or, where no noise
 * was seen yet, at a point that was asked again.
 */
export function isSurelyBelow(d: Doubt, target: number): boolean {
  const best = incumbentOf(d);
  if (best === undefined) return false;
  if (!d.seen) return best.value <= target && d.candidates[0].n > 0;
  return best.repeats >= SURELY && best.value + SURE * best.error <= target;
}

/**
 * Points to ask beside the engine's own now, again or about the bowl; none where there is no doubt. Counts them as asked.
 * @param ending whether a run would end by the value of the best point, if that were sure
 */
export function askAgain(d: Doubt, space: Space, evaluations: number, ending: boolean): Points | undefined {
  const allowed = Math.floor(SHARE * evaluations) - d.repeats;
  const chosen = d.seen ? doubtful(d, space, allowed) : looked(d, evaluations, ending);
  const looks = d.seen && d.bowl !== null ? looksAbout(d.bowl, space, lookable(d, d.bowl, evaluations)) : [];
  const points = [...chosen.map(({ x }) => x), ...looks];
  if (points.length === 0) return undefined;
  d.repeats += chosen.length;
  for (const c of chosen) c.asked++;
  d.looks += looks.length;
  return { n: points.length, dim: points[0].length, x: Float64Array.from(points.flatMap((x) => [...x])) };
}

function lookable({ looks }: Doubt, { holds, moves }: Bowl, evaluations: number): number {
  const allowed = Math.floor((holds || moves ? LOOKS : FIRST_LOOKS) * evaluations) - looks;
  return Math.max(0, Math.min(LOOKS_AT_ONCE, allowed));
}

function looked(d: Doubt, evaluations: number, ending: boolean): readonly Candidate[] {
  const [best] = d.candidates;
  if (best === undefined) return [];
  if (evaluations < d.next) return ending && best.asked === 0 ? [best] : [];
  while (d.next <= evaluations) d.next *= 2;
  return [best];
}

/** The heir while it has few, then the incumbent, then the challengers that promise most. */
function doubtful(d: Doubt, space: Space, allowed: number): readonly Candidate[] {
  if (allowed <= 0 || d.candidates.length === 0) return [];
  const [incumbent, ...challengers] = d.candidates;
  const promise = (c: Candidate): number => {
    const { value, error } = estimate(d, c);
    return value - error;
  };
  const times = (c: Candidate, n: number): Candidate[] => new Array<Candidate>(Math.max(0, n)).fill(c);
  const share = (incumbent.fitted ? FITTED_INCUMBENT : INCUMBENT) * (d.repeats + allowed);
  const due = Math.min(KEPT, Math.ceil(Math.max(ENOUGH, share) - incumbent.asked));
  // where there are constraints an heir is first asked whether it keeps them
  const first = (c: Candidate): number => (incumbent.g !== null && c.asked === 0 ? 1 : ENOUGH - c.asked);
  const heirs = challengers.filter(({ fitted }) => fitted).flatMap((c) => times(c, first(c)));
  const order = challengers.filter(({ fitted }) => !fitted).sort((a, b) => promise(a) - promise(b));
  // at other options, and lower than the bottom of this bowl as far as is known
  const elsewhere = (c: Candidate): boolean => incumbent.fitted && !isBeside(space, c.x, incumbent.x);
  const rivals = order.filter((c) => elsewhere(c) && c.n > 0 && c.mean < incumbent.mean);
  return [...heirs, ...rivals, ...times(incumbent, due), ...order].slice(0, allowed);
}
