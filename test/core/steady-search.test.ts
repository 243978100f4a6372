/** Answers in any order in spaces of variables, with known points, noise and constraints. */
import { describe, expect, test } from "vitest";
import { checkpointFrom } from "../../src/core/checkpoint.ts";
import { observe } from "../../src/core/observe.ts";
import { decode, encode, same } from "../../src/core/plain.ts";
import type { Answer, Query } from "../../src/core/problem.ts";
import type { Setup } from "../../src/core/run.ts";
import { checkPoint } from "../../src/core/space.ts";
import { runSteady } from "../../src/core/steady.ts";
import { type Trial, type Trials, trials } from "../../src/core/trials.ts";
import { setup } from "../../src/index.ts";
import { integer, key, normal } from "../../src/math/rng.ts";

const mixed = {
  x: [-5, 5],
  lr: { log: [1e-5, 1] },
  n: { integer: [0, 9] },
  k: { choice: ["a", "b", "c"] },
  c: 2,
} as const;
const discrete = { n: { integer: [0, 9] }, m: { integer: [-3, 3] }, k: { choice: ["a", "b", "c"] } } as const;
/** x, lr, n, k by its number, c; and n, m, k. */
const valley = ([x, lr, n, k]: ArrayLike<number> & Iterable<number>): number =>
  x ** 2 + (Math.log10(lr) + 2) ** 2 + (n - 4) ** 2 + (k === 1 ? 0 : 1);
const steps = ([n, m, k]: ArrayLike<number> & Iterable<number>): number =>
  (n - 7) ** 2 + (m + 1) ** 2 + (k === 2 ? 0 : 1);

const unasked = (): number => Number.NaN;
const inMixed = (engine: string): Setup => setup(unasked, { variables: mixed, engine, budget: 900, seed: 3 });
const inDiscrete = (engine: string): Setup => setup(unasked, { variables: discrete, engine, budget: 5000, seed: 3 });

/** Answers with f, `width` at a time, in an order drawn from a seed; returns the points in the order they were asked. */
function drive(all: Trials, f: (x: Float64Array, n: number) => number, width: number, most = 1e9): Float64Array[] {
  const asked: Float64Array[] = [];
  const flying: Trial[] = [];
  for (let n = 0; n < most; n++) {
    while (flying.length < width) {
      const next = all.next();
      if (next === null) break;
      asked.push(next.query.at.x.slice());
      flying.push(next);
    }
    if (flying.length === 0) break;
    const [{ trial, query }] = flying.splice(integer(key(4), n, flying.length), 1);
    all.tell(trial, { n: 1, value: Float64Array.of(f(query.at.x, trial)) });
  }
  return asked;
}

describe.each(["packets", "random"])("%s", (engine) => {
  test("asks points of a mixed space only, and goes on from a checkpoint to the same, decode, encode bits", () => {
    const { space } = inMixed(engine).potential;
    const whole = trials(inMixed(engine));
    const before = drive(whole, valley, 6, 300);
    for (const x of before) if (space !== undefined) checkPoint("asked", space, x);
    const bytes = encode(whole.checkpoint());
    const [a, b] = [0, 1].map(() => trials(inMixed(engine), checkpointFrom(decode(bytes))));
    expect(same(a.checkpoint(), whole.checkpoint())).toBe(true);
    expect(drive(a, valley, 6)).toEqual(drive(b, valley, 6));
    expect(same(a.checkpoint(), b.checkpoint())).toBe(true);
    expect(a.stop()).toBe("budget spent");
    expect(a.result("budget spent").best.value).toBeLessThan(engine === "packets" ? 1e-6 : 3);
  });

  test.each([1, 5, 300])("knows a discrete space whole, %i points at a time, none of them asked twice", (width) => {
    const all = trials(inDiscrete(engine));
    const asked = drive(all, steps, width);
    expect(all.stop()).toBe("space exhausted");
    expect(asked.length).toBe(210);
    expect(new Set(asked.map((x) => x.join(" "))).size).toBe(210);
    expect(all.result("space exhausted").best).toMatchObject({ value: 0, x: Float64Array.of(7, -1, 2) });
  });

  test("a known point is not asked, and its value stands", () => {
    const known = [{ x: [7, -1, 2], value: 0 }];
    const all = trials(setup(unasked, { variables: discrete, engine, known, seed: 1 }));
    const asked = drive(all, steps, 4);
    expect(asked.length).toBe(209);
    expect(asked.some((x) => x.join(" ") === "7 -1 2")).toBe(false);
    expect(all.result("space exhausted").best.value).toBe(0);
  });

  test("noisy values are asked again before they are believed", () => {
    const noisy = setup(unasked, { domain: [-4, 6], dim: 2, engine, noise: 0.5, budget: 800, seed: 2 });
    const f = (x: Float64Array, n: number): number => x[0] ** 2 + x[1] ** 2 + 0.5 * normal(key(8), n);
    const all = trials(noisy);
    const asked = drive(all, f, 6);
    const { best, account } = all.result("budget spent");
    expect(account.evaluations).toBe(800);
    expect(asked.length - new Set(asked.map((x) => x.join(" "))).size).toBeGreaterThan(engine === "packets" ? 80 : 20);
    expect(best.repeats).toBeGreaterThanOrEqual(4);
    const truth = best.x[0] ** 2 + best.x[1] ** 2;
    expect(Math.abs(best.value - truth)).toBeLessThan(5 * (best.error ?? 0));
    // with repeats outstanding, too, it goes on to the same, decode, encode bits
    const cut = trials(noisy);
    drive(cut, f, 6, 400);
    const again = trials(noisy, checkpointFrom(decode(encode(cut.checkpoint()))));
    expect(same(again.checkpoint(), cut.checkpoint())).toBe(true);
  });

  test("the best keeps the constraints", async () => {
    const g = { domain: [0, 5] as [number, number], dim: 2, constraints: ["x1 * x2 >= 4"], seed: 1 };
    const at = setup((x: number[]) => x[0] + x[1], { ...g, engine, budget: 1500 });
    const evaluate = async (query: Query): Promise<Answer> => {
      for (let turns = 1 + integer(key(1), Math.floor(1e6 * query.at.x[0]), 9); turns > 0; turns--) await undefined;
      return at.potential.answer(query);
    };
    const { best, stop } = await observe(runSteady(at, { outstanding: 5, evaluate }), []);
    expect(stop).toBe("budget spent");
    expect(best.x[0] * best.x[1]).toBeGreaterThanOrEqual(4);
    expect(best.value).toBeLessThan(engine === "packets" ? 4.001 : 4.3);
  });
});
