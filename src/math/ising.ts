/**
 * Ising problems: the energy E(s) = Σ_{i<j} J_ij s_i s_j + Σ_i h_i s_i + c of spins s_i = ±1, and the local fields
 * g_i = ∂E/∂s_i by which the flip of one spin is judged, ΔE = −2 s_i g_i, at the cost of its neighbors. The same problem
 * in bits x = (1 + s)/2 is a QUBO, xᵀQx.
 */
import { median } from "./stats.ts";

/** Neighbors of spin i stand at first[i] … first[i + 1] − 1 of `neighbor` and `coupling`, so that each pair stands twice. */
export type Ising = {
  readonly n: number;
  readonly fields: Float64Array;
  readonly first: Int32Array;
  readonly neighbor: Int32Array;
  readonly coupling: Float64Array;
  readonly constant: number;
};

/** A pair of spins or bits, counted from 0, with its coefficient. */
export type Pair = readonly [i: number, j: number, value: number];

/**
 * The Ising problem of some pairs: J_ij from those with i ≠ j, h_i from those with i = j; what stands twice is summed.
 * @param n spins; each index lies below it
 */
export function ising(n: number, pairs: readonly Pair[], constant = 0): Ising {
  const fields = new Float64Array(n);
  const sums = new Map<number, number>();
  for (const [i, j, value] of pairs) {
    if (i === j) fields[i] += value;
    else {
      const at = Math.min(i, j) * n + Math.max(i, j);
      sums.set(at, (sums.get(at) ?? 0) + value);
    }
  }
  const first = new Int32Array(n + 1);
  for (const at of sums.keys()) {
    first[Math.floor(at / n) + 1]++;
    first[(at % n) + 1]++;
  }
  for (let i = 0; i < n; i++) first[i + 1] += first[i];
  const next = first.slice();
  const neighbor = new Int32Array(2 * sums.size);
  const coupling = new Float64Array(2 * sums.size);
  const join = (i: number, j: number, value: number): void => {
    neighbor[next[i]] = j;
    coupling[next[i]++] = value;
  };
  for (const [at, value] of sums) {
    join(Math.floor(at / n), at % n, value);
    join(at % n, Math.floor(at / n), value);
  }
  return { n, fields, first, neighbor, coupling, constant };
}

/** The Ising problem of Σ Q_ij x_i x_j + constant over the pairs given, in the spins s = 2x − 1. */
export function isingOfQubo(n: number, pairs: readonly Pair[], constant = 0): Ising {
  let rest = constant;
  const spins: Pair[] = [];
  for (const [i, j, value] of pairs) {
    if (i === j) {
      spins.push([i, i, value / 2]);
      rest += value / 2;
    } else {
      spins.push([i, j, value / 4], [i, i, value / 4], [j, j, value / 4]);
      rest += value / 4;
    }
  }
  return ising(n, spins, rest);
}

/** The same problem in bits: E = Σ_{i≤j} Q_ij x_i x_j + constant with x = (1 + s)/2. */
export function quboOfIsing(problem: Ising): { readonly pairs: readonly Pair[]; readonly constant: number } {
  const diagonal = problem.fields.map((h) => 2 * h);
  let constant = problem.constant - problem.fields.reduce((sum, h) => sum + h, 0);
  const pairs: Pair[] = [];
  for (const [i, j, value] of couplingsOf(problem)) {
    pairs.push([i, j, 4 * value]);
    diagonal[i] -= 2 * value;
    diagonal[j] -= 2 * value;
    constant += value;
  }
  diagonal.forEach((value, i) => {
    if (value !== 0) pairs.push([i, i, value]);
  });
  return { pairs, constant };
}

/** Each coupled pair once, i < j. */
export function couplingsOf({ n, first, neighbor, coupling }: Ising): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i < n; i++)
    for (let e = first[i]; e < first[i + 1]; e++) if (neighbor[e] > i) pairs.push([i, neighbor[e], coupling[e]]);
  return pairs;
}

/** g_i = h_i + Σ_j J_ij s_j of every spin, written into `out`. */
export function localFields({ n, fields, first, neighbor, coupling }: Ising, s: Float64Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let g = fields[i];
    for (let e = first[i]; e < first[i + 1]; e++) g += coupling[e] * s[neighbor[e]];
    out[i] = g;
  }
}

/** E(s), of spins s_i = ±1. */
export function isingEnergy({ n, fields, first, neighbor, coupling, constant }: Ising, s: Float64Array): number {
  let pairs = 0;
  let single = 0;
  for (let i = 0; i < n; i++) {
    let g = 0;
    for (let e = first[i]; e < first[i + 1]; e++) g += coupling[e] * s[neighbor[e]];
    pairs += s[i] * g;
    single += s[i] * fields[i];
  }
  return pairs / 2 + single + constant;
}

/** Flips spin i and keeps the local fields g of the others true. */
export function flip({ first, neighbor, coupling }: Ising, s: Float64Array, g: Float64Array, i: number): void {
  s[i] = -s[i];
  const twice = 2 * s[i];
  for (let e = first[i]; e < first[i + 1]; e++) g[neighbor[e]] += twice * coupling[e];
}

/**
 * The units of temperatures and transverse fields: √⟨g_i²⟩ over the others at random, its root mean square over the spins
 * that feel anything, and its median, which a few that feel far more leave as it is; 1 where none does.
 */
export function fieldScales({ n, fields, first, coupling }: Ising): { readonly mean: number; readonly middle: number } {
  const felt: number[] = [];
  for (let i = 0; i < n; i++) {
    const scale = length([fields[i], ...coupling.subarray(first[i], first[i + 1])]);
    if (scale > 0) felt.push(scale);
  }
  if (felt.length === 0) return { mean: 1, middle: 1 };
  return { mean: length(felt) / Math.sqrt(felt.length), middle: median(Float64Array.from(felt)) };
}

/** √Σv², safe at any magnitude and for any number of them. */
function length(values: readonly number[]): number {
  const unit = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return unit > 0 ? unit * Math.sqrt(values.reduce((sum, v) => sum + (v / unit) ** 2, 0)) : 0;
}
