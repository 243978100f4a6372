/** Packets in spaces with constraints on engineering problems whose best known designs are published. */
import { describe, expect, test } from "vitest";
import vessel from "../../examples/pressure-vessel.mjs";
import beam from "../../examples/welded-beam.mjs";
import { minimize } from "../../src/index.ts";

const SEEDS = [0, 1, 2, 3, 4, 5];

describe("the best known designs are found", () => {
  test("pressure vessel, two integers and two reals: 6059.714335", async () => {
    const results = await Promise.all(SEEDS.map((seed) => minimize(vessel as never, { budget: 40_000, seed })));
    for (const { best } of results) {
      expect(best.value).toBeGreaterThan(6059.7143);
      expect(vessel.constraints(best.values as never).every((g: number) => g <= 0)).toBe(true);
      // 6059.714 for most, the next plates (6090.5) for the others
      expect(best.value).toBeLessThan(6091);
    }
    const found = results.filter(({ best }) => best.value < 6059.7144);
    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(found[0].best.values).toMatchObject({ shell: 13, head: 7 });
  });

  test("welded beam, seven constraints: 1.724852", async () => {
    for (const seed of SEEDS) {
      const { best } = await minimize(beam as never, { budget: 6000, seed });
      expect(best.value).toBeCloseTo(1.724852, 6);
      expect(beam.constraints(best.values as never).every((g: number) => g <= 0)).toBe(true);
    }
  });
});

test("a choice among options without an order, beside reals: each option has a valley of its own", async () => {
  const floors: Record<string, number> = { relu: 0.4, tanh: 0.1, gelu: 0.25, sine: 0.6 };
  const centers: Record<string, number> = { relu: -3, tanh: 2.5, gelu: 0.5, sine: -1 };
  let found = 0;
  for (const seed of SEEDS) {
    const { best } = await minimize(
      ({ kind, x, lr }) => floors[kind] + (x - centers[kind]) ** 2 + (Math.log10(lr) + 3) ** 2,
      {
        variables: { kind: { choice: ["relu", "tanh", "gelu", "sine"] }, x: [-5, 5], lr: { log: [1e-6, 1] } },
        budget: 5000,
        seed,
      },
    );
    if (best.value < 0.1 + 1e-6) found++;
  }
  expect(found).toBeGreaterThanOrEqual(5);
});

test("types follow the variables", async () => {
  const { best } = await minimize(
    ({ n, kind, on, c }) => {
      const both: "a" | "b" = kind;
      const fixed: 3 = c;
      return n + (both === "a" ? 0 : fixed) + (on ? 1 : 0);
    },
    {
      variables: {
        n: { integer: [0, 3] },
        kind: { choice: ["a", "b"] },
        on: { choice: [true, false] },
        c: { fixed: 3 },
      },
    },
  );
  expect(best.values).toEqual({ n: 0, kind: "a", on: false, c: 3 });
});
