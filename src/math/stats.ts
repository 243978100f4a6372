/**
 * Statistics of independent values and of clouds: moments, quantiles, the Kolmogorov–Smirnov test and the bootstrap.
 * Where there are too few values for an answer, the answer is NaN. For values in sequence see series.ts.
 */
import { fold, integer, type Key } from "./rng.ts";
import { sum } from "./sum.ts";

/** Σ x_i / n. */
export function mean(values: Float64Array): number {
  return sum(values) / values.length;
}

/** Σ (x_i − x̄)² / (n − 1), in two passes with the rounding of the mean corrected (Chan, Golub, LeVeque, 1983). */
export function variance(values: Float64Array): number {
  const n = values.length;
  const center = mean(values);
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i] - center;
    squares += d * d;
    rest += d;
  }
  return n < 2 ? Number.NaN : (squares - (rest * rest) / n) / (n - 1);
}

/** The quantile of p in [0, 1], linear between order statistics (type 7 of Hyndman and Fan, 1996). */
export function quantile(values: Float64Array, p: number): number {
  return quantileSorted(values.slice().sort(), p);
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: Float64Array): number {
  return quantile(values, 0.5);
}

function quantileSorted(sorted: Float64Array, p: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const at = p * (n - 1);
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, n - 1)];
  // infinite values must not meet their difference
  return at === below || low === high ? low : Math.min(low + (at - below) * (high - low), high);
}

/** Ranks from 0 to 1; equal values share the mean of theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  // infinite values must not meet their difference
  const order = Array.from(values, (_, i) => i).sort((a, b) =>
    values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0,
  );
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    // one at least: what is not a number equals nothing
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) out[order[k]] = (from + to - 1) / 2 / Math.max(1, order.length - 1);
    from = to;
  }
  return out;
}

/** The mean of n points x [n × dim], row-major, written to `center` [dim]. */
export function centroid(x: Float64Array, n: number, dim: number, center: Float64Array): void {
  center.fill(0, 0, dim);
  for (let i = 0, row = 0; i < n; i++, row += dim) for (let j = 0; j < dim; j++) center[j] += x[row + j];
  for (let j = 0; j < dim; j++) center[j] /= n;
}

/** The covariance Σ (x_i − c)(x_i − c)ᵀ / (n − 1) of n points about their centroid c, written to `out` [dim × dim]. */
export function covariance(x: Float64Array, n: number, dim: number, center: Float64Array, out: Float64Array): void {
  out.fill(0, 0, dim * dim);
  for (let i = 0, row = 0; i < n; i++, row += dim)
    for (let j = 0; j < dim; j++) {
      const dj = x[row + j] - center[j];
      for (let k = 0; k <= j; k++) out[j * dim + k] += dj * (x[row + k] - center[k]);
    }
  for (let j = 0; j < dim; j++)
    for (let k = 0; k <= j; k++) {
      const c = n < 2 ? Number.NaN : out[j * dim + k] / (n - 1);
      out[j * dim + k] = c;
      out[k * dim + j] = c;
    }
}

/**
 * The two-sided Kolmogorov–Smirnov test of values against a continuous distribution: D = sup |F_n − F| and the
 * probability of a greater D by chance, from the limiting law with Stephens' correction (J. R. Stat. Soc. B 32, 115,
 * 1970), good to a per cent or so from ten values on.
 */
export function kolmogorovSmirnov(
  values: Float64Array,
  cdf: (x: number) => number,
): { readonly distance: number; readonly p: number } {
  const n = values.length;
  const sorted = values.slice().sort();
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const f = cdf(sorted[i]);
    distance = Math.max(distance, f - i / n, (i + 1) / n - f);
  }
  const root = Math.sqrt(n);
  return { distance, p: n === 0 ? Number.NaN : kolmogorovTail(distance * (root + 0.12 + 0.11 / root)) };
}

/** P(K > λ) = 2 Σ (−1)^{j−1} exp(−2 j² λ²) of Kolmogorov's law; for small λ by the dual theta series. */
export function kolmogorovTail(lambda: number): number {
  if (Number.isNaN(lambda)) return lambda;
  if (lambda <= 0) return 1;
  let total = 0;
  if (lambda < 1) {
    for (let j = 1; j <= 7; j += 2) total += Math.exp(-((j * Math.PI) ** 2) / (8 * lambda * lambda));
    return 1 - (Math.sqrt(2 * Math.PI) / lambda) * total;
  }
  for (let j = 1; j <= 5; j++) total += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * lambda * lambda);
  return total;
}

export type Bootstrap = {
  readonly estimate: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly error: number;
  readonly low: number;
  readonly high: number;
};

/**
 * A statistic with its percentile bootstrap interval (Efron, 1979). Resample r draws its values with
 * fold(key, r), so the answer depends on the key alone.
 * @param statistic of a sample as long as `values`; the array is borrowed for the call
 * @param level probability the interval is to hold, in (0, 1)
 */
export function bootstrap(
  values: Float64Array,
  statistic: (sample: Float64Array) => number,
  key: Key,
  resamples = 1000,
  level = 0.95,
): Bootstrap {
  const n = values.length;
  const sample = new Float64Array(n);
  const found = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    const draw = fold(key, r);
    for (let i = 0; i < n; i++) sample[i] = values[integer(draw, i, n)];
    found[r] = statistic(sample);
  }
  const error = Math.sqrt(variance(found));
  found.sort();
  sample.set(values);
  return {
    estimate: statistic(sample),
    error,
    low: quantileSorted(found, (1 - level) / 2),
    high: quantileSorted(found, (1 + level) / 2),
  };
}
