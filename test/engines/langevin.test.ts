/**
 * The Langevin family one by one, each on a law that is known in closed form. Draws are taken straight from the engines'
 * steps; an error bar is the scatter of the chains' own means, which are independent of each other.
 */
import { describe, expect, it } from "vitest";
import { answerAll, askValue, together } from "../../src/core/ask.ts";
import type { Engine } from "../../src/core/engine.ts";
import { readValues } from "../../src/core/entry.ts";
import { box, type Domain, domain, type Potential, potential } from "../../src/core/problem.ts";
import { aim, type ChainOptions, type Chains, freshChains } from "../../src/engines/langevin/chains.ts";
import { langevin, mala, replica, samplerEntries, underdamped, walk } from "../../src/engines/langevin/index.ts";
import { drift, rise } from "../../src/engines/langevin/langevin.ts";
import { pulls } from "../../src/engines/langevin/scaling.ts";
import { fold, key, normal } from "../../src/math/rng.ts";
import { mean, variance } from "../../src/math/stats.ts";
import { mixtureEntry } from "../../src/potentials/laws.ts";
import { atOnce } from "../conformance/potentials.ts";

const held: ChainOptions = { chains: 256, rule: "metropolis", bounded: false, shape: "none", warmup: 0 };

/** ζ(x) on the line with its slope. */
function line(zeta: (x: number) => number, slope: (x: number) => number, on: Domain = box(1, -2, 2)): Potential {
  return potential({
    name: "line",
    domain: on,
    value: ([x]) => zeta(x),
    gradient([x], out) {
      out[0] = slope(x);
      return zeta(x);
    },
  });
}

const spring = (k: number): Potential =>
  line(
    (x) => 0.5 * k * x * x,
    (x) => k * x,
  );

type Run = { readonly D: number; readonly steps: number; readonly skip: number; readonly seed?: number };

/** ⟨f⟩ over the steps after the first `skip`, with its standard error from the chains' means. */
function average(
  engine: Engine,
  { answer, domain: on }: Potential,
  { D, steps, skip, seed = 1 }: Run,
  f: (x: Float64Array) => number = ([x]) => x * x,
): { readonly value: number; readonly error: number; readonly acceptance: number } {
  const told = (query: Parameters<typeof answer>[0]) => atOnce({ answer } as Potential, query);
  const state = answerAll(engine.init(on, fold(key(seed), 0)), told);
  const dim = on.lower.length;
  let sums = new Float64Array(0);
  let acceptance = 0;
  for (let index = 0; index < steps; index++) {
    const info = answerAll(engine.step(state, { D, dt: 1, index, key: fold(key(seed), index + 1) }), told);
    if (index < skip) continue;
    acceptance += info.acceptance / (steps - skip);
    const view = engine.view(state);
    if (view.kind !== "cloud") throw new Error("no cloud");
    const { n, x } = view.points;
    if (sums.length === 0) sums = new Float64Array(n);
    for (let c = 0; c < n; c++) sums[c] += f(x.subarray(c * dim, (c + 1) * dim)) / (steps - skip);
  }
  return { value: mean(sums), error: Math.sqrt(variance(sums) / sums.length), acceptance };
}

/** The slope of ln y over ln x by least squares. */
function order(xs: readonly number[], ys: readonly number[]): number {
  const [a, b] = [xs.map(Math.log), ys.map(Math.log)];
  const [ma, mb] = [a, b].map((v) => v.reduce((s, x) => s + x, 0) / v.length);
  return a.reduce((s, x, i) => s + (x - ma) * (b[i] - mb), 0) / a.reduce((s, x) => s + (x - ma) ** 2, 0);
}

