import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fillNormal,
  fillUniform,
  fold,
  integer,
  type Key,
  key,
  normal,
  permutation,
  threefry2x32,
  uniform,
} from "../../src/math/rng.ts";
import { kolmogorovSmirnov } from "../../src/math/stats.ts";
import { equalCounts, normalCdf, normalTail } from "./distributions.ts";

/** A p-value of a sound generator lies in here but for one seed in 5000; the seeds are fixed. */
function expectPlausible(p: number) {
  expect(p).toBeGreaterThan(1e-4);
  expect(p).toBeLessThan(1 - 1e-4);
}

function uniforms(key: Key, n: number): Float64Array {
  const out = new Float64Array(n);
  fillUniform(key, out);
  return out;
}

function normals(key: Key, n: number): Float64Array {
  const out = new Float64Array(n);
  fillNormal(key, out);
  return out;
}

/** r √n of two series, which is standard normal where they are independent. */
function correlation(a: Float64Array, b: Float64Array): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return (ab / Math.sqrt(aa * bb)) * Math.sqrt(a.length);
}

const anyKey = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }).map(key);

describe("threefry2x32", () => {
  // Random123 1.x, tests/kat_vectors, lines "threefry2x32 20 <counter> <key> <block>"
  test.each([
    [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
  ])("published vector: counter %i %i under key %i %i", (c0, c1, k0, k1, first, second) => {
    const out = new Uint32Array(2);
    threefry2x32(k0, k1, c0, c1, out);
    expect([...out]).toEqual([first, second]);
    threefry2x32(k0 | 0, k1 | 0, c0 | 0, c1 | 0, out);
    expect([...out]).toEqual([first, second]);
  });

  test("each bit of counter and key turns half of the block", () => {
    const base = new Uint32Array(2);
    const other = new Uint32Array(2);
    let turned = 0;
    const trials = 128 * 64;
    for (let t = 0; t < 64; t++) {
      const words = Array.from({ length: 4 }, (_, i) => integer(key(t), i, 2 ** 32));
      threefry2x32(words[0], words[1], words[2], words[3], base);
      for (let bit = 0; bit < 128; bit++) {
        const w = words.slice();
        w[bit >> 5] ^= 1 << (bit & 31);
        threefry2x32(w[0], w[1], w[2], w[3], other);
        for (let i = 0; i < 2; i++) for (let x = base[i] ^ other[i]; x !== 0; x &= x - 1) turned++;
      }
    }
    const deviation = (turned - 32 * trials) / Math.sqrt(16 * trials);
    expect(Math.abs(deviation)).toBeLessThan(4);
  });
});

describe("keys", () => {
  test("every bit of a seed counts, the sign too", () => {
    expect(key(0)).toEqual({ hi: 0, lo: 0 });
    expect(key(-0)).toEqual({ hi: 0, lo: 0 });
    expect(key(1)).toEqual({ hi: 0, lo: 1 });
    expect(key(-1)).toEqual({ hi: 2 ** 32 - 1, lo: 2 ** 32 - 1 });
    expect(key(2 ** 32)).toEqual({ hi: 1, lo: 0 });
    expect(key(2 ** 53 - 1)).toEqual({ hi: 2 ** 21 - 1, lo: 2 ** 32 - 1 });
    expect(key(1 - 2 ** 53)).toEqual({ hi: 2 ** 32 - 2 ** 21, lo: 1 });
  });

  test("fold: different data, different keys; order matters", () => {
    const seen = new Set<string>();
    const data = [...Array(1000).keys(), 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, 2 ** 53 - 1];
    for (const d of data) seen.add(JSON.stringify(fold(key(3), d)));
    expect(seen.size).toBe(data.length);
    expect(fold(fold(key(3), 1), 2)).not.toEqual(fold(fold(key(3), 2), 1));
  });

  test("a folded key is not the bits of a draw of its parent", () => {
    const parent = key(11);
    const out = new Uint32Array(2);
    for (let i = 0; i < 100; i++) {
      threefry2x32(parent.hi, parent.lo, i, 0, out);
      expect(fold(parent, i)).not.toEqual({ hi: out[0], lo: out[1] });
    }
  });

  test("neighboring seeds and folded keys are independent", () => {
    const n = 4096;
    const rows = [...Array(24).keys()].map((i) => normals(i < 12 ? key(i) : fold(key(0), i), n));
    const z: number[] = [];
    for (let i = 0; i < rows.length; i++) for (let j = 0; j < i; j++) z.push(correlation(rows[i], rows[j]));
    expectPlausible(kolmogorovSmirnov(Float64Array.from(z), normalCdf).p);
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(4);
  });
});

describe("uniform", () => {
  test("is the upper 53 bits of the published block", () => {
    const block = (0x6b200159n << 32n) | 0x99ba4efen;
    // the upper 27 bits of the first word, then the upper 26 of the second
    const bits = ((block >> 37n) << 26n) | ((block & 0xffffffffn) >> 6n);
    expect(uniform(key(0), 0)).toBe(Number(bits) / 2 ** 53);
  });

  test("passes Kolmogorov–Smirnov and χ² on a million", () => {
    const u = uniforms(key(5), 1_000_000);
    expectPlausible(kolmogorovSmirnov(u, (x) => x).p);
    const counts = new Int32Array(4096);
    const fine = new Int32Array(4096);
    for (const x of u) {
      counts[Math.floor(x * 4096)]++;
      // the lowest 12 of the 53 bits
      fine[(x * 2 ** 53) % 4096]++;
    }
    expectPlausible(equalCounts(counts));
    expectPlausible(equalCounts(fine));
  });

  test("neighbors in pairs fill the square evenly", () => {
    const u = uniforms(key(6), 1_000_000);
    const counts = new Int32Array(32 * 32);
    for (let i = 0; i + 1 < u.length; i += 2) counts[Math.floor(u[i] * 32) * 32 + Math.floor(u[i + 1] * 32)]++;
    expectPlausible(equalCounts(counts));
  });

  test("attempts are independent of each other and of the elements", () => {
    const n = 20_000;
    const at = (attempt: number) => Float64Array.from({ length: n }, (_, i) => uniform(key(7), i, attempt) - 0.5);
    const first = at(0);
    for (const attempt of [1, 2, 1023, 1024, 2046]) expect(Math.abs(correlation(first, at(attempt)))).toBeLessThan(4);
  });

  test("no two (element, attempt) share a counter", () => {
    const seen = new Set<number>();
    const elements = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 33, 2 ** 52, 2 ** 53 - 1];
    const attempts = [0, 1, 2, 1023, 1024, 2046];
    for (const e of elements) for (const a of attempts) seen.add(uniform(key(8), e, a));
    expect(seen.size).toBe(elements.length * attempts.length);
  });
});

