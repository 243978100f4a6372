/**
 * Transforms along an axis whose neighbors lie apart: 16 neighboring columns at once, packed as elements of 16 real
 * parts and 16 imaginary parts. Forward by decimation in frequency, back by decimation in time, both in place: momentum
 * stays in the order in which the recursion leaves it, and nothing is ever sorted. The innermost pass forward, the
 * factor of momentum and the innermost pass back are one, in registers.
 */
import { im, imTurned, re, reTurned } from "./complex";

/** Columns of a strip. */
export const WIDTH: i32 = 32;
/** Bytes of an element. */
export const ELEMENT: usize = 512;
/** Bytes from the real parts of an element to its imaginary parts. */
export const IM: usize = 256;
/** Bytes of a complex factor. */
const FACTOR: usize = 16;
/** Bytes of the roots of unity of one butterfly: w, w², w³. */
const ROOTS: usize = 48;

export const FORWARD: i32 = 1;
export const BACK: i32 = 2;
export const ROUND: i32 = 3;

/**
 * The transform of n = 2^k elements at `at`, forward, back, or both with the factors between them, the product of one
 * of the element and one of the column. Factors f are held as f − 1: see factor.ts.
 * @param roots w, w², w³ with w = exp(−2πij/n) for j < n/4, then the same for n/4, …
 */
export function strip(at: usize, n: i32, roots: usize, mode: i32, along: usize, across: usize): void {
  if (n <= 4) {
    innermost(at, n, 1, mode, along, across);
    return;
  }
  const quarter = n >> 2;
  if (mode & FORWARD) forwardPass(at, quarter, roots);
  if (quarter <= 4) {
    innermost(at, quarter, 4, mode, along, across);
  } else {
    const inner = roots + <usize>quarter * ROOTS;
    const bytes = <usize>quarter * ELEMENT;
    const factors = <usize>quarter * FACTOR;
    for (let r: usize = 0; r < 4; r++) strip(at + r * bytes, quarter, inner, mode, along + r * factors, across);
  }
  if (mode & BACK) backPass(at, quarter, roots);
}

/** `blocks` transforms of n = 4, 2 or 1 elements, one after another. */
function innermost(at: usize, n: i32, blocks: i32, mode: i32, along: usize, across: usize): void {
  for (let block = 0; block < blocks; block++) {
    if (n == 4) {
      if (mode == ROUND) round4(at, along, across);
      else if (mode == FORWARD) forward4(at);
      else back4(at);
    } else if (n == 2) {
      if (mode == ROUND) round2(at, along, across);
      else both2(at);
    } else if (mode == ROUND) round1(at, along, across);
    at += <usize>n * ELEMENT;
    along += <usize>n * FACTOR;
  }
}

function forwardPass(at: usize, quarter: i32, roots: usize): void {
  const step = <usize>quarter * ELEMENT;
  for (let j = 0; j < quarter; j++, roots += ROOTS, at += ELEMENT) {
    const ur = v128.load64_splat(roots);
    const ui = v128.load64_splat(roots, 8);
    const vr = v128.load64_splat(roots, 16);
    const vi = v128.load64_splat(roots, 24);
    const wr = v128.load64_splat(roots, 32);
    const wi = v128.load64_splat(roots, 40);
    for (let a = at, end = at + IM; a < end; a += 16) {
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const ar = v128.load(a);
      const ai = v128.load(a, IM);
      const cr = v128.load(c);
      const ci = v128.load(c, IM);
      const pr = f64x2.add(ar, cr);
      const pi = f64x2.add(ai, ci);
      const mr = f64x2.sub(ar, cr);
      const mi = f64x2.sub(ai, ci);
      const br = v128.load(b);
      const bi = v128.load(b, IM);
      const dr = v128.load(d);
      const di = v128.load(d, IM);
      const qr = f64x2.add(br, dr);
      const qi = f64x2.add(bi, di);
      const nr = f64x2.sub(br, dr);
      const ni = f64x2.sub(bi, di);
      v128.store(a, f64x2.add(pr, qr));
      v128.store(a, f64x2.add(pi, qi), IM);
      const yr = f64x2.sub(pr, qr);
      const yi = f64x2.sub(pi, qi);
      v128.store(c, re(yr, yi, vr, vi));
      v128.store(c, im(yr, yi, vr, vi), IM);
      const xr = f64x2.add(mr, ni);
      const xi = f64x2.sub(mi, nr);
      v128.store(b, re(xr, xi, ur, ui));
      v128.store(b, im(xr, xi, ur, ui), IM);
      const zr = f64x2.sub(mr, ni);
      const zi = f64x2.add(mi, nr);
      v128.store(d, re(zr, zi, wr, wi));
      v128.store(d, im(zr, zi, wr, wi), IM);
    }
  }
}

