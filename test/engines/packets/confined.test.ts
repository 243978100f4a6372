/** The confined packet on problems of the literature, whose least values are known. */
import { describe, expect, it } from "vitest";
import vessel from "../../../examples/pressure-vessel.mjs";
import beam from "../../../examples/welded-beam.mjs";
import { copy, same } from "../../../src/core/plain.ts";
import { run, type Setup } from "../../../src/core/run.ts";
import { minimize, setup } from "../../../src/index.ts";

type Problem = {
  readonly domain: readonly (readonly [number, number])[];
  readonly value: (x: number[]) => number;
  readonly constraints: (x: number[]) => number[];
  readonly least: number;
};

const box = (dim: number, half: number): [number, number][] => Array.from({ length: dim }, () => [-half, half]);

// W. Hock, K. Schittkowski, "Test Examples for Nonlinear Programming Codes" (1981); T. Runarsson, X. Yao, IEEE Trans.
// Evol. Comput. 4, 284 (2000): g06, g07, g09; the spring is J. Arora's
const problems: Readonly<Record<string, Problem>> = {
  "a parabola beside a wall of its own": {
    domain: box(2, 5),
    value: ([x, y]) => (x - 1) ** 2 + y * y,
    constraints: ([x]) => [3 - x],
    least: 4,
  },
  "a plane in a disk": {
    domain: box(2, 5),
    value: ([x, y]) => x + y,
    constraints: ([x, y]) => [x * x + y * y - 1],
    least: -Math.SQRT2,
  },
  "a sliver between two circles (g06)": {
    domain: [
      [13, 100],
      [0, 100],
    ],
    value: ([x, y]) => (x - 10) ** 3 + (y - 20) ** 3,
    constraints: ([x, y]) => [100 - (x - 5) ** 2 - (y - 5) ** 2, (x - 6) ** 2 + (y - 5) ** 2 - 82.81],
    least: -6961.813876,
  },
  "ten variables, eight constraints, six of them active (g07)": {
    domain: box(10, 10),
    value: ([a, b, c, d, e, f, g, h, i, j]) =>
      a * a +
      b * b +
      a * b -
      14 * a -
      16 * b +
      (c - 10) ** 2 +
      4 * (d - 5) ** 2 +
      (e - 3) ** 2 +
      2 * (f - 1) ** 2 +
      5 * g * g +
      7 * (h - 11) ** 2 +
      2 * (i - 10) ** 2 +
      (j - 7) ** 2 +
      45,
    constraints: ([a, b, c, d, e, f, g, h, i, j]) => [
      4 * a + 5 * b - 3 * g + 9 * h - 105,
      10 * a - 8 * b - 17 * g + 2 * h,
      -8 * a + 2 * b + 5 * i - 2 * j - 12,
      3 * (a - 2) ** 2 + 4 * (b - 3) ** 2 + 2 * c * c - 7 * d - 120,
      5 * a * a + 8 * b + (c - 6) ** 2 - 2 * d - 40,
      a * a + 2 * (b - 2) ** 2 - 2 * a * b + 14 * e - 6 * f,
      0.5 * (a - 8) ** 2 + 2 * (b - 4) ** 2 + 3 * e * e - f - 30,
      -3 * a + 6 * b + 12 * (i - 8) ** 2 - 7 * j,
    ],
    least: 24.3062090682,
  },
  "seven variables, two of four constraints active (g09)": {
    domain: box(7, 10),
    value: ([a, b, c, d, e, f, g]) =>
      (a - 10) ** 2 +
      5 * (b - 12) ** 2 +
      c ** 4 +
      3 * (d - 11) ** 2 +
      10 * e ** 6 +
      7 * f * f +
      g ** 4 -
      4 * f * g -
      10 * f -
      8 * g,
    constraints: ([a, b, c, d, e, f, g]) => [
      2 * a * a + 3 * b ** 4 + c + 4 * d * d + 5 * e - 127,
      7 * a + 3 * b + 10 * c * c + d - e - 282,
      23 * a + b * b + 6 * f * f - 8 * g - 196,
      4 * a * a + b * b - 3 * a * b + 2 * c * c + 5 * f - 11 * g,
    ],
    least: 680.6300573745,
  },
  "a spring": {
    domain: [
      [0.05, 2],
      [0.25, 1.3],
      [2, 15],
    ],
    value: ([d, D, n]) => (n + 2) * D * d * d,
    constraints: ([d, D, n]) => [
      1 - (D ** 3 * n) / (71785 * d ** 4),
      (4 * D * D - d * D) / (12566 * (D * d ** 3 - d ** 4)) + 1 / (5108 * d * d) - 1,
      1 - (140.45 * d) / (D * D * n),
      (d + D) / 1.5 - 1,
    ],
    least: 0.012665232788,
  },
};

// what the penalty alone left above the least after as many evaluations: 2.8e-2, 1.3e-1, 5.7e-2, 8.4, 27 and 5.5e-4
describe.each([
  ["a parabola beside a wall of its own", 100, 1e-8],
  ["a plane in a disk", 100, 1e-8],
  ["a sliver between two circles (g06)", 1500, 1e-3],
  ["ten variables, eight constraints, six of them active (g07)", 1000, 1e-6],
  ["seven variables, two of four constraints active (g09)", 300, 1e-5],
  ["a spring", 1000, 1e-6],
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

  it("a pressure vessel of two whole numbers: packets are born a hop away", async () => {
    for (const seed of [0, 1]) {
      const { best } = await minimize(vessel as never, { budget: 10_000, seed });
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