describe("normal", () => {
  const million = normals(key(9), 1_000_000);

  test("moments to the sixth of a million within four standard errors", () => {
    const exact = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
    for (let k = 1; k <= 6; k++) {
      let s = 0;
      for (const x of million) s += x ** k;
      const error = Math.sqrt((exact[2 * k] - exact[k] ** 2) / million.length);
      expect(Math.abs(s / million.length - exact[k]) / error).toBeLessThan(4);
    }
  });

  test("passes Kolmogorov–Smirnov and χ² on a million", () => {
    expectPlausible(kolmogorovSmirnov(million, normalCdf).p);
    const counts = new Int32Array(2000);
    for (const x of million) counts[Math.floor(normalCdf(x) * 2000)]++;
    expectPlausible(equalCounts(counts));
  });

  test("neighbors are independent, in size too", () => {
    const size = (x: number) => Math.abs(x) - Math.sqrt(2 / Math.PI);
    const n = million.length - 1;
    expect(Math.abs(correlation(million.subarray(0, n), million.subarray(1)))).toBeLessThan(4);
    expect(Math.abs(correlation(million.subarray(0, n).map(size), million.subarray(1).map(size)))).toBeLessThan(4);
  });

  test("the tails of thirty million: beyond 3.5, 4 and 5 on either side, and their shape", () => {
    const n = 30_000_000;
    const cuts = [3.5, 4, 5];
    const above = [0, 0, 0];
    const below = [0, 0, 0];
    const far: number[] = [];
    const out = new Float64Array(100_000);
    for (let start = 0; start < n; start += out.length) {
      fillNormal(key(10), out, start);
      for (const x of out) {
        if (x * x < 3.5 * 3.5) continue;
        for (let c = 0; c < 3; c++) {
          if (x > cuts[c]) above[c]++;
          if (x < -cuts[c]) below[c]++;
        }
        far.push(Math.abs(x));
      }
    }
    for (let c = 0; c < 3; c++) {
      const expected = n * normalTail(cuts[c]);
      for (const count of [above[c], below[c]])
        expect(Math.abs(count - expected) / Math.sqrt(expected)).toBeLessThan(4);
    }
    const beyond = normalTail(3.5);
    expectPlausible(kolmogorovSmirnov(Float64Array.from(far), (x) => 1 - normalTail(x) / beyond).p);

    // past the ziggurat's last edge: the mean of |x| is φ(c) / Q(c), that of x² is 1 + c φ(c) / Q(c)
    const c = 3.66;
    const tail = far.filter((x) => x > c);
    const hazard = Math.exp(-0.5 * c * c) / Math.sqrt(2 * Math.PI) / normalTail(c);
    const error = Math.sqrt((1 + c * hazard - hazard ** 2) / tail.length);
    expect(Math.abs(tail.reduce((s, x) => s + x, 0) / tail.length - hazard) / error).toBeLessThan(4);
  });

  test("the center is resolved finely: no lattice, no hole", () => {
    const small = million.filter((x) => Math.abs(x) < 1e-3);
    const expected = million.length * (1 - 2 * normalTail(1e-3));
    expect(Math.abs(small.length - expected) / Math.sqrt(expected)).toBeLessThan(4);
    expect(new Set(million).size).toBe(million.length);
  });

  // made by `[0, 1, 2, 2 ** 40].map((i) => normal(key(1), i))`: the same seed must give the same bits for good
  test("golden values", () => {
    expect([0, 1, 2, 2 ** 40].map((i) => normal(key(1), i))).toEqual([
      0.5043807603521618, 1.1094538541130972, 0.9298000451800094, -1.7062942177494058,
    ]);
  });
});

