/**
 * Classic test functions of any number of variables. Domains and minima are the customary ones of the sources named;
 * indices in the formulas run from 1. Each function is written once: it returns ζ(x), and writes ∇ζ(x) into `g`
 * where that is given.
 */
import type { Entry, Params } from "../core/entry.ts";
import { entry } from "../core/entry.ts";
import { inputError } from "../core/errors.ts";
import type { Domain, Potential } from "../core/problem.ts";
import { box, points, potential } from "../core/problem.ts";

type Spec = {
  readonly name: string;
  readonly summary: string;
  readonly reference: string;
  readonly domain: (d: number) => Domain;
  readonly zeta: (x: Float64Array, g?: Float64Array) => number;
  /** Whether `zeta` writes a gradient; true where it is left out. */
  readonly smooth?: false;
  /** 0 where it is left out. */
  readonly minimum?: (d: number) => number;
  readonly argmin: (d: number) => readonly (readonly number[])[];
  /** The number of variables is a multiple of this; 1 where it is left out. */
  readonly multiple?: number;
  readonly least?: number;
};

const library = "S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments (2013)";
const survey = "M. Jamil and X.-S. Yang, Int. J. Math. Model. Numer. Optim. 4, 150 (2013)";

function scalable({ name, summary, reference, domain, zeta, smooth, minimum, argmin, multiple = 1, least }: Spec) {
  const min = least ?? multiple;
  return entry({
    name,
    summary,
    reference,
    params: {
      dim: { help: "number of variables", symbol: "d", default: Math.max(2, min), min, max: 10_000, integer: true },
    },
    make: ({ dim }): Potential => {
      if (dim % multiple !== 0) throw inputError(`${name}.dim`, `${dim} is not a multiple of ${multiple}`);
      return potential({
        name,
        domain: domain(dim),
        value: (x) => zeta(x),
        gradient: smooth === false ? undefined : zeta,
        truth: { minimum: minimum?.(dim) ?? 0, argmin: points(argmin(dim)) },
      });
    },
  });
}

const cube = (lower: number, upper: number) => (d: number) => box(d, lower, upper);
/** The one point whose coordinates all equal `value`. */
const every = (value: number) => (d: number) => [new Array<number>(d).fill(value)];
const each = (d: number, coordinate: (i: number) => number) => Array.from({ length: d }, (_, j) => coordinate(j + 1));

/** ζ = Σ f_i(x_i); `term` gives f_i(x), `slope` its derivative. */
function sum(term: (x: number, i: number, d: number) => number, slope: (x: number, i: number, d: number) => number) {
  return (x: Float64Array, g?: Float64Array) => {
    const d = x.length;
    let total = 0;
    for (let j = 0; j < d; j++) {
      total += term(x[j], j + 1, d);
      if (g) g[j] = slope(x[j], j + 1, d);
    }
    return total;
  };
}

const TAU = 2 * Math.PI;
const { abs, cos, exp, expm1, floor, sin, sqrt } = Math;

