/** Distribution functions the tests compare with: the normal law, its upper tail and the chi-square tail. */

/** P(X < x) of the standard normal, to about 1e-15. */
export function normalCdf(x: number): number {
  return x < 0 ? normalTail(-x) : 1 - normalTail(x);
}

/** P(X > x) of the standard normal for x ≥ 0, to about 14 digits of itself. */
export function normalTail(x: number): number {
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    // Φ(x) − ½ = φ(x) (x + x³/3 + x⁵/15 + …)
    let term = x;
    let total = x;
    for (let k = 3; term > 1e-18 * total; k += 2) {
      term *= (x * x) / k;
      total += term;
    }
    return 0.5 - density * total;
  }
  // Laplace's continued fraction x + 1/(x + 2/(x + 3/(x + …)))
  let fraction = x;
  for (let k = 160; k >= 1; k--) fraction = x + k / fraction;
  return density / fraction;
}

/** P(χ² > x) with k degrees of freedom, by Wilson and Hilferty's cube root: good to a few per cent of itself. */
export function chiSquareTail(x: number, k: number): number {
  const z = ((x / k) ** (1 / 3) - (1 - 2 / (9 * k))) / Math.sqrt(2 / (9 * k));
  return 1 - normalCdf(z);
}

/** Pearson's χ² of counts whose expectations are all equal, as a probability. */
export function equalCounts(counts: ArrayLike<number>): number {
  const k = counts.length;
  let n = 0;
  for (let i = 0; i < k; i++) n += counts[i];
  const expected = n / k;
  let chi2 = 0;
  for (let i = 0; i < k; i++) chi2 += (counts[i] - expected) ** 2 / expected;
  return chiSquareTail(chi2, k - 1);
}
