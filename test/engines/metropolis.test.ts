import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import { observe } from "../../src/core/observe.ts";
import { box, potential } from "../../src/core/problem.ts";
import { run } from "../../src/core/run.ts";
import { barkerRule, metropolis, metropolisEntry, metropolisRule } from "../../src/engines/metropolis.ts";
import { fold, key } from "../../src/math/rng.ts";
import { mean, variance } from "../../src/math/stats.ts";
import { atOnce, rugged } from "../conformance/potentials.ts";

const rules = [
  ["metropolis", metropolisRule],
  ["barker", barkerRule],
] as const;

describe.each(rules)("the %s rule", (_name, rule) => {
  const levels = [0, 1.3, -0.7];

  it.each([0.05, 0.6, 40])("is in detailed balance with e^{−E/D} on a chain of three states, D = %f", (D) => {
    for (const a of levels)
      for (const b of levels) {
        const forth = Math.exp(-a / D) * rule(b - a, D);
        const back = Math.exp(-b / D) * rule(a - b, D);
        expect(Math.abs(forth - back)).toBeLessThanOrEqual(4e-15 * Math.max(forth, back));
      }
  });

  it("leaves e^{−E/D} as it is over a step of the chain", () => {
    const D = 0.6;
    const law = levels.map((E) => Math.exp(-E / D));
    const total = law.reduce((s, p) => s + p);
    const next = levels.map(() => 0);
    levels.forEach((a, i) => {
      let stays = 1;
      levels.forEach((b, j) => {
        if (i === j) return;
        const moves = 0.5 * rule(b - a, D);
        next[j] += (law[i] / total) * moves;
        stays -= moves;
      });
      next[i] += (law[i] / total) * stays;
    });
    next.forEach((p, i) => {
      expect(Math.abs(p - law[i] / total)).toBeLessThan(1e-15);
    });
  });

  it("is a probability, at the limits too", () => {
    for (const D of [0, 5e-324, 1e-300, 1, 1e300])
      for (const dE of [-Infinity, -1e300, -1, -0, 0, 1e-300, 1, 1e300, Infinity]) {
        const p = rule(dE, D);
        expect(p >= 0 && p <= 1).toBe(true);
      }
    expect(rule(1, 0)).toBe(0);
    expect(rule(-1, 0)).toBe(1);
    expect(rule(Infinity, 1)).toBe(0);
  });

  it("samples e^{−ζ/D}: variance D/k in the harmonic well", () => {
    const chains = 4000;
    const [D, k] = [0.3, 2];
    const well = potential({ name: "well", domain: box(1, -20, 20), value: (x) => 0.5 * k * x[0] * x[0] });
    const engine = metropolis({ chains, rule: rule === barkerRule ? "barker" : "metropolis" });
    const answer = (q: Parameters<typeof atOnce>[1]) => atOnce(well, q);
    const state = answerAll(engine.init(well.domain, key(1)), answer);
    let acceptance = 0;
    for (let t = 0; t < 300; t++)
      acceptance = answerAll(engine.step(state, { D, dt: 1, index: t, key: fold(key(2), t) }), answer).acceptance;
    const expected = D / k;
    expect(Math.abs(variance(state.x) - expected)).toBeLessThan(4 * expected * Math.sqrt(2 / chains));
    expect(Math.abs(mean(state.x))).toBeLessThan(4 * Math.sqrt(expected / chains));
    expect(Math.abs(mean(state.value) - D / 2)).toBeLessThan((4 * D) / Math.sqrt(2 * chains));
    expect(Math.abs(acceptance - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / chains));
  });
});

describe("Barker's rule", () => {
  it("is the Sigmoid (24) at τ = 1/D, and its two ways make 1", () => {
    for (const dE of [-3, -0.1, 0, 0.1, 3])
      for (const D of [0.2, 1, 7]) {
        expect(barkerRule(dE, D)).toBeCloseTo(1 / (1 + Math.exp(dE / D)), 15);
        expect(barkerRule(dE, D) + barkerRule(-dE, D)).toBeCloseTo(1, 15);
        expect(barkerRule(dE, D)).toBeLessThan(metropolisRule(dE, D));
      }
  });
});

describe("minimizing", () => {
  it("gets through the wells of a rugged potential, on 8 of 10 seeds at the least", async () => {
    const p = rugged(2);
    const budget = 10_000;
    const values = { chains: 8, rule: "metropolis" };
    const schedule = metropolisEntry.anneal?.({ domain: p.domain, budget }, values);
    if (schedule === undefined) throw new Error("metropolis has an outer loop");
    let solved = 0;
    for (let seed = 0; seed < 10; seed++) {
      const engine = metropolisEntry.make(values);
      const { best } = await observe(run({ potential: p, engine, schedule, seed, budget }), []);
      if (best.value < 1e-4) solved++;
    }
    expect(solved).toBeGreaterThanOrEqual(8);
  });
});
