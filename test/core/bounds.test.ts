import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, confine, meanWidth, proportions, uniformPoints } from "../../src/core/bounds.ts";
import { box, domain, type Edge } from "../../src/core/problem.ts";
import { key } from "../../src/math/rng.ts";

const edges: Edge[] = ["open", "wall", "periodic"];
const unit = (edge: Edge) => box(1, 1, 3, edge);

describe("confine", () => {
  it.each([
    [3.25, 2.75],
    [0.5, 1.5],
    [5, 1],
    [7.5, 2.5],
    [-3, 1],
    [-2.5, 1.5],
  ])("reflects %f to %f at an open edge and at a wall", (x, y) => {
    expect(confine(unit("open"), 0, x)).toBe(y);
    expect(confine(unit("wall"), 0, x)).toBe(y);
  });

  it.each([
    [3.25, 1.25],
    [0.5, 2.5],
    [7.5, 1.5],
    [-2.5, 1.5],
  ])("carries %f round to %f where periodic", (x, y) => {
    expect(confine(unit("periodic"), 0, x)).toBe(y);
  });

  it("leaves what is inside, and always ends inside", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double(),
        fc.constantFrom(...edges),
        (low, width, x, edge) => {
          const d = domain([low], [low + width], edge);
          for (const y of [confine(d, 0, x), clip(d, 0, x)]) {
            expect(y).toBeGreaterThanOrEqual(d.lower[0]);
            expect(y).toBeLessThanOrEqual(d.upper[0]);
            if (x >= d.lower[0] && x <= d.upper[0]) expect(y).toBe(x);
          }
        },
      ),
    );
  });

  it("goes to the middle from nowhere", () => {
    for (const edge of edges) expect(confine(unit(edge), 0, Number.NaN)).toBe(2);
  });
});

describe("clip", () => {
  it("stops at the nearest point of an edge, and goes round a periodic one", () => {
    expect(clip(unit("open"), 0, 9)).toBe(3);
    expect(clip(unit("wall"), 0, Number.NEGATIVE_INFINITY)).toBe(1);
    expect(clip(unit("periodic"), 0, 3.5)).toBe(1.5);
  });
});

describe("uniformPoints", () => {
  const plate = domain([0, -10], [1, 10]);

  it("lie inside, with the moments of the uniform law", () => {
    const n = 4000;
    const { x } = uniformPoints(plate, key(3), n);
    for (const j of [0, 1]) {
      const u = Array.from(
        { length: n },
        (_, i) => (x[2 * i + j] - plate.lower[j]) / (plate.upper[j] - plate.lower[j]),
      );
      expect(Math.min(...u)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...u)).toBeLessThanOrEqual(1);
      const mean = u.reduce((a, b) => a + b) / n;
      expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
      const square = u.reduce((a, b) => a + (b - 0.5) ** 2, 0) / n;
      expect(Math.abs(square - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    }
  });

  it("are the same points for a larger number of them", () => {
    expect(uniformPoints(plate, key(3), 9).x.subarray(0, 8)).toEqual(uniformPoints(plate, key(3), 4).x);
  });
});

describe("widths", () => {
  it("are measured against the cube of the same volume", () => {
    const plate = domain([0, -10], [0.2, 10]);
    expect(meanWidth(plate)).toBeCloseTo(2, 12);
    expect([...proportions(plate)].map((p) => p.toFixed(12))).toEqual([(0.1).toFixed(12), (10).toFixed(12)]);
    expect(meanWidth(box(400, -50, 50))).toBeCloseTo(100, 9);
  });
});
