import { describe, expect, test } from "vitest";
import { errorBetween, errorsAlong, fitLocal, type LocalFit, localAt, localTerms } from "../../src/math/local.ts";
import { fold, key, normal, uniform } from "../../src/math/rng.ts";

/** n points, even over the ball |u| ≤ 1. */
function ball(n: number, dim: number, seed: number): Float64Array {
  const u = new Float64Array(n * dim);
  for (let k = 0; k < n; k++) {
    const own = fold(key(seed), k);
    const z = Array.from({ length: dim }, (_, j) => normal(own, j));
    const r = uniform(own, dim) ** (1 / dim) / Math.hypot(...z);
    for (let j = 0; j < dim; j++) u[k * dim + j] = r * z[j];
  }
  return u;
}

function rows(u: Float64Array, dim: number): Float64Array[] {
  return Array.from({ length: u.length / dim }, (_, k) => u.subarray(k * dim, (k + 1) * dim));
}

const H = [
  [3, 1, 0],
  [1, 2, -0.5],
  [0, -0.5, 4],
];
const G = [0.3, -1, 2];
const well = (u: ArrayLike<number>): number =>
  7 + G.reduce((sum, g, i) => sum + g * u[i] + 0.5 * H[i].reduce((s, h, j) => s + h * u[i] * u[j], 0), 0);

function fitOf(u: Float64Array, y: Float64Array): LocalFit {
  const fit = fitLocal(u, y, 3);
  if (fit === null) throw new Error("no fit");
  return fit;
}

test("a quadratic without noise is found to rounding", () => {
  const u = ball(40, 3, 1);
  const fit = fitOf(u, Float64Array.from(rows(u, 3), well));
  expect(fit.value).toBeCloseTo(7, 12);
  G.forEach((g, i) => {
    expect(fit.gradient[i]).toBeCloseTo(g, 12);
  });
  H.flat().forEach((h, e) => {
    expect(fit.hessian[e]).toBeCloseTo(h, 11);
  });
  expect(localAt(fit, Float64Array.of(0.2, -0.4, 0.1))).toBeCloseTo(well([0.2, -0.4, 0.1]), 12);
  expect(fit.skew).toBeLessThan(1e-20);
  expect(fit.rest).toBeLessThan(1e-10);
});

test("what a cubic shifts goes into skew, what it does not into the rest", () => {
  const u = ball(4000, 3, 2);
  const of = (extra: (p: Float64Array) => number): LocalFit =>
    fitOf(
      u,
      Float64Array.from(rows(u, 3), (p) => well(p) + extra(p)),
    );
  const shifting = of((p) => p[0] * p.reduce((s, v) => s + v * v, 0));
  expect(shifting.skew).toBeGreaterThan(1);
  expect(shifting.rest).toBeLessThan(1e-9);
  // u₁u₂u₃ is orthogonal to all linear terms over a ball, and shifts nothing
  const other = of((p) => p[0] * p[1] * p[2]);
  expect(other.rest).toBeGreaterThan(20 * other.skew);
});

describe("under noise", () => {
  const RUNS = 400;
  const n = 60;
  const sigma = 0.7;
  const u = ball(n, 3, 3);
  const fits = Array.from({ length: RUNS }, (_, run) => {
    const noise = fold(key(4), run);
    return fitOf(
      u,
      Float64Array.from(rows(u, 3), (p, k) => well(p) + sigma * normal(noise, k)),
    );
  });
  const spread = (values: number[]): number => {
    const mean = values.reduce((a, b) => a + b) / RUNS;
    return Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (RUNS - 1));
  };

  test("rest and skew are χ² of their degrees of freedom", () => {
    const p = localTerms(3);
    for (const [part, freedom] of [
      [fits.map(({ rest }) => rest), n - p - 3],
      [fits.map(({ skew }) => skew), 3],
    ] as const) {
      const mean = part.reduce((a, b) => a + b) / RUNS / sigma ** 2;
      // five standard errors of the mean of so many χ²
      expect(Math.abs(mean - freedom)).toBeLessThan(5 * Math.sqrt((2 * freedom) / RUNS));
    }
    expect(fits[0].freedom).toBe(n - p - 3);
  });

  test("standard errors are those that are seen", () => {
    const v = Float64Array.of(0.6, 0, -0.8);
    const a = Float64Array.of(0.5, -0.2, 0.1);
    const b = Float64Array.of(-0.1, 0.3, 0.4);
    const along = errorsAlong(fits[0], v);
    const seen = {
      slope: spread(fits.map(({ gradient }) => v.reduce((s, w, i) => s + w * gradient[i], 0))),
      stiffness: spread(
        fits.map(({ hessian }) =>
          v.reduce((s, w, i) => s + v.reduce((t, x, j) => t + w * x * hessian[i * 3 + j], 0), 0),
        ),
      ),
      between: spread(fits.map((fit) => localAt(fit, a) - localAt(fit, b))),
    };
    // the standard deviation of a standard deviation is 1/√2·400 of it: 18 % are five of them
    expect(Math.abs(seen.slope / (sigma * along.slope) - 1)).toBeLessThan(0.18);
    expect(Math.abs(seen.stiffness / (sigma * along.stiffness) - 1)).toBeLessThan(0.18);
    expect(Math.abs(seen.between / (sigma * errorBetween(fits[0], a, b)) - 1)).toBeLessThan(0.18);
  });
});

test.each([
  ["too few points", ball(13, 3, 5)],
  ["points in a plane", ball(60, 3, 5).map((v, e) => (e % 3 === 2 ? 0 : v))],
])("%s determine nothing", (_name, u) => {
  expect(fitLocal(u, Float64Array.from(rows(u, 3), well), 3)).toBeNull();
});
