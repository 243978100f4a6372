/**
 * Functions of one electron, out of which guides of atoms and molecules are made, in hartree units (D = ½). Each has its
 * nucleus' cusp, ∂φ/∂r = −Zφ there, so that ∇²φ/φ cancels the Coulomb pole.
 */

/** ln f, ∇ln f (three numbers at `slot`) and ∇²f/f at (x, y, z). */
export type Orbital = (x: number, y: number, z: number, out: Float64Array, slot: number) => void;

/** Where ln f, its gradient and ∇²f/f stand behind the slot. */
export const LOG = 0;
export const SLOPE = 1;
export const CURVE = 4;
/** Numbers of a slot. */
export const SLOT = 5;

/**
 * About a nucleus of charge Z at the origin: e^{−p(r)}, p = βr + (Z − β) r/(1 + γr). It falls as e^{−Zr} near it and as
 * e^{−βr} far away.
 */
export function atomic(charge: number, beta: number, gamma: number): Orbital {
  const rest = charge - beta;
  return (x, y, z, out, slot) => {
    const r = Math.sqrt(x * x + y * y + z * z);
    const near = 1 / (1 + gamma * r);
    const first = beta + rest * near * near;
    const second = -2 * gamma * rest * near * near * near;
    out[slot + LOG] = -(beta * r + rest * r * near);
    out[slot + SLOPE] = (-first * x) / r;
    out[slot + SLOPE + 1] = (-first * y) / r;
    out[slot + SLOPE + 2] = (-first * z) / r;
    out[slot + CURVE] = first * first - second - (2 * first) / r;
  };
}

/**
 * Between two protons at distance R on the z axis: e^{−a r_A − b r_B} + e^{−b r_A − a r_B} (V. Guillemin and C. Zener, Proc.
 * Natl. Acad. Sci. 15, 314, 1929), with the a that gives both cusps.
 */
export function bond(R: number, b: number): Orbital {
  const a = cuspExponent(R, b);
  return (x, y, z, out, slot) => {
    const around = x * x + y * y;
    const [zA, zB] = [z + R / 2, z - R / 2];
    const rA = Math.sqrt(around + zA * zA);
    const rB = Math.sqrt(around + zB * zB);
    const cosine = (around + zA * zB) / (rA * rB);
    const first = -a * rA - b * rB;
    const second = -b * rA - a * rB;
    const top = Math.max(first, second);
    const total = Math.exp(first - top) + Math.exp(second - top);
    const w = Math.exp(first - top) / total;
    // the pull toward each proton, of both terms together
    const [pA, pB] = [w * a + (1 - w) * b, w * b + (1 - w) * a];
    out[slot + LOG] = top + Math.log(total);
    out[slot + SLOPE] = -(pA / rA + pB / rB) * x;
    out[slot + SLOPE + 1] = -(pA / rA + pB / rB) * y;
    out[slot + SLOPE + 2] = (-pA * zA) / rA - (pB * zB) / rB;
    out[slot + CURVE] = a * a + b * b + 2 * a * b * cosine - (2 * pA) / rA - (2 * pB) / rB;
  };
}

/** The a > 1 with (a e^{−bR} + b e^{−aR}) / (e^{−bR} + e^{−aR}) = 1, by bisection. */
function cuspExponent(R: number, b: number): number {
  let [low, high] = [1, 2];
  for (let k = 0; k < 60; k++) {
    const a = 0.5 * (low + high);
    if ((a - 1) * Math.exp(-b * R) < (1 - b) * Math.exp(-a * R)) low = a;
    else high = a;
  }
  return 0.5 * (low + high);
}
