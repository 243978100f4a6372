/** The confined packet on problems of the literature, whose least values are known. */
import { describe, expect, it } from "vitest";
import { problems } from "../../../bench/limited.ts";
import vessel from "../../../examples/pressure-vessel.mjs";
import beam from "../../../examples/welded-beam.mjs";
import { copy, same } from "../../../src/core/plain.ts";
import { run, type Setup } from "../../../src/core/run.ts";
import { type Trial, trials } from "../../../src/core/trials.ts";
import type { Confinement } from "../../../src/engines/packets/confinement.ts";
import { ask, askSteady, minimize, setup } from "../../../src/index.ts";
import { integer, key } from "../../../src/math/rng.ts";
import { unshared } from "../../conformance/sharing.ts";

// what the penalty alone left above the least after as many evaluations: 2.8e-2, 1.3e-1, 5e-2, 8.4, 27, 6e-3 and 950
describe.each([
  // 28 where a step was measured by prices below the multipliers
  ["a parabola beside a wall of its own", 15, 1e-4],
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
    let solved = 0;
    for (let seed = 0; seed < 9; seed++) {
      const { best } = await minimize(vessel as never, { budget: 3000, seed, target: 6059.7144 });
      if (best.value < 6059.71441) solved++;
    }
    // of 405 seeds 360, and half as many where hops are drawn by their penalized value
    expect(solved).toBeGreaterThanOrEqual(7);
  });
});

