import { describe, expect, it } from "vitest";
import { type Ask, answerAll } from "../../src/core/ask.ts";
import { observe } from "../../src/core/observe.ts";
import { box, type Domain, type Potential, potential, type Query } from "../../src/core/problem.ts";
import { type Result, run } from "../../src/core/run.ts";
import { centered, type DescentOptions, descent, printed } from "../../src/engines/descent.ts";
import { fold, key } from "../../src/math/rng.ts";
import { variance } from "../../src/math/stats.ts";
import { steady } from "../../src/schedules/index.ts";
import { atOnce, bowl } from "../conformance/potentials.ts";

const ways: DescentOptions[] = [
  { gradients: true, difference: "centered" },
  { gradients: false, difference: "centered" },
  { gradients: false, difference: "printed" },
];

function rosenbrock(dim: number): Potential {
  const gradient = (x: Float64Array, out: Float64Array): number => {
    out.fill(0);
    let f = 0;
    for (let j = 0; j + 1 < dim; j++) {
      const [a, b] = [x[j + 1] - x[j] * x[j], 1 - x[j]];
      f += 100 * a * a + b * b;
      out[j] += -400 * a * x[j] - 2 * b;
      out[j + 1] += 200 * a;
    }
    return f;
  };
  const scratch = new Float64Array(dim);
  return potential({ name: "rosenbrock", domain: box(dim, -2, 2), value: (x) => gradient(x, scratch), gradient });
}

const finish = (p: Potential, options: DescentOptions, budget: number, target = -Infinity): Promise<Result> => {
  const engine = descent(options);
  return observe(run({ potential: p, engine, schedule: steady({ D: 0, dt: 0 }), seed: 3, budget, target }), []);
};

describe("the slope from samples", () => {
  const curved = potential({ name: "curved", domain: box(1, -1, 1), value: (x) => Math.exp(x[0]) });
  const at = Float64Array.of(0);
  const wide = (log: number): Domain => box(1, -(2 ** log), 2 ** log);
  const slopeOf = (ask: Ask<Float64Array>) => answerAll(ask, (q: Query) => atOnce(curved, q))[0];
  // the spacing is proportional to the width: the order is the slope of log error against log width
  const order = (error: (log: number) => number): number => Math.log2(error(13) / error(10)) / 3;

  it("as printed in (14) is of order 1 (erratum E6)", () => {
    expect(order((log) => Math.abs(slopeOf(printed(wide(log), at, 1)) - 1))).toBeCloseTo(1, 2);
  });

  it("centered is of order 2", () => {
    expect(order((log) => Math.abs(slopeOf(centered(wide(log), at)) - 1))).toBeCloseTo(2, 2);
  });

  it("stays inside at the bounds", () => {
    const corner = Float64Array.of(1, -1);
    const outside: Potential = { ...bowl(2), domain: box(2, -1, 1) };
    for (const ask of [printed(outside.domain, corner, 2 * 1.69 + 0.49), centered(outside.domain, corner)]) {
      const slope = answerAll(ask, (q) => {
        expect(q.at.x.every((v) => Math.abs(v) <= 1)).toBe(true);
        return atOnce(outside, q);
      });
      expect(slope[0]).toBeCloseTo(2 * 0.7, 4);
      if (slope.length === 2) expect(slope[1]).toBeCloseTo(4 * -1.3, 4);
    }
  });
});

describe.each(ways)("descent, gradients $gradients, $difference", (options) => {
  it("comes down a curved valley", async () => {
    expect((await finish(rosenbrock(2), options, 5000, 1e-8)).stop).toBe("target reached");
    expect((await finish(rosenbrock(10), options, 60_000, 1e-6)).stop).toBe("target reached");
  });

  it("finds a minimum in a corner", async () => {
    const tilted = potential({
      name: "tilted",
      domain: box(3, -1, 2),
      value: (x) => x[0] - 2 * x[1] + 3 * x[2],
      gradient(x, out) {
        out.set([1, -2, 3]);
        return x[0] - 2 * x[1] + 3 * x[2];
      },
    });
    const { best } = await finish(tilted, options, 500);
    expect([...best.x]).toEqual([-1, 2, -1]);
  });

  it("starts anew where it has come to rest", async () => {
    const p = bowl(2);
    const starts = new Set<number>();
    const engine = descent(options);
    const result = await observe(
      run({ potential: p, engine, schedule: steady({ D: 0, dt: 0 }), seed: 1, budget: 4000 }),
      [{ frame: ({ info, index }) => void (info.dt === 0 && starts.add(index)) }],
    );
    expect(starts.size).toBeGreaterThan(3);
    expect(result.best.value).toBeLessThan(1e-12);
  });

  it("is Langevin dynamics at D > 0: variance (D/k)/(1 − ηk/2) in the harmonic well", () => {
    const [D, k, eta, n] = [0.3, 2, 0.4, 40_000];
    const well = potential({
      name: "well",
      domain: box(1, -30, 30),
      value: (x) => 0.5 * k * x[0] * x[0],
      gradient(x, out) {
        out[0] = k * x[0];
        return 0.5 * k * x[0] * x[0];
      },
    });
    const engine = descent(options);
    const answer = (q: Query) => atOnce(well, q);
    const state = answerAll(engine.init(well.domain, key(1)), answer);
    const samples = new Float64Array(n);
    for (let t = -100; t < n; t++) {
      answerAll(engine.step(state, { D, dt: eta, index: t, key: fold(key(2), t + 100) }), answer);
      if (t >= 0) samples[t] = state.x[0];
    }
    const expected = D / k / (1 - (eta * k) / 2);
    // x' = ρx + …, so that the squares are correlated as ρ^{2|t|}
    const rho2 = (1 - eta * k) ** 2;
    const error = expected * Math.sqrt(((2 / n) * (1 + rho2)) / (1 - rho2));
    expect(Math.abs(variance(samples) - expected)).toBeLessThan(4 * error);
  });
});
