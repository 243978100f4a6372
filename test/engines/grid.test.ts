import { describe, expect, it, test } from "vitest";
import { courseOf } from "../../src/engines/grid/course.ts";
import { squareSum } from "../../src/engines/grid/observables.ts";
import { propagator } from "../../src/engines/grid/propagator.ts";
import { schemeFor } from "../../src/engines/grid/schemes.ts";
import { begin } from "../../src/engines/grid/starts.ts";
import { gridLattice } from "../../src/engines/grid/state.ts";
import {
  amplitudeAt,
  bornMoments,
  dispersed,
  energyOf,
  evolveWave,
  freeVariance,
  gaussianWave,
  type Wave,
  wellCenter,
} from "../../src/math/packet.ts";
import { copyOf, cube, distance, REAL, slopeOf, type Walk, walk } from "./walk.ts";

const FREE = () => 0;
const BOWL = (x: Float64Array) => 0.5 * x[0] * x[0];
/** Neither even nor quadratic. */
const SKEW = (x: Float64Array) => 0.25 * x[0] ** 4 + 0.3 * x[0];

const half = { D: 0.5, dt: 0.01 };
const packet = (mean: number, sigma: number, momentum = 0) =>
  ({ kind: "gaussian", mean: [mean], sigma: [sigma], momentum: [momentum] }) as const;

/** How far ψ is from a wave in closed form, both of norm 1, the global phase left aside. */
function away({ state }: Walk, wave: Wave): number {
  const values = Array.from(state.lattice.axes[0], (x) => amplitudeAt(wave, x));
  const re = Float64Array.from(values, (z) => z.re);
  const im = Float64Array.from(values, (z) => z.im);
  const size = Math.sqrt(values.reduce((s, z) => s + z.re ** 2 + z.im ** 2, 0) * state.lattice.volume);
  return distance(state, { re: re.map((v) => v / size), im: im.map((v) => v / size) }, state.lattice.volume);
}

