import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import type { Info, Setting } from "../../src/core/engine.ts";
import { run } from "../../src/core/index.ts";
import { gridMoments } from "../../src/core/lattice.ts";
import { box, type Domain, type Potential, potential } from "../../src/core/problem.ts";
import {
  type Density,
  type FokkerPlanckOptions,
  flow,
  fokkerPlanck,
  jumpRates,
  largestOutflow,
  type Rates,
} from "../../src/engines/fokker-planck.ts";
import { eigenSymmetric } from "../../src/math/eigen.ts";
import { key } from "../../src/math/rng.ts";
import { smoluchowski } from "../../src/potentials/smoluchowski.ts";
import { doubleWellEntry } from "../../src/potentials/wells.ts";
import { steady } from "../../src/schedules/index.ts";
import { atOnce } from "../conformance/potentials.ts";
import { diagonalize } from "../math/dense.ts";

/** A tilted double well along the first axis, harmonic along the others, and coupled. */
function landscape(dim: number, edge: Domain["edge"] = "wall"): Potential {
  return potential({
    name: "landscape",
    domain: box(dim, -2, 2, edge),
    value: (x) =>
      x.reduce(
        (s, v) => s + 1.5 * v * v,
        (x[0] ** 2 - 1) ** 2 + 0.3 * x[0] - 1.5 * x[0] ** 2 + 0.4 * x[0] * (x[dim - 1] ?? 0),
      ),
  });
}

function stepper(zeta: Potential, options: FokkerPlanckOptions) {
  const engine = fokkerPlanck(options);
  const state: Density = answerAll(engine.init(zeta.domain, key(1)), (query) => atOnce(zeta, query));
  let index = 0;
  const step = (setting: Setting): Info =>
    answerAll(engine.step(state, { ...setting, index: index++, key: key(1) }), (query) => atOnce(zeta, query));
  return { engine, state, step };
}

/** e^{−ζ/D} with mass 1. */
function stationary({ lattice, value }: Density, D: number): Float64Array {
  const lowest = value.reduce((a, b) => Math.min(a, b));
  const law = value.map((z) => Math.exp(-(z - lowest) / D));
  const mass = law.reduce((a, b) => a + b) * lattice.volume;
  return law.map((v) => v / mass);
}

function ratesOf({ lattice, value }: Density, D: number): Rates {
  const rates = {
    forth: lattice.shape.map(() => new Float64Array(lattice.size)),
    back: lattice.shape.map(() => new Float64Array(lattice.size)),
  };
  jumpRates(lattice, value, D, 1, rates);
  return rates;
}

const meanOf = ({ lattice, density }: Density): number => gridMoments(lattice.axes, density).mean[0];
const difference = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((v, i) => Math.abs(v - b[i])));
const top = (a: Float64Array): number => a.reduce((m, v) => Math.max(m, v));
const D = 0.35;

describe.each([[[9]], [[7, 5]], [[5, 4, 6]]])("Fokker–Planck on %j cells", (shape) => {
  describe.each(["wall", "open", "periodic"] as const)("with edge %s", (edge) => {
    const zeta = landscape(shape.length, edge);

    it.each(["implicit", "explicit"] as const)("leaves e^{−ζ/D} as it is, to rounding (%s)", (stepping) => {
      const { state, step } = stepper(zeta, { shape, stepping });
      const law = stationary(state, D);
      state.density.set(law);
      const longest = 1 / largestOutflow(state.lattice, ratesOf(state, D));
      for (let i = 0; i < 20; i++) step({ D, dt: stepping === "implicit" ? 10 ** (i - 5) : longest });
      expect(difference(state.density, law) / top(law)).toBeLessThan(1e-14);
    });

    it.each(["implicit", "explicit"] as const)("comes to e^{−ζ/D} from anywhere (%s)", (stepping) => {
      const { state, step } = stepper(zeta, { shape, stepping, start: (x) => +(x[0] > 1) });
      const longest = 1 / largestOutflow(state.lattice, ratesOf(state, D));
      const [steps, dt] = stepping === "implicit" ? [2000, 1] : [40_000, 0.9 * longest];
      for (let i = 0; i < steps; i++) step({ D, dt });
      expect(difference(state.density, stationary(state, D))).toBeLessThan(1e-10);
    });

    it.each(["implicit", "explicit"] as const)(
      "keeps its mass to rounding over 10⁴ steps and stays ≥ 0 (%s)",
      (stepping) => {
        const { state, step } = stepper(zeta, { shape, stepping, start: (x) => +(x[0] < -1) });
        const longest = 1 / largestOutflow(state.lattice, ratesOf(state, D));
        let worst = 0;
        let info: Info = {};
        for (let i = 0; i < 10_000; i++) {
          info = step({ D, dt: stepping === "implicit" ? 0.01 : longest });
          worst = Math.max(worst, Math.abs(info.mass - 1));
        }
        // one rounding error a sweep at most
        expect(worst).toBeLessThan(10_000 * shape.length * 2 ** -52);
        expect(state.density.every((p) => p >= 0)).toBe(true);
      },
    );
  });

  it("is in detailed balance over every face", () => {
    const { state } = stepper(landscape(shape.length), { shape, stepping: "implicit" });
    const { forth, back } = ratesOf(state, D);
    const law = stationary(state, D);
    shape.forEach((_, axis) => {
      const { stride, size } = state.lattice;
      for (let c = 0; c + stride[axis] < size; c++) {
        const [there, home] = [law[c] * forth[axis][c], law[c + stride[axis]] * back[axis][c]];
        if (there === 0) expect(home).toBe(0);
        else expect(there / home).toBeCloseTo(1, 13);
      }
    });
  });
});

