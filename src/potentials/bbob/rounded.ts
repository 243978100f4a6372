/**
 * The logarithm and the cosine rounded to the nearest double. ECMAScript leaves the last bits of Math.log and
 * Math.cos open, and the rotations of BBOB magnify them: rounded well, an instance is the same in every runtime, and
 * COCO's. Works on unevaluated sums hi + lo of two doubles (Dekker, Numer. Math. 18, 1971), some 100 bits.
 */
type Pair = readonly [hi: number, lo: number];

const SPLIT = 2 ** 27 + 1;
const ONE: Pair = [1, 0];

/** So many terms leave 2⁻¹⁰⁰ of an argument halved so often. */
const EXP = { halvings: 12, terms: 11 };
const COS = { halvings: 10, terms: 6 };

/** ln u, for u in (0, 1]: y + (u e^{−y} − 1) with y = Math.log(u). */
export function logarithm(u: number): number {
  const guess = Math.log(u);
  let exp = series([-guess * 2 ** -EXP.halvings, 0], EXP.terms, (n) => n);
  for (let i = 0; i < EXP.halvings; i++) exp = product(exp, exp);
  return guess + sum(product([u, 0], exp), [-1, 0])[0];
}

/** cos θ, for |θ| ≤ 2π. */
export function cosine(angle: number): number {
  const part = angle * 2 ** -COS.halvings;
  let cos = series(product([-part, 0], [part, 0]), COS.terms, (n) => 2 * n * (2 * n - 1));
  for (let i = 0; i < COS.halvings; i++) {
    const square = product(cos, cos);
    cos = sum([2 * square[0], 2 * square[1]], [-1, 0]);
  }
  return cos[0];
}

/** 1 + t/r(1) (1 + t/r(2) (1 + …)). */
function series(t: Pair, terms: number, ratio: (n: number) => number): Pair {
  let out = ONE;
  for (let n = terms; n > 0; n--) out = sum(ONE, quotient(product(t, out), ratio(n)));
  return out;
}

function normalized(hi: number, lo: number): Pair {
  const top = hi + lo;
  return [top, lo - (top - hi)];
}

function sum(a: Pair, b: Pair): Pair {
  const hi = a[0] + b[0];
  const other = hi - a[0];
  return normalized(hi, a[0] - (hi - other) + (b[0] - other) + (a[1] + b[1]));
}

function product(a: Pair, b: Pair): Pair {
  const hi = a[0] * b[0];
  return normalized(hi, remainder(a[0], b[0], hi) + (a[0] * b[1] + a[1] * b[0]));
}

function quotient(a: Pair, by: number): Pair {
  const hi = a[0] / by;
  const back = hi * by;
  return normalized(hi, (a[0] - back - remainder(hi, by, back) + a[1]) / by);
}

/** What the rounded product `ab` left of a · b. */
function remainder(a: number, b: number, ab: number): number {
  const aHigh = a * SPLIT - (a * SPLIT - a);
  const bHigh = b * SPLIT - (b * SPLIT - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (ab - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
