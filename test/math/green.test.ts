import { describe, expect, it } from "vitest";
import { green, greenPrinted } from "../../src/math/green.ts";

const [D, TAU] = [0.4, 0.7];
const H = 0.25;

/** ∫ f(r²) over space of dimension d by the trapezoidal rule, which is exact to rounding for Gaussians. */
function integral(f: (r2: number) => number, d: number): number {
  const line = Array.from({ length: 81 }, (_, i) => (H * (i - 40)) ** 2);
  let squares = [0];
  for (let axis = 0; axis < d; axis++) squares = squares.flatMap((r2) => line.map((x2) => r2 + x2));
  return squares.reduce((sum, r2) => sum + f(r2), 0) * H ** d;
}

describe("Green's function (10)", () => {
  it.each([1, 2, 3])("integrates to 1 in %i dimensions with exponent d/2", (d) => {
    expect(integral((r2) => green(r2, D, TAU, d), d)).toBeCloseTo(1, 12);
  });

  it.each([1, 2, 3])("as printed integrates to (4πDτ)^{(d − 3)/2} in %i dimensions (E1)", (d) => {
    expect(integral((r2) => greenPrinted(r2, D, TAU), d)).toBeCloseTo((4 * Math.PI * D * TAU) ** ((d - 3) / 2), 12);
  });

  it("has variance 2Dτ per axis", () => {
    expect(integral((r2) => r2 * green(r2, D, TAU, 2), 2)).toBeCloseTo(4 * D * TAU, 11);
  });

  it("diffuses on: G(τ) ∗ G(τ′) = G(τ + τ′)", () => {
    const x = 0.9;
    let sum = 0;
    for (let i = -60; i <= 60; i++) sum += H * green((x - i * H) ** 2, D, 0.3, 1) * green((i * H) ** 2, D, 0.5, 1);
    expect(sum).toBeCloseTo(green(x * x, D, 0.8, 1), 13);
  });
});
