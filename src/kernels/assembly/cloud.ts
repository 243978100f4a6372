/**
 * The inner loops of a cloud of walkers, the other side of kernels/cloud.ts: normals by the ziggurat of math/rng.ts, four
 * blocks of Threefry at a time; weights times exp(−sζ), two at a time; and the offspring of systematic resampling.
 */
import { exponential, exponentialNear } from "./factor";

/** Terms that are added up on their own: see math/sum.ts. */
const BLOCK: i32 = 1024;
const PARITY: i32 = 0x1bd11bda;
const LAYERS: i32 = 256;
const WORD: f64 = 4294967296;

/**
 * Writes n normals, n a multiple of eight, of the elements from `low` on under the key (k0, k1). Two vectors of four go side
 * by side: a round waits for the one before. Where the ziggurat is not done with its first look the element's index goes
 * to `rest`.
 * @param tables 2⁻⁵³ X_i of each layer, then the abscissae below which it lies wholly under the curve
 * @returns how many indices stand at `rest`
 */
export function normals(k0: i32, k1: i32, low: i32, top: i32, n: i32, at: usize, tables: usize, rest: usize): i32 {
  const first = rest;
  const a = i32x4.splat(k0);
  const b = i32x4.splat(k1);
  const c = i32x4.splat(k0 ^ k1 ^ PARITY);
  const high = i32x4.add(i32x4.splat(top), b);
  let element = i32x4.add(i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3)), a);
  for (let i = 0; i < n; i += 8, at += 64) {
    let x = element;
    let y = high;
    let p = i32x4.add(element, i32x4.splat(4));
    let q = high;
    let next = element;
    element = i32x4.add(element, i32x4.splat(8));

    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 13), x);
    q = v128.xor(rotated(q, 13), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 15), x);
    q = v128.xor(rotated(q, 15), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 26), x);
    q = v128.xor(rotated(q, 26), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 6), x);
    q = v128.xor(rotated(q, 6), p);
    x = i32x4.add(x, b);
    p = i32x4.add(p, b);
    next = i32x4.add(c, i32x4.splat(1));
    y = i32x4.add(y, next);
    q = i32x4.add(q, next);

    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 17), x);
    q = v128.xor(rotated(q, 17), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 29), x);
    q = v128.xor(rotated(q, 29), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 16), x);
    q = v128.xor(rotated(q, 16), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 24), x);
    q = v128.xor(rotated(q, 24), p);
    x = i32x4.add(x, c);
    p = i32x4.add(p, c);
    next = i32x4.add(a, i32x4.splat(2));
    y = i32x4.add(y, next);
    q = i32x4.add(q, next);

    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 13), x);
    q = v128.xor(rotated(q, 13), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 15), x);
    q = v128.xor(rotated(q, 15), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 26), x);
    q = v128.xor(rotated(q, 26), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 6), x);
    q = v128.xor(rotated(q, 6), p);
    x = i32x4.add(x, a);
    p = i32x4.add(p, a);
    next = i32x4.add(b, i32x4.splat(3));
    y = i32x4.add(y, next);
    q = i32x4.add(q, next);

    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 17), x);
    q = v128.xor(rotated(q, 17), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 29), x);
    q = v128.xor(rotated(q, 29), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 16), x);
    q = v128.xor(rotated(q, 16), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 24), x);
    q = v128.xor(rotated(q, 24), p);
    x = i32x4.add(x, b);
    p = i32x4.add(p, b);
    next = i32x4.add(c, i32x4.splat(4));
    y = i32x4.add(y, next);
    q = i32x4.add(q, next);

    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 13), x);
    q = v128.xor(rotated(q, 13), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 15), x);
    q = v128.xor(rotated(q, 15), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 26), x);
    q = v128.xor(rotated(q, 26), p);
    x = i32x4.add(x, y);
    p = i32x4.add(p, q);
    y = v128.xor(rotated(y, 6), x);
    q = v128.xor(rotated(q, 6), p);
    x = i32x4.add(x, c);
    p = i32x4.add(p, c);
    next = i32x4.add(a, i32x4.splat(5));
    y = i32x4.add(y, next);
    q = i32x4.add(q, next);

    rest = deviate(i32x4.extract_lane(x, 0), i32x4.extract_lane(y, 0), i + 0, at + 0, tables, rest);
    rest = deviate(i32x4.extract_lane(x, 1), i32x4.extract_lane(y, 1), i + 1, at + 8, tables, rest);
    rest = deviate(i32x4.extract_lane(x, 2), i32x4.extract_lane(y, 2), i + 2, at + 16, tables, rest);
    rest = deviate(i32x4.extract_lane(x, 3), i32x4.extract_lane(y, 3), i + 3, at + 24, tables, rest);
    rest = deviate(i32x4.extract_lane(p, 0), i32x4.extract_lane(q, 0), i + 4, at + 32, tables, rest);
    rest = deviate(i32x4.extract_lane(p, 1), i32x4.extract_lane(q, 1), i + 5, at + 40, tables, rest);
    rest = deviate(i32x4.extract_lane(p, 2), i32x4.extract_lane(q, 2), i + 6, at + 48, tables, rest);
    rest = deviate(i32x4.extract_lane(p, 3), i32x4.extract_lane(q, 3), i + 7, at + 56, tables, rest);
  }
  return <i32>((rest - first) >> 2);
}

