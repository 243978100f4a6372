/**
 * Where the mass of a law is: its mean and deviation, the quartiles and the density along each axis. Three exact laws on a
 * grid, the partners of what the levels sample (|φ₀|², φ₀ and e^{−ζ/D}), and the same of draws and of a Gaussian.
 */
import type { Lattice } from "../../core/lattice.ts";

import type { Points, Potential } from "../../core/problem.ts";
import { mean, quantile, variance } from "../../math/stats.ts";
import { groundState, shares, stationary } from "../sampling-grid.ts";

export type LawName = "|ψ|²" | "ψ" | "e^(−ζ/D)";

/** The density along one axis, in cells about xs. */
export type Along = { readonly xs: Float64Array; readonly density: Float64Array };

export type Mass = {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** 25, 50 and 75 % of the mass lie below. */
  readonly quartiles: readonly (readonly [number, number, number])[];
};

export type ExactLaw = Mass & {
  readonly law: LawName;
  /** E₀ of the ground state's laws, ⟨ζ⟩ of e^{−ζ/D}. */
  readonly energy: number;
  readonly along: readonly Along[];
  readonly evaluations: number;
  readonly warnings: readonly string[];
};

/** The exact laws of a potential in up to three dimensions: |ψ|², ψ as a density, e^{−ζ/D}. */
export async function exactLaws(potential: Potential, D: number): Promise<Readonly<Record<LawName, ExactLaw>>> {
  const { lattice, amplitude, levels, evaluations, warnings } = await groundState(potential, D);
  const common = { energy: levels[0], evaluations, warnings };
  const thermal = await stationary(potential, D);
  // where e^{−ζ/D} vanishes a cell may hold ζ = +∞: it weighs nothing
  const energy = thermal.weight.reduce((sum, w, i) => (w > 0 ? sum + w * thermal.zeta[i] : sum), 0);
  return {
    "|ψ|²": { law: "|ψ|²", ...common, ...held(lattice, shares(amplitude.map((v) => v * v))) },
    ψ: { law: "ψ", ...common, ...held(lattice, shares(amplitude.map(Math.abs))) },
    "e^(−ζ/D)": {
      ...{ law: "e^(−ζ/D)", energy, evaluations: thermal.evaluations, warnings: thermal.warnings },
      ...held(thermal.lattice, thermal.weight),
    },
  };
}

function held(lattice: Lattice, weight: Float64Array): Mass & Pick<ExactLaw, "along"> {
  const along = marginals(lattice, weight);
  return { ...massOf(along), along };
}

/** The density along each axis, of probabilities of cells. */
function marginals({ axes, shape, stride, spacing }: Lattice, weight: Float64Array): Along[] {
  return axes.map((xs, j) => {
    const density = new Float64Array(shape[j]);
    weight.forEach((w, cell) => {
      density[Math.floor(cell / stride[j]) % shape[j]] += w / spacing[j];
    });
    return { xs, density };
  });
}

function massOf(along: readonly Along[]): Mass {
  const moments = along.map(({ xs, density }) => {
    const h = xs[1] - xs[0];
    const center = xs.reduce((sum, x, i) => sum + x * density[i] * h, 0);
    const square = xs.reduce((sum, x, i) => sum + (x - center) ** 2 * density[i] * h, 0);
    return [center, Math.sqrt(square)] as const;
  });
  return {
    mean: moments.map(([center]) => center),
    deviation: moments.map(([, deviation]) => deviation),
    quartiles: along.map((one) => [below(one, 0.25), below(one, 0.5), below(one, 0.75)]),
  };
}

/** Where draws lie, each coordinate by itself. */
export function massOfDraws(columns: readonly Float64Array[]): Mass {
  return {
    mean: columns.map(mean),
    deviation: columns.map((column) => Math.sqrt(variance(column))),
    quartiles: columns.map((column) => [quantile(column, 0.25), quantile(column, 0.5), quantile(column, 0.75)]),
  };
}

/** 0.75 of a normal law lies below so many deviations. */
const UPPER_QUARTILE = 0.6744897501960817;

export function massOfGaussian(center: Float64Array, covariance: Float64Array): Mass {
  const deviation = Array.from(center, (_, j) => Math.sqrt(covariance[j * center.length + j]));
  return {
    mean: [...center],
    deviation,
    quartiles: deviation.map((s, j) => [center[j] - UPPER_QUARTILE * s, center[j], center[j] + UPPER_QUARTILE * s]),
  };
}

/** The density of N(m, s²) in the cells about xs. */
export function gaussianAlong(xs: Float64Array, m: number, s: number): Along {
  const top = 1 / (s * Math.sqrt(2 * Math.PI));
  return { xs, density: xs.map((x) => top * Math.exp(-0.5 * ((x - m) / s) ** 2)) };
}

/** The distribution function of a density in cells: linear within a cell. */
export function distribution({ xs, density }: Along): (x: number) => number {
  const h = xs[1] - xs[0];
  const sums = new Float64Array(xs.length + 1);
  density.forEach((p, i) => {
    sums[i + 1] = sums[i] + p * h;
  });
  const first = xs[0] - h / 2;
  return (x) => {
    const at = (x - first) / h;
    if (!(at > 0)) return 0;
    if (at >= xs.length) return Math.min(1, sums[xs.length]);
    const cell = Math.floor(at);
    return Math.min(1, sums[cell] + (at - cell) * (sums[cell + 1] - sums[cell]));
  };
}

/** The place below which a share of the mass lies. */
function below({ xs, density }: Along, share: number): number {
  const h = xs[1] - xs[0];
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    const p = density[i] * h;
    if (sum + p >= share) return xs[i] + h * ((share - sum) / p - 0.5);
    sum += p;
  }
  return xs[xs.length - 1] + h / 2;
}

/** Coordinate by coordinate. */
export function columnsOf({ n, dim, x }: Points): Float64Array[] {
  return Array.from({ length: dim }, (_, j) => Float64Array.from({ length: n }, (_, i) => x[i * dim + j]));
}
