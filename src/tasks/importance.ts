/**
 * Which coordinates matter, from the points of a run alone. A quadratic is fitted to the ranks of ζ over the ranks of
 * the coordinates, and judged by points it has not seen: how much worse does it do when one coordinate is exchanged
 * among points of about the same time?
 *
 *   S_j = (E(y − f(x with x_j of another))² − E(y − f(x))²) / 2 Var y
 *
 * For a perfect f that is the total index of Sobol and Jansen, the share of the variance of y in which x_j has a part.
 * Ranks make it the same for any increasing transform of ζ or of a coordinate. The exchange stays within blocks of
 * time, since a search contracts in all coordinates at once: over the whole run a coordinate that ζ ignores goes with
 * the value, within a block it does not. Points that were asked alone are left out: in a search along axes a coordinate
 * that ζ ignores moves when the others rest at their best, and would look like a virtue. Stretches of the run are drawn
 * with replacement, fitted, and judged by those left out; an interval holds 95 in 100 of the draws.
 */
import {
  fitQuadratic,
  type Normal,
  normalEquations,
  type Quadratic,
  quadraticAt,
  quadraticChange,
  quadraticSize,
} from "../math/quadratic.ts";
import { fold, integer, key } from "../math/rng.ts";
import { mean, quantile, ranks, variance } from "../math/stats.ts";
import { sum } from "../math/sum.ts";
import { distinct, type Evaluated, type Ground } from "./sample.ts";

/** The median of the draws, and the interval of 95 in 100. */
export type Estimate = { readonly estimate: number; readonly low: number; readonly high: number };

export type Importance = {
  /** Points it stands on. */
  readonly points: number;
  /** The share of the variance of unseen ranks that the fit explains; null where none was made. */
  readonly explained: Estimate | null;
  /** S_j over their sum, for each coordinate; null where the points do not support it. */
  readonly shares: readonly Estimate[] | null;
  /** Why there are none, for people. */
  readonly reason?: string;
};

const MOST = 1500;
const LARGEST = 100;
const MIXED = 12;
const DRAWS = 200;
/** Stretches of a run, and points of a block, where there are enough. */
const STRETCHES = 12;
const BLOCK = 8;
const LAMBDAS = [1e-3, 1e-2, 1e-1, 1];
/** What a fit must explain of points it has not seen, at the median; and more than nothing at the low end. */
const EXPLAINED = 0.5;
const KEY = key(0x696d70);

/** The importance of each coordinate, or why it cannot be told. */
export function importance(points: readonly Evaluated[], ground: Ground): Importance {
  const dim = ground.domain.lower.length;
  const used = standing(points, ground);
  const no = (reason: string, explained: Estimate | null = null): Importance => ({
    points: used.length,
    explained,
    shares: null,
    reason,
  });
  if (dim < 2) return no("there is one coordinate only");
  if (dim > LARGEST) return no(`the fit is not made for more than ${LARGEST} coordinates`);
  if (used.length < leastPoints(dim))
    return no(`${used.length} samples lie apart where ${dim} coordinates need ${leastPoints(dim)} at least`);
  const y = ranks(used.map(({ value }) => value));
  if (!(variance(y) > 0)) return no("all values are the same");
  const draws = drawn(study(used, y, dim));
  if (draws.length < DRAWS / 2) return no("most fits to a part of the points fail");
  const explained = estimateOf(draws.map(({ explained }) => explained));
  const total = estimateOf(draws.map(({ parts }) => sum(parts)));
  if (explained.estimate < EXPLAINED || explained.low <= 0)
    return no("the fit does not foretell points it has not seen", explained);
  if (total.low <= 0) return no("no coordinate stands out among points of the same time", explained);
  const sound = draws.map(({ parts }) => parts.map((part) => part / sum(parts)));
  const shares = Array.from({ length: dim }, (_, j) => estimateOf(sound.map((parts) => parts[j])));
  return { points: used.length, explained, shares };
}

/** Three for each coefficient of the simplest fit. */
function leastPoints(dim: number): number {
  return 3 * quadraticSize(dim, false);
}

/** The points that count, in the order of time: those that lie apart, thinned evenly where they are many. */
function standing(points: readonly Evaluated[], ground: Ground): Evaluated[] {
  const apart = distinct(
    points.filter(({ fair }) => fair),
    ground,
  ).sort((a, b) => a.index - b.index);
  const step = Math.max(1, apart.length / MOST);
  return Array.from({ length: Math.floor(apart.length / step) }, (_, i) => apart[Math.floor(i * step)]);
}

