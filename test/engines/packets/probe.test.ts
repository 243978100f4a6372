import { describe, expect, it } from "vitest";
import { type Gradient, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { blankProbe, look, mayBeAdditive, type Probe } from "../../../src/engines/packets/probe.ts";
import { fillNormal, fillUniform, key } from "../../../src/math/rng.ts";
import { answered, nowhere, rosenbrock, rotation, sphere, turn, unitBox } from "./ground.ts";

function on(value: Value, dim: number): Potential {
  return potential({ name: "probed", domain: unitBox(dim), value });
}

function probed(at: Potential, from?: number[]): { probe: Probe; asked: Float64Array[] } {
  const dim = at.domain.lower.length;
  const probe = blankProbe(dim);
  const asked: Float64Array[] = [];
  answered(look(probe, at.domain, nowhere(dim), Float64Array.from(from ?? new Array(dim).fill(0.5))), at, asked);
  return { probe, asked };
}

const isAdditive = (value: Value, dim: number, from?: number[]): boolean => probed(on(value, dim), from).probe.additive;

describe("the probe", () => {
  it("reads slope and curvature of a quadratic exactly, along each axis", () => {
    const dim = 4;
    const [g, k, x] = [new Float64Array(dim), new Float64Array(dim * dim), Float64Array.of(0.5, 0.42, 0.61, 0.35)];
    fillNormal(key(1), g);
    fillNormal(key(2), k);
    for (let i = 0; i < dim; i++) for (let j = 0; j < i; j++) k[i * dim + j] = k[j * dim + i];
    const { probe } = probed(
      on((u) => {
        const s = u.map((v, i) => v - x[i]);
        return 3 + s.reduce((sum, v, i) => sum + g[i] * v + (v * turn(k, s)[i]) / 2, 0);
      }, dim),
      [...x],
    );
    expect(probe.value).toBeCloseTo(3, 14);
    for (let i = 0; i < dim; i++) {
      expect(probe.slope[i]).toBeCloseTo(g[i], 12);
      expect(probe.curvature[i]).toBeCloseTo(k[i * (dim + 1)], 11);
    }
    expect(probe.additive).toBe(false);
  });

  it("has second order: the slope of e^v errs by h²/6 of itself", () => {
    const { probe } = probed(on(([v]) => Math.exp(v), 1));
    const h = 0.1;
    expect(probe.slope[0]).toBeCloseTo((Math.exp(0.5) * Math.sinh(h)) / h, 12);
    expect(probe.curvature[0]).toBeCloseTo((Math.exp(0.5) * (2 * Math.cosh(h) - 2)) / h ** 2, 10);
  });

  it("asks 2d + 1 points, then one that moves to the better sides, and one that moves every axis", () => {
    // falls along the first two axes alone
    const falling = (u: Float64Array): number => u[0] - u[1] + (u[2] - 0.5) ** 2 + Math.abs(u[3] - 0.5);
    const { probe, asked } = probed(on(falling, 4));
    expect(asked.length).toBe(11);
    expect([...asked[9]]).toEqual([0.4, 0.6, 0.5, 0.5]);
    expect(asked[10].every((v) => v !== 0.5)).toBe(true);
    expect(probe.additive).toBe(true);
    // it is the first that moves them all
    expect(probed(on((u) => u.reduce((sum, v) => sum + v, 0), 4)).asked.length).toBe(10);
    // the second is not asked in vain
    expect(probed(on((u) => u[0] * u[1] + u[2], 4)).asked.length).toBe(10);
  });

  it.each<[string, Value]>([
    ["Σ (i + 1) v²", (u) => u.reduce((s, v, i) => s + (i + 1) * (v - 0.37) ** 2, 0)],
    ["Σ |v|, with kinks", (u) => u.reduce((s, v, i) => s + Math.abs(v - 0.1 * i), 0)],
    ["Σ of steps", (u) => u.reduce((s, v, i) => s + Math.floor(30 * v + 0.3 * i), 0)],
    ["Rastrigin's", (u) => u.reduce((s, v) => s + 100 * (v - 0.3) ** 2 - 10 * Math.cos(20 * Math.PI * (v - 0.3)), 0)],
    ["a plane", (u) => u.reduce((s, v, i) => s + (i - 2.2) * v, 0)],
    ["one axis alone", (u) => Math.sqrt(u[2])],
    ["a sum far up", (u) => 1e9 + u.reduce((s, v) => s + Math.exp(v), 0)],
  ])("finds a sum in %s", (_name, value) => {
    for (const dim of [3, 5, 17]) expect(isAdditive(value, dim)).toBe(true);
    expect(isAdditive(value, 3, [0.21, 0.77, 0.93])).toBe(true);
  });

  it("finds none in what couples any two of the axes, however weakly", () => {
    const dim = 6;
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < i; j++)
        for (const strength of [1, -1, 1e-4]) {
          const coupled: Value = (u) =>
            u.reduce((s, v, a) => s + (a + 1) * (v - 0.5) ** 2, 0) + strength * (u[i] - 0.2) * (u[j] - 0.7);
          expect(isAdditive(coupled, dim)).toBe(false);
        }
  });

  it("finds none in Rosenbrock's chain, from wherever it looks, nor in a turned ellipsoid", () => {
    const start = new Float64Array(10);
    for (let n = 0; n < 50; n++) {
      fillUniform(key(n), start);
      expect(isAdditive((u) => rosenbrock(u.map((v) => 4 * v - 1.5)), 10, [...start])).toBe(false);
    }
    // along the middle of the box two axes that are no neighbors are the first to move
    for (const dim of [3, 5, 10, 20]) expect(isAdditive((u) => rosenbrock(u.map((v) => 9 * v - 4)), dim)).toBe(false);
    const q = rotation(5, 2);
    expect(isAdditive((u) => turn(q, u).reduce((s, v, i) => s + (i + 1) * v * v, 0), 5)).toBe(false);
  });

  it("finds none on a plateau, and where a value is not finite", () => {
    expect(isAdditive(() => 3, 4)).toBe(false);
    expect(isAdditive((u) => (u[1] > 0.55 ? Infinity : sphere(u)), 4)).toBe(false);
    expect(isAdditive((u) => (u[1] === 0.5 ? Infinity : sphere(u)), 4)).toBe(false);
    const { probe, asked } = probed(on((u) => (u[1] > 0.55 ? NaN : sphere(u)), 3));
    expect(asked.length).toBe(7);
    expect(probe.slope[1]).toBe(0);
    expect(probe.curvature[1]).toBe(0);
    // its scale is what could be told apart
    expect(probe.scale).toBeCloseTo(0.6 ** 2 - 0.5 ** 2, 12);
  });

  it("steps off the walls, and shortens its reach beside them", () => {
    const { probe, asked } = probed(
      on((u) => sphere(u), 3),
      [0, 1, 0.04],
    );
    expect([...probe.x]).toEqual([1e-3, 1 - 1e-3, 0.04]);
    probe.reach.forEach((h, i) => {
      expect(h).toBeCloseTo([1e-3, 1e-3, 0.04][i], 14);
    });
    for (const u of asked) expect(u.every((v) => v >= 0 && v <= 1)).toBe(true);
    expect(probe.slope[1]).toBeCloseTo(2 * (1 - 1e-3), 9);
  });

  it("keeps its finding under ζ → aζ + b", () => {
    const sums: [Value, boolean][] = [
      [(u) => u.reduce((s, v) => s + Math.exp(v), 0), true],
      [(u) => Math.exp(sphere(u)), false],
    ];
    for (const [value, is] of sums)
      for (const a of [1e-200, 1e-12, 1, 1e12, 1e200])
        for (const b of [0, -3 * a, 1000 * a]) expect(isAdditive((u) => a * value(u) + b, 4)).toBe(is);
  });
});

