import { describe, expect, test } from "vitest";
import { box, domain, points } from "../../src/core/problem.ts";
import { minimize } from "../../src/index.ts";
import { checkLimits, constrained, formula, limit } from "../../src/potentials/index.ts";

const at = (text: string, x: number[], params = {}) => limit(text, ["x", "y"], params).value(Float64Array.from(x));

describe("a constraint out of its text", () => {
  test.each([
    ["x + y - 3", 0],
    ["x + y <= 3", 0],
    ["x + y < 4", -1],
    ["x ≤ y", -1],
    ["3*x >= y", -1],
    ["y > 2*x", 0],
    ["x ≥ 0.5", -0.5],
    ["x^2 + a*y <= 5", 0],
  ])("%s", (text, g) => {
    expect(at(text, [1, 2], { a: 2, unused: 1 })).toBe(g);
  });

  test.each([
    ["x = 2", "is an equation"],
    ["x == 2", "is an equation"],
    ["0 <= x <= 3", "more than one sign"],
    ["x <= ", "constraint 'x <=': has an empty side"],
    ["", "constraint '': has an empty side; write for instance x + y <= 3"],
    ["x + q <= 3", "unknown name 'q'"],
    ["constructor(x)", "constructor"],
    ["x) <= (3", "constraint 'x) <= (3': this ')' closes nothing"],
    ["x+ >= 4", "constraint 'x+ >= 4': the formula ends after '+'"],
  ])("'%s' is refused", (text, message) => {
    expect(() => limit(text, ["x", "y"])).toThrow(message);
  });
});

describe("constraints that contradict the bounds or each other", () => {
  const on = domain([0, 0], [5, 5]);
  const check = (...texts: string[]) =>
    checkLimits(
      texts.map((text) => limit(text, ["x", "y"])),
      on,
    );
  test.each([
    [["x + y >= 11"], "constraint 'x + y >= 11': cannot hold anywhere in the bounds"],
    [["x <= 4", "x >= 4.5"], "'x <= 4' and 'x >= 4.5' contradict each other"],
    [["y <= 5", "x + y <= 3", "2*x + 2*y >= 6.1"], "'x + y <= 3' and '2*x + 2*y >= 6.1' contradict"],
    // only in the bounds: x = 5, y = 1.5 is where they meet
    [["x - 2*y >= 2", "x + 3*y >= 9.4"], undefined],
    [["x - 2*y >= 2", "x + 3*y >= 9.6"], "contradict each other in the bounds"],
  ])("%j", (texts, message) => {
    if (message === undefined) expect(() => check(...texts)).not.toThrow();
    else expect(() => check(...texts)).toThrow(message);
  });

  test("what touches is allowed, and of what is not linear nothing is said", () => {
    check("x + y <= 3", "x + y >= 3");
    check("x + y >= 10");
    check("x^2 + y^2 <= -1");
    check("max(x, y) <= -1");
  });

  test("agrees with a search on random planes", () => {
    // the least of the larger of two planes over a fine grid decides
    let state = 1;
    const next = (): number => {
      state = (state * 48271) % 2147483647;
      return Math.round(10 * (state / 2147483647) - 5);
    };
    for (let k = 0; k < 300; k++) {
      const [a, b, c, p, q, r] = Array.from({ length: 6 }, next);
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i <= 50; i++)
        for (let j = 0; j <= 50; j++) {
          const [x, y] = [i / 10, j / 10];
          least = Math.min(least, Math.max(a * x + b * y + c, p * x + q * y + r));
        }
      const refused = (() => {
        try {
          check(`${a}*x + ${b}*y + ${c}`, `${p}*x + ${q}*y + ${r}`);
          return false;
        } catch {
          return true;
        }
      })();
      // a grid of spacing 0.1 misses the least value by no more than the slopes allow
      if (least <= 0) expect(refused).toBe(false);
      if (least > 1) expect(refused).toBe(true);
    }
  });
});

test("a constrained potential answers with g beside ζ, and gives no gradients", async () => {
  const p = constrained(formula("x + y", { domain: box(2, -5, 5) }), [limit("x <= y", ["x", "y"])]);
  expect(p.can).toEqual(["value"]);
  expect(p.constraints).toEqual(["x <= y"]);
  const two = constrained(p, [limit("x <= 1", ["x", "y"])]);
  const answer = await two.answer({
    kind: "value",
    at: points([
      [1, 2],
      [3, 1],
    ]),
  });
  expect([...(answer.value ?? [])]).toEqual([3, 4]);
  expect([...(answer.constraints ?? [])]).toEqual([-1, 0, 2, 2]);
  expect(two.constraints).toEqual(["x <= y", "x <= 1"]);
});

test("an objective with constraints of its own may fail at first where formulas are added", async () => {
  let asked = 0;
  const value = ([x, y]: number[]): number => {
    if (++asked < 8) throw new Error("not yet");
    return x + y;
  };
  const spec = { value, constraints: ([x, y]: number[]) => [1 - x * y] };
  const limits = { domain: [0, 5] as [number, number], dim: 2, budget: 800, constraints: ["x1 >= 2"] };
  const { stop, best, unusable } = await minimize(spec, limits);
  expect({ stop, failures: unusable.failures }).toEqual({ stop: "budget spent", failures: 7 });
  expect(best.value).toBeCloseTo(2.5, 6);
});
