import { expect, test } from "vitest";
import { effectsOf } from "../../src/ledger/effects.ts";
import { fold, key, normal } from "../../src/math/rng.ts";

/** A problem on which ours is better by `shift`, with unit noise that both share and a little of each one's own. */
function problem(name: string, shift: number, draw: number, n = 40) {
  const noise = (purpose: number) => Float64Array.from({ length: n }, (_, i) => normal(fold(key(draw), purpose), i));
  const shared = noise(0);
  const [a, b] = [noise(1), noise(2)];
  return { name, ours: shared.map((v, i) => v + 0.1 * a[i] + shift), theirs: shared.map((v, i) => v + 0.1 * b[i]) };
}

test("pairing takes away what both share", () => {
  const { pooled, families } = effectsOf("x", ["a", "b"], [{ name: "kind", problems: [problem("p", 0.2, 1)] }], key(1));
  expect(pooled.estimate).toBeCloseTo(0.2, 1);
  expect(pooled.estimate).toBeCloseTo(pooled.ours - pooled.theirs, 14);
  // the noise of one side alone would make it ±0.3
  expect(pooled.high - pooled.low).toBeLessThan(0.1);
  expect(families[0].cases[0].estimate).toBeCloseTo(pooled.estimate, 14);
});

test("families are pooled apart, every problem counting alike", () => {
  const kinds = [
    { name: "up", problems: [problem("a", 1, 2, 10), problem("b", 3, 3, 80)] },
    { name: "down", problems: [problem("c", -2, 4)] },
  ];
  const { pooled, families } = effectsOf("x", ["a", "b"], kinds, key(1));
  expect(families.map((f) => Math.round(f.pooled.estimate))).toEqual([2, -2]);
  expect(pooled.estimate).toBeCloseTo(2 / 3, 1);
  expect(effectsOf("x", ["a", "b"], kinds, key(1))).toEqual({ what: "x", sides: ["a", "b"], pooled, families });
});

test("the pooled interval holds the truth about as often as it says", () => {
  let held = 0;
  for (let turn = 0; turn < 40; turn++) {
    const problems = [0, 1, 2].map((k) => problem("p", 0.05 * k, 100 + 3 * turn + k, 20));
    const { pooled } = effectsOf("x", ["a", "b"], [{ name: "kind", problems }], key(turn));
    if (pooled.low <= 0.05 && pooled.high >= 0.05) held++;
  }
  // 38 are expected of 40, with a standard deviation of 1.4
  expect(held).toBeGreaterThanOrEqual(33);
});
