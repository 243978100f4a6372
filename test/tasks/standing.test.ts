/** Standings and what is said of two of them; the virtual best of 2009 as published. */
import { describe, expect, it } from "vitest";
import { key } from "../../src/math/rng.ts";
import { knownStandings } from "../../src/platform/node/standings.ts";
import { rowOf, type TrialHits } from "../../src/tasks/bbob.ts";
import { abscissae, against, type Standing, standingOf, withBest } from "../../src/tasks/standing.ts";

/** A trial that hits every target at once after so many evaluations. */
const trial = (f: number, instance: number, seed: number, hit: number): TrialHits => ({
  f,
  instance,
  seed,
  hits: new Float64Array(51).fill(hit),
});

const problems = Array.from({ length: 24 }, (_, i) => [1, 2, 3].map((instance) => ({ f: i + 1, instance }))).flat();

/** All targets of each problem at 10^{k} · 5 evaluations, or never. */
function standing(name: string, hitOf: (f: number, instance: number) => number): Standing {
  const trials = problems.map(({ f, instance }) => trial(f, instance, 0, hitOf(f, instance)));
  return standingOf(rowOf(name, 5, trials, 1000));
}

describe("standingOf", () => {
  it("has the mean over seeds of each problem, and the distributions of each group", () => {
    const trials = [trial(1, 1, 0, 50), trial(1, 1, 1, Number.POSITIVE_INFINITY), trial(24, 2, 0, 5)];
    const row = rowOf("some", 5, trials, 1000);
    const { cells, curves, ...rest } = standingOf(row);
    expect(rest).toEqual({ name: "some", dim: 5, budget: 1000 });
    expect(cells).toEqual([
      { f: 1, instance: 1, solved: [0.5, 0.5, 0.5, 0.5, 0.5], auc: expect.closeTo((0.5 * 2) / 3, 14) },
      { f: 24, instance: 2, solved: [1, 1, 1, 1, 1], auc: 1 },
    ]);
    expect(row.groups).toEqual({
      separable: expect.closeTo((0.5 * 2) / 3, 14),
      "multi-modal, weak structure": 1,
    });
    expect(abscissae(1000).length).toBe(31);
    expect(curves.separable).toEqual(abscissae(1000).map((b) => (b < 9.99 ? 0 : 0.5)));
    expect(curves["multi-modal, weak structure"]).toEqual(new Array(31).fill(1));
    expect(curves["ill-conditioned"]).toBeUndefined();
  });
});

describe("against", () => {
  const half = standing("half", (f, i) => ((f + i) % 2 === 0 ? 50 : Number.POSITIVE_INFINITY));
  const all = standing("all", () => 50);
  const other = standing("other half", (f, i) => ((f + i) % 2 === 1 ? 50 : Number.POSITIVE_INFINITY));

  it("tells what is above, what is below and what cannot be told apart", () => {
    const verdicts = (a: Standing, b: Standing) => new Set(against(a, b, key(1)).map(({ verdict }) => verdict));
    expect(verdicts(all, half)).toEqual(new Set(["above"]));
    expect(verdicts(half, all)).toEqual(new Set(["below"]));
    expect(verdicts(half, other)).toEqual(new Set(["not below"]));
    expect(verdicts(half, half)).toEqual(new Set(["not below"]));
  });

  it("pairs problems: the interval is that of the differences, 1.96 σ/√n", () => {
    const [first] = against(half, other, key(2), 20_000);
    expect(first).toMatchObject({ measure: "solved", budget: 10, ours: 0.5, theirs: 0.5, difference: 0 });
    // differences are ±1 with equal shares
    const width = 2 * 1.96 * Math.sqrt(1 / 72);
    expect(Math.abs(first.high - first.low - width)).toBeLessThan(0.05 * width);
    // what both solve drops out
    const [paired] = against(all, all, key(2));
    expect(paired).toMatchObject({ low: 0, high: 0 });
  });

  it("compares shared problems and budgets only, the area only up to the same budget", () => {
    const shorter = standingOf(rowOf("short", 5, [trial(3, 2, 0, 50), trial(3, 9, 0, 50)], 100));
    const compared = against(half, shorter, key(3));
    expect(compared.map(({ measure, budget }) => [measure, budget])).toEqual([
      ["solved", 10],
      ["solved", 30],
      ["solved", 100],
    ]);
    expect(compared[0]).toMatchObject({ ours: 0, theirs: 1 });
    expect(against(half, standingOf(rowOf("none", 5, [trial(3, 9, 0, 1)], 100)), key(3))).toEqual([]);
  });

  it("takes a cell without an instance for each of them", () => {
    const best: Standing = { ...all, name: "best", cells: [{ f: 1, solved: [1, 1, 1, 1, 1], auc: 1 }] };
    const [first] = against(half, best, key(4));
    // f + instance is even for two of the three
    expect(first).toMatchObject({ ours: 2 / 3, theirs: 1 });
  });

  it("keeps of several peers the best at each budget", () => {
    const compared = [half, all, other].flatMap((peer) => against(half, peer, key(5)));
    expect(withBest(compared).map(({ peer }) => peer)).toEqual(new Array(6).fill("all"));
  });
});

/** The virtual best of 2009 by COCO's own data: shares of the eight targets at 10, 30, 100, 300, 1000, 3000, 10000 · d. */
const published: Readonly<Record<number, readonly number[]>> = {
  2: [0.332, 0.514, 0.732, 0.898, 0.965, 0.979, 0.987],
  5: [0.238, 0.352, 0.545, 0.678, 0.814, 0.894, 0.933],
  10: [0.208, 0.31, 0.431, 0.597, 0.771, 0.825, 0.876],
  20: [0.18, 0.278, 0.367, 0.523, 0.731, 0.785, 0.848],
};

describe("the standings that come with Wick", () => {
  it.each(Object.entries(published))("have the virtual best of 2009 in %s dimensions", (dim, shares) => {
    const best = knownStandings().best2009.find((standing) => standing.dim === Number(dim));
    const mean = (k: number) => (best?.cells ?? []).reduce((sum, { solved }) => sum + solved[k], 0) / 24;
    shares.forEach((share, k) => {
      expect(Math.abs(mean(k) - share)).toBeLessThan(0.001);
    });
  });

  it("have peers on whole sets of problems, with curves that rise", () => {
    for (const { cells, curves, budget } of knownStandings().peers) {
      expect(cells.length % 24).toBe(0);
      expect(Object.keys(curves).length).toBe(6);
      for (const curve of Object.values(curves)) {
        expect(curve.length).toBe(abscissae(budget).length);
        curve.forEach((share, k) => {
          expect(share).toBeGreaterThanOrEqual(k === 0 ? 0 : curve[k - 1]);
        });
      }
    }
  });
});
