/**
 * Gaussian packets on the line in closed form: ψ(x) = exp(−½ax² + bx + c) under exp(−e^{iα}Hs), H = −D∂² + ζ with
 * ζ = v + gx + ½kx², at any Wick angle α (0 imaginary, π/2 real time). These are the exact dynamics of the Taylor
 * orders 0, 1 and 2: paper (6), (7), (9)–(11) with errata E2 and E7.
 */
import { add, type Complex, complex, div, exp, log, mul, phase, sub, times } from "./complex.ts";

/** ψ(x) = exp(−½ax² + bx + c), with Re a > 0. */
export type Wave = { readonly a: Complex; readonly b: Complex; readonly c: Complex };

/** ζ(x) = v + gx + ½kx²; k may be 0 or negative. */
export type Quadratic = { readonly v: number; readonly g: number; readonly k: number };

/** The packet with |ψ|² = N(mean, σ²), of norm 1 and mean wave number `momentum`. */
export function gaussianWave(mean: number, sigma: number, momentum = 0): Wave {
  const a = 1 / (2 * sigma * sigma);
  return {
    a: complex(a),
    b: complex(a * mean, momentum),
    c: complex(-0.5 * a * mean * mean - 0.25 * Math.log(2 * Math.PI * sigma * sigma), -momentum * mean),
  };
}

/** The wave whose amplitude ψ itself is the density N(mean, variance), as walkers and (10) read it. */
export function densityWave(mean: number, variance: number): Wave {
  const a = 1 / variance;
  return {
    a: complex(a),
    b: complex(a * mean),
    c: complex(-0.5 * a * mean * mean - 0.5 * Math.log(2 * Math.PI * variance)),
  };
}

// the series below and the branch of ln y are good for |√(2Dk) s| up to this
const PIECE = 1;

/**
 * exp(−e^{iα}Hs) ψ.
 * @param angle α in [0, π/2]
 * @param s duration ≥ 0
 */
export function evolveWave(wave: Wave, field: Quadratic, D: number, angle: number, s: number): Wave {
  const pieces = Math.max(1, Math.ceil((Math.sqrt(2 * D * Math.abs(field.k)) * s) / PIECE));
  const us = times(s / pieces, phase(angle));
  let now = wave;
  for (let i = 0; i < pieces; i++) now = shortly(now, field, D, us);
  return now;
}

/**
 * The Riccati equations a′ = u(k − 2Da²), b′ = −u(2Dab + g), c′ = u(D(b² − a) − v), u = e^{iα}, solved through
 * y = cosh z + 2Da₀S with z² = 2Dk(us)², y′ = 2Duay. S, Q, T stand for sinh z/ω, (cosh z − 1)/ω², (sinh z − z)/ω³,
 * which are entire in k.
 */
function shortly({ a, b, c }: Wave, { v, g, k }: Quadratic, D: number, us: Complex): Wave {
  const square = mul(us, us);
  const w = times(2 * D * k, square);
  const S = mul(us, entire(w, 1));
  const Q = mul(square, entire(w, 2));
  const T = mul(mul(us, square), entire(w, 3));
  const cosh = add(complex(1), times(2 * D * k, Q));
  const chirp = times(2 * D, a);
  const y = add(cosh, mul(chirp, S));
  const F = add(S, mul(chirp, Q));
  const inY = add(sub(mul(S, mul(b, b)), times(2 * g, mul(b, Q))), times(g * g, mul(F, Q)));
  return {
    a: div(add(times(k, S), mul(a, cosh)), y),
    b: div(sub(b, times(g, F)), y),
    c: add(sub(sub(c, times(v, us)), times(0.5, log(y))), times(D, sub(div(inY, y), times(g * g, T)))),
  };
}

