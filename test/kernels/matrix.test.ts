import { describe, expect, test } from "vitest";
import { aloneModule, product } from "../../src/kernels/index.ts";
import { wasmProduct } from "../../src/kernels/matrix.ts";
import { matMat, matMatSingle } from "../../src/math/linalg.ts";
import { key, uniform } from "../../src/math/rng.ts";

const module = aloneModule();
const shapes: readonly [number, number, number][] = [
  ...([
    [1, 1, 1],
    [4, 4, 4],
    [3, 5, 7],
    [8, 1, 8],
    [1, 300, 1],
    [5, 256, 9],
    [65, 257, 33],
    [64, 64, 64],
    [130, 513, 70],
    [2, 1000, 3],
    [0, 4, 4],
    [4, 0, 4],
  ] as [number, number, number][]),
];

const noise = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => uniform(key(seed), i) - 0.5);

function entry(a: Float64Array, b: Float64Array, k: number, n: number, i: number, j: number): number {
  let s = 0;
  for (let l = 0; l < k; l++) s += a[i * k + l] * b[l * n + j];
  return s;
}

describe.each(shapes)("%i × %i times × %i", (m, k, n) => {
  const [a, b] = [noise(m * k, 1), noise(k * n, 2)];

  test("doubles: every entry is the sum of its products in order", () => {
    const out = new Float64Array(m * n).fill(Number.NaN);
    product(a, b, out, m, k, n);
    const expected = Float64Array.from(out, (_, e) => entry(a, b, k, n, Math.floor(e / n), e % n));
    expect(out).toEqual(expected);
    const plain = new Float64Array(m * n).fill(Number.NaN);
    matMat(a, b, plain, m, k, n);
    expect(plain).toEqual(expected);
  });

  test("singles: to the rounding of k terms", () => {
    const [x, y] = [Float32Array.from(a), Float32Array.from(b)];
    const out = new Float32Array(m * n).fill(Number.NaN);
    product(x, y, out, m, k, n);
    const exact = new Float64Array(m * n);
    matMat(Float64Array.from(x), Float64Array.from(y), exact, m, k, n);
    const far = exact.reduce((most, at, e) => Math.max(most, Math.abs(out[e] - at)), 0);
    expect(far).toBeLessThan(2 ** -24 * (k + 1) * (1 + k / 4));
  });

  test.runIf(module !== undefined)("both forms have the same bits", () => {
    if (module === undefined) return;
    const doubles = [new Float64Array(m * n), new Float64Array(m * n)];
    wasmProduct(module, a, b, doubles[0], [m, k, n]);
    matMat(a, b, doubles[1], m, k, n);
    expect(doubles[0]).toEqual(doubles[1]);
    const [x, y] = [Float32Array.from(a), Float32Array.from(b)];
    const singles = [new Float32Array(m * n), new Float32Array(m * n)];
    wasmProduct(module, x, y, singles[0], [m, k, n]);
    matMatSingle(x, y, singles[1], m, k, n);
    expect(singles[0]).toEqual(singles[1]);
  });
});

test("what a larger product left behind does not show in a smaller one", () => {
  const big = new Float64Array(128 * 128).fill(Number.NaN);
  product(big, big, new Float64Array(128 * 128), 128, 128, 128);
  const [a, b] = [noise(17 * 19, 1), noise(19 * 23, 2)];
  const [out, expected] = [new Float64Array(17 * 23), new Float64Array(17 * 23)];
  product(a, b, out, 17, 19, 23);
  matMat(a, b, expected, 17, 19, 23);
  expect(out).toEqual(expected);
});
