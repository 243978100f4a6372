/** Every level of approximation beside the exact one, on one problem. */
import { describe, expect, it } from "vitest";
import { domain, potential } from "../../src/core/index.ts";
import { formula } from "../../src/potentials/index.ts";
import { comparisonReport } from "../../src/report/index.ts";
import { type Compared, compare } from "../../src/tasks/index.ts";

const row = ({ rows }: Compared, level: string) => {
  const found = rows.find((one) => one.level === level);
  if (found === undefined) throw new Error(`no row '${level}'`);
  return found;
};

describe("on a harmonic well", () => {
  // D = 0.3, k = 2: variances of |φ₀|², φ₀ and e^{−ζ/D} are √(D/2k), 2√(D/2k) and D/k
  const [D, k] = [0.3, 2];
  const narrow = Math.sqrt(D / (2 * k));
  const found = compare(formula("x^2", { domain: domain([-6], [6], "open") }), { D, seed: 3, budget: 1e6 });

  it("each level has the law that theory gives it", async () => {
    const all = await found;
    expect(all.rows.map(({ level }) => level)).toEqual(
      "grid fokker-planck walkers packets langevin mala underdamped metropolis replica".split(" "),
    );
    expect(row(all, "grid").energy).toBeCloseTo(Math.sqrt(2 * D * k) / 2, 10);
    expect(row(all, "fokker-planck").energy).toBeCloseTo(D / 2, 6);
    expect(row(all, "grid").deviation[0] ** 2).toBeCloseTo(narrow, 4);
    expect(row(all, "packets").deviation[0] ** 2).toBeCloseTo(narrow, 8);
    expect(row(all, "walkers").deviation[0] ** 2).toBeCloseTo(2 * narrow, 1);
    expect(row(all, "fokker-planck").deviation[0] ** 2).toBeCloseTo(D / k, 6);
  });

  it("agrees with its partner where it is exact, and says where it is not", async () => {
    const all = await found;
    for (const level of ["walkers", "mala", "underdamped", "metropolis", "replica"]) {
      const { energy, error, exact, distance, chance, why } = row(all, level);
      expect(Math.abs(energy - (exact ?? Number.NaN))).toBeLessThan(4 * (error ?? 0));
      expect(distance).toBeLessThan(1.5 * chance);
      expect(why[0]).toContain("agrees with");
    }
    expect(row(all, "packets").why[0]).toContain("harmonic");
    // steps that are all taken: the stationary variance is D/k · 1/(1 − kΔτ/2), above that of the law
    const langevin = row(all, "langevin");
    expect(langevin.energy).toBeGreaterThan((langevin.exact ?? 0) + 4 * (langevin.error ?? 0));
    expect(langevin.why.join()).toContain("order Δτ");
  });

  it("costs what it may, the search for the Gaussian included", async () => {
    for (const { cost } of (await found).rows) expect(cost).toBeLessThan(1.1e6);
    expect(row(await found, "walkers").cost).toBeGreaterThan(0.9e6);
  });

  it("counts a gradient as three evaluations", async () => {
    for (const { cost, evaluations, gradients } of (await found).rows) expect(cost).toBe(evaluations + 3 * gradients);
    expect(row(await found, "mala").gradients).toBeGreaterThan(0);
    expect(row(await found, "metropolis").gradients).toBe(0);
  });
});

it("does not call it agreement where chains have not come together", async () => {
  const wells = formula("(x^2 - 1)^2", { domain: domain([-2], [2], "open") });
  const all = await compare(wells, { D: 0.06, budget: 1e5 });
  for (const level of ["mala", "underdamped", "metropolis"]) {
    expect(row(all, level).why.join()).not.toContain("agrees with");
    expect(row(all, level).why.join()).toContain("R-hat");
  }
  expect(row(all, "replica").why[0]).toContain("agrees with");
});

describe("what compare does without", () => {
  it("no grid above three dimensions: levels side by side, without partners", async () => {
    const names = ["a", "b", "c", "d"];
    const four = formula(names.map((n) => `${n}^2`).join(" + "), {
      domain: domain([-3, -3, -3, -3], [3, 3, 3, 3], "open"),
    });
    const all = await compare(four, { D: 0.5, budget: 2e5 });
    expect(all.rows.map(({ level }) => level)).not.toContain("grid");
    expect(all.rows.every(({ distance, partner }) => distance === null && partner === null)).toBe(true);
    expect(all.warnings[0]).toContain("at most 3 dimensions");
    expect(row(all, "packets").energy).toBeCloseTo(2 * Math.SQRT2, 8);
    const { error } = row(all, "mala");
    expect(comparisonReport(all)).toContain(`>${error?.toExponential(1)}<`);
  });

  it("no gradients: only levels that ask for values", async () => {
    const blind = potential({ name: "blind", domain: domain([-5], [5], "wall"), value: (x) => x[0] * x[0] });
    const levels = (await compare(blind, { D: 0.5, budget: 1e5 })).rows.map(({ level }) => level);
    expect(levels).toEqual(["grid", "fokker-planck", "walkers", "packets", "metropolis", "replica"]);
  });

  it("refuses a D that is none, and says of each level that fails why", async () => {
    const well = formula("x^2", { domain: domain([-5], [5], "open") });
    await expect(compare(well, { D: 0 })).rejects.toThrow("D: 0 is not a finite number above 0");
    await expect(compare(well, { D: 1, seed: 0.5 })).rejects.toThrow("seed");
    await expect(compare(well, { D: 1, budget: 100 })).rejects.toThrow("budget: 100 is less than");
    await expect(compare(well, { D: 1e300 })).rejects.toThrow(/D: 1e\+300 is too large.*holds nothing/);
    const falling = formula("-x^4", { domain: domain([-5], [5], "open") });
    await expect(compare(falling, { D: 0.5, budget: 1e5 })).rejects.toThrow(/has no ground state.*walkers.*packets/);
  });

  it("ends between two levels, and keeps what it has", async () => {
    const stop = new AbortController();
    const well = formula("x^2", { domain: domain([-5], [5], "open") });
    const progress = (level: string): void => {
      if (level === "packets") stop.abort();
    };
    const all = await compare(well, { D: 0.5, budget: 1e5 }, { signal: stop.signal, progress });
    expect(all.stop).toBe("aborted");
    expect(all.rows.map(({ level }) => level)).toEqual(["grid", "fokker-planck", "walkers"]);
  });
});