describe("real time", () => {
  test("(6) a free packet disperses, σ(t)² = σ₀² + (Dt/σ₀)²", () => {
    const free = walk(FREE, cube(1, -30, 30), { shape: [512], dt: 0.5, start: packet(-3, 0.8, 1.5) });
    for (let n = 1; n <= 6; n++) {
      const info = free.step({ D: 0.7, dt: 0.5, angle: REAL });
      expect(info.spread).toBeCloseTo(dispersed(0.8, 0.7, 0.5 * n), 9);
      // a packet of wave number p moves at 2Dp
      expect(info.mean1).toBeCloseTo(-3 + 2 * 0.7 * 1.5 * 0.5 * n, 9);
    }
    expect(away(free, evolveWave(gaussianWave(-3, 0.8, 1.5), { v: 0, g: 0, k: 0 }, 0.7, REAL, 3))).toBeLessThan(1e-9);
  });

  test("(7) on a slope it accelerates, ⟨x⟩ = x₀ − Dgt²", () => {
    const slope = walk((x) => 0.9 * x[0], cube(1, -20, 20), { shape: [256], dt: 0.01, start: packet(4, 1) });
    for (let n = 1; n <= 4; n++) {
      const info = slope.step({ D: 0.6, dt: 0.5, angle: REAL });
      expect(info.mean1).toBeCloseTo(4 - 0.6 * 0.9 * (0.5 * n) ** 2, 9);
      expect(info.spread).toBeCloseTo(dispersed(1, 0.6, 0.5 * n), 9);
    }
  });

  test.each([
    [2, [128]],
    [4, [128]],
    [2, [16, 32]],
    [4, [16, 32]],
    [2, [8, 8, 16]],
  ] as const)("the norm stays 1 to 1e-12 over 10⁴ steps, order %i on %j", (order, shape) => {
    const zeta = (x: Float64Array) => x.reduce((sum, _, j) => sum + SKEW(x.subarray(j)), 0);
    const start = { kind: "gaussian", mean: [0.7], sigma: [0.5], momentum: [0.5] } as const;
    const well = walk(zeta, cube(shape.length, -5, 5), { shape, dt: 0.01, order, start });
    for (let n = 0; n < 4; n++)
      expect(Math.abs(well.step({ D: 0.5, dt: 25, angle: REAL }).norm - 1)).toBeLessThan(1e-12);
  });

  test.each(["periodic", "wall"] as const)("what rounding makes of the norm is 1e-16 a drift (%s)", (edge) => {
    const lattice = gridLattice(cube(1, -6, 6), [128], edge);
    const moved = propagator(lattice, edge, undefined);
    begin(packet(0.7, 0.5, 1), lattice, moved.re, moved.im);
    moved.setPotential(lattice.axes[0].map((x) => SKEW(Float64Array.of(x))));
    const course = courseOf(schemeFor(2, REAL), { from: 0, dt: 0.01, steps: 10_000, angle: REAL }, () => half, true);
    moved.evolve(course.kicks, course.drifts);
    const norm = squareSum(moved.re, moved.im) * lattice.volume;
    expect(Math.abs(norm - 1)).toBeLessThan(2e-16 * 10_000);
  });

  test("⟨H⟩ is constant to O(Δt²)", () => {
    const drift = (dt: number): number => {
      const well = walk(SKEW, cube(1, -6, 6), { shape: [128], dt, start: packet(0.7, 0.5, 1) });
      const first = well.step({ D: 0.5, dt: 0, angle: REAL }).energy;
      let most = 0;
      for (let n = 0; n < 20; n++)
        most = Math.max(most, Math.abs(well.step({ D: 0.5, dt: 0.2, angle: REAL }).energy - first));
      return most;
    };
    const steps = [0.04, 0.02, 0.01, 0.005];
    expect(slopeOf(steps, steps.map(drift))).toBeCloseTo(2, 1);
    expect(drift(0.005)).toBeLessThan(1e-4);
  });

  test("is reversible: the complex conjugate goes back to the start", () => {
    for (const order of [2, 4] as const) {
      const well = walk(SKEW, cube(1, -6, 6), { shape: [128], dt: 0.01, order, start: packet(0.7, 0.5, 1) });
      const { state } = well;
      const start = copyOf(state);
      const conjugate = (): void => state.im.set(state.im.map((v) => -v));
      well.step({ D: 0.5, dt: 5, angle: REAL });
      conjugate();
      well.step({ D: 0.5, dt: 5, angle: REAL });
      conjugate();
      expect(distance(state, start, state.lattice.volume)).toBeLessThan(1e-11);
    }
  });
});

describe("imaginary time", () => {
  test("(9) a free packet diffuses: the variance of |ψ|² is σ₀² + Dτ", () => {
    const free = walk(FREE, cube(1, -20, 20), { shape: [256], dt: 1, start: packet(1, 0.8) });
    for (let n = 1; n <= 5; n++)
      expect(free.step({ D: 0.7, dt: 1, angle: 0 }).spread ** 2).toBeCloseTo(0.64 + 0.7 * n, 8);
  });

  test("(11) on a slope the mean of |ψ|² goes as the closed form, between walls that are far", () => {
    const slope = walk((x) => 0.9 * x[0], cube(1, -20, 20), {
      ...{ shape: [256], dt: 0.005, start: packet(4, 1), edge: "wall" },
    });
    const info = slope.step({ D: 0.6, dt: 1, angle: 0 });
    const wave = evolveWave(gaussianWave(4, 1), { v: 0, g: 0.9, k: 0 }, 0.6, 0, 1);
    const { mean, variance } = bornMoments(wave);
    expect(info.mean1).toBeCloseTo(mean, 5);
    expect(info.spread ** 2).toBeCloseTo(variance, 5);
  });

  test("the growth energy of the harmonic well settles at asinh(Δτ/2)/Δτ", () => {
    for (const dt of [0.5, 0.1, 0.02]) {
      const well = walk(BOWL, cube(1, -9, 9), { shape: [128], dt, start: packet(0.3, 0.9) });
      const info = well.step({ D: 0.5, dt: 40, angle: 0 });
      const settled = well.step({ D: 0.5, dt: 1, angle: 0 });
      expect(settled.growth).toBeCloseTo(Math.asinh(dt / 2) / dt, 12);
      expect(info.growth).toBeGreaterThan(settled.growth);
      expect(settled.norm).toBeCloseTo(1, 12);
    }
  });

  test("(8) the growth energy falls monotonically", () => {
    const well = walk(SKEW, cube(1, -6, 6), { shape: [128], dt: 0.01, start: packet(1.5, 0.4) });
    let before = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 60; n++) {
      const { growth } = well.step({ D: 0.5, dt: 0.1, angle: 0 });
      expect(growth).toBeLessThan(before + 1e-12);
      before = growth;
    }
  });
});

