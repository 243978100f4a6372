import { describe, expect, test } from "vitest";
import { equilibrated, fitLinear, fold, key, normal } from "../../src/math/index.ts";

describe("fitLinear", () => {
  const rows = Array.from({ length: 12 }, (_, i) => [1, i / 11, (i / 11) ** 2]);
  const truth = [2, -1, 0.5];
  const at = (row: readonly number[]) => row.reduce((sum, a, k) => sum + a * truth[k], 0);
  const errors = rows.map((_, i) => 0.01 * (1 + (i % 3)));

  test("gives back what exact values were made of", () => {
    const found = fitLinear(rows, rows.map(at), errors);
    truth.forEach((c, k) => {
      expect(found?.coefficients[k]).toBeCloseTo(c, 10);
    });
    expect(found?.chi2).toBeLessThan(1e-18);
    expect(found?.freedom).toBe(9);
  });

  test("its errors are the scatter of coefficients over noise, and χ² has the mean of its freedom", () => {
    const rounds = 400;
    let [square, chi2, error] = [0, 0, 0];
    for (let r = 0; r < rounds; r++) {
      const values = rows.map((row, i) => at(row) + errors[i] * normal(fold(key(1), r), i));
      const found = fitLinear(rows, values, errors);
      if (found === null) throw new Error("determined");
      square += (found.coefficients[0] - 2) ** 2 / rounds;
      chi2 += found.chi2 / rounds;
      error = found.errors[0];
    }
    // four standard errors of a variance, and of a mean of χ² with 9 degrees of freedom
    expect(Math.abs(square / error ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / rounds));
    expect(Math.abs(chi2 - 9)).toBeLessThan(4 * Math.sqrt(18 / rounds));
  });

  test("says so where rows do not determine the coefficients", () => {
    expect(fitLinear([[1, 2]], [1], [1])).toBeNull();
    expect(
      fitLinear(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 2],
        [1, 1],
      ),
    ).toBeNull();
    expect(fitLinear([], [], [])).toBeNull();
  });
});

describe("equilibrated", () => {
  const noise = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => normal(key(3), i));

  test("cuts a transient off, and little of what is at rest", () => {
    const decay = noise(4000).map((z, i) => z + 50 * Math.exp(-i / 100));
    const cut = equilibrated(decay);
    expect(cut).toBeGreaterThan(200);
    expect(cut).toBeLessThan(1200);
    expect(equilibrated(noise(4000))).toBeLessThan(1000);
  });

  test("cuts at most half, and nothing of a constant or of what is too short", () => {
    expect(equilibrated(Float64Array.from({ length: 1000 }, (_, i) => i))).toBeLessThanOrEqual(500);
    expect(equilibrated(new Float64Array(1000).fill(2))).toBe(0);
    expect(equilibrated(Float64Array.of(1, 2))).toBe(0);
  });
});