const separable: readonly Entry<Params, Potential>[] = [
  scalable({
    name: "sphere",
    summary: "Sphere, Σ x_i²: one round bowl",
    reference: library,
    domain: cube(-5.12, 5.12),
    zeta: sum(
      (x) => x * x,
      (x) => 2 * x,
    ),
    argmin: every(0),
  }),
  scalable({
    name: "ellipsoid",
    summary: "Ellipsoid, Σ 10^(6(i−1)/(d−1)) x_i²: one bowl with axes in the ratio 1 to 1000",
    reference: "N. Hansen, S. Finck, R. Ros and A. Auger, INRIA RR-6829 (2009), function 2 without its transformations",
    domain: cube(-5, 5),
    zeta: sum(
      (x, i, d) => stiffness(i, d) * x * x,
      (x, i, d) => 2 * stiffness(i, d) * x,
    ),
    argmin: every(0),
  }),
  scalable({
    name: "sum-squares",
    summary: "Sum squares, Σ i x_i²: one bowl, mildly stretched",
    reference: library,
    domain: cube(-10, 10),
    zeta: sum(
      (x, i) => i * x * x,
      (x, i) => 2 * i * x,
    ),
    argmin: every(0),
  }),
  scalable({
    name: "step",
    summary: "Step, Σ ⌊x_i + ½⌋²: a bowl of plateaus",
    reference: `K. A. De Jong, thesis (1975), F3; in this form ${survey}`,
    domain: cube(-100, 100),
    smooth: false,
    zeta: sum(
      (x) => floor(x + 0.5) ** 2,
      () => 0,
    ),
    argmin: every(0),
  }),
  scalable({
    name: "rastrigin",
    summary: "Rastrigin, Σ x_i² + 10(1 − cos 2πx_i): a bowl with a lattice of wells",
    reference: library,
    domain: cube(-5.12, 5.12),
    zeta: sum(
      (x) => x * x + 10 * (1 - cos(TAU * x)),
      (x) => 2 * x + 10 * TAU * sin(TAU * x),
    ),
    argmin: every(0),
  }),
  scalable({
    name: "schwefel",
    summary: "Schwefel, Σ 418.98… − x_i sin √|x_i|: the second-best well is far from the best",
    reference: `${library}; with the constant to all digits, so that the minimum is 0`,
    domain: cube(-500, 500),
    zeta: sum(
      (x) => 418.9828872724337 - x * sin(sqrt(abs(x))),
      (x) => -sin(sqrt(abs(x))) - 0.5 * sqrt(abs(x)) * cos(sqrt(abs(x))),
    ),
    argmin: every(420.96874635998205),
  }),
  scalable({
    name: "styblinski-tang",
    summary: "Styblinski–Tang, ½ Σ x_i⁴ − 16x_i² + 5x_i: 2^d wells, one lowest",
    reference: library,
    domain: cube(-5, 5),
    zeta: sum(
      (x) => 0.5 * x * (x * (x * x - 16) + 5),
      (x) => x * (2 * x * x - 16) + 2.5,
    ),
    minimum: (d) => -39.16616570377141 * d,
    argmin: every(-2.903534027771177),
  }),
  scalable({
    name: "michalewicz",
    summary: "Michalewicz, −Σ sin x_i sin²⁰(i x_i²/π): narrow valleys in flat land",
    reference: library,
    domain: cube(0, Math.PI),
    zeta: sum(ridge, (x, i) => {
      const phase = (i * x * x) / Math.PI;
      return -cos(x) * sin(phase) ** 20 - ((40 * i * x) / Math.PI) * sin(x) * sin(phase) ** 19 * cos(phase);
    }),
    minimum: (d) => each(d, (i) => ridge(ridgeTop(i), i)).reduce((total, term) => total + term, 0),
    argmin: (d) => [each(d, ridgeTop)],
  }),
  scalable({
    name: "alpine",
    summary: "Alpine 1, Σ |x_i sin x_i + 0.1x_i|: many kinks, many global minimizers",
    reference: survey,
    domain: cube(-10, 10),
    smooth: false,
    zeta: sum(
      (x) => abs(x * sin(x) + 0.1 * x),
      () => 0,
    ),
    argmin: every(0),
  }),
];

const stiffness = (i: number, d: number) => (d === 1 ? 1 : 10 ** ((6 * (i - 1)) / (d - 1)));

/** The i-th term of Michalewicz's function. */
function ridge(x: number, i: number): number {
  return -sin(x) * sin((i * x * x) / Math.PI) ** 20;
}

/** Its minimizer on [0, π]: of the crests sin² = 1 the two about π/2 are polished by Newton's method on ln ridge. */
function ridgeTop(i: number): number {
  const crest = (k: number) => {
    let x = Math.PI * sqrt((k + 0.5) / i);
    for (let pass = 0; pass < 6; pass++) {
      const cot = 1 / Math.tan((i * x * x) / Math.PI);
      const pitch = (i * x) / Math.PI;
      const slope = 1 / Math.tan(x) + 40 * pitch * cot;
      x += slope / (1 / sin(x) ** 2 - (40 * pitch * cot) / x + 80 * pitch * pitch * (1 + cot * cot));
    }
    return x;
  };
  const k = Math.max(0, floor(i / 4 - 0.5));
  const [left, right] = [crest(k), crest(Math.min(k + 1, i - 1))];
  return ridge(left, i) <= ridge(right, i) ? left : right;
}

