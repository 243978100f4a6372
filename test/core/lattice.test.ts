import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import { cells, gridInfo, gridMoments, latticePoints, nodes, startDensity, tabulate } from "../../src/core/lattice.ts";
import { box, domain } from "../../src/core/problem.ts";

describe("a lattice", () => {
  it("has its points at the centers of cells, or from bound to bound", () => {
    expect([...cells(box(1, 0, 2), [4]).axes[0]]).toEqual([0.25, 0.75, 1.25, 1.75]);
    expect([...nodes(box(1, 0, 2), [5]).axes[0]]).toEqual([0, 0.5, 1, 1.5, 2]);
    expect([...nodes(box(1, 0, 2, "periodic"), [4]).axes[0]]).toEqual([0, 0.5, 1, 1.5]);
    expect(nodes(box(1, -0.3, 0.7), [8]).axes[0][7]).toBe(0.7);
  });

  it("runs row-major, the last axis fastest", () => {
    const lattice = cells(domain([0, 10, 100], [6, 13, 104]), [3, 3, 4]);
    expect(lattice).toMatchObject({ size: 36, stride: [12, 4, 1], volume: 2 });
    const { x } = latticePoints(lattice);
    expect([...x.subarray(0, 9)]).toEqual([1, 10.5, 100.5, 1, 10.5, 101.5, 1, 10.5, 102.5]);
    expect([...x.subarray(3 * 35)]).toEqual([5, 12.5, 103.5]);
  });

  it.each([
    [[0], /0 is not a whole number/],
    [[2.5], /2.5 is not a whole number/],
    [[8, 8], /2 axes where ζ has 1/],
    [[2 ** 28], /2.00 GiB/],
  ])("refuses the shape %j", (shape, message) => {
    expect(() => cells(box(1, 0, 1), shape)).toThrow(message);
  });

  it("refuses four dimensions", () => {
    expect(() => cells(box(4, 0, 1), [4, 4, 4, 4])).toThrow(/4 dimensions/);
  });

  it("says where ζ is not finite", () => {
    const ask = tabulate(cells(box(2, 0, 3), [3, 3]));
    const value = Float64Array.from({ length: 9 }, (_, i) => (i === 5 ? Infinity : i));
    expect(() => answerAll(ask, () => ({ n: 9, value }))).toThrow(/not finite on the grid, at \(1.5, 2.5\)/);
  });

  it("starts from a density of mass 1", () => {
    const lattice = cells(box(2, 0, 2), [4, 8]);
    const at = latticePoints(lattice);
    expect(startDensity(lattice, at, undefined)).toEqual(new Float64Array(32).fill(0.25));
    const ramp = startDensity(lattice, at, (x) => x[1]);
    expect(ramp.reduce((a, b) => a + b) * lattice.volume).toBeCloseTo(1, 15);
    expect(ramp[7] / ramp[0]).toBeCloseTo(15, 13);
    expect(() => startDensity(lattice, at, () => 0)).toThrow(/mass 0/);
    expect(() => startDensity(lattice, at, () => -1)).toThrow(/density is -1/);
    expect(() => startDensity(lattice, at, () => Number.NaN)).toThrow(/density is NaN/);
  });

  it.each([1, 2, 3])("tells the moments of a Gaussian in %i dimensions", (dim) => {
    const lattice = cells(box(dim, -8, 8), new Array(dim).fill(48));
    const at = latticePoints(lattice);
    const means = [0.3, -0.4, 0.1];
    const sigmas = [0.9, 0.7, 1.1];
    const density = startDensity(lattice, at, (x) =>
      Math.exp(-x.reduce((s, v, j) => s + ((v - means[j]) / sigmas[j]) ** 2, 0) / 2),
    );
    const { mean, deviation } = gridMoments(lattice.axes, density);
    for (let j = 0; j < dim; j++) {
      expect(mean[j]).toBeCloseTo(means[j], 7);
      expect(deviation[j]).toBeCloseTo(sigmas[j], 6);
    }
    const value = Float64Array.from(density, (_, c) => at.x[c * dim]);
    const info = gridInfo(
      lattice,
      value,
      density.map((p) => 3 * p),
    );
    expect(info.mass).toBeCloseTo(3, 13);
    expect(info.energy).toBeCloseTo(0.3, 7);
    expect(info.scatter).toBeCloseTo(0.9, 6);
    expect(info.spread).toBeCloseTo(Math.sqrt(sigmas.slice(0, dim).reduce((s, v) => s + v * v, 0) / dim), 6);
  });
});
