import { describe, expect, it } from "vitest";
import { type Block, lowestFiltered as filtering, nearTop, type Operator, randomBlock } from "../../src/math/filter.ts";

/** Driven to its end without a pause. */
function lowestFiltered(...asked: Parameters<typeof filtering>): Block {
  const work = filtering(...asked);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** A diagonal operator turned by reflections: its spectrum is known and its vectors are not axes. */
function turned(values: Float64Array, top: number): Operator {
  const n = values.length;
  const u = randomBlock(n, 1, 7);
  const length = Math.hypot(...u);
  const reflect = (x: Float64Array, m: number): Float64Array => {
    const out = x.slice();
    for (let v = 0; v < m; v++) {
      let share = 0;
      for (let p = 0; p < n; p++) share += (u[p] / length) * x[p * m + v];
      for (let p = 0; p < n; p++) out[p * m + v] -= 2 * share * (u[p] / length);
    }
    return out;
  };
  return {
    n,
    top,
    apply(x, y, m, alpha, shift, beta) {
      const image = reflect(
        reflect(x, m).map((value, e) => values[Math.floor(e / m)] * value),
        m,
      );
      for (let e = 0; e < n * m; e++) y[e] = alpha * (image[e] - shift * x[e]) + (beta === 0 ? 0 : beta * y[e]);
    },
  };
}

const ladder = Float64Array.from({ length: 300 }, (_, k) => k * (1 + 0.01 * k));

describe("lowestFiltered", () => {
  it("finds the lowest eigenvalues to the square of the residual", () => {
    const h = turned(ladder, 1200);
    const { values, residuals } = lowestFiltered(h, 8, 12, randomBlock(300, 12, 1), () => 1e-7);
    for (let k = 0; k < 8; k++) {
      expect(residuals[k]).toBeLessThanOrEqual(1e-7);
      expect(Math.abs(values[k] - ladder[k])).toBeLessThan(2e-13 + 1e-14 * 1200);
    }
  });

  it("with orthonormal vectors whose residuals are what it says", () => {
    const h = turned(ladder, 1200);
    const { values, vectors, residuals } = lowestFiltered(h, 5, 9, randomBlock(300, 9, 2), () => 1e-5);
    const image = new Float64Array(300 * 9);
    h.apply(vectors, image, 9, 1, 0, 0);
    for (let a = 0; a < 9; a++) {
      let square = 0;
      for (let p = 0; p < 300; p++) square += (image[p * 9 + a] - values[a] * vectors[p * 9 + a]) ** 2;
      expect(Math.abs(Math.sqrt(square) - residuals[a])).toBeLessThan(1e-10 + 1e-6 * residuals[a]);
      for (let b = 0; b <= a; b++) {
        let inner = 0;
        for (let p = 0; p < 300; p++) inner += vectors[p * 9 + a] * vectors[p * 9 + b];
        expect(Math.abs(inner - (a === b ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
  });

  it("finds degenerate values with their multiplicity", () => {
    const values = Float64Array.from({ length: 200 }, (_, k) =>
      k < 1 ? 0 : k < 4 ? 1 : k < 10 ? 2 : 2 + 0.3 * (k - 9),
    );
    const found = lowestFiltered(turned(values, 60), 10, 16, randomBlock(200, 16, 3), () => 1e-7).values;
    for (let k = 0; k < 10; k++) expect(Math.abs(found[k] - values[k])).toBeLessThan(1e-12);
  });

  it("recovers from a start that is all but dependent", () => {
    const start = randomBlock(300, 10, 4);
    for (let p = 0; p < 300; p++)
      for (let v = 1; v < 10; v++) start[p * 10 + v] = start[p * 10] + 1e-9 * start[p * 10 + v];
    const { values } = lowestFiltered(turned(ladder, 1200), 4, 10, start, () => 1e-6);
    for (let k = 0; k < 4; k++) expect(Math.abs(values[k] - ladder[k])).toBeLessThan(1e-11);
  });

  it("leaves a start that is good enough as it is, but for its order", () => {
    const h = turned(ladder, 1200);
    const first = lowestFiltered(h, 5, 9, randomBlock(300, 9, 5), () => 1e-8);
    const again = lowestFiltered(h, 5, 9, first.vectors.slice(), () => 1e-7);
    expect(again.products).toBe(9);
    for (let k = 0; k < 5; k++) expect(Math.abs(again.values[k] - first.values[k])).toBeLessThan(1e-12);
  });
});

describe("nearTop", () => {
  it.each([1, 2, 5, 40, 300])("bounds the spectrum of a %i-dimensional operator, no worse than what was known", (n) => {
    const values = ladder.slice(0, n);
    const bound = nearTop(turned(values, 1e6));
    expect(bound).toBeGreaterThanOrEqual(values[n - 1] * (1 - 1e-12));
    expect(bound).toBeLessThanOrEqual(1e6);
    if (n > 10) expect(bound).toBeLessThan(1.5 * values[n - 1]);
  });
});
