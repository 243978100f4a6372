/**
 * Elementary functions that give the same bits everywhere: `Math.exp` and its kin differ in the last place from engine
 * to engine, these are made of sums and products alone, and the kernels repeat them operation for operation. Ranges are
 * reduced in the manner of Cody and Waite; the polynomials of sine and cosine are fdlibm's.
 */

/** 1.5·2⁵²: added and taken away again, it rounds to the nearest whole number, ties to even. */
const ROUND = 6755399441055744;

const PER_LN2 = Math.LOG2E;
const LN2 = [6.931471803691238e-1, 1.9082149292705877e-10] as const;
/** Below the first exp is 0 (the kernels know no numbers below the normal ones), above the second ∞. */
const EXP_RANGE = [-708, 709] as const;

const PER_QUARTER = 0.6366197723675814;
/** π/2 in three parts of 33 bits. */
const QUARTER = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21] as const;
/** A larger phase has no digits left that mean anything. */
const LARGEST_PHASE = 2 ** 40;

const power = new Float64Array(1);
const powerWords = new Uint32Array(power.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** eˣ to an ulp, for x from −708 to 709; 0 below, ∞ above. */
export function exp(x: number): number {
  if (x < EXP_RANGE[0]) return 0;
  if (x > EXP_RANGE[1]) return Number.POSITIVE_INFINITY;
  const k = x * PER_LN2 + ROUND - ROUND;
  const r = x - k * LN2[0] - k * LN2[1];
  let p = 1.6059043836821613e-10;
  p = p * r + 2.08767569878681e-9;
  p = p * r + 2.505210838544172e-8;
  p = p * r + 2.755731922398589e-7;
  p = p * r + 2.7557319223985893e-6;
  p = p * r + 2.48015873015873e-5;
  p = p * r + 1.984126984126984e-4;
  p = p * r + 1.388888888888889e-3;
  p = p * r + 8.333333333333333e-3;
  p = p * r + 4.1666666666666664e-2;
  p = p * r + 1.6666666666666666e-1;
  p = p * r + 0.5;
  p = p * r * r + r + 1;
  powerWords[HIGH] = (k + 1023) << 20;
  return p * power[0];
}

/** Within it the short series of expNear() is exact to the last place. */
const NEAR = 1 / 16;

/**
 * eˣ to an ulp, quick where |x| ≤ 1/16: its series in pairs of terms, which do not wait for each other as those of exp() do.
 * Elsewhere it is exp().
 */
export function expNear(x: number): number {
  if (!(Math.abs(x) <= NEAR)) return exp(x);
  const z = x * x;
  const zz = z * z;
  const first = 1 + x + z * (0.5 + 1.6666666666666666e-1 * x);
  const second =
    4.1666666666666664e-2 + 8.333333333333333e-3 * x + z * (1.388888888888889e-3 + 1.984126984126984e-4 * x);
  const third = 2.48015873015873e-5 + 2.7557319223985893e-6 * x;
  return first + zz * (second + zz * third);
}

/**
 * Writes cos x and sin x, to an ulp for |x| ≤ 10⁶, and cos x − 1, which next to a whole turn keeps its digits, to
 * out[at …]. Beyond 2⁴⁰ they are those of ±2⁴⁰.
 */
export function turn(x: number, out: Float64Array, at = 0): void {
  const phase = Math.min(Math.max(x, -LARGEST_PHASE), LARGEST_PHASE);
  const k = phase * PER_QUARTER + ROUND - ROUND;
  const r = phase - k * QUARTER[0] - k * QUARTER[1] - k * QUARTER[2];
  const z = r * r;
  let s = 1.58969099521155e-10;
  s = s * z - 2.5050760253406863e-8;
  s = s * z + 2.7557313707070068e-6;
  s = s * z - 1.984126982985795e-4;
  s = s * z + 8.33333333332249e-3;
  s = s * z - 1.6666666666666632e-1;
  const sine = s * z * r + r;
  let c = -1.1359647557788195e-11;
  c = c * z + 2.087572321298175e-9;
  c = c * z - 2.7557314351390663e-7;
  c = c * z + 2.480158728947673e-5;
  c = c * z - 1.388888888887411e-3;
  c = c * z + 4.16666666666666e-2;
  const beside = c * z * z - 0.5 * z;
  const cosine = beside + 1;
  const quarter = k - 4 * Math.floor(k / 4);
  const odd = quarter === 1 || quarter === 3;
  const re = odd ? sine : cosine;
  const im = odd ? cosine : sine;
  out[at] = quarter === 1 || quarter === 2 ? -re : re;
  out[at + 1] = quarter >= 2 ? -im : im;
  out[at + 2] = quarter === 0 ? beside : out[at] - 1;
}
