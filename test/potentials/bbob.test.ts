import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readValues } from "../../src/core/entry.ts";
import type { Potential } from "../../src/core/problem.ts";
import { bbob, bbobEntry, bbobFunctions } from "../../src/potentials/bbob/index.ts";
import { normals, rotation, uniforms } from "../../src/potentials/bbob/random.ts";
import { cosine, logarithm } from "../../src/potentials/bbob/rounded.ts";
import { oscillated } from "../../src/potentials/bbob/transforms.ts";

type Reference = {
  points: Record<string, number[][]>;
  problems: { f: number; d: number; i: number; fopt: number; xopt: number[]; fx_opt: number; fx: number[] }[];
};
const reference: Reference = JSON.parse(readFileSync(new URL("../reference/bbob.json", import.meta.url), "utf8"));
const all = Array.from({ length: 24 }, (_, i) => i + 1);

function values(of: Potential, rows: readonly ArrayLike<number>[]): number[] {
  const dim = of.domain.lower.length;
  const x = new Float64Array(rows.length * dim);
  rows.forEach((row, i) => {
    x.set(row, i * dim);
  });
  const answer = of.answer({ kind: "value", at: { n: rows.length, dim, x } });
  if (answer instanceof Promise || answer.value === undefined) throw new Error("expected values at once");
  return [...answer.value];
}

function argminOf(of: Potential): Float64Array {
  if (of.truth?.argmin === undefined) throw new Error(`${of.name} has no known minimizer`);
  return of.truth.argmin.x;
}

/** `count` points uniform in ±reach, of the generator of the suite itself. */
function scattered(count: number, dim: number, reach: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) => uniforms(dim, 4711 + k).map((u) => reach * (2 * u - 1)));
}

function norm(x: ArrayLike<number>): number {
  return Math.hypot(...Array.from(x));
}

describe("against COCO", () => {
  it.each(all)("f%i: every value within 1e-9, the optimum and its value", (f) => {
    const problems = reference.problems.filter((p) => p.f === f);
    expect(problems).toHaveLength(30);
    for (const { d, i, fopt, xopt, fx_opt, fx } of problems) {
      const of = bbob(f, d, i);
      const got = values(of, [...reference.points[d], xopt]);
      const wanted = [...fx, fx_opt];
      got.forEach((value, k) => {
        const error = Math.abs(value - wanted[k]) / Math.max(1, Math.abs(wanted[k]));
        expect(error, `${of.name}, d ${d}, point ${k + 1}: ${value} for ${wanted[k]}`).toBeLessThanOrEqual(1e-9);
      });
      expect(of.truth?.minimum).toBeCloseTo(fopt, 12);
      // COCO keeps the optimum of f20 to ten digits
      argminOf(of).forEach((v, j) => {
        expect(Math.abs(v - xopt[j])).toBeLessThan(1e-9);
      });
    }
  });
});

describe("every function", () => {
  it.each(all)("f%i: its minimum is where it says, and lower than around it", (f) => {
    for (const dim of [2, 7, 65]) {
      const of = bbob(f, dim, 8);
      const at = argminOf(of);
      const minimum = of.truth?.minimum ?? Number.NaN;
      const around = scattered(20, dim, 1).flatMap((step) =>
        [1e-3, 0.1, 1].map((h) => at.map((v, j) => v + h * step[j])),
      );
      const [lowest, ...others] = values(of, [at, ...around]);
      expect(Math.abs(lowest - minimum)).toBeLessThan(1e-9 * Math.max(1, Math.abs(minimum)));
      for (const other of others) expect(other).toBeGreaterThanOrEqual(lowest - 1e-9);
      expect(Math.max(...others)).toBeGreaterThan(lowest + 1e-6);
    }
  });

  it.each(all)("f%i: instances differ, and each is the same when made and asked again", (f) => {
    const points = scattered(3, 5, 5);
    const [first, second] = [1, 2].map((instance) => values(bbob(f, 5, instance), points));
    expect(first).not.toEqual(second);
    expect(values(bbob(f, 5, 1), [...points].reverse()).reverse()).toEqual(first);
  });

  it.each(all)("f%i: a number far outside, +∞ beyond doubles, NaN for NaN", (f) => {
    const of = bbob(f, 3, 1);
    const minimum = of.truth?.minimum ?? Number.NaN;
    for (const value of values(of, scattered(10, 3, 100))) {
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(minimum - 1e-9);
    }
    const [huge, lost] = values(of, [
      [1e300, -1e300, 1e300],
      [0, Number.NaN, 0],
    ]);
    expect(huge).toBeGreaterThanOrEqual(minimum);
    expect(lost).toBeNaN();
  });

  it("names its number, its title and its instance, and five groups of five but one", () => {
    expect(bbob(15, 2, 3).name).toBe("bbob f15 (Rastrigin, rotated), instance 3");
    const sizes = new Map<string, number>();
    for (const { group } of bbobFunctions) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    expect([...sizes.values()]).toEqual([5, 4, 5, 5, 5]);
    expect(new Set(bbobFunctions.map(({ name }) => name)).size).toBe(24);
  });
});