/** Σ_n wⁿ / (2n + m)!, for |w| ≤ 1. */
function entire(w: Complex, m: number): Complex {
  let factor = 1;
  for (let j = 2; j <= m; j++) factor /= j;
  let term = complex(factor);
  let total = term;
  for (let n = 1; n <= 10; n++) {
    term = times(1 / ((2 * n + m - 1) * (2 * n + m)), mul(term, w));
    total = add(total, term);
  }
  return total;
}

/** ψ(x). */
export function amplitudeAt({ a, b, c }: Wave, x: number): Complex {
  return exp(add(c, add(times(x, b), times(-0.5 * x * x, a))));
}

/** Moments of |ψ|², normalized: mean and variance of x, and the mean wave number. */
export function bornMoments({ a, b }: Wave): { mean: number; variance: number; momentum: number } {
  const mean = b.re / a.re;
  return { mean, variance: 1 / (2 * a.re), momentum: b.im - a.im * mean };
}

/** Mean and variance of ψ itself read as a density; for waves that are real. */
export function densityMoments({ a, b }: Wave): { mean: number; variance: number } {
  return { mean: b.re / a.re, variance: 1 / a.re };
}

/** ∫|ψ|² dx. */
export function normOf({ a, b, c }: Wave): number {
  return Math.sqrt(Math.PI / a.re) * Math.exp((b.re * b.re) / a.re + 2 * c.re);
}

/** ∫ψ dx; for waves that are real. */
export function massOf({ a, b, c }: Wave): number {
  return Math.sqrt((2 * Math.PI) / a.re) * Math.exp((b.re * b.re) / (2 * a.re) + c.re);
}

/** ⟨T⟩ and ⟨ζ⟩ of the normalized packet; their sum is ⟨H⟩. */
export function energyOf(wave: Wave, { v, g, k }: Quadratic, D: number): { kinetic: number; potential: number } {
  const { mean, variance, momentum } = bornMoments(wave);
  const { a } = wave;
  return {
    kinetic: D * ((a.re * a.re + a.im * a.im) * variance + momentum * momentum),
    potential: v + g * mean + 0.5 * k * (variance + mean * mean),
  };
}

/** (6): the standard deviation σ(t) = √(σ₀² + (Dt/σ₀)²) of |ψ|² for a free packet in real time. */
export function dispersed(sigma: number, D: number, t: number): number {
  return Math.hypot(sigma, (D * t) / sigma);
}

/** (7): the mean x₀ − Dgt² of any packet that starts from rest on the slope g, in real time. */
export function accelerated(x0: number, g: number, D: number, t: number): number {
  return x0 - D * g * t * t;
}

/** (9): the variance of a free packet at any angle, |q|² / (2 Re q) with q = 2σ₀² + 2De^{iα}s; of |ψ|². */
export function freeVariance(sigma: number, D: number, angle: number, s: number): number {
  const re = 2 * sigma * sigma + 2 * D * s * Math.cos(angle);
  const im = 2 * D * s * Math.sin(angle);
  return (re * re + im * im) / (2 * re);
}

/**
 * (8): the center x₀ e^{−ωs cos α} cos(ωs sin α) of a packet in ½kx², ω = √(2Dk), that starts at rest with the ground
 * state's variance √(D/2k) of |ψ|²; with α = π/2 of a packet of any width.
 */
export function wellCenter(x0: number, k: number, D: number, angle: number, s: number): number {
  const turn = Math.sqrt(2 * D * k) * s;
  return x0 * Math.exp(-turn * Math.cos(angle)) * Math.cos(turn * Math.sin(angle));
}

/**
 * (11) as erratum E2 corrects it: mean x₀ − Dgτ² − g s₀ τ and variance s₀ + 2Dτ of ψ in ζ = gx, imaginary time, from
 * a ψ of variance s₀. It is a gradient step of rate Dτ² + s₀τ with Gaussian noise.
 */
export function drifted(
  x0: number,
  variance: number,
  g: number,
  D: number,
  tau: number,
): { mean: number; variance: number } {
  return { mean: x0 - g * tau * (D * tau + variance), variance: variance + 2 * D * tau };
}
