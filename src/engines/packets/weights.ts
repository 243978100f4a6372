/**
 * The constants of a wide packet: what each rank of ζ is worth, and the rates at which the packet's moments follow.
 * They depend on the dimension and the number of samples alone. N. Hansen, "The CMA evolution strategy: a tutorial",
 * arXiv:1604.00772, its defaults for recombination weights, learning rates and damping.
 */

export type Constants = {
  readonly dim: number;
  /** Samples of one generation. */
  readonly lambda: number;
  /** Ranks that attract. */
  readonly mu: number;
  /** w_i of rank i, best first: positive ones sum to 1, then negative ones. */
  readonly w: Float64Array;
  /** Their sum over all ranks. */
  readonly sumW: number;
  /** Variance-effective number of attracting samples, 1 / Σ⁺ w². */
  readonly muEff: number;
  /** Rate and damping of σ: the friction of the momentum p_σ and how strongly σ answers to its length. */
  readonly cSigma: number;
  readonly dSigma: number;
  /** Friction of the momentum p_c. */
  readonly cC: number;
  /** Rates of the kinetic term p_c p_cᵀ and of the ζ term in C. */
  readonly c1: number;
  readonly cMu: number;
  /** E ‖N(0, I)‖. */
  readonly chi: number;
  /** Generations between two decompositions of C. */
  readonly gap: number;
};

/** λ₀ = max(8, 4 + ⌊3 ln d⌋), the least samples that carry a packet: with six it loses its way in a rugged plane. */
export function leastSamples(dim: number): number {
  return Math.max(8, 4 + Math.floor(3 * Math.log(dim)));
}

/**
 * How much of C may be new before it is decomposed again, (c₁ + c_μ) · gap ≤ STALE: each decomposition costs O(d³)
 * where a sample costs O(d²).
 */
const STALE = 0.05;

/**
 * The constants for `lambda` ≥ 4 samples in `dim` ≥ 1 dimensions.
 * @param aligned C is diagonal: d numbers are learnt (d + 2)/3 times faster than d (d + 1)/2
 */
export function constants(dim: number, lambda: number, aligned = false): Constants {
  const w = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const mu = w.filter((v) => v > 0).length;
  const muEff = effective(w.subarray(0, mu));
  const muMinus = effective(w.subarray(mu));

  const cSigma = (muEff + 2) / (dim + muEff + 5);
  const dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (dim + 1)) - 1) + cSigma;
  const cC = (4 + muEff / dim) / (dim + 4 + (2 * muEff) / dim);
  const haste = aligned ? (dim + 2) / 3 : 1;
  const c1 = (haste * 2) / ((dim + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (haste * 2 * (muEff - 1.75 + 1 / muEff)) / ((dim + 2) ** 2 + muEff));

  // the negative weights may neither outweigh the positive ones nor cost C its positive definiteness
  const repulsion = Math.min(1 + c1 / cMu, 1 + (2 * muMinus) / (muEff + 2), (1 - c1 - cMu) / (dim * cMu));
  normalize(w.subarray(0, mu), 1);
  normalize(w.subarray(mu), Math.max(0, repulsion));

  return {
    dim,
    lambda,
    mu,
    w,
    sumW: total(w),
    muEff,
    cSigma,
    dSigma,
    cC,
    c1,
    cMu,
    chi: Math.sqrt(dim) * (1 - 1 / (4 * dim) + 1 / (21 * dim * dim)),
    gap: aligned ? 1 : Math.max(1, Math.floor(STALE / (c1 + cMu))),
  };
}

/** (Σ w)² / Σ w² */
function effective(w: Float64Array): number {
  return total(w) ** 2 / total(w.map((v) => v * v));
}

/** Scales w so that Σ |w| = size. */
function normalize(w: Float64Array, size: number): void {
  const scale = size / total(w.map(Math.abs));
  for (let i = 0; i < w.length; i++) w[i] *= scale;
}

function total(w: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += w[i];
  return sum;
}