describe("closed forms", () => {
  const dim = 6;
  const points = scattered(10, dim, 5);

  function above(f: number, x: readonly Float64Array[]): number[] {
    const of = bbob(f, dim, 4);
    return values(of, x).map((value) => value - (of.truth?.minimum ?? Number.NaN));
  }

  function around(f: number): Float64Array[] {
    const at = argminOf(bbob(f, dim, 4));
    return points.map((x) => x.map((v, j) => v - at[j]));
  }

  it("f1 is ‖x − x_opt‖²", () => {
    const wanted = around(1).map((z) => norm(z) ** 2);
    above(1, points).forEach((value, k) => {
      expect(value).toBeCloseTo(wanted[k], 9);
    });
  });

  it("f5 is linear inside the box: midpoints have the mean value", () => {
    const middle = points.slice(1).map((x, k) => x.map((v, j) => (v + points[k][j]) / 2));
    const ends = above(5, points);
    above(5, middle).forEach((value, k) => {
      expect(value).toBeCloseTo((ends[k] + ends[k + 1]) / 2, 9);
    });
  });

  it("f5 stays at its minimum beyond the corner", () => {
    const corner = argminOf(bbob(5, dim, 4));
    expect(above(5, [corner.map((v) => 20 * v)])[0]).toBeCloseTo(0, 9);
  });

  it("f2 is Σ 10^(6i/(d−1)) T_osz(x_i − x_opt,i)²", () => {
    const wanted = around(2).map((z) =>
      z.reduce((sum, v, i) => sum + 10 ** ((6 * i) / (dim - 1)) * oscillated(v) ** 2, 0),
    );
    above(2, points).forEach((value, k) => {
      expect(Math.abs(value / wanted[k] - 1)).toBeLessThan(1e-12);
    });
  });

  it("f13, a square beside a norm, grows by a factor between 2 and 4 as z doubles", () => {
    const at = argminOf(bbob(13, dim, 4));
    const near = above(13, points);
    const far = above(
      13,
      points.map((x) => x.map((v, j) => 2 * v - at[j])),
    );
    far.forEach((value, k) => {
      expect(value / near[k]).toBeGreaterThan(2);
      expect(value / near[k]).toBeLessThan(4);
    });
  });
});

describe("random numbers", () => {
  it("makes rotations orthonormal", () => {
    for (const dim of [2, 5, 40]) {
      const r = rotation(dim, 123);
      for (let a = 0; a < dim; a++)
        for (let b = 0; b <= a; b++) {
          let sum = 0;
          for (let k = 0; k < dim; k++) sum += r[a * dim + k] * r[b * dim + k];
          expect(Math.abs(sum - (a === b ? 1 : 0))).toBeLessThan(1e-12);
        }
    }
  });

  it("draws uniform and normal numbers with the right moments", () => {
    const n = 20_000;
    const u = uniforms(n, 42);
    expect(Math.min(...u)).toBeGreaterThan(0);
    expect(Math.max(...u)).toBeLessThanOrEqual(1);
    expect(Math.abs(mean(u) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n));
    const g = normals(n, 42);
    expect(Math.abs(mean(g))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(mean(g.map((v) => v * v)) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  // python3, decimal with 60 digits: Decimal(u).ln() and the Taylor series of the cosine, rounded to a double;
  // arguments at which V8's Math.log and Math.cos are off by one unit in the last place
  it.each([
    [0.5828870958648622, -0.5397617719954376],
    [0.6109806450549513, -0.49268999780008865],
    [0.9020930961705744, -0.10303755341326244],
    [0.6362742176279426, -0.4521256487723269],
    [0.5781651239376515, -0.547895769555934],
    [0.4317166262771934, -0.8399858636640835],
  ])("rounds ln %f to the nearest double", (u, wanted) => {
    expect(logarithm(u)).toBe(wanted);
  });

  it.each([
    [4.243478518445045, -0.451914619178779],
    [5.849953297991306, 0.9076136742858004],
    [0.9812682517804205, 0.5559688193049156],
    [2.9299139860086143, -0.9776796020041644],
    [2.493968825787306, -0.7975195768865985],
    [3.468990743625909, -0.946882271040374],
  ])("rounds cos %f to the nearest double", (angle, wanted) => {
    expect(cosine(angle)).toBe(wanted);
  });
});

function mean(x: Float64Array): number {
  return x.reduce((sum, v) => sum + v, 0) / x.length;
}

describe("parameters", () => {
  it("makes the potential of the entry's values", () => {
    const of = bbobEntry.make(readValues(bbobEntry, { f: 3, dim: 4, instance: 2 }));
    expect(of.domain).toMatchObject({ edge: "open", lower: new Float64Array(4).fill(-5) });
    expect(values(of, [[1, 2, 3, 4]])).toEqual(values(bbob(3, 4, 2), [[1, 2, 3, 4]]));
  });

  it("makes every dimension from 2 to 100", () => {
    for (let dim = 2; dim <= 100; dim++) {
      const of = bbob(1 + (dim % 24), dim, 1);
      expect(values(of, [new Float64Array(dim)]).every(Number.isFinite)).toBe(true);
    }
  });

  it("accepts the largest instance and refuses what lies outside", () => {
    for (const f of [15, 21]) expect(values(bbob(f, 2, 200_000), [[1, 1]]).every(Number.isFinite)).toBe(true);
    expect(() => bbob(1, 1)).toThrow("bbob.dim: 1 is below 2: the functions divide by dim − 1; take 2 or more");
    expect(() => bbob(25, 2)).toThrow("bbob.f: 25 is above 24");
    expect(() => bbob(1, 2, 0)).toThrow("bbob.instance: 0 is below 1");
    expect(() => bbob(1, 2.5)).toThrow("bbob.dim: 2.5 is not a whole number");
  });
});