@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** One look of the ziggurat at 64 random bits; the next free place of the rest. */
@inline
function deviate(first: i32, second: i32, i: i32, at: usize, tables: usize, rest: usize): usize {
  const layer = tables + (<usize>(first & (LAYERS - 1)) << 3);
  const abscissa = <f64>(first >> 10) * WORD + <f64>(<u32>second);
  store<f64>(at, abscissa * load<f64>(layer));
  store<i32>(rest, i);
  return abs(abscissa) < load<f64>(layer, LAYERS * 8) ? rest : rest + 4;
}

/**
 * w ← w exp(min(−sζ − top, 0)) for n walkers, and the sum of w added to `total` block by block; one place beyond is
 * written where n is odd.
 */
export function weigh(weight: usize, value: usize, n: i32, s: f64, top: f64, total: f64): f64 {
  for (let start = 0; start < n; start += BLOCK) {
    const end = min(start + BLOCK, n);
    let partial: f64 = 0;
    for (let i = start; i < end; i += 2, weight += 16, value += 16) {
      const w = v128.load(weight);
      const exponent = f64x2.mul(f64x2.splat(-s), v128.load(value));
      const factor = exponential(f64x2.sub(exponent, f64x2.splat(top)));
      const highest = f64x2.ge(exponent, f64x2.splat(top));
      const weighed = f64x2.mul(w, v128.bitselect(f64x2.splat(1), factor, highest));
      v128.store(weight, weighed);
      partial += f64x2.extract_lane(weighed, 0);
      if (i + 1 < end) partial += f64x2.extract_lane(weighed, 1);
    }
    total += partial;
  }
  return total;
}

/**
 * Branches n walkers whose shares of the marks u, u + 1 … begin where `total` ends: w = s exp(min(Δτ (E_T − ½(a + b)), top)),
 * written to `weight`; one place beyond is written where n is odd. The indices of walkers without offspring go to `dead`,
 * those with k > 1 go k − 1 times to `born`; each has room for one more than can be.
 * @param survival s of each, or 0 where all are 1
 * @param counts where is written how many are dead, how many born, and how many exponents met the top
 * @returns where the shares end
 */
export function branch(
  before: usize,
  after: usize,
  survival: usize,
  n: i32,
  dt: f64,
  trial: f64,
  top: f64,
  u: f64,
  total: f64,
  weight: usize,
  dead: usize,
  born: usize,
  counts: usize,
): f64 {
  const firstDead = dead;
  const firstBorn = born;
  const most = f64x2.splat(top);
  let clipped = 0;
  // no less than 0, since u is below 1
  let marks = ceil(total - u);
  for (let i = 0; i < n; i += 2, before += 16, after += 16, weight += 16) {
    const both = f64x2.add(v128.load(before), v128.load(after));
    const half = f64x2.mul(f64x2.splat(0.5), both);
    const exponent = f64x2.mul(f64x2.splat(dt), f64x2.sub(f64x2.splat(trial), half));
    let w = exponentialNear(f64x2.pmin(exponent, most));
    const over = i64x2.bitmask(f64x2.gt(exponent, most));
    clipped += (over & 1) + (i + 1 < n ? over >> 1 : 0);
    if (survival != 0) {
      w = f64x2.mul(w, v128.load(survival));
      survival += 16;
    }
    v128.store(weight, w);
    // most walkers have one offspring, and nothing is to be noted of them
    total += f64x2.extract_lane(w, 0);
    let next = ceil(total - u);
    if (next - marks != 1) {
      store<i32>(dead, i);
      if (next == marks) dead += 4;
      for (let copies = next - marks; copies > 1; copies -= 1, born += 4) store<i32>(born, i);
    }
    marks = next;
    if (i + 1 == n) break;
    total += f64x2.extract_lane(w, 1);
    next = ceil(total - u);
    if (next - marks != 1) {
      store<i32>(dead, i + 1);
      if (next == marks) dead += 4;
      for (let copies = next - marks; copies > 1; copies -= 1, born += 4) store<i32>(born, i + 1);
    }
    marks = next;
  }
  store<i32>(counts, <i32>((dead - firstDead) >> 2));
  store<i32>(counts, <i32>((born - firstBorn) >> 2), 4);
  store<i32>(counts, clipped, 8);
  return total;
}

/**
 * How many of the marks u, u + 1, … below `marks` fall on each of n walkers, whose shares begin where `cumulated` ends.
 * @returns where their shares end
 */
export function offspring(weight: usize, n: i32, marks: f64, u: f64, cumulated: f64, to: usize): f64 {
  let before = marksBelow(cumulated, u, marks);
  for (const end = to + (<usize>n << 2); to < end; to += 4, weight += 8) {
    cumulated += load<f64>(weight) * marks;
    const after = marksBelow(cumulated, u, marks);
    store<i32>(to, <i32>(after - before));
    before = after;
  }
  return cumulated;
}

@inline
function marksBelow(cumulated: f64, u: f64, marks: f64): f64 {
  return min(max(ceil(cumulated - u), 0), marks);
}