describe("unadjusted Langevin steps in ½kx²", () => {
  const [D, k] = [0.7, 2];
  const found = [0.2, 0.4, 0.8].map((h) => ({
    h,
    ...average(langevin({ ...held, dt: h / k }), spring(k), { D, steps: 4000, skip: 200 }),
  }));

  it.each(found)("leave the variance D/k · 1/(1 − kΔτ/2) at kΔτ = $h", ({ h, value, error }) => {
    expect(Math.abs(value - D / k / (1 - h / 2))).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.005 * value);
  });

  it("are off by order 1 in Δτ", () => {
    // 1 − (D/k)/variance is kΔτ/2 without higher orders
    const off = found.map(({ value }) => 1 - D / k / value);
    expect(Math.abs(order([0.2, 0.4, 0.8], off) - 1)).toBeLessThan(0.08);
  });
});

describe("adjusted Langevin steps in ½kx²", () => {
  const [D, k] = [0.7, 2];
  it.each([
    [0.2, "metropolis"],
    [0.8, "metropolis"],
    [1.6, "metropolis"],
    [0.8, "barker"],
  ] as const)("leave the variance D/k at kΔτ = %f (%s)", (h, rule) => {
    const engine = mala({ ...held, rule, dt: h / k });
    const { value, error } = average(engine, spring(k), { D, steps: 4000, skip: 200 });
    expect(Math.abs(value - D / k)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.01 * value);
  });
});

describe("steps with momentum in ½kx²", () => {
  const [D, k] = [0.7, 2];
  const sizes = [0.4, 0.8, 1.2];
  const found = sizes.map((e) => {
    const engine = underdamped({ ...held, dt: e / Math.sqrt(k), friction: 1, adjust: false });
    return { e, ...average(engine, spring(k), { D, steps: 4000, skip: 200 }) };
  });

  it.each(found)("leave the variance D/k · 1/(1 − kε²/4) at √k ε = $e", ({ e, value, error }) => {
    expect(Math.abs(value - D / k / (1 - (e * e) / 4))).toBeLessThan(4 * error);
  });

  it("are off by order 2 in ε", () => {
    const off = found.map(({ value }) => 1 - D / k / value);
    expect(Math.abs(order(sizes, off) - 2)).toBeLessThan(0.1);
  });

  it.each(sizes)("are exact where they are adjusted, √k ε = %f", (e) => {
    const engine = underdamped({ ...held, dt: e / Math.sqrt(k), friction: 1, adjust: true });
    const { value, error } = average(engine, spring(k), { D, steps: 4000, skip: 200 });
    expect(Math.abs(value - D / k)).toBeLessThan(4 * error);
  });
});

describe("random-walk steps", () => {
  it.each(["metropolis", "barker"] as const)("leave e^(−ζ/D) with the rule %s", (rule) => {
    const { value, error } = average(walk({ ...held, rule, dt: 1 }), spring(2), { D: 0.7, steps: 4000, skip: 300 });
    expect(Math.abs(value - 0.35)).toBeLessThan(4 * error);
  });
});

describe("at walls and on a ring", () => {
  const D = 0.5;
  const ramp = line(
    (x) => x,
    () => 1,
    domain([0], [1.5], "wall"),
  );
  // of e^{−x/D} cut at 1.5
  const b = 1.5 / D;
  const center = D * (1 - (b * Math.exp(-b)) / (1 - Math.exp(-b)));
  const ring = line(
    (x) => -Math.cos(x),
    (x) => Math.sin(x),
    domain([-Math.PI], [Math.PI], "periodic"),
  );
  // I₁(2)/I₀(2), DLMF 10.25
  const bessel = 0.6977746579640079;
  const engines: readonly (readonly [string, Engine])[] = [
    ["mala", mala({ ...held, dt: 0.3 })],
    ["random walk", walk({ ...held, dt: 0.3 })],
    ["momentum", underdamped({ ...held, dt: 0.5, friction: 1, adjust: true })],
  ];

  it.each(engines)("%s keeps the law between walls", (_name, engine) => {
    const { value, error } = average(engine, ramp, { D, steps: 4000, skip: 100 }, ([x]) => x);
    expect(Math.abs(value - center)).toBeLessThan(4 * error);
  });

  it.each(engines)("%s keeps the law on a ring", (_name, engine) => {
    const { value, error } = average(engine, ring, { D, steps: 4000, skip: 100 }, ([x]) => Math.cos(x));
    expect(Math.abs(value - bessel)).toBeLessThan(4 * error);
  });
});