describe("ranges", () => {
  const anyStart = fc.oneof(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: -40, max: 40 }).map((d) => 2 ** 31 + d),
    fc.integer({ min: -40, max: 40 }).map((d) => 2 ** 32 + d),
    fc.integer({ min: 100, max: 200 }).map((d) => 2 ** 53 - d),
  );

  test("filling equals drawing one by one, bit for bit, wherever it starts", () => {
    fc.assert(
      fc.property(anyKey, anyStart, fc.integer({ min: 0, max: 100 }), (k, start, n) => {
        const out = new Float64Array(n);
        fillNormal(k, out, start);
        for (let i = 0; i < n; i++) expect(out[i]).toBe(normal(k, start + i));
        fillUniform(k, out, start);
        for (let i = 0; i < n; i++) expect(out[i]).toBe(uniform(k, start + i));
      }),
    );
  });

  test("a long range is the same however it is cut", () => {
    // long enough to pass through every wedge and the tail
    const whole = normals(key(12), 50_000);
    const cut = new Float64Array(50_000);
    for (let start = 0, i = 0; start < cut.length; i++) {
      const end = Math.min(cut.length, start + 1 + integer(key(13), i, 700));
      fillNormal(key(12), cut.subarray(start, end), start);
      start = end;
    }
    expect(cut).toEqual(whole);
  });
});

describe("integers and permutations", () => {
  test("integer is even over 0 … n − 1", () => {
    for (const n of [2, 7, 100]) {
      const counts = new Int32Array(n);
      for (let i = 0; i < 100_000; i++) counts[integer(key(n), i, n)]++;
      expectPlausible(equalCounts(counts));
    }
  });

  test("integer stays below n up to 2^53", () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (k, n) => {
        const i = integer(k, 0, n);
        expect(Number.isInteger(i) && i >= 0 && i < n).toBe(true);
      }),
    );
  });

  test("a permutation holds each index once", () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 0, max: 200 }), (k, n) => {
        expect([...permutation(k, n)].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
      }),
    );
  });

  test("all 120 permutations of five are equally frequent", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const name = permutation(fold(key(14), i), 5).join();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(counts.size).toBe(120);
    expectPlausible(equalCounts([...counts.values()]));
  });
});
