import { describe, expect, it } from "vitest";
import { geometricBetween, shareOf } from "../../src/core/schedule.ts";

describe("geometricBetween", () => {
  it("goes from the one to the other at equal ratios", () => {
    const values = [0, 1, 2, 3].map((k) => geometricBetween(8, 1, shareOf(k, 4)));
    values.forEach((v, k) => {
      expect(v).toBeCloseTo(2 ** (3 - k), 14);
    });
    expect(values[0]).toBe(8);
  });

  it("is at its end where there is one step only", () => {
    expect(geometricBetween(8, 1, shareOf(0, 1))).toBe(1);
  });
});