describe("between them", () => {
  test.each([0.3, 0.8, 1.3])("(8) at angle %f a packet in ½x² moves as the closed form", (angle) => {
    // the ground state's width, from rest: x₀ e^{−ωs cos α} cos(ωs sin α)
    const well = walk(BOWL, cube(1, -9, 9), { shape: [128], dt: 0.0025, start: packet(2, Math.SQRT1_2) });
    for (let n = 1; n <= 5; n++)
      expect(well.step({ D: 0.5, dt: 0.4, angle }).mean1).toBeCloseTo(wellCenter(2, 1, 0.5, angle, 0.4 * n), 5);
  });

  test.each([0, 0.7, REAL])("(9) at angle %f a free packet has Var = |q|²/(2 Re q)", (angle) => {
    const free = walk(FREE, cube(1, -25, 25), { shape: [256], dt: 1, start: packet(0, 0.8) });
    expect(free.step({ D: 0.7, dt: 3, angle }).spread ** 2).toBeCloseTo(freeVariance(0.8, 0.7, angle, 3), 8);
  });

  test("energies, kinetic and potential, are those of the closed form", () => {
    const well = walk((x) => 0.4 + 0.2 * x[0] + 0.65 * x[0] ** 2, cube(1, -9, 9), {
      ...{ shape: [128], dt: 0.001, start: packet(1.2, 0.6, 0.8) },
    });
    const field = { v: 0.4, g: 0.2, k: 1.3 };
    const info = well.step({ D: 0.7, dt: 0.9, angle: 0.8 });
    const wave = evolveWave(gaussianWave(1.2, 0.6, 0.8), field, 0.7, 0.8, 0.9);
    const { kinetic, potential } = energyOf(wave, field, 0.7);
    expect(info.kinetic).toBeCloseTo(kinetic, 6);
    expect(info.potential).toBeCloseTo(potential, 6);
    expect(away(well, wave)).toBeLessThan(1e-6);
  });
});

describe.each([
  ["real", REAL],
  ["imaginary", 0],
  ["damped", 0.9],
] as const)("the order in Δt, %s time", (_name, angle) => {
  const end = (dt: number, order: 2 | 4, edge: "periodic" | "wall"): Walk => {
    const well = walk(SKEW, cube(1, -6, 6), { shape: [128], dt, order, edge, start: packet(0.7, 0.5, 0.6) });
    well.step({ D: 0.5, dt: 1.6, angle });
    return well;
  };
  const fitted = (steps: readonly number[], order: 2 | 4, edge: "periodic" | "wall"): number => {
    const exact = copyOf(end(steps[steps.length - 1] / 8, order, edge).state);
    const errors = steps.map((dt) => {
      const { state } = end(dt, order, edge);
      return distance(state, exact, state.lattice.volume);
    });
    return slopeOf(steps, errors);
  };

  it.each(["periodic", "wall"] as const)("is 2 for Strang (%s)", (edge) => {
    expect(Math.abs(fitted([0.04, 0.02, 0.01], 2, edge) - 2)).toBeLessThan(0.05);
  });

  // order 4 is refused between imaginary and real time
  if (angle === 0.9) return;
  it.each(["periodic", "wall"] as const)("is 4 for the fourth order (%s)", (edge) => {
    expect(Math.abs(fitted([0.08, 0.04, 0.02], 4, edge) - 4)).toBeLessThan(0.1);
  });
});