function backPass(at: usize, quarter: i32, roots: usize): void {
  const step = <usize>quarter * ELEMENT;
  for (let j = 0; j < quarter; j++, roots += ROOTS, at += ELEMENT) {
    const ur = v128.load64_splat(roots);
    const ui = v128.load64_splat(roots, 8);
    const vr = v128.load64_splat(roots, 16);
    const vi = v128.load64_splat(roots, 24);
    const wr = v128.load64_splat(roots, 32);
    const wi = v128.load64_splat(roots, 40);
    for (let a = at, end = at + IM; a < end; a += 16) {
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const ar = v128.load(a);
      const ai = v128.load(a, IM);
      const cr = v128.load(c);
      const ci = v128.load(c, IM);
      const yr = reTurned(cr, ci, vr, vi);
      const yi = imTurned(cr, ci, vr, vi);
      const pr = f64x2.add(ar, yr);
      const pi = f64x2.add(ai, yi);
      const mr = f64x2.sub(ar, yr);
      const mi = f64x2.sub(ai, yi);
      const br = v128.load(b);
      const bi = v128.load(b, IM);
      const dr = v128.load(d);
      const di = v128.load(d, IM);
      const xr = reTurned(br, bi, ur, ui);
      const xi = imTurned(br, bi, ur, ui);
      const zr = reTurned(dr, di, wr, wi);
      const zi = imTurned(dr, di, wr, wi);
      const qr = f64x2.add(xr, zr);
      const qi = f64x2.add(xi, zi);
      const nr = f64x2.sub(xr, zr);
      const ni = f64x2.sub(xi, zi);
      v128.store(a, f64x2.add(pr, qr));
      v128.store(a, f64x2.add(pi, qi), IM);
      v128.store(b, f64x2.sub(mr, ni));
      v128.store(b, f64x2.add(mi, nr), IM);
      v128.store(c, f64x2.sub(pr, qr));
      v128.store(c, f64x2.sub(pi, qi), IM);
      v128.store(d, f64x2.add(mr, ni));
      v128.store(d, f64x2.sub(mi, nr), IM);
    }
  }
}

function forward4(a: usize): void {
  for (const end = a + IM; a < end; a += 16) {
    const ar = v128.load(a);
    const ai = v128.load(a, IM);
    const br = v128.load(a, ELEMENT);
    const bi = v128.load(a, ELEMENT + IM);
    const cr = v128.load(a, 2 * ELEMENT);
    const ci = v128.load(a, 2 * ELEMENT + IM);
    const dr = v128.load(a, 3 * ELEMENT);
    const di = v128.load(a, 3 * ELEMENT + IM);
    const pr = f64x2.add(ar, cr);
    const pi = f64x2.add(ai, ci);
    const mr = f64x2.sub(ar, cr);
    const mi = f64x2.sub(ai, ci);
    const qr = f64x2.add(br, dr);
    const qi = f64x2.add(bi, di);
    const nr = f64x2.sub(br, dr);
    const ni = f64x2.sub(bi, di);
    v128.store(a, f64x2.add(pr, qr));
    v128.store(a, f64x2.add(pi, qi), IM);
    v128.store(a, f64x2.add(mr, ni), ELEMENT);
    v128.store(a, f64x2.sub(mi, nr), ELEMENT + IM);
    v128.store(a, f64x2.sub(pr, qr), 2 * ELEMENT);
    v128.store(a, f64x2.sub(pi, qi), 2 * ELEMENT + IM);
    v128.store(a, f64x2.sub(mr, ni), 3 * ELEMENT);
    v128.store(a, f64x2.add(mi, nr), 3 * ELEMENT + IM);
  }
}

