/**
 * The landscapes beneath the BBOB functions, as functions of the transformed point z (INRIA RR-6829): each is 0 at
 * its minimum, which is z = 0, but z = 1 for the two that derive from Rosenbrock's.
 */
import type { Vector } from "./transforms.ts";

/** Σ w_i z_i². */
export function weightedSquares(weights: Vector, z: Vector): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += weights[i] * z[i] * z[i];
  return sum;
}

/** 10 (d − Σ cos 2πz_i) + ‖z‖². */
export function rastrigin(z: Vector): number {
  let waves = 0;
  let squares = 0;
  for (let i = 0; i < z.length; i++) {
    waves += Math.cos(2 * Math.PI * z[i]);
    squares += z[i] * z[i];
  }
  return 10 * (z.length - waves) + squares;
}

/** Σ 100 (z_i² − z_{i+1})² + (z_i − 1)². */
export function rosenbrock(z: Vector): number {
  let sum = 0;
  for (let i = 0; i + 1 < z.length; i++) sum += rosenbrockTerm(z[i], z[i + 1]);
  return sum;
}

function rosenbrockTerm(a: number, b: number): number {
  const valley = a * a - b;
  return 100 * valley * valley + (a - 1) * (a - 1);
}

/** 10/(d−1) Σ (s_i/4000 − cos s_i) + 10, where s_i are the terms of Rosenbrock's function. */
export function griewankRosenbrock(z: Vector): number {
  let sum = 0;
  for (let i = 0; i + 1 < z.length; i++) {
    const s = rosenbrockTerm(z[i], z[i + 1]);
    sum += s / 4000 - Math.cos(s);
  }
  return 10 + (10 * sum) / (z.length - 1);
}

/** z_1² + 100 √(Σ_{i>1} z_i²). */
export function sharpRidge(z: Vector): number {
  let sum = 0;
  for (let i = 1; i < z.length; i++) sum += z[i] * z[i];
  return z[0] * z[0] + 100 * Math.sqrt(sum);
}

/** √(Σ |z_i|^{e_i}). */
export function differentPowers(exponents: Vector, z: Vector): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += Math.abs(z[i]) ** exponents[i];
  return Math.sqrt(sum);
}

const WEIERSTRASS_WAVES = 12;

/**
 * 10 (1/d Σ_i Σ_k 2^{−k} cos 2π3^k(z_i + ½) − f₀)³ with k = 0 … 11 and f₀ its value at z = 0. By the half angle this is
 * 10 (2/d Σ_i Σ_k 2^{−k} sin² π3^k z_i)³: no cancellation near the minimum, and one cubing of e^{iπ3^k z} a wave.
 */
export function weierstrass(z: Vector): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    const angle = Math.PI * (z[i] - Math.round(z[i]));
    let c = Math.cos(angle);
    let s = Math.sin(angle);
    let weight = 1;
    for (let k = 0; k < WEIERSTRASS_WAVES; k++) {
      const cc = c * c;
      const ss = s * s;
      sum += weight * ss;
      c *= cc - 3 * ss;
      s *= 3 * cc - ss;
      weight *= 0.5;
    }
  }
  const mean = (2 * sum) / z.length;
  return 10 * mean * mean * mean;
}

/** (1/(d−1) Σ √s_i (1 + sin² 50 s_i^{1/5}))² with s_i² = z_i² + z_{i+1}². */
export function schaffers(z: Vector): number {
  let sum = 0;
  for (let i = 0; i + 1 < z.length; i++) {
    const squares = z[i] * z[i] + z[i + 1] * z[i + 1];
    const wave = Math.sin(50 * squares ** 0.1);
    sum += Math.sqrt(Math.sqrt(squares)) * (1 + wave * wave);
  }
  const mean = sum / (z.length - 1);
  return mean * mean;
}

/** 0.01 (418.98… − 1/d Σ z_i sin √|z_i| + Σ max(0, |z_i| − 500)²). */
export function schwefel(z: Vector): number {
  let sum = 0;
  let penalty = 0;
  for (let i = 0; i < z.length; i++) {
    const size = Math.abs(z[i]);
    sum += z[i] * Math.sin(Math.sqrt(size));
    const excess = size - 500;
    if (excess > 0) penalty += excess * excess;
  }
  return 0.01 * (penalty + 418.9828872724339 - sum / z.length);
}

const KATSUURA_OCTAVES = 32;

/** 10/d² (Π (1 + i Σ_{j=1…32} |2^j z_i − [2^j z_i]| 2^{−j})^{10/d^1.2} − 1), with [·] the nearest integer. */
export function katsuura(z: Vector): number {
  const dim = z.length;
  let logs = 0;
  for (let i = 0; i < dim; i++) {
    let sum = 0;
    let octave = 2;
    for (let j = 1; j <= KATSUURA_OCTAVES; j++) {
      const v = octave * z[i];
      sum += Math.abs(v - Math.floor(v + 0.5)) / octave;
      octave *= 2;
    }
    logs += Math.log1p((i + 1) * sum);
  }
  return (10 / dim / dim) * Math.expm1((10 / dim ** 1.2) * logs);
}
