/**
 * The 24 noiseless functions of BBOB-2009 (INRIA RR-6829) in their order, each a chain of maps before a landscape.
 * Where the report and COCO's code differ the code is followed: |x_opt| on the first, third, … axis of f4, and steps
 * of f7 that are chosen by |z|.
 * R below is the first rotation, of seed + 10⁶, and Q the second, of seed.
 */
import type { Value } from "../../core/problem.ts";
import {
  differentPowers,
  griewankRosenbrock,
  katsuura,
  rastrigin,
  rosenbrock,
  schaffers,
  schwefel,
  sharpRidge,
  weierstrass,
  weightedSquares,
} from "./landscapes.ts";
import { gallagher } from "./peaks.ts";
import { normals, optimum, rotation, uniforms } from "./random.ts";
import {
  asymmetry,
  conditioned,
  linear,
  oscillate,
  oscillated,
  outside,
  powers,
  scaleRows,
  shift,
  type Vector,
} from "./transforms.ts";

/** A function less its value at the optimum, and the optimum. */
type Instance = { readonly argmin: Vector; readonly value: Value };

export type BbobGroup =
  | "separable"
  | "moderate conditioning"
  | "ill-conditioned"
  | "multi-modal, adequate structure"
  | "multi-modal, weak structure";

export type BbobFunction = {
  readonly name: string;
  readonly group: BbobGroup;
  readonly make: (dim: number, seed: number) => Instance;
};

function firstRotation(dim: number, seed: number): Vector {
  return rotation(dim, seed + 1e6);
}

/** R Λ Q with Λ = diag(base^(i/(d−1))). */
function mixing(dim: number, seed: number, base: number, first = firstRotation(dim, seed)): Vector {
  return conditioned(first, powers(dim, base), rotation(dim, seed));
}

function sphere(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const ones = new Float64Array(dim).fill(1);
  return { argmin, value: (x) => weightedSquares(ones, centered(x)) };
}

function ellipsoid(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const weights = powers(dim, 1e6);
  return { argmin, value: (x) => weightedSquares(weights, oscillate(centered(x))) };
}

function separableRastrigin(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const asymmetric = asymmetry(dim, 0.2);
  const scale = powers(dim, Math.sqrt(10));
  return {
    argmin,
    value: (x) => {
      const z = asymmetric(oscillate(centered(x)));
      for (let i = 0; i < dim; i++) z[i] *= scale[i];
      return rastrigin(z);
    },
  };
}

function buecheRastrigin(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed).map((v, i) => (i % 2 === 0 ? Math.abs(v) : v));
  const centered = shift(argmin);
  const below = powers(dim, Math.sqrt(10));
  const above = below.map((s, i) => (i % 2 === 0 ? 10 * s : s));
  return {
    argmin,
    value: (x) => {
      const z = oscillate(centered(x));
      for (let i = 0; i < dim; i++) z[i] *= z[i] > 0 ? above[i] : below[i];
      return rastrigin(z) + 100 * outside(x);
    },
  };
}

function linearSlope(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed).map((v) => 5 * Math.sign(v));
  const slopes = powers(dim, 10).map((s, i) => s * Math.sign(argmin[i]));
  return {
    argmin,
    value: (x) => {
      let sum = 0;
      // so written, NaN counts
      for (let i = 0; i < dim; i++) if (!(x[i] * argmin[i] >= 25)) sum += slopes[i] * (argmin[i] - x[i]);
      return sum;
    },
  };
}

function attractiveSector(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const mixed = linear(mixing(dim, seed, Math.sqrt(10)));
  return {
    argmin,
    value: (x) => {
      const z = mixed(centered(x));
      let sum = 0;
      for (let i = 0; i < dim; i++) sum += (z[i] * argmin[i] > 0 ? 1e4 : 1) * z[i] * z[i];
      return oscillated(sum) ** 0.9;
    },
  };
}

function stepEllipsoid(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const scaled = linear(scaleRows(powers(dim, Math.sqrt(10)), rotation(dim, seed)));
  const rotated = linear(firstRotation(dim, seed));
  const weights = powers(dim, 100);
  return {
    argmin,
    value: (x) => {
      const z = scaled(centered(x));
      const first = Math.abs(z[0]);
      for (let i = 0; i < dim; i++)
        z[i] = Math.abs(z[i]) > 0.5 ? Math.floor(z[i] + 0.5) : Math.floor(10 * z[i] + 0.5) / 10;
      return 0.1 * Math.max(1e-4 * first, weightedSquares(weights, rotated(z))) + outside(x);
    },
  };
}

