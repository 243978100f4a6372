/** Packets under answers in any order: what the lead asks, what the samples come to, and what it is worth. */
import { describe, expect, it } from "vitest";
import { anyOrder, cost, together } from "../../../bench/clock.ts";
import { observe } from "../../../src/core/observe.ts";
import type { Answer, Query } from "../../../src/core/problem.ts";
import { type Frame, run, type Setup } from "../../../src/core/run.ts";
import { trials } from "../../../src/core/trials.ts";
import { blankGathering, draw, startGathering } from "../../../src/engines/packets/gathering.ts";
import { halfOf, orthogonalNormals } from "../../../src/engines/packets/normals.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { blankWide, LARGEST_FULL, sampleWide, startWide, wideBench } from "../../../src/engines/packets/wide.ts";
import { setup } from "../../../src/index.ts";
import { integer, key } from "../../../src/math/rng.ts";

const bbob = (f: number, dim: number, over: Partial<Setup> = {}, gradient = false): Setup => {
  const given = setup({ entry: "bbob", set: { f, dim, instance: 1 } }, { seed: 1, budget: 1500, gradient });
  return { ...given, ...over };
};
const atOnce = (of: Setup, query: Query): Answer => {
  const reply = of.potential.answer(query);
  if (reply instanceof Promise) throw new Error("answers at once");
  return reply;
};

/** The points of run() until the first generation of a wide packet, in the order in which they are asked. */
async function beforeTheSuperposition(of: Setup): Promise<number[][]> {
  const asked: number[][] = [];
  let until = 0;
  let isOver = false;
  const evaluate = (query: Query): Answer => {
    const { n, dim, x } = query.at;
    for (let i = 0; i < n; i++) asked.push([...x.subarray(i * dim, (i + 1) * dim)]);
    return atOnce(of, query);
  };
  const frame = ({ info, account }: Frame): void => {
    isOver ||= info.family === 0;
    if (!isOver) until = account.points;
  };
  await observe(run(of, { evaluate }), [{ frame }]);
  return asked.slice(0, until);
}

describe("the lead", () => {
  // an additive one (product state), a coupled one (harmonic packet)
  it.each([3, 10])("asks on f%i, one point at a time, what the cheap levels ask elsewhere", async (f) => {
    const of = bbob(f, 4);
    const elsewhere = await beforeTheSuperposition(of);
    expect(elsewhere.length).toBeGreaterThan(100);
    const all = trials(of);
    for (const x of elsewhere) {
      const next = all.next();
      if (next === null) throw new Error("the budget is larger");
      expect([...next.query.at.x]).toEqual(x);
      all.tell(next.trial, atOnce(of, next.query));
    }
  });

  it("asks for slopes where ζ has them, samples for values, and finds the minimum by both", () => {
    const of = setup({ entry: "rosenbrock", set: { dim: 4 } }, { seed: 1, budget: 1500, domain: [-3.7, 6.1] });
    const all = trials(of);
    const kinds = new Set<string>();
    const flying = [];
    for (let n = 0; n < 1500; n++) {
      for (let next = all.next(); next !== null; next = flying.length < 6 ? all.next() : null) flying.push(next);
      const [{ trial, query }] = flying.splice(integer(key(1), n, flying.length), 1);
      kinds.add(query.kind);
      all.tell(trial, atOnce(of, query));
    }
    expect([...kinds].sort()).toEqual(["gradient", "value"]);
    expect(all.result("budget spent").best.value).toBeLessThan(1e-12);
  });
});

