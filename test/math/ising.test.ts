import { describe, expect, it } from "vitest";
import { configurations, grayOn, grayWalk } from "../../src/math/gray.ts";
import {
  couplingsOf,
  flip,
  type Ising,
  ising,
  isingEnergy,
  isingOfQubo,
  localFields,
  type Pair,
  quboOfIsing,
} from "../../src/math/ising.ts";
import { fold, key } from "../../src/math/rng.ts";
import { blocked } from "../../src/math/series.ts";
import { sweepWorldlines } from "../../src/math/worldlines.ts";
import { allOf, glass } from "../potentials/glasses.ts";

/** xᵀQx by its definition. */
const quadratic = (pairs: readonly Pair[], x: ArrayLike<number>): number =>
  pairs.reduce((sum, [i, j, q]) => sum + q * x[i] * x[j], 0);

describe("an Ising problem", () => {
  const problem = glass({ n: 7, seed: 3, law: "normal", fields: true });

  it("sums what stands twice, whichever way round", () => {
    const twice = ising(3, [
      [0, 1, 2],
      [1, 0, 3],
      [2, 2, 0.5],
      [2, 2, 0.25],
    ]);
    expect(couplingsOf(twice)).toEqual([[0, 1, 5]]);
    expect([...twice.fields]).toEqual([0, 0, 0.75]);
  });

  it("has the energy of its definition", () => {
    for (const s of allOf(7)) {
      const pairs = quadratic(couplingsOf(problem), s);
      const fields = problem.fields.reduce((sum, h, i) => sum + h * s[i], 0);
      expect(isingEnergy(problem, s)).toBeCloseTo(pairs + fields + problem.constant, 12);
    }
  });

  it("changes by −2 s g where a spin turns, and its local fields stay true", () => {
    const s = Float64Array.from(allOf(7)[37]);
    const g = new Float64Array(7);
    localFields(problem, s, g);
    for (const i of [0, 3, 6, 3, 1, 5]) {
      const before = isingEnergy(problem, s);
      const rise = -2 * s[i] * g[i];
      flip(problem, s, g, i);
      expect(isingEnergy(problem, s) - before).toBeCloseTo(rise, 12);
    }
    const anew = new Float64Array(7);
    localFields(problem, s, anew);
    for (let i = 0; i < 7; i++) expect(g[i]).toBeCloseTo(anew[i], 12);
  });

  it("is the same in bits, there and back", () => {
    const { pairs, constant } = quboOfIsing(problem);
    const back = isingOfQubo(7, pairs, constant);
    for (const s of allOf(7)) {
      const x = s.map((v) => (1 + v) / 2);
      expect(quadratic(pairs, x) + constant).toBeCloseTo(isingEnergy(problem, s), 12);
      expect(isingEnergy(back, s)).toBeCloseTo(isingEnergy(problem, s), 12);
    }
  });
});

describe("exhaustive search", () => {
  it.each([true, false])("sees every configuration once, with fields %s", (fields) => {
    const problem = glass({ n: 9, seed: 8, law: "normal", fields });
    const walk = grayWalk(problem);
    const seen = new Set<string>([walk.spins.join()]);
    while (walk.seen < configurations(problem)) {
      grayOn(problem, walk, 1);
      seen.add(walk.spins.join());
    }
    expect(seen.size).toBe(fields ? 512 : 256);
    const least = Math.min(...allOf(9).map((s) => isingEnergy(problem, s)));
    expect(walk.energy).toBeCloseTo(least, 12);
    expect(isingEnergy(problem, walk.best)).toBeCloseTo(least, 12);
  });
});

describe("worldlines", () => {
  const P = 4;

  /** The weight of a ring of slices, Suzuki's: e^{−Σ E(s^k)Δτ} ∏ (sinh or cosh of ΓΔτ). */
  function exactEnergy(problem: Ising, dt: number, gamma: number): number {
    const single = allOf(problem.n);
    const E = single.map((s) => isingEnergy(problem, s));
    // the transfer matrix of a slice; its power P, traced with E, is the mean energy of a slice
    const T = single.map((a, i) =>
      single.map((b) => {
        const apart = a.reduce((n, v, k) => n + Number(v !== b[k]), 0);
        const turn = Math.sinh(gamma * dt) ** apart * Math.cosh(gamma * dt) ** (problem.n - apart);
        return Math.exp(-dt * E[i]) * turn;
      }),
    );
    let power = T;
    for (let k = 1; k < P; k++)
      power = power.map((row) => single.map((_, j) => row.reduce((sum, v, m) => sum + v * T[m][j], 0)));
    const trace = power.reduce((sum, row, i) => sum + row[i], 0);
    return power.reduce((sum, row, i) => sum + E[i] * row[i], 0) / trace;
  }

  it.each([
    [0.3, 0.2],
    [0.3, 1.5],
    [1.2, 0.6],
  ])("sample the Trotter weight exactly, Δτ = %f, Γ = %f, within four standard errors", (dt, gamma) => {
    const problem = glass({ n: 3, seed: 5, law: "normal", fields: true });
    const s = new Float64Array(3 * P).fill(1);
    const g = new Float64Array(3 * P);
    const slice = new Float64Array(3);
    const field = new Float64Array(3);
    localFields(problem, slice.fill(1), field);
    for (let e = 0; e < g.length; e++) g[e] = field[Math.floor(e / P)];
    const energies = Float64Array.from({ length: 40_000 }, (_, step) => {
      sweepWorldlines(problem, s, g, P, { dt, gamma, key: fold(key(11), step) });
      for (let i = 0; i < 3; i++) slice[i] = s[i * P + (step % P)];
      return isingEnergy(problem, slice);
    });
    const { mean, error } = blocked(energies);
    expect(Math.abs(mean - exactEnergy(problem, dt, gamma))).toBeLessThan(4 * error);
  });

  it("approach the law of H itself as Δτ falls: e^{−βH} of one spin in a field", () => {
    // ⟨h σᶻ⟩ = −h²/ω tanh(βω), ω = √(h² + Γ²), from the two levels ±ω
    const [h, gamma, beta, slices] = [0.8, 0.5, 2, 64];
    const problem = ising(1, [[0, 0, h]]);
    const s = new Float64Array(slices).fill(1);
    const g = new Float64Array(slices).fill(h);
    const energies = Float64Array.from({ length: 20_000 }, (_, step) => {
      sweepWorldlines(problem, s, g, slices, { dt: beta / slices, gamma, key: fold(key(4), step) });
      return (h * s.reduce((sum, v) => sum + v, 0)) / slices;
    });
    const omega = Math.hypot(h, gamma);
    const { mean, error } = blocked(energies);
    expect(Math.abs(mean + ((h * h) / omega) * Math.tanh(beta * omega))).toBeLessThan(4 * error);
  });
});
