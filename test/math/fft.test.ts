import { describe, expect, test } from "vitest";
import { frequencies, roots, transform, wavenumbers } from "../../src/math/fft.ts";
import { key, uniform } from "../../src/math/rng.ts";

const noise = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => uniform(key(seed), i) - 0.5);
const largest = (values: Iterable<number>): number => Math.max(...Array.from(values, Math.abs));

/** X_k = Σ_j x_j exp(−2πijk/n) */
function defined(re: Float64Array, im: Float64Array) {
  const n = re.length;
  const sum = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      sum.re[k] += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
      sum.im[k] += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
    }
  }
  return sum;
}

describe("the plain transform", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 25, 30, 32, 49, 60, 64, 77, 96, 120, 128, 160])(
    "of %i points is the one defined",
    (n) => {
      const [re, im] = [noise(n, 1), noise(n, 2)];
      const expected = defined(re, im);
      transform(n).forward(re, im);
      expect(largest(re.map((x, i) => x - expected.re[i]))).toBeLessThan(1e-15 * n);
      expect(largest(im.map((x, i) => x - expected.im[i]))).toBeLessThan(1e-15 * n);
    },
  );

  test.each([8, 60, 256, 2 ** 14])("of %i points back is the beginning, and keeps Σ|x|²", (n) => {
    const [re, im] = [noise(n, 1), noise(n, 2)];
    const norm = (): number => re.reduce((sum, x, i) => sum + x * x + im[i] * im[i], 0);
    const before = norm();
    const { forward } = transform(n);
    forward(re, im);
    expect(norm() / n / before).toBeCloseTo(1, 13);
    forward(im, re);
    const first = noise(n, 1);
    expect(largest(re.map((x, i) => x / n - first[i]))).toBeLessThan(1e-15);
  });

  test("takes lines at any place and stride, and leaves the rest alone", () => {
    const [re, im] = [noise(40, 1), noise(40, 2)];
    const line = { re: new Float64Array(8), im: new Float64Array(8) };
    for (let j = 0; j < 8; j++) {
      line.re[j] = re[3 + 4 * j];
      line.im[j] = im[3 + 4 * j];
    }
    const { forward } = transform(8);
    forward(line.re, line.im);
    forward(re, im, 3, 4);
    const untouched = noise(40, 1);
    for (let i = 0; i < 40; i++) {
      const j = (i - 3) / 4;
      expect(re[i]).toBe(Number.isInteger(j) && j >= 0 && j < 8 ? line.re[j] : untouched[i]);
    }
  });

  test("roots are exact at the quarters and on the circle elsewhere", () => {
    for (const n of [1, 2, 3, 4, 12, 1000]) {
      const w = roots(n);
      for (let j = 0; j < n; j++) {
        expect(Math.abs(w[2 * j] - Math.cos((2 * Math.PI * j) / n))).toBeLessThan(1e-15);
        expect(Math.abs(w[2 * j + 1] + Math.sin((2 * Math.PI * j) / n))).toBeLessThan(1e-15);
      }
    }
    expect(Array.from(roots(4))).toEqual([1, 0, 0, -1, -1, -0, -0, 1].map((x) => expect.closeTo(x, 20)));
  });

  test("frequencies", () => {
    expect(Array.from(frequencies(6))).toEqual([0, 1, 2, -3, -2, -1]);
    expect(Array.from(frequencies(5))).toEqual([0, 1, 2, -2, -1]);
    expect(Array.from(wavenumbers(2, Math.PI))).toEqual([0, -2]);
  });
});