describe("the samples", () => {
  it("contract on a rotated ellipsoid when a packet of them is all there is, late answers among them", () => {
    const given = { seed: 2, budget: 12_000, gradient: false, with: { without: "harmonic+product+superposition" } };
    const of = setup({ entry: "bbob", set: { f: 10, dim: 5, instance: 1 } }, given);
    const target = (of.potential.truth?.minimum ?? 0) + 1e-8;
    for (const workers of [1, 8, 32]) {
      const { reached } = anyOrder({ ...of, target }, workers, key(workers));
      expect(reached, `${workers} workers`).toBe(true);
    }
  });

  it.each([5, LARGEST_FULL + 1])("in %i dimensions are those of a generation, two by two", (dim) => {
    const lambda = 6;
    const packet = blankWide(dim);
    packet.mean.fill(0.5);
    startWide(packet, lambda, 0.1);
    packet.axes.forEach((_, j) => {
      packet.axes[j] = 1 + j;
    });
    const bench = wideBench(dim, lambda);
    orthogonalNormals(key(7), halfOf(lambda), dim, bench.z);
    sampleWide(packet, constants(dim, lambda), bench);
    const gathering = blankGathering();
    startGathering(gathering, packet);
    // the mirror images stand behind the others in a generation, here beside them
    for (const k of [0, 3, 1, 4, 2, 5]) {
      const u = draw(gathering, packet, key(7));
      u.forEach((v, j) => {
        expect(v).toBeCloseTo(0.5 + 0.1 * bench.y[k * dim + j], 10);
      });
    }
  });

  it("lie in the domain where the packet is aligned with the axes", () => {
    const dim = LARGEST_FULL + 1;
    const given = { seed: 2, budget: 60, gradient: false, with: { without: "harmonic+product" } };
    const of = setup({ entry: "rosenbrock", set: { dim } }, given);
    const { lower, upper } = of.potential.domain;
    const all = trials({ ...of, budget: 2 * dim + 60 });
    for (let next = all.next(); next !== null; next = all.next()) {
      expect(next.query.at.x.every((v, j) => lower[j] <= v && v <= upper[j])).toBe(true);
      // the probe's points stay outstanding, so that the rest are samples
      if (next.trial > 2 * dim) all.tell(next.trial, atOnce(of, next.query));
    }
    expect(all.asked()).toBe(2 * dim + 60);
  });

  it("are invariant under increasing transforms of ζ, being ranked", () => {
    const given = { seed: 2, budget: 700, gradient: false, with: { without: "harmonic+product+superposition" } };
    const of = setup({ entry: "bbob", set: { f: 15, dim: 3, instance: 1 } }, given);
    const asked = (through: (v: number) => number): number[][] => {
      const all = trials(of);
      const flying = [];
      const points: number[][] = [];
      for (let n = 0; n < 700; n++) {
        for (let next = all.next(); next !== null; next = flying.length < 7 ? all.next() : null) {
          flying.push(next);
          points.push([...next.query.at.x]);
        }
        const [{ trial, query }] = flying.splice(integer(key(3), n, flying.length), 1);
        const { value = new Float64Array(1) } = atOnce(of, query);
        all.tell(trial, { n: 1, value: value.map((v) => through(v)) });
      }
      return points;
    };
    const fmin = of.potential.truth?.minimum ?? 0;
    expect(asked((v) => Math.sqrt(v - fmin))).toEqual(asked((v) => v));
  });
});

describe("eight workers whose evaluations cost differently", () => {
  it("reach the target sooner than with the answers of a step together, where the superposition finds it", async () => {
    let sooner = 0;
    for (const [f, seed] of [6, 16, 17].flatMap((f) => [0, 1].map((seed) => [f, seed]))) {
      const of = bbob(f, 5, { seed, budget: 20_000 });
      const target = (of.potential.truth?.minimum ?? 0) + 1e-2;
      const any = anyOrder({ ...of, target }, 8, key(seed));
      const step = await together({ ...of, target }, 8, key(seed));
      expect([any.reached, step.reached]).toEqual([true, true]);
      sooner += Math.log(step.time / any.time) / 6;
    }
    // the geometric mean of six runs
    expect(Math.exp(sooner)).toBeGreaterThan(1.5);
  });

  it("cost 1 on average", () => {
    let sum = 0;
    for (let n = 0; n < 10_000; n++) sum += cost(key(5), n);
    // the deviation of the mean of such costs is √((e − 1)/n) = 0.013
    expect(Math.abs(sum / 10_000 - 1)).toBeLessThan(4 * 0.0131);
  });
});
