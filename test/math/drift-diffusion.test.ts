import { describe, expect, it } from "vitest";
import { jumpRate, relaxChain } from "../../src/math/drift-diffusion.ts";
import { key, uniform } from "../../src/math/rng.ts";

describe("the rate of jumps", () => {
  it("is D B(rise/D), with B(z) = z/(e^z − 1)", () => {
    for (const rise of [-30, -1, -1e-9, 1e-9, 0.3, 20])
      expect(jumpRate(rise, 0.7)).toBeCloseTo(rise / (Math.exp(rise / 0.7) - 1), 6);
    expect(jumpRate(0, 0.7)).toBe(0.7);
    expect(jumpRate(1e-300, 1e300)).toBe(1e300);
  });

  it("is in detailed balance with e^{−ζ/D} at any height", () => {
    for (const z of [1e-12, 0.01, 1, 30, 600]) {
      expect(jumpRate(z, 1) / jumpRate(-z, 1) / Math.exp(-z)).toBeCloseTo(1, 13);
      // up and down differ by the drift
      expect(jumpRate(-z, 1) - jumpRate(z, 1)).toBeCloseTo(z, 12);
    }
  });

  it("is pure descent for D = 0", () => {
    expect([jumpRate(2, 0), jumpRate(0, 0), jumpRate(-2, 0)]).toEqual([0, 0, 2]);
    expect([jumpRate(2, 1e-320), jumpRate(-2, 1e-320)]).toEqual([0, 2]);
  });
});

/** Solves (1 − ΔτL) x = p by Gaussian elimination with pivots. */
function solveDense(p: Float64Array, forth: Float64Array, back: Float64Array, dt: number): Float64Array {
  const n = p.length;
  const A = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n + 1 }, (_, j) => (j === n ? p[i] : +(i === j))),
  );
  for (let i = 0; i < n; i++) {
    const next = (i + 1) % n;
    A[i][i] += dt * forth[i];
    A[next][i] -= dt * forth[i];
    A[next][next] += dt * back[i];
    A[i][next] -= dt * back[i];
  }
  for (let c = 0; c < n; c++) {
    const pivot = A.slice(c).reduce((best, row, i) => (Math.abs(row[c]) > Math.abs(A[best][c]) ? c + i : best), c);
    [A[c], A[pivot]] = [A[pivot], A[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = A[r][c] / A[c][c];
      for (let j = c; j <= n; j++) A[r][j] -= factor * A[c][j];
    }
  }
  return Float64Array.from(A, (row, i) => row[n] / row[i]);
}

describe("an implicit step along a chain", () => {
  const random = (n: number, seed: number, scale: number) =>
    Float64Array.from({ length: n }, (_, i) => scale * uniform(key(seed), i));

  it.each([2, 3, 4, 17])("solves the linear system of %i cells, in a line and in a ring", (n) => {
    for (const ring of [false, true]) {
      const [forth, back, p] = [random(n, 1, 3), random(n, 2, 3), random(n, 3, 1)];
      if (!ring) forth[n - 1] = back[n - 1] = 0;
      for (const dt of [0, 0.01, 1, 100]) {
        const x = p.slice();
        relaxChain(x, { forth, back, stride: 1, n }, 0, dt, new Float64Array(n), new Float64Array(n));
        solveDense(p, forth, back, dt).forEach((v, i) => {
          expect(x[i]).toBeCloseTo(v, 11);
        });
      }
    }
  });

  it("touches only its own cells, at any stride", () => {
    const [n, stride, start] = [5, 3, 2];
    const [forth, back] = [random(15, 1, 3), random(15, 2, 3)];
    const p = random(15, 3, 1);
    const pick = (a: Float64Array) => a.filter((_, e) => e % stride === start % stride);
    const alone = pick(p);
    const whole = p.slice();
    const scratch = () => new Float64Array(n);
    relaxChain(whole, { forth, back, stride, n }, start, 0.7, scratch(), scratch());
    relaxChain(alone, { forth: pick(forth), back: pick(back), stride: 1, n }, 0, 0.7, scratch(), scratch());
    expect(pick(whole)).toEqual(alone);
    whole.forEach((v, e) => {
      if (e % stride !== start) expect(v).toBe(p[e]);
    });
  });

  it("reaches the stationary law in one step of any length, cell by cell over 200 orders of magnitude", () => {
    const n = 40;
    const zeta = Float64Array.from({ length: n }, (_, i) => 0.3 * (i - 12) ** 2 + 2 * Math.sin(i));
    const forth = zeta.map((z, i) => (i === n - 1 ? 0 : jumpRate(zeta[i + 1] - z, 0.5)));
    const back = zeta.map((z, i) => (i === n - 1 ? 0 : jumpRate(z - zeta[i + 1], 0.5)));
    const p = new Float64Array(n).fill(1 / n);
    relaxChain(p, { forth, back, stride: 1, n }, 0, 1e300, new Float64Array(n), new Float64Array(n));
    const law = zeta.map((z) => Math.exp(-z / 0.5));
    const mass = law.reduce((a, b) => a + b);
    expect(Math.min(...law)).toBeLessThan(1e-180);
    p.forEach((v, i) => {
      expect((v * mass) / law[i]).toBeCloseTo(1, 12);
    });
  });
});
