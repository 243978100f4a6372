import { describe, expect, it } from "vitest";
import { box, type Potential, points, potential } from "../../src/core/problem.ts";
import { formula } from "../../src/potentials/formula/index.ts";
import { smoluchowski } from "../../src/potentials/smoluchowski.ts";
import { doubleWellEntry, harmonicEntry } from "../../src/potentials/wells.ts";
import { atOnce } from "../conformance/potentials.ts";
import { diagonalize } from "../math/dense.ts";

const valueAt = (p: Potential, x: readonly number[]): number =>
  atOnce(p, { kind: "value", at: points([x]) }).value?.[0] ?? Number.NaN;

describe("Smoluchowski's transform", () => {
  it("is ‖∇U‖²/4D − ∇²U/2, in any dimension", () => {
    const U = formula("x^4 - 2*x^2*y + cos(z)*y + 0.3*y^2", { domain: box(3, -2, 2) });
    const D = 0.4;
    const V = smoluchowski(U, D);
    for (const [x, y, z] of [
      [0.3, -0.6, 1.1],
      [-1.4, 0.2, 0.5],
    ]) {
      const slope = [4 * x ** 3 - 4 * x * y, -2 * x * x + Math.cos(z) + 0.6 * y, -Math.sin(z) * y];
      const laplacian = 12 * x * x - 4 * y + 0.6 - Math.cos(z) * y;
      const expected = slope.reduce((s, g) => s + g * g, 0) / (4 * D) - laplacian / 2;
      expect(valueAt(V, [x, y, z])).toBeCloseTo(expected, 10);
    }
    expect(V).toMatchObject({ can: ["value"], names: ["x", "y", "z"], name: `smoluchowski(${U.name})` });
  });

  it("of a harmonic well is one of stiffness k²/2D, lowered by dk/2: levels nk", () => {
    const [D, k] = [0.35, 1.6];
    const V = smoluchowski(harmonicEntry.make({ dim: 1, stiffness: k }), D);
    expect(valueAt(V, [0.8])).toBeCloseTo((k * k * 0.64) / (4 * D) - k / 2, 11);
    const { values } = diagonalize((x) => valueAt(V, [x]), D, -5, 5, 80);
    [0, 1, 2, 3].forEach((n) => {
      expect(values[n]).toBeCloseTo(n * k, 9);
    });
  });

  it("has ground energy 0 and φ₀² = e^{−U/D}", () => {
    const D = 0.4;
    const U = doubleWellEntry.make({ height: 1.2, tilt: 0.3 });
    const V = smoluchowski(U, D);
    const { values, vectors, x } = diagonalize((p) => valueAt(V, [p]), D, -2.9, 2.9, 100);
    expect(Math.abs(values[0])).toBeLessThan(1e-8);
    const law = Float64Array.from(x, (p) => Math.exp(-valueAt(U, [p]) / D));
    const mass = law.reduce((a, b) => a + b);
    law.forEach((p, i) => {
      expect(vectors[i] ** 2).toBeCloseTo(p / mass, 9);
    });
  });

  it("answers many points as it answers each, later as at once", async () => {
    const U = formula("x^2*y + sin(y)", { domain: box(2, -2, 2) });
    const at = points([
      [0.1, 0.2],
      [-1, 1.5],
      [2, -2],
    ]);
    const all = atOnce(smoluchowski(U, 0.5), { kind: "value", at }).value;
    all?.forEach((v, i) => {
      expect(v).toBe(valueAt(smoluchowski(U, 0.5), [at.x[2 * i], at.x[2 * i + 1]]));
    });
    const later: Potential = { ...U, answer: async (query) => atOnce(U, query) };
    expect((await smoluchowski(later, 0.5).answer({ kind: "value", at })).value).toEqual(all);
  });

  it("hands failures on, one for each point", () => {
    const U: Potential = {
      ...formula("x^2"),
      answer: ({ at }) => ({
        n: at.n,
        value: new Float64Array(at.n),
        gradient: new Float64Array(at.n),
        failures: [
          { index: 6, reason: "broken" },
          { index: 8, reason: "broken too" },
        ],
      }),
    };
    const answer = atOnce(smoluchowski(U, 1), { kind: "value", at: points([[0], [1], [2]]) });
    expect(answer.failures).toEqual([{ index: 1, reason: "broken" }]);
    expect(Array.from(answer.value ?? [], Number.isNaN)).toEqual([false, true, false]);
  });

  it("knows its ground energy on a ring, at its own D alone", () => {
    const ring = formula("cos(x)", { domain: box(1, 0, 2 * Math.PI, "periodic") });
    const V = smoluchowski(ring, 0.5);
    expect(V.truth?.energies?.(0.5)).toEqual([0]);
    expect(V.truth?.energies?.(0.6)).toEqual([]);
    expect(smoluchowski(formula("x^2"), 0.5).truth).toBeUndefined();
  });

  it("refuses a potential without gradient, a D that is none, and other questions", () => {
    const bare = potential({ name: "bare", domain: box(1, -1, 1), value: () => 0 });
    expect(() => smoluchowski(bare, 1)).toThrow(/needs the gradient of 'bare'/);
    for (const D of [0, -1, Number.NaN, Infinity]) expect(() => smoluchowski(formula("x^2"), D)).toThrow(/above 0/);
    const V = smoluchowski(formula("x^2"), 1);
    expect(() => V.answer({ kind: "gradient", at: points([[0]]) })).toThrow(/answers no 'gradient'/);
  });
});
