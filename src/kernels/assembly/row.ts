/**
 * Transforms along the axis whose neighbors are adjacent in memory: one row at once, two neighbors in a vector. The
 * passes are those of the strips; the innermost, where neighbors meet, takes four or eight at once and leaves momentum in
 * an order of its own, which saves half of the shuffles.
 */
import { im, imTurned, re, reTurned } from "./complex";
import { BACK, FORWARD } from "./strip";

/** Bytes of the roots of unity of two butterflies: w, w², w³. */
const ROOTS: usize = 96;
/** Rows up to this length stay in the nearest cache from pass to pass. */
const NEAR: i32 = 2048;

/**
 * The transform of the n = 2^k ≥ 8 points at `at`, forward or back.
 * @param far bytes from the real parts to the imaginary parts
 * @param roots w, w², w³ with w = exp(−2πij/n) for pairs of j < n/4, then the same for n/4, … down to 8
 */
export function row(at: usize, far: usize, n: i32, roots: usize, mode: i32): void {
  if (n > NEAR) {
    const quarter = n >> 2;
    const inner = roots + <usize>(quarter >> 1) * ROOTS;
    if (mode == FORWARD) forwardPass(at, far, n, n, roots);
    for (let r = 0; r < 4; r++) row(at + <usize>(r * quarter) * 8, far, quarter, inner, mode);
    if (mode == BACK) backPass(at, far, n, n, roots);
    return;
  }
  let length = n;
  if (mode == FORWARD) {
    for (; length > 8; length >>= 2) {
      forwardPass(at, far, n, length, roots);
      roots += <usize>(length >> 3) * ROOTS;
    }
    if (length == 8) forward8(at, far, n, roots);
    else forward4(at, far, n);
  } else {
    for (; length > 8; length >>= 2) roots += <usize>(length >> 3) * ROOTS;
    if (length == 8) back8(at, far, n, roots);
    else back4(at, far, n);
    while (length < n) {
      length <<= 2;
      roots -= <usize>(length >> 3) * ROOTS;
      backPass(at, far, n, length, roots);
    }
  }
}

function forwardPass(at: usize, far: usize, n: i32, length: i32, roots: usize): void {
  const step = <usize>length * 2;
  const block = <usize>length * 8;
  const end = at + <usize>n * 8;
  for (const stop = at + step; at < stop; at += 16, roots += ROOTS) {
    const ur = v128.load(roots);
    const ui = v128.load(roots, 16);
    const vr = v128.load(roots, 32);
    const vi = v128.load(roots, 48);
    const wr = v128.load(roots, 64);
    const wi = v128.load(roots, 80);
    for (let a = at; a < end; a += block) {
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const ar = v128.load(a);
      const ai = v128.load(a + far);
      const cr = v128.load(c);
      const ci = v128.load(c + far);
      const pr = f64x2.add(ar, cr);
      const pi = f64x2.add(ai, ci);
      const mr = f64x2.sub(ar, cr);
      const mi = f64x2.sub(ai, ci);
      const br = v128.load(b);
      const bi = v128.load(b + far);
      const dr = v128.load(d);
      const di = v128.load(d + far);
      const qr = f64x2.add(br, dr);
      const qi = f64x2.add(bi, di);
      const nr = f64x2.sub(br, dr);
      const ni = f64x2.sub(bi, di);
      v128.store(a, f64x2.add(pr, qr));
      v128.store(a + far, f64x2.add(pi, qi));
      const yr = f64x2.sub(pr, qr);
      const yi = f64x2.sub(pi, qi);
      v128.store(c, re(yr, yi, vr, vi));
      v128.store(c + far, im(yr, yi, vr, vi));
      const xr = f64x2.add(mr, ni);
      const xi = f64x2.sub(mi, nr);
      v128.store(b, re(xr, xi, ur, ui));
      v128.store(b + far, im(xr, xi, ur, ui));
      const zr = f64x2.sub(mr, ni);
      const zi = f64x2.add(mi, nr);
      v128.store(d, re(zr, zi, wr, wi));
      v128.store(d + far, im(zr, zi, wr, wi));
    }
  }
}

