/**
 * When a wide packet has done its work: its values can no longer be told apart (three generations in a row do where they
 * differ by rounding alone, at the bottom of a well; on a plateau they are equal, and it waits longer), it has contracted
 * to a point or to a sheet, it stagnates, or its Softmax weight has vanished (equation 23) because another level lies far
 * below it, be it one that its own samples have seen and it has left. Under noise it is done where ζ scatters over it no
 * more than noise: the next one is colder, and the bottom is a matter of averages (core/bowl.ts).
 *
 * Where it is another packet that lies below, the weight is judged by the way it made in 1/(c₁ + c_μ) generations, in
 * which it learns its shape: in many dimensions it falls slowly until then. Meanwhile it is in doubt, and others take
 * their turns.
 */
import { median } from "../../math/stats.ts";
import { type Constants, constants, leastSamples } from "./weights.ts";
import { conditionLost, LARGEST_FULL, varianceAlong, type Wide } from "./wide.ts";

/** What a packet remembers of its values. */
export type Past = {
  /** Its best value, and that of the first generation that had one. */
  best: number;
  first: number;
  /** Whether by its last few generations alone its weight would have vanished, once. */
  doubted: boolean;
  /** The best values of the last generations, a ring. */
  recent: Float64Array;
  /** Best values further apart in time, a ring of KEPT, and how many there are. */
  sparse: Float64Array;
  count: number;
  /** How many generations in a row, up to the last, had values that differ by rounding alone. */
  still: number;
  /** (scatter of ζ over the packet / noise)², at most CLEAR, averaged over its last generations. */
  signal: number;
};

/** Values closer than this share of their size, or of the fall since birth, are one value: rounding has them. */
const ROUNDING = 1e-13;
const NOTHING = 1e-18;
/** A packet whose largest standard deviation is below this share of the box is a point. */
const POINT = 2e-12;
/** Generations between birth and the first judgement of its weight, and of its way. */
export const INFANCY = 10;
/** Signals: 1 is noise alone, and what stands out is not remembered for longer by standing out far. */
const FAINT = 1.6;
const CLEAR = 4;
/** exp(−5): a Softmax weight that counts as none. */
const VANISHED = 5;
const KEPT = 40;
const COMPARED = 12;
/** Generations of values that differ by rounding alone, at the bottom of a well; on a plateau they are equal. */
const STILL = 3;

/** Generations in which a packet learns its shape, and no fewer than its infancy. */
function lesson({ c1, cMu }: Constants): number {
  return Math.max(INFANCY, Math.ceil(1 / (c1 + cMu)));
}

/** Generations over which a packet is looked back on: 10 + ⌈30 d/λ⌉. */
export function memory(dim: number, lambda: number): number {
  return 10 + Math.ceil((30 * dim) / lambda);
}

export function blankPast(dim: number): Past {
  // more samples need fewer generations
  const least = leastSamples(dim);
  const longest = Math.max(memory(dim, least), lesson(constants(dim, least, dim > LARGEST_FULL)));
  return {
    best: Number.POSITIVE_INFINITY,
    first: Number.POSITIVE_INFINITY,
    doubted: false,
    recent: new Float64Array(longest),
    sparse: new Float64Array(KEPT),
    count: 0,
    still: 0,
    signal: 0,
  };
}

export function startPast(past: Past): void {
  past.best = Number.POSITIVE_INFINITY;
  past.first = Number.POSITIVE_INFINITY;
  past.doubted = false;
  past.count = 0;
  past.still = 0;
  past.signal = 0;
}

/** Remembers how far ζ scatters over a generation; returns whether that has ceased to stand out from the noise. */
export function fades(past: Past, { generation }: Wide, scatter: number, noise: number): boolean {
  past.signal += (Math.min(CLEAR, (scatter / noise) ** 2) - past.signal) / Math.min(INFANCY, generation);
  return generation >= INFANCY && past.signal < FAINT;
}

/**
 * Remembers a generation and says whether it was the packet's last.
 * @param value ζ of the samples; `order` ranks them
 * @param lowest the best value of all packets
 */
export function ends(
  past: Past,
  packet: Wide,
  of: Constants,
  value: Float64Array,
  order: Int32Array,
  lowest: number,
): boolean {
  const { recent, sparse } = past;
  const { dim, lambda } = of;
  const g = packet.generation;
  const best = value[order[0]];
  recent[(g - 1) % recent.length] = best;
  past.best = Math.min(past.best, best);
  if (past.first === Number.POSITIVE_INFINITY) past.first = best;

  const every = Math.max(1, Math.floor((120 + (30 * dim) / lambda) / 20));
  const marks = g % every === 0;
  if (marks) sparse[past.count++ % KEPT] = best;

  const range = value[order[lambda - 1]] - best;
  past.still = range > 0 && range <= oneValue(past) ? past.still + 1 : 0;

  const half = value[order[lambda >> 1]] - best;
  const hope = hopeOf(past, g, INFANCY, best, half);
  past.doubted ||= hope > lowest;

  return (
    past.still >= STILL ||
    isPoint(packet) ||
    conditionLost(packet) ||
    (marks && stagnates(past)) ||
    indistinct(past, g, memory(dim, lambda), value[order[lambda - 1]]) ||
    hope > past.best ||
    hopeOf(past, g, lesson(of), best, half) > lowest
  );
}

function isPoint(packet: Wide): boolean {
  const { sigma, path } = packet;
  for (let i = 0; i < path.length; i++)
    if (sigma * Math.max(Math.abs(path[i]), Math.sqrt(varianceAlong(packet, i))) >= POINT) return false;
  return true;
}

/** The newest values are no better than the oldest. */
function stagnates({ sparse, count }: Past): boolean {
  if (count < KEPT) return false;
  const at = (i: number): number => sparse[(count + i) % KEPT];
  const oldest = median(Float64Array.from({ length: COMPARED }, (_, i) => at(i)));
  const newest = median(Float64Array.from({ length: COMPARED }, (_, i) => at(KEPT - COMPARED + i)));
  return newest >= oldest;
}

/** The bests of the last `span` generations, the worst value of this one among them, are one value. */
function indistinct(past: Past, g: number, span: number, worst: number): boolean {
  if (g < span) return false;
  const range = recentRange(past.recent, g, span);
  const one = oneValue(past);
  if (range.high === range.low) return true;
  return range.high - range.low <= one / 10 || Math.max(range.high, worst) - range.low <= one;
}

/** Values that are closer are one. */
function oneValue({ best, first }: Past): number {
  return ROUNDING * Math.abs(best) + (first < Infinity ? NOTHING * (first - best) : 0);
}

/**
 * The energy below which another would leave the packet no weight, exp(−(E − E_best)/r) < e⁻⁵, with r what its values
 * have ranged over in `span` generations; −∞ before, and where they have not.
 */
function hopeOf({ recent }: Past, g: number, span: number, best: number, half: number): number {
  if (g < span) return Number.NEGATIVE_INFINITY;
  const { low, high } = recentRange(recent, g, span, true);
  const r = high - low + half;
  return r > 0 ? best - VANISHED * r : Number.NEGATIVE_INFINITY;
}

/** Least and greatest of the last n of the ring, after g were written; of those that are finite where that is asked. */
function recentRange(ring: Float64Array, g: number, n: number, finite = false): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 1; i <= n; i++) {
    const v = ring[(g - i) % ring.length];
    if (v < low) low = v;
    if (v > high && (v < Infinity || !finite)) high = v;
  }
  return { low, high };
}
