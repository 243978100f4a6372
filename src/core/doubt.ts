/**
 * Noise: the least of many noisy values is the luckiest, not the best. Challengers, points whose first value is below
 * the best mean so far, are asked again and race against the incumbent: one drops out when its mean lies more than a
 * standard error above, and takes its place when it lies below after as many repeats. What is reported is the mean of
 * the incumbent's repeats (the value that made it a challenger is not among them, since it was chosen for being low)
 * with its standard error s/√n, s pooled over all repeats.
 *
 * With `auto` the best point is asked again at evaluations 10, 20, 40, … only: an objective without noise pays for no
 * more. Once a repeat differs, or where noise is told, repeats take a fifth of the evaluations.
 */
import type { Points } from "./problem.ts";

/** `auto` looks whether there is noise; a number above 0 is its standard deviation. */
export type Noise = "auto" | number;

export type Candidate = {
  readonly x: Float64Array;
  readonly first: number;
  /** Repeats and their mean. */
  n: number;
  mean: number;
};

export type Doubt = {
  readonly told: number | null;
  seen: boolean;
  /** Repeats asked, and where `auto` looks next. */
  repeats: number;
  next: number;
  /** Sum of squares and degrees of freedom of all repeats. */
  squares: number;
  freedom: number;
  /** The incumbent, then its challengers. */
  candidates: Candidate[];
};

/** What is claimed of a point: the mean of `repeats` further values, and its standard error. */
export type Estimate = { readonly value: number; readonly error: number; readonly repeats: number };

const KEPT = 8;
const SHARE = 0.2;
/** The part of all repeats that the incumbent may have. */
const INCUMBENT = 1 / 8;
const FIRST_LOOK = 10;
/** Repeats before an incumbent is believed. */
export const ENOUGH = 4;

export function freshDoubt(noise: Noise): Doubt {
  const told = noise === "auto" ? null : noise;
  return { told, seen: told !== null, repeats: 0, next: FIRST_LOOK, squares: 0, freedom: 0, candidates: [] };
}

/** Takes a value in: a repeat of a candidate, or perhaps a new one. */
export function doubted(d: Doubt, { dim, x }: Points, i: number, value: number): void {
  const known = d.candidates.find((c) => c.x.every((v, j) => v === x[i * dim + j]));
  if (known !== undefined) {
    repeat(d, known, value);
    race(d);
    return;
  }
  const [incumbent, ...challengers] = d.candidates;
  if (incumbent !== undefined && !(value < estimate(d, incumbent).value)) return;
  const fresh = { x: x.slice(i * dim, (i + 1) * dim), first: value, n: 0, mean: 0 };
  if (incumbent === undefined || !d.seen) {
    d.candidates = [fresh];
    return;
  }
  const idle = challengers.filter(({ n }) => n === 0).sort((a, b) => b.first - a.first)[0];
  const isFull = d.candidates.length >= KEPT;
  if (isFull && !(idle !== undefined && value < idle.first)) return;
  d.candidates = [...d.candidates.filter((c) => !isFull || c !== idle), fresh];
}

function repeat(d: Doubt, c: Candidate, value: number): void {
  if (value !== c.first) d.seen = true;
  c.n++;
  const from = value - c.mean;
  c.mean += from / c.n;
  if (c.n === 1) return;
  d.squares += from * (value - c.mean);
  d.freedom++;
}

/** Challengers that are worse drop out; one that is better takes the incumbent's place. */
function race(d: Doubt): void {
  const [incumbent, ...challengers] = d.candidates;
  if (incumbent.n < ENOUGH) return;
  const left = challengers.filter((c) => c.n === 0 || c.mean - estimate(d, c).error < incumbent.mean);
  const better = left.find((c) => c.n >= Math.max(ENOUGH, incumbent.n) && c.mean < incumbent.mean);
  if (better === undefined) d.candidates = [incumbent, ...left];
  else {
    // what won the race was chosen for being low as well: its claim is made of new repeats alone
    const fresh = { ...better, first: better.mean, n: 0, mean: 0 };
    d.candidates = [fresh, incumbent, ...left.filter((c) => c !== better)];
  }
}

/** One standard deviation of the noise, as far as it is known. */
function deviation(d: Doubt): number {
  if (d.told !== null) return d.told;
  if (d.freedom > 0) return Math.sqrt(d.squares / d.freedom);
  const once = d.candidates.find(({ n }) => n > 0);
  return once === undefined ? 0 : Math.abs(once.mean - once.first) / Math.SQRT2;
}

function estimate(d: Doubt, c: Candidate): Estimate {
  if (c.n === 0) return { value: c.first, error: deviation(d), repeats: 0 };
  return { value: c.mean, error: deviation(d) / Math.sqrt(c.n), repeats: c.n };
}

/** The best point for all that is known, and what is claimed of it. */
export function incumbentOf(d: Doubt): (Estimate & Pick<Candidate, "x">) | undefined {
  const [incumbent, former] = d.candidates;
  if (incumbent === undefined) return undefined;
  // one that has just taken its place has no repeats of its own yet: until then the former one stands
  const isNew = incumbent.n < ENOUGH && former !== undefined && former.n >= ENOUGH;
  const best = isNew ? former : incumbent;
  return { ...estimate(d, best), x: best.x };
}

/** Points to ask again now; none where there is no doubt. Counts them as asked. */
export function askAgain(d: Doubt, evaluations: number): Points | undefined {
  const chosen = d.seen ? doubtful(d, Math.floor(SHARE * evaluations) - d.repeats) : looked(d, evaluations);
  if (chosen.length === 0) return undefined;
  d.repeats += chosen.length;
  const dim = chosen[0].x.length;
  return { n: chosen.length, dim, x: Float64Array.from(chosen.flatMap(({ x }) => [...x])) };
}

function looked(d: Doubt, evaluations: number): readonly Candidate[] {
  if (evaluations < d.next || d.candidates.length === 0) return [];
  while (d.next <= evaluations) d.next *= 2;
  return d.candidates.slice(0, 1);
}

/** The incumbent while it has few, then the challengers that promise most. */
function doubtful(d: Doubt, allowed: number): readonly Candidate[] {
  if (allowed <= 0 || d.candidates.length === 0) return [];
  const [incumbent, ...challengers] = d.candidates;
  const promise = (c: Candidate): number => {
    const { value, error } = estimate(d, c);
    return value - error;
  };
  const due = Math.ceil(Math.max(ENOUGH, INCUMBENT * d.repeats) - incumbent.n);
  const order = challengers.sort((a, b) => promise(a) - promise(b));
  return [...new Array<Candidate>(Math.max(0, Math.min(KEPT, due))).fill(incumbent), ...order].slice(0, allowed);
}
