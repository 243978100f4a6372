import { describe, expect, it } from "vitest";
import { type Answer, box, type Points, type Potential, points } from "../../src/core/problem.ts";
import { type Objective, objective } from "../../src/potentials/objective/index.ts";

const square = (x: number[]) => x.reduce((sum, c) => sum + c * c, 0);
const at = points([
  [1, 2],
  [3, 4],
  [0, -1],
]);
const on = box(2, -5, 5);
const values = [5, 25, 1];

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const make = (spec: Objective) => objective(spec, { domain: on });

function now(p: Potential, kind: "value" | "gradient" = "value", where: Points = at, signal?: AbortSignal): Answer {
  const answer = p.answer({ kind, at: where }, signal);
  if (answer instanceof Promise) throw new Error("a quick function is answered for at once");
  return answer;
}

/** Functions whose types their authors did not check. */
const untyped = (f: (x: number[]) => unknown): Objective => f as (x: number[]) => number;

describe("answers", () => {
  it("a function, at once", () => {
    const answer = now(make(square));
    expect(answer).toEqual({ n: 3, value: Float64Array.from(values) });
  });

  it("a promise, one at a time and in order", async () => {
    let open = 0;
    const seen: number[] = [];
    const answer = await make(async (x) => {
      expect(++open).toBe(1);
      seen.push(x[0]);
      await pause(2);
      open--;
      return square(x);
    }).answer({ kind: "value", at });
    expect(answer).toEqual({ n: 3, value: Float64Array.from(values) });
    expect(seen).toEqual([1, 3, 0]);
  });

  it("a function that returns promises only sometimes", async () => {
    const answer = await make((x) => (x[0] === 3 ? Promise.resolve(square(x)) : square(x))).answer({
      kind: "value",
      at,
    });
    expect([...(answer.value ?? [])]).toEqual(values);
  });

  it("a batch, in one call", async () => {
    const calls: number[][][] = [];
    const batch = (xs: number[][]) => {
      calls.push(xs);
      return xs.map(square);
    };
    expect([...(now(make({ value: square, batch })).value ?? [])]).toEqual(values);
    expect(calls).toEqual([
      [
        [1, 2],
        [3, 4],
        [0, -1],
      ],
    ]);
    const later = make({ value: square, batch: async (xs) => Float64Array.from(xs.map(square)) });
    expect([...((await later.answer({ kind: "value", at })).value ?? [])]).toEqual(values);
    expect(now(make({ value: square, batch }), "value", points([])).n).toBe(0);
    expect(calls).toHaveLength(1);
  });

  it("gradients, at once or later", async () => {
    const gradient = (x: number[]) => x.map((c) => 2 * c);
    const slopes = Float64Array.from([2, 4, 6, 8, 0, -2]);
    const p = make({ value: square, gradient });
    expect(p.can).toEqual(["value", "gradient"]);
    expect(now(p, "gradient")).toEqual({ n: 3, value: Float64Array.from(values), gradient: slopes });
    const later = make({ value: async (x) => square(x), gradient: async (x) => Float64Array.from(gradient(x)) });
    expect(await later.answer({ kind: "gradient", at })).toEqual({
      n: 3,
      value: Float64Array.from(values),
      gradient: slopes,
    });
  });

  it("functions that change their argument do no harm", () => {
    const greedy = (x: number[]) => {
      const value = square(x);
      x.fill(7);
      x.length = 1;
      return value;
    };
    const copy = at.x.slice();
    expect([...(now(make(greedy)).value ?? [])]).toEqual(values);
    expect([...(now(make({ value: greedy, gradient: (x) => x.splice(0) }), "gradient").gradient ?? [])]).toEqual([
      ...copy,
    ]);
    expect(at.x).toEqual(copy);
  });

  it("methods keep their object", () => {
    const spec = {
      factor: 3,
      value(x: number[]) {
        return this.factor * square(x);
      },
    };
    expect([...(now(make(spec)).value ?? [])]).toEqual([15, 75, 3]);
  });

  it("no other kind of question", () => {
    expect(make(square).can).toEqual(["value"]);
    expect(() => make(square).answer({ kind: "gradient", at })).toThrow("objective: answers no 'gradient'");
    expect(() => make(square).answer({ kind: "score", at, sigma: 1 })).toThrow("answers no 'score'");
  });
});

