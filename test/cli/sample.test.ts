import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-sample-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = async (...args: string[]) => {
  const { code, out, err } = await wick(["sample", ...args, "--json", "--quiet"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out);
};

const refused = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await wick(["sample", ...args]);
  expect(out).toBe("");
  expect(code).toBe(2);
  expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
  expect(err).not.toMatch(/\n\s+at /);
  return err;
};

describe.concurrent("wick sample", () => {
  test("tells mean, covariance, acceptance and worth, with the law it sampled", async () => {
    const found = await asked("harmonic", "--dim", "2", "--D", "0.5", "--steps", "1500", "--seed", "3");
    expect(found).toMatchObject({ objective: "harmonic", engine: "mala", law: "e^(−ζ/D)", D: 0.5, seed: 3, dim: 2 });
    expect(found).toMatchObject({ n: 1000, chains: 8, steps: 1500, stop: "schedule ended", warnings: [] });
    for (const list of ["mean", "mcse", "ess", "rhat", "autocorrelation"]) expect(found[list]).toHaveLength(2);
    for (let i = 0; i < 2; i++) {
      expect(Math.abs(found.mean[i])).toBeLessThan(4 * found.mcse[i]);
      expect(Math.abs(found.covariance[i][i] - 0.5)).toBeLessThan(4 * found.covarianceError[i][i]);
      expect(found.ess[i]).toBeGreaterThan(1000);
    }
    expect(found.acceptance).toBeGreaterThan(0.4);
    expect(found.acceptance).toBeLessThan(0.75);
    expect(found.samples).toBeUndefined();
    expect(found.timing.seconds).toBeGreaterThan(0);
  });

  test("is the same bytes for the same seed, times excepted", async () => {
    const [a, b] = await Promise.all(
      [1, 2].map(() => asked("--formula", "x^4 - x*y + y^2", "--domain", "-3:3", "--D", "0.4", "--steps", "300")),
    );
    expect({ ...a, timing: 0 }).toEqual({ ...b, timing: 0 });
  });

  test("writes samples as CSV: a header line, a row a sample", async () => {
    const file = join(folder, "s.csv");
    await asked(
      "funnel",
      "--dim",
      "3",
      "--D",
      "1",
      "--engine",
      "replica:rungs=3",
      "--n",
      "77",
      "--steps",
      "200",
      "--out",
      file,
    );
    const lines = readFileSync(file, "utf8").trim().split("\n");
    expect(lines[0]).toBe("v,x1,x2");
    expect(lines).toHaveLength(78);
    expect(
      lines
        .slice(1)
        .every((line) => line.split(",").length === 3 && line.split(",").every((v) => Number.isFinite(Number(v)))),
    ).toBe(true);
  });

  test("draws from the exact partners on a grid, and says which law each is", async () => {
    // variances D/k of e^{−ζ/D} and √(D/2k) of |φ₀|²
    const cells = await asked("harmonic", "--D", "0.125", "--engine", "fokker-planck");
    expect(cells.law).toBe("e^(−ζ/D)");
    expect(cells.covariance[0][0]).toBeCloseTo(0.125, 6);
    const file = join(folder, "born.json");
    const born = await asked("harmonic", "--D", "0.125", "--engine", "grid", "--n", "50", "--out", file);
    expect(born.law).toBe("|ψ|² of the ground state");
    expect(born.covariance[0][0]).toBeCloseTo(0.25, 5);
    expect(born).toMatchObject({ acceptance: 1, ess: [50], rhat: [null] });
    expect(JSON.parse(readFileSync(file, "utf8")).law).toBe(born.law);
  });

  test("takes a configuration file, walls, values only and the engine's parameters", async () => {
    const file = join(folder, "ramp.yaml");
    writeFileSync(file, "objective: { formula: x }\ndomain: { x: [0, 1.5] }\nedge: wall\nD: 0.5\nsteps: 2000\n");
    const ramp = await asked("--config", file, "--no-gradient", "--set", "engine.rule=barker");
    expect(ramp.engine).toBe("metropolis");
    const b = 1.5 / 0.5;
    expect(Math.abs(ramp.mean[0] - 0.5 * (1 - (b * Math.exp(-b)) / (1 - Math.exp(-b))))).toBeLessThan(4 * ramp.mcse[0]);
  });

  test("for people, with warnings on standard error", async () => {
    const { code, out, err } = await wick(["sample", "mixture", "--D", "1", "--steps", "500"]);
    expect(code).toBe(0);
    expect(out).toContain("the law e^(−ζ/D)");
    expect(err).toMatch(/R-hat is .*--engine replica/);
  });

  test("draws pictures, and writes a page with them", async () => {
    const [figures, page] = [join(folder, "figures"), join(folder, "page.html")];
    await asked("double-well", "--D", "0.5", "--steps", "300", "--figures", figures, "--png", "--report", page);
    const report = readFileSync(page, "utf8");
    for (const part of ["draws by mala", "R-hat", "Marginals of the draws", "wick sample double-well"])
      expect(report).toContain(part);
    for (const name of ["trace", "marginals"]) {
      expect(existsSync(join(figures, `${name}.svg`))).toBe(true);
      expect(existsSync(join(figures, `${name}.png`))).toBe(true);
    }
  });

  test("refuses what makes no sense in a line", async () => {
    expect(await refused("harmonic")).toMatch(/--D: is missing/);
    expect(await refused("harmonic", "--D", "0")).toMatch(/D: 0 is not/);
    expect(await refused("harmonic", "--D", "1", "--n", "0")).toMatch(/n: 0/);
    expect(await refused("harmonic", "--D", "1", "--engine", "malla")).toMatch(/did you mean 'mala'/);
    expect(await refused("harmonic", "--D", "1", "--png")).toMatch(/--png/);
    expect(await refused("--formula", "-x^2", "--domain", "-1:1", "--D", "1")).toMatch(/unbounded below/);
    expect(await refused("harmonic", "--D", "1", "--set", "engine.rungs=3")).toMatch(/rungs/);
    expect(await refused("harmonic", "--dim", "5", "--D", "1", "--engine", "grid")).toMatch(/at most 3/);
  });
});
