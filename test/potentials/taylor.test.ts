import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import { box, type Potential, points, potential } from "../../src/core/problem.ts";
import { accelerated, amplitudeAt, bornMoments, evolveWave, gaussianWave } from "../../src/math/packet.ts";
import { formula } from "../../src/potentials/formula/index.ts";
import { expansion, type Order, taylor } from "../../src/potentials/taylor.ts";
import { harmonicEntry, morseEntry } from "../../src/potentials/wells.ts";
import { atOnce } from "../conformance/potentials.ts";
import { densityOf, diagonalize, evolveDense } from "../math/dense.ts";

const zeta = formula("x^4/4 - x^2*y + exp(0.3*y) + x*y", { domain: box(2, -3, 3) });
const at = [0.7, -0.4];
const [x, y] = at;
const value = x ** 4 / 4 - x * x * y + Math.exp(0.3 * y) + x * y;
const gradient = [x ** 3 - 2 * x * y + y, -x * x + 0.3 * Math.exp(0.3 * y) + x];
const hessian = [3 * x * x - 2 * y, -2 * x + 1, -2 * x + 1, 0.09 * Math.exp(0.3 * y)];

const withoutGradient = (p: Potential): Potential => ({
  ...p,
  can: ["value"],
  answer: (query) => {
    if (query.kind !== "value") throw new Error("asked for a gradient");
    return p.answer(query);
  },
});

const valueAt = (p: Potential, x: readonly number[]): number =>
  atOnce(p, { kind: "value", at: points([x]) }).value?.[0] ?? Number.NaN;

describe.each([
  ["with its gradient", zeta, 11],
  ["by values alone", withoutGradient(zeta), 8],
] as const)("the expansion of ζ %s", (_name, p, digits) => {
  it.each([0, 1, 2] as const)("has the derivatives up to order %i and no more", (order) => {
    const got = answerAll(expansion(p, at, order), (query) => atOnce(p, query));
    expect(got.value).toBe(value);
    expect(got.gradient === undefined).toBe(order < 1);
    expect(got.hessian === undefined).toBe(order < 2);
    got.gradient?.forEach((g, j) => {
      expect(g).toBeCloseTo(gradient[j], Math.max(10, digits));
    });
    got.hessian?.forEach((k, e) => {
      expect(k).toBeCloseTo(hessian[e], digits);
    });
    if (got.hessian !== undefined) expect(got.hessian[1]).toBe(got.hessian[2]);
  });

  it.each([0, 1, 2] as const)("is off by a power %i + 1 of the distance", async (order: Order) => {
    const t = await taylor(p, at, order);
    const off = (r: number): number => {
      const there = [x + 0.6 * r, y + 0.8 * r];
      return Math.abs(valueAt(zeta, there) - valueAt(t, there));
    };
    expect(Math.abs(Math.log2(off(0.04) / off(0.02)) - order - 1)).toBeLessThan(0.1);
  });

  it("has the gradient of its polynomial", async () => {
    const t = await taylor(p, at, 2);
    const there = [1.3, 0.2];
    const got = atOnce(t, { kind: "gradient", at: points([there]) });
    const [dx, dy] = [there[0] - x, there[1] - y];
    const expected = [gradient[0] + hessian[0] * dx + hessian[1] * dy, gradient[1] + hessian[2] * dx + hessian[3] * dy];
    expected.forEach((g, j) => {
      expect(got.gradient?.[j]).toBeCloseTo(g, 7);
    });
    expect(got.value?.[0]).toBeCloseTo(valueAt(t, there), 12);
  });
});

