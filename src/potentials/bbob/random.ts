/**
 * The random numbers of BBOB-2009, kept as they were because they define every instance: Park and Miller's
 * generator by Schrage's division with a Bays–Durham shuffle of 32 places, normals by Box and Muller, rotations by
 * Gram and Schmidt, and the places and values of the optima that are drawn from them.
 */
import { cosine, logarithm } from "./rounded.ts";

const MODULUS = 2147483647;
const MULTIPLIER = 16807;
/** Schrage: MODULUS = MULTIPLIER · QUOTIENT + REMAINDER. */
const QUOTIENT = 127773;
const REMAINDER = 2836;
const PLACES = 32;
const WARM_UP = 8;
/** Divides the last output into the 32 places of the shuffle. */
const PLACE_WIDTH = 67108865;
/** What stands for a draw of exactly zero. */
const TINY = 1e-99;

function advance(state: number): number {
  const tens = Math.floor(state / QUOTIENT);
  const next = MULTIPLIER * (state - tens * QUOTIENT) - REMAINDER * tens;
  return next < 0 ? next + MODULUS : next;
}

/** `n` uniform numbers in (0, 1]; 1 ≤ seed < 2³¹ − 1. */
export function uniforms(n: number, seed: number): Float64Array {
  const places = new Float64Array(PLACES);
  let state = seed;
  for (let i = PLACES + WARM_UP - 1; i >= 0; i--) {
    state = advance(state);
    if (i < PLACES) places[i] = state;
  }
  const out = new Float64Array(n);
  let last = places[0];
  for (let i = 0; i < n; i++) {
    state = advance(state);
    const place = Math.floor(last / PLACE_WIDTH);
    last = places[place];
    places[place] = state;
    out[i] = last === 0 ? TINY : last / MODULUS;
  }
  return out;
}

/** `n` standard normal numbers: √(−2 ln u) cos 2πv, all u before all v. */
export function normals(n: number, seed: number): Float64Array {
  const u = uniforms(2 * n, seed);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const g = Math.sqrt(-2 * logarithm(u[i])) * cosine(2 * Math.PI * u[n + i]);
    out[i] = g === 0 ? TINY : g;
  }
  return out;
}

/** A random rotation, row-major: normal columns made orthonormal one after another. */
export function rotation(dim: number, seed: number): Float64Array {
  const columns = normals(dim * dim, seed);
  for (let i = 0; i < dim; i++) {
    const column = columns.subarray(i * dim, (i + 1) * dim);
    for (let j = 0; j < i; j++) {
      const earlier = columns.subarray(j * dim, (j + 1) * dim);
      const overlap = dot(column, earlier);
      for (let k = 0; k < dim; k++) column[k] -= overlap * earlier[k];
    }
    const norm = Math.sqrt(dot(column, column));
    for (let k = 0; k < dim; k++) column[k] /= norm;
  }
  const rows = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) rows[i * dim + j] = columns[j * dim + i];
  return rows;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** The place of the optimum: in [−4, 4], four decimals of the draw kept, never 0. */
export function optimum(dim: number, seed: number): Float64Array {
  return uniforms(dim, seed).map((u) => (8 * Math.floor(1e4 * u)) / 1e4 - 4 || -1e-5);
}

/** The value at the optimum: Cauchy with scale 100, two decimals, clipped to [−1000, 1000]. */
export function offset(seed: number): number {
  const [a] = normals(1, seed);
  const [b] = normals(1, seed + 1);
  const rounded = Math.floor((100 * 100 * a) / b + 0.5) / 100;
  return Math.min(1000, Math.max(-1000, rounded));
}
