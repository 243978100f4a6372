import { describe, expect, it, test } from "vitest";
import type { Check, Effect, Family } from "../../src/ledger/item.ts";
import { division, standing, type Verdict, verdictOf } from "../../src/ledger/verdict.ts";

const check = (measured: number, more: Partial<Check> = {}): Check => ({
  ...{ what: "a number", measured, expected: 1, tolerance: 0.1 },
  ...more,
});

describe("a check", () => {
  it.each([
    [1.05, undefined, "met"],
    [1.2, undefined, "missed"],
    [Number.NaN, undefined, "missed"],
    [1, [0.95, 1.05], "met"],
    [1, [0.8, 1.05], "open"],
    [1, [0.8, 1.3], "open"],
    [1.3, [1.2, 1.4], "missed"],
  ] as const)("of %f with interval %j is %s", (measured, interval, wanted) => {
    expect(standing(check(measured, interval === undefined ? {} : { interval }))).toBe(wanted);
  });
});

test.each<[Verdict, readonly Check[]]>([
  ["undecided", []],
  ["holds", [check(1), check(1.05)]],
  // a wrong number is not talked away
  ["fails", [check(1), check(2)]],
  ["undecided", [check(1, { interval: [0.5, 1.5] })]],
  ["holds with correction", [check(2), check(1, { corrected: true })]],
  ["holds", [check(1), check(1, { corrected: true })]],
  ["fails", [check(2), check(2, { corrected: true })]],
  ["fails", [check(1), check(2, { corrected: true })]],
  ["undecided", [check(2), check(1, { corrected: true, interval: [0, 2] })]],
])("checks: %s", (wanted, checks) => {
  expect(verdictOf({ checks })).toBe(wanted);
});

const effect = (low: number, high: number): Effect => {
  const estimate = (low + high) / 2;
  return { name: "x", estimate, low, high, ours: estimate, theirs: 0 };
};
const family = (pooled: Effect, ...cases: readonly Effect[]): Family => ({ pooled, cases });
const [over, across, under] = [effect(1, 2), effect(-1, 1), effect(-2, -1)];

test.each<[Verdict, readonly Family[]]>([
  ["holds", [family(over, over, across)]],
  ["holds with correction", [family(over, over, under)]],
  ["undecided", [family(across, across)]],
  ["fails", [family(across, over, under)]],
  ["fails", [family(under, under)]],
  ["holds", [family(over, over), family(over, across)]],
  ["holds with correction", [family(over, over), family(under, under)]],
  ["holds with correction", [family(across, across), family(over, over)]],
  ["fails", [family(across, across), family(under, under)]],
])("effects: %s", (wanted, families) => {
  expect(verdictOf({ effects: { what: "", sides: ["a", "b"] as const, pooled: over, families } })).toBe(wanted);
});

test("where families part, it is said where the claim holds", () => {
  const named = (name: string, of: Effect): Family => family({ ...of, name }, of);
  const told = (...families: readonly Family[]) => division({ what: "", sides: ["a", "b"], pooled: over, families });
  expect(told(named("walkers", over), named("chains", over), named("waves", under))).toBe(
    "It holds for: walkers, chains. It fails for: waves.",
  );
  expect(told(named("walkers", over), named("chains", over))).toBe(undefined);
});

test("of checks and effects the worse one counts", () => {
  const effects = { what: "", sides: ["a", "b"] as const, pooled: over, families: [family(over, over)] };
  expect(verdictOf({ checks: [check(1)], effects })).toBe("holds");
  expect(verdictOf({ checks: [check(2)], effects })).toBe("fails");
});
