/**
 * The inner loops of a cloud of walkers, the other side of kernels/cloud.ts: normals by the ziggurat of math/rng.ts, four
 * blocks of Threefry at a time; weights times exp(−sζ), two at a time; and the offspring of systematic resampling.
 */
import { exponential, isFar, near } from "./factor";

/** Terms that are added up on their own: see math/sum.ts. */
const BLOCK: i32 = 1024;
const PARITY: i32 = 0x1bd11bda;
const LAYERS: i32 = 256;
const WORD: f64 = 4294967296;

/**
 * Writes n normals, n a multiple of sixteen, of the elements from `low` on under the key (k0, k1). Four vectors of four go
 * side by side: a round waits for the one before. Fours with which the ziggurat is not done at its first look go to `rest`:
 * the first words of their blocks, then the index of the first and, from bit 24 on, which of them.
 * @param tables for each layer 2⁻⁵³ X_i and the abscissa below which it lies wholly under the curve
 * @returns how many words stand at `rest`
 */
export function normals(k0: i32, k1: i32, low: i32, top: i32, n: i32, at: usize, tables: usize, rest: usize): i32 {
  const first = rest;
  const a = i32x4.splat(k0);
  const b = i32x4.splat(k1);
  const high = i32x4.add(i32x4.splat(top), b);
  let element = i32x4.add(i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3)), a);
  for (let i = 0; i < n; i += 16, at += 128) {
    rest = fourNormals(element, high, a, b, i, at, tables, rest);
    rest = fourNormals(i32x4.add(element, i32x4.splat(4)), high, a, b, i + 4, at + 32, tables, rest);
    rest = fourNormals(i32x4.add(element, i32x4.splat(8)), high, a, b, i + 8, at + 64, tables, rest);
    rest = fourNormals(i32x4.add(element, i32x4.splat(12)), high, a, b, i + 12, at + 96, tables, rest);
    element = i32x4.add(element, i32x4.splat(16));
  }
  return <i32>((rest - first) >> 2);
}

/** One look of the ziggurat at each of four blocks; the next free place of the rest. */
@inline
function fourNormals(x: v128, y: v128, a: v128, b: v128, i: i32, at: usize, tables: usize, rest: usize): usize {
  const first = block(false, x, y, a, b);
  const second = block(true, x, y, a, b);
  const layers = i32x4.shl(v128.and(first, i32x4.splat(LAYERS - 1)), 4);
  const whole = i32x4.shr_s(first, 10);
  const inside = twoNormals(i64x2.extract_lane(layers, 0), whole, second, at, tables);
  const others = twoNormals(
    i64x2.extract_lane(layers, 1),
    v128.shuffle<i32>(whole, whole, 2, 3, 2, 3),
    v128.shuffle<i32>(second, second, 2, 3, 2, 3),
    at + 16,
    tables,
  );
  const outside = i32x4.bitmask(v128.shuffle<i32>(inside, others, 0, 2, 4, 6)) ^ 15;
  v128.store(rest, first);
  store<i32>(rest, i | (outside << 24), 16);
  return outside ? rest + 20 : rest;
}

/** x = abscissa · 2⁻⁵³ X_i of two blocks, and which of them lie wholly under the curve. */
@inline
function twoNormals(layers: i64, whole: v128, second: v128, at: usize, tables: usize): v128 {
  const one = v128.load(tables + <usize>(<u32>layers));
  const two = v128.load(tables + <usize>(<u64>layers >> 32));
  const high = f64x2.mul(f64x2.convert_low_i32x4_s(whole), f64x2.splat(WORD));
  const abscissa = f64x2.add(high, f64x2.convert_low_i32x4_u(second));
  v128.store(at, f64x2.mul(abscissa, v128.shuffle<f64>(one, two, 0, 2)));
  return f64x2.lt(f64x2.abs(abscissa), v128.shuffle<f64>(one, two, 1, 3));
}

