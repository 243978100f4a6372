/**
 * Factors exp(−cζ − aω) of a potential ζ and an absorber ω, and products with them. A factor f is held as f − 1: beside
 * 1 it is small, so that its own rounding, the same at every step, does not add up to a drift of the norm. Exponential,
 * sine and cosine are those of math/elementary.ts, operation for operation, two at a time.
 */
import { im, re } from "./complex";

/** f − 1 of n points, n even: real parts to `toRe`, imaginary parts to `toIm`; `absorber` may be 0. */
export function factors(
  potential: usize,
  absorber: usize,
  n: i32,
  cr: f64,
  ci: f64,
  a: f64,
  toRe: usize,
  toIm: usize,
): void {
  const decay = f64x2.splat(-cr);
  const turn = f64x2.splat(-ci);
  const damping = f64x2.splat(-a);
  const absorbs = absorber != 0 && a != 0;
  const decays = absorbs || cr != 0;
  for (const end = potential + <usize>n * 8; potential < end; potential += 16, toRe += 16, toIm += 16) {
    const value = v128.load(potential);
    let beside = f64x2.splat(0);
    let sine = f64x2.splat(0);
    let cosine = f64x2.splat(1);
    if (ci != 0) {
      const x = f64x2.mul(turn, value);
      const k = quarters(x);
      const r = remainder(x, k);
      const s = sineOf(r);
      beside = besideOne(r);
      const c = f64x2.add(beside, f64x2.splat(1));
      const odd = i64x2.eq(v128.and(k, i64x2.splat(1)), i64x2.splat(1));
      const first = i64x2.eq(v128.and(k, i64x2.splat(3)), i64x2.splat(0));
      cosine = v128.xor(v128.bitselect(s, c, odd), signOf(i64x2.add(k, i64x2.splat(1))));
      sine = v128.xor(v128.bitselect(c, s, odd), signOf(k));
      beside = v128.bitselect(beside, f64x2.sub(cosine, f64x2.splat(1)), first);
    }
    if (decays) {
      let exponent = f64x2.mul(decay, value);
      if (absorbs) {
        exponent = f64x2.add(exponent, f64x2.mul(damping, v128.load(absorber)));
        absorber += 16;
      }
      const size = exponential(exponent);
      beside = f64x2.sub(f64x2.mul(size, cosine), f64x2.splat(1));
      sine = f64x2.mul(size, sine);
    }
    v128.store(toRe, beside);
    v128.store(toIm, sine);
  }
}

/** x ← x + x(f − 1) for n points, n even. */
export function multiply(at: usize, far: usize, n: i32, factorRe: usize, factorIm: usize): void {
  for (const end = at + <usize>n * 8; at < end; at += 16, factorRe += 16, factorIm += 16) {
    const ar = v128.load(at);
    const ai = v128.load(at + far);
    const fr = v128.load(factorRe);
    const fi = v128.load(factorIm);
    v128.store(at, f64x2.add(ar, re(ar, ai, fr, fi)));
    v128.store(at + far, f64x2.add(ai, im(ar, ai, fr, fi)));
  }
}

/** 1.5·2⁵²: in the sum the nearest whole number stands in the lowest bits. */
const ROUND: f64 = 6755399441055744;
const LARGEST_PHASE: f64 = 1099511627776;

@inline
function quarters(x: v128): v128 {
  return f64x2.add(f64x2.mul(clamped(x), f64x2.splat(0.6366197723675814)), f64x2.splat(ROUND));
}

@inline
function clamped(x: v128): v128 {
  return f64x2.pmin(f64x2.pmax(x, f64x2.splat(-LARGEST_PHASE)), f64x2.splat(LARGEST_PHASE));
}

@inline
function remainder(x: v128, quarters: v128): v128 {
  const k = f64x2.sub(quarters, f64x2.splat(ROUND));
  let r = f64x2.sub(clamped(x), f64x2.mul(k, f64x2.splat(1.5707963267341256)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(6.077100506303966e-11)));
  return f64x2.sub(r, f64x2.mul(k, f64x2.splat(2.0222662487111665e-21)));
}

