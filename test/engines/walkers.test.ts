import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import { observe } from "../../src/core/observe.ts";
import { box, domain, type Potential, potential } from "../../src/core/problem.ts";
import { run } from "../../src/core/run.ts";
import { cloud, walkers, walkersEntry } from "../../src/engines/walkers.ts";
import { fold, key } from "../../src/math/rng.ts";
import { mean, variance } from "../../src/math/stats.ts";
import { atOnce, bowl } from "../conformance/potentials.ts";

const halfSquare = (half: number, dim = 1): Potential =>
  potential({ name: "well", domain: box(dim, -half, half), value: (x) => x.reduce((s, v) => s + 0.5 * v * v, 0) });

const begin = (rep: ReturnType<typeof cloud>, p: Potential, seed = 1) =>
  answerAll(rep.init(p.domain, key(seed)), (q) => atOnce(p, q));
const weigh = (rep: ReturnType<typeof cloud>, state: ReturnType<typeof begin>, p: Potential, dt: number) =>
  answerAll(rep.potential(state, dt, key(9), 1), (q) => atOnce(p, q));

describe("the kinetic factor", () => {
  it("spreads the cloud by 2DΔτ on each axis (9)(10)", () => {
    const n = 20_000;
    const rep = cloud({ population: n, metric: "space" });
    const state = begin(rep, halfSquare(100, 2));
    state.x.fill(0);
    const [D, dt, steps] = [0.7, 0.3, 4];
    for (let k = 0; k < steps; k++) rep.kinetic(state, D, dt, fold(key(3), k));
    const expected = 2 * D * dt * steps;
    for (const j of [0, 1]) {
      const axis = state.x.filter((_, e) => e % 2 === j);
      expect(Math.abs(mean(axis))).toBeLessThan(4 * Math.sqrt(expected / n));
      expect(Math.abs(variance(axis) - expected)).toBeLessThan(4 * expected * Math.sqrt(2 / n));
    }
  });

  it("moves a walker by its slot, whatever the population", () => {
    const p = halfSquare(3, 3);
    const [few, many] = [8, 50].map((population) => {
      const rep = cloud({ population, metric: "box" });
      const state = begin(rep, p);
      for (let k = 0; k < 5; k++) rep.kinetic(state, 0.2, 0.5, fold(key(3), k));
      return state.x;
    });
    expect(many.subarray(0, few.length)).toEqual(few);
  });

  it("kicks the axes of a box in proportion to their widths, those of space alike", () => {
    const n = 5000;
    const plate = { ...halfSquare(1, 2), domain: domain([-10, -1000], [10, 1000]) };
    const deviation = (metric: "box" | "space"): number[] => {
      const rep = cloud({ population: n, metric });
      const state = begin(rep, plate);
      state.x.fill(0);
      rep.kinetic(state, 0.5, 1, key(3));
      return [0, 1].map((j) => Math.sqrt(variance(state.x.filter((_, e) => e % 2 === j))));
    };
    const error = 4 * Math.sqrt(1 / (2 * n));
    deviation("space").forEach((d) => {
      expect(Math.abs(d - 1)).toBeLessThan(error);
    });
    const [narrow, wide] = deviation("box");
    expect(Math.abs(narrow - 0.1)).toBeLessThan(0.1 * error);
    expect(Math.abs(wide - 10)).toBeLessThan(10 * error);
  });

  it("keeps a uniform cloud uniform at its edges", () => {
    const n = 20_000;
    for (const edge of ["open", "wall", "periodic"] as const) {
      const p = { ...halfSquare(1), domain: box(1, 0, 1, edge) };
      const rep = cloud({ population: n, metric: "box" });
      const state = begin(rep, p);
      for (let k = 0; k < 5; k++) rep.kinetic(state, 0.05, 1, fold(key(4), k));
      for (let bin = 0; bin < 10; bin++) {
        const share = state.x.filter((v) => Math.floor(10 * v) === bin).length / n;
        expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / n));
      }
    }
  });
});

