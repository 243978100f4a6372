/**
 * Error bars of correlated series, such as the energy along a run: Flyvbjerg and Petersen's blocking (J. Chem. Phys.
 * 91, 461, 1989) and the integrated autocorrelation time. Both say NaN where the series is too short to tell,
 * rather than an error bar that is too small.
 */
import { mean, variance } from "./stats.ts";

export type Blocked = {
  readonly mean: number;
  /** Standard error of the mean; NaN where the series is too short to tell. */
  readonly error: number;
  /** Standard error of `error` itself: error / √(2 (blocks − 1)). */
  readonly spread: number;
  /** Values in a block, and blocks, at the plateau; NaN where there is none. */
  readonly block: number;
  readonly blocks: number;
};

/** With fewer blocks an error bar is itself uncertain by more than a quarter. */
const LEAST_BLOCKS = 8;

/**
 * The mean of a series with its blocked standard error. Neighbors are averaged pairwise over and over; the naive
 * error s_b of blocks of b = 1, 2, 4 … values grows until b exceeds the correlation, then stays. The plateau is the
 * least b with b³ > 2 n (s_b / s_1)⁴, which balances the bias left against the noise gained (Wolff, Comput. Phys.
 * Commun. 156, 143, 2004; Lee et al., Phys. Rev. E 83, 066706, 2011), with at least 8 blocks.
 */
export function blocked(series: Float64Array): Blocked {
  const length = series.length;
  const average = mean(series);
  const level = series.slice();
  let first = 0;
  for (let block = 1, blocks = length; blocks >= LEAST_BLOCKS; block *= 2, blocks >>= 1) {
    const error = Math.sqrt(variance(level.subarray(0, blocks)) / blocks);
    if (block === 1) first = error;
    // a constant series: 0 / 0, and nothing to wait for
    const growth = first === 0 ? 0 : error / first;
    if (block ** 3 > 2 * length * growth ** 4)
      return { mean: average, error, spread: error / Math.sqrt(2 * (blocks - 1)), block, blocks };
    for (let i = 0; i < blocks >> 1; i++) level[i] = 0.5 * (level[2 * i] + level[2 * i + 1]);
  }
  return { mean: average, error: Number.NaN, spread: Number.NaN, block: Number.NaN, blocks: Number.NaN };
}

/** Values that are averaged before the cut is sought, and the largest share that may be cut off. */
const BATCH = 5;
const MOST_CUT = 0.5;

/**
 * Where a series has come to rest: the number of values to cut off so that the standard error of the mean of the rest,
 * √(Σ(x − x̄)²)/m over m batches of five, is least (MSER-5: White, Simulation 69, 323, 1997). At most half is cut off.
 */
export function equilibrated(series: Float64Array): number {
  const batches = Math.floor(series.length / BATCH);
  let [count, center, squares] = [0, 0, 0];
  let [best, cut] = [Number.POSITIVE_INFINITY, 0];
  // from the end on, the sums of the rest grow by one batch at a time
  for (let b = batches - 1; b >= 0; b--) {
    let value = 0;
    for (let i = 0; i < BATCH; i++) value += series[b * BATCH + i] / BATCH;
    count++;
    const from = value - center;
    center += from / count;
    squares += from * (value - center);
    const score = squares / count ** 2;
    if (b <= MOST_CUT * batches && score <= best) [best, cut] = [score, b * BATCH];
  }
  return cut;
}

/** How far out the autocorrelation is summed, and the length needed, both in units of the time itself. */
const WINDOW = 5;
const LEAST_TIMES = 50;

/**
 * The integrated autocorrelation time τ = 1 + 2 Σ_t ρ(t), in steps: n correlated values are worth n / τ. The sum ends
 * at the first t ≥ 5 τ (Sokal, 1989), so it costs 5 n τ. NaN where the series is shorter than 50 τ or does not vary.
 */
export function autocorrelationTime(series: Float64Array): number {
  const n = series.length;
  const center = mean(series);
  const at0 = autocovariance(series, center, 0);
  if (!(at0 > 0)) return Number.NaN;
  let tau = 1;
  for (let t = 1; n >= LEAST_TIMES * tau; t++) {
    tau += (2 * autocovariance(series, center, t)) / at0;
    if (t >= WINDOW * tau) return tau;
  }
  return Number.NaN;
}

function autocovariance(series: Float64Array, center: number, lag: number): number {
  let s = 0;
  for (let i = lag; i < series.length; i++) s += (series[i] - center) * (series[i - lag] - center);
  return s / series.length;
}
