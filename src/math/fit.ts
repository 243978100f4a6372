/** Weighted linear least squares: values y_i ± s_i as Σ_k c_k a_ik, with the errors that the coefficients inherit. */
import { cholesky, solveCholesky } from "./linalg.ts";

export type Fitted = {
  readonly coefficients: Float64Array;
  /** Standard errors of the coefficients. */
  readonly errors: Float64Array;
  /** χ² = Σ (y_i − Σ_k c_k a_ik)²/s_i², and how many values there are beyond the coefficients. */
  readonly chi2: number;
  readonly freedom: number;
};

/**
 * The coefficients that make χ² least.
 * @param rows a_i, one row for each value
 * @param values y_i
 * @param errors s_i > 0
 * @returns null where the rows do not determine the coefficients
 */
export function fitLinear(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  errors: readonly number[],
): Fitted | null {
  const m = rows[0]?.length ?? 0;
  const normal = new Float64Array(m * m);
  const right = new Float64Array(m);
  rows.forEach((row, i) => {
    const weight = 1 / errors[i] ** 2;
    for (let j = 0; j < m; j++) {
      right[j] += weight * row[j] * values[i];
      for (let k = 0; k < m; k++) normal[j * m + k] += weight * row[j] * row[k];
    }
  });
  if (m === 0 || rows.length < m || !cholesky(normal, m)) return null;
  solveCholesky(normal, m, right);
  const deviations = Float64Array.from({ length: m }, (_, j) => {
    const unit = new Float64Array(m);
    unit[j] = 1;
    solveCholesky(normal, m, unit);
    return Math.sqrt(unit[j]);
  });
  const chi2 = rows.reduce((total, row, i) => {
    const told = row.reduce((sum, a, k) => sum + a * right[k], 0);
    return total + ((values[i] - told) / errors[i]) ** 2;
  }, 0);
  return { coefficients: right, errors: deviations, chi2, freedom: rows.length - m };
}