function back4(a: usize): void {
  for (const end = a + IM; a < end; a += 16) {
    const ar = v128.load(a);
    const ai = v128.load(a, IM);
    const br = v128.load(a, ELEMENT);
    const bi = v128.load(a, ELEMENT + IM);
    const cr = v128.load(a, 2 * ELEMENT);
    const ci = v128.load(a, 2 * ELEMENT + IM);
    const dr = v128.load(a, 3 * ELEMENT);
    const di = v128.load(a, 3 * ELEMENT + IM);
    const pr = f64x2.add(ar, cr);
    const pi = f64x2.add(ai, ci);
    const mr = f64x2.sub(ar, cr);
    const mi = f64x2.sub(ai, ci);
    const qr = f64x2.add(br, dr);
    const qi = f64x2.add(bi, di);
    const nr = f64x2.sub(br, dr);
    const ni = f64x2.sub(bi, di);
    v128.store(a, f64x2.add(pr, qr));
    v128.store(a, f64x2.add(pi, qi), IM);
    v128.store(a, f64x2.sub(mr, ni), ELEMENT);
    v128.store(a, f64x2.add(mi, nr), ELEMENT + IM);
    v128.store(a, f64x2.sub(pr, qr), 2 * ELEMENT);
    v128.store(a, f64x2.sub(pi, qi), 2 * ELEMENT + IM);
    v128.store(a, f64x2.add(mr, ni), 3 * ELEMENT);
    v128.store(a, f64x2.sub(mi, nr), 3 * ELEMENT + IM);
  }
}

/** Forward, the factors, and back. */
function round4(a: usize, along: usize, across: usize): void {
  for (const end = a + IM; a < end; a += 16, across += 16) {
    let ar = v128.load(a);
    let ai = v128.load(a, IM);
    let br = v128.load(a, ELEMENT);
    let bi = v128.load(a, ELEMENT + IM);
    let cr = v128.load(a, 2 * ELEMENT);
    let ci = v128.load(a, 2 * ELEMENT + IM);
    let dr = v128.load(a, 3 * ELEMENT);
    let di = v128.load(a, 3 * ELEMENT + IM);
    const gr = v128.load(across);
    const gi = v128.load(across, IM);
    let pr = f64x2.add(ar, cr);
    let pi = f64x2.add(ai, ci);
    let mr = f64x2.sub(ar, cr);
    let mi = f64x2.sub(ai, ci);
    let qr = f64x2.add(br, dr);
    let qi = f64x2.add(bi, di);
    let nr = f64x2.sub(br, dr);
    let ni = f64x2.sub(bi, di);
    ar = f64x2.add(pr, qr);
    ai = f64x2.add(pi, qi);
    br = f64x2.add(mr, ni);
    bi = f64x2.sub(mi, nr);
    cr = f64x2.sub(pr, qr);
    ci = f64x2.sub(pi, qi);
    dr = f64x2.sub(mr, ni);
    di = f64x2.add(mi, nr);
    pr = factorRe(along, gr, gi);
    pi = factorIm(along, gr, gi);
    mr = re(ar, ai, pr, pi);
    ai = f64x2.add(ai, im(ar, ai, pr, pi));
    ar = f64x2.add(ar, mr);
    pr = factorRe(along + FACTOR, gr, gi);
    pi = factorIm(along + FACTOR, gr, gi);
    mr = re(br, bi, pr, pi);
    bi = f64x2.add(bi, im(br, bi, pr, pi));
    br = f64x2.add(br, mr);
    pr = factorRe(along + 2 * FACTOR, gr, gi);
    pi = factorIm(along + 2 * FACTOR, gr, gi);
    mr = re(cr, ci, pr, pi);
    ci = f64x2.add(ci, im(cr, ci, pr, pi));
    cr = f64x2.add(cr, mr);
    pr = factorRe(along + 3 * FACTOR, gr, gi);
    pi = factorIm(along + 3 * FACTOR, gr, gi);
    mr = re(dr, di, pr, pi);
    di = f64x2.add(di, im(dr, di, pr, pi));
    dr = f64x2.add(dr, mr);
    pr = f64x2.add(ar, cr);
    pi = f64x2.add(ai, ci);
    mr = f64x2.sub(ar, cr);
    mi = f64x2.sub(ai, ci);
    qr = f64x2.add(br, dr);
    qi = f64x2.add(bi, di);
    nr = f64x2.sub(br, dr);
    ni = f64x2.sub(bi, di);
    v128.store(a, f64x2.add(pr, qr));
    v128.store(a, f64x2.add(pi, qi), IM);
    v128.store(a, f64x2.sub(mr, ni), ELEMENT);
    v128.store(a, f64x2.add(mi, nr), ELEMENT + IM);
    v128.store(a, f64x2.sub(pr, qr), 2 * ELEMENT);
    v128.store(a, f64x2.sub(pi, qi), 2 * ELEMENT + IM);
    v128.store(a, f64x2.add(mr, ni), 3 * ELEMENT);
    v128.store(a, f64x2.sub(mi, nr), 3 * ELEMENT + IM);
  }
}

