/** Products of complex numbers held as split parts, two at a time. */

/** Re ab */
@inline
export function re(ar: v128, ai: v128, br: v128, bi: v128): v128 {
  return f64x2.sub(f64x2.mul(ar, br), f64x2.mul(ai, bi));
}

/** Im ab */
@inline
export function im(ar: v128, ai: v128, br: v128, bi: v128): v128 {
  return f64x2.add(f64x2.mul(ar, bi), f64x2.mul(ai, br));
}

/** Re ab* */
@inline
export function reTurned(ar: v128, ai: v128, br: v128, bi: v128): v128 {
  return f64x2.add(f64x2.mul(ar, br), f64x2.mul(ai, bi));
}

/** Im ab* */
@inline
export function imTurned(ar: v128, ai: v128, br: v128, bi: v128): v128 {
  return f64x2.sub(f64x2.mul(ai, br), f64x2.mul(ar, bi));
}