describe("the potential factor", () => {
  it("is the Softmax (23) of ζ at τ, to rounding", () => {
    const rep = cloud({ population: 12, metric: "box" });
    const p = halfSquare(1);
    const state = begin(rep, p);
    const levels = state.value.slice();
    for (let k = 0; k < 4; k++) weigh(rep, state, p, 0.1);
    const boltzmann = levels.map((E) => Math.exp(-0.4 * E));
    const total = boltzmann.reduce((a, b) => a + b);
    state.weight.forEach((w, i) => {
      expect(Math.abs(w - boltzmann[i] / total)).toBeLessThan(1e-15);
    });
  });

  it("lets no walker live where ζ is +∞, and chooses by nothing where it is so everywhere", () => {
    const rep = cloud({ population: 10, metric: "box" });
    const half: Potential = {
      ...halfSquare(1),
      answer: ({ at }) => ({ n: at.n, value: at.x.map((v) => (v > 0 ? Infinity : 0)) }),
    };
    const state = begin(rep, half);
    weigh(rep, state, half, 1);
    state.x.forEach((v, i) => {
      expect(v <= 0 || state.weight[i] === 0).toBe(true);
    });
    const none: Potential = {
      ...half,
      answer: ({ at }) => ({ n: at.n, value: new Float64Array(at.n).fill(Infinity) }),
    };
    const lost = begin(rep, none);
    expect(weigh(rep, lost, none, 1).energy).toBe(Number.POSITIVE_INFINITY);
    expect([...lost.weight]).toEqual(new Array(10).fill(0.1));
  });

  it("branches in proportion to the weights: each walker leaves ⌊Nw⌋ or ⌈Nw⌉ copies", () => {
    const n = 50;
    const p = halfSquare(4);
    const rep = cloud({ population: n, metric: "box" });
    for (let seed = 0; seed < 20; seed++) {
      const state = begin(rep, p, seed);
      const x = state.x.slice();
      const boltzmann = state.value.map((E) => Math.exp(-3 * E));
      const total = boltzmann.reduce((a, b) => a + b);
      const { ess } = weigh(rep, state, p, 3);
      expect(ess).toBeLessThan(n / 2);
      expect([...state.weight]).toEqual(new Array(n).fill(1 / n));
      x.forEach((parent, i) => {
        const copies = state.x.filter((v) => v === parent).length;
        const wanted = (n * boltzmann[i]) / total;
        expect(copies).toBeGreaterThanOrEqual(Math.floor(wanted - 1e-9));
        expect(copies).toBeLessThanOrEqual(Math.ceil(wanted + 1e-9));
        // who lives stays where it is
        if (copies > 0) expect(state.x[i]).toBe(parent);
      });
      state.x.forEach((v, i) => {
        expect(state.value[i]).toBe(0.5 * v * v);
      });
    }
  });
});

describe("Strang's step", () => {
  it("grows at asinh(Δτ/2)/Δτ in the harmonic well (D = ½, k = 1), within four standard errors", async () => {
    const dt = 0.5;
    const runs = 8;
    const energies = new Float64Array(runs);
    for (let seed = 0; seed < runs; seed++) {
      let sum = 0;
      let steps = 0;
      const schedule = {
        name: "fixed",
        init: () => 0,
        next: (k: number) => (k < 130 ? ([{ D: 0.5, dt }, k + 1] as const) : null),
      };
      const engine = walkers({ population: 2000, metric: "space" });
      await observe(run({ potential: halfSquare(8), engine, schedule, seed }), [
        {
          frame: ({ index, info }) => {
            if (index <= 30) return;
            sum += info.energy;
            steps++;
          },
        },
      ]);
      energies[seed] = sum / steps;
    }
    const error = Math.sqrt(variance(energies) / runs);
    expect(error).toBeLessThan(0.002);
    expect(Math.abs(mean(energies) - Math.asinh(dt / 2) / dt)).toBeLessThan(4 * error);
  });
});

describe("minimizing", () => {
  it.each([2, 5])("comes within 1e-6 of the minimum of a bowl in %i dimensions", async (dim) => {
    const p = bowl(dim);
    const budget = 2000 * dim;
    const values = { population: 32, metric: "box" };
    const schedule = walkersEntry.anneal?.({ domain: p.domain, budget }, values);
    if (schedule === undefined) throw new Error("walkers have an outer loop");
    for (const seed of [1, 2, 3]) {
      const { best } = await observe(
        run({ potential: p, engine: walkersEntry.make(values), schedule, seed, budget }),
        [],
      );
      expect(best.value).toBeLessThan(1e-6);
    }
  });
});