function both2(a: usize): void {
  for (const end = a + ELEMENT; a < end; a += 16) {
    const x = v128.load(a);
    const y = v128.load(a, ELEMENT);
    v128.store(a, f64x2.add(x, y));
    v128.store(a, f64x2.sub(x, y), ELEMENT);
  }
}

function round2(a: usize, along: usize, across: usize): void {
  for (const end = a + IM; a < end; a += 16, across += 16) {
    const ar = v128.load(a);
    const ai = v128.load(a, IM);
    const br = v128.load(a, ELEMENT);
    const bi = v128.load(a, ELEMENT + IM);
    const gr = v128.load(across);
    const gi = v128.load(across, IM);
    const pr = f64x2.add(ar, br);
    const pi = f64x2.add(ai, bi);
    const mr = f64x2.sub(ar, br);
    const mi = f64x2.sub(ai, bi);
    const ur = factorRe(along, gr, gi);
    const ui = factorIm(along, gr, gi);
    const vr = factorRe(along + FACTOR, gr, gi);
    const vi = factorIm(along + FACTOR, gr, gi);
    const xr = f64x2.add(pr, re(pr, pi, ur, ui));
    const xi = f64x2.add(pi, im(pr, pi, ur, ui));
    const yr = f64x2.add(mr, re(mr, mi, vr, vi));
    const yi = f64x2.add(mi, im(mr, mi, vr, vi));
    v128.store(a, f64x2.add(xr, yr));
    v128.store(a, f64x2.add(xi, yi), IM);
    v128.store(a, f64x2.sub(xr, yr), ELEMENT);
    v128.store(a, f64x2.sub(xi, yi), ELEMENT + IM);
  }
}

function round1(a: usize, along: usize, across: usize): void {
  for (const end = a + IM; a < end; a += 16, across += 16) {
    const ar = v128.load(a);
    const ai = v128.load(a, IM);
    const gr = v128.load(across);
    const gi = v128.load(across, IM);
    const fr = factorRe(along, gr, gi);
    const fi = factorIm(along, gr, gi);
    v128.store(a, f64x2.add(ar, re(ar, ai, fr, fi)));
    v128.store(a, f64x2.add(ai, im(ar, ai, fr, fi)), IM);
  }
}

/** (1 + a)(1 + g) − 1 = a + g + ag */
@inline
function factorRe(along: usize, gr: v128, gi: v128): v128 {
  const ar = v128.load64_splat(along);
  return f64x2.add(f64x2.add(ar, gr), re(ar, v128.load64_splat(along, 8), gr, gi));
}

@inline
function factorIm(along: usize, gr: v128, gi: v128): v128 {
  const ai = v128.load64_splat(along, 8);
  return f64x2.add(f64x2.add(ai, gi), im(v128.load64_splat(along), ai, gr, gi));
}
