import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillNormal, fillUniform, fold, key } from "../../src/math/rng.ts";
import {
  bootstrap,
  centroid,
  covariance,
  kolmogorovSmirnov,
  kolmogorovTail,
  mean,
  median,
  quantile,
  variance,
} from "../../src/math/stats.ts";
import { equalCounts, normalCdf, normalTail } from "./distributions.ts";

const of = (...values: number[]) => Float64Array.from(values);

function normals(seed: number, n: number): Float64Array {
  const out = new Float64Array(n);
  fillNormal(key(seed), out);
  return out;
}

describe("mean and variance", () => {
  test("closed forms", () => {
    expect(mean(of(1, 2, 3, 4))).toBe(2.5);
    expect(variance(of(1, 2, 3, 4))).toBeCloseTo(5 / 3, 15);
    const ramp = Float64Array.from({ length: 5001 }, (_, i) => i);
    expect(mean(ramp)).toBe(2500);
    expect(variance(ramp) / ((5001 * 5002) / 12)).toBeCloseTo(1, 13);
  });

  test("a small spread on a large mean survives", () => {
    const ramp = Float64Array.from({ length: 101 }, (_, i) => 2 ** 50 + i);
    expect(variance(ramp)).toBeCloseTo((101 * 102) / 12, 9);
  });

  test("too few values give NaN", () => {
    expect(mean(of())).toBeNaN();
    expect(variance(of())).toBeNaN();
    expect(variance(of(3))).toBeNaN();
    expect(variance(of(3, 3))).toBe(0);
  });
});

describe("quantiles", () => {
  test("between order statistics, without touching the values", () => {
    const values = of(10, 2, 7, 1);
    expect(median(values)).toBe(4.5);
    expect(median(of(3, 1, 2))).toBe(2);
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 1)).toBe(10);
    expect(quantile(values, 0.25)).toBe(1.75);
    expect([...values]).toEqual([10, 2, 7, 1]);
    expect(median(of())).toBeNaN();
    expect(median(of(5))).toBe(5);
  });

  test("infinite values are values", () => {
    const values = of(Infinity, 0, 1, Infinity, Infinity);
    expect(median(values)).toBe(Infinity);
    expect(quantile(values, 0.25)).toBe(1);
    expect(quantile(of(Number.NEGATIVE_INFINITY, 1), 0)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("rises with p and lies within the values", () => {
    const values = fc.float64Array({ min: -1e9, max: 1e9, noNaN: true, minLength: 1, maxLength: 30 });
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, p, p, (x, a, b) => {
        const low = quantile(x, Math.min(a, b));
        const high = quantile(x, Math.max(a, b));
        expect(low).toBeGreaterThanOrEqual(Math.min(...x));
        expect(high).toBeLessThanOrEqual(Math.max(...x));
        // rounding may turn near equals around
        expect(high - low).toBeGreaterThanOrEqual(-1e9 * 2 ** -50);
      }),
    );
  });
});

describe("clouds", () => {
  test("centroid and covariance of four points", () => {
    const x = of(0, 0, 2, 0, 0, 4, 2, 4);
    const center = new Float64Array(2);
    const c = new Float64Array(4);
    centroid(x, 4, 2, center);
    covariance(x, 4, 2, center, c);
    expect([...center]).toEqual([1, 2]);
    expect([...c]).toEqual([4 / 3, 0, 0, 16 / 3]);
    covariance(x, 1, 2, center, c);
    expect(c.every(Number.isNaN)).toBe(true);
  });

  test("a correlated Gaussian cloud within four standard errors", () => {
    const n = 200_000;
    const z = normals(1, 2 * n);
    const x = new Float64Array(2 * n);
    // L = [[2, 0], [1, 0.5]]: covariance [[4, 2], [2, 1.25]]
    for (let i = 0; i < n; i++) {
      x[2 * i] = 2 * z[2 * i];
      x[2 * i + 1] = z[2 * i] + 0.5 * z[2 * i + 1];
    }
    const center = new Float64Array(2);
    const c = new Float64Array(4);
    centroid(x, n, 2, center);
    covariance(x, n, 2, center, c);
    const exact = [4, 2, 2, 1.25];
    for (let j = 0; j < 2; j++) {
      expect(Math.abs(center[j])).toBeLessThan(4 * Math.sqrt(exact[3 * j] / n));
      for (let k = 0; k < 2; k++) {
        // Wishart: var c_jk = (Σ_jj Σ_kk + Σ_jk²) / (n − 1)
        const error = Math.sqrt((exact[3 * j] * exact[3 * k] + exact[2 * j + k] ** 2) / (n - 1));
        expect(Math.abs(c[2 * j + k] - exact[2 * j + k])).toBeLessThan(4 * error);
      }
    }
    expect(c[1]).toBe(c[2]);
  });
});

