import { describe, expect, it } from "vitest";
import { type Axis, cardinals, pointWeights, ringAxis, sincAxis, strides, wallAxis } from "../../src/math/dvr.ts";
import { lowestSymmetric } from "../../src/math/lowest.ts";

function levels({ x, kinetic }: Axis, D: number, zeta: (x: number) => number, k: number): Float64Array {
  const n = x.length;
  const h = Float64Array.from({ length: n * n }, (_, e) => {
    const [i, j] = [Math.floor(e / n), e % n];
    return D * kinetic(i, j) + (i === j ? zeta(x[i]) : 0);
  });
  const values = new Float64Array(k);
  expect(lowestSymmetric(h, n, k, values, new Float64Array(k * n))).toBe(true);
  return values;
}

const axes: readonly (readonly [string, Axis])[] = [
  ["sinc", sincAxis(-3, 0.4, 16)],
  ["walls", wallAxis(-1, 4, 15)],
  ["ring, odd", ringAxis(0, 6, 13)],
  ["ring, even", ringAxis(0, 6, 12)],
];

describe.each(axes)("%s", (_, axis) => {
  const n = axis.x.length;

  it("has cardinal functions that are 1 at their own point and 0 at the others", () => {
    cardinals(axis, axis.x).forEach((value, e) => {
      expect(Math.abs(value - (e % (n + 1) === 0 ? 1 : 0))).toBeLessThan(1e-12);
    });
  });

  it("has a symmetric kinetic matrix without negative eigenvalues", () => {
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(axis.kinetic(i, j)).toBe(axis.kinetic(j, i));
    const [least] = levels(axis, 1, () => 0, 1);
    expect(least).toBeGreaterThan(-1e-12);
  });
});

describe("kinetic energies", () => {
  it("sinc functions give the oscillator n + ½", () => {
    levels(sincAxis(-9, 0.3, 61), 0.5, (x) => 0.5 * x * x, 10).forEach((E, n) => {
      expect(Math.abs(E - n - 0.5)).toBeLessThan(1e-12);
    });
  });

  it("polynomials between walls give the box (nπ/L)²", () => {
    levels(wallAxis(1, 3.5, 40), 1, () => 0, 8).forEach((E, n) => {
      const exact = ((Math.PI * (n + 1)) / 2.5) ** 2;
      expect(Math.abs(E / exact - 1)).toBeLessThan(1e-12);
    });
  });

  it("and the bouncer, whose ζ no sine expansion sees smoothly: the zeros of Ai", () => {
    const zeros = [2.338107410459767, 4.08794944413097, 5.520559828095551, 6.786708090071759, 7.944133587120853];
    levels(wallAxis(0, 20, 50), 1, (x) => x, 5).forEach((E, n) => {
      expect(Math.abs(E - zeros[n])).toBeLessThan(1e-11);
    });
  });

  it.each([31, 32])("%i waves on a ring give (2πn/L)², in pairs", (n) => {
    levels(ringAxis(-1, 3, n), 1, () => 0, 9).forEach((E, k) => {
      expect(Math.abs(E - ((2 * Math.PI * Math.ceil(k / 2)) / 4) ** 2)).toBeLessThan(1e-11);
    });
  });

  it.each([41, 42])("%i waves give Mathieu's characteristic values a₀, b₂, a₂", (n) => {
    // ζ = 2q cos 2x at q = 1 and period π: DLMF §28.4, Abramowitz and Stegun, table 20.1
    const found = levels(ringAxis(0, Math.PI, n), 1, (x) => 2 * Math.cos(2 * x), 3);
    [-0.45513860410741, 3.91702477299847, 4.37130098273509].forEach((exact, k) => {
      expect(Math.abs(found[k] - exact)).toBeLessThan(1e-12);
    });
  });
});

describe("quadrature and interpolation", () => {
  it("polynomials up to degree 2n + 1 that vanish at the walls are integrated exactly", () => {
    const { x, weight } = wallAxis(-1, 1, 6);
    for (let k = 0; k <= 10; k += 2) {
      const found = x.reduce((s, at, i) => s + weight[i] * (1 - at * at) * at ** k, 0);
      expect(Math.abs(found - (2 / (k + 1) - 2 / (k + 3)))).toBeLessThan(1e-14);
    }
  });

  it.each<[string, Axis, (x: number) => number]>([
    ["sinc", sincAxis(-8, 0.25, 65), (x) => Math.exp(-x * x) * (1 + x)],
    ["walls", wallAxis(0, 2, 30), (x) => x * (2 - x) * Math.exp(x)],
    ["ring", ringAxis(0, 2 * Math.PI, 33), (x) => Math.exp(Math.cos(x))],
    ["ring, even", ringAxis(0, 2 * Math.PI, 34), (x) => Math.exp(Math.sin(x))],
  ])("%s: the cardinal functions carry a smooth function between the points", (_, axis, f) => {
    const at = Array.from({ length: 50 }, (_, i) => 0.01 + (1.98 * i) / 49);
    const matrix = cardinals(axis, at);
    at.forEach((x, i) => {
      const found = axis.x.reduce((s, point, j) => s + matrix[i * axis.x.length + j] * f(point), 0);
      expect(Math.abs(found - f(x))).toBeLessThan(1e-11);
    });
  });

  it("weights multiply over a product grid, the last axis fastest", () => {
    const [a, b] = [wallAxis(0, 1, 3), sincAxis(0, 0.5, 4)];
    const all = pointWeights([a, b]);
    expect(strides([3, 4])).toEqual([4, 1]);
    for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) expect(all[4 * i + j]).toBe(a.weight[i] * b.weight[j]);
  });
});