function separableRosenbrock(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed).map((v) => 0.75 * v);
  const centered = shift(argmin);
  const scale = rosenbrockScale(dim);
  return {
    argmin,
    value: (x) => {
      const z = centered(x);
      for (let i = 0; i < dim; i++) z[i] = scale * z[i] + 1;
      return rosenbrock(z);
    },
  };
}

/** f9 and f19: z = s Q x + ½, hence the minimum where every (Q x)_i = 1/(2s). */
function rotatedRosenbrock(landscape: Value): BbobFunction["make"] {
  return (dim, seed) => {
    const matrix = rotation(dim, seed);
    const rotated = linear(matrix);
    const scale = rosenbrockScale(dim);
    const argmin = new Float64Array(dim);
    for (let at = 0; at < matrix.length; at++) argmin[at % dim] += matrix[at] / (2 * scale);
    return {
      argmin,
      value: (x) => {
        const z = rotated(x);
        for (let i = 0; i < dim; i++) z[i] = scale * z[i] + 0.5;
        return landscape(z);
      },
    };
  };
}

function rosenbrockScale(dim: number): number {
  return Math.max(1, Math.sqrt(dim) / 8);
}

/** f10 and f11: weighted squares of T_osz(R (x − x_opt)). */
function rotatedSquares(weightsOf: (dim: number) => Vector): BbobFunction["make"] {
  return (dim, seed) => {
    const argmin = optimum(dim, seed);
    const centered = shift(argmin);
    const rotated = linear(firstRotation(dim, seed));
    const weights = weightsOf(dim);
    return { argmin, value: (x) => weightedSquares(weights, oscillate(rotated(centered(x)))) };
  };
}

function discusWeights(dim: number): Vector {
  return Float64Array.from({ length: dim }, (_, i) => (i === 0 ? 1e6 : 1));
}

function bentCigar(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed + 1e6);
  const centered = shift(argmin);
  const matrix = firstRotation(dim, seed);
  const before = linear(matrix);
  const after = linear(matrix);
  const asymmetric = asymmetry(dim, 0.5);
  const weights = Float64Array.from({ length: dim }, (_, i) => (i === 0 ? 1 : 1e6));
  return { argmin, value: (x) => weightedSquares(weights, after(asymmetric(before(centered(x))))) };
}

function ridge(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const mixed = linear(mixing(dim, seed, Math.sqrt(10)));
  return { argmin, value: (x) => sharpRidge(mixed(centered(x))) };
}

function sumOfPowers(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const rotated = linear(firstRotation(dim, seed));
  const exponents = Float64Array.from({ length: dim }, (_, i) => 2 + (4 * i) / (dim - 1));
  return { argmin, value: (x) => differentPowers(exponents, rotated(centered(x))) };
}

function rotatedRastrigin(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const first = firstRotation(dim, seed);
  const rotated = linear(first);
  const asymmetric = asymmetry(dim, 0.2);
  const mixed = linear(mixing(dim, seed, Math.sqrt(10), first));
  return { argmin, value: (x) => rastrigin(mixed(asymmetric(oscillate(rotated(centered(x)))))) };
}

function rotatedWeierstrass(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const first = firstRotation(dim, seed);
  const rotated = linear(first);
  const mixed = linear(mixing(dim, seed, 0.1, first));
  return {
    argmin,
    value: (x) => weierstrass(mixed(oscillate(rotated(centered(x))))) + (10 / dim) * outside(x),
  };
}

/** f17 and f18, of condition number 10 and 1000. */
function rotatedSchaffers(condition: number): BbobFunction["make"] {
  return (dim, seed) => {
    const argmin = optimum(dim, seed);
    const centered = shift(argmin);
    const rotated = linear(firstRotation(dim, seed));
    const asymmetric = asymmetry(dim, 0.5);
    const scaled = linear(scaleRows(powers(dim, Math.sqrt(condition)), rotation(dim, seed)));
    return { argmin, value: (x) => schaffers(scaled(asymmetric(rotated(centered(x))))) + 10 * outside(x) };
  };
}

const SCHWEFEL_OPTIMUM = 4.2096874637;