describe("Kolmogorov–Smirnov", () => {
  test("D of a sample worked by hand", () => {
    // F_n steps at 0.1, 0.4, 0.7: the greatest gap is 1 − 0.7
    expect(kolmogorovSmirnov(of(0.7, 0.1, 0.4), (x) => x).distance).toBeCloseTo(0.3, 15);
    expect(kolmogorovSmirnov(of(), (x) => x).p).toBeNaN();
  });

  // L. H. Miller, J. Am. Stat. Assoc. 51, 111 (1956), table 1: D exceeded with probability p
  test.each([
    [10, 0.36866, 0.1],
    [10, 0.40925, 0.05],
    [10, 0.48893, 0.01],
    [20, 0.26473, 0.1],
    [20, 0.29408, 0.05],
    [20, 0.35241, 0.01],
    [50, 0.18841, 0.05],
    [100, 0.13403, 0.05],
  ])("n = %i: P(D > %d) = %d to four per cent", (n, d, p) => {
    // a sample whose steps stand d above the diagonal
    const sample = Float64Array.from({ length: n }, (_, i) => Math.max(0, (i + 1) / n - d));
    const found = kolmogorovSmirnov(sample, (x) => x);
    expect(found.distance).toBeCloseTo(d, 12);
    expect(Math.abs(found.p / p - 1)).toBeLessThan(0.04);
  });

  test("the two series of Kolmogorov's law join, and it falls from 1 to 0", () => {
    expect(kolmogorovTail(1 - 1e-12)).toBeCloseTo(kolmogorovTail(1 + 1e-12), 10);
    expect(kolmogorovTail(0)).toBe(1);
    expect(kolmogorovTail(0.05)).toBe(1);
    // Smirnov, Ann. Math. Stat. 19, 279 (1948): K(0.5) = 0.036055, K(1) = 0.730000, K(2) = 0.999329
    expect(kolmogorovTail(0.5)).toBeCloseTo(1 - 0.036055, 6);
    expect(kolmogorovTail(1)).toBeCloseTo(1 - 0.73, 5);
    expect(kolmogorovTail(2)).toBeCloseTo(1 - 0.999329, 6);
    expect(kolmogorovTail(20)).toBe(0);
  });

  test("p is uniform where the hypothesis holds", () => {
    const sample = new Float64Array(200);
    const counts = new Int32Array(20);
    for (let i = 0; i < 4000; i++) {
      fillUniform(fold(key(2), i), sample);
      counts[Math.floor(kolmogorovSmirnov(sample, (x) => x).p * 20)]++;
    }
    expect(equalCounts(counts)).toBeGreaterThan(1e-4);
  });

  test("p vanishes where it does not hold", () => {
    const shifted = normals(3, 2000).map((x) => x + 0.2);
    expect(kolmogorovSmirnov(shifted, normalCdf).p).toBeLessThan(1e-6);
  });

  test("the reference normal law", () => {
    // made by mpmath: erfc(x / sqrt(2)) / 2 for x = 1 and 5
    expect(normalTail(1)).toBeCloseTo(0.15865525393145705, 15);
    expect(normalTail(5) / 2.866515718791939e-7).toBeCloseTo(1, 13);
    expect(normalTail(3 - 1e-13) / normalTail(3 + 1e-13)).toBeCloseTo(1, 11);
    expect(normalCdf(-2) + normalCdf(2)).toBeCloseTo(1, 15);
  });
});

describe("bootstrap", () => {
  test("the error of a mean is s √((n − 1) / n²), within its own error bar", () => {
    const values = normals(4, 100);
    const resamples = 5000;
    const found = bootstrap(values, mean, key(5), resamples);
    const exact = Math.sqrt((variance(values) * 99) / 100 / 100);
    expect(found.estimate).toBe(mean(values));
    expect(Math.abs(found.error / exact - 1)).toBeLessThan(4 / Math.sqrt(2 * resamples));
    // the interval is that of a normal to O(1/√n) and the noise of its ends
    expect((found.high - found.low) / (2 * 1.96 * exact)).toBeCloseTo(1, 1);
    expect(found.low).toBeLessThan(found.estimate);
    expect(found.high).toBeGreaterThan(found.estimate);
  });

  test("its interval covers as often as it says", () => {
    let covered = 0;
    const trials = 400;
    for (let i = 0; i < trials; i++) {
      const { low, high } = bootstrap(normals(100 + i, 200), mean, fold(key(6), i), 300, 0.8);
      if (low < 0 && high > 0) covered++;
    }
    expect(Math.abs(covered / trials - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / trials));
  });

  test("the same key gives the same interval; more resamples keep the first", () => {
    const values = normals(7, 30);
    const drawn = (resamples: number) => {
      const means: number[] = [];
      bootstrap(values, (sample) => means[means.push(mean(sample)) - 1], key(8), resamples);
      return means.slice(0, resamples);
    };
    expect(drawn(20)).toEqual(drawn(50).slice(0, 20));
    expect(bootstrap(values, median, key(8))).toEqual(bootstrap(values, median, key(8)));
    expect(bootstrap(values, median, key(9))).not.toEqual(bootstrap(values, median, key(8)));
  });
});