/** One word of each of four blocks of Threefry. What both words share the engine's compiler computes once. */
@inline
function block(second: bool, x: v128, y: v128, a: v128, b: v128): v128 {
  const c = v128.xor(v128.xor(a, b), i32x4.splat(PARITY));
  let p = x;
  x = i32x4.add(fourRounds(false, p, y, 13, 15, 26, 6), b);
  y = i32x4.add(fourRounds(true, p, y, 13, 15, 26, 6), i32x4.add(c, i32x4.splat(1)));
  p = x;
  x = i32x4.add(fourRounds(false, p, y, 17, 29, 16, 24), c);
  y = i32x4.add(fourRounds(true, p, y, 17, 29, 16, 24), i32x4.add(a, i32x4.splat(2)));
  p = x;
  x = i32x4.add(fourRounds(false, p, y, 13, 15, 26, 6), a);
  y = i32x4.add(fourRounds(true, p, y, 13, 15, 26, 6), i32x4.add(b, i32x4.splat(3)));
  p = x;
  x = i32x4.add(fourRounds(false, p, y, 17, 29, 16, 24), b);
  y = i32x4.add(fourRounds(true, p, y, 17, 29, 16, 24), i32x4.add(c, i32x4.splat(4)));
  p = x;
  return second
    ? i32x4.add(fourRounds(true, p, y, 13, 15, 26, 6), i32x4.add(a, i32x4.splat(5)))
    : i32x4.add(fourRounds(false, p, y, 13, 15, 26, 6), c);
}

@inline
function fourRounds(second: bool, x: v128, y: v128, by0: i32, by1: i32, by2: i32, by3: i32): v128 {
  x = i32x4.add(x, y);
  y = v128.xor(rotated(y, by0), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotated(y, by1), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotated(y, by2), x);
  x = i32x4.add(x, y);
  y = v128.xor(rotated(y, by3), x);
  return second ? y : x;
}

@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** x ← x + length · z for n elements; one place beyond is written where n is odd. */
export function kick(x: usize, z: usize, n: i32, length: f64): void {
  for (const end = x + (<usize>n << 3); x < end; x += 16, z += 16)
    v128.store(x, f64x2.add(v128.load(x), f64x2.mul(f64x2.splat(length), v128.load(z))));
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
 * Branches n walkers whose shares of the marks u, u + 1 … begin where `total` ends. Their weights
 * w = s exp(min(Δτ (E_T − ½(a + b)), top)) come to stand at `before`, where a stood; b is lost. The indices of walkers without
 * offspring go to `dead`, those with k > 1 go k − 1 times to `born`; each has room for one more than can be. Places beyond
 * the n walkers are used: eight at `before` and `after`, one at `survival`.
 * @param survival s of each, or 0 where all are 1
 * @param notes room for as many numbers as there are walkers, and twelve more
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
  dead: usize,
  born: usize,
  notes: usize,
  counts: usize,
): f64 {
  const clipped = weights(before, after, survival, n, dt, trial, top, notes);
  store<i32>(counts, clipped, 8);
  return share(before, after, n, u, total, dead, born, notes, counts);
}

/** The weights, and how many exponents met the top. */
function weights(
  before: usize,
  after: usize,
  survival: usize,
  n: i32,
  dt: f64,
  trial: f64,
  top: f64,
  notes: usize,
): i32 {
  const end = <usize>n << 3;
  // walkers beyond the end weigh nothing
  for (let at = end; at < end + 64; at += 8) {
    store<f64>(before + at, Infinity);
    store<f64>(after + at, Infinity);
  }
  let note = notes;
  for (let at: usize = 0; at <= end; at += 64) {
    note = weighNear(before, after, at, dt, trial, note);
    note = weighNear(before, after, at + 16, dt, trial, note);
    note = weighNear(before, after, at + 32, dt, trial, note);
    note = weighNear(before, after, at + 48, dt, trial, note);
  }
  // the first beyond the end makes up the fours
  for (let k: usize = 0; k < 3; k++) store<i32>(note + (k << 2), <i32>end);
  let clipped = i64x2.splat(0);
  for (let far = notes; far < note; far += 16) {
    clipped = i64x2.sub(clipped, weighFar(before, after, load<i32>(far), load<i32>(far, 4), top));
    clipped = i64x2.sub(clipped, weighFar(before, after, load<i32>(far, 8), load<i32>(far, 12), top));
  }
  if (survival != 0)
    for (let at: usize = 0; at < end; at += 16)
      v128.store(before + at, f64x2.mul(v128.load(before + at), v128.load(survival + at)));
  return <i32>(i64x2.extract_lane(clipped, 0) + i64x2.extract_lane(clipped, 1));
}