function schwefelSine(dim: number, seed: number): Instance {
  const signs = uniforms(dim, seed).map((u) => (u < 0.5 ? -1 : 1));
  const argmin = signs.map((s) => (s * SCHWEFEL_OPTIMUM) / 2);
  const scale = powers(dim, Math.sqrt(10));
  const z = new Float64Array(dim);
  return {
    argmin,
    value: (x) => {
      let coupling = 0;
      for (let i = 0; i < dim; i++) {
        const deviation = 2 * signs[i] * x[i] - SCHWEFEL_OPTIMUM;
        z[i] = 100 * (scale[i] * (deviation + coupling) + SCHWEFEL_OPTIMUM);
        coupling = 0.25 * deviation;
      }
      return schwefel(z);
    },
  };
}

function rotatedKatsuura(dim: number, seed: number): Instance {
  const argmin = optimum(dim, seed);
  const centered = shift(argmin);
  const mixed = linear(mixing(dim, seed, 10));
  return { argmin, value: (x) => katsuura(mixed(centered(x))) + outside(x) };
}

/** f24: two funnels, of which the one at μ₀ is the deeper and the narrower, under Rastrigin's waves. */
function lunacek(dim: number, seed: number): Instance {
  const near = 2.5;
  const shape = 1 - 0.5 / (Math.sqrt(dim + 20) - 4.1);
  const far = -Math.sqrt((near * near - 1) / shape);
  const signs = normals(dim, seed).map((g) => (g < 0 ? -1 : 1));
  const mixed = linear(mixing(dim, seed, 10));
  const deviation = new Float64Array(dim);
  return {
    argmin: signs.map((s) => (s * near) / 2),
    value: (x) => {
      let narrow = 0;
      let wide = 0;
      for (let i = 0; i < dim; i++) {
        const folded = 2 * signs[i] * x[i];
        deviation[i] = folded - near;
        narrow += deviation[i] * deviation[i];
        wide += (folded - far) * (folded - far);
      }
      const z = mixed(deviation);
      let waves = 0;
      for (let i = 0; i < dim; i++) waves += Math.cos(2 * Math.PI * z[i]);
      return Math.min(narrow, dim + shape * wide) + 10 * (dim - waves) + 1e4 * outside(x);
    },
  };
}

const separable = "separable";
const moderate = "moderate conditioning";
const ill = "ill-conditioned";
const adequate = "multi-modal, adequate structure";
const weak = "multi-modal, weak structure";

/** f1 … f24 at index 0 … 23. */
export const bbobFunctions: readonly BbobFunction[] = [
  { name: "sphere", group: separable, make: sphere },
  { name: "ellipsoid, separable", group: separable, make: ellipsoid },
  { name: "Rastrigin, separable", group: separable, make: separableRastrigin },
  { name: "Büche–Rastrigin", group: separable, make: buecheRastrigin },
  { name: "linear slope", group: separable, make: linearSlope },
  { name: "attractive sector", group: moderate, make: attractiveSector },
  { name: "step ellipsoid", group: moderate, make: stepEllipsoid },
  { name: "Rosenbrock", group: moderate, make: separableRosenbrock },
  { name: "Rosenbrock, rotated", group: moderate, make: rotatedRosenbrock(rosenbrock) },
  { name: "ellipsoid, rotated", group: ill, make: rotatedSquares((dim) => powers(dim, 1e6)) },
  { name: "discus", group: ill, make: rotatedSquares(discusWeights) },
  { name: "bent cigar", group: ill, make: bentCigar },
  { name: "sharp ridge", group: ill, make: ridge },
  { name: "different powers", group: ill, make: sumOfPowers },
  { name: "Rastrigin, rotated", group: adequate, make: rotatedRastrigin },
  { name: "Weierstrass", group: adequate, make: rotatedWeierstrass },
  { name: "Schaffers F7", group: adequate, make: rotatedSchaffers(10) },
  { name: "Schaffers F7, ill-conditioned", group: adequate, make: rotatedSchaffers(1000) },
  { name: "Griewank–Rosenbrock", group: adequate, make: rotatedRosenbrock(griewankRosenbrock) },
  { name: "Schwefel", group: weak, make: schwefelSine },
  {
    name: "Gallagher, 101 peaks",
    group: weak,
    make: (dim, seed) => gallagher(dim, seed, { count: 101, condition: Math.sqrt(1000), reach: 5 }),
  },
  {
    name: "Gallagher, 21 peaks",
    group: weak,
    make: (dim, seed) => gallagher(dim, seed, { count: 21, condition: 1000, reach: 4.9 }),
  },
  { name: "Katsuura", group: weak, make: rotatedKatsuura },
  { name: "Lunacek bi-Rastrigin", group: weak, make: lunacek },
];