describe("an explicit step", () => {
  const ring = potential({ name: "flat", domain: box(1, 0, 1, "periodic"), value: () => 0 });

  it("is refused beyond its bound, which the message names, and not at it", () => {
    const { state, step } = stepper(landscape(2), { shape: [12, 10], stepping: "explicit" });
    const longest = 1 / largestOutflow(state.lattice, ratesOf(state, D));
    const before = state.density.slice();
    expect(() => step({ D, dt: longest * (1 + 1e-12) })).toThrow(
      expect.objectContaining({ code: "WICK_INPUT", message: expect.stringContaining(`take at most ${longest},`) }),
    );
    expect(state.density).toEqual(before);
    for (let i = 0; i < 2000; i++) step({ D, dt: longest });
    expect(state.density.every((p) => p >= 0 && p < 10)).toBe(true);
  });

  it("would blow up just outside: on a ring without ζ the bound is sharp", () => {
    const { state, step } = stepper(ring, { shape: [32], stepping: "explicit", start: (x) => 1 + +(x[0] < 0.04) });
    const rates = ratesOf(state, 1);
    const longest = 1 / largestOutflow(state.lattice, rates);
    expect(longest).toBeCloseTo(1 / (2 * 32 ** 2), 15);
    for (let i = 0; i < 3000; i++) step({ D: 1, dt: longest });
    expect(top(state.density)).toBeLessThan(2);
    const scratch = new Float64Array(32);
    for (let i = 0; i < 3000; i++) flow(state.lattice, state.density, rates, 1.01 * longest, scratch);
    expect(top(state.density)).toBeGreaterThan(1e6);
  });

  it("goes below 0 outside: from one cell more would flow than it holds", () => {
    const { state } = stepper(landscape(1), { shape: [9], stepping: "explicit" });
    const rates = ratesOf(state, D);
    const dt = (1 + 1e-9) / largestOutflow(state.lattice, rates);
    const lowest = Array.from(state.density, (_, c) => {
      const one = Float64Array.from(state.density, (_, i) => +(i === c));
      flow(state.lattice, one, rates, dt, new Float64Array(9));
      return one.reduce((a, b) => Math.min(a, b));
    });
    expect(Math.min(...lowest)).toBeLessThan(-1e-10);
  });
});

describe("the accuracy of Fokker–Planck", () => {
  const k = 1.3;
  const well = potential({ name: "well", domain: box(1, -5, 5), value: (x) => 0.5 * k * x[0] ** 2 });
  // Ornstein–Uhlenbeck: mean m e^{−kτ}, variance D/k + (s − D/k) e^{−2kτ}
  const [m, s] = [0.9, 0.3];
  const start = (x: Float64Array): number => Math.exp(-((x[0] - m) ** 2) / (2 * s));
  const slope = (x: readonly number[], y: readonly number[]): number => Math.log(y[1] / y[0]) / Math.log(x[1] / x[0]);

  /** How far the variance is from that of Ornstein and Uhlenbeck at τ = 0.5. */
  function off(n: number, steps: number, stepping: "implicit" | "explicit"): number {
    const { step } = stepper(well, { shape: [n], stepping, start });
    let info: Info = {};
    for (let i = 0; i < steps; i++) info = step({ D, dt: 0.5 / steps });
    return Math.abs(info.spread ** 2 - (D / k + (s - D / k) * Math.exp(-k)));
  }

  it("is of order 2 in Δx", () => {
    // errors in Δτ are taken away by Richardson's extrapolation from two steps
    const signed = (n: number): number => 2 * off(n, 8192, "implicit") - off(n, 4096, "implicit");
    const order = slope([32, 64], [signed(32), signed(64)]);
    expect(Math.abs(order + 2)).toBeLessThan(0.05);
  });

  it.each(["implicit", "explicit"] as const)("is of order 1 in Δτ (%s)", (stepping) => {
    const far = off(40, 2 ** 15, stepping);
    const errors = [128, 256].map((steps) => Math.abs(off(40, steps, stepping) - far));
    expect(Math.abs(slope([128, 256], errors) + 1)).toBeLessThan(0.05);
  });

  it("is pure descent at D = 0", () => {
    const { state, step } = stepper(well, { shape: [101], stepping: "implicit", start });
    const first = meanOf(state);
    for (let i = 0; i < 200; i++) step({ D: 0, dt: 10 });
    expect(first).toBeGreaterThan(0.8);
    expect(state.density[50] * state.lattice.volume).toBeCloseTo(1, 9);
  });
});

