import { describe, expect, it } from "vitest";
import { learnMisfit, nextFamily, softmaxWeights } from "../../../src/engines/packets/superposition.ts";
import { minimized, rastrigin, rotation, turn, well } from "./ground.ts";

describe("superposition", () => {
  const family = (energy: number, evaluations = 0) => ({
    energy,
    evaluations,
    births: 1,
    alive: true,
    misfit: 0,
    judged: 0,
  });

  it("weighs by π e^{−rank}", () => {
    const families = [family(2), family(-1), family(2), family(Infinity)];
    const w = softmaxWeights(families, [1, 0.3, 1, 1]);
    [Math.exp(-1), 0.3, Math.exp(-1), Math.exp(-3)].forEach((v, a) => {
      expect(w[a]).toBeCloseTo(v, 14);
    });
  });

  it("weighs a family less whose packets miss what they promised by more than smooth wells do", () => {
    const weight = (misfit: number): number => softmaxWeights([{ ...family(0), misfit }, family(1)], [1, 1])[0];
    expect([0, 0.7, 1.2].map(weight)).toEqual([1, 1, 1]);
    expect(weight(1.7)).toBeCloseTo(Math.exp(-1), 14);
    expect(weight(2.2)).toBeCloseTo(Math.exp(-2), 14);
  });

  it("which is what the last five of them missed, or as many as there were", () => {
    const of = family(0);
    const after = [2, 1, 3].map((misfit) => {
      learnMisfit(of, { steps: 4, misfit });
      return of.misfit;
    });
    expect(after).toEqual([2, 1.5, 2]);
    // an average over five forgets by a fifth
    for (let n = 3; n < 30; n++) learnMisfit(of, { steps: 4, misfit: 1 });
    expect(of.misfit - 1).toBeCloseTo((((1 * 3) / 4) * 4) / 5 / 1.25 ** 25, 10);
    expect(of.judged).toBe(30);
  });

  it("one that never made a step has promised nothing", () => {
    const of = family(0);
    learnMisfit(of, { steps: 0, misfit: 0.7 });
    expect(of).toEqual(family(0));
  });

  it("allots evaluations in proportion to the weights", () => {
    const families = [family(0), family(1), family(5)];
    const prior = [1, 0.3, 1];
    for (let n = 0; n < 10_000; n++) families[nextFamily(families, prior)].evaluations++;
    const total = 1 + 0.3 / Math.E + Math.exp(-2);
    expect(families[0].evaluations).toBeCloseTo(10_000 / total, -1);
    expect(families[1].evaluations).toBeCloseTo((10_000 * 0.3) / Math.E / total, -1);
  });

  it("doubles λ at every birth of a wide packet; small ones stay below half of it", async () => {
    const q = rotation(3, 1);
    const births = new Map<number, number>();
    const at = well((x) => rastrigin(turn(q, x)), 3);
    await minimized(at, 2, { budget: 15_000 }, {}, ({ family: a, births: j, lambda }) => {
      if (a === 0) births.set(j, lambda);
      else if (a === 1) expect(lambda).toBeLessThanOrEqual(Math.max(8, 0.5 * 8 * 2 ** (births.size - 1)));
    });
    expect(births.size).toBeGreaterThan(2);
    for (const [j, lambda] of births) expect(lambda).toBe(8 * 2 ** (j - 1));
  });

  it("lets the first wide packet end before any other is born, and gives each family its share", async () => {
    const q = rotation(3, 1);
    const order: number[] = [];
    const at = well((x) => rastrigin(turn(q, x)), 3);
    await minimized(at, 2, { budget: 15_000 }, {}, ({ family, births }) => {
      order.push(family * 100 + births);
    });
    // probe, harmonic packet, then the first wide one in a row
    const runs = order.filter((v, i) => v !== order[i - 1]);
    expect(runs.slice(0, 3)).toEqual([401, 200, 1]);
    expect(runs.some((v) => v > 100 && v < 200)).toBe(true);
    expect(runs.some((v) => v > 200 && v < 300)).toBe(true);
  });
});
