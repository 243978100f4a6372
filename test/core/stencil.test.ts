import { describe, expect, it } from "vitest";
import { box, domain, points } from "../../src/core/problem.ts";
import { failuresPerPoint, stencil } from "../../src/core/stencil.ts";

/** Values of f at the probes. */
const field = (x: Float64Array, dim: number, f: (x: Float64Array) => number): Float64Array =>
  Float64Array.from({ length: x.length / dim }, (_, i) => f(x.subarray(i * dim, (i + 1) * dim)));

describe("a stencil", () => {
  const f = (x: Float64Array): number => Math.sin(x[0]) * Math.exp(0.5 * x[1]);
  const slopes = (x: ArrayLike<number>): number[] => [
    Math.cos(x[0]) * Math.exp(0.5 * x[1]),
    0.5 * Math.sin(x[0]) * Math.exp(0.5 * x[1]),
  ];

  it("differentiates to twelve digits", () => {
    const at = points([
      [0.3, -0.7],
      [-1.2, 1.1],
    ]);
    const { probes, derivative, each } = stencil(domain([-2, -3], [2, 3]), 5e-4);
    expect(each).toBe(8);
    const got = derivative(field(probes(at).x, 2, f), 2, 1);
    [...slopes([0.3, -0.7]), ...slopes([-1.2, 1.1])].forEach((v, i) => {
      expect(got[i]).toBeCloseTo(v, 11);
    });
  });

  it("is of order 4", () => {
    const at = points([[0.3, -0.7]]);
    const errors = [0.1, 0.05].map((step) => {
      const { probes, derivative } = stencil(box(2, -2, 2), step);
      return Math.abs(derivative(field(probes(at).x, 2, f), 1, 1)[0] - slopes([0.3, -0.7])[0]);
    });
    expect(Math.abs(Math.log2(errors[0] / errors[1]) - 4)).toBeLessThan(0.1);
  });

  it("differentiates fields of several components", () => {
    const at = points([[0.3, -0.7]]);
    const { probes, derivative } = stencil(box(2, -2, 2), 1e-3);
    const { x, n } = probes(at);
    const two = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) two.set([x[2 * i] ** 2 * x[2 * i + 1], x[2 * i] + 3 * x[2 * i + 1]], 2 * i);
    const got = derivative(two, 1, 2);
    [2 * 0.3 * -0.7, 1, 0.09, 3].forEach((v, e) => {
      expect(got[e]).toBeCloseTo(v, 11);
    });
  });

  it.each(["open", "wall"] as const)("stays inside bounds (%s)", (edge) => {
    const corner = points([
      [0, 1],
      [1, 0.999],
    ]);
    const { x } = stencil(box(2, 0, 1, edge), 0.01).probes(corner);
    expect(x.every((v) => v >= 0 && v <= 1)).toBe(true);
  });

  it("goes round a ring", () => {
    const { probes, derivative } = stencil(box(1, 0, 1, "periodic"), 1e-3);
    const at = points([[0], [0.9995]]);
    const { x } = probes(at);
    expect(x.every((v) => v >= 0 && v <= 1)).toBe(true);
    const got = derivative(
      field(x, 1, (p) => (p[0] < 0.5 ? p[0] : p[0] - 1)),
      2,
      1,
    );
    got.forEach((v) => {
      expect(v).toBeCloseTo(1, 10);
    });
  });

  it("gives one failure to each point that has any among its probes", () => {
    const failures = [0, 1, 7, 9, 20].map((index) => ({ index, reason: `probe ${index}` }));
    expect(failuresPerPoint(failures, 5, 4)).toEqual([
      { index: 0, reason: "probe 0" },
      { index: 1, reason: "probe 7" },
    ]);
  });
});