describe("whole numbers and options, without constraints", () => {
  // each of six options has its own valley, and its floor depends on a whole number; packets and hops alone took 1789 in
  // the median of 15 seeds, one of which did not end within 4000; now 576
  const center: Record<string, number> = { a: 1, b: -2, c: 3, d: -4, e: 0, f: 2 };
  const extra: Record<string, number> = { a: 3, b: 1, c: 2, d: 0, e: 4, f: 5 };
  const valleys = ({ k, n, x, y }: Record<string, number | string>): number =>
    100 * (Number(x) - center[k]) ** 2 +
    100 * (Number(y) - Number(n) / 10) ** 2 +
    (Number(n) - 17) ** 2 / 10 +
    extra[k];
  const variables = { k: { choice: Object.keys(center) }, n: { integer: [0, 30] as const }, x: [-5, 5], y: [-5, 5] };

  it.each([undefined, 4])(
    "hold a packet that goes down each of their valleys (outstanding: %s)",
    async (outstanding) => {
      for (const seed of [0, 1, 2, 3, 4]) {
        const beside = outstanding === undefined ? {} : { outstanding };
        const given = { variables: variables as never, seed, budget: 2500, target: 1e-6, ...beside };
        const { stop, best, record } = await minimize(valleys as never, given);
        expect(stop).toBe("target reached");
        expect([...best.x].slice(0, 2)).toEqual([3, 17]);
        expect(record.families.map(({ label }) => label)).toContain("confined");
      }
    },
  );

  it("go on in any order from what was saved in the middle, bit for bit, and fixed variables change nothing", () => {
    const answers = (of: Setup, all: ReturnType<typeof trials>, n: number, flying: Trial[], width: number): void => {
      for (let next = all.next(); next !== null; next = flying.length < width ? all.next() : null) flying.push(next);
      const [{ trial, query }] = flying.splice(integer(key(5), n, flying.length), 1);
      all.tell(trial, of.potential.answer(query) as never);
    };
    const fixed = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`z${i}`, { fixed: i }]));
    for (const width of [1, 50]) {
      const [of, longer] = [variables, { ...variables, ...fixed }].map((given) =>
        setup(valleys as never, { variables: given as never, budget: 900, seed: 4 }),
      );
      const [whole, beside] = [trials(of), trials(longer)];
      const [flying, others]: Trial[][] = [[], []];
      let saved: ReturnType<typeof whole.checkpoint> | undefined;
      let open: Trial[] = [];
      for (let n = 0; n < 840; n++) {
        if (n === 400) [saved, open] = [whole.checkpoint(), [...flying]];
        answers(of, whole, n, flying, width);
        answers(longer, beside, n, others, width);
      }
      expect(others.map(({ query }) => [...query.at.x.slice(0, 4)])).toEqual(
        flying.map(({ query }) => [...query.at.x]),
      );
      const again = trials(of, copy(saved as never));
      for (const _ of open) again.next();
      for (let n = 400; n < 840; n++) answers(of, again, n, open, width);
      expect(same(again.checkpoint() as never, whole.checkpoint() as never)).toBe(true);
    }
  });

  it("hold several packets at once, mostly at options of their own", () => {
    const of = setup(valleys as never, { variables: variables as never, budget: 3000, seed: 2 });
    const all = trials(of);
    const flying: Trial[] = [];
    let [alive, apart] = [0, 0];
    for (let n = 0; n < 2900; n++) {
      for (let next = all.next(); next !== null; next = flying.length < 40 ? all.next() : null) flying.push(next);
      const [{ trial, query }] = flying.splice(integer(key(6), n, flying.length), 1);
      const shown = all.tell(trial, of.potential.answer(query) as never);
      if (shown === null || n % 50 > 0) continue;
      const { leads } = shown.checkpoint().state as never as { leads: { state: Pick<Confinement, "descent"> }[] };
      const at = leads.flatMap(({ state: { descent } }) => (descent === null ? [] : [descent.at.x.slice(0, 2).join()]));
      alive += at.length;
      apart += new Set(at).size;
    }
    expect(alive).toBeGreaterThan(200);
    expect(apart / alive).toBeGreaterThan(0.9);
  });

  it("are first born at the lowest point that is known beforehand", () => {
    const known = [
      { x: [3, 12, 0, 0], value: 70 },
      { x: [3, 16, 2.5, 1.5], value: 38 },
    ];
    const { engine, potential } = setup(valleys as never, { variables: variables as never, budget: 900, known });
    const begun = engine.init(potential.domain, key(1)).next();
    expect(begun.done).toBe(true);
    const { next, account } = begun.value as never as Confinement;
    expect([...(next?.x ?? [])]).toEqual([3, 16, 2.5, 1.5]);
    expect(account.lowest[0]?.bare).toBe(38);
  });

  it("hear of constraints that begin late, and forget what was seen before", () => {
    const given = { variables: { n: { integer: [0, 9] }, x: [-5, 5], y: [-5, 5] } as never, budget: 800 };
    for (const seed of [1, 2, 3]) {
      const study = askSteady({ ...given, seed });
      let least = Number.POSITIVE_INFINITY;
      for (let n = 0, p = study.ask(); p !== null; n++, p = study.ask()) {
        const [m, x, y] = p.x;
        const value = (x - 1) ** 2 + (y - m / 3) ** 2 + (m - 7) ** 2;
        const g = [3 - x, m - 6];
        study.tell(p.trial, value, n < 300 ? {} : { constraints: g });
        if (n >= 300 && g.every((v) => v <= 0)) least = Math.min(least, value);
      }
      // without them the least is 0 at (7, 1, 7/3), with them 5 at (6, 3, 2)
      expect(least).toBeGreaterThanOrEqual(5);
      expect(least).toBeLessThan(5 + 1e-6);
    }
  });

  it("are followed where an evaluator of one's own tells them", async () => {
    const { best, record } = await minimize("sphere", {
      ...{ domain: [-5, 5], dim: 2, budget: 100, gradient: false },
      evaluate: ({ at: { n, x } }) => ({
        n,
        value: Float64Array.from({ length: n }, (_, i) => (x[2 * i] - 1) ** 2 + x[2 * i + 1] ** 2),
        constraints: Float64Array.from({ length: n }, (_, i) => 3 - x[2 * i]),
      }),
    });
    expect(best.value).toBeGreaterThanOrEqual(4);
    expect(best.value).toBeLessThan(4 + 1e-6);
    expect(record.families.map(({ label }) => label)).toContain("confined");
  });

  it("real numbers hold none", async () => {
    const study = ask({ domain: [-5, 5], dim: 2, budget: 300, seed: 1 });
    for (let query = await study.ask(); query !== null; query = await study.ask())
      study.tell(
        Array.from({ length: query.at.n }, (_, i) =>
          Math.hypot(query?.at.x[2 * i] ?? 0, 1 + (query?.at.x[2 * i + 1] ?? 0)),
        ),
      );
    const { record } = await study.result();
    expect(record.families.map(({ label }) => label)).not.toContain("confined");
  });
});

