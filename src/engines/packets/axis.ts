/**
 * One axis of a product state: the samples of ζ_i along it, and where to look next.
 *
 * - locally, the minimum of the parabola through the best sample and its neighbors (the harmonic step in one dimension),
 *   with safeguards where the bracket is lopsided;
 * - globally, in the interval that could own the ground state. The parabola through both ends of an interval that
 *   reaches `target` inside has √a = (√(y_j − target) + √(y_{j+1} − target)) / (t_{j+1} − t_j), and a well a t² has the
 *   zero-point energy √(2D · 2a)/2 = √D √a: the interval of the least √a is the one of the lowest zero-point energy. The
 *   ladder of targets below the best is the annealing of D over scales, gone through in turns.
 */
import { median } from "../../math/stats.ts";

/** The samples of one axis, ascending in t; y is ζ_i less its least, so that what lies near it is not lost in rounding. */
export type Axis = {
  /** Samples so far, and the number of the best. */
  count: number;
  best: number;
  readonly t: Float64Array;
  readonly y: Float64Array;
  /** Local samples taken, which turns the safeguards, and how many in a row kept no promise. */
  turn: number;
  stall: number;
  /** Global samples taken, and the least that median − best may be taken for. */
  globals: number;
  depth: number;
};

/** A place to look at and the fall that the local model promises there. */
export type Proposal = { t: number; gain: number };

/** The room of an axis's arrays; a full one is left alone. */
export const AXIS_ROOM = 512;
/** Intervals this short are points: for the global search, and for the local one. */
const SHORT = 1e-12;
const POINT = 1e-14;
const RUNGS = 4;
const FIRST = 12;

export function blankAxis(): Axis {
  const samples = (): Float64Array => new Float64Array(AXIS_ROOM);
  return { count: 0, best: 0, t: samples(), y: samples(), turn: 0, stall: 0, globals: 0, depth: 0 };
}

/** Whether there is room for one more sample. */
export function open({ count, t }: Axis): boolean {
  return count < t.length;
}

/** Takes in a sample, `rise` above the best so far, or below it; one that was there already changes nothing. */
export function insert(axis: Axis, t: number, rise: number): void {
  let at = axis.count;
  while (at > 0 && axis.t[at - 1] >= t) at--;
  if (at < axis.count && axis.t[at] === t) return;
  axis.t.copyWithin(at + 1, at, axis.count);
  axis.y.copyWithin(at + 1, at, axis.count);
  axis.t[at] = t;
  axis.y[at] = rise;
  axis.count++;
  if (axis.count > 1 && at <= axis.best) axis.best++;
  if (axis.count > 1 && rise >= 0) return;
  axis.best = at;
  for (let j = 0; j < axis.count; j++) axis.y[j] -= rise;
}

/** The local proposal about the best sample, for the turn that the axis would take. */
export function local(axis: Axis, out: Proposal): void {
  const { t, y, best, count } = axis;
  if (best > 0 && best < count - 1) bracketed(axis, out);
  else outermost(t, y, best, best === 0 ? 1 : count - 2, out);
}

/** The best sample is the outermost: two steps further out, or back from the wall. */
function outermost(t: Float64Array, y: Float64Array, best: number, neighbor: number, out: Proposal): void {
  const rise = Math.abs(y[neighbor] - y[best]);
  const step = t[best] - t[neighbor];
  if (t[best] <= 0 || t[best] >= 1) {
    out.t = t[best] - step / 4;
    out.gain = Math.abs(step) < POINT ? 0 : 1e-3 * rise;
  } else {
    out.t = Math.min(1, Math.max(0, t[best] + 2 * step));
    out.gain = rise;
  }
}

function bracketed({ t, y, best, turn }: Axis, out: Proposal): void {
  const [x0, x1, x2] = [t[best - 1], t[best], t[best + 1]];
  const [y0, y1, y2] = [y[best - 1], y[best], y[best + 1]];
  const h1 = x1 - x0;
  const h2 = x2 - x1;
  const s1 = (y1 - y0) / h1;
  const s2 = (y2 - y1) / h2;
  const c = (s2 - s1) / (x2 - x0);
  const least = Math.min(h1, h2);
  const most = Math.max(h1, h2);
  // y = y0 + s1 (t − x0) + c (t − x0)(t − x1)
  let to = x1;
  let fall = 0;
  if (c > 0 && c < Infinity) {
    to = (x0 + x1) / 2 - s1 / (2 * c);
    const slope = s1 + c * h1;
    fall = slope * (slope / (4 * c));
  }
  const longer = h2 > h1 ? 1 : -1;
  const guarded = (turn + 1) % 3 === 2;
  const outside = !(to > x0 && to < x2);
  const close = Math.abs(to - x1) < 1e-3 * least;
  if (outside || close || (guarded && most > 4 * least)) {
    if (close && !outside && !guarded) {
      const side = to >= x1 ? 1 : -1;
      const step = Math.min(10 * Math.max(1e-3 * least, 1e-12), 0.3 * most);
      to = x1 + side * Math.min(step, (side > 0 ? h2 : h1) / 2);
    } else to = x1 + longer * (most > 4 * least ? (Math.sqrt(most * least) + least) / 2 : 0.382 * most);
  }
  out.t = to;
  out.gain = x2 - x0 < POINT ? 0 : Math.max(Number.isFinite(fall) ? fall : 0, 1e-5 * (Math.max(y0, y2) - y1));
}

/** Where the ground state could be hiding; the walls come first. NaN where every interval is a point. */
export function global(axis: Axis): number {
  const { t, y, count, best, globals } = axis;
  if (t[0] > 0) return 0;
  if (t[count - 1] < 1) return 1;
  const height = median(y.subarray(0, count)) - y[best];
  if (count <= FIRST) axis.depth = height;
  const depth = Math.max(height, axis.depth);
  // on a plateau any target does: the longest interval comes next
  const target = y[best] - (depth > 0 ? depth * 10 ** -(globals % RUNGS) : 1);
  let least = Number.POSITIVE_INFINITY;
  let at = Number.NaN;
  let left = Math.sqrt(y[0] - target);
  for (let j = 0; j + 1 < count; j++) {
    const right = Math.sqrt(y[j + 1] - target);
    const width = t[j + 1] - t[j];
    const root = (left + right) / width;
    if (width >= SHORT && root < least) {
      least = root;
      at = t[j] + width / 2;
    }
    left = right;
  }
  return at;
}
