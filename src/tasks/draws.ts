/**
 * The draws of some chains and what they say: moments with their standard errors, what the draws are worth, whether the chains
 * have come together.
 */
import type { Points } from "../core/problem.ts";
import { effectiveDraws, ranked, type Series } from "../math/mixing.ts";
import { mean, variance } from "../math/stats.ts";

export type Draws = {
  readonly chains: number;
  readonly dim: number;
  /** Steps of a chain from one row to the next. */
  readonly every: number;
  /** Row by row, in each row chain by chain. */
  readonly x: Float64Array;
  /** ζ at them. */
  readonly value: Float64Array;
};

export type Moments = {
  readonly mean: readonly number[];
  /** One standard error of each mean. */
  readonly mcse: readonly number[];
  /** Null above so many dimensions that nobody reads it. */
  readonly covariance: readonly (readonly number[])[] | null;
  /** One standard error of each entry, from how it differs among chains; null for fewer than four. */
  readonly covarianceError: readonly (readonly number[])[] | null;
  /** What the draws are worth: of the ranks, for each coordinate. */
  readonly ess: readonly number[];
  /** Steps that a chain takes to forget, for the mean of each coordinate. */
  readonly autocorrelation: readonly number[];
  /** Split R-hat of ranks; null for one chain. */
  readonly rhat: readonly (number | null)[];
};

const LARGEST_COVARIANCE = 200;
const LEAST_CHAINS = 4;

/** How many rows there are. */
export function rowsOf({ x, chains, dim }: Draws): number {
  return x.length / (chains * dim);
}

/** Coordinate j as a series, chain after chain. */
export function coordinate({ x, chains, dim }: Draws, j: number): Series {
  const rows = x.length / (chains * dim);
  const values = new Float64Array(rows * chains);
  for (let c = 0; c < chains; c++)
    for (let r = 0, e = c * dim + j; r < rows; r++, e += chains * dim) values[c * rows + r] = x[e];
  return { values, chains };
}

/** ζ as a series, chain after chain. */
export function levels({ value, chains }: Draws): Series {
  return coordinate({ x: value, value, chains, dim: 1, every: 1 }, 0);
}

/** The draws from row `from` on; it borrows them. */
export function rowsFrom(draws: Draws, from: number): Draws {
  const { x, value, chains, dim } = draws;
  return { ...draws, x: x.subarray(from * chains * dim), value: value.subarray(from * chains) };
}

/**
 * How many rows at the start still belong to the warm-up: that which, left out, makes the rest worth most in the mean of ζ
 * (Chodera, J. Chem. Theory Comput. 12, 1799, 2016), at most half.
 */
export function warmRows(draws: Draws): number {
  const rows = rowsOf(draws);
  let [best, most] = [0, 0];
  for (let share = 0; share <= 10; share++) {
    const from = Math.floor((share * rows) / 20);
    const worth = effectiveDraws(levels(rowsFrom(draws, from)));
    // a gain by chance is no warm-up
    if (!(worth > 1.1 * most)) continue;
    [best, most] = [from, worth];
  }
  return best;
}

export function momentsOf(draws: Draws): Moments {
  const { chains, dim, every } = draws;
  const total = rowsOf(draws) * chains;
  const means: number[] = [];
  const [mcse, ess, autocorrelation]: number[][] = [[], [], []];
  const rhat: (number | null)[] = [];
  for (let j = 0; j < dim; j++) {
    const series = coordinate(draws, j);
    const worth = effectiveDraws(series);
    means.push(mean(series.values));
    mcse.push(Math.sqrt(variance(series.values) / worth));
    const { rhat: r, bulk } = ranked(series);
    ess.push(bulk);
    autocorrelation.push((every * total) / worth);
    rhat.push(chains > 1 ? r : null);
  }
  return { mean: means, mcse, ...covariances(draws, means), ess, autocorrelation, rhat };
}

function covariances(draws: Draws, center: readonly number[]): Pick<Moments, "covariance" | "covarianceError"> {
  const { x, chains, dim } = draws;
  if (dim > LARGEST_COVARIANCE) return { covariance: null, covarianceError: null };
  const rows = rowsOf(draws);
  // Σ (x_i − m_i)(x_j − m_j) of each chain
  const sums = new Float64Array(chains * dim * dim);
  for (let row = 0, e = 0; row < rows; row++)
    for (let c = 0; c < chains; c++, e += dim)
      for (let i = 0; i < dim; i++) {
        const from = x[e + i] - center[i];
        const at = (c * dim + i) * dim;
        for (let j = 0; j <= i; j++) sums[at + j] += from * (x[e + j] - center[j]);
      }
  const entry = (i: number, j: number): Float64Array =>
    Float64Array.from({ length: chains }, (_, c) => sums[(c * dim + Math.max(i, j)) * dim + Math.min(i, j)]);
  const square = (of: (products: Float64Array) => number): number[][] =>
    Array.from({ length: dim }, (_, i) => Array.from({ length: dim }, (_, j) => of(entry(i, j))));
  const n = rows * chains;
  return {
    covariance: square((products) => (mean(products) * chains) / (n - 1)),
    covarianceError: chains < LEAST_CHAINS ? null : square((products) => Math.sqrt(variance(products) / chains) / rows),
  };
}

/** About n of the draws, as far apart as they can be: rows evenly spaced, all chains of each. */
export function thinned(draws: Draws, n: number): Points {
  const { x, chains, dim } = draws;
  const rows = rowsOf(draws);
  const wanted = Math.min(rows, Math.ceil(n / chains));
  const out = new Float64Array(Math.min(n, wanted * chains) * dim);
  for (let k = 0; k < wanted; k++) {
    const row = Math.floor(((k + 0.5) * rows) / wanted);
    const room = out.length - k * chains * dim;
    out.set(x.subarray(row * chains * dim, row * chains * dim + Math.min(chains * dim, room)), k * chains * dim);
  }
  return { n: out.length / dim, dim, x: out };
}
