import { describe, expect, test } from "vitest";
import { fillNormal, fold, key } from "../../src/math/rng.ts";
import { autocorrelationTime, blocked } from "../../src/math/series.ts";

/** A stationary series x_t = φ x_{t−1} + z_t. */
function autoregressive(phi: number, n: number, seed: number, trial: number): Float64Array {
  const x = new Float64Array(n);
  fillNormal(fold(key(seed), trial), x);
  x[0] /= Math.sqrt(1 - phi * phi);
  for (let t = 1; t < n; t++) x[t] += phi * x[t - 1];
  return x;
}

/** Variance of the mean of n consecutive values of that series, exactly. */
function varianceOfMean(phi: number, n: number): number {
  const sum = (1 + phi) / (1 - phi) - (2 * phi * (1 - phi ** n)) / (n * (1 - phi) ** 2);
  return sum / (n * (1 - phi * phi));
}

describe("blocked errors", () => {
  test.each([
    [0, 2000],
    [0.5, 10_000],
    [0.9, 50_000],
    [-0.5, 10_000],
  ])("AR(1) with φ = %d, n = %i: the closed form, within error bars", (phi, n) => {
    const trials = 100;
    let deviation = 0;
    let weight = 0;
    let inside = 0;
    for (let i = 0; i < trials; i++) {
      const found = blocked(autoregressive(phi, n, 1, i));
      // m blocks of b estimate (V_b − V_mb) / (m − 1), V_k the variance of a mean of k
      const { block: b, blocks: m } = found;
      expect(m).toBe(Math.floor(n / b));
      expect(found.spread).toBeCloseTo(found.error / Math.sqrt(2 * (m - 1)), 12);
      const expected = (varianceOfMean(phi, b) - varianceOfMean(phi, b * m)) / (m - 1);
      deviation += found.error ** 2 / expected - 1;
      weight += 2 / (m - 1);
      if (Math.abs(found.mean) < 2 * found.error) inside++;
      // the bias left at the plateau is at most the noise of the error bar
      expect(Math.abs(Math.sqrt(expected / varianceOfMean(phi, n)) - 1)).toBeLessThan(2 / Math.sqrt(2 * (m - 1)));
    }
    expect(Math.abs(deviation) / Math.sqrt(weight)).toBeLessThan(4);
    expect(Math.abs(inside / trials - 0.9545)).toBeLessThan(4 * Math.sqrt((0.9545 * 0.0455) / trials));
  });

  test("the spread is that of the error bars", () => {
    const trials = 300;
    const errors: number[] = [];
    let spread = 0;
    for (let i = 0; i < trials; i++) {
      const found = blocked(autoregressive(0.5, 4000, 2, i));
      errors.push(found.error);
      spread += found.spread / trials;
    }
    const mean = errors.reduce((s, e) => s + e, 0) / trials;
    const seen = Math.sqrt(errors.reduce((s, e) => s + (e - mean) ** 2, 0) / (trials - 1));
    expect(seen / spread).toBeGreaterThan(0.8);
    expect(seen / spread).toBeLessThan(1.25);
  });

  test("says NaN where the series is too short for its correlation", () => {
    for (let i = 0; i < 100; i++) {
      const found = blocked(autoregressive(0.99, 1000, 3, i));
      expect(found.error).toBeNaN();
      expect(found.blocks).toBeNaN();
      expect(Number.isFinite(found.mean)).toBe(true);
    }
    for (const n of [0, 1, 2, 7, 20]) expect(blocked(autoregressive(0, n, 4, 0)).error).toBeNaN();
    expect(blocked(Float64Array.from({ length: 100_000 }, (_, t) => t)).error).toBeNaN();
  });

  test("a constant series has no error, and the series is left alone", () => {
    const series = new Float64Array(100).fill(-44.3);
    expect(blocked(series)).toMatchObject({ mean: expect.closeTo(-44.3, 12), error: 0 });
    const noisy = autoregressive(0.3, 1001, 5, 0);
    const before = noisy.slice();
    blocked(noisy);
    expect(noisy).toEqual(before);
  });
});

describe("autocorrelation time", () => {
  test.each([0, 0.5, 0.9, -0.3])("AR(1) with φ = %d: (1 + φ) / (1 − φ), within error bars", (phi) => {
    const n = 20_000;
    const trials = 60;
    const exact = (1 + phi) / (1 - phi);
    let total = 0;
    let squares = 0;
    for (let i = 0; i < trials; i++) {
      const tau = autocorrelationTime(autoregressive(phi, n, 6, i));
      total += tau;
      squares += tau * tau;
    }
    const mean = total / trials;
    const error = Math.sqrt((squares / trials - mean * mean) / (trials - 1));
    // cut at 5 τ the sum misses less than 2 φ^{5τ} / (1 − φ)
    const missed = (2 * Math.abs(phi) ** (5 * exact)) / (1 - phi);
    expect(Math.abs(mean - exact)).toBeLessThan(4 * error + missed + exact ** 2 * (10 / n));
  });

  test("says NaN where the series is too short or does not vary", () => {
    expect(autocorrelationTime(autoregressive(0.99, 2000, 7, 0))).toBeNaN();
    expect(autocorrelationTime(autoregressive(0, 20, 7, 0))).toBeNaN();
    expect(autocorrelationTime(new Float64Array(1000).fill(2))).toBeNaN();
    expect(autocorrelationTime(new Float64Array(0))).toBeNaN();
    expect(autocorrelationTime(Float64Array.from({ length: 10_000 }, (_, t) => t))).toBeNaN();
  });
});
