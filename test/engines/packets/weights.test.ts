import { describe, expect, it } from "vitest";
import { constants, leastSamples } from "../../../src/engines/packets/weights.ts";
import { sphere } from "./ground.ts";

describe("constants", () => {
  // the banner of pycma 3: "(5_w,10)-aCMA-ES (mu_w=3.2,w_1=45%) in dimension 10", and so on; it cuts percents off
  it.each([
    [5, 8, 4, "2.6", 52],
    [10, 10, 5, "3.2", 45],
    [20, 12, 6, "3.7", 40],
  ])("in dimension %i: λ = %i, μ = %i, μ_eff = %s, w₁ = %i %%", (dim, lambda, mu, muEff, first) => {
    expect(leastSamples(dim)).toBe(lambda);
    const of = constants(dim, lambda);
    expect(of.mu).toBe(mu);
    expect(of.muEff.toFixed(1)).toBe(muEff);
    expect(Math.floor(100 * of.w[0])).toBe(first);
  });

  it("no fewer than eight samples carry a packet", () => {
    expect([1, 2, 3, 4, 5, 6].map(leastSamples)).toEqual([8, 8, 8, 8, 8, 9]);
  });

  it("positive weights sum to 1, with μ_eff = 1/Σw²; negative ones leave C positive", () => {
    for (const [dim, lambda] of [
      [1, 4],
      [2, 6],
      [10, 10],
      [10, 160],
      [40, 15],
    ]) {
      const { w, mu, muEff, sumW, c1, cMu } = constants(dim, lambda);
      const attracting = w.subarray(0, mu);
      const sum = attracting.reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 12);
      expect(1 / sphere(attracting)).toBeCloseTo(muEff, 10);
      expect(w.every((v, i) => i === 0 || v <= w[i - 1])).toBe(true);
      const repelling = sum - sumW;
      expect(repelling).toBeGreaterThanOrEqual(0);
      expect(cMu * dim * repelling).toBeLessThanOrEqual(1 - c1 - cMu + 1e-12);
    }
  });

  it("aligned packets learn (d + 2)/3 times faster, and their C stays positive too", () => {
    const [full, aligned] = [constants(200, 19), constants(200, 19, true)];
    expect(aligned.c1 / full.c1).toBeCloseTo(202 / 3, 10);
    expect(aligned.cMu / full.cMu).toBeCloseTo(202 / 3, 10);
    expect(aligned.gap).toBe(1);
    const { c1, cMu, w, mu } = aligned;
    const repelling = w.subarray(mu).reduce((sum, v) => sum - v, 0);
    expect(cMu * 200 * repelling).toBeLessThanOrEqual(1 - c1 - cMu + 1e-12);
  });
});
