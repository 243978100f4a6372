import { describe, expect, it } from "vitest";
import { answerAll, askGradient, askValue, cut, join, slice, telling } from "../../src/core/ask.ts";
import { type Answer, box, type Points, potential, type Query } from "../../src/core/problem.ts";

const line: Points = { n: 4, dim: 2, x: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7) };
const bowl = potential({
  name: "bowl",
  domain: box(2, -1, 1),
  value: (x) => x[0] * x[0] + x[1],
  gradient(x, out) {
    out[0] = 2 * x[0];
    out[1] = 1;
    return x[0] * x[0] + x[1];
  },
});
const answer = (query: Query) => {
  const reply = bowl.answer(query);
  if (reply instanceof Promise) throw new Error("answers at once");
  return reply;
};

describe("asking", () => {
  it("yields a query and returns what was answered", () => {
    expect([...answerAll(askValue(line), answer)]).toEqual([1, 7, 21, 43]);
    const { value, gradient } = answerAll(askGradient(line), answer);
    expect([...value]).toEqual([1, 7, 21, 43]);
    expect([...gradient]).toEqual([0, 1, 4, 1, 8, 1, 12, 1]);
  });

  it("is told nothing of no points", () => {
    expect([...answerAll(askValue({ n: 0, dim: 1, x: new Float64Array(0) }), () => ({ n: 0 }))]).toEqual([]);
  });

  it("names what an answer lacks", () => {
    expect(() => answerAll(askValue(line), () => ({ n: 4 }))).toThrow("'value'");
    expect(() => answerAll(askGradient(line), () => ({ n: 4, value: new Float64Array(4) }))).toThrow("'gradient'");
  });
});

describe("telling", () => {
  it("tells slow points at once, and quick ones before them along", () => {
    const told: [number, number][] = [];
    const done = telling(
      (from, { n }) => told.push([from, n]),
      (from, to) => ({ n: to - from }),
    );
    for (const i of [1, 2, 3, 4]) {
      for (const end = performance.now() + (i === 3 ? 20 : 0); performance.now() < end; );
      done(i);
    }
    // a machine that is held up makes slow points of quick ones
    expect(told.some(([from, n]) => from + n === 3)).toBe(true);
    expect(told.every(([from], k) => from === (k === 0 ? 0 : told[k - 1][0] + told[k - 1][1]))).toBe(true);
  });

  it("is done by functions of one point, with values and gradients", () => {
    const slow = potential({
      name: "slow",
      domain: box(2, -1, 1),
      value: (x) => {
        for (const end = performance.now() + 12; performance.now() < end; );
        return x[0];
      },
      gradient(x, out) {
        for (const end = performance.now() + 12; performance.now() < end; );
        out[0] = 1;
        out[1] = x[1];
        return x[0];
      },
    });
    for (const kind of ["value", "gradient"] as const) {
      const parts: { asked: number; answer: Answer }[] = [];
      const whole = slow.answer({ kind, at: line }, undefined, (from, part) => {
        expect(from).toBe(parts.length);
        parts.push({ asked: part.n, answer: part });
      });
      expect(join(parts, 2)).toEqual(whole);
    }
  });
});

describe("slice and join", () => {
  it("cut is the part of an answer about some of its points", () => {
    const whole: Answer = {
      n: 3,
      value: Float64Array.of(1, Number.NaN, 3),
      gradient: Float64Array.of(1, 2, 3, 4, 5, 6),
      constraints: Float64Array.of(7, 8, 9),
      failures: [{ index: 1, reason: "r" }],
      retries: 2,
    };
    expect(cut(whole, 1, 3, 2)).toEqual({
      n: 2,
      value: Float64Array.of(Number.NaN, 3),
      gradient: Float64Array.of(3, 4, 5, 6),
      constraints: Float64Array.of(8, 9),
      failures: [{ index: 0, reason: "r" }],
    });
    expect(cut(whole, 2, 3, 2).failures).toBeUndefined();
    const parts = [0, 1, 2].map((i) => ({ asked: 1, answer: cut(whole, i, i + 1, 2) }));
    expect({ ...join(parts, 2), retries: 2 }).toEqual(whole);
  });

  const gradient: Query = { kind: "gradient", at: line };

  it("cut a query into parts whose answers make the whole", () => {
    for (const cuts of [
      [0, 4],
      [0, 1, 4],
      [0, 2, 3, 4],
      [0, 0, 4, 4],
    ]) {
      const parts = cuts.slice(1).map((to, i) => {
        const part = slice(gradient, cuts[i], to);
        return { asked: part.at.n, answer: answer(part) };
      });
      expect(join(parts, 2)).toEqual(answer(gradient));
    }
  });

  it("keep what belongs to the query", () => {
    const part = slice({ kind: "value", at: line, key: { hi: 1, lo: 2 } }, 1, 3);
    expect(part).toEqual({
      kind: "value",
      at: { n: 2, dim: 2, x: Float64Array.of(2, 3, 4, 5) },
      key: { hi: 1, lo: 2 },
    });
  });

  it("end at the first part that is short", () => {
    const parts = [
      { asked: 2, answer: { n: 1, value: Float64Array.of(1) } },
      { asked: 2, answer: { n: 2, value: Float64Array.of(3, 4) } },
    ];
    expect(join(parts, 2)).toEqual({ n: 1, value: Float64Array.of(1) });
  });

  it("number failures by their place in the whole", () => {
    const failing = (index: number) => ({ n: 2, value: Float64Array.of(1, 1), failures: [{ index, reason: "r" }] });
    const whole = join(
      [0, 1].map((i) => ({ asked: 2, answer: failing(i) })),
      2,
    );
    expect(whole.failures).toEqual([
      { index: 0, reason: "r" },
      { index: 3, reason: "r" },
    ]);
  });

  it("make nothing of nothing", () => {
    expect(join([], 2)).toEqual({ n: 0 });
  });
});