const coupled: readonly Entry<Params, Potential>[] = [
  scalable({
    name: "rosenbrock",
    summary: "Rosenbrock, Σ 100(x_{i+1} − x_i²)² + (1 − x_i)²: a curved valley",
    reference: `H. H. Rosenbrock, Comput. J. 3, 175 (1960); domain: ${library}`,
    least: 2,
    domain: cube(-5, 10),
    zeta: (x, g) => {
      g?.fill(0);
      let total = 0;
      for (let j = 0; j < x.length - 1; j++) {
        const a = x[j + 1] - x[j] * x[j];
        const b = 1 - x[j];
        total += 100 * a * a + b * b;
        if (g) {
          g[j] += -400 * a * x[j] - 2 * b;
          g[j + 1] += 200 * a;
        }
      }
      return total;
    },
    argmin: every(1),
  }),
  scalable({
    name: "ackley",
    summary: "Ackley: a funnel in a nearly flat plain of small wells, conical at the bottom",
    reference: `${library}; at the bottom, where there is no gradient, 0 is given`,
    domain: cube(-32.768, 32.768),
    zeta: (x, g) => {
      const d = x.length;
      let square = 0;
      let wave = 0;
      for (let j = 0; j < d; j++) {
        square += x[j] * x[j];
        wave += cos(TAU * x[j]);
      }
      const r = sqrt(square / d);
      const swell = exp(wave / d);
      if (g)
        for (let j = 0; j < d; j++)
          g[j] = (r > 0 ? (4 * exp(-0.2 * r) * x[j]) / (d * r) : 0) + (swell * TAU * sin(TAU * x[j])) / d;
      return -20 * expm1(-0.2 * r) + (Math.E - swell);
    },
    argmin: every(0),
  }),
  scalable({
    name: "griewank",
    summary: "Griewank, 1 + Σ x_i²/4000 − Π cos(x_i/√i): a wide bowl with shallow wells",
    reference: library,
    domain: cube(-600, 600),
    zeta: (x, g) => {
      const d = x.length;
      let square = 0;
      let product = 1;
      for (let j = 0; j < d; j++) {
        square += x[j] * x[j];
        if (g) g[j] = product;
        product *= cos(x[j] / sqrt(j + 1));
      }
      if (g)
        for (let j = d - 1, after = 1; j >= 0; j--) {
          const root = sqrt(j + 1);
          g[j] = x[j] / 2000 + (g[j] * after * sin(x[j] / root)) / root;
          after *= cos(x[j] / root);
        }
      return 1 + square / 4000 - product;
    },
    argmin: every(0),
  }),
  scalable({
    name: "levy",
    summary: "Levy: a bowl in w = 1 + (x − 1)/4 crossed by waves",
    reference: library,
    domain: cube(-10, 10),
    zeta: (x, g) => {
      const d = x.length;
      const first = 1 + (x[0] - 1) / 4;
      let total = sin(Math.PI * first) ** 2;
      for (let j = 0; j < d; j++) {
        const v = (x[j] - 1) / 4;
        const [height, phase, turn] = j < d - 1 ? CROSS : LAST;
        const angle = turn * Math.PI * (1 + v) + phase;
        total += v * v * (1 + height * sin(angle) ** 2);
        if (g) g[j] = (v / 2) * (1 + height * sin(angle) ** 2) + (v * v * height * turn * Math.PI * sin(2 * angle)) / 4;
      }
      if (g) g[0] += (Math.PI * sin(TAU * first)) / 4;
      return total;
    },
    argmin: every(1),
  }),
  scalable({
    name: "zakharov",
    summary: "Zakharov, Σ x_i² + s² + s⁴ with s = Σ ½ i x_i: a plate-shaped valley",
    reference: library,
    domain: cube(-5, 10),
    zeta: (x, g) => {
      let square = 0;
      let s = 0;
      for (let j = 0; j < x.length; j++) {
        square += x[j] * x[j];
        s += 0.5 * (j + 1) * x[j];
      }
      if (g) for (let j = 0; j < x.length; j++) g[j] = 2 * x[j] + (s + 2 * s * s * s) * (j + 1);
      return square + s * s * (1 + s * s);
    },
    argmin: every(0),
  }),
  scalable({
    name: "dixon-price",
    summary: "Dixon–Price, (x_1 − 1)² + Σ i(2x_i² − x_{i−1})²: a valley with two ends",
    reference: library,
    domain: cube(-10, 10),
    zeta: (x, g) => {
      let total = (x[0] - 1) ** 2;
      if (g) g[0] = 2 * (x[0] - 1);
      for (let j = 1; j < x.length; j++) {
        const a = 2 * x[j] * x[j] - x[j - 1];
        total += (j + 1) * a * a;
        if (g) {
          g[j] = 8 * (j + 1) * a * x[j];
          g[j - 1] -= 2 * (j + 1) * a;
        }
      }
      return total;
    },
    // the sign of the last coordinate is free, where it is not also the first
    argmin: (d) =>
      (d === 1 ? [1] : [1, -1]).map((last) => each(d, (i) => (i === d ? last : 1) * 2 ** (2 ** (1 - i) - 1))),
  }),
  scalable({
    name: "trid",
    summary: "Trid, Σ (x_i − 1)² − Σ x_i x_{i−1}: a bowl whose axes all lean on each other",
    reference: library,
    least: 2,
    domain: (d) => box(d, -d * d, d * d),
    zeta: (x, g) => {
      let total = 0;
      for (let j = 0; j < x.length; j++) {
        const left = j > 0 ? x[j - 1] : 0;
        const right = j < x.length - 1 ? x[j + 1] : 0;
        total += (x[j] - 1) ** 2 - x[j] * left;
        if (g) g[j] = 2 * (x[j] - 1) - left - right;
      }
      return total;
    },
    minimum: (d) => (-d * (d + 4) * (d - 1)) / 6,
    argmin: (d) => [each(d, (i) => i * (d + 1 - i))],
  }),
  scalable({
    name: "powell",
    summary: "Powell: fours of variables; the curvature vanishes at the minimum",
    reference: `M. J. D. Powell, Comput. J. 5, 147 (1962); domain: ${library}`,
    multiple: 4,
    domain: cube(-4, 5),
    zeta: (x, g) => {
      let total = 0;
      for (let j = 0; j < x.length; j += 4) {
        const a = x[j] + 10 * x[j + 1];
        const b = x[j + 2] - x[j + 3];
        const c = x[j + 1] - 2 * x[j + 2];
        const e = x[j] - x[j + 3];
        total += a * a + 5 * b * b + c ** 4 + 10 * e ** 4;
        if (g) {
          g[j] = 2 * a + 40 * e ** 3;
          g[j + 1] = 20 * a + 4 * c ** 3;
          g[j + 2] = 10 * b - 8 * c ** 3;
          g[j + 3] = -10 * b - 40 * e ** 3;
        }
      }
      return total;
    },
    argmin: every(0),
  }),
  scalable({
    name: "salomon",
    summary: "Salomon, 1 − cos 2πr + r/10 with r = |x|: rings of wells about a cone",
    reference: `R. Salomon, BioSystems 39, 263 (1996); ${survey}; at the tip, where there is no gradient, 0 is given`,
    domain: cube(-100, 100),
    zeta: (x, g) => {
      let square = 0;
      for (let j = 0; j < x.length; j++) square += x[j] * x[j];
      const r = sqrt(square);
      if (g) for (let j = 0; j < x.length; j++) g[j] = r > 0 ? ((TAU * sin(TAU * r) + 0.1) * x[j]) / r : 0;
      return 1 - cos(TAU * r) + 0.1 * r;
    },
    argmin: every(0),
  }),
];

/** Levy's waves, as [height, phase, turns]: all coordinates but the last, and the last. */
const CROSS = [10, 1, 1] as const;
const LAST = [1, 0, 2] as const;

export const scalableEntries: readonly Entry<Params, Potential>[] = [...separable, ...coupled];
