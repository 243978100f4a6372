/**
 * Laws to be sampled, as potentials: e^{−ζ/D} at D = 1 is a Gaussian of given condition, a funnel, a mixture. What makes each
 * hard for a sampler is one number, and all their moments are known.
 */
import { entry } from "../core/entry.ts";
import { box, domain, type Potential, points, potential } from "../core/problem.ts";
import { harmonicLevels } from "../math/harmonic.ts";

const LEVELS = 20;

/** The variances of the axes of `gaussian`, from 1 to the condition in equal ratios. */
export function gaussianVariances(dim: number, condition: number): Float64Array {
  return Float64Array.from({ length: dim }, (_, j) => condition ** (dim > 1 ? j / (dim - 1) : 0));
}

export const gaussianEntry = entry({
  name: "gaussian",
  summary: "Gaussian law ½ xᵀΣ⁻¹x with variances from 1 to the condition, its axes mixed by a reflection",
  reference: "closed form; Householder, J. ACM 5, 339 (1958), for the axes",
  params: {
    dim: { help: "number of variables", symbol: "d", default: 10, min: 1, max: 10_000, integer: true },
    condition: {
      help: "the largest variance over the least",
      symbol: "κ",
      default: 1000,
      min: 1,
      max: 1e12,
      log: true,
    },
    mixed: { help: "whether the axes of the law are not those of x", default: true },
  },
  make: ({ dim, condition, mixed }): Potential => {
    const stiffness = gaussianVariances(dim, condition).map((v) => 1 / v);
    // the reflection x − 2u(u·x) with u along (1, …, 1): its own inverse
    const share = mixed && dim > 1 ? 2 / dim : 0;
    const half = 4 * Math.sqrt(condition);
    return potential({
      name: "gaussian",
      domain: box(dim, -half, half),
      value(x) {
        let sum = 0;
        for (let j = 0; j < dim; j++) sum += x[j];
        let square = 0;
        for (let j = 0; j < dim; j++) square += stiffness[j] * (x[j] - share * sum) ** 2;
        return 0.5 * square;
      },
      gradient(x, out) {
        let sum = 0;
        for (let j = 0; j < dim; j++) sum += x[j];
        let square = 0;
        let back = 0;
        for (let j = 0; j < dim; j++) {
          const y = x[j] - share * sum;
          out[j] = stiffness[j] * y;
          square += out[j] * y;
          back += out[j];
        }
        for (let j = 0; j < dim; j++) out[j] -= share * back;
        return 0.5 * square;
      },
      truth: {
        minimum: 0,
        argmin: points([new Float64Array(dim)]),
        energies: (D) => harmonicLevels(D, stiffness, LEVELS),
      },
    });
  },
});

/** The covariance of `gaussian` at D = 1, [dim × dim]. */
export function gaussianCovariance(dim: number, condition: number, mixed: boolean): Float64Array {
  const variances = gaussianVariances(dim, condition);
  const share = mixed && dim > 1 ? 2 / dim : 0;
  const total = variances.reduce((a, b) => a + b, 0);
  // R Σ R with R = 1 − share · 11ᵀ
  return Float64Array.from({ length: dim * dim }, (_, e) => {
    const [i, j] = [Math.floor(e / dim), e % dim];
    return (i === j ? variances[i] : 0) - share * (variances[i] + variances[j]) + share * share * total;
  });
}

export const funnelEntry = entry({
  name: "funnel",
  summary: "Neal's funnel: v of law N(0, σ²), and given v each further coordinate of law N(0, e^v)",
  reference: "R. M. Neal, Ann. Statist. 31, 705 (2003)",
  params: {
    dim: { help: "number of variables, v the first", symbol: "d", default: 10, min: 2, max: 10_000, integer: true },
    sigma: { help: "standard deviation of v", symbol: "σ", default: 1, min: 0.01, max: 10, log: true },
  },
  make: ({ dim, sigma }): Potential => {
    const rest = dim - 1;
    const reach = 4 * Math.exp(2 * sigma);
    const lowest = new Float64Array(dim);
    lowest[0] = (-rest * sigma * sigma) / 2;
    const squareOf = (x: Float64Array): number => {
      let square = 0;
      for (let j = 1; j < dim; j++) square += x[j] * x[j];
      return square;
    };
    const axis = (far: number, other: number): number[] => [far, ...new Array<number>(rest).fill(other)];
    return potential({
      name: "funnel",
      domain: domain(axis(Math.min(-4 * sigma, 2 * lowest[0]), -reach), axis(4 * sigma, reach)),
      names: ["v", ...Array.from({ length: rest }, (_, j) => `x${j + 1}`)],
      value: (x) => (x[0] * x[0]) / (2 * sigma * sigma) + 0.5 * rest * x[0] + 0.5 * Math.exp(-x[0]) * squareOf(x),
      gradient(x, out) {
        const narrow = Math.exp(-x[0]);
        const square = squareOf(x);
        out[0] = x[0] / (sigma * sigma) + 0.5 * rest - 0.5 * narrow * square;
        for (let j = 1; j < dim; j++) out[j] = narrow * x[j];
        return (x[0] * x[0]) / (2 * sigma * sigma) + 0.5 * rest * x[0] + 0.5 * narrow * square;
      },
      truth: { minimum: (-rest * rest * sigma * sigma) / 8, argmin: points([lowest]) },
    });
  },
});

export const mixtureEntry = entry({
  name: "mixture",
  summary: "two Gaussians of width 1 far apart along the first axis, −ln [w e^(−|x+a|²/2) + (1−w) e^(−|x−a|²/2)]",
  reference: "closed form; the law of e^(−ζ) has its mean at (1 − 2w)s/2 and variance 1 + w(1 − w)s² on the first axis",
  params: {
    dim: { help: "number of variables", symbol: "d", default: 2, min: 1, max: 10_000, integer: true },
    separation: { help: "distance of the centers", symbol: "s", default: 10, min: 0, max: 1000 },
    weight: { help: "weight of the one at −s/2", symbol: "w", default: 0.25, min: 0.001, max: 0.999 },
  },
  make: ({ dim, separation: s, weight: w }): Potential => {
    const half = s / 2;
    const bounds = (side: number): number[] => [side * (half + 4), ...new Array<number>(dim - 1).fill(side * 4)];
    const squareOf = (x: Float64Array): number => {
      let square = 0;
      for (let j = 0; j < dim; j++) square += x[j] * x[j];
      return square;
    };
    const odds = Math.log(w / (1 - w));
    /** Both terms share e^{−(|x|² + s²/4)/2}; what is left is ln [w e^{−xs/2} + (1 − w) e^{xs/2}]. */
    const both = (x: number): number => {
      const t = odds - s * x;
      return Math.log(1 - w) + half * x + (t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)));
    };
    const value = (x: Float64Array): number => 0.5 * (squareOf(x) + half * half) - both(x[0]);
    return potential({
      name: "mixture",
      domain: domain(bounds(-1), bounds(1)),
      value,
      gradient(x, out) {
        for (let j = 0; j < dim; j++) out[j] = x[j];
        // the share of the one at −s/2 at x
        const share = 1 / (1 + Math.exp(s * x[0] - odds));
        out[0] += half * (2 * share - 1);
        return value(x);
      },
    });
  },
});
