import { describe, expect, it } from "vitest";
import { moments } from "../../src/core/cloud.ts";

describe("the moments of a cloud", () => {
  it("are those of its points and values", () => {
    const m = moments(Float64Array.of(0, 0, 2, 0, 0, 4, 2, 4), 2, Float64Array.of(1, 2, 3, 6));
    expect(m.energy).toBeCloseTo(3, 14);
    expect(m.scatter).toBeCloseTo(Math.sqrt(14 / 4), 14);
    expect(m.spread).toBeCloseTo(Math.sqrt((1 + 4) / 2), 14);
  });

  it("count a walker by its weight", () => {
    const weighted = moments(Float64Array.of(1, 5, 9), 1, Float64Array.of(1, 2, 7), Float64Array.of(0.75, 0.25, 0));
    const repeated = moments(Float64Array.of(1, 1, 1, 5), 1, Float64Array.of(1, 1, 1, 2));
    for (const name of ["energy", "scatter", "spread"] as const) expect(weighted[name]).toBeCloseTo(repeated[name], 14);
  });

  it("leave out values that are infinite", () => {
    const m = moments(Float64Array.of(0, 2, 4), 1, Float64Array.of(1, Number.POSITIVE_INFINITY, 3));
    expect(m).toMatchObject({ energy: 2, scatter: 1 });
    expect(m.spread).toBeCloseTo(Math.sqrt(8 / 3), 14);
  });

  it("have an infinite energy and no scatter where no value is finite", () => {
    expect(moments(Float64Array.of(1), 1, Float64Array.of(Number.POSITIVE_INFINITY))).toEqual({
      energy: Number.POSITIVE_INFINITY,
      scatter: 0,
      spread: 0,
    });
  });

  it("survive a large offset and huge values", () => {
    const far = moments(Float64Array.of(1e9, 1e9 + 2), 1, Float64Array.of(1e12, 1e12 + 2));
    expect(far).toEqual({ energy: 1e12 + 1, scatter: 1, spread: 1 });
    const huge = moments(Float64Array.of(0, 0), 1, Float64Array.of(8e307, 1));
    expect(huge.energy).toBe(4e307);
    expect(huge.scatter).not.toBeNaN();
  });
});
