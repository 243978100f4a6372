import { describe, expect, it } from "vitest";
import { type Entry, type Params, readValues } from "../../src/core/entry.ts";
import { type Potential, points } from "../../src/core/problem.ts";
import { eigenSymmetric } from "../../src/math/eigen.ts";
import {
  doubleWellEntry,
  harmonicEntry,
  henonHeilesEntry,
  linearEntry,
  morseEntry,
  poschlTellerEntry,
  quarticEntry,
  ringEntry,
  squareWellEntry,
} from "../../src/potentials/wells.ts";
import spectra from "../reference/spectra.json" with { type: "json" };

/** ζ of a one-dimensional potential at x, asked as an engine would. */
function zeta(p: Potential, x: readonly number[]): Float64Array {
  const answer = p.answer({ kind: "value", at: points(x.map((c) => [c])) });
  if (answer instanceof Promise || answer.value === undefined) throw new Error("a well answers at once");
  return answer.value;
}

function diagonalize(H: Float64Array, n: number): Float64Array {
  const levels = new Float64Array(n);
  expect(eigenSymmetric(H, n, levels, new Float64Array(n * n))).toBe(true);
  return levels;
}

/** Levels on the whole line: sinc-DVR on n points of (a, b). D. T. Colbert and W. H. Miller, J. Chem. Phys. 96, 1982 (1992), eq. 2.5. */
function lineLevels(p: Potential, D: number, a: number, b: number, n: number): Float64Array {
  const h = (b - a) / (n + 1);
  const potential = zeta(
    p,
    Array.from({ length: n }, (_, i) => a + (i + 1) * h),
  );
  const H = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const apart = i - j;
      const kinetic = apart === 0 ? Math.PI ** 2 / 3 : (2 * (-1) ** apart) / apart ** 2;
      H[i * n + j] = (D / h ** 2) * kinetic + (apart === 0 ? potential[i] : 0);
    }
  return diagonalize(H, n);
}

/** Levels between hard walls at a and b: the sine basis, eq. A6 of the same paper. */
function wallLevels(p: Potential, D: number, a: number, b: number, n: number): Float64Array {
  const N = n + 1;
  const potential = zeta(
    p,
    Array.from({ length: n }, (_, i) => a + ((i + 1) * (b - a)) / N),
  );
  const H = new Float64Array(n * n);
  const unit = (D * Math.PI ** 2) / (2 * (b - a) ** 2);
  for (let i = 1; i <= n; i++)
    for (let j = 1; j <= n; j++) {
      const kinetic =
        i === j
          ? (2 * N * N + 1) / 3 - 1 / Math.sin((Math.PI * i) / N) ** 2
          : (-1) ** (i - j) *
            (1 / Math.sin((Math.PI * (i - j)) / (2 * N)) ** 2 - 1 / Math.sin((Math.PI * (i + j)) / (2 * N)) ** 2);
      H[(i - 1) * n + j - 1] = unit * kinetic + (i === j ? potential[i - 1] : 0);
    }
  return diagonalize(H, n);
}

/** Levels of gx between walls at 0 and L, by its matrix elements between sines (a quadrature would feel the kink at 0). */
function slopeLevels(g: number, D: number, L: number, n: number): Float64Array {
  const H = new Float64Array(n * n);
  for (let i = 1; i <= n; i++) {
    H[(i - 1) * n + i - 1] = D * ((Math.PI * i) / L) ** 2 + (g * L) / 2;
    for (let j = i % 2 === 0 ? 1 : 2; j <= n; j += 2)
      H[(i - 1) * n + j - 1] = (-8 * g * L * i * j) / (Math.PI * (i * i - j * j)) ** 2;
  }
  return diagonalize(H, n);
}

/** Levels on a ring of length b − a: plane waves, by the circulant matrix of D k². */
function ringLevels(p: Potential, D: number, a: number, b: number, n: number): Float64Array {
  const potential = zeta(
    p,
    Array.from({ length: n }, (_, i) => a + (i * (b - a)) / n),
  );
  const H = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      for (let m = -(n - 1) / 2; m <= (n - 1) / 2; m++)
        H[i * n + j] += ((D * ((2 * Math.PI * m) / (b - a)) ** 2) / n) * Math.cos((2 * Math.PI * m * (i - j)) / n);
      if (i === j) H[i * n + j] += potential[i];
    }
  return diagonalize(H, n);
}

