/**
 * The sine transform in which −∂² between two walls is diagonal, on the centers of n cells (DST-II): by one complex Fourier
 * transform of the same length for the real and the imaginary part together (J. Makhoul, IEEE Trans. ASSP 28, 27,
 * 1980). With x′_j = (−1)^j x_j it is the cosine transform; place q of the result belongs to sin(π(n − q)(j + ½)/n).
 */
import { transform } from "../../math/fft.ts";

export type SineTransform = {
  /** C_q = Σ_j x_j sin(π(n − q)(j + ½)/n) of a line of n points, in place. */
  forward(re: Float64Array, im: Float64Array): void;
  /** n times its inverse. */
  back(re: Float64Array, im: Float64Array): void;
};

export function sineTransform(n: number): SineTransform {
  const fourier = transform(n);
  const scratch = new Float64Array(n);
  const cos = Float64Array.from({ length: n }, (_, q) => Math.cos((Math.PI * q) / (2 * n)));
  const sin = Float64Array.from({ length: n }, (_, q) => Math.sin((Math.PI * q) / (2 * n)));
  return {
    forward(re, im) {
      shuffle(re, scratch);
      shuffle(im, scratch);
      fourier.forward(re, im);
      untangle(re, im, cos, sin);
    },
    back(re, im) {
      entangle(re, im, cos, sin);
      fourier.forward(im, re);
      unshuffle(re, scratch);
      unshuffle(im, scratch);
    },
  };
}

/** x → v with v_m = x_{2m} from the left and v_{n−1−m} = −x_{2m+1} from the right. */
function shuffle(x: Float64Array, scratch: Float64Array): void {
  scratch.set(x);
  for (let j = 0, m = 0; j < x.length; j += 2, m++) x[m] = scratch[j];
  for (let j = 1, m = x.length - 1; j < x.length; j += 2, m--) x[m] = -scratch[j];
}

function unshuffle(x: Float64Array, scratch: Float64Array): void {
  scratch.set(x);
  for (let j = 0, m = 0; j < x.length; j += 2, m++) x[j] = scratch[m];
  for (let j = 1, m = x.length - 1; j < x.length; j += 2, m--) x[j] = -scratch[m];
}

/** V → C with C_q = ½(w_q V_q + w̄_q V_{n−q}), w_q = e^{−iπq/2n}; then C_{n−q} = ½i(w_q V_q − w̄_q V_{n−q}). */
function untangle(re: Float64Array, im: Float64Array, cos: Float64Array, sin: Float64Array): void {
  const n = re.length;
  for (let p = 1, q = n - 1; p < q; p++, q--) {
    const ur = cos[p] * re[p] + sin[p] * im[p];
    const ui = cos[p] * im[p] - sin[p] * re[p];
    const vr = cos[p] * re[q] - sin[p] * im[q];
    const vi = cos[p] * im[q] + sin[p] * re[q];
    re[p] = 0.5 * (ur + vr);
    im[p] = 0.5 * (ui + vi);
    re[q] = 0.5 * (vi - ui);
    im[q] = 0.5 * (ur - vr);
  }
  if (n % 2 === 0) scale(re, im, n / 2, Math.SQRT1_2);
}

/** C → V with V_q = w̄_q (C_q − iC_{n−q}) and V_{n−q} = w_q (C_q + iC_{n−q}). */
function entangle(re: Float64Array, im: Float64Array, cos: Float64Array, sin: Float64Array): void {
  const n = re.length;
  for (let p = 1, q = n - 1; p < q; p++, q--) {
    const ur = re[p] + im[q];
    const ui = im[p] - re[q];
    const vr = re[p] - im[q];
    const vi = im[p] + re[q];
    re[p] = cos[p] * ur - sin[p] * ui;
    im[p] = cos[p] * ui + sin[p] * ur;
    re[q] = cos[p] * vr + sin[p] * vi;
    im[q] = cos[p] * vi - sin[p] * vr;
  }
  if (n % 2 === 0) scale(re, im, n / 2, Math.SQRT2);
}

function scale(re: Float64Array, im: Float64Array, at: number, by: number): void {
  re[at] *= by;
  im[at] *= by;
}