/** The sign bit where the second lowest bit is set. */
@inline
function signOf(k: v128): v128 {
  return i64x2.shl(v128.and(k, i64x2.splat(2)), 62);
}

@inline
function times(p: v128, x: v128, next: f64): v128 {
  return f64x2.add(f64x2.mul(p, x), f64x2.splat(next));
}

@inline
function sineOf(r: v128): v128 {
  const z = f64x2.mul(r, r);
  let s = times(f64x2.splat(1.58969099521155e-10), z, -2.5050760253406863e-8);
  s = times(s, z, 2.7557313707070068e-6);
  s = times(s, z, -1.984126982985795e-4);
  s = times(s, z, 8.33333333332249e-3);
  s = times(s, z, -1.6666666666666632e-1);
  return f64x2.add(f64x2.mul(f64x2.mul(s, z), r), r);
}

/** cos r − 1 */
@inline
function besideOne(r: v128): v128 {
  const z = f64x2.mul(r, r);
  let c = times(f64x2.splat(-1.1359647557788195e-11), z, 2.087572321298175e-9);
  c = times(c, z, -2.7557314351390663e-7);
  c = times(c, z, 2.480158728947673e-5);
  c = times(c, z, -1.388888888887411e-3);
  c = times(c, z, 4.16666666666666e-2);
  return f64x2.sub(f64x2.mul(f64x2.mul(c, z), z), f64x2.mul(f64x2.splat(0.5), z));
}

/** eˣ, that of math/elementary.ts. */
@inline
export function exponential(x: v128): v128 {
  const within = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-708)), f64x2.splat(709));
  const rounded = f64x2.add(f64x2.mul(within, f64x2.splat(1.4426950408889634)), f64x2.splat(ROUND));
  const k = f64x2.sub(rounded, f64x2.splat(ROUND));
  let r = f64x2.sub(within, f64x2.mul(k, f64x2.splat(6.931471803691238e-1)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  let p = times(f64x2.splat(1.6059043836821613e-10), r, 2.08767569878681e-9);
  p = times(p, r, 2.505210838544172e-8);
  p = times(p, r, 2.755731922398589e-7);
  p = times(p, r, 2.7557319223985893e-6);
  p = times(p, r, 2.48015873015873e-5);
  p = times(p, r, 1.984126984126984e-4);
  p = times(p, r, 1.388888888888889e-3);
  p = times(p, r, 8.333333333333333e-3);
  p = times(p, r, 4.1666666666666664e-2);
  p = times(p, r, 1.6666666666666666e-1);
  p = times(p, r, 0.5);
  p = f64x2.add(f64x2.add(f64x2.mul(f64x2.mul(p, r), r), r), f64x2.splat(1));
  const scaled = i64x2.add(p, i64x2.shl(rounded, 52));
  const positive = v128.andnot(scaled, f64x2.lt(x, f64x2.splat(-708)));
  return v128.bitselect(f64x2.splat(Infinity), positive, f64x2.gt(x, f64x2.splat(709)));
}

/** Where the series of near() does not reach: |x| > 1/16. */
@inline
export function isFar(x: v128): v128 {
  return f64x2.gt(f64x2.mul(x, x), f64x2.splat(0.00390625));
}

/** eˣ of small x: expNear() of math/elementary.ts. */
@inline
export function near(x: v128): v128 {
  const z = f64x2.mul(x, x);
  const zz = f64x2.mul(z, z);
  const first = f64x2.add(f64x2.add(f64x2.splat(1), x), f64x2.mul(z, line(0.5, 1.6666666666666666e-1, x)));
  const inner = f64x2.mul(z, line(1.388888888888889e-3, 1.984126984126984e-4, x));
  const second = f64x2.add(line(4.1666666666666664e-2, 8.333333333333333e-3, x), inner);
  const third = line(2.48015873015873e-5, 2.7557319223985893e-6, x);
  return f64x2.add(first, f64x2.mul(zz, f64x2.add(second, f64x2.mul(zz, third))));
}

/** a + bx */
@inline
function line(a: f64, b: f64, x: v128): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(f64x2.splat(b), x));
}
