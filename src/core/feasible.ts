/**
 * Inequality constraints g(x) ≤ 0. An engine sees ζ + Σ_j r_j max(0, g_j): an exact penalty, continuous at the edge of
 * what is allowed, whose minimum is that of the constrained problem once each r_j exceeds its Lagrange multiplier.
 * The r_j are R · (range of ζ) / (largest violation of j), so that no unit matters; R grows while the best of what is
 * asked breaks a constraint and lies below all that is allowed, up to a bound. No point that is allowed is ever worse than it is, and the best is always one of them.
 */
import type { Points } from "./problem.ts";

/** What is known of the constraints; plain data. */
export type Feasibility = {
  /** The largest violation of each, and how many points kept it. */
  readonly worst: Float64Array;
  readonly kept: Float64Array;
  /** How many points kept both i and j, at i · m + j. */
  readonly together: Float64Array;
  /** At how many points each was a number. */
  readonly numbers: Float64Array;
  /** Points whose constraints are known. */
  points: number;
  low: number;
  high: number;
  /** R, and for how many answers in a row the lowest penalized value was not allowed and below `best`. */
  weight: number;
  outside: number;
  /** The lowest ζ that is allowed. */
  best: number;
  /** The point that breaks the constraints least. */
  nearest: Nearest | null;
};

export type Nearest = {
  readonly value: number;
  readonly x: Float64Array;
  /** g at the point. */
  readonly constraints: Float64Array;
};

const PATIENCE = 5;
const GROWTH = 4;
/** The largest R: beyond it ζ drowns in the rounding of the penalty, which in the end would overflow. */
const HEAVIEST = 4 ** 20;

export function freshFeasibility(m: number): Feasibility {
  return {
    worst: new Float64Array(m),
    kept: new Float64Array(m),
    together: new Float64Array(m * m),
    numbers: new Float64Array(m),
    points: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    weight: 1,
    outside: 0,
    best: Number.POSITIVE_INFINITY,
    nearest: null,
  };
}

/**
 * Takes an answer in and puts the penalized values into `value`, where ζ is finite or +∞.
 * @returns which points are allowed
 */
export function penalize(f: Feasibility, at: Points, value: Float64Array, g: Float64Array): boolean[] {
  const n = value.length;
  const m = f.worst.length;
  const before = f.points;
  for (let i = 0; i < n; i++) observe(f, value[i], g, i * m);
  const allowed = Array.from({ length: n }, (_, i) => isKept(g, i * m, m) && Number.isFinite(value[i]));
  // what has failed everywhere says nothing, whether or not its evaluator knows how many constraints there are
  if (f.points === before) return allowed;
  let lowest = Number.POSITIVE_INFINITY;
  let leads = true;
  for (let i = 0; i < n; i++) {
    if (isKnown(g, i * m, m) && !isKept(g, i * m, m)) {
      approach(f, at, i, value[i], g);
      // a model may not hold where it is not allowed: then only the violation counts
      value[i] = (Number.isFinite(value[i]) ? value[i] : f.high) + penalty(f, g, i * m);
      if (Number.isNaN(value[i]) || value[i] === Number.NEGATIVE_INFINITY) value[i] = penalty(f, g, i * m);
    }
    if (allowed[i]) f.best = Math.min(f.best, value[i]);
    if (value[i] < lowest) {
      lowest = value[i];
      leads = allowed[i];
    }
  }
  f.outside = leads || lowest > f.best ? 0 : f.outside + 1;
  if (f.outside > PATIENCE) {
    f.weight = Math.min(HEAVIEST, GROWTH * f.weight);
    f.outside = 0;
  }
  return allowed;
}

function observe(f: Feasibility, value: number, g: Float64Array, from: number): void {
  const m = f.worst.length;
  for (let j = 0; j < m; j++) if (!Number.isNaN(g[from + j])) f.numbers[j]++;
  if (!isKnown(g, from, m)) return;
  f.points++;
  if (Number.isFinite(value)) {
    f.low = Math.min(f.low, value);
    f.high = Math.max(f.high, value);
  }
  for (let j = 0; j < m; j++) {
    f.worst[j] = Math.max(f.worst[j], g[from + j]);
    if (g[from + j] > 0) continue;
    f.kept[j]++;
    for (let k = 0; k < m; k++) if (g[from + k] <= 0) f.together[j * m + k]++;
  }
}

function isKnown(g: Float64Array, from: number, m: number): boolean {
  for (let j = 0; j < m; j++) if (Number.isNaN(g[from + j])) return false;
  return true;
}

function isKept(g: Float64Array, from: number, m: number): boolean {
  for (let j = 0; j < m; j++) if (!(g[from + j] <= 0)) return false;
  return true;
}

/** r_j: what a violation of each constraint now costs for each of its units. */
export function pricesOf(f: Feasibility): Float64Array {
  return f.worst.map((w) => (w > 0 ? (f.weight * rangeOf(f)) / w : 0));
}

function rangeOf({ low, high }: Feasibility): number {
  const range = high > low ? high - low : Math.max(1, Math.abs(high));
  return Number.isFinite(range) ? range : 1;
}

function penalty(f: Feasibility, g: Float64Array, from: number): number {
  return f.weight * rangeOf(f) * violation(f, g, from);
}

/** Σ_j max(0, g_j) / (largest violation of j). */
function violation({ worst }: Feasibility, g: Float64Array, from: number): number {
  let sum = 0;
  worst.forEach((w, j) => {
    const over = g[from + j];
    if (over > 0) sum += over === w ? 1 : over / w;
  });
  return sum;
}

function approach(f: Feasibility, { dim, x }: Points, i: number, value: number, g: Float64Array): void {
  const m = f.worst.length;
  if (f.nearest !== null && !(violation(f, g, i * m) < violation(f, f.nearest.constraints, 0))) return;
  f.nearest = { value, x: x.slice(i * dim, (i + 1) * dim), constraints: g.slice(i * m, (i + 1) * m) };
}

/** What stands in the way where no point was allowed: constraints that none kept, else pairs that none kept together. */
export function conflicts({ kept, together, points }: Feasibility): readonly (readonly number[])[] {
  const m = kept.length;
  if (points === 0) return [];
  const never = Array.from({ length: m }, (_, j) => j).filter((j) => kept[j] === 0);
  if (never.length > 0) return never.map((j) => [j]);
  const pairs: number[][] = [];
  for (let j = 0; j < m; j++) for (let k = 0; k < j; k++) if (together[j * m + k] === 0) pairs.push([k, j]);
  return pairs;
}

/** The constraints that were a number at no point. */
export function unknowns({ numbers }: Feasibility): readonly number[] {
  return Array.from(numbers.keys()).filter((j) => numbers[j] === 0);
}
