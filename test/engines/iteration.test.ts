import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import type { Info, Setting } from "../../src/core/engine.ts";
import { box, type Domain, type Potential, potential } from "../../src/core/problem.ts";
import { fokkerPlanck } from "../../src/engines/fokker-planck.ts";
import { type Iterate, type IterationOptions, iterate, iteration, longestStep } from "../../src/engines/iteration.ts";
import { densityMoments, densityWave, evolveWave, massOf, type Quadratic, type Wave } from "../../src/math/packet.ts";
import { key } from "../../src/math/rng.ts";
import { atOnce } from "../conformance/potentials.ts";

const line = (value: (x: number) => number, domain: Domain): Potential =>
  potential({ name: "line", domain, value: (x) => value(x[0]) });

function stepper(zeta: Potential, options: IterationOptions) {
  const engine = iteration(options);
  const state: Iterate = answerAll(engine.init(zeta.domain, key(1)), (query) => atOnce(zeta, query));
  let index = 0;
  const step = (setting: Setting): Info =>
    answerAll(engine.step(state, { ...setting, index: index++, key: key(1) }), (query) => atOnce(zeta, query));
  return { engine, state, step };
}

const densityAt = ({ a, b, c }: Wave, x: number): number => Math.exp(-0.5 * a.re * x * x + b.re * x + c.re);
const top = (a: Float64Array): number => a.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
const SIDES = ["forward", "centered"] as const;

describe("the iteration (16) against the closed form of (11)", () => {
  // ζ = ½gx² + κx³/6 has the slope gx + ½κx², so that (11) is the dynamics of a well, which is known
  const [D, g, kappa, tau] = [0.5, 0.4, 0.9, 0.5];
  const field: Quadratic = { v: 0, g, k: kappa };
  const zeta = line((x) => 0.5 * g * x * x + (kappa * x ** 3) / 6, box(1, -7, 7));
  const begin = densityWave(0.3, 0.4);
  const exact = evolveWave(begin, field, D, 0, tau);

  /** The largest error of ψ on n points after `steps` steps. */
  function off(n: number, steps: number, slope: IterationOptions["slope"]): number {
    const { state, step } = stepper(zeta, { shape: [n], slope, start: (x) => densityAt(begin, x[0]) });
    for (let i = 0; i < steps; i++) step({ D, dt: tau / steps });
    return Math.max(...state.psi.map((p, i) => Math.abs(p - densityAt(exact, state.lattice.axes[0][i]))));
  }

  const order = (coarse: number, fine: number): number => Math.log2(coarse / fine);
  // Δτ ∝ Δx² on four times as many steps: what is left is the error in Δx with one of the same order 2 in it
  const inSpace = (slope: IterationOptions["slope"]) => order(off(225, 2000, slope), off(449, 8000, slope));

  it("is of order 1 in Δx as printed (E6)", () => {
    expect(Math.abs(inSpace("forward") - 1)).toBeLessThan(0.05);
  });

  it("is of order 2 in Δx with the centered slope", () => {
    expect(Math.abs(inSpace("centered") - 2)).toBeLessThan(0.05);
  });

  it.each(SIDES)("is of order 1 in Δτ with the %s slope", (slope) => {
    const run = (steps: number): Float64Array => {
      const { state, step } = stepper(zeta, { shape: [57], slope, start: (x) => densityAt(begin, x[0]) });
      for (let i = 0; i < steps; i++) step({ D, dt: tau / steps });
      return state.psi;
    };
    const [a, b, c] = [50, 100, 200].map(run);
    // differences of neighbors halve where the error is of order 1
    const apart = (p: Float64Array, q: Float64Array): number => top(p.map((v, i) => v - q[i]));
    expect(Math.abs(order(apart(a, b), apart(b, c)) - 1)).toBeLessThan(0.05);
  });

  it("has a slope that is off by ½Δx ζ″ as printed, by Δx² ζ‴/6 centered", () => {
    for (const n of [57, 113]) {
      const forward = stepper(zeta, { shape: [n], slope: "forward" }).state;
      const centered = stepper(zeta, { shape: [n], slope: "centered" }).state;
      const [h] = forward.lattice.spacing;
      for (let i = 1; i < n - 1; i++) {
        const x = forward.lattice.axes[0][i];
        const slope = g * x + 0.5 * kappa * x * x;
        expect(centered.slope[i] - slope).toBeCloseTo((h * h * kappa) / 6, 10);
        expect(forward.slope[i] - slope).toBeCloseTo(0.5 * h * (g + kappa * x) + (h * h * kappa) / 6, 10);
      }
    }
  });

  it("follows the closed form in mass and mean", () => {
    const { state, step } = stepper(zeta, { shape: [449], slope: "centered", start: (x) => densityAt(begin, x[0]) });
    let info: Info = {};
    for (let i = 0; i < 8000; i++) info = step({ D, dt: tau / 8000 });
    expect(info.mass).toBeCloseTo(massOf(exact), 3);
    expect(info.spread ** 2).toBeCloseTo(densityMoments(exact).variance, 3);
    expect(state.psi[0]).toBe(0);
  });
});