/** Lays the weights end to end and counts the marks on each; most walkers have one, and nothing is to be noted of them. */
function share(
  weight: usize,
  copies: usize,
  n: i32,
  u: f64,
  total: f64,
  dead: usize,
  born: usize,
  notes: usize,
  counts: usize,
): f64 {
  let note = notes;
  let marks = f64x2.splat(ceil(total - u));
  for (let at: usize = 0, end = <usize>n << 3; at < end; at += 16) {
    const first = total + load<f64>(weight + at);
    total = first + load<f64>(weight + at, 8);
    const next = f64x2.ceil(f64x2.sub(f64x2.replace_lane(f64x2.splat(first), 1, total), f64x2.splat(u)));
    const both = f64x2.sub(next, v128.shuffle<f64>(marks, next, 1, 2));
    marks = next;
    v128.store(copies + at, both);
    store<i32>(note, <i32>at);
    if (v128.any_true(f64x2.ne(both, f64x2.splat(1)))) note += 4;
  }
  let lastDead = dead;
  let lastBorn = born;
  for (let at = notes; at < note; at += 4)
    for (let one = load<i32>(at), k = 0; k < 2; k++, one += 8) {
      let left = load<f64>(copies + one);
      // written before it is known whether it stays
      store<i32>(lastDead, one >> 3);
      if (left == 0) lastDead += 4;
      store<i32>(lastBorn, one >> 3);
      if (left > 1) lastBorn += 4;
      for (; left > 2; left -= 1, lastBorn += 4) store<i32>(lastBorn, one >> 3);
    }
  // the one beyond an odd number of walkers has none
  store<i32>(counts, <i32>((lastDead - dead) >> 2) - (n & 1));
  store<i32>(counts, <i32>((lastBorn - born) >> 2), 4);
  return total;
}

/** Weights of two walkers as if their exponents, which come to stand at `after`, were small; notes those that are not. */
@inline
function weighNear(before: usize, after: usize, at: usize, dt: f64, trial: f64, note: usize): usize {
  const both = f64x2.add(v128.load(before + at), v128.load(after + at));
  const exponent = f64x2.mul(f64x2.splat(dt), f64x2.sub(f64x2.splat(trial), f64x2.mul(f64x2.splat(0.5), both)));
  v128.store(before + at, near(exponent));
  v128.store(after + at, exponent);
  const far = i64x2.bitmask(isFar(exponent));
  store<i32>(note, <i32>at);
  note += (far & 1) << 2;
  store<i32>(note, <i32>at + 8);
  return note + ((far & 2) << 1);
}

/** Weights of two walkers that were noted; −1 for each exponent that met the top. */
@inline
function weighFar(before: usize, after: usize, one: usize, two: usize, top: f64): v128 {
  const exponent = v128.load_lane<f64>(after + two, v128.load_splat<f64>(after + one), 1);
  const weight = exponential(f64x2.pmin(exponent, f64x2.splat(top)));
  v128.store_lane<f64>(before + one, weight, 0);
  v128.store_lane<f64>(before + two, weight, 1);
  return f64x2.gt(exponent, f64x2.splat(top));
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