describe("the work of a Langevin proposal", () => {
  // where 1 is the most, about half of the pulls are tamed
  it.each([Infinity, 1])(
    "is −D ln of the ratio of weights and proposals, in any shape of step (tamed above %s)",
    (most) => {
      const [D, step, dim] = [0.6, 0.3, 3];
      const quartic = potential({
        name: "quartic",
        domain: box(dim, -2, 2),
        value: (x) => x.reduce((s, v, j) => s + (0.01 + 0.02 * j) * v ** 4, x[0] * x[1]),
        gradient(x, out) {
          for (let j = 0; j < dim; j++) out[j] = 4 * (0.01 + 0.02 * j) * x[j] ** 3;
          out[0] += x[1];
          out[1] += x[0];
          return x.reduce((s, v, j) => s + (0.01 + 0.02 * j) * v ** 4, x[0] * x[1]);
        },
      });
      const given: ChainOptions = { ...held, chains: 5, shape: "dense", warmup: 100 };
      const told = (query: Parameters<typeof quartic.answer>[0]) => atOnce(quartic, query);
      const state: Chains = answerAll(freshChains(quartic.domain, key(3), given, { gradients: true }), told);
      const L = Float64Array.of(0.8, 0, 0, 0.3, 1.1, 0, -0.2, 0.4, 0.7);
      state.tuning.scale.set(L);
      state.tuning.step = step;
      pulls(L, dim, state.slope, state.pull);
      drift(state, D, key(4), most);
      aim(state, given, key(4));
      const there = told({ kind: "gradient", at: { n: 5, dim, x: state.trial } });
      if (there.gradient === undefined || there.value === undefined) throw new Error("no answer");
      pulls(L, dim, there.gradient, state.there);
      /** L⁻¹v by substitution. */
      const back = (v: Float64Array): Float64Array => {
        const y = v.slice();
        for (let i = 0; i < dim; i++) {
          for (let j = 0; j < i; j++) y[i] -= L[i * dim + j] * y[j];
          y[i] /= L[i * dim + i];
        }
        return y;
      };
      /** −4DΔτ ln q(to | from) = |L⁻¹(to − from) + Δτ g|², with g = Lᵀ∇ζ(from), no longer than √most. */
      const proposal = (from: Float64Array, to: Float64Array, pull: Float64Array): number => {
        const share = Math.min(1, Math.sqrt(most) / Math.hypot(...pull));
        return back(to.map((v, j) => v - from[j])).reduce((s, d, j) => s + (d + step * share * pull[j]) ** 2, 0);
      };
      for (let c = 0; c < 5; c++) {
        const part = (a: Float64Array) => a.subarray(c * dim, (c + 1) * dim);
        const [x, trial] = [part(state.x), part(state.trial)];
        const q = (proposal(trial, x, part(state.there)) - proposal(x, trial, part(state.pull))) / (4 * step);
        const direct = there.value[c] - state.value[c] + q;
        expect(rise(state, c, there.value[c], most)).toBeCloseTo(direct, 11);
      }
    },
  );
});

