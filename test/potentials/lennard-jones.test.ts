import { describe, expect, it } from "vitest";
import { readValues } from "../../src/core/entry.ts";
import { type Points, points } from "../../src/core/problem.ts";
import { fillUniform, key } from "../../src/math/rng.ts";
import { lennardJonesEntry } from "../../src/potentials/lennard-jones.ts";

const cluster = (atoms: number) => lennardJonesEntry.make(readValues(lennardJonesEntry, { atoms }));

function value(at: Points): Float64Array {
  const answer = cluster(at.dim / 3).answer({ kind: "value", at });
  if (answer instanceof Promise || answer.value === undefined) throw new Error("at once");
  return answer.value;
}

function gradient(at: Points): { value: Float64Array; gradient: Float64Array } {
  const answer = cluster(at.dim / 3).answer({ kind: "gradient", at });
  if (answer instanceof Promise || !answer.value || !answer.gradient) throw new Error("at once");
  return { value: answer.value, gradient: answer.gradient };
}

/** The definition, pair by pair. */
function plain(x: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i += 3)
    for (let j = 0; j < i; j += 3) {
      const r = Math.hypot(x[i] - x[j], x[i + 1] - x[j + 1], x[i + 2] - x[j + 2]);
      total += 4 * (r ** -12 - r ** -6);
    }
  return total;
}

/** Atoms thrown at random into a cube of this half width. */
function thrown(atoms: number, n: number, half: number, seed: number): Points {
  const x = new Float64Array(3 * atoms * n);
  fillUniform(key(seed), x);
  return { n, dim: 3 * atoms, x: x.map((u) => half * (2 * u - 1)) };
}

const nearest = (x: Float64Array): number => {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i += 3)
    for (let j = 0; j < i; j += 3)
      least = Math.min(least, Math.hypot(x[i] - x[j], x[i + 1] - x[j + 1], x[i + 2] - x[j + 2]));
  return least;
};

/** One atom at the center of twelve at the corners of an icosahedron. */
function icosahedron(radius: number): Points {
  const golden = (1 + Math.sqrt(5)) / 2;
  const size = radius / Math.hypot(1, golden);
  const corners = [1, -1].flatMap((s) =>
    [golden, -golden].flatMap((t) => [
      [0, s, t],
      [s, t, 0],
      [t, 0, s],
    ]),
  );
  return points([[0, 0, 0, ...corners.flat().map((c) => size * c)]]);
}

/** Newton's method on the energy of a family of clusters with one parameter, by its gradient along the family. */
function relax(family: (r: number) => Points, start: number): Points {
  const slope = (r: number) => {
    const [at, unit] = [family(r), family(1).x];
    return gradient(at).gradient.reduce((sum, g, k) => sum + g * unit[k], 0);
  };
  let r = start;
  for (let pass = 0; pass < 30; pass++) r -= slope(r) / ((slope(r + 1e-5) - slope(r - 1e-5)) / 2e-5);
  return family(r);
}

describe("energy", () => {
  it.each([2, 5, 13, 38])("of %i atoms is the sum over pairs", (atoms) => {
    const at = thrown(atoms, 200, 3 * Math.cbrt(atoms), 1);
    const found = value(at);
    let compared = 0;
    for (let i = 0; i < at.n; i++) {
      const x = at.x.subarray(i * at.dim, (i + 1) * at.dim);
      if (nearest(x) < 0.5) continue;
      compared++;
      const exact = plain(x);
      expect(Math.abs(found[i] - exact)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(exact)));
    }
    expect(compared).toBeGreaterThan(50);
  });

  it("does not change when the cluster is moved, turned, or its atoms change places", () => {
    const at = thrown(7, 50, 2, 2);
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const changed = at.x.map((_, k) => {
      const first = Math.floor(k / at.dim) * at.dim;
      const atom = 6 - Math.floor((k - first) / 3);
      const [x, y, z] = at.x.subarray(first + 3 * atom, first + 3 * atom + 3);
      return [c * x - s * y + 0.3, s * x + c * y - 0.2, z + 1][k % 3];
    });
    const [before, after] = [value(at), value({ ...at, x: changed })];
    before.forEach((v, i) => {
      expect(Math.abs(v - after[i])).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(v)));
    });
  });
});