describe("eight points outstanding", () => {
  // the penalty alone, eight outstanding: 929, 329, 1429, never within 5000, 2016, never, 1078 and 1087 in the median
  it.each([
    ["a parabola beside a wall of its own", 100],
    ["a plane in a disk", 400],
    ["a sliver between two circles (g06)", 1000],
    ["ten variables, eight constraints, six of them active (g07)", 2500],
    ["seven variables, two of four constraints active (g09)", 1000],
    ["a spring", 1200],
    ["five variables, six constraints, two of them active (g04)", 400],
    ["a welded beam", 700],
  ] as const)("%s within %i evaluations", async (name, budget) => {
    const { value, least, domain, constraints } = problems[name];
    const target = least + 1e-4 * (1 + Math.abs(least));
    for (const seed of [0, 1, 2]) {
      const given = { domain: domain as [number, number][], constraints, budget, seed, target, outstanding: 8 };
      const { best, stop } = await minimize(value, given);
      expect(stop).toBe("target reached");
      for (const g of constraints([...best.x])) expect(g).toBeLessThanOrEqual(0);
    }
  });

  it("a pressure vessel of two whole numbers, which the penalty alone solved from one of 21 seeds within 6000", async () => {
    let solved = 0;
    for (let seed = 0; seed < 9; seed++) {
      const { best } = await minimize(vessel as never, { budget: 6000, seed, outstanding: 8, target: 6059.7144 });
      if (best.value < 6059.71441) solved++;
    }
    // of 63 seeds 62
    expect(solved).toBeGreaterThanOrEqual(8);
  });

  it("constraints that are told, some of them no numbers, some points failing", () => {
    const study = askSteady({ domain: [-5, 5], dim: 2, budget: 400, seed: 1 });
    const flying: { trial: number; x: Float64Array }[] = [];
    for (let n = 0; n < 400; n++) {
      for (let p = study.ask(); p !== null; p = flying.length < 8 ? study.ask() : null) flying.push(p);
      const [{ trial, x }] = flying.splice(integer(key(2), n, flying.length), 1);
      if (n % 50 === 7) study.fail(trial, "now and then");
      else study.tell(trial, (x[0] - 1) ** 2 + x[1] ** 2, { constraints: [x[1] > 4 ? Number.NaN : 3 - x[0] + x[1]] });
    }
    // the line x − y = 3 is nearest to (1, 0) at (2, −1)
    const { best, record } = study.result();
    expect(best.value).toBeGreaterThanOrEqual(2);
    expect(best.value).toBeLessThan(2 + 1e-8);
    expect(record.families.map(({ label }) => label)).toContain("confined");
  });

  it("goes on from what was saved in the middle, bit for bit", () => {
    const of = setup(vessel as never, { budget: 1200, seed: 4 });
    const go = (all: ReturnType<typeof trials>, from: number, to: number, flying: Trial[]): void => {
      for (let n = from; n < to; n++) {
        for (let next = all.next(); next !== null; next = flying.length < 8 ? all.next() : null) flying.push(next);
        const [{ trial, query }] = flying.splice(integer(key(5), n, flying.length), 1);
        all.tell(trial, of.potential.answer(query) as never);
      }
    };
    const whole = trials(of);
    const flying: Trial[] = [];
    const saved: [number, ReturnType<typeof whole.checkpoint>, Trial[]][] = [];
    for (const at of [3, 40, 333, 1000]) {
      go(whole, saved.at(-1)?.[0] ?? 0, at, flying);
      saved.push([at, whole.checkpoint(), [...flying]]);
    }
    go(whole, 1000, 1190, flying);
    for (const [at, checkpoint, open] of saved) {
      const again = trials(of, copy(checkpoint as never));
      const handed = open.map(() => again.next()?.trial);
      expect(handed).toEqual(open.map(({ trial }) => trial).sort((a, b) => a - b));
      go(again, at, 1190, [...open]);
      expect(same(again.checkpoint() as never, whole.checkpoint() as never)).toBe(true);
    }
  });
});

describe("the confined packet", () => {
  const given = (over: object = {}): Setup => {
    const { value, domain, constraints } = problems["a spring"];
    return setup(value, { domain: domain as [number, number][], constraints, budget: 300, seed: 2, ...over });
  };

  it("shares nothing between two parts of its state", async () => {
    for (const of of [given(), setup(vessel as never, { budget: 900 })]) {
      const frames = run({ ...of, engine: unshared(of.engine) });
      let next = await frames.next();
      while (!next.done) next = await frames.next();
      expect(next.value.error).toBeUndefined();
    }
  });

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