function backPass(at: usize, far: usize, n: i32, length: i32, roots: usize): void {
  const step = <usize>length * 2;
  const block = <usize>length * 8;
  const end = at + <usize>n * 8;
  for (const stop = at + step; at < stop; at += 16, roots += ROOTS) {
    const ur = v128.load(roots);
    const ui = v128.load(roots, 16);
    const vr = v128.load(roots, 32);
    const vi = v128.load(roots, 48);
    const wr = v128.load(roots, 64);
    const wi = v128.load(roots, 80);
    for (let a = at; a < end; a += block) {
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const ar = v128.load(a);
      const ai = v128.load(a + far);
      const cr = v128.load(c);
      const ci = v128.load(c + far);
      const yr = reTurned(cr, ci, vr, vi);
      const yi = imTurned(cr, ci, vr, vi);
      const pr = f64x2.add(ar, yr);
      const pi = f64x2.add(ai, yi);
      const mr = f64x2.sub(ar, yr);
      const mi = f64x2.sub(ai, yi);
      const br = v128.load(b);
      const bi = v128.load(b + far);
      const dr = v128.load(d);
      const di = v128.load(d + far);
      const xr = reTurned(br, bi, ur, ui);
      const xi = imTurned(br, bi, ur, ui);
      const zr = reTurned(dr, di, wr, wi);
      const zi = imTurned(dr, di, wr, wi);
      const qr = f64x2.add(xr, zr);
      const qi = f64x2.add(xi, zi);
      const nr = f64x2.sub(xr, zr);
      const ni = f64x2.sub(xi, zi);
      v128.store(a, f64x2.add(pr, qr));
      v128.store(a + far, f64x2.add(pi, qi));
      v128.store(b, f64x2.sub(mr, ni));
      v128.store(b + far, f64x2.add(mi, nr));
      v128.store(c, f64x2.sub(pr, qr));
      v128.store(c + far, f64x2.sub(pi, qi));
      v128.store(d, f64x2.add(mr, ni));
      v128.store(d + far, f64x2.sub(mi, nr));
    }
  }
}

/** Two transforms of four points: in the order of memory before, side by side after. */
function forward4(at: usize, far: usize, n: i32): void {
  for (const end = at + <usize>n * 8; at < end; at += 64) {
    const to = at + far;
    let x = v128.load(at);
    let y = v128.load(at, 32);
    const ar = v128.shuffle<f64>(x, y, 0, 2);
    const br = v128.shuffle<f64>(x, y, 1, 3);
    x = v128.load(at, 16);
    y = v128.load(at, 48);
    const cr = v128.shuffle<f64>(x, y, 0, 2);
    const dr = v128.shuffle<f64>(x, y, 1, 3);
    x = v128.load(to);
    y = v128.load(to, 32);
    const ai = v128.shuffle<f64>(x, y, 0, 2);
    const bi = v128.shuffle<f64>(x, y, 1, 3);
    x = v128.load(to, 16);
    y = v128.load(to, 48);
    const ci = v128.shuffle<f64>(x, y, 0, 2);
    const di = v128.shuffle<f64>(x, y, 1, 3);
    const pr = f64x2.add(ar, cr);
    const pi = f64x2.add(ai, ci);
    const mr = f64x2.sub(ar, cr);
    const mi = f64x2.sub(ai, ci);
    const qr = f64x2.add(br, dr);
    const qi = f64x2.add(bi, di);
    const nr = f64x2.sub(br, dr);
    const ni = f64x2.sub(bi, di);
    v128.store(at, f64x2.add(pr, qr));
    v128.store(at, f64x2.add(mr, ni), 16);
    v128.store(at, f64x2.sub(pr, qr), 32);
    v128.store(at, f64x2.sub(mr, ni), 48);
    v128.store(to, f64x2.add(pi, qi));
    v128.store(to, f64x2.sub(mi, nr), 16);
    v128.store(to, f64x2.sub(pi, qi), 32);
    v128.store(to, f64x2.add(mi, nr), 48);
  }
}