describe("gradient", () => {
  it.each([2, 6, 13])("of %i atoms is that of the energy", (atoms) => {
    const at = thrown(atoms, 20, Math.cbrt(atoms), 3);
    const found = gradient(at);
    expect(found.value).toEqual(value(at));
    const h = 1e-6;
    for (let j = 0; j < at.dim; j++) {
      const moved = (by: number) => value({ ...at, x: at.x.map((c, k) => (k % at.dim === j ? c + by : c)) });
      const [p1, m1, p2, m2] = [h, -h, 2 * h, -2 * h].map(moved);
      for (let i = 0; i < at.n; i++) {
        const slope = (8 * (p1[i] - m1[i]) - (p2[i] - m2[i])) / (12 * h);
        const scale = Math.max(...found.gradient.subarray(i * at.dim, (i + 1) * at.dim).map(Math.abs));
        expect(Math.abs(found.gradient[i * at.dim + j] - slope)).toBeLessThanOrEqual(1e-6 * Math.max(1, scale));
      }
    }
  });

  it("pushes the cluster as a whole nowhere", () => {
    const at = thrown(9, 30, 2, 4);
    const { gradient: g } = gradient(at);
    for (let i = 0; i < at.n; i++) {
      const row = g.subarray(i * at.dim, (i + 1) * at.dim);
      const force = [0, 1, 2].map((a) => row.reduce((sum, c, k) => sum + (k % 3 === a ? c : 0), 0));
      const scale = Math.max(1, ...row.map(Math.abs));
      for (const f of force) expect(Math.abs(f)).toBeLessThan(1e-12 * scale);
    }
  });
});

describe("overlapping atoms", () => {
  it("give large finite values and slopes that keep on pushing apart", () => {
    const distances = [0, 1e-9, 1e-3, 0.1, 0.3, 0.499, 0.501, 0.8];
    const { value: v, gradient: g } = gradient(points(distances.map((r) => [0, 0, 0, r, 0, 0])));
    expect(v[0]).toBeCloseTo(16128 + 97536, 6);
    expect(v.every(Number.isFinite) && g.every(Number.isFinite)).toBe(true);
    for (let i = 1; i < distances.length; i++) {
      expect(v[i]).toBeLessThanOrEqual(v[i - 1]);
      expect(g[6 * i + 3]).toBeLessThan(0);
    }
  });

  it("join the exact energy with one slope", () => {
    const { value: v, gradient: g } = gradient(points([0.5 - 1e-9, 0.5 + 1e-9].map((r) => [0, 0, 0, r, 0, 0])));
    expect(v[0]).toBeCloseTo(4 * (2 ** 12 - 2 ** 6), 2);
    expect(v[1]).toBeCloseTo(4 * (2 ** 12 - 2 ** 6), 2);
    expect(g[3]).toBeCloseTo(4 * (-12 * 2 ** 13 + 6 * 2 ** 7), 0);
    expect(Math.abs(g[3] / g[9] - 1)).toBeLessThan(1e-6);
  });
});

