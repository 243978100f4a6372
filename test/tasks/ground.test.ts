/** Ground-state energies by walkers, on a grid and of the best packet, each against what is known of it. */
import { describe, expect, test } from "vitest";
import { readValues } from "../../src/core/entry.ts";
import { box, domain, type Potential, potential } from "../../src/core/problem.ts";
import { formula, potentialEntries } from "../../src/potentials/index.ts";
import { extrapolate } from "../../src/tasks/extrapolate.ts";
import { type Ground, type GroundOptions, ground } from "../../src/tasks/ground.ts";
import { formulaNode } from "../../src/tasks/node.ts";
import { variational } from "../../src/tasks/relaxed.ts";
import spectra from "../reference/spectra.json" with { type: "json" };

function well(name: string, set: Record<string, unknown> = {}): Potential {
  const entry = potentialEntries.find((e) => e.name === name);
  if (entry === undefined) throw new Error(`no ${name}`);
  return entry.make(readValues(entry, set));
}

/** Within five standard errors: a perfect guide has none. */
function near({ energy, error }: Ground, exact: number, most: number): void {
  expect(error).not.toBeNull();
  expect(error ?? 1).toBeLessThan(most);
  expect(Math.abs(energy - exact)).toBeLessThan(5 * (error ?? 0) + 1e-9);
}

const D = 0.5;
const brief: GroundOptions = { D, seed: 1, walkers: 400, budget: 2e6 };

describe("walkers", () => {
  test.each([1, 3, 10, 50])("harmonic in %i dimensions: the best Gaussian is the ground state", async (dim) => {
    near(await ground(well("harmonic", { dim }), { ...brief, walkers: 60 }), dim / 2, 1e-9);
  });

  test("without a guide too", async () => {
    const found = await ground(well("harmonic", { dim: 3 }), { ...brief, guide: "none", budget: 4e6 });
    near(found, 1.5, 0.02);
    expect(found.walk?.guide).toBe("none");
  });

  test("Morse, −1/8, between walls", async () => {
    const morse = formula("0.5*(exp(-2*x) - 2*exp(-x))", { domain: domain([-6], [40], "wall") });
    near(await ground(morse, { ...brief, budget: 6e6 }), -1 / 8, 0.004);
  });

  test("hydrogen: a perfect guide", async () => {
    near(await ground(well("hydrogen"), { ...brief, walkers: 50 }), -0.5, 1e-9);
    near(await ground(well("hydrogen", { charge: 2 }), { ...brief, walkers: 50, D: 1 }), -1, 1e-9);
  });

  test.each([
    ["h2-plus", -0.602634214495, 0.001],
    ["h2", -1.174475, 0.008],
    ["h-minus", -0.527751, 0.004],
  ] as const)("%s", async (name, exact, most) => {
    near(await ground(well(name), { ...brief, walkers: 200, dt: 0.04 }), exact, most);
  });

  const cases = spectra.cases.map(({ name, D, V, box: bounds, levels_f64: levels }) => ({
    name,
    D,
    V,
    bounds,
    levels,
  }));
  test.each(cases)("$name", async ({ name, D, V, bounds, levels }) => {
    const vars = ["x", "y", "z"].slice(0, bounds.length);
    const [lower, upper] = [0, 1].map((side) => bounds.map((b) => b[side]));
    const edge = name.startsWith("free_ring") ? "periodic" : "wall";
    const params = V.includes("lam") ? { lam: Math.sqrt(0.0125) } : {};
    const at = formula(V, { vars, params, domain: domain(lower, upper, edge) });
    near(await ground(at, { ...brief, D }), levels[0], 0.05 * Math.max(1, levels[0]));
  });

  test("nothing between walls: what dies at them is the energy", async () => {
    near(await ground(well("square-well"), { ...brief, walkers: 1000 }), D * Math.PI ** 2, 0.05);
  });

  test("an excited state by its node", async () => {
    const at = well("double-well");
    const found = await ground(at, { ...brief, node: formulaNode("x", at), budget: 6e6 });
    near(found, 1.661428998258257, 0.03);
    expect(found.walk?.node).toBe("x");
  });

  test("twenty are biased: it is seen, named, and corrected", async () => {
    const options = { ...brief, walkers: 20, guide: "none", error: 0.0025, budget: 4e7 } as const;
    const found = await ground(well("harmonic"), options);
    const [twenty] = found.walk?.rows ?? [];
    expect(twenty.walkers).toBe(20);
    expect(twenty.energy - 0.5).toBeGreaterThan(4 * twenty.error);
    expect(found.warnings.join()).toMatch(/20 walkers are biased by/);
    near(found, 0.5, 0.0025);
  });

  test("the budget holds all that is asked, the search for the Gaussian too; where it cannot, it is said", async () => {
    const enough = await ground(well("double-well"), { D, budget: 1e6 });
    expect(enough.walk?.walkers).toBe(400);
    expect(enough.stop).toBe("budget spent");
    expect(enough.evaluations).toBeGreaterThan(0.8e6);
    expect(enough.evaluations).toBeLessThan(1.1e6);
    const less = await ground(well("double-well"), { D, walkers: 400, budget: 1e5 });
    expect(less.warnings.join()).toMatch(/evaluations where 100000 were to be spent/);
  });

  test("the same seed gives the same bits; another does not", async () => {
    const options = { ...brief, guide: "none", duration: 5, walkers: 50 } as const;
    const [a, b, c] = [
      await ground(well("quartic"), options),
      await ground(well("quartic"), options),
      await ground(well("quartic"), { ...options, seed: 2 }),
    ];
    expect(a).toEqual(b);
    expect(c.energy).not.toBe(a.energy);
  });
});

