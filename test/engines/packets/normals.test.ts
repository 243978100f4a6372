import { describe, expect, it } from "vitest";
import { orthogonalNormals } from "../../../src/engines/packets/normals.ts";
import { fillNormal, key } from "../../../src/math/rng.ts";
import { sphere } from "./ground.ts";

describe("normals", () => {
  it("are orthogonal within a block, keep their lengths, and are N(0, I) one by one", () => {
    const dim = 3;
    const n = 5;
    const plain = new Float64Array(n * dim);
    const z = new Float64Array(n * dim);
    const blocks = 4000;
    const second = new Float64Array(dim * dim);
    for (let b = 0; b < blocks; b++) {
      fillNormal(key(b), plain);
      orthogonalNormals(key(b), n, dim, z);
      for (let k = 0; k < n; k++) {
        const row = z.subarray(k * dim, (k + 1) * dim);
        expect(sphere(row)).toBeCloseTo(sphere(plain.subarray(k * dim, (k + 1) * dim)), 8);
        for (let l = k - (k % dim); l < k; l++)
          expect(Math.abs(row.reduce((s, v, j) => s + v * z[l * dim + j], 0))).toBeLessThan(1e-8);
      }
      // the third row of a block is wholly determined up to sign and length by the other two
      for (let i = 0; i < dim; i++)
        for (let j = 0; j < dim; j++) second[i * dim + j] += z[2 * dim + i] * z[2 * dim + j];
    }
    // E z_i² = 1 ± √(2/n), E z_i z_j = 0 ± √(1/n)
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++)
        expect(Math.abs(second[i * dim + j] / blocks - (i === j ? 1 : 0))).toBeLessThan(
          5 * Math.sqrt((i === j ? 2 : 1) / blocks),
        );
  });
});
