import { describe, expect, it } from "vitest";
import { acceptanceRules, type Rule } from "../../src/math/acceptance.ts";

const rules = Object.entries(acceptanceRules);
const LEVELS = [0, 0.7, 2.3];

/** P of a chain on three states that proposes either of the others alike, and of the same with proposals that lean. */
function matrix(rule: Rule, D: number, lean: readonly (readonly number[])[]): number[][] {
  return LEVELS.map((from, i) => {
    const row = LEVELS.map((to, j) => {
      if (i === j) return 0;
      // what is accepted is the rise with the ratio of the proposals in it
      return lean[i][j] * rule(to - from + D * Math.log(lean[i][j] / lean[j][i]), D);
    });
    row[i] = 1 - row.reduce((sum, p) => sum + p, 0);
    return row;
  });
}

const EVEN = [
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
];
const LEANING = [
  [0, 0.8, 0.2],
  [0.3, 0, 0.7],
  [0.55, 0.45, 0],
];

describe.each(rules)("the rule %s", (_name, rule) => {
  it.each([0.1, 1, 7])("is in detailed balance with e^(−ζ/D) on three states, D = %f", (D) => {
    const weight = LEVELS.map((level) => Math.exp(-level / D));
    const total = weight.reduce((a, b) => a + b);
    const law = weight.map((w) => w / total);
    for (const proposal of [EVEN, LEANING]) {
      const P = matrix(rule, D, proposal);
      for (let i = 0; i < 3; i++) {
        expect(P[i].every((p) => p >= 0)).toBe(true);
        for (let j = 0; j < 3; j++) expect(Math.abs(law[i] * P[i][j] - law[j] * P[j][i])).toBeLessThan(1e-16);
        const next = law.reduce((sum, p, k) => sum + p * P[k][i], 0);
        expect(Math.abs(next - law[i])).toBeLessThan(3e-16);
      }
    }
  });

  it("has its limits at D = 0 and at infinite rises", () => {
    expect(rule(1, 0)).toBe(0);
    expect(rule(-1, 0)).toBe(1);
    expect(rule(Infinity, 1)).toBe(0);
    expect(rule(-Infinity, 1)).toBe(1);
  });
});

it("Metropolis' rule takes more than Barker's, whatever the rise", () => {
  for (let rise = -5; rise <= 5; rise += 0.25)
    expect(acceptanceRules.metropolis(rise, 1)).toBeGreaterThan(acceptanceRules.barker(rise, 1));
});
