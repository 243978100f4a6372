/**
 * Discrete Fourier transforms of any length, X_k = Σ_j x_j exp(−2πijk/n): the plain twin of the kernels and their
 * reference. Self-sorting (Stockham, in the form of Temperton 1983), by factors of four and two and then by the other
 * primes of n, of which large ones cost their square. The transform back is the one forward with real and imaginary
 * parts exchanged, over n.
 */
import { turn } from "./elementary.ts";

export type Transform = {
  readonly n: number;
  /** Forward, in place, of the n points at `at`, `at + stride`, …; with `re` and `im` exchanged it is n times back. */
  forward(re: Float64Array, im: Float64Array, at?: number, stride?: number): void;
};

/** The frequency at each place of a transform: 0, 1, … below n/2, then −n/2 (where n is even), … −1. */
export function frequencies(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (2 * i < n ? i : i - n));
}

/** The wave numbers 2πf/length of the frequencies of a periodic axis of n points. */
export function wavenumbers(n: number, length: number): Float64Array {
  return frequencies(n).map((f) => (2 * Math.PI * f) / length);
}

/**
 * exp(−2πij/n) for j < n as pairs of real and imaginary part, to an ulp and, of such numbers, nearest to the unit circle:
 * what |w|² lacks of 1 is lost by every transform alike, and 10⁴ steps of an evolution would show it.
 */
export function roots(n: number): Float64Array {
  const w = new Float64Array(2 * n);
  const turned = new Float64Array(3);
  for (let j = 0; j < n; j++) {
    const quarter = Math.round((4 * j) / n);
    turn((-2 * Math.PI * (j - n * quarter * 0.25)) / n, turned);
    const [re, im] = onCircle(turned[0], turned[1]);
    // a quarter turn is exact
    w[2 * j] = [re, im, -re, -im][quarter % 4];
    w[2 * j + 1] = [im, -re, -im, re][quarter % 4];
  }
  return w;
}

/** Of (c, s) and its neighbors in the last place the one whose square is nearest to 1. */
function onCircle(c: number, s: number): readonly [number, number] {
  let best: readonly [number, number] = [c, s];
  let least = Math.abs(excess(c, s));
  for (const near of [c, c - c * HALF_ULP, c + c * HALF_ULP]) {
    for (const at of [s, s - s * HALF_ULP, s + s * HALF_ULP]) {
      const off = Math.abs(excess(near, at));
      if (off < least) {
        least = off;
        best = [near, at];
      }
    }
  }
  return best;
}

const HALF_ULP = 2 ** -53;

/** c² + s² − 1 without rounding, for numbers not above 1. */
function excess(c: number, s: number): number {
  const [large, small] = Math.abs(c) > Math.abs(s) ? [c, s] : [s, c];
  const [p, pLow] = square(large);
  const [q, qLow] = square(small);
  return p - 1 + q + (pLow + qLow);
}

/** x² as the nearest number and the rest (Dekker 1971). */
function square(x: number): readonly [number, number] {
  const scaled = x * (2 ** 27 + 1);
  const high = scaled - (scaled - x);
  const low = x - high;
  const nearest = x * x;
  return [nearest, high * high - nearest + 2 * high * low + low * low];
}

/** A line of numbers in split parts. */
type Line = { re: Float64Array; im: Float64Array };
/** One pass: transforms of `radix` points, `blocks` of them times `inner` neighbors, the outcome turned. */
type Pass = { readonly radix: number; readonly blocks: number; readonly inner: number };

/** A transform of n ≥ 1 points. */
export function transform(n: number): Transform {
  const passes = passesOf(n);
  const w = roots(n);
  const line = (): Line => ({ re: new Float64Array(n), im: new Float64Array(n) });
  let x = line();
  let y = line();
  return {
    n,
    forward(re, im, at = 0, stride = 1) {
      for (let j = 0, i = at; j < n; j++, i += stride) {
        x.re[j] = re[i];
        x.im[j] = im[i];
      }
      for (const pass of passes) {
        if (pass.radix === 4) byFour(pass, x, y, w);
        else byAny(pass, x, y, w);
        [x, y] = [y, x];
      }
      for (let j = 0, i = at; j < n; j++, i += stride) {
        re[i] = x.re[j];
        im[i] = x.im[j];
      }
    },
  };
}

function passesOf(n: number): Pass[] {
  const passes: Pass[] = [];
  let rest = n;
  for (let radix = 4; rest > 1; ) {
    if (rest % radix === 0) {
      passes.push({ radix, blocks: rest / radix, inner: n / rest });
      rest /= radix;
    } else {
      radix = radix === 4 ? 2 : radix === 2 ? 3 : radix * radix > rest ? rest : radix + 2;
    }
  }
  return passes;
}

function byFour({ blocks, inner }: Pass, x: Line, y: Line, w: Float64Array): void {
  const { re, im } = x;
  const quarter = blocks * inner;
  for (let p = 0; p < blocks; p++) {
    // w_l^p of the length l = 4·blocks is w_n^(p·inner)
    const [u, v, t] = [2 * p * inner, 4 * p * inner, 6 * p * inner];
    for (let q = 0; q < inner; q++) {
      const a = p * inner + q;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const pr = re[a] + re[c];
      const pi = im[a] + im[c];
      const mr = re[a] - re[c];
      const mi = im[a] - im[c];
      const qr = re[b] + re[d];
      const qi = im[b] + im[d];
      const nr = re[b] - re[d];
      const ni = im[b] - im[d];
      const to = 4 * p * inner + q;
      y.re[to] = pr + qr;
      y.im[to] = pi + qi;
      put(y, to + inner, mr + ni, mi - nr, w, u);
      put(y, to + 2 * inner, pr - qr, pi - qi, w, v);
      put(y, to + 3 * inner, mr - ni, mi + nr, w, t);
    }
  }
}

function byAny({ radix, blocks, inner }: Pass, x: Line, y: Line, w: Float64Array): void {
  const n = radix * blocks * inner;
  const part = blocks * inner;
  for (let p = 0; p < blocks; p++) {
    for (let q = 0; q < inner; q++) {
      for (let k = 0; k < radix; k++) {
        let re = 0;
        let im = 0;
        for (let t = 0; t < radix; t++) {
          const from = p * inner + q + t * part;
          const at = 2 * (((t * k) % radix) * part);
          re += x.re[from] * w[at] - x.im[from] * w[at + 1];
          im += x.re[from] * w[at + 1] + x.im[from] * w[at];
        }
        put(y, (radix * p + k) * inner + q, re, im, w, 2 * ((p * k * inner) % n));
      }
    }
  }
}

/** y_at ← (re + i·im)·w */
function put(y: Line, at: number, re: number, im: number, w: Float64Array, root: number): void {
  y.re[at] = re * w[root] - im * w[root + 1];
  y.im[at] = re * w[root + 1] + im * w[root];
}
