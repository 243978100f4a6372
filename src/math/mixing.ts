/**
 * Whether Markov chains have come together, and what their draws are worth: split R-hat of ranks and the effective size of
 * Vehtari, Gelman, Simpson, Carpenter and Bürkner (Bayesian Analysis 16, 667, 2021) with Geyer's initial monotone
 * sequence (Statist. Sci. 7, 473, 1992). A series holds m chains of equal length, one after another.
 */
import { type Transform, transform } from "./fft.ts";
import { mean, variance } from "./stats.ts";

/** Several chains one after another: chain c is values[c · n … (c + 1) · n − 1] with n = length / chains. */
export type Series = { readonly values: Float64Array; readonly chains: number };

/** Shorter halves tell nothing. */
const LEAST = 4;

/** Each chain as its first and its last half; of an odd length the middle value is left out. */
export function halved({ values, chains }: Series): Series {
  const n = Math.floor(values.length / chains);
  const half = Math.floor(n / 2);
  const out = new Float64Array(2 * chains * half);
  for (let c = 0; c < chains; c++) {
    out.set(values.subarray(c * n, c * n + half), 2 * c * half);
    out.set(values.subarray((c + 1) * n - half, (c + 1) * n), (2 * c + 1) * half);
  }
  return { values: out, chains: 2 * chains };
}

/** √(var⁺/W) of the halves of chains: 1 where all have the same law. NaN where they are too short. */
export function splitRhat(series: Series): number {
  const { within, pooled } = variances(halved(series));
  if (Number.isNaN(pooled)) return Number.NaN;
  return pooled === 0 ? 1 : Math.sqrt(pooled / within);
}

/** What ranks say of some chains. */
export type Ranked = {
  /**
   * The greater of the split R-hats of the ranks of the values (are the chains in the same place?) and of the ranks of their
   * distances from the median (are they as wide?). NaN for a single chain: halves of one chain cannot tell.
   */
  readonly rhat: number;
  /** The effective draws of the ranks: of the bulk of any law, also one without a variance. */
  readonly bulk: number;
};

export function ranked(series: Series): Ranked {
  const sorted = series.values.slice().sort();
  const ranks = rankNormalized(series, sorted);
  if (series.chains < 2) return { rhat: Number.NaN, bulk: effectiveDraws(ranks) };
  const rhat = Math.max(splitRhat(ranks), splitRhat(rankNormalized(folded(series, sorted))));
  return { rhat, bulk: effectiveDraws(ranks) };
}

/** What correlated draws are worth for their mean: m n / τ with τ = 1 + 2 Σ ρ_t over all chains. NaN where they are too short. */
export function effectiveDraws(series: Series): number {
  const split = halved(series);
  const { values, chains } = split;
  const n = values.length / chains;
  const total = values.length;
  const { within, pooled } = variances(split);
  if (Number.isNaN(pooled)) return Number.NaN;
  if (pooled === 0) return total;
  const covariance = meanAutocovariance(values, chains);
  const rho = (t: number): number => 1 - (within - (covariance[t] * n) / (n - 1)) / pooled;
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let t = 0; t + 1 < n; t += 2) {
    const pair = (t === 0 ? 1 : rho(t)) + rho(t + 1);
    if (!(pair > 0)) break;
    least = Math.min(least, pair);
    sum += least;
  }
  // antithetic chains are worth more than independent draws, but not without end
  return Math.min(total / Math.max(2 * sum - 1, 1e-300), total * Math.log10(total));
}

/** Values replaced by the normal quantile of (rank − 3/8) / (S + 1/4), equal ones by that of their mean rank. */
export function rankNormalized({ values, chains }: Series, sorted = values.slice().sort()): Series {
  const size = values.length + 0.25;
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const v = values[i];
    // a chain that stays repeats itself
    if (i > 0 && v === values[i - 1]) out[i] = out[i - 1];
    else {
      const below = countBelow(sorted, v);
      let upTo = below + 1;
      while (sorted[upTo] === v) upTo++;
      out[i] = normalQuantile(((below + 1 + upTo) / 2 - 0.375) / size);
    }
  }
  return { values: out, chains };
}

function folded({ values, chains }: Series, sorted: Float64Array): Series {
  const middle = sorted.length >> 1;
  const center = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { values: values.map((v) => Math.abs(v - center)), chains };
}

/** How many of the sorted values are below v. */
function countBelow(sorted: Float64Array, v: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] >= v) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** W, the mean variance within chains, and var⁺ = W (n − 1)/n + B/n. */
function variances({ values, chains }: Series): { readonly within: number; readonly pooled: number } {
  const n = values.length / chains;
  if (n < LEAST) return { within: Number.NaN, pooled: Number.NaN };
  const means = new Float64Array(chains);
  let within = 0;
  for (let c = 0; c < chains; c++) {
    const chain = values.subarray(c * n, (c + 1) * n);
    means[c] = mean(chain);
    within += variance(chain) / chains;
  }
  return { within, pooled: (within * (n - 1)) / n + variance(means) };
}

let fourier: Transform | undefined;

/** The mean over chains of Σ_i (x_i − x̄)(x_{i+t} − x̄)/n for every lag t, by Fourier transforms, two chains in each. */
function meanAutocovariance(values: Float64Array, chains: number): Float64Array {
  const n = values.length / chains;
  const size = 2 ** Math.ceil(Math.log2(2 * n));
  if (fourier?.n !== size) fourier = transform(size);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const power = new Float64Array(size);
  const load = (c: number, into: Float64Array): void => {
    into.fill(0);
    if (c >= chains) return;
    const chain = values.subarray(c * n, (c + 1) * n);
    const center = mean(chain);
    for (let i = 0; i < n; i++) into[i] = chain[i] - center;
  };
  for (let c = 0; c < chains; c += 2) {
    load(c, re);
    load(c + 1, im);
    fourier.forward(re, im);
    for (let k = 0; k < size; k++) power[k] += re[k] * re[k] + im[k] * im[k];
  }
  // |F(a + ib)|² holds |Fa|² + |Fb|² in its even part, which is all that a real result takes
  im.fill(0);
  fourier.forward(im, power);
  return power.subarray(0, n).map((v) => v / (size * n * chains));
}

const CENTER = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
] as const;
const CENTER_BELOW = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
] as const;
const SIDE = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
] as const;
const SIDE_BELOW = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
] as const;
const TAIL = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
] as const;
const TAIL_BELOW = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
] as const;

/** Φ⁻¹(p) to about 1e-15 of itself, by the rational functions of Wichura (Appl. Statist. 37, 477, 1988). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTER, CENTER_BELOW, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? ratio(SIDE, SIDE_BELOW, r - 1.6) : ratio(TAIL, TAIL_BELOW, r - 5);
  return q < 0 ? -z : z;
}

function ratio(above: readonly number[], below: readonly number[], x: number): number {
  let [a, b] = [0, 0];
  for (let k = above.length - 1; k >= 0; k--) {
    a = a * x + above[k];
    b = b * x + below[k];
  }
  return a / b;
}