describe("erratum E3: the slope as a reaction", () => {
  const well = line((x) => 0.5 * x * x, box(1, -6, 6));
  const start = (x: Float64Array): number => Math.exp(-((x[0] - 1) ** 2));

  it("loses mass, by closed form to 0.558 of it at τ = 1, where the conservative twin keeps all", () => {
    const [D, dt, steps] = [0.5, 5e-4, 2000];
    const printed = stepper(well, { shape: [401], slope: "centered", start });
    let lost: Info = {};
    for (let i = 0; i < steps; i++) lost = printed.step({ D, dt });
    // ψ of variance ½ and mean 1 in ζ′ = x
    const expected = massOf(evolveWave(densityWave(1, 0.5), { v: 0, g: 1, k: 0 }, D, 0, 1));
    expect(expected).toBeCloseTo(Math.exp(-1 + 1 / 4 + 0.5 / 3), 13);
    expect(lost.mass).toBeCloseTo(expected, 3);

    const twin = fokkerPlanck({ shape: [400], stepping: "explicit", start });
    const ask = (query: Parameters<typeof atOnce>[1]) => atOnce(well, query);
    const state = answerAll(twin.init(well.domain, key(1)), ask);
    let kept: Info = {};
    for (let i = 0; i < steps; i++) kept = answerAll(twin.step(state, { D, dt, index: i, key: key(1) }), ask);
    expect(Math.abs(kept.mass - 1)).toBeLessThan(1e-13);
  });

  it("drifts nothing: on a straight slope ψ keeps its center and shape and only fades", () => {
    const [D, dt, steps, g] = [0.5, 1e-3, 500, 0.8];
    const slope = stepper(
      line((x) => g * x, box(1, -8, 8)),
      { shape: [257], slope: "forward", start },
    );
    const flat = stepper(
      line(() => 0, box(1, -8, 8)),
      { shape: [257], slope: "forward", start },
    );
    let [a, b]: Info[] = [{}, {}];
    for (let i = 0; i < steps; i++) [a, b] = [slope.step({ D, dt }), flat.step({ D, dt })];
    expect(a.energy / g).toBeCloseTo(1, 2);
    // fades as e^{−gτ}, to the order of the iteration; its shape is that of diffusion alone
    expect(a.mass / b.mass).toBeCloseTo(Math.exp(-g * dt * steps), 3);
    slope.state.psi.forEach((p, i) => {
      expect(p / a.mass).toBeCloseTo(flat.state.psi[i] / b.mass, 3);
    });
  });
});

