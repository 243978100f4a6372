/**
 * Drift and diffusion on a chain of equal cells: ∂p/∂τ = (p ζ′)′ + D p″ as a Markov chain that jumps between neighbors
 * (Scharfetter and Gummel, IEEE Trans. Electron Devices 16, 64, 1969; Chang and Cooper, J. Comput. Phys. 6, 1, 1970).
 * Detailed balance with e^{−ζ/D} holds face by face, so that mass and stationary law are exact on any grid.
 */

/**
 * h² times the rate of jumps over a face across which ζ rises: D B(rise/D) with the Bernoulli function
 * B(z) = z / (e^z − 1), and max(0, −rise) for D = 0.
 */
export function jumpRate(rise: number, D: number): number {
  if (rise === 0) return D;
  const e = Math.expm1(rise / D);
  return e === 0 ? D : rise / e;
}

/**
 * A chain of n cells inside larger arrays: cell i is element start + i · stride. `forth` of a cell is the rate of jumps
 * to the next one, `back` the rate of those from there; next to the last cell is the first, with rates 0 where there
 * is no ring.
 */
export type Chain = {
  readonly forth: Float64Array;
  readonly back: Float64Array;
  readonly stride: number;
  readonly n: number;
};

/**
 * One implicit step, p ← (1 − ΔτL)⁻¹ p, along a chain. No subtraction occurs in it (Grassmann, Taksar and Heyman, Oper.
 * Res. 33, 1107, 1985): eliminating a cell hands what it holds, and its links, to the two that remain beside it, the
 * next and the last. So p stays positive and is accurate to a few n ε in each cell, for any Δτ.
 * @param start the element of cell 0
 * @param toNext scratch of n numbers
 * @param toLast scratch of n numbers
 */
export function relaxChain(
  p: Float64Array,
  { forth, back, stride, n }: Chain,
  start: number,
  dt: number,
  toNext: Float64Array,
  toLast: Float64Array,
): void {
  const last = start + (n - 1) * stride;
  // links of the cell at hand with the last cell, and what each of the two keeps of its column beside its links
  let given = dt * back[last];
  let taken = dt * forth[last];
  let kept = 1;
  let keptLast = 0;
  for (let i = 0, c = start; i < n - 1; i++, c += stride) {
    const out = dt * forth[c];
    const into = dt * back[c];
    const scale = 1 / (kept + out + given);
    const part = p[c] * scale;
    p[c] = part;
    p[c + stride] += out * part;
    p[last] += given * part;
    toNext[i] = into * scale;
    toLast[i] = taken * scale;
    keptLast += toLast[i] * kept;
    kept = 1 + toNext[i] * kept;
    given *= toNext[i];
    taken = out * toLast[i];
  }
  const end = p[last] / (kept + keptLast);
  p[last] = end;
  for (let i = n - 2, c = last - stride, next = end; i >= 0; i--, c -= stride) {
    next = p[c] + toNext[i] * next + toLast[i] * end;
    p[c] = next;
  }
}
