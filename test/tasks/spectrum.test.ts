/** Spectra against the reference, closed forms, and what every eigenstate must satisfy. */
import { describe, expect, test } from "vitest";
import { box, domain, type Potential } from "../../src/core/problem.ts";
import { formula, potentialEntries } from "../../src/potentials/index.ts";
import { spectrum } from "../../src/tasks/spectrum.ts";
import { sweep } from "../../src/tasks/sweep.ts";
import reference from "../reference/spectra.json" with { type: "json" };

type Case = {
  readonly name: string;
  readonly V: string;
  readonly D: number;
  readonly box: number[][];
  readonly params?: Readonly<Record<string, number>>;
  readonly levels: readonly string[];
  readonly tol_rel?: number;
  readonly tol_abs?: number;
};

const cases = reference.cases as readonly Case[];

function potentialOf({ V, box: bounds, params = {}, name }: Case): Potential {
  const on = domain(
    bounds.map(([lower]) => lower),
    bounds.map(([, upper]) => upper),
    name.startsWith("free_ring") ? "periodic" : "wall",
  );
  const vars = ["x", "y", "z"].slice(0, bounds.length);
  return formula(V, { vars, params, domain: on });
}

describe.each(cases)("$name", (given) => {
  const { D, levels } = given;
  const exact = levels.map(Number);
  const solve = () => spectrum(potentialOf(given), { D, levels: exact.length });

  test("every level is the reference's, and no further off than the estimate says", async () => {
    const { levels: found, error } = await solve();
    found.forEach((level, n) => {
      const off = Math.abs(level - exact[n]);
      expect(off).toBeLessThanOrEqual(given.tol_abs ?? (given.tol_rel ?? 0) * Math.abs(exact[n]));
      // the references themselves are known to about 5e-13
      expect(off).toBeLessThanOrEqual(error[n] + 5e-13 * Math.max(1, Math.abs(exact[n])));
    });
  });

  test("the doublet's difference holds to 1e-9", async () => {
    const { gap } = await solve();
    expect(Math.abs((gap ?? Number.NaN) - (exact[1] - exact[0]))).toBeLessThanOrEqual(1e-9);
  });

  test("(18): each level is its kinetic and its potential part", async () => {
    const { levels: found, kinetic, potentialPart } = await solve();
    found.forEach((level, n) => {
      expect(Math.abs(kinetic[n] + potentialPart[n] - level)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(level)));
      expect(kinetic[n]).toBeGreaterThanOrEqual(-1e-12);
    });
  });
});

describe("the virial 2⟨T⟩ = ⟨x·∇ζ⟩", () => {
  // x·∇ζ of a power is its degree times ζ
  test.each([
    ["x^2/2", 2, 1],
    ["x^4", 4, 1],
    ["(x^2 + 3*y^2)/2", 2, 2],
  ])("holds in every level of %s", async (text, degree, dim) => {
    const { kinetic, potentialPart } = await spectrum(formula(text, { domain: box(dim, -9, 9, "wall") }), {
      D: 0.7,
      levels: 8,
      // the parts are of first order in the error of the state, where a level is of second
      tolerance: 1e-13,
    });
    kinetic.forEach((T, n) => {
      expect(2 * T).toBeCloseTo(degree * potentialPart[n], 8);
    });
  });
});

describe("closed forms", () => {
  test.each([
    ["harmonic", { dim: 2 }],
    ["morse", {}],
    ["poschl-teller", {}],
    ["linear", {}],
    ["square-well", {}],
    ["ring", {}],
  ])("%s", async (name, set) => {
    const entry = potentialEntries.find((e) => e.name === name);
    if (entry === undefined) throw new Error(`no entry ${name}`);
    const defaults = Object.fromEntries(Object.entries(entry.params).map(([key, param]) => [key, param.default]));
    const well = entry.make({ ...defaults, ...set });
    const D = 0.3;
    const exact = well.truth?.energies?.(D) ?? [];
    const count = Math.min(5, exact.length);
    const { levels } = await spectrum(well, { D, levels: count });
    levels.forEach((level, n) => {
      expect(Math.abs(level - exact[n])).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(exact[n])));
    });
  });
});

describe("a sweep over D", () => {
  const tilted = "2 - 1.7*exp(-(x + 0.8)^2/0.06) - 1.3*exp(-(x - 0.6)^2/0.5) + 0.05*x^2";
  const potential = formula(tilted, { domain: box(1, -4, 4, "wall") });

  test.each([41, 161])("of %i rows finds the one D at which the ground state changes wells (E5)", async (count) => {
    const { rows, crossings } = await sweep(potential, { from: 0.5, to: 0.003, count, levels: 3, tolerance: 1e-8 });
    expect(crossings.length).toBe(1);
    expect(crossings[0].D).toBeCloseTo(0.021062, 5);
    // the wide, shallower well owns it above, the narrow, deeper one below
    expect(crossings[0].from[0]).toBeGreaterThan(0);
    expect(crossings[0].to[0]).toBeLessThan(0);
    // Hellmann–Feynman: dE₀/dD = ⟨−∇²⟩ > 0
    const ground = [...rows].sort((a, b) => a.D - b.D).map(({ levels }) => levels[0]);
    expect(ground.every((level, i) => i === 0 || level > ground[i - 1])).toBe(true);
  });
});

describe("a stop", () => {
  const well = formula("x^2/2 + y^2");
  /** Stopped by a timer, which has its turn only where the work pauses. */
  const stopping = (ms: number): { signal: AbortSignal } => {
    const control = new AbortController();
    setTimeout(() => control.abort(), ms);
    return { signal: control.signal };
  };

  test("ends a spectrum in the middle of its work", async () => {
    await expect(spectrum(well, { D: 0.5, levels: 150 }, stopping(0))).rejects.toThrow("stopped before the levels");
  });

  test("leaves a sweep the rows that it has", async () => {
    const { rows, stop } = await sweep(formula("x^2"), { from: 1, to: 0.1, count: 10_000 }, stopping(100));
    expect(stop).toBe("aborted");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(10_000);
  });
});

describe("refused", () => {
  const well = formula("x^2", { domain: box(1, -5, 5, "wall") });
  test.each([
    [{ D: 0 }, /D/],
    [{ D: -1 }, /D/],
    [{ D: 1, levels: 0 }, /levels/],
    [{ D: 1, levels: 40, grid: 20 }, /levels/],
    [{ D: 1, grid: 0 }, /grid/],
    [{ D: 1, grid: 100_000 }, /GiB/],
  ])("%j", async (options, message) => {
    await expect(spectrum(well, options)).rejects.toThrow(message);
  });
  test("a potential that is not finite on the grid, with the place", async () => {
    await expect(spectrum(formula("1/x", { domain: box(1, -1, 1, "wall") }), { D: 1, grid: 21 })).rejects.toThrow(
      /x1? ?= ?0|at/,
    );
  });
});
