/**
 * The independent reference for the closed forms: H on the line diagonalised in a basis of sinc functions (Colbert and
 * Miller, J. Chem. Phys. 96, 1982, 1992), and exp(−e^{iα}Hs) applied level by level.
 */
import type { Complex } from "../../src/math/complex.ts";
import { eigenSymmetric } from "../../src/math/eigen.ts";

export type Line = {
  readonly x: Float64Array;
  readonly h: number;
  /** Levels, ascending. */
  readonly values: Float64Array;
  /** Row k is √h φ_k at the points. */
  readonly vectors: Float64Array;
};

export function diagonalize(zeta: (x: number) => number, D: number, lower: number, upper: number, n: number): Line {
  const h = (upper - lower) / (n - 1);
  const x = Float64Array.from({ length: n }, (_, i) => lower + i * h);
  const H = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    H[i * n + i] = (D * Math.PI ** 2) / (3 * h * h) + zeta(x[i]);
    for (let j = 0; j < i; j++) H[i * n + j] = ((i - j) % 2 === 0 ? 2 : -2) * (D / (h * (i - j)) ** 2);
  }
  const values = new Float64Array(n);
  if (!eigenSymmetric(H, n, values, H)) throw new Error("not diagonalised");
  return { x, h, values, vectors: H };
}

/** c_k = ∫φ_k ψ dx for the first `count` levels. */
export function project({ x, h, vectors }: Line, psi: (x: number) => Complex, count = x.length): Complex[] {
  const n = x.length;
  const at = Array.from(x, psi);
  return Array.from({ length: count }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let i = 0; i < n; i++) {
      re += vectors[k * n + i] * at[i].re;
      im += vectors[k * n + i] * at[i].im;
    }
    return { re: Math.sqrt(h) * re, im: Math.sqrt(h) * im };
  });
}

/** exp(−e^{iα}Hs) ψ at the points. */
export function evolveDense(line: Line, psi: (x: number) => Complex, angle: number, s: number): Complex[] {
  const { x, h, values, vectors } = line;
  const n = x.length;
  const out = Array.from({ length: n }, () => ({ re: 0, im: 0 }));
  project(line, psi).forEach((c, k) => {
    const size = Math.exp(-values[k] * s * Math.cos(angle)) / Math.sqrt(h);
    const turn = -values[k] * s * Math.sin(angle);
    const re = size * (c.re * Math.cos(turn) - c.im * Math.sin(turn));
    const im = size * (c.re * Math.sin(turn) + c.im * Math.cos(turn));
    for (let i = 0; i < n; i++) {
      out[i].re += vectors[k * n + i] * re;
      out[i].im += vectors[k * n + i] * im;
    }
  });
  return out;
}

/** Mean and variance of |ψ|² at the points, and ∫|ψ|². */
export function densityOf({ x, h }: Line, psi: readonly Complex[]): { norm: number; mean: number; variance: number } {
  const weight = psi.map(({ re, im }) => re * re + im * im);
  const norm = weight.reduce((a, b) => a + b, 0);
  const mean = weight.reduce((s, w, i) => s + w * x[i], 0) / norm;
  const variance = weight.reduce((s, w, i) => s + w * (x[i] - mean) ** 2, 0) / norm;
  return { norm: norm * h, mean, variance };
}
