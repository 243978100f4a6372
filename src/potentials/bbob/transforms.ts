/**
 * The maps that BBOB puts between x and the landscapes: shift, linear map, T_osz, T_asy and the penalty outside
 * [−5, 5] (Hansen, Finck, Ros, Auger, INRIA RR-6829, section 0.2). A map returns a buffer that it owns, or works
 * in place on the buffer that it is given, so that a chain like `M(tasy(oscillate(R(shift(x)))))` allocates nothing.
 */

export type Vector = Float64Array;
export type VectorMap = (x: Vector) => Vector;

/** base^(i/(d−1)), i = 0 … d−1: the diagonal of Λ^α for base √α. */
export function powers(dim: number, base: number): Vector {
  return Float64Array.from({ length: dim }, (_, i) => base ** (i / (dim - 1)));
}

/** x − origin. */
export function shift(origin: Vector): VectorMap {
  const out = new Float64Array(origin.length);
  return (x) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] - origin[i];
    return out;
  };
}

/** A x for a row-major square matrix; four rows at a time, since one sum alone waits on its own additions. */
export function linear(matrix: Vector): VectorMap {
  const dim = Math.sqrt(matrix.length);
  const blocks = dim - (dim % 4);
  const out = new Float64Array(dim);
  return (x) => {
    for (let i = 0; i < blocks; i += 4) {
      let [a, b, c, d] = [i * dim, (i + 1) * dim, (i + 2) * dim, (i + 3) * dim];
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let j = 0; j < dim; j++) {
        const v = x[j];
        p += matrix[a++] * v;
        q += matrix[b++] * v;
        r += matrix[c++] * v;
        s += matrix[d++] * v;
      }
      out[i] = p;
      out[i + 1] = q;
      out[i + 2] = r;
      out[i + 3] = s;
    }
    for (let i = blocks, at = blocks * dim; i < dim; i++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) sum += matrix[at++] * x[j];
      out[i] = sum;
    }
    return out;
  };
}

/** diag(weights) A. */
export function scaleRows(weights: Vector, matrix: Vector): Vector {
  const dim = weights.length;
  return matrix.map((entry, at) => weights[Math.floor(at / dim)] * entry);
}

/** A diag(weights) B. */
export function conditioned(left: Vector, weights: Vector, right: Vector): Vector {
  const dim = weights.length;
  const out = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let k = 0; k < dim; k++) {
      const factor = left[i * dim + k] * weights[k];
      for (let j = 0; j < dim; j++) out[i * dim + j] += factor * right[k * dim + j];
    }
  }
  return out;
}

/** T_osz of one number: v e^{0.049 (sin c₁ ln|v| + sin c₂ ln|v|)}, c = (10, 7.9) above zero and (5.5, 3.1) below. */
export function oscillated(v: number): number {
  if (v === 0) return 0;
  const log = Math.log(Math.abs(v));
  const ripple = v > 0 ? Math.sin(10 * log) + Math.sin(7.9 * log) : Math.sin(5.5 * log) + Math.sin(3.1 * log);
  return v * Math.exp(0.049 * ripple);
}

/** T_osz of each coordinate, in place. */
export function oscillate(z: Vector): Vector {
  for (let i = 0; i < z.length; i++) z[i] = oscillated(z[i]);
  return z;
}

/** T_asy^β in place: z_i^{1 + β (i/(d−1)) √z_i} where z_i > 0. */
export function asymmetry(dim: number, beta: number): VectorMap {
  const rate = Float64Array.from({ length: dim }, (_, i) => (beta * i) / (dim - 1));
  return (z) => {
    for (let i = 1; i < dim; i++) {
      const v = z[i];
      if (v > 0) z[i] = v * Math.exp(rate[i] * Math.sqrt(v) * Math.log(v));
    }
    return z;
  };
}

/** f_pen = Σ max(0, |x_i| − 5)². */
export function outside(x: Vector): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const excess = Math.abs(x[i]) - 5;
    // so written, NaN counts, and a point that has one never looks good
    if (!(excess <= 0)) sum += excess * excess;
  }
  return sum;
}