describe("other levels", () => {
  test("on a grid it is exact", async () => {
    const { energy, error, stop } = await ground(well("double-well"), { D, engine: "grid" });
    expect(energy).toBeCloseTo(0.869580918935, 10);
    expect(error).toBe(0);
    expect(stop).toBe("solved");
  });

  test("the best packet is an upper bound, exact in a harmonic well", async () => {
    const quartic = await ground(well("quartic"), { D, engine: "packets" });
    expect(quartic.energy).toBeGreaterThan(0.5591463 - 3 * (quartic.error ?? 0));
    expect(quartic.energy).toBeLessThan(0.57 + 3 * (quartic.error ?? 0));
    const harmonic = await ground(well("harmonic", { dim: 4 }), { D, engine: "packets" });
    expect(harmonic.energy).toBeCloseTo(2, 10);
  });

  test("the error bar of a best packet is that of its own energy", async () => {
    const quartic = formula("x^4", { domain: domain([-6], [6], "open") });
    const z = await Promise.all(
      Array.from({ length: 100 }, async (_, seed) => {
        const { energy, error, mean, covariance } = await variational(quartic, D, seed, 3e5);
        const [m, v] = [mean[0], covariance[0]];
        return (energy - (D / (4 * v) + m ** 4 + 6 * m * m * v + 3 * v * v)) / error;
      }),
    );
    const square = z.reduce((sum, one) => sum + one * one, 0) / z.length;
    // χ² of a hundred, four standard deviations about its mean
    expect(square).toBeGreaterThan(1 - 4 * Math.sqrt(0.02));
    expect(square).toBeLessThan(1 + 4 * Math.sqrt(0.02));
  });
});

describe("what is refused, by name", () => {
  const refused = (at: Potential, options: Partial<GroundOptions>, said: RegExp) =>
    expect(ground(at, { ...brief, ...options })).rejects.toThrow(said);

  test("a ζ that falls without end", async () => {
    await refused(formula("-x^2"), {}, /falls on beyond it.*no ground state/);
    await refused(formula("x"), {}, /no ground state/);
  });

  test("walkers that nothing holds", async () => {
    await refused(formula("0*x"), { guide: "none", duration: 1e6 }, /run away/);
  });

  test("walkers that die out, and walkers that explode", async () => {
    await refused(well("harmonic"), { guide: "none", dt: 50 }, /Δτ = 50: all walkers died out/);
    await refused(formula("-1/abs(x)^3", { domain: box(1, -5, 5, "wall") }), { guide: "none" }, /population exploded/);
  });

  test("numbers without sense, guides that do not exist", async () => {
    await refused(well("harmonic"), { D: -1 }, /D: -1 is not a finite number above 0/);
    await refused(well("harmonic"), { walkers: 1 }, /walkers: 1/);
    await refused(well("harmonic"), { guide: "own" }, /offers none of its own/);
    await refused(well("ring"), { guide: "gaussian" }, /not periodic/);
    await refused(
      well("harmonic"),
      { engine: "grid", walkers: undefined, budget: undefined, node: formulaNode("x", well("harmonic")) },
      /node.*belongs to walkers/,
    );
  });

  test("a guide that vanishes", async () => {
    const nothing = {
      name: "nothing",
      particle: 0,
      at: (_: unknown, out: { log: Float64Array }) => void out.log.fill(Number.NEGATIVE_INFINITY),
    };
    await refused(well("harmonic"), { guide: nothing }, /guide 'nothing': vanishes/);
  });

  test("a singular ζ without its guide is warned of", async () => {
    const { warnings } = await ground(well("hydrogen"), { ...brief, guide: "none", duration: 1, walkers: 50 });
    expect(warnings.join()).toMatch(/--guide own/);
  });

  test("a Δτ too large for the guide is warned of", async () => {
    const { warnings } = await ground(well("h2"), { ...brief, dt: 0.5, duration: 50, walkers: 50 });
    expect(warnings.join()).toMatch(/% of moves are accepted/);
  });
});

test("rows on a line are extrapolated to its end, with the errors they carry", () => {
  const row = (dt: number, walkers: number) => ({
    ...{
      dt,
      walkers,
      energy: 2 + 0.3 * dt + 4 / walkers,
      error: 0.01,
      steps: 1,
      equilibration: 0,
      correlation: 1,
      acceptance: 1,
    },
    population: { mean: walkers, min: walkers, max: walkers },
  });
  const found = extrapolate([row(0.2, 100), row(0.1, 100), row(0.05, 100), row(0.2, 25)], 1);
  expect(found?.energy).toBeCloseTo(2, 12);
  expect(found?.fit.timeStep).toBeCloseTo(0.06, 12);
  expect(found?.fit.population).toBeCloseTo(0.04, 12);
  expect(found?.error).toBeGreaterThan(0.01);
  expect(extrapolate([{ ...row(1, 1), error: Number.NaN }], 1)).toBeUndefined();
});

test("an abort keeps what was found", async () => {
  const control = new AbortController();
  const slow = potential({ name: "slow", domain: box(1, -5, 5), value: (x) => x[0] ** 2 });
  const progress = (): void => control.abort();
  const found = await ground(slow, { D, guide: "none", duration: 1e5 }, { signal: control.signal, progress });
  expect(found.stop).toBe("aborted");
  expect(found.error).toBeNull();
  expect(found.energy).toBeGreaterThan(0);
});