/** Points of about the same time. */
type Block = { readonly u: readonly Float64Array[]; readonly y: Float64Array };
/** A stretch of the run, drawn or left out as a whole: what follows upon each other is not independent. */
type Stretch = { readonly blocks: readonly Block[]; readonly normal: Normal };
type Study = { readonly stretches: readonly Stretch[]; readonly dim: number; readonly mixed: boolean };

function study(used: readonly Evaluated[], y: Float64Array, dim: number): Study {
  const mixed = dim <= MIXED && used.length >= 3 * quadraticSize(dim, true);
  const columns = Array.from({ length: dim }, (_, j) => ranks(used.map(({ x }) => x[j])));
  const u = used.map((_, i) => Float64Array.from(columns, (column) => Math.sqrt(12) * (column[i] - 0.5)));
  const stretches = parts(0, used.length, Math.min(STRETCHES, Math.floor(used.length / 4))).map(
    ([from, to]): Stretch => {
      const blocks = parts(from, to, Math.max(1, Math.round((to - from) / BLOCK))).map(
        ([from, to]): Block => ({ u: u.slice(from, to), y: y.slice(from, to) }),
      );
      return { blocks, normal: normalEquations(u.slice(from, to), y.slice(from, to), mixed) };
    },
  );
  return { stretches, dim, mixed };
}

/** An interval of indices cut into so many of about the same length. */
function parts(from: number, to: number, count: number): [from: number, to: number][] {
  const cut = (k: number): number => from + Math.round((k * (to - from)) / count);
  return Array.from({ length: count }, (_, k) => [cut(k), cut(k + 1)]);
}

/** What one draw says: the share of variance explained, and S_j. */
type Draw = { readonly explained: number; readonly parts: Float64Array };

/** The draws under the ridge that explains most. */
function drawn(of: Study): Draw[] {
  const some = LAMBDAS.map((lambda) =>
    mean(Float64Array.from(draws(of, lambda, DRAWS / 10, false), ({ explained }) => explained)),
  );
  const best = LAMBDAS[some.indexOf(Math.max(...some))] ?? LAMBDAS[0];
  return draws(of, best, DRAWS, true);
}

function draws({ stretches, dim, mixed }: Study, lambda: number, count: number, full: boolean): Draw[] {
  const all: Draw[] = [];
  const normals = stretches.map(({ normal }) => normal);
  for (let r = 0; r < count; r++) {
    const times = new Int32Array(stretches.length);
    for (let k = 0; k < times.length; k++) times[integer(fold(KEY, r), k, times.length)]++;
    const out = stretches.filter((_, k) => times[k] === 0).flatMap(({ blocks }) => blocks);
    const fit = out.length < 2 ? null : fitQuadratic(normals, times, dim, mixed, lambda);
    if (fit !== null) all.push(judged(fit, out, full));
  }
  return all;
}

/** What a fit says of blocks that it has not seen. */
function judged(fit: Quadratic, blocks: readonly Block[], full: boolean): Draw {
  const y = Float64Array.from(blocks.flatMap((block) => [...block.y]));
  const total = variance(y) * (y.length - 1);
  let error = 0;
  const worse = new Float64Array(full ? fit.dim : 0);
  for (const { u, y } of blocks) {
    const residual = u.map((point, i) => y[i] - quadraticAt(fit, point));
    for (const r of residual) error += r * r;
    for (let j = 0; j < worse.length; j++) worse[j] += exchanged(fit, u, residual, j);
  }
  return { explained: 1 - error / total, parts: worse.map((w) => w / (2 * total)) };
}

/** Σ over the points of a block: how much the squared error grows when u_j is another's, on average over the others. */
function exchanged(fit: Quadratic, u: readonly Float64Array[], residual: readonly number[], j: number): number {
  let total = 0;
  for (let i = 0; i < u.length; i++)
    for (let k = 0; k < u.length; k++) {
      if (k === i) continue;
      const change = quadraticChange(fit, u[i], j, u[k][j]);
      total += change * (change - 2 * residual[i]);
    }
  return total / (u.length - 1);
}

function estimateOf(values: readonly number[]): Estimate {
  const all = Float64Array.from(values);
  return { estimate: quantile(all, 0.5), low: quantile(all, 0.025), high: quantile(all, 0.975) };
}
