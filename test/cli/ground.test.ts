import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-ground-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = async (...args: string[]) => {
  const { code, out } = await wick(["ground", ...args, "--json", "--quiet"]);
  expect(code).toBe(0);
  return JSON.parse(out);
};
const few = ["--walkers", "100", "--budget", "4e5"];

describe.concurrent("wick ground", () => {
  test("walkers: energy, error, D, and what they tell beside", async () => {
    const found = await asked("harmonic", "--D", "0.5", "--seed", "3", ...few);
    expect(found).toMatchObject({ engine: "dmc", D: 0.5, dim: 1, seed: 3, stop: "error reached", guide: "gaussian" });
    expect(Math.abs(found.energy - 0.5)).toBeLessThan(1e-9);
    expect(found.error).toBeLessThan(1e-9);
    expect(found.rows).toHaveLength(4);
    for (const row of found.rows) {
      expect(row.population.mean).toBeGreaterThan(10);
      expect(row.acceptance).toBe(1);
    }
    expect(found.timing.seconds).toBeGreaterThan(0);
  });

  test("a formula between walls, the same bytes for the same seed but for the time", async () => {
    const args = ["--formula", "0.5*(exp(-2*x) - 2*exp(-x))", "--D", "0.5", "--domain", "x=-6:40", "--seed", "1"];
    const [{ timing: _, ...a }, { timing: __, ...b }] = [await asked(...args, ...few), await asked(...args, ...few)];
    expect(a).toEqual(b);
    expect(Math.abs(a.energy + 0.125)).toBeLessThan(5 * a.error + 1e-9);
    expect(a.estimator).toBe("projected");
  });

  test("on a grid, and of the best packet", async () => {
    const grid = await asked("double-well", "--D", "0.5", "--engine", "grid");
    expect(grid.energy).toBeCloseTo(0.8695809189, 9);
    expect(grid.error).toBe(0);
    const packet = await asked("harmonic", "--dim", "3", "--D", "0.5", "--engine", "packets");
    expect(packet.energy).toBeCloseTo(1.5, 9);
  });

  test("for people, with pictures, and written out", async () => {
    const [figures, out, page] = ["figures", "ground.json", "ground.html"].map((name) => join(folder, name));
    const {
      code,
      out: told,
      err,
    } = await wick(["ground", "hydrogen", "--D", "0.5", ...few, "--figures", figures, "--out", out, "--report", page]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(told).toMatch(/hydrogen, D = 0.5: dmc, guide hydrogen/);
    expect(told).toMatch(/energy {2}-0\.5/);
    for (const name of ["walk", "extrapolation"])
      expect(readFileSync(join(figures, `${name}.svg`), "utf8")).toMatch(/^<svg/);
    expect(existsSync(join(figures, "walk.png"))).toBe(false);
    const report = readFileSync(page, "utf8");
    for (const part of ["the energy of its ground state", "The energy along a walk", "wick ground hydrogen --D 0.5"])
      expect(report).toContain(part);
    expect(JSON.parse(readFileSync(out, "utf8")).energy).toBeCloseTo(-0.5, 9);
  });

  test("out of a configuration file, flags winning", async () => {
    const file = join(folder, "ground.yaml");
    writeFileSync(file, "objective: { entry: hydrogen }\nD: 0.5\nwalkers: 50\nbudget: 200000\n");
    const found = await asked("--config", file, "--walkers", "60");
    expect(found.walkers).toBe(60);
  });

  test.each([
    [["harmonic"], /--D: is missing/],
    [["harmonic", "--D", "0"], /D: 0 is not a finite number above 0/],
    [["harmonic", "--D", "0.5", "--engine", "dcm"], /--engine: unknown name 'dcm'/],
    [["harmonic", "--D", "0.5", "--guide", "gauss"], /--guide: unknown name 'gauss'; did you mean 'gaussian'/],
    [["harmonic", "--D", "0.5", "--guide", "own"], /offers none of its own/],
    [["harmonic", "--D", "0.5", "--walkers", "1"], /walkers: 1 is not a whole number from 2/],
    [["harmonic", "--D", "0.5", "--dt", "-1"], /dt: -1 is not a finite number above 0/],
    [["harmonic", "--D", "0.5", "--node", "x +"], /formula/],
    [["harmonic", "--D", "0.5", "--node", "y"], /unknown name 'y'/],
    [["harmonic", "--D", "0.5", "--png"], /--png: says nothing without --figures/],
    [["harmonic", "--D", "0.5", "--engine", "grid", "--node", "x"], /node: belongs to walkers/],
    [
      ["harmonic", "--D", "0.5", "--engine", "grid", "--walkers", "5"],
      /walkers: belongs to walkers, and grid takes D alone/,
    ],
    [["harmonic", "--D", "0.5", "--engine", "packets", "--guide", "none"], /guide: .*packets takes D and seed/],
    [["harmonic", "--D", "0.5", "--set", "engine.foo=1"], /--set engine.foo: no engine here takes settings/],
    [["--formula", "-x^2", "--D", "0.5"], /falls on beyond it; it has no ground state/],
    [["--formula", "1/(x-x)", "--D", "0.5"], /finite nowhere/],
  ])("refuses %j in a line", async (args, said) => {
    const { code, out, err } = await wick(["ground", ...args]);
    expect(err).toMatch(said);
    expect(err.trim().split("\n").length).toBeLessThan(3);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