describe("Smoluchowski dynamics", () => {
  const U = doubleWellEntry.make({ height: 1, tilt: 0.15 });

  it("relaxes at the first excited energy of the transformed Schrödinger problem", () => {
    const V = smoluchowski(U, D);
    const at = (x: number): number =>
      atOnce(V, { kind: "value", at: { n: 1, dim: 1, x: Float64Array.of(x) } }).value?.[0] ?? 0;
    const { values } = diagonalize(at, D, -2.9, 2.9, 90);
    expect(Math.abs(values[0])).toBeLessThan(1e-8);

    // on a grid the rate is off by h²; two grids take that away
    const gaps = [200, 400].map((n) => generatorGap(U, n));
    const gap = gaps[1] + (gaps[1] - gaps[0]) / 3;
    expect(gap / values[1]).toBeCloseTo(1, 6);

    // and so does the engine: the mean's distance from its end falls as (1 + λΔτ)^{−1} a step
    const { state, step } = stepper(U, { shape: [400], stepping: "implicit", start: (x) => +(x[0] > 0) });
    const end = meanOf({ ...state, density: stationary(state, D) });
    const dt = 0.05;
    const away: number[] = [];
    for (let i = 0; i < 400; i++) {
      step({ D, dt });
      away.push(meanOf(state) - end);
    }
    const rate = ((away[200] / away[399]) ** (1 / 199) - 1) / dt;
    expect(rate / gaps[1]).toBeCloseTo(1, 8);
  });

  /** The gap of the generator, made symmetric by its stationary law. */
  function generatorGap(zeta: Potential, n: number): number {
    const { state } = stepper(zeta, { shape: [n], stepping: "implicit" });
    const rates = ratesOf(state, D);
    const A = new Float64Array(n * n);
    for (let c = 0; c < n - 1; c++) {
      const [forth, back] = [rates.forth[0][c], rates.back[0][c]];
      A[c * n + c] += forth;
      A[(c + 1) * n + c + 1] += back;
      A[(c + 1) * n + c] = A[c * n + c + 1] = -Math.sqrt(forth * back);
    }
    const values = new Float64Array(n);
    eigenSymmetric(A, n, values, A);
    return values[1] - values[0];
  }
});

describe("the engine", () => {
  it("runs under a schedule, asking ζ once in every cell", async () => {
    const zeta = landscape(2);
    const setup = {
      potential: zeta,
      engine: fokkerPlanck({ shape: [16, 12], stepping: "implicit" }),
      schedule: steady({ D, dt: 0.1 }),
      seed: 0,
    };
    const masses: number[] = [];
    const frames = run(setup);
    for (let i = 0; i < 30; i++) {
      const { value, done } = await frames.next();
      if (done) throw new Error("ended");
      masses.push(value.info.mass);
      expect(value.account.points).toBe(16 * 12);
    }
    expect(masses.every((mass) => Math.abs(mass - 1) < 1e-13)).toBe(true);
  });

  it("weighs ζ by the strength that the schedule sets", () => {
    const twice = stepper(landscape(1), { shape: [20], stepping: "implicit" });
    const half = stepper(landscape(1), { shape: [20], stepping: "implicit" });
    for (let i = 0; i < 200; i++) {
      twice.step({ D: 2 * D, dt: 1, strength: 2 });
      half.step({ D, dt: 1 });
    }
    expect(difference(twice.state.density, half.state.density)).toBeLessThan(1e-12);
  });

  it("follows a D that changes from step to step", () => {
    const { state, step } = stepper(landscape(1), { shape: [20], stepping: "implicit" });
    for (const d of [1, 0.5, 0.25]) for (let i = 0; i < 60; i++) step({ D: d, dt: 100 });
    expect(difference(state.density, stationary(state, 0.25))).toBeLessThan(1e-12);
  });

  it("refuses what makes no sense", () => {
    const { step } = stepper(landscape(1), { shape: [20], stepping: "implicit" });
    expect(() => step({ D: -1, dt: 1 })).toThrow(/D: -1 is below 0/);
    expect(() => step({ D: 1, dt: -1 })).toThrow(/dt: -1 is below 0/);
    expect(() => step({ D: 1, dt: Number.NaN })).toThrow(/dt: NaN/);
    const engine = fokkerPlanck({ shape: [8, 8], stepping: "implicit" });
    expect(() => engine.init(box(1, 0, 1), key(0)).next()).toThrow(/2 axes where ζ has 1/);
  });
});
