import { describe, expect, test } from "vitest";
import { blankHops, charge, follow, type Hops, hop, isHopsTurn, land, priorOfHops } from "../../src/core/hops.ts";
import { checkPoint, readSpace, type Space } from "../../src/core/space.ts";
import { askSteady, minimize } from "../../src/index.ts";
import { fold, key, uniform } from "../../src/math/rng.ts";

const of = (variables: Readonly<Record<string, unknown>>): Space => readSpace("v", variables);
const integer = { integer: [0, 9] };
const choice = { choice: ["a", "b", "c"] };
const lattice = of({ n: { integer: [-3, 3] }, k: choice, fixed: 2, m: { integer: [0, 1] } });

function standing(x: number[], value: number): Hops {
  const hops = blankHops();
  follow(hops, { n: 1, dim: x.length, x: Float64Array.from(x) }, [value]);
  return hops;
}

describe("the share of hops", () => {
  test.each([
    [{ x: [0, 1] }, 0],
    [{ x: [0, 1], n: integer }, 0],
    [{ n: integer, m: integer }, 0.1],
    [{ n: integer, k: choice, c: 3 }, 0.3],
    [{ k: choice, b: { integer: [4, 5] } }, 0.5],
    [{ x: [0, 1], y: [0, 1], k: choice, j: choice }, 0.2],
    [{ c: 3 }, 0],
  ] as [Record<string, unknown>, number][])("of %j is %f", (variables, prior) => {
    expect(priorOfHops(of(variables))).toBeCloseTo(prior, 12);
  });

  test("follows Softmax in rank: e times less behind the engine, e times more before it", () => {
    const share = (low: number): number => {
      const hops = standing([0], 1);
      hops.lowest[1] = low;
      for (let n = 0; n < 10_000; n++)
        if (isHopsTurn(hops, 0.25)) hops.spent[1]++;
        else charge(hops, 1);
      return hops.spent[1] / hops.spent[0];
    };
    expect(share(1)).toBeCloseTo(0.25, 2);
    expect(share(2)).toBeCloseTo(0.25 / Math.E, 2);
    expect(share(0)).toBeCloseTo(0.25 * Math.E, 2);
    expect(isHopsTurn(blankHops(), 0.25)).toBe(false);
  });
});

describe("a hop", () => {
  test("changes discrete variables only, one in most, and stays in the space", () => {
    const hops = standing([-3, 2, 2, 0], 5);
    const changed = [0, 0, 0, 0];
    let one = 0;
    for (let n = 0; n < 3000; n++) {
      const to = hop(hops, lattice, () => false, fold(key(1), n));
      if (to === null) throw new Error("all points are free");
      checkPoint("hop", lattice, to.x);
      const axes = [...to.x.keys()].filter((j) => to.x[j] !== hops.x[j]);
      for (const j of axes) changed[j]++;
      if (axes.length === 1) one++;
      expect(axes.length).toBeGreaterThan(0);
    }
    expect(changed[2]).toBe(0);
    // (1 − (2/3)³ of 3 axes, conditioned) : one change in 4/9 + 8/27 = 0.74 of all
    expect(one / 3000).toBeCloseTo(20 / 27, 1);
    for (const j of [0, 1, 3]) expect(changed[j] / 3000).toBeCloseTo(1 / 3 + 8 / 81, 1);
  });

  test("visits what is not known until next to nothing is left, and is none then", () => {
    const hops = standing([0, 0, 2, 0], 5);
    const known = new Set([hops.x.join()]);
    let found = hop(hops, lattice, (x) => known.has(x.join()), key(2));
    for (let n = 1; found !== null; n++) {
      expect(known.has(found.x.join())).toBe(false);
      known.add(found.x.join());
      found = hop(hops, lattice, (x) => known.has(x.join()), fold(key(2), n));
    }
    expect(known.size).toBeGreaterThan(0.9 * 7 * 3 * 2);
    expect(hop(hops, lattice, () => true, key(3))).toBe(null);
    expect(hops.spent[1]).toBe(known.size - 1);
  });

  test("is kept where ζ is not higher; what the engine finds lower is gone on from", () => {
    const hops = standing([0, 0, 2, 0], 5);
    land(hops, Float64Array.of(1, 0, 2, 0), 6);
    expect(hops.x[0]).toBe(0);
    land(hops, Float64Array.of(2, 0, 2, 0), 5);
    expect(hops.x[0]).toBe(2);
    follow(hops, { n: 2, dim: 4, x: Float64Array.of(3, 0, 2, 0, -1, 0, 2, 0) }, [7, 4]);
    expect([hops.x[0], hops.value, ...hops.lowest]).toEqual([-1, 4, 4, 5]);
  });
});

describe("a landscape without an order", () => {
  /** Ten choices of six; every one is worth what it and its two neighbors say. */
  function rugged(seed: number): { f: (v: Record<string, unknown>) => number; variables: Record<string, unknown> } {
    const names = Array.from({ length: 10 }, (_, i) => `k${i}`);
    const f = (v: Record<string, unknown>): number =>
      names.reduce((sum, _, i) => {
        const at = [0, 1, 3].reduce((n, o) => 6 * n + Number(v[names[(i + o) % 10]]), 0);
        return sum + uniform(fold(key(seed), i), at);
      }, 0);
    const six = { choice: ["0", "1", "2", "3", "4", "5"] };
    return { f, variables: Object.fromEntries(names.map((name) => [name, six])) };
  }

  test("is searched as well as by an evolution strategy, which random points are far from", async () => {
    let [sum, blind] = [0, 0];
    for (let seed = 0; seed < 8; seed++) {
      const { f, variables } = rugged(seed);
      sum += (await minimize(f, { variables: variables as never, budget: 1000, seed })).best.value / 8;
      blind +=
        (await minimize(f, { variables: variables as never, budget: 1000, seed, engine: "random" })).best.value / 8;
    }
    // 1 + 1 with one change on average: 1.58 over thirty such landscapes
    expect(sum).toBeLessThan(1.6);
    expect(blind).toBeGreaterThan(2);
  });

  test("the finder is named, and answers in any order have a walker, too", async () => {
    const { f, variables } = rugged(1);
    const { record } = await minimize(f, { variables: variables as never, budget: 600, seed: 1 });
    expect(record.families.map(({ label }) => label)).toContain("hopping");
    const study = askSteady({ variables: variables as never, budget: 600, seed: 1 });
    const seen = new Set<string>();
    const open: { trial: number; values: Record<string, unknown> }[] = [];
    for (let n = 0; n < 600; n++) {
      while (open.length < 5) {
        const next = study.ask();
        if (next === null) break;
        expect(seen.has(JSON.stringify(next.values))).toBe(false);
        seen.add(JSON.stringify(next.values));
        open.push({ trial: next.trial, values: next.values as Record<string, unknown> });
      }
      const [done] = open.splice(n % open.length, 1);
      if (done !== undefined) study.tell(done.trial, f(done.values));
    }
    expect(study.result().best.value).toBeLessThan(2);
    expect(study.result().record.families.map(({ label }) => label)).toContain("hopping");
  });
});
