import { describe, expect, it } from "vitest";
import { hitsOf, score as scoreHits, type Trace } from "../../src/tasks/ecdf.ts";

const score = (traces: readonly Trace[], dim: number, budget: number) => scoreHits(traces.map(hitsOf), dim, budget);

const never: Trace = { evaluations: [1], gap: [1e6] };
const atOnce: Trace = { evaluations: [1], gap: [0] };

describe("score", () => {
  it("is 1 for a trial that solves all at once and 0 for one that solves nothing", () => {
    expect(score([atOnce], 5, 1000)).toEqual({ budgets: [10, 30, 100, 300, 1000], solved: [1, 1, 1, 1, 1], auc: 1 });
    expect(score([never], 5, 100)).toEqual({ budgets: [10, 30, 100], solved: [0, 0, 0], auc: 0 });
    expect(score([atOnce, never, never, never], 5, 1000).auc).toBeCloseTo(1 / 4, 15);
  });

  it("takes the budgets within the budget", () => {
    expect(score([atOnce], 2, 9).budgets).toEqual([]);
    expect(score([atOnce], 2, 299).budgets).toEqual([10, 30, 100]);
    expect(score([atOnce], 2, 10_000).budgets).toEqual([10, 30, 100, 300, 1000, 3000, 10_000]);
  });

  it("counts targets reached by budget × dim, bounds included", () => {
    // 10² and 10¹ at 20, 1 at 21, 10⁻¹ to 10⁻³ at 200, the rest never
    const trace: Trace = { evaluations: [1, 20, 21, 200], gap: [1e4, 10, 0.5, 1e-3] };
    expect(score([trace], 2, 100).solved).toEqual([2 / 8, 3 / 8, 6 / 8]);
    expect(score([trace, never], 2, 100).solved).toEqual([1 / 8, 3 / 16, 3 / 8]);
  });

  it("weighs 51 targets by the logarithm of when they were hit", () => {
    // the 16 targets from 10² to 10⁻¹ at 10 × dim, a third of the way to 1000 × dim; all 51 at 100 × dim
    const trace: Trace = { evaluations: [30, 300], gap: [0.09, 1e-9] };
    expect(score([trace], 3, 1000).auc).toBeCloseTo((16 * (2 / 3) + 35 * (1 / 3)) / 51, 14);
    expect(score([trace], 3, 10).auc).toBeCloseTo(0, 14);
    expect(score([{ evaluations: [30], gap: [1e-9] }], 3, 100).auc).toBeCloseTo(1 / 2, 14);
  });

  it("gives no more for a hit before the first evaluation of every axis", () => {
    expect(score([{ evaluations: [3], gap: [0] }], 10, 100).auc).toBe(1);
  });

  it("puts its targets where the definition does: 10^(2 − 0.2k), 51 of them down to 1e-8", () => {
    for (const [gap, count] of [
      [100, 1],
      [63, 2],
      [1, 11],
      [1e-4, 31],
      [1e-7, 46],
      [1.01e-8, 50],
      [1e-8, 51],
    ])
      expect(score([{ evaluations: [1], gap: [gap] }], 1, 10).auc).toBeCloseTo(count / 51, 14);
  });

  it("equals the integral of the distribution, taken step by step", () => {
    const traces: Trace[] = [
      { evaluations: [1, 7, 60, 150, 900], gap: [300, 20, 3, 0.02, 1e-6] },
      { evaluations: [2, 40, 41, 2500], gap: [80, 9, 1e-4, 1e-7] },
    ];
    const [dim, budget, steps] = [2, 1000, 200_000];
    let area = 0;
    for (let s = 0; s < steps; s++) {
      const evaluations = dim * budget ** ((s + 0.5) / steps);
      for (const { evaluations: at, gap } of traces) {
        let best = Number.POSITIVE_INFINITY;
        for (let k = 0; k < at.length && at[k] <= evaluations; k++) best = gap[k];
        const exponent = (2 - Math.log10(best)) * 5;
        if (exponent >= 0) area += Math.min(51, Math.floor(exponent) + 1) / 51 / traces.length / steps;
      }
    }
    expect(Math.abs(score(traces, dim, budget).auc - area)).toBeLessThan(20 / steps);
  });

  it("refuses to score nothing", () => {
    expect(() => score([], 2, 100)).toThrow("score: has no trials");
    expect(() => score([atOnce], 2, 1)).toThrow("budget: 1 × dim is not above 1 × dim");
  });
});
