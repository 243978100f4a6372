/**
 * A harmonic well fitted to a path: f + gᵀs + ½ sᵀKs with P = K⁻¹, both learnt from steps s and the changes y of the
 * slope along them (BFGS; damped where too little positive curvature was seen: M. Powell, 1978; J. Nocedal, S. Wright,
 * "Numerical Optimization", 2nd ed., chapters 6 and 18). Its ground state is N(x − Pg, √(D/2) K^{−½}).
 *
 * A packet is often born where ζ is stiff, and a first guess of K is one number for all axes. A well that proves softer
 * along a step than it was taken for is therefore softened as a whole before it is bent, K ← K sᵀy / sᵀKs (S. Oren,
 * D. Luenberger, Management Science 20, 845, 1974; downwards only: M. Al-Baali, Comput. Optim. Appl. 9, 191, 1998).
 * The last slopes see the curvature along the well's own directions (whitened.ts), and it is reshaped as they say.
 */
import { cholesky, dot, matVec, norm, rankOne, solveCholesky } from "../../math/linalg.ts";
import { blankThin, learnPair, makeRound, type Thin, thinGroundOn } from "./thin.ts";

export type Well = {
  /** K and P [d × d]; without numbers where the well is thin. */
  stiffness: Float64Array;
  inverse: Float64Array;
  thin: Thin | null;
};

/** The least share of sᵀKs that sᵀy is taken for. */
const DAMPED = 0.1;
/** A well is softened where a step saw less than this share of its stiffness, and by no more than the second at once. */
const SOFTER = 0.5;
const SOFTEST = 1e-3;
/** By so much a direction of the well is stiffened or softened at once where its curvature was seen. */
const RESHAPED = 10;

/** @param thin whether only the last steps are remembered, which do not damp what they learn */
export function blankWell(dim: number, thin = false): Well {
  const size = thin ? 0 : dim * dim;
  return {
    stiffness: new Float64Array(size),
    inverse: new Float64Array(size),
    thin: thin ? blankThin(dim) : null,
  };
}

/** K = diag(k), each k_i > 0; that of the first axis for all where the well is thin. */
export function makeDiagonal({ stiffness, inverse, thin }: Well, k: (axis: number) => number, dim: number): void {
  if (thin !== null) {
    makeRound(thin, k(0));
    return;
  }
  stiffness.fill(0);
  inverse.fill(0);
  for (let i = 0, e = 0; i < dim; i++, e += dim + 1) {
    stiffness[e] = k(i);
    inverse[e] = 1 / stiffness[e];
  }
}

/**
 * Where the ground state of the well lies with the held axes at rest, s_f = −(K_ff)⁻¹ g_f on the others, f: as
 * s = −P (g + λ) with forces λ on the held axes that keep them, P_hh λ_h = −(P g)_h where g_h = 0.
 */
export function groundOn({ inverse, thin }: Well, held: Uint8Array, gradient: Float64Array, s: Float64Array): void {
  if (thin !== null) {
    thinGroundOn(thin, held, gradient, s);
    return;
  }
  const dim = s.length;
  const axes = Array.from(held.keys()).filter((i) => held[i] === 1);
  const free = axes.length === 0 ? gradient : gradient.map((g, i) => (held[i] === 0 ? g : 0));
  matVec(inverse, dim, dim, free, s);
  for (let i = 0; i < dim; i++) s[i] = -s[i];
  if (axes.length === 0) return;
  const n = axes.length;
  const force = Float64Array.from(axes, (i) => s[i]);
  const own = Float64Array.from({ length: n * n }, (_, e) => inverse[axes[Math.floor(e / n)] * dim + axes[e % n]]);
  if (cholesky(own, n)) solveCholesky(own, n, force);
  else force.fill(0);
  for (let i = 0, row = 0; i < dim; i++, row += dim)
    if (held[i] === 1) s[i] = 0;
    else for (let h = 0; h < n; h++) s[i] -= inverse[row + axes[h]] * force[h];
}

/** Softens the well as a whole where it is more than twice as stiff along s as the change y of the slope says. `ks` is scratch. */
export function soften({ stiffness, inverse, thin }: Well, s: Float64Array, y: Float64Array, ks: Float64Array): void {
  // which is as soft as its newest step in any case
  if (thin !== null) return;
  matVec(stiffness, s.length, s.length, s, ks);
  const share = dot(s, y) / dot(s, ks);
  if (!(share > 0 && share < SOFTER)) return;
  const factor = Math.max(SOFTEST, share);
  for (let e = 0; e < stiffness.length; e++) {
    stiffness[e] *= factor;
    inverse[e] /= factor;
  }
}

/**
 * Takes in a step s and the change y of the slope along it; where it saw too little positive curvature it counts for as
 * much as it saw (`damped`) or for nothing. `ks` and `py` are scratch.
 */
export function bend(
  { stiffness, inverse, thin }: Well,
  s: Float64Array,
  y: Float64Array,
  damped: boolean,
  ks: Float64Array,
  py: Float64Array,
): void {
  if (thin !== null) {
    learnPair(thin, s, y);
    return;
  }
  const dim = s.length;
  matVec(stiffness, dim, dim, s, ks);
  const sks = dot(s, ks);
  let sy = dot(s, y);
  if (!Number.isFinite(sy) || (damped && !(sks > 0))) return;
  if (!damped) {
    if (!(sy > 1e-12 * norm(s) * norm(y))) return;
  } else if (sy < DAMPED * sks) {
    const share = ((1 - DAMPED) * sks) / (sks - sy);
    for (let i = 0; i < dim; i++) y[i] = share * y[i] + (1 - share) * ks[i];
    sy = dot(s, y);
  }
  matVec(inverse, dim, dim, y, py);
  const own = (1 + dot(y, py) / sy) / sy;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    const [yi, ki] = [y[i] / sy, sks > 0 ? ks[i] / sks : 0];
    const [a, b] = [own * s[i] - py[i] / sy, s[i] / sy];
    for (let j = 0; j < dim; j++) {
      stiffness[row + j] += yi * y[j] - ki * ks[j];
      inverse[row + j] += a * s[j] - b * py[j];
    }
  }
}

/**
 * Makes the well as stiff as was seen along columns v of its root L, P = L Lᵀ, along which it is 1:
 * K ← K + Σ (k − 1) Kv (Kv)ᵀ, P ← P + Σ (1/k − 1) v vᵀ.
 */
export function reshape({ stiffness, inverse }: Well, root: readonly Float64Array[], seen: Float64Array): void {
  const before = stiffness.slice();
  for (let c = 0; c < root.length; c++) {
    const v = root[c];
    const dim = v.length;
    const kv = new Float64Array(dim);
    const k = Math.min(RESHAPED, Math.max(1 / RESHAPED, seen[c]));
    matVec(before, dim, dim, v, kv);
    rankOne(stiffness, dim, k - 1, kv);
    rankOne(inverse, dim, 1 / k - 1, v);
  }
}
