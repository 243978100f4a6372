/** The hypotheses on few seeds: what is too large to be chance must be there already. */
import { expect, test } from "vitest";
import { walkersOn } from "../../src/ledger/annealing.ts";
import { gap } from "../../src/ledger/gap.ts";
import { paired, problems } from "../../src/ledger/problems.ts";
import { rules } from "../../src/ledger/rules.ts";
import { sgd } from "../../src/ledger/sgd.ts";
import { verdictOf } from "../../src/ledger/verdict.ts";

test("H1: the fitted rate is the gap, in every well", async () => {
  const { outcomes } = await gap.compute({ seed: 0, seeds: 3 });
  expect(outcomes.H1.checks?.length).toBe(6);
  expect(verdictOf(outcomes.H1)).toBe("holds");
});

test("H2: an annealed cloud comes nearer than one at any fixed D", async () => {
  const ackley = problems.find(({ name }) => name.startsWith("Ackley"));
  if (ackley === undefined) throw new Error("no such problem");
  const { annealed, fixed } = walkersOn(ackley);
  const { ours, theirs } = await paired(annealed, fixed, [0, 1, 2, 3], 2);
  // a decade and more on every seed
  ours.forEach((v, i) => {
    expect(v - theirs[i]).toBeGreaterThan(1);
  });
});

test("H3: Softmax keeps walkers in the global well where keeping the best loses them", async () => {
  const { outcomes } = await rules.compute({ seed: 0, seeds: 4 });
  const [sigmoid, softmax] = outcomes.H3.effects?.families ?? [];
  expect(softmax.pooled.low).toBeGreaterThan(0);
  // greedy acceptance is the Sigmoid's limit: neither can be far from the other
  expect(Math.abs(sigmoid.pooled.estimate)).toBeLessThan(0.1);
});

test("H4: the spread of stochastic gradient descent is that of a matrix D", async () => {
  const { outcomes } = await sgd.compute({ seed: 0, seeds: 4 });
  const [slope, size, isotropy] = outcomes.H4.checks ?? [];
  expect(slope.measured).toBeGreaterThan(0.95);
  expect(slope.measured).toBeLessThan(1.05);
  expect(Math.abs(size.measured - 1)).toBeLessThan(0.05);
  // curvatures in the ratio 4, spreads alike
  expect(isotropy.interval?.[0]).toBeGreaterThan(3);
});