describe("a bad point is a failure and the others stand", () => {
  const bad: readonly (readonly [string, () => unknown, string])[] = [
    [
      "throws",
      () => {
        throw new Error("no\n  convergence");
      },
      "threw: no convergence",
    ],
    [
      "throws a string",
      () => {
        throw "oops";
      },
      "threw: oops",
    ],
    ["NaN", () => Number.NaN, "returned NaN"],
    ["−∞", () => Number.NEGATIVE_INFINITY, "returned -Infinity"],
    ["a string", () => "abc", "returned a string 'abc', not a number"],
    ["a numeral", () => "12", "returned a string '12', not a number"],
    ["a long string", () => "x".repeat(99), `returned a string '${"x".repeat(40)}…', not a number`],
    ["nothing", () => undefined, "returned nothing"],
    ["null", () => null, "returned nothing"],
    ["a bigint", () => 5n, "returned a bigint 5n, not a number"],
    ["a boolean", () => true, "returned a boolean, not a number"],
    ["a list", () => [1], "returned a list of 1, not a number"],
    ["an object", () => ({ value: 1 }), "returned an object, not a number"],
    ["a rejection", () => Promise.reject(new TypeError("late")), "threw: late"],
    ["a promise of a string", () => Promise.resolve("abc"), "returned a string 'abc', not a number"],
    [
      "an object that resents being looked at",
      () =>
        new Proxy(
          {},
          {
            has: () => {
              throw new Error("hands off");
            },
          },
        ),
      "threw: hands off",
    ],
  ];

  it.each(bad)("%s", async (_, give, reason) => {
    const answer = await make(untyped((x) => (x[0] === 3 ? give() : square(x)))).answer({ kind: "value", at });
    expect(answer).toEqual({
      n: 3,
      value: Float64Array.from([5, Number.NaN, 1]),
      failures: [{ index: 1, reason, ...(/returned (NaN|-Infinity)$/.test(reason) ? { number: true } : {}) }],
    });
  });

  it("but +∞ is a value: out of bounds", () => {
    expect(now(make((x) => (x[0] === 3 ? Number.POSITIVE_INFINITY : square(x))))).toEqual({
      n: 3,
      value: Float64Array.from([5, Number.POSITIVE_INFINITY, 1]),
    });
  });

  it.each<[string, () => unknown, string]>([
    ["too short", () => [1], "gradient returned 1 numbers for 2 coordinates"],
    ["no list", () => 4, "gradient returned 4, not a list of numbers"],
    ["NaN within", () => [1, Number.NaN], "gradient returned NaN for coordinate 2"],
    ["a string within", () => ["1", 2], "gradient returned a string '1' for coordinate 1"],
    ["nothing", () => undefined, "gradient returned nothing, not a list of numbers"],
    [
      "throws",
      () => {
        throw new Error("no slope");
      },
      "gradient threw: no slope",
    ],
    ["rejects", () => Promise.reject(new Error("no slope")), "gradient threw: no slope"],
  ])("gradient %s", async (_, give, reason) => {
    const gradient = (x: number[]) => (x[0] === 3 ? give() : x) as number[];
    const answer = await make({ value: square, gradient }).answer({ kind: "gradient", at });
    expect(answer).toEqual({
      n: 3,
      value: Float64Array.from([5, Number.NaN, 1]),
      gradient: Float64Array.from([1, 2, Number.NaN, Number.NaN, 0, -1]),
      failures: [{ index: 1, reason }],
    });
  });

  it("no gradient is asked where the value failed", () => {
    const asked: number[] = [];
    const p = make({
      value: (x) => (x[0] === 3 ? Number.NaN : square(x)),
      gradient: (x) => {
        asked.push(x[0]);
        return x;
      },
    });
    expect(now(p, "gradient").failures).toEqual([{ index: 1, reason: "returned NaN", number: true }]);
    expect(asked).toEqual([1, 0]);
  });

  it.each<[string, () => unknown, string]>([
    ["of the wrong length", () => [1, 2], "batch returned 2 values for 3 points"],
    ["no list", () => ({}), "batch returned an object, not a list of numbers"],
    [
      "throwing",
      () => {
        throw new Error("down");
      },
      "batch threw: down",
    ],
  ])("a batch %s fails every point", (_, give, reason) => {
    const answer = now(make({ value: square, batch: () => give() as number[] }));
    expect(answer.failures).toEqual([0, 1, 2].map((index) => ({ index, reason })));
    expect([...(answer.value ?? [])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("one bad value within a batch fails one point", () => {
    const answer = now(make({ value: square, batch: () => [1, "2", 3] as number[] }));
    expect(answer.failures).toEqual([{ index: 1, reason: "returned a string '2', not a number" }]);
    expect([...(answer.value ?? [])]).toEqual([1, Number.NaN, 3]);
  });
});

describe("an abort", () => {
  it("before the first point leaves nothing", () => {
    expect(now(make(square), "value", at, AbortSignal.abort())).toEqual({ n: 0, value: new Float64Array(0) });
    const asked = make({
      value: square,
      batch: () => {
        throw new Error("asked");
      },
    });
    expect(now(asked, "value", at, AbortSignal.abort()).n).toBe(0);
  });

  it("between points leaves the points before", () => {
    const control = new AbortController();
    const p = make((x) => {
      if (x[0] === 3) control.abort();
      return square(x);
    });
    expect(now(p, "value", at, control.signal)).toEqual({ n: 2, value: Float64Array.from([5, 25]) });
  });

  it("while a promise is pending does not wait for it, and what comes late changes nothing", async () => {
    const control = new AbortController();
    const late: { fail?: (e: Error) => void } = {};
    const p = make((x) =>
      x[0] === 1
        ? square(x)
        : new Promise<number>((_, fail) => {
            late.fail = fail;
          }),
    );
    const pending = p.answer({ kind: "value", at }, control.signal);
    control.abort();
    const answer = await pending;
    late.fail?.(new Error("too late"));
    await pause(1);
    expect(answer).toEqual({ n: 1, value: Float64Array.from([5]) });
  });
});

describe("long synchronous functions let the event loop breathe", () => {
  const busy = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };

  it("within a query, so that an abort from a timer is heeded", async () => {
    const control = new AbortController();
    setTimeout(() => control.abort(), 1);
    const many = points(Array.from({ length: 200 }, () => [1, 2]));
    const p = make((x) => {
      busy(5);
      return square(x);
    });
    const answer = await p.answer({ kind: "value", at: many }, control.signal);
    // the turn comes after 50 ms, that is after about ten points of two hundred
    expect(answer.n).toBeGreaterThan(0);
    expect(answer.n).toBeLessThan(100);
  });

  it("across queries of one point each", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const p = make((x) => {
      busy(10);
      return square(x);
    });
    const one = points([[1, 2]]);
    const answers: (Answer | Promise<Answer>)[] = [];
    for (let i = 0; i < 15; i++) {
      const answer = p.answer({ kind: "value", at: one });
      answers.push(answer);
      if (answer instanceof Promise) await answer;
    }
    clearInterval(timer);
    expect(answers[0]).not.toBeInstanceOf(Promise);
    expect(answers.filter((a) => a instanceof Promise).length).toBeGreaterThanOrEqual(2);
    expect(turns).toBeGreaterThanOrEqual(1);
  });
});