describe("replica exchange", () => {
  it("leaves each D its own law", () => {
    const engine = replica(mala({ ...held, dt: 0.25 }), { rungs: 4, hottest: 8 });
    const { value, error } = average(engine, spring(2), { D: 0.7, steps: 3000, skip: 200 });
    expect(Math.abs(value - 0.35)).toBeLessThan(4 * error);
  });

  it("weighs wells that single chains do not leave", () => {
    const mixture = mixtureEntry.make(readValues(mixtureEntry, { dim: 1, separation: 12, weight: 0.2 }));
    const right = ([x]: Float64Array): number => (x > 0 ? 1 : 0);
    const options: ChainOptions = { ...held, chains: 32, dt: 0.5 };
    const many = replica(mala(options), { rungs: 8, hottest: 40 });
    const { value, error } = average(many, mixture, { D: 1, steps: 6000, skip: 1000 }, right);
    expect(Math.abs(value - 0.8)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.03);
    // chains that begin in either well alike stay there
    const alone = average(mala(options), mixture, { D: 1, steps: 3000, skip: 500 }, right);
    expect(Math.abs(alone.value - 0.8)).toBeGreaterThan(0.1);
  });

  it("moves nothing between rungs at the same D but by chance of equal weights", () => {
    const engine = replica(walk({ ...held, chains: 64, dt: 0.5 }), { rungs: 3, hottest: 1 });
    const { value, error } = average(engine, spring(1), { D: 1, steps: 2000, skip: 200 });
    expect(Math.abs(value - 1)).toBeLessThan(4 * error);
  });
});

describe("tuning", () => {
  const oval = potential({
    name: "oval",
    domain: box(2, -300, 300),
    value: ([x, y]) => 0.5 * (x * x + (y * y) / 1e4) + 0.004 * x * y,
    gradient([x, y], out) {
      out[0] = x + 0.004 * y;
      out[1] = y / 1e4 + 0.004 * x;
      return 0.5 * (x * x + (y * y) / 1e4) + 0.004 * x * y;
    },
  });

  it("finds step and shape in warm-up, and freezes them", () => {
    for (const entry of samplerEntries) {
      const engine = entry.sample(readValues(entry, entry.name === "replica" ? { rungs: 2 } : {}), { warmup: 400 });
      const told = (query: Parameters<typeof oval.answer>[0]) => atOnce(oval, query);
      const state = answerAll(engine.init(oval.domain, key(2)), told);
      const dts: number[] = [];
      for (let index = 0; index < 600; index++)
        dts.push(answerAll(engine.step(state, { D: 1, dt: 1, index, key: fold(key(2), index) }), told).dt);
      expect(new Set(dts.slice(401)).size).toBe(1);
      expect(new Set(dts.slice(300, 400)).size).toBeGreaterThan(90);
      // in the coordinates of the step the law is as wide as its noise: Δτ is of order 1, not of 1/1e4
      expect(dts[500]).toBeGreaterThan(0.01);
      expect(dts[500]).toBeLessThan(20);
    }
  });
});

describe("asks that run together", () => {
  function* twice(x: number) {
    const [a] = yield* askValue({ n: 1, dim: 1, x: Float64Array.of(x) });
    const [b] = yield* askValue({ n: 2, dim: 1, x: Float64Array.of(a, 0) });
    return [a, b];
  }

  it("are asked in one query a round, and come to what they would alone", () => {
    const sizes: number[] = [];
    const found = answerAll(together([twice(1), twice(2), twice(3)]), ({ at }) => {
      sizes.push(at.n);
      return { n: at.n, value: at.x.map((v) => 10 * v) };
    });
    expect(found).toEqual([
      [10, 100],
      [20, 200],
      [30, 300],
    ]);
    expect(sizes).toEqual([3, 6]);
  });
});

it("noise does not depend on how many chains there are", () => {
  const few = langevin({ ...held, chains: 3, dt: 0.1 });
  const many = langevin({ ...held, chains: 9, dt: 0.1 });
  const told = (query: Parameters<Potential["answer"]>[0]) => atOnce(spring(1), query);
  const [a, b] = [few, many].map((engine) => {
    const state = answerAll(engine.init(box(1, -2, 2), key(1)), told);
    answerAll(engine.step(state, { D: 1, dt: 1, index: 0, key: key(7) }), told);
    return state.x;
  });
  expect(b.subarray(0, 3)).toEqual(a);
  expect(a[0]).not.toBe(normal(key(7), 0));
});
