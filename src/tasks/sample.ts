/**
 * The evaluated points of a run, as many as explain it: a sample of bounded size. All of the first points are kept;
 * after that the evaluations are cut into bins, each longer than the last by a fixed factor, and of each bin one point
 * drawn at random is kept, and its best. So every scale of the search has its share. The draw is addressed, so that
 * the sample is a function of the points alone: a run that is watched and a journal that is read give the same.
 */
import type { Answer, Evaluator, Potential, Query } from "../core/problem.ts";
import { key, uniform } from "../math/rng.ts";

export type Evaluated = {
  /** Its place among the evaluated points, from 0. */
  readonly index: number;
  /** ζ; +∞ where it had no usable value. */
  readonly value: number;
  readonly x: Float64Array;
  /** Kept by the draw and asked together with others, so that it is a sample of a state: fit for statistics. */
  readonly fair: boolean;
};

/** Where points lie: bounds, and the variables where they are not plain intervals. */
export type Ground = Pick<Potential, "domain" | "space">;

export type Sample = {
  readonly ground: Ground;
  /** Points seen so far. */
  seen: number;
  /** The drawn place of the present bin, and the first place behind it. */
  drawn: number;
  end: number;
  /** The best point of the present bin. */
  readonly best: { index: number; value: number; readonly x: Float64Array };
  readonly kept: Evaluated[];
};

const FIRST = 1000;
/** Coordinates kept among the first points, at most. */
const NUMBERS = 200_000;
/** A bin of FIRST/GROWTH begins at FIRST: so many times more evaluations are kept there than here, drawn and chosen. */
const GROWTH = 4;
const DRAW = key(0x64726177);

export function freshSample({ domain, space }: Ground): Sample {
  const ground = space === undefined ? { domain } : { domain, space };
  const best = { index: -1, value: Number.POSITIVE_INFINITY, x: new Float64Array(domain.lower.length) };
  return { ground, seen: 0, drawn: 0, end: 1, best, kept: [] };
}

/**
 * Shows the sample a point; its coordinates are x[offset], … .
 * @param alone whether it was asked by itself: a step of a line search, say, which follows from the one before
 */
export function show(sample: Sample, x: Float64Array, offset: number, value: number, alone: boolean): void {
  const index = sample.seen++;
  const { best } = sample;
  if (value < best.value && value > Number.NEGATIVE_INFINITY) {
    best.index = index;
    best.value = value;
    for (let j = 0; j < best.x.length; j++) best.x[j] = x[offset + j];
  }
  if (index === sample.drawn) keep(sample, index, value, x.slice(offset, offset + best.x.length), !alone);
  if (sample.seen === sample.end) endBin(sample);
}

function keep({ kept }: Sample, index: number, value: number, x: Float64Array, fair: boolean): void {
  kept.push({ index, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY, x, fair });
}

function endBin(sample: Sample): void {
  const { best, drawn, end } = sample;
  const { domain } = sample.ground;
  keepBest(sample);
  best.index = drawn;
  best.value = Number.POSITIVE_INFINITY;
  const first = Math.max(100, Math.min(FIRST, Math.floor(NUMBERS / domain.lower.length)));
  const size = end < first ? 1 : Math.ceil((GROWTH * end) / first);
  sample.drawn = end + Math.floor(uniform(DRAW, end) * size);
  sample.end = end + size;
}

function keepBest(sample: Sample): void {
  const { index, value, x } = sample.best;
  if (value < Number.POSITIVE_INFINITY && index !== sample.drawn) keep(sample, index, value, x.slice(), false);
}

/** Whether point i of n keeps all constraints; what breaks one has no value. */
export function isAllowed(constraints: Float64Array | undefined, i: number, n: number): boolean {
  if (constraints === undefined) return true;
  const each = constraints.length / n;
  return constraints.subarray(i * each, (i + 1) * each).every((g) => g <= 0);
}

/** An evaluator whose answers the sample sees. */
export function sampled(sample: Sample, evaluate: Evaluator): Evaluator {
  const see = ({ at }: Query, { n, value, constraints }: Answer): void => {
    if (value === undefined) return;
    for (let i = 0; i < n; i++)
      show(sample, at.x, i * at.dim, isAllowed(constraints, i, n) ? value[i] : Number.POSITIVE_INFINITY, n === 1);
  };
  return (query, signal) => {
    const reply = evaluate(query, signal);
    if (!(reply instanceof Promise)) {
      see(query, reply);
      return reply;
    }
    return reply.then((answer) => {
      see(query, answer);
      return answer;
    });
  };
}

/** The kept points in the order of their evaluation, the best of the unfinished bin among them. */
export function pointsOf(sample: Sample): Evaluated[] {
  const { kept, best } = sample;
  const open = best.value < Number.POSITIVE_INFINITY && best.index !== sample.drawn;
  const last = { index: best.index, value: best.value, x: best.x.slice(), fair: false };
  return [...kept, ...(open ? [last] : [])].sort((a, b) => a.index - b.index);
}

/**
 * Where a coordinate stands in its bounds, from 0 to 1: in the logarithm where it is searched so. What is fixed stands
 * at 0; options of a choice stand apart.
 */
export function placeOf({ domain, space }: Ground, j: number, v: number): number {
  const [lower, upper] = [domain.lower[j], domain.upper[j]];
  if (!(upper > lower)) return 0;
  if (space?.variables[j].kind === "log") return Math.log(v / lower) / Math.log(upper / lower);
  return (v - lower) / (upper - lower);
}

/** In widths of the domain, on every axis: points that differ by less are one to the eye. */
export const APART = 0.01;

/** Of the points with a value those that lie apart from every better one, from the best on. */
export function distinct(points: readonly Evaluated[], ground: Ground): Evaluated[] {
  const apart: { readonly point: Evaluated; readonly at: Float64Array }[] = [];
  const ranked = points.filter(({ value }) => value < Number.POSITIVE_INFINITY).sort((a, b) => a.value - b.value);
  for (const point of ranked) {
    const at = point.x.map((v, j) => placeOf(ground, j, v));
    if (!apart.some((better) => near(better.at, at))) apart.push({ point, at });
  }
  return apart.map(({ point }) => point);
}

function near(a: Float64Array, b: Float64Array): boolean {
  for (let j = 0; j < a.length; j++) if (Math.abs(a[j] - b[j]) > APART) return false;
  return true;
}
