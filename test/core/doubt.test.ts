import { describe, expect, test } from "vitest";
import { minimize } from "../../src/index.ts";
import { normal, key as seeded } from "../../src/math/rng.ts";

const bowl = (x: number[]): number => x.reduce((sum, v) => sum + v * v, 0);

/** The bowl with noise that is new at every call; the numbers of the calls are its addresses. */
function noisy(sigma: number, seed: number): { f: (x: number[]) => number; calls: () => number } {
  let calls = 0;
  return { f: (x) => bowl(x) + sigma * normal(seeded(seed), calls++), calls: () => calls };
}

describe("a noisy objective", () => {
  const SEEDS = 20;
  test.each(["auto", 0.3] as const)("noise: %s: what is reported is no lucky value", async (noise) => {
    let covered = 0;
    const excess: number[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const { f, calls } = noisy(0.3, seed);
      const { best, evaluations } = await minimize(f, { domain: [-5, 5], dim: 2, budget: 2000, seed, noise });
      expect(calls()).toBe(2000);
      expect(evaluations).toBe(2000);
      const error = best.error ?? Number.NaN;
      expect(error * Math.sqrt(best.repeats ?? 0)).toBeGreaterThan(0.2);
      expect(error * Math.sqrt(best.repeats ?? 0)).toBeLessThan(0.4);
      excess.push((best.value - bowl([...best.x])) / error);
      if (Math.abs(excess[seed]) < 2) covered++;
      // the luckiest of two thousand values lies three standard deviations below
      expect(best.value).toBeGreaterThan(-0.45);
      expect(bowl([...best.x])).toBeLessThan(0.3);
    }
    // of 20 intervals that hold with 95 %, 14 or fewer hold with probability 3e-4
    expect(covered).toBeGreaterThan(14);
    const mean = excess.reduce((a, b) => a + b) / SEEDS;
    expect(Math.abs(mean)).toBeLessThan(1);
  });

  test("stops at a target only when the mean of repeats is there", async () => {
    const { f } = noisy(1, 5);
    const { stop } = await minimize(f, { domain: [-5, 5], dim: 2, budget: 2000, noise: "auto", target: -1.5 });
    expect(stop).toBe("budget spent");
  });
});

test("an objective without noise pays for no more than a few repeats, and reports plainly", async () => {
  const repeats = async (noise: "auto" | "none") => {
    const asked = new Set<string>();
    let calls = 0;
    const f = (x: number[]): number => {
      calls++;
      asked.add(x.join(" "));
      return bowl(x);
    };
    const { best } = await minimize(f, { domain: [-5, 5], dim: 2, budget: 2000, noise, engine: "metropolis" });
    expect(Object.keys(best)).toEqual(["value", "x"]);
    expect(calls).toBe(2000);
    return calls - asked.size;
  };
  expect(await repeats("none")).toBe(0);
  // at 10, 20, 40, … evaluations
  expect(await repeats("auto")).toBeLessThanOrEqual(8);
});

test("without a word of noise nothing is asked twice", async () => {
  const asked = new Set<string>();
  let calls = 0;
  const f = (x: number[]): number => {
    calls++;
    asked.add(x.join(" "));
    return bowl(x);
  };
  await minimize(f, { domain: [-5, 5], dim: 2, budget: 500, engine: "random" });
  expect(asked.size).toBe(calls);
});

test.each([[-1], [0], [Number.NaN], [Number.POSITIVE_INFINITY], ["some"]])("noise %j is refused", async (noise) => {
  await expect(minimize(bowl, { domain: [-5, 5], dim: 2, noise: noise as never })).rejects.toThrow("noise");
});
