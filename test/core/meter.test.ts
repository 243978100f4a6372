import { describe, expect, it } from "vitest";
import { type Limits, meter } from "../../src/core/meter.ts";
import { domain, type Failure, type Query } from "../../src/core/problem.ts";

const values = (n: number, kind: "value" | "gradient" = "value"): Query => ({
  kind,
  at: { n, dim: 1, x: Float64Array.from({ length: n }, (_, i) => i) },
});
const answer = (...value: number[]) => ({ n: value.length, value: Float64Array.from(value) });
const box = (dim: number) => domain(new Array(dim).fill(-1), new Array(dim).fill(1));
const fresh = (limits: Limits = {}, gradientCost = 1) => meter(limits, { domain: box(1), gradientCost });

describe("the account", () => {
  it("counts evaluations, points and gradients", () => {
    const m = fresh({}, 3);
    m.book(values(2), answer(5, 4));
    m.book(values(2, "gradient"), { ...answer(3, 6), gradient: new Float64Array(2) });
    expect(m.account()).toMatchObject({ evaluations: 8, points: 4, gradients: 2, nonfinite: 0, failures: 0 });
  });

  it("keeps the best point and the evaluation that found it", () => {
    const m = fresh();
    m.book(values(3), answer(5, 2, 3));
    m.book(values(2), answer(2, 9));
    expect(m.account()).toMatchObject({ best: { value: 2, x: Float64Array.of(1) }, bestAt: 2 });
  });

  it("counts a gradient's evaluations up to the best", () => {
    const m = fresh({}, 3);
    m.book(values(2, "gradient"), { ...answer(5, 2), gradient: new Float64Array(2) });
    expect(m.account().bestAt).toBe(6);
  });

  it("keeps its own copy of the best point", () => {
    const m = fresh();
    const query = values(1);
    m.book(query, answer(5));
    query.at.x[0] = 9;
    expect(m.account().best.x[0]).toBe(0);
  });

  it("turns what is not finite into +∞ and counts it", () => {
    const m = fresh();
    const booked = m.book(values(4), answer(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1));
    expect([...(booked.value ?? [])]).toEqual([Infinity, Infinity, Infinity, 1]);
    expect(m.account()).toMatchObject({ nonfinite: 3, best: { value: 1 } });
  });

  it("tallies the first eight reasons of failures, the others together", () => {
    const m = fresh();
    for (let i = 0; i < 10; i++)
      m.book(values(1), { ...answer(Number.NaN), failures: [{ index: 0, reason: `r${i}` }] });
    m.book(values(1), { ...answer(Number.NaN), failures: [{ index: 0, reason: "r0" }] });
    const { failures, reasons } = m.account();
    expect(failures).toBe(11);
    expect(reasons).toMatchObject({ r0: 2, r7: 1, other: 2 });
    expect(Object.keys(reasons)).toHaveLength(9);
  });

  it("goes on from an earlier account", () => {
    const before = fresh();
    before.book(values(2), answer(5, 4));
    const m = meter({ budget: 3 }, { domain: box(1) }, before.account());
    expect(m.account()).toEqual(before.account());
    expect(m.afford(values(2))?.at.n).toBe(1);
  });
});

describe("the budget", () => {
  it("pays for a whole query, for the first part of one, or for none", () => {
    const m = fresh({ budget: 5 });
    const query = values(3);
    expect(m.afford(query)).toBe(query);
    m.book(query, answer(1, 2, 3));
    expect(m.afford(values(3))?.at).toEqual({ n: 2, dim: 1, x: Float64Array.of(0, 1) });
    m.book(values(2), answer(1, 2));
    expect(m.afford(values(1))).toBeNull();
    expect(m.stop()).toBe("budget spent");
  });

  it("counts what a gradient costs", () => {
    const m = fresh({ budget: 7 }, 3);
    expect(m.afford(values(3, "gradient"))?.at.n).toBe(2);
    m.book(values(2, "gradient"), answer(1, 2));
    expect(m.afford(values(1, "gradient"))).toBeNull();
    expect(m.afford(values(2))?.at.n).toBe(1);
  });
});

describe("stopping", () => {
  it("waits where there is no limit", () => {
    const m = fresh();
    m.book(values(1), answer(1));
    expect(m.stop()).toBeUndefined();
  });

  it("comes with the target, which may be met exactly", () => {
    const m = fresh({ target: 1 });
    m.book(values(1), answer(1.5));
    expect(m.stop()).toBeUndefined();
    m.book(values(1), answer(1));
    expect(m.stop()).toBe("target reached");
  });

  it("prefers the target to the budget when both are there", () => {
    const m = fresh({ target: 1, budget: 1 });
    m.book(values(1), answer(1));
    expect(m.stop()).toBe("target reached");
  });

  it("comes when nothing better was found for a while", () => {
    const m = fresh({ stall: 3 });
    m.book(values(3), answer(1, 2, 3));
    expect(m.stop()).toBeUndefined();
    m.book(values(1), answer(1));
    expect(m.stop()).toBe("stalled");
  });

  it("comes soon when every evaluation fails, later when every value is infinite or NaN", () => {
    const failure = { index: 0, reason: "r" };
    const steps = (failures: (i: number) => Failure | undefined, dim = 1): number => {
      const m = meter({}, { domain: box(dim) });
      for (let i = 1; i < 1000; i++) {
        const failed = failures(i);
        m.book(values(1), { ...answer(Number.NaN), ...(failed === undefined ? {} : { failures: [failed] }) });
        if (m.stop() !== undefined) {
          expect(m.stop()).toBe("diverged");
          return i;
        }
      }
      return 1000;
    };
    expect(steps(() => failure)).toBe(110);
    expect(steps(() => failure, 4)).toBe(140);
    expect(steps(() => undefined)).toBe(810);
    expect(steps(() => ({ ...failure, number: true }))).toBe(810);
    // one NaN among failures says that it works somewhere
    expect(steps((i) => (i === 5 ? { ...failure, number: true } : failure))).toBe(810);
  });

  it("does not call it divergence once one value was finite", () => {
    const m = fresh();
    m.book(values(1), answer(7));
    for (let i = 0; i < 500; i++) m.book(values(1), answer(Number.NaN));
    expect(m.stop()).toBeUndefined();
  });

  it("says diverged, not budget spent, when the budget brought nothing finite", () => {
    const m = fresh({ budget: 2 });
    m.book(values(2), answer(Number.NaN, Number.NaN));
    expect(m.stop()).toBe("diverged");
  });
});