function back4(at: usize, far: usize, n: i32): void {
  for (const end = at + <usize>n * 8; at < end; at += 64) {
    const to = at + far;
    const ar = v128.load(at);
    const br = v128.load(at, 16);
    const cr = v128.load(at, 32);
    const dr = v128.load(at, 48);
    const ai = v128.load(to);
    const bi = v128.load(to, 16);
    const ci = v128.load(to, 32);
    const di = v128.load(to, 48);
    const pr = f64x2.add(ar, cr);
    const pi = f64x2.add(ai, ci);
    const mr = f64x2.sub(ar, cr);
    const mi = f64x2.sub(ai, ci);
    const qr = f64x2.add(br, dr);
    const qi = f64x2.add(bi, di);
    const nr = f64x2.sub(br, dr);
    const ni = f64x2.sub(bi, di);
    let x = f64x2.add(pr, qr);
    let y = f64x2.sub(mr, ni);
    v128.store(at, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(at, v128.shuffle<f64>(x, y, 1, 3), 32);
    x = f64x2.sub(pr, qr);
    y = f64x2.add(mr, ni);
    v128.store(at, v128.shuffle<f64>(x, y, 0, 2), 16);
    v128.store(at, v128.shuffle<f64>(x, y, 1, 3), 48);
    x = f64x2.add(pi, qi);
    y = f64x2.add(mi, nr);
    v128.store(to, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(to, v128.shuffle<f64>(x, y, 1, 3), 32);
    x = f64x2.sub(pi, qi);
    y = f64x2.sub(mi, nr);
    v128.store(to, v128.shuffle<f64>(x, y, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(x, y, 1, 3), 48);
  }
}

/** A transform of eight points: by four between vectors, then by two within them. */
function forward8(at: usize, far: usize, n: i32, roots: usize): void {
  const ur = v128.load(roots);
  const ui = v128.load(roots, 16);
  const vr = v128.load(roots, 32);
  const vi = v128.load(roots, 48);
  const wr = v128.load(roots, 64);
  const wi = v128.load(roots, 80);
  for (const end = at + <usize>n * 8; at < end; at += 64) {
    const to = at + far;
    const ar = v128.load(at);
    const br = v128.load(at, 16);
    const cr = v128.load(at, 32);
    const dr = v128.load(at, 48);
    const ai = v128.load(to);
    const bi = v128.load(to, 16);
    const ci = v128.load(to, 32);
    const di = v128.load(to, 48);
    const pr = f64x2.add(ar, cr);
    const pi = f64x2.add(ai, ci);
    const mr = f64x2.sub(ar, cr);
    const mi = f64x2.sub(ai, ci);
    const qr = f64x2.add(br, dr);
    const qi = f64x2.add(bi, di);
    const nr = f64x2.sub(br, dr);
    const ni = f64x2.sub(bi, di);
    const xr = f64x2.add(mr, ni);
    const xi = f64x2.sub(mi, nr);
    storePair(at, f64x2.add(pr, qr), re(xr, xi, ur, ui));
    storePair(to, f64x2.add(pi, qi), im(xr, xi, ur, ui));
    const yr = f64x2.sub(pr, qr);
    const yi = f64x2.sub(pi, qi);
    const zr = f64x2.sub(mr, ni);
    const zi = f64x2.add(mi, nr);
    storePair(at + 32, re(yr, yi, vr, vi), re(zr, zi, wr, wi));
    storePair(to + 32, im(yr, yi, vr, vi), im(zr, zi, wr, wi));
  }
}

@inline
function storePair(at: usize, x: v128, y: v128): void {
  const first = v128.shuffle<f64>(x, y, 0, 2);
  const second = v128.shuffle<f64>(x, y, 1, 3);
  v128.store(at, f64x2.add(first, second));
  v128.store(at, f64x2.sub(first, second), 16);
}

function back8(at: usize, far: usize, n: i32, roots: usize): void {
  const ur = v128.load(roots);
  const ui = v128.load(roots, 16);
  const vr = v128.load(roots, 32);
  const vi = v128.load(roots, 48);
  const wr = v128.load(roots, 64);
  const wi = v128.load(roots, 80);
  for (const end = at + <usize>n * 8; at < end; at += 64) {
    const to = at + far;
    let s = v128.load(at);
    let t = v128.load(at, 16);
    let x = f64x2.add(s, t);
    let y = f64x2.sub(s, t);
    const ar = v128.shuffle<f64>(x, y, 0, 2);
    const fr = v128.shuffle<f64>(x, y, 1, 3);
    s = v128.load(to);
    t = v128.load(to, 16);
    x = f64x2.add(s, t);
    y = f64x2.sub(s, t);
    const ai = v128.shuffle<f64>(x, y, 0, 2);
    const fi = v128.shuffle<f64>(x, y, 1, 3);
    s = v128.load(at, 32);
    t = v128.load(at, 48);
    x = f64x2.add(s, t);
    y = f64x2.sub(s, t);
    const gr = v128.shuffle<f64>(x, y, 0, 2);
    const hr = v128.shuffle<f64>(x, y, 1, 3);
    s = v128.load(to, 32);
    t = v128.load(to, 48);
    x = f64x2.add(s, t);
    y = f64x2.sub(s, t);
    const gi = v128.shuffle<f64>(x, y, 0, 2);
    const hi = v128.shuffle<f64>(x, y, 1, 3);
    const xr = reTurned(fr, fi, ur, ui);
    const xi = imTurned(fr, fi, ur, ui);
    const yr = reTurned(gr, gi, vr, vi);
    const yi = imTurned(gr, gi, vr, vi);
    const zr = reTurned(hr, hi, wr, wi);
    const zi = imTurned(hr, hi, wr, wi);
    const pr = f64x2.add(ar, yr);
    const pi = f64x2.add(ai, yi);
    const mr = f64x2.sub(ar, yr);
    const mi = f64x2.sub(ai, yi);
    const qr = f64x2.add(xr, zr);
    const qi = f64x2.add(xi, zi);
    const nr = f64x2.sub(xr, zr);
    const ni = f64x2.sub(xi, zi);
    v128.store(at, f64x2.add(pr, qr));
    v128.store(at, f64x2.sub(mr, ni), 16);
    v128.store(at, f64x2.sub(pr, qr), 32);
    v128.store(at, f64x2.add(mr, ni), 48);
    v128.store(to, f64x2.add(pi, qi));
    v128.store(to, f64x2.add(mi, nr), 16);
    v128.store(to, f64x2.sub(pi, qi), 32);
    v128.store(to, f64x2.sub(mi, nr), 48);
  }
}
