/** The confined packet on problems of the literature, whose least values are known. */
import { describe, expect, it } from "vitest";
import { problems } from "../../../bench/limited.ts";
import vessel from "../../../examples/pressure-vessel.mjs";
import beam from "../../../examples/welded-beam.mjs";
import { copy, same } from "../../../src/core/plain.ts";
import { run, type Setup } from "../../../src/core/run.ts";
import { minimize, setup } from "../../../src/index.ts";

// what the penalty alone left above the least after as many evaluations: 2.8e-2, 1.3e-1, 5e-2, 8.4, 27, 6e-3 and 950
describe.each([
  ["a parabola beside a wall of its own", 100, 1e-8],
  ["a plane in a disk", 100, 1e-8],
  ["a sliver between two circles (g06)", 1500, 1e-6],
  ["ten variables, eight constraints, six of them active (g07)", 1000, 1e-6],
  ["seven variables, two of four constraints active (g09)", 300, 1e-5],
  ["a spring", 300, 1e-6],
  ["five variables, six constraints, two of them active (g04)", 100, 1e-8],
] as const)("%s", (name, budget, within) => {
  const { value, least, ...rest } = problems[name];
  const { domain, constraints } = rest;

  it.each([0, 1, 2])(
    `within ${budget} evaluations, from seed %i, and on the allowed side to the last bit`,
    async (seed) => {
      const { best, evaluations } = await minimize(value, {
        domain: domain as [number, number][],
        constraints,
        budget,
        seed,
      });
      expect(evaluations).toBe(budget);
      expect(best.value - least).toBeLessThan(within * (1 + Math.abs(least)));
      expect(best.value - least).toBeGreaterThan(-1e-8 * (1 + Math.abs(least)));
      for (const g of constraints([...best.x])) expect(g).toBeLessThanOrEqual(0);
    },
  );
});

describe("designs", () => {
  it("a welded beam within 300 evaluations, where the penalty alone took 3000", async () => {
    const { best, record } = await minimize(beam as never, { budget: 300, seed: 1 });
    expect(best.value).toBeLessThan(1.724853);
    expect(record.families.map(({ label }) => label)).toContain("confined");
  });

  it("a pressure vessel of two whole numbers: packets are born a hop away, where the multipliers say that it pays", async () => {
    for (const seed of [0, 1, 2]) {
      const { best } = await minimize(vessel as never, { budget: 3000, seed });
      expect(best.value).toBeLessThan(6059.7144);
    }
  });
});

describe("the confined packet", () => {
  const given = (over: object = {}): Setup => {
    const { value, domain, constraints } = problems["a spring"];
    return setup(value, { domain: domain as [number, number][], constraints, budget: 300, seed: 2, ...over });
  };

  it("goes on from any frame bit for bit", async () => {
    const all: { evaluations: number; checkpoint: unknown }[] = [];
    const frames = run(given());
    for (let next = await frames.next(); !next.done; next = await frames.next())
      all.push({ evaluations: next.value.account.evaluations, checkpoint: copy(next.value.checkpoint() as never) });
    for (const at of [1, Math.floor(all.length / 3), Math.floor(all.length / 2), all.length - 2]) {
      const again = run(given(), { from: copy(all[at].checkpoint as never) });
      let last: unknown;
      for (let next = await again.next(); !next.done; next = await again.next()) last = next.value.checkpoint();
      expect(same(last as never, all.at(-1)?.checkpoint as never)).toBe(true);
    }
  });

  it("bears g that are no numbers, constraints that nothing keeps, and ones that do not matter", async () => {
    const torn = await minimize(([x, y]) => (x - 1) ** 2 + y * y, {
      ...{ domain: [-5, 5], dim: 2, budget: 400 },
      constraints: ([x]) => [x < 0 ? Number.NaN : 3 - x],
    });
    expect(torn.best.value).toBeLessThan(4 + 1e-6);
    const never = await minimize(([x]) => x * x, {
      ...{ domain: [-5, 5], dim: 1, budget: 200 },
      constraints: ([x]) => [1 + x * x],
    });
    expect(never.best.x.length).toBe(0);
    expect(never.nearest?.x[0]).toBeCloseTo(0, 3);
    const idle = await minimize(([x, y]) => (x - 1) ** 2 + y * y, {
      ...{ domain: [-5, 5], dim: 2, budget: 100 },
      constraints: () => [-1, 0],
    });
    expect(idle.best.value).toBeLessThan(1e-12);
  });

  it("searches a logarithmic variable in its logarithm", async () => {
    const { best } = await minimize(({ k, x }) => Math.log(k) ** 2 + (x - 1) ** 2, {
      variables: { k: { log: [1e-6, 1e6] }, x: [-5, 5] },
      constraints: ["2 - x - 0.1*log(k) <= 0"],
      budget: 150,
    });
    // x + ln k / 10 = 2: ln k = 0.1 / 1.01, x = 1 + 1 / 1.01
    expect(best.value).toBeCloseTo(1 / 1.01, 8);
  });

  it("is not there where nothing is smooth, where there is noise, and for other engines", async () => {
    const labels = async (over: object): Promise<string[]> => {
      const { record } = await minimize(({ n, m }: Record<string, number>) => n * n + m, {
        ...{ variables: { n: { integer: [-9, 9] }, m: [0, 1] }, budget: 200 },
        constraints: ["n + m >= 3"],
        ...over,
      } as never);
      return record.families.map(({ label }) => label);
    };
    expect(await labels({})).toContain("confined");
    expect(await labels({ noise: 0.1 })).not.toContain("confined");
    expect(await labels({ engine: "mqhoa" })).not.toContain("confined");
    expect(await labels({ variables: { n: { integer: [-9, 9] }, m: { integer: [0, 1] } } })).not.toContain("confined");
  });
});
