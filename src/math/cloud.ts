/**
 * What a step does to a cloud of walkers: the Gaussian kick of diffusion (9)(10), the weights of the potential factor with
 * their Softmax (23), and systematic resampling. Here stand the contract of the kernel and its plain twin, the reference.
 * Both give the same bits: sums go in the blocks of sum.ts, the exponential is that of elementary.ts.
 */
import { exp, expNear } from "./elementary.ts";
import { fillNormal, type Key, normal } from "./rng.ts";
import { BLOCK } from "./sum.ts";

export type CloudKernel = {
  readonly backend: "wasm" | "plain";
  /** out[i] = normal(key, start + i), bit for bit. */
  normals(key: Key, out: Float64Array, start?: number): void;
  /** x_e ← x_e + length_j · normal(key, e) for every element e of axis j = e mod dim; lengths are √(2DΔτ). */
  kick(x: Float64Array, lengths: Float64Array, key: Key): void;
  /**
   * w_i ← w_i e^{−sζ_i} / λ with λ = Σ w_i e^{−sζ_i}, safe at any magnitude; ζ may be +∞.
   * @returns ln λ; −∞ where ζ is +∞ at every walker, whose weights then stay
   */
  weigh(weight: Float64Array, value: Float64Array, s: number): number;
  /** Weighs walkers that may die and be born, and says which. */
  branch(given: Branching): Branched;
  /**
   * Systematic resampling to equal weights: walker i leaves as many copies as marks (u + m)/n, m = 0 … n − 1, fall on its
   * share of the weights, which sum to 1. A walker that lives keeps its slot; the others' slots are filled in order.
   * @param u uniform in [0, 1)
   * @param parent for each slot the walker that stands there afterwards
   */
  resample(weight: Float64Array, u: number, parent: Int32Array): void;
};

/**
 * Weights w_i = s_i exp(Δτ (E_T − ½(a_i + b_i))) of walkers whose local energies were a and are b, and their offspring: as
 * many as marks u, u + 1, u + 2 … fall on its weight when all are laid end to end, w_i on average.
 */
export type Branching = {
  /** a of each walker; its length says how many there are. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** s, where some may not survive. */
  readonly survival?: Float64Array | undefined;
  readonly dt: number;
  readonly trial: number;
  /** Uniform in [0, 1). */
  readonly u: number;
  /** Where w of each walker is written, if anybody reads it. */
  readonly weight?: Float64Array | undefined;
  /** The walkers without offspring, ascending; no shorter than `before`. */
  readonly dead: Int32Array;
  /** Each walker as often as it has offspring beyond the first, as far as there is room. */
  readonly born: Int32Array;
};

export type Branched = {
  /** Σ w */
  readonly total: number;
  readonly dead: number;
  readonly born: number;
  /** Exponents that were cut to the top. */
  readonly clipped: number;
  /** Births for which there was no room. */
  readonly dropped: number;
};

/** The largest exponent: more than e² copies in a step tell of a Δτ that is too large. */
export const TOP = 2;
/** Offspring beyond the first that a walker can have at most. */
export const MOST_BORN = 8;

/** The plain twin. */
export const plainCloud: CloudKernel = {
  backend: "plain",
  normals: fillNormal,
  kick(x, lengths, key) {
    const dim = lengths.length;
    for (let j = 0; j < dim; j++) for (let e = j; e < x.length; e += dim) x[e] += lengths[j] * normal(key, e);
  },
  weigh(weight, value, s) {
    const top = greatestExponent(weight, value, s);
    if (top === Number.NEGATIVE_INFINITY) return top;
    let total = 0;
    for (let start = 0; start < weight.length; start += BLOCK) {
      const end = Math.min(start + BLOCK, weight.length);
      let partial = 0;
      for (let i = start; i < end; i++) {
        const exponent = -s * value[i];
        weight[i] *= exponent >= top ? 1 : exp(exponent - top);
        partial += weight[i];
      }
      total += partial;
    }
    return normalize(weight, total, top);
  },
  branch({ before, after, survival, dt, trial, u, weight, dead, born }) {
    let [total, marks, noDead, noBorn, clipped, dropped] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < before.length; i++) {
      const exponent = dt * (trial - 0.5 * (before[i] + after[i]));
      if (exponent > TOP) clipped++;
      const w = expNear(exponent > TOP ? TOP : exponent) * (survival?.[i] ?? 1);
      if (weight !== undefined) weight[i] = w;
      total += w;
      const next = Math.max(Math.ceil(total - u), 0);
      const copies = next - marks;
      marks = next;
      if (copies === 0) dead[noDead++] = i;
      for (let k = 1; k < copies; k++)
        if (noBorn < born.length) born[noBorn++] = i;
        else dropped++;
    }
    return { total, dead: noDead, born: noBorn, clipped, dropped };
  },
  resample(weight, u, parent) {
    const n = weight.length;
    let cumulated = 0;
    let before = 0;
    for (let i = 0; i < n; i++) {
      cumulated += weight[i] * n;
      const after = Math.min(Math.max(Math.ceil(cumulated - u), 0), n);
      parent[i] = after - before;
      before = after;
    }
    settle(weight, parent);
  },
};

/** The greatest −sζ_i of the walkers that weigh anything. */
export function greatestExponent(weight: Float64Array, value: Float64Array, s: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < weight.length; i++) if (weight[i] > 0 && -s * value[i] > top) top = -s * value[i];
  return top;
}

/** Divides the weights by their total; the logarithm of the total times e^top. */
export function normalize(weight: Float64Array, total: number, top: number): number {
  for (let i = 0; i < weight.length; i++) weight[i] /= total;
  return top + Math.log(total);
}

/** Turns numbers of offspring into parents, in place; what rounding left over goes to the last walker that weighs anything. */
export function settle(weight: Float64Array, parent: Int32Array): void {
  const n = weight.length;
  const offspring = parent.slice();
  let left = n;
  let last = 0;
  for (let i = 0; i < n; i++) {
    left -= offspring[i];
    if (weight[i] > 0) last = i;
  }
  offspring[last] += left;
  let spare = 0;
  for (let i = 0; i < n; i++) {
    parent[i] = i;
    if (offspring[i] > 0) continue;
    while (offspring[spare] <= 1) spare++;
    offspring[spare]--;
    parent[i] = spare;
  }
}