describe("a Taylor potential", () => {
  it("keeps name, names and domain", async () => {
    const t = await taylor(zeta, at, 1);
    expect(t).toMatchObject({ names: ["x", "y"], domain: zeta.domain, can: ["value", "gradient"] });
    expect(t.name).toMatch(/^taylor1\(/);
  });

  it("waits for a potential that answers later", async () => {
    const later: Potential = { ...zeta, answer: async (query) => atOnce(zeta, query) };
    expect(valueAt(await taylor(later, at, 2), [1, 1])).toBe(valueAt(await taylor(zeta, at, 2), [1, 1]));
  });

  it("is the well itself where that is harmonic, with its levels", async () => {
    const well = harmonicEntry.make({ dim: 3, stiffness: 1.7 });
    const t = await taylor(well, [0.4, -1, 0.2], 2);
    expect(t.truth?.minimum).toBeCloseTo(0, 10);
    t.truth?.argmin?.x.forEach((v) => {
      expect(v).toBeCloseTo(0, 9);
    });
    const levels = well.truth?.energies?.(0.3) ?? [];
    t.truth?.energies?.(0.3).forEach((E, n) => {
      expect(E).toBeCloseTo(levels[n], 9);
    });
    expect(t.truth?.energies?.(0.3).length).toBe(20);
  });

  it("at the bottom of a Morse well has levels that only anharmonicity moves", async () => {
    const D = 0.01;
    const morse = morseEntry.make({ depth: 8, steepness: 1, center: 0 });
    const [exact, harmonic] = [morse, await taylor(morse, [0], 2)].map((p) => p.truth?.energies?.(D)[0] ?? Number.NaN);
    // −D a² (√(V/D)/a − ½)² = −V + a√(VD) − a²D/4
    expect(harmonic - exact).toBeCloseTo(D / 4, 7);
  });

  it("claims no levels of a saddle, none behind a wall, and no minimum outside", async () => {
    expect((await taylor(formula("x^2 - y^2"), [0.1, 0.2], 2)).truth).toBeUndefined();
    const wall = formula("(x-1)^2", { domain: box(1, -3, 3, "wall") });
    expect(Object.keys((await taylor(wall, [0], 2)).truth ?? {})).toEqual(["minimum", "argmin"]);
    const outside = formula("(x-5)^2", { domain: box(1, -3, 3) });
    expect(Object.keys((await taylor(outside, [0], 2)).truth ?? {})).toEqual(["energies"]);
  });

  it("stays inside the domain with its probes, on a bound as well", async () => {
    const root = potential({
      name: "root",
      domain: box(1, 0, 4),
      value: (p) => (p[0] < 0 ? Number.NaN : p[0] * (1 + p[0])),
    });
    const t = await taylor(root, [0], 2);
    // near a bound the derivatives are those of a point 2h or 4h inside
    expect(valueAt(t, [0.5])).toBeCloseTo(0.75, 1);
  });

  it.each([
    [[0.1], /has 1 coordinates where ζ has 2/],
    [[0, 9], /lies outside -3:3/],
    [[0, Number.NaN], /lies outside/],
  ])("refuses x₀ = %j", async (x0, message) => {
    await expect(taylor(zeta, x0, 2)).rejects.toThrow(message);
  });

  it("refuses a point where ζ is not finite", async () => {
    const pole = formula("1/x", { domain: box(1, -1, 1) });
    await expect(taylor(pole, [0], 1)).rejects.toThrow(/not finite at \(0\)/);
  });
});

describe("the dynamics of the Taylor orders on the line", () => {
  const D = 0.5;
  const hill = formula("0.4*sin(x) + 0.05*x^2", { domain: box(1, -12, 12) });
  const x0 = 0.6;
  const start = gaussianWave(x0, 0.7);

  it.each([0, 1, 2] as const)("order %i is the closed form, in imaginary and real time", async (order) => {
    const t = await taylor(hill, [x0], order);
    const { value, gradient, hessian } = answerAll(expansion(hill, [x0], order), (q) => atOnce(hill, q));
    const [g, k] = [gradient?.[0] ?? 0, hessian?.[0] ?? 0];
    // about x₀, in powers of x
    const field = { v: value - g * x0 + 0.5 * k * x0 * x0, g: g - k * x0, k };
    const dense = diagonalize((p) => valueAt(t, [p]), D, -12, 12, 130);
    for (const angle of [0, Math.PI / 4, Math.PI / 2]) {
      const closed = bornMoments(evolveWave(start, field, D, angle, 0.8));
      const { mean, variance } = densityOf(
        dense,
        evolveDense(dense, (p) => amplitudeAt(start, p), angle, 0.8),
      );
      expect(mean).toBeCloseTo(closed.mean, 8);
      expect(variance).toBeCloseTo(closed.variance, 8);
      if (order === 1 && angle === Math.PI / 2) expect(mean).toBeCloseTo(accelerated(x0, g, D, 0.8), 8);
      if (order === 0) expect(mean).toBeCloseTo(x0, 10);
    }
  });
});
