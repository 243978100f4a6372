import { describe, expect, it } from "vitest";
import { amplitudeAt, gaussianWave } from "../../src/math/packet.ts";
import { bornPopulations, sigmoid, softmaxPopulations } from "../../src/math/populations.ts";
import { diagonalize, evolveDense, project } from "./dense.ts";

const LEVELS = [-1.3, 0.2, 0.25, 4];
const total = (p: Float64Array): number => p.reduce((a, b) => a + b, 0);

describe("populations of levels", () => {
  it("(23) is 1/n at τ = 0, sums to 1, and ends in the lowest level", () => {
    expect(softmaxPopulations(LEVELS, 0)).toEqual(new Float64Array(4).fill(0.25));
    for (const tau of [0.1, 1, 30]) expect(total(softmaxPopulations(LEVELS, tau))).toBeCloseTo(1, 14);
    expect([...softmaxPopulations(LEVELS, 1e308)]).toEqual([1, 0, 0, 0]);
    expect([...softmaxPopulations([2, 2, 5], 1e6)]).toEqual([0.5, 0.5, 0]);
  });

  it("(23) is a low-pass filter: every population against the lowest falls as e^{−(E − E₀)τ}", () => {
    const p = softmaxPopulations(LEVELS, 0.7);
    LEVELS.forEach((E, k) => {
      expect(p[k] / p[0]).toBeCloseTo(Math.exp(-(E - LEVELS[0]) * 0.7), 14);
    });
  });

  it("(24) is (23) for two levels, and (25) is (24)", () => {
    for (const [a, b] of [
      [0, 0.3],
      [1, 7],
      [2, -1],
      [3, 3],
    ])
      for (const tau of [0, 0.5, 8]) {
        expect(softmaxPopulations([a, b], tau)[0]).toBeCloseTo(sigmoid(b - a, tau), 14);
        expect(bornPopulations([a, b], tau)[0]).toBeCloseTo(sigmoid(b - a, 2 * tau), 14);
      }
  });

  it("(25) is a sigmoid at any magnitude", () => {
    expect(sigmoid(0, 3)).toBe(0.5);
    expect([sigmoid(1e6, 1e6), sigmoid(-1e6, 1e6)]).toEqual([1, 0]);
    for (const x of [0.1, 2, 40]) expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 15);
    expect(sigmoid(-700)).toBeCloseTo(Math.exp(-700), 310);
    expect(sigmoid(-700)).toBeGreaterThan(0);
  });

  it("(24) as acceptance rule leaves e^{−Eτ} invariant: detailed balance", () => {
    const tau = 1.4;
    for (const a of LEVELS)
      for (const b of LEVELS) {
        const flow = (from: number, to: number): number => Math.exp(-from * tau) * sigmoid(from - to, tau);
        expect(flow(a, b) / flow(b, a)).toBeCloseTo(1, 13);
      }
  });

  it("by Born they are (23) at 2τ for equal prefactors (E4)", () => {
    for (const tau of [0, 0.3, 5]) expect(bornPopulations(LEVELS, tau)).toEqual(softmaxPopulations(LEVELS, 2 * tau));
  });

  it("prefactors that are 0 leave a level empty", () => {
    const p = bornPopulations(LEVELS, 0.5, [0, 1, 1, 1]);
    expect(p[0]).toBe(0);
    expect(total(p)).toBeCloseTo(1, 14);
    expect(p[1]).toBeGreaterThan(p[2]);
  });
});

describe("populations of an evolving state", () => {
  const line = diagonalize((x) => x ** 4 - 2 * x * x + 0.2 * x, 0.3, -4, 4, 90);
  const N = 12;

  it("are Born's with prefactors, level by level, at any τ", () => {
    const start = (x: number) => amplitudeAt(gaussianWave(0.9, 0.4), x);
    const weights = project(line, start, N).map(({ re, im }) => re * re + im * im);
    for (const tau of [0, 0.2, 1, 6]) {
      const psi = evolveDense(line, start, 0, tau);
      const now = project(line, (x) => psi[Math.round((x - line.x[0]) / line.h)], N);
      const sizes = now.map(({ re, im }) => re * re + im * im);
      const sum = sizes.reduce((a, b) => a + b);
      const born = bornPopulations(line.values.subarray(0, N), tau, weights);
      sizes.forEach((size, k) => {
        expect(size / sum).toBeCloseTo(born[k], 12);
      });
      // where the three readings part: from this start no two of them agree within a hundredth before the end
      const printed = softmaxPopulations(line.values.subarray(0, N), tau);
      if (tau < 1) expect(Math.abs(printed[0] - born[0])).toBeGreaterThan(0.01);
    }
  });

  it("have amplitudes in the ratios of (23) from equal prefactors", () => {
    const even = (x: number) => {
      const i = Math.round((x - line.x[0]) / line.h);
      let re = 0;
      for (let k = 0; k < N; k++) re += line.vectors[k * line.x.length + i] / Math.sqrt(line.h);
      return { re, im: 0 };
    };
    for (const tau of [0, 0.4, 3]) {
      const psi = evolveDense(line, even, 0, tau);
      const now = project(line, (x) => psi[Math.round((x - line.x[0]) / line.h)], N);
      const sum = now.reduce((s, { re }) => s + re, 0);
      const printed = softmaxPopulations(line.values.subarray(0, N), tau);
      now.forEach(({ re }, k) => {
        expect(re / sum).toBeCloseTo(printed[k], 11);
      });
    }
  });
});
