/**
 * From walks at several Δτ and N to the ground state's energy: E(Δτ, N) = E₀ + a Δτ^order + b/N, fitted by weighted least
 * squares, whose intercept is what is left at Δτ → 0 and N → ∞.
 */
import { fitLinear } from "../math/index.ts";
import type { Told } from "./walk.ts";

export type Fit = {
  readonly order: 1 | 2;
  readonly timeStep: number;
  readonly timeStepError: number;
  readonly population: number;
  readonly populationError: number;
  /** χ² of the fit, of one degree of freedom; where it is above 1 the errors are widened by its root. */
  readonly chi2: number;
};

export type Extrapolated = { readonly energy: number; readonly error: number; readonly fit: Fit };

/** A perfect guide leaves rounding only. */
const ROUNDING = 1e-13;

/**
 * The intercept of E(Δτ, N) = E₀ + a Δτ^order + b/N through rows of walks; errors are widened where the rows scatter by
 * more than theirs.
 */
export function extrapolate(rows: readonly Told[], order: 1 | 2): Extrapolated | undefined {
  if (rows.some(({ error }) => !Number.isFinite(error))) return undefined;
  const [{ dt, walkers }] = rows;
  const found = fitLinear(
    rows.map((row) => [1, (row.dt / dt) ** order, walkers / row.walkers]),
    rows.map(({ energy }) => energy),
    rows.map(({ energy, error }) => Math.max(error, ROUNDING * (1 + Math.abs(energy)))),
  );
  if (found === null) return undefined;
  const { coefficients, errors, chi2, freedom } = found;
  const wider = Math.max(1, Math.sqrt(chi2 / freedom));
  const fit: Fit = {
    ...{ order, timeStep: coefficients[1], timeStepError: wider * errors[1] },
    ...{ population: coefficients[2], populationError: wider * errors[2], chi2 },
  };
  return { energy: coefficients[0], error: wider * errors[0], fit };
}
