import { describe, expect, it } from "vitest";
import { observe } from "../../src/core/observe.ts";
import { domain, type Evaluator } from "../../src/core/problem.ts";
import { run } from "../../src/core/run.ts";
import { random } from "../../src/engines/random.ts";
import { kolmogorovSmirnov } from "../../src/math/stats.ts";
import { steady } from "../../src/schedules/index.ts";
import { atOnce, bowl } from "../conformance/potentials.ts";

describe("random search", () => {
  it("draws every point of every batch uniformly", async () => {
    const p = bowl(2, domain([-1, 10], [3, 11]));
    const axes: number[][] = [[], []];
    const evaluate: Evaluator = (query) => {
      query.at.x.forEach((v, e) => void axes[e % 2].push(v));
      return atOnce(p, query);
    };
    const engine = random({ batch: 16 });
    await observe(
      run({ potential: p, engine, schedule: steady({ D: 1, dt: 1 }), seed: 1, budget: 4000 }, { evaluate }),
      [],
    );
    axes.forEach((axis, j) => {
      expect(new Set(axis).size).toBe(4000);
      const { lower, upper } = p.domain;
      const { p: chance } = kolmogorovSmirnov(Float64Array.from(axis), (v) => (v - lower[j]) / (upper[j] - lower[j]));
      expect(chance).toBeGreaterThan(1e-3);
    });
  });
});
