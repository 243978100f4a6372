import { describe, expect, it } from "vitest";
import { effectiveDraws, halved, normalQuantile, ranked, rankNormalized, splitRhat } from "../../src/math/mixing.ts";
import { fillNormal, key } from "../../src/math/rng.ts";
import { normalCdf } from "./distributions.ts";

/** Four chains x ← 0.8 x + u − ½, shifted against each other by 0.1, to three digits so that some are equal. */
function shifted() {
  let s = 7;
  const next = (): number => {
    s = Number((1103515245n * BigInt(s) + 12345n) % 2n ** 31n);
    return s / 2 ** 31;
  };
  const values = new Float64Array(4 * 101);
  for (let c = 0; c < 4; c++)
    for (let i = 0, v = 0; i < 101; i++) {
      v = 0.8 * v + next() - 0.5;
      values[c * 101 + i] = Math.round(1000 * (v + 0.1 * c)) / 1000;
    }
  return { values, chains: 4 };
}

/** Independent normals, or x_{i+1} = ρ x_i + √(1 − ρ²) ξ. */
function autoregressive(rho: number, chains: number, n: number, seed = 1) {
  const values = new Float64Array(chains * n);
  fillNormal(key(seed), values);
  const share = Math.sqrt(1 - rho * rho);
  for (let c = 0; c < chains; c++)
    for (let i = c * n + 1; i < (c + 1) * n; i++) values[i] = rho * values[i - 1] + share * values[i];
  return { values, chains };
}

describe("R-hat and effective draws", () => {
  // numpy and scipy, from the formulas of Vehtari et al. (2021), autocovariances as plain sums
  it("are those of an independent computation", () => {
    const series = shifted();
    expect(splitRhat(series)).toBeCloseTo(1.0608451066954285, 10);
    expect(effectiveDraws(series)).toBeCloseTo(52.72347510325561, 8);
    const { rhat, bulk } = ranked(series);
    expect(rhat).toBeCloseTo(1.0608890591036437, 10);
    expect(bulk).toBeCloseTo(52.644371088673935, 8);
    expect(rankNormalized(series).values[0]).toBeCloseTo(0.015502341836352213, 12);
  });

  it("of independent draws are 1 and their number", () => {
    const series = autoregressive(0, 8, 4000);
    expect(Math.abs(splitRhat(series) - 1)).toBeLessThan(1e-3);
    expect(Math.abs(ranked(series).rhat - 1)).toBeLessThan(1e-3);
    expect(Math.abs(effectiveDraws(series) / 32_000 - 1)).toBeLessThan(0.1);
  });

  it.each([0.5, 0.9, -0.5])("of an autoregression with ρ = %f are worth (1 − ρ)/(1 + ρ) each", (rho) => {
    const series = autoregressive(rho, 8, 20_000);
    expect(effectiveDraws(series) / 160_000 / ((1 - rho) / (1 + rho))).toBeGreaterThan(0.9);
    expect(effectiveDraws(series) / 160_000 / ((1 - rho) / (1 + rho))).toBeLessThan(1.1);
  });

  it("see a chain that sits elsewhere, one that is wider, and one that still moves", () => {
    const moved = autoregressive(0, 4, 1000);
    for (let i = 0; i < 1000; i++) moved.values[i] += 1;
    expect(ranked(moved).rhat).toBeGreaterThan(1.05);
    const wide = autoregressive(0, 4, 1000);
    for (let i = 0; i < 1000; i++) wide.values[i] *= 3;
    expect(splitRhat(wide)).toBeLessThan(1.01);
    expect(ranked(wide).rhat).toBeGreaterThan(1.05);
    const drifting = autoregressive(0, 4, 1000);
    for (let i = 0; i < 4000; i++) drifting.values[i] += (2 * (i % 1000)) / 1000;
    expect(ranked(drifting).rhat).toBeGreaterThan(1.05);
  });

  it("say nothing of what is too short, and 1 of what does not vary", () => {
    expect(splitRhat({ values: new Float64Array(12), chains: 4 })).toBeNaN();
    expect(effectiveDraws({ values: new Float64Array(12), chains: 4 })).toBeNaN();
    expect(ranked({ values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1), chains: 1 }).rhat).toBeNaN();
    const still = { values: new Float64Array(400).fill(3), chains: 4 };
    expect(splitRhat(still)).toBe(1);
    expect(effectiveDraws(still)).toBe(400);
  });

  it("halve chains without their middle", () => {
    expect(halved({ values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), chains: 2 })).toEqual({
      values: Float64Array.of(1, 2, 4, 5, 6, 7, 9, 10),
      chains: 4,
    });
  });
});

describe("the normal quantile", () => {
  it("is the inverse of the distribution", () => {
    for (let z = -8; z <= 8; z += 0.125) {
      const p = normalCdf(z);
      if (p === 1) continue;
      // what p says of z in its own digits
      const digits = Math.max(1e-14 * Math.abs(z), (2e-16 * Math.sqrt(2 * Math.PI)) / Math.exp((-z * z) / 2));
      expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(z < 0 ? 1e-13 : 4 * digits + 1e-14);
    }
    expect(normalQuantile(0.5)).toBe(0);
    // scipy.special.ndtri
    expect(normalQuantile(1e-300)).toBeCloseTo(-37.0470962993612, 12);
  });
});