/** Both lists agree to `tolerance`, relative to the greater of the level and `unit`. */
function expectLevels(found: ArrayLike<number>, exact: readonly number[], tolerance: number, unit = 0): void {
  expect(found.length).toBeGreaterThanOrEqual(exact.length);
  exact.forEach((level, n) => {
    expect(Math.abs(found[n] - level), `level ${n}: ${found[n]} against ${level}`).toBeLessThanOrEqual(
      tolerance * Math.max(Math.abs(level), unit),
    );
  });
}

const exactLevels = (p: Potential, D: number): readonly number[] => {
  const levels = p.truth?.energies?.(D);
  if (levels === undefined) throw new Error(`${p.name} has levels`);
  return levels;
};

const reference = (name: string) => {
  const found = spectra.cases.find((c) => c.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

describe("exact levels equal an independent diagonalization", () => {
  it.each([
    { D: 0.5, stiffness: 1 },
    { D: 0.02, stiffness: 3 },
    { D: 2, stiffness: 0.3 },
  ])("harmonic, D = $D, k = $stiffness", ({ D, stiffness }) => {
    const well = harmonicEntry.make(readValues(harmonicEntry, { stiffness }));
    const reach = 11 * (2 * (D / stiffness)) ** 0.25;
    expectLevels(lineLevels(well, D, -reach, reach, 140), exactLevels(well, D), 1e-9);
  });

  it.each([
    { D: 0.5, depth: 8, steepness: 1, center: 0, bound: 4 },
    { D: 0.5, depth: 0.5, steepness: 1, center: 0, bound: 1 },
    { D: 0.1, depth: 3, steepness: 0.7, center: 1.5, bound: 8 },
  ])("morse, D = $D, V = $depth", ({ D, bound, ...given }) => {
    const well = morseEntry.make(readValues(morseEntry, given));
    const exact = exactLevels(well, D);
    expect(exact).toHaveLength(bound);
    const { steepness: a, center: c, depth } = given;
    // the highest level reaches farthest out: its tail must have died at the end of the grid
    const tail = 14 / Math.sqrt(-exact[bound - 1] / D);
    const head = Math.log(1 + Math.sqrt(1 + 900 * (D / depth))) / a;
    expectLevels(lineLevels(well, D, c - head - 1 / a, c + 4 / a + tail, 480), exact, 1e-9);
  });

  it("morse at D = ½, V = ½ has its ground state at −1/8", () => {
    const well = morseEntry.make(readValues(morseEntry, { depth: 0.5 }));
    expect(exactLevels(well, 0.5)).toEqual([-0.125]);
  });

  it.each([
    { D: 0.5, depth: 10, steepness: 1, bound: 4 },
    { D: 0.3, depth: 4, steepness: 0.5, bound: 7 },
  ])("poschl-teller, D = $D, V = $depth", ({ D, bound, ...given }) => {
    const well = poschlTellerEntry.make(readValues(poschlTellerEntry, given));
    const exact = exactLevels(well, D);
    expect(exact).toHaveLength(bound);
    const reach = 2 / given.steepness + 14 / Math.sqrt(-exact[bound - 1] / D);
    expectLevels(lineLevels(well, D, -reach, reach, 360), exact, 1e-9);
  });

  it.each([
    { D: 0.5, slope: 1 },
    { D: 1.5, slope: 4 },
  ])("linear above a floor, D = $D, g = $slope", ({ D, slope }) => {
    const well = linearEntry.make(readValues(linearEntry, { slope }));
    expect([...zeta(well, [0, 0.5, 3])]).toEqual([0, 0.5 * slope, 3 * slope]);
    expect([well.domain.lower[0], well.domain.edge]).toEqual([0, "wall"]);
    expectLevels(slopeLevels(slope, D, 24 * Math.cbrt(D / slope), 300), exactLevels(well, D), 1e-9);
  });

  it("nothing between walls", () => {
    const well = squareWellEntry.make({ length: 2.5 });
    const [a, b] = [well.domain.lower[0], well.domain.upper[0]];
    expect(well.domain.edge).toBe("wall");
    expectLevels(wallLevels(well, 0.7, a, b, 60), exactLevels(well, 0.7), 1e-9);
  });

  it("nothing on a ring, also against the reference", () => {
    const ring = ringEntry.make({ length: 20 });
    expect(ring.domain.edge).toBe("periodic");
    const exact = exactLevels(ring, 0.5);
    expectLevels(ringLevels(ring, 0.5, ring.domain.lower[0], ring.domain.upper[0], 41), exact, 1e-9, 0.05);
    expectLevels(exact, reference("free_ring_D0.5").levels_f64, 1e-12, 1);
  });
});

describe("levels without a closed form equal the reference, so the potentials are what they say", () => {
  it.each<[string, Entry<Params, Potential>, Record<string, number>, number]>([
    ["double_well_h1_D0.5", doubleWellEntry, { height: 1 }, 5.5],
    ["double_well_h5_D0.5", doubleWellEntry, { height: 5 }, 4],
    ["double_well_h20_D0.5", doubleWellEntry, { height: 20 }, 3],
    ["double_well_h4_D0.02", doubleWellEntry, { height: 4 }, 2.5],
    ["tilted_double_well", doubleWellEntry, { height: 3, tilt: 0.4 }, 4.5],
    ["quartic_anharm_D0.5", quarticEntry, { anharmonicity: 0.1 }, 7],
    ["harmonic_D0.5", harmonicEntry, {}, 11],
  ])("%s", (name, from, given, reach) => {
    const { D, levels_f64 } = reference(name);
    const well = from.make(readValues(from, given));
    expectLevels(lineLevels(well, D, -reach, reach, 200), levels_f64, 1e-10);
  });

  it("henon-heiles, in a basis of oscillator functions", () => {
    const { D, levels_f64 } = reference("henon_heiles_lam0.1118");
    expect(D).toBe(0.5);
    const well = henonHeilesEntry.make(readValues(henonHeilesEntry, {}));
    expectLevels(planeLevels(well, 34), levels_f64, 1e-8);
  });
});

/** Levels at D = ½ from H = (the oscillator) + (ζ − ½r²), the second by Gauss–Hermite quadrature, n₁ + n₂ < size. */
function planeLevels(p: Potential, size: number): Float64Array {
  const nodes = size + 6;
  const { x, phi } = oscillator(nodes, size);
  const at = points(x.flatMap((a) => x.map((b) => [a, b])));
  const answer = p.answer({ kind: "value", at });
  if (answer instanceof Promise || answer.value === undefined) throw new Error("a well answers at once");
  const rest = answer.value.map((v, k) => v - 0.5 * (at.x[2 * k] ** 2 + at.x[2 * k + 1] ** 2));
  const states = Array.from({ length: size }, (_, m) => Array.from({ length: size - m }, (_, n) => [m, n])).flat();
  const count = states.length;
  const H = new Float64Array(count * count);
  states.forEach(([m, n], row) => {
    // half of the quadrature for this row: sum over x first
    const half = new Float64Array(size * nodes);
    for (let m2 = 0; m2 < size; m2++)
      for (let a = 0; a < nodes; a++) {
        const factor = phi[m][a] * phi[m2][a];
        for (let b = 0; b < nodes; b++) half[m2 * nodes + b] += factor * rest[a * nodes + b];
      }
    states.forEach(([m2, n2], column) => {
      let sum = row === column ? m + n + 1 : 0;
      for (let b = 0; b < nodes; b++) sum += half[m2 * nodes + b] * phi[n][b] * phi[n2][b];
      H[row * count + column] = sum;
    });
  });
  return diagonalize(H, count);
}

/** Nodes of Gauss–Hermite quadrature and the oscillator's functions there, times the roots of the weights. */
function oscillator(nodes: number, size: number): { x: number[]; phi: Float64Array[] } {
  const position = new Float64Array(nodes * nodes);
  for (let n = 1; n < nodes; n++) {
    position[n * nodes + n - 1] = Math.sqrt(n / 2);
    position[(n - 1) * nodes + n] = Math.sqrt(n / 2);
  }
  const x = new Float64Array(nodes);
  const vectors = new Float64Array(nodes * nodes);
  expect(eigenSymmetric(position, nodes, x, vectors)).toBe(true);
  const phi = Array.from({ length: size }, (_, n) =>
    x.map((_, a) => vectors[a * nodes + n] * Math.sign(vectors[a * nodes])),
  );
  return { x: [...x], phi };
}

describe("the harmonic well in many dimensions", () => {
  it("has the reference's levels in three", () => {
    const well = harmonicEntry.make(readValues(harmonicEntry, { dim: 3 }));
    expectLevels(exactLevels(well, 0.5), reference("ho3d_isotropic_D0.5").levels_f64, 1e-12);
  });

  it.each([2, 3, 5, 40])("has the sums of the levels of %i wells", (dim) => {
    const D = 0.3;
    const [one, many] = [1, dim].map((d) => exactLevels(harmonicEntry.make(readValues(harmonicEntry, { dim: d })), D));
    let sums = [0];
    for (let j = 0; j < dim; j++)
      sums = sums
        .flatMap((sum) => one.slice(0, 8).map((level) => sum + level))
        .sort((a, b) => a - b)
        .slice(0, 20);
    expectLevels(many, sums, 1e-12);
  });
});

describe("minima", () => {
  const cases = [
    ["harmonic", harmonicEntry.make(readValues(harmonicEntry, { dim: 3, stiffness: 2 }))],
    ["double-well", doubleWellEntry.make({ height: 1, tilt: 0 })],
    ["double-well, tilted", doubleWellEntry.make({ height: 1, tilt: 0.5 })],
    ["double-well, tilted the other way", doubleWellEntry.make({ height: 2, tilt: -1 })],
    ["double-well with one well left", doubleWellEntry.make({ height: 0.5, tilt: 40 })],
    ["quartic", quarticEntry.make({ stiffness: 1, anharmonicity: 0.1 })],
    ["morse", morseEntry.make({ depth: 3, steepness: 2, center: 0.5 })],
    ["poschl-teller", poschlTellerEntry.make({ depth: 3, steepness: 2 })],
    ["henon-heiles", henonHeilesEntry.make(readValues(henonHeilesEntry, {}))],
    ["henon-heiles, weak", henonHeilesEntry.make({ coupling: 0.05 })],
  ] as const;

  it.each(cases)("%s: value, gradient 0, nothing below", (_, well) => {
    const { minimum, argmin } = well.truth ?? {};
    if (minimum === undefined || argmin === undefined) throw new Error("known");
    const answer = well.answer({ kind: "gradient", at: argmin });
    if (answer instanceof Promise) throw new Error("at once");
    for (const value of answer.value ?? []) expect(value).toBeCloseTo(minimum, 11);
    for (const slope of answer.gradient ?? []) expect(Math.abs(slope)).toBeLessThan(1e-11);
    const dim = well.domain.lower.length;
    argmin.x.forEach((c, k) => {
      expect(c).toBeGreaterThan(well.domain.lower[k % dim]);
      expect(c).toBeLessThan(well.domain.upper[k % dim]);
    });
    const side = dim === 1 ? 20_001 : dim === 2 ? 201 : 31;
    const axis = (j: number, i: number) =>
      well.domain.lower[j] + (i * (well.domain.upper[j] - well.domain.lower[j])) / (side - 1);
    const rows = Array.from({ length: side ** dim }, (_, k) =>
      Array.from({ length: dim }, (_, j) => axis(j, Math.floor(k / side ** j) % side)),
    );
    const lattice = well.answer({ kind: "value", at: points(rows) });
    if (lattice instanceof Promise) throw new Error("at once");
    expect(Math.min(...Array.from(lattice.value ?? []))).toBeGreaterThanOrEqual(minimum - 1e-12);
  });

  it("morse binds nothing where it is too shallow", () => {
    expect(exactLevels(morseEntry.make({ depth: 0.1, steepness: 1, center: 0 }), 1)).toEqual([]);
  });
});