describe("known minima", () => {
  it.each([2, 3, 4])("%i atoms: a regular simplex, energy of as many bonds", (atoms) => {
    const { minimum, argmin } = cluster(atoms).truth ?? {};
    if (argmin === undefined) throw new Error("closed form");
    expect(minimum).toBe((-atoms * (atoms - 1)) / 2);
    const { value: v, gradient: g } = gradient(argmin);
    expect(v[0]).toBeCloseTo((-atoms * (atoms - 1)) / 2, 13);
    for (const slope of g) expect(Math.abs(slope)).toBeLessThan(1e-12);
  });

  it("13 atoms: the relaxed icosahedron", () => {
    const at = relax(icosahedron, 1.08);
    expect(Math.abs(value(at)[0] - (cluster(13).truth?.minimum ?? 0))).toBeLessThan(5e-7);
    for (const slope of gradient(at).gradient) expect(Math.abs(slope)).toBeLessThan(1e-9);
    const { lower, upper } = cluster(13).domain;
    expect(Math.min(upper[0], -lower[0])).toBeGreaterThan(Math.hypot(...at.x.subarray(3, 6)));
  });

  it.each([6, 7, 38])("%i atoms: the structure known, relaxed; the domain holds it however it is turned", (atoms) => {
    const at = descend(shapes[atoms]);
    const { domain, truth } = cluster(atoms);
    expect(Math.abs(value(at)[0] - (truth?.minimum ?? 0))).toBeLessThan(5e-7);
    const radius = Math.max(...Array.from({ length: atoms }, (_, i) => Math.hypot(...at.x.subarray(3 * i, 3 * i + 3))));
    expect(Math.min(...domain.upper, ...domain.lower.map(Math.abs))).toBeGreaterThan(radius);
  });

  it("the table is that of the database: 149 sizes, each atom binding by more than the last bond", () => {
    const minima = Array.from({ length: 149 }, (_, k) => cluster(k + 2).truth?.minimum ?? Number.NaN);
    expect([minima[11], minima[17], minima[36], minima[53], minima[148]]).toEqual([
      -44.326801, -72.659782, -173.928427, -279.24847, -893.310258,
    ]);
    for (let k = 1; k < minima.length; k++) {
      const bound = minima[k - 1] - minima[k];
      expect(bound).toBeGreaterThan(1.9);
      expect(bound).toBeLessThan(8.1);
    }
    expect(cluster(151).truth?.minimum).toBeUndefined();
  });
});

/** Structures of global minima before relaxing: octahedron, pentagonal bipyramid, truncated octahedron. */
const bond = 2 ** (1 / 6);
const ring = (n: number, r: number) =>
  Array.from({ length: n }, (_, k) => [r * Math.cos((2 * Math.PI * k) / n), r * Math.sin((2 * Math.PI * k) / n), 0]);
const tip = (z: number) => [
  [0, 0, z],
  [0, 0, -z],
];
const shapes: Readonly<Record<number, readonly (readonly number[])[]>> = {
  6: [...ring(4, bond / Math.SQRT2), ...tip(bond / Math.SQRT2)],
  7: [...ring(5, 0.85 * bond), ...tip(0.52 * bond)],
  38: truncatedOctahedron(),
};

/** The 38 sites of a face-centered cubic lattice nearest an octahedral hole. */
function truncatedOctahedron(): number[][] {
  const span = [-5, -3, -1, 1, 3, 5].flatMap((v) => [v - 1, v]);
  const sites = span.flatMap((x) => span.flatMap((y) => span.map((z) => [x, y, z])));
  return sites
    .filter(([x, y, z]) => Math.abs(x + y + z) % 2 === 1)
    .sort((a, b) => Math.hypot(...a) - Math.hypot(...b))
    .slice(0, 38)
    .map((site) => site.map((c) => (c * bond) / Math.SQRT2));
}

/** Steepest descent with the step of Barzilai and Borwein (IMA J. Numer. Anal. 8, 141, 1988), till the forces vanish. */
function descend(shape: readonly (readonly number[])[]): Points {
  let at = points([shape.flat()]);
  let { gradient: g } = gradient(at);
  let step = 1e-3;
  for (let pass = 0; pass < 500 && Math.max(...g.map(Math.abs)) > 1e-7; pass++) {
    const next = { ...at, x: at.x.map((c, k) => c - step * g[k]) };
    const ahead = gradient(next).gradient;
    const [ss, sy] = at.x.reduce(
      ([ss, sy], c, k) => {
        const s = next.x[k] - c;
        return [ss + s * s, sy + s * (ahead[k] - g[k])];
      },
      [0, 0],
    );
    step = sy > 0 ? ss / sy : 1e-3;
    [at, g] = [next, ahead];
  }
  return at;
}
