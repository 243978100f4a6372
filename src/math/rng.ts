/**
 * Addressed random numbers: every number is a pure function of (key, element), so there is no generator state to
 * save and a walker's noise depends neither on the population, nor on the batch, nor on the number of workers.
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011)
 * maps a 64-bit key and a 64-bit counter to 64 random bits. The counter is the element (53 bits) below the attempt
 * (11 bits), the attempt being what a rejection advances. One key serves one purpose: fold another for the next.
 */

/** A key of the generator: two words of 32 bits. */
export type Key = { readonly hi: number; readonly lo: number };

const WORD = 2 ** 32;
const ELEMENT_HIGH_BITS = 21;
/** The attempt no draw reaches: `fold` has it to itself, so that a key is never the bits of a draw. */
const FOLD = 2 ** 11 - 1;
const ULP = 2 ** -53;

/** The two words of the last block; every function here reads them at once. */
const bits = new Uint32Array(2);

/** The key of a seed: any safe integer, all 53 bits and the sign count. */
export function key(seed: number): Key {
  return { hi: Math.floor(seed / WORD) >>> 0, lo: seed >>> 0 };
}

/** A key derived from a key and a non-negative safe integer: the block of `data` under `key`. */
export function fold(key: Key, data: number): Key {
  threefry2x32(key.hi, key.lo, data, high(data, FOLD), bits);
  return { hi: bits[0], lo: bits[1] };
}

/** Uniform in [0, 1) with 53 bits; `element` ≤ 2⁵³ − 1, `attempt` ≤ 2046. */
export function uniform(key: Key, element: number, attempt = 0): number {
  return unit(key, element, high(element, attempt));
}

/** out[i] = uniform(key, start + i). */
export function fillUniform(key: Key, out: Float64Array, start = 0): void {
  let low = start | 0;
  let top = high(start, 0);
  for (let i = 0; i < out.length; i++) {
    out[i] = unit(key, low, top);
    low = (low + 1) | 0;
    if (low === 0) top++;
  }
}

/** Uniform among 0 … n − 1, for whole n from 1 to 2⁵³; no probability is off by more than 2⁻⁵². */
export function integer(key: Key, element: number, n: number): number {
  return Math.floor(uniform(key, element) * n);
}

/** A uniform permutation of 0 … n − 1 (Fisher and Yates). */
export function permutation(key: Key, n: number): Int32Array {
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const j = integer(key, i, i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  return order;
}

/** Standard normal, by the ziggurat below. */
export function normal(key: Key, element: number): number {
  return deviate(key, element, high(element, 0));
}

/** out[i] = normal(key, start + i), bit for bit. */
export function fillNormal(key: Key, out: Float64Array, start = 0): void {
  let low = start | 0;
  let top = high(start, 0);
  for (let i = 0; i < out.length; i++) {
    out[i] = deviate(key, low, top);
    low = (low + 1) | 0;
    if (low === 0) top++;
  }
}

/** The high word of a counter: the upper bits of the element, the attempt above them. */
export function high(element: number, attempt: number): number {
  return Math.floor(element / WORD) | (attempt << ELEMENT_HIGH_BITS);
}

function unit(key: Key, low: number, top: number): number {
  threefry2x32(key.hi, key.lo, low, top, bits);
  return ((bits[0] >>> 5) * 2 ** 26 + (bits[1] >>> 6)) * ULP;
}

/*
 * The ziggurat (Marsaglia and Tsang, J. Stat. Softw. 5(8), 2000): the half-density f(x) = exp(−x²/2) is covered by
 * 256 layers of one area V. Layer i ≥ 1 is the rectangle [0, X_i] × [f(X_i), f(X_{i+1})], with X_1 = R and X_256 = 0;
 * layer 0 is [0, R] × [0, f(R)] with the tail beyond R, drawn as a rectangle of width X_0 = V / f(R).
 * One block gives the layer (8 bits) and a signed abscissa (54 bits); 98.5 % of draws need no more.
 */
const LAYERS = 256;
const R = 3.654152885361009;
const V = 0.004928673233974655;
const edge = new Float64Array(LAYERS + 1);
const density = new Float64Array(LAYERS + 1);
/** X_i · 2⁻⁵³, and the abscissae (in units of it) below which the layer lies wholly under f. */
const scale = new Float64Array(LAYERS);
const inside = new Float64Array(LAYERS);

edge[0] = V / Math.exp(-0.5 * R * R);
edge[1] = R;
for (let i = 2; i < LAYERS; i++)
  edge[i] = Math.sqrt(-2 * Math.log(V / edge[i - 1] + Math.exp(-0.5 * edge[i - 1] * edge[i - 1])));
for (let i = 0; i <= LAYERS; i++) density[i] = Math.exp(-0.5 * edge[i] * edge[i]);
for (let i = 0; i < LAYERS; i++) {
  scale[i] = edge[i] * ULP;
  inside[i] = (edge[i + 1] / edge[i]) * 2 ** 53;
}

/** For the kernels: for each layer 2⁻⁵³ X_i and the abscissa below which it lies wholly under the curve. */
export function ziggurat(): Float64Array {
  return Float64Array.from({ length: 2 * LAYERS }, (_, e) => (e % 2 === 0 ? scale : inside)[e >> 1]);
}

function deviate(key: Key, low: number, top: number): number {
  threefry2x32(key.hi, key.lo, low, top, bits);
  const layer = bits[0] & (LAYERS - 1);
  const abscissa = (bits[0] >> 10) * WORD + bits[1];
  const x = abscissa * scale[layer];
  return Math.abs(abscissa) < inside[layer] ? x : finish(key, low, top, layer, x);
}

/** For the kernels: the normal of an element whose first look fell at x, of a layer, and not wholly under the curve. */
export function outside(key: Key, element: number, layer: number, x: number): number {
  return finish(key, element, high(element, 0), layer, x);
}

/** The rare rest of a draw: the wedge between layer and curve, the tail, and new attempts. */
function finish(key: Key, low: number, top: number, layer: number, x: number): number {
  const next = top + (1 << ELEMENT_HIGH_BITS);
  if (layer === 0) return tail(key, low, next, x < 0 ? -1 : 1);
  const height = density[layer] + unit(key, low, next) * (density[layer + 1] - density[layer]);
  return height < Math.exp(-0.5 * x * x) ? x : deviate(key, low, next + (1 << ELEMENT_HIGH_BITS));
}

/** A normal beyond R (Marsaglia, Technometrics 6, 101, 1964). */
function tail(key: Key, low: number, top: number, sign: number): number {
  for (let at = top; ; at += 2 << ELEMENT_HIGH_BITS) {
    const beyond = -Math.log(1 - unit(key, low, at)) / R;
    const bound = -Math.log(1 - unit(key, low, at + (1 << ELEMENT_HIGH_BITS)));
    if (2 * bound > beyond * beyond) return sign * (R + beyond);
  }
}

/** The block (c0, c1) under the key (k0, k1), 20 rounds: writes two words. Arguments count modulo 2³². */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const a = k0 | 0;
  const b = k1 | 0;
  const c = a ^ b ^ 0x1bd11bda;
  let x = ((c0 | 0) + a) | 0;
  let y = ((c1 | 0) + b) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + b) | 0;
  y = (y + c + 1) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + c) | 0;
  y = (y + a + 2) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + a) | 0;
  y = (y + b + 3) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + b) | 0;
  y = (y + c + 4) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + c) | 0;
  y = (y + a + 5) | 0;

  out[0] = x;
  out[1] = y;
}
