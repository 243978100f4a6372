import { describe, expect, test } from "vitest";
import { join } from "../../src/core/ask.ts";
import { type Answer, box, type Evaluator, points, type Query } from "../../src/core/problem.ts";
import { minimize } from "../../src/index.ts";
import { objective, retrying } from "../../src/potentials/index.ts";

/** x², failing the first `fails` times at every point. */
function moody(fails: number): { f: (x: number[]) => number; calls: () => number } {
  const seen = new Map<number, number>();
  let calls = 0;
  return {
    calls: () => calls,
    f([x]) {
      calls++;
      const times = (seen.get(x) ?? 0) + 1;
      seen.set(x, times);
      if (times <= fails) throw new Error(`mood ${times}`);
      return x * x;
    },
  };
}

const at = points([[1], [2], [3]]);
const ask = (f: (x: number[]) => number, limit: number) =>
  retrying(objective(f, { domain: box(1, -5, 5) }), limit).answer({ kind: "value", at });

describe("retries", () => {
  test("ask again what failed, and count", async () => {
    const { f, calls } = moody(2);
    const answer = await ask(f, 3);
    expect([...(answer.value ?? [])]).toEqual([1, 4, 9]);
    expect(answer.failures).toBeUndefined();
    expect(answer.retries).toBe(6);
    expect(calls()).toBe(9);
  });

  test("tell a point when it has its value, with the attempts that it took, and never a failure", async () => {
    const told: [number, Answer][] = [];
    const values = [1, Number.NaN, Number.NaN, 16];
    let round = 0;
    // of what it is asked all but the last gets a value in each further round
    const answer: Evaluator = ({ at: { n, x } }, _signal, tell) => {
      const parts = Array.from({ length: n }, (_, i): Answer => {
        const fails = round === 0 ? Number.isNaN(values[x[i] - 1]) : i === n - 1;
        return fails
          ? { n: 1, value: Float64Array.of(Number.NaN), failures: [{ index: 0, reason: `round ${round}` }] }
          : { n: 1, value: Float64Array.of(x[i] ** 2) };
      });
      parts.forEach((part, i) => {
        tell?.(i, part);
      });
      round++;
      return join(
        parts.map((part) => ({ asked: 1, answer: part })),
        1,
      );
    };
    const p = { ...objective(([x]: number[]) => x, { domain: box(1, -5, 5) }), answer };
    const all: Query = { kind: "value", at: points([[1], [2], [3], [4]]) };
    const whole = await retrying(p, 2).answer(all, undefined, (from, part) => told.push([from, part]));
    expect(whole).toMatchObject({ retries: 3, failures: [{ index: 2, reason: "round 2" }] });
    expect(told.map(([from, { value, retries }]) => [from, value?.[0], retries])).toEqual([
      [0, 1, undefined],
      [3, 16, undefined],
      [1, 4, 1],
    ]);
  });

  test("end at their limit with the last reason", async () => {
    const { f, calls } = moody(5);
    const answer = await ask(f, 2);
    expect(answer.failures?.map(({ index, reason }) => [index, reason])).toEqual([
      [0, "threw: mood 3"],
      [1, "threw: mood 3"],
      [2, "threw: mood 3"],
    ]);
    expect(answer.retries).toBe(6);
    expect(calls()).toBe(9);
  });

  test("touch only what failed, and keep constraints in their rows", async () => {
    let failed = false;
    const calls: number[] = [];
    const p = objective(
      {
        value: ([x]: number[]) => {
          calls.push(x);
          if (x === 2 && !failed) {
            failed = true;
            throw new Error("once");
          }
          return x;
        },
        constraints: ([x]: number[]) => [x - 2, -x],
      },
      { domain: box(1, -5, 5) },
    );
    const answer = await retrying(p, 1).answer({ kind: "value", at });
    expect(calls).toEqual([1, 2, 3, 2]);
    expect([...(answer.constraints ?? [])]).toEqual([-1, -1, 0, -2, 1, -3]);
    expect([...(answer.value ?? [])]).toEqual([1, 2, 3]);
  });

  test("leave a run as one whose objective never failed, and are told", async () => {
    const plain = await minimize(([x]) => x * x, { domain: [[-5, 5]], budget: 200 });
    const { f, calls } = moody(1);
    const mended = await minimize(f, { domain: [[-5, 5]], budget: 200, retries: 1 });
    expect(mended.best).toEqual(plain.best);
    expect(mended.evaluations).toBe(200);
    expect(mended.unusable).toEqual({ count: 0, failures: 0, reasons: {}, retries: calls() - 200 });
    expect(plain.unusable.retries).toBeUndefined();
  });

  test.each([[-1], [1.5], [Number.NaN]])("a limit of %j is refused", async (retries) => {
    await expect(minimize(([x]) => x, { domain: [[0, 1]], retries })).rejects.toThrow("retries");
  });
});
