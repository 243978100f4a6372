/** Imaginary time settles in the ground state: equations (17) to (20), and the levels it passes through. */
import { describe, expect, test } from "vitest";
import { potential } from "../../src/core/problem.ts";
import { harmonicLevels } from "../../src/math/harmonic.ts";
import { spectrum, stateOn } from "../../src/tasks/spectrum.ts";
import { cube, distance, REAL, slopeOf, walk } from "./walk.ts";

const D = 0.4;
const SKEW = (x: Float64Array) => 0.25 * x[0] ** 4 + 0.3 * x[0];
const EVEN = (x: Float64Array) => 0.25 * x[0] ** 4;
const BOX = cube(1, -6, 6);
const packet = (mean: number, sigma: number) => ({ kind: "gaussian", mean: [mean], sigma: [sigma] }) as const;

const levelsOf = (zeta: (x: Float64Array) => number, levels: number) =>
  spectrum(potential({ name: "ζ", domain: { ...BOX, edge: "wall" }, value: zeta }), { D, levels });

/** exp(−rate τ) through values at equal times. */
function rate(dt: number, values: readonly number[]): number {
  const times = values.map((_, n) => Math.exp(n * dt));
  return -slopeOf(times, values);
}

test("(20) the distance to φ₀ decays at the rate of the gap, the energy's excess at twice that", async () => {
  const exact = await levelsOf(SKEW, 2);
  const [ground, first] = exact.levels;
  const well = walk(SKEW, BOX, { shape: [128], dt: 0.0025, start: packet(1.2, 0.5) });
  const { lattice } = well.state;
  const phi = stateOn(exact, 0, lattice.axes);
  const [away, excess]: [number[], number[]] = [[], []];
  well.step({ D, dt: 3, angle: 0 });
  for (let n = 0; n < 12; n++) {
    const { energy } = well.step({ D, dt: 0.25, angle: 0 });
    away.push(distance(well.state, { re: phi, im: new Float64Array(phi.length) }, lattice.volume));
    excess.push(energy - ground);
  }
  expect(Math.abs(rate(0.25, away) / (first - ground) - 1)).toBeLessThan(0.01);
  expect(Math.abs(rate(0.25, excess) / (2 * (first - ground)) - 1)).toBeLessThan(0.01);
});

test("from an even start in an even well the rate is E₂ − E₀", async () => {
  const exact = await levelsOf(EVEN, 3);
  const well = walk(EVEN, BOX, { shape: [128], dt: 0.0025, start: packet(0, 0.4) });
  well.step({ D, dt: 2, angle: 0 });
  const excess = Array.from({ length: 8 }, () => well.step({ D, dt: 0.25, angle: 0 }).energy - exact.levels[0]);
  expect(Math.abs(rate(0.25, excess) / (2 * (exact.levels[2] - exact.levels[0])) - 1)).toBeLessThan(0.01);
});

test("(18) E₀ = ⟨T⟩ + ⟨ζ⟩, the virial 2⟨T⟩ = ⟨x·∇ζ⟩, and the levels' populations", async () => {
  const exact = await levelsOf(EVEN, 4);
  const start = packet(0.6, 0.4);
  const ready = walk(EVEN, BOX, { shape: [128], dt: 0.01, order: 4, start });
  const states = exact.levels.map((_, n) => stateOn(exact, n, ready.state.lattice.axes));
  const well = walk(EVEN, BOX, { shape: [128], dt: 0.01, order: 4, start, states });
  const begun = well.step({ D, dt: 0, angle: 0 });
  const tau = 0.8;
  const later = well.step({ D, dt: tau, angle: 0 });
  // P_n ∝ |c_n|² e^{−2E_nτ}: Born, with prefactors (erratum E4)
  const weight = exact.levels.map((E, n) => begun[`level${n}`] * Math.exp(-2 * E * tau));
  for (let n = 1; n < 4; n++) expect(later[`level${n}`] / later.level0).toBeCloseTo(weight[n] / weight[0], 7);
  const end = well.step({ D, dt: 30, angle: 0 });
  expect(end.level0).toBeCloseTo(1, 9);
  expect(end.energy).toBeCloseTo(exact.levels[0], 9);
  expect(end.kinetic + end.potential).toBe(end.energy);
  // ζ = ¼x⁴ has x·∇ζ = 4ζ
  expect(2 * end.kinetic).toBeCloseTo(4 * end.potential, 7);
});

describe.each([2, 3])("in %i dimensions", (dim) => {
  const zeta = (x: Float64Array) => x.reduce((sum, v, j) => sum + 0.5 * (1 + j) * v * v, 0);
  const shape = dim === 2 ? [32, 64] : [16, 16, 32];
  const start = { kind: "gaussian", mean: [0.5], sigma: [0.7] } as const;
  const ground = harmonicLevels(0.5, [1, 2, 3].slice(0, dim), 1)[0];

  test("the ground state of the harmonic well", () => {
    const well = walk(zeta, cube(dim, -5, 5), { shape, dt: 0.05, order: 4, start });
    const { energy, kinetic, potential: at, spread } = well.step({ D: 0.5, dt: 12, angle: 0 });
    expect(energy).toBeCloseTo(ground, 5);
    expect(2 * kinetic).toBeCloseTo(2 * at, 4);
    const variance = [1, 2, 3].slice(0, dim).reduce((sum, k) => sum + Math.sqrt(0.5 / (2 * k)) / dim, 0);
    expect(spread ** 2).toBeCloseTo(variance, 4);
  });

  test("axes do not mix: means turn each at its own frequency", () => {
    const mean = [0.8, -0.5, 0.3].slice(0, dim);
    const well = walk(zeta, cube(dim, -5, 5), { shape, dt: 0.005, start: { kind: "gaussian", mean, sigma: [0.6] } });
    const info = well.step({ D: 0.5, dt: 1, angle: REAL });
    mean.forEach((m, j) => {
      expect(info[`mean${j + 1}`]).toBeCloseTo(m * Math.cos(Math.sqrt(1 + j)), 4);
    });
  });
});