describe("the stability of (16)", () => {
  const D = 0.7;
  const flatRing = line(() => 0, box(1, 0, 1, "periodic"));
  const slope = line((x) => 40 * x, box(1, 0, 1));
  const plane = potential({ name: "plane", domain: box(2, 0, 1), value: (x) => 30 * x[0] + 10 * x[1] });
  const cube = potential({ name: "cube", domain: box(3, 0, 1, "periodic"), value: () => 0 });
  const spike = (x: Float64Array): number => +x.every((v) => Math.abs(v - 0.5) < 0.04);

  describe.each([
    ["a flat ring", flatRing, [64]],
    ["a slope", slope, [129]],
    ["a slope in the plane", plane, [65, 49]],
    ["a flat torus in space", cube, [12, 16, 14]],
  ] as const)("on %s", (_name, zeta, shape) => {
    const bound = ({ lattice, steepest }: Iterate): number =>
      2 / (4 * D * lattice.spacing.reduce((s, h) => s + 1 / h ** 2, 0) + steepest);

    it("is refused just outside, with the largest Δτ in the message, and runs there", () => {
      const { state, step } = stepper(zeta, { shape, slope: "forward", start: spike });
      const longest = longestStep(state.lattice, D, state.steepest);
      expect(longest).toBeCloseTo(bound(state), 15);
      const before = state.psi.slice();
      expect(() => step({ D, dt: longest * (1 + 1e-12) })).toThrow(
        expect.objectContaining({ code: "WICK_INPUT", message: expect.stringMatching(/Δτ = .* take at most /) }),
      );
      expect(state.psi).toEqual(before);
      let message = "";
      try {
        step({ D, dt: 1 });
      } catch (error) {
        message = String(error);
      }
      const told = Number(message.slice(message.lastIndexOf(" ") + 1));
      for (let i = 0; i < 3000; i++) step({ D, dt: told });
      expect(top(state.psi)).toBeLessThanOrEqual(top(before));
    });

    it("would blow up a hundredth outside", () => {
      const { state } = stepper(zeta, { shape, slope: "forward", start: spike });
      const before = top(state.psi);
      const scratch = new Float64Array(state.psi.length);
      const dt = 1.01 * bound(state);
      for (let i = 0; i < 3000; i++) iterate(state.lattice, state.psi, state.slope, { D, dt, strength: 1 }, scratch);
      expect(top(state.psi)).toBeGreaterThan(1e6 * before);
    });
  });

  it("counts the strength of ζ", () => {
    const { state, step } = stepper(slope, { shape: [33], slope: "forward" });
    const longest = longestStep(state.lattice, D, 3 * state.steepest);
    step({ D, dt: longest, strength: 3 });
    expect(() => step({ D, dt: longest * 1.0001, strength: 3 })).toThrow(/take at most/);
  });

  it("knows no bound where nothing can grow in turn", () => {
    const { lattice } = stepper(slope, { shape: [33], slope: "forward" }).state;
    expect(longestStep(lattice, 0, 0)).toBe(Infinity);
    expect(longestStep(lattice, 0, -3)).toBe(Infinity);
  });

  it("refuses what makes no sense", () => {
    const { step } = stepper(slope, { shape: [33], slope: "forward" });
    expect(() => step({ D: -1, dt: 1e-6 })).toThrow(/D: -1 is below 0/);
    expect(() => step({ D, dt: Number.NaN })).toThrow(/dt: NaN/);
    expect(() => step({ D, dt: -1 })).toThrow(/dt: -1/);
  });
});

describe("the iteration in more dimensions", () => {
  it("is the product of the lines on each axis, where ζ is a sum, to the order of the step", () => {
    const [D, dt, steps] = [0.5, 1e-4, 1000];
    const parts = [(x: number) => 0.5 * x * x, (x: number) => 0.3 * x];
    const centers = [0.5, -0.4];
    const bump = (j: number, x: number): number => Math.exp(-((x - centers[j]) ** 2));
    const on = box(2, -4, 4);
    const plane = stepper(potential({ name: "sum", domain: on, value: (x) => parts[0](x[0]) + parts[1](x[1]) }), {
      shape: [41, 33],
      slope: "centered",
      start: (x) => bump(0, x[0]) * bump(1, x[1]),
    });
    const lines = [41, 33].map((n, j) =>
      stepper(line(parts[j], box(1, -4, 4)), { shape: [n], slope: "centered", start: (x) => bump(j, x[0]) }),
    );
    for (let i = 0; i < steps; i++) for (const { step } of [plane, ...lines]) step({ D, dt });
    for (let i = 0, c = 0; i < 41; i++)
      for (let j = 0; j < 33; j++, c++)
        expect(plane.state.psi[c]).toBeCloseTo(lines[0].state.psi[i] * lines[1].state.psi[j], 4);
  });

  it("holds ψ at 0 on every bound", () => {
    const { state, step } = stepper(potential({ name: "cube", domain: box(3, 0, 1), value: (x) => x[0] }), {
      shape: [5, 6, 7],
      slope: "forward",
    });
    for (let i = 0; i < 10; i++) step({ D: 1, dt: 1e-3 });
    let c = 0;
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 6; j++)
        for (let k = 0; k < 7; k++, c++) {
          const bound = i % 4 === 0 || j % 5 === 0 || k % 6 === 0;
          if (bound) expect(state.psi[c]).toBe(0);
          else expect(state.psi[c]).toBeGreaterThan(0);
        }
  });
});