describe("slopes that may be those of a sum", () => {
  const dim = 5;
  const parts: Gradient = (u, out) => {
    u.forEach((v, i) => {
      out[i] = Math.sign(v - 0.3) + i * Math.cos(9 * v);
    });
    return u.reduce((s, v, i) => s + Math.abs(v - 0.3) + (i / 9) * Math.sin(9 * v), 0);
  };
  /** The same with a coupling of two axes. */
  const coupled =
    (i: number, j: number): Gradient =>
    (u, out) => {
      const value = parts(u, out) + 1e-3 * u[i] * u[j];
      out[i] += 1e-3 * u[j];
      out[j] += 1e-3 * u[i];
      return value;
    };
  const passes = (gradient: Gradient, asked: Float64Array[] = [], d = dim) => {
    const at = potential({
      name: "sloped",
      domain: unitBox(d),
      value: (u) => gradient(u, new Float64Array(d)),
      gradient,
    });
    const probe = blankProbe(d);
    const from = Float64Array.from({ length: d }, (_, i) => 0.5 + 0.05 * i);
    return { passed: answered(mayBeAdditive(probe, at.domain, nowhere(d), from), at, asked), probe, from };
  };

  it("pass, at the price of two gradients, the first of which is left in the probe", () => {
    const asked: Float64Array[] = [];
    const { passed, probe, from } = passes(parts, asked);
    const slope = new Float64Array(dim);
    expect(passed).toBe(true);
    expect(asked.length).toBe(2);
    expect(probe.value).toBe(parts(from, slope));
    expect(probe.slope).toEqual(slope);
    const none: Float64Array[] = [];
    expect(passes(parts, none, 1).passed).toBe(true);
    expect(none).toEqual([]);
  });

  it("do not where an axis of each kind is coupled; what couples two of one kind is left to the probe", () => {
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < i; j++) expect(passes(coupled(i, j)).passed).toBe((i + j) % 2 === 0);
    expect(isAdditive((u) => coupled(0, 2)(u, new Float64Array(dim)), dim)).toBe(false);
  });

  it("do not where they are no numbers", () => {
    expect(passes((u, out) => parts(u, out) * (u[1] > 0.56 || u[1] < 0.54 ? NaN : 1)).passed).toBe(false);
    expect(
      passes((u, out) => {
        parts(u, out);
        out[2] = NaN;
        return 1;
      }).passed,
    ).toBe(false);
  });
});
