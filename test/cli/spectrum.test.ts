import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readNpz } from "../../src/report/data.ts";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-spectrum-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = async (...args: string[]) => {
  const { code, out, err } = await wick(["spectrum", ...args, "--json"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out);
};

describe.concurrent("levels", () => {
  test("of a harmonic well, whatever its D: E_n = √(2Dk)(n + ½)", async () => {
    const { D, levels, gap, grid, error, kinetic, potential } = await asked("harmonic", "--D", "2", "--levels", "6");
    expect(D).toBe(2);
    expect(levels).toHaveLength(6);
    levels.forEach((E: number, n: number) => {
      expect(Math.abs(E - 2 * (n + 0.5))).toBeLessThan(1e-9);
      expect(error[n]).toBeLessThan(1e-9);
      expect(Math.abs(kinetic[n] + potential[n] - E)).toBeLessThan(1e-9);
    });
    expect(gap).toBe(levels[1] - levels[0]);
    expect(grid.shape[0]).toBeGreaterThan(6);
  });

  test("between walls where a domain is given: D(nπ/L)²", async () => {
    const { levels } = await asked("--formula", "0*x", "--domain", "0:2", "--D", "0.5", "--levels", "4");
    levels.forEach((E: number, n: number) => {
      expect(Math.abs(E / (0.5 * ((Math.PI * (n + 1)) / 2) ** 2) - 1)).toBeLessThan(1e-9);
    });
  });

  test("on a ring where one is asked for", async () => {
    const ring = ["--formula", "0*x", "--domain", "-10:10", "--edge", "periodic"];
    const { levels } = await asked(...ring, "--D", "0.5", "--levels", "3");
    expect(Math.abs(levels[0])).toBeLessThan(1e-12);
    for (const n of [1, 2]) expect(Math.abs(levels[n] - 0.5 * (Math.PI / 10) ** 2)).toBeLessThan(1e-12);
  });

  test("on a grid that is given, in two dimensions", async () => {
    const { grid, levels } = await asked("harmonic", "--dim", "2", "--D", "0.5", "--levels", "3", "--grid", "28,32");
    expect(grid.shape).toEqual([28, 32]);
    for (const [n, E] of [1, 2, 2].entries()) expect(Math.abs(levels[n] - E)).toBeLessThan(1e-6);
  });

  test("out of a configuration file, flags winning", async () => {
    const file = join(folder, "well.yaml");
    writeFileSync(file, "objective: { entry: harmonic }\nD: 0.5\nlevels: 4\n");
    const { levels, D } = await asked("--config", file, "--levels", "2");
    expect(D).toBe(0.5);
    expect(levels).toHaveLength(2);
  });

  test("for people", async () => {
    const { code, out } = await wick(["spectrum", "harmonic", "--D", "0.5", "--levels", "2"]);
    expect(code).toBe(0);
    expect(out).toMatch(/harmonic, D = 0.5/);
    expect(out).toMatch(/gap (1\.0000000|0\.9999999)/);
  });
});

test("a sweep of D has a row for each, and tells where the ground state changes wells", async () => {
  // a narrow deep well beside a wide shallow one
  const formula = "2 - 2*exp(-(x + 1.5)^2/0.045) - 1.5*exp(-(x - 1)^2/0.72) + 0.05*x^2";
  const sweep = ["--sweep", "D=0.1:0.002:25", "--levels", "2", "--tolerance", "1e-8"];
  const figures = join(folder, "sweep");
  const data = join(folder, "sweep.csv");
  const { rows, crossings } = await asked("--formula", formula, ...sweep, "--figures", figures, "--data", data);
  expect(rows).toHaveLength(25);
  expect(rows[0].D).toBe(0.1);
  expect(rows[24].D).toBe(0.002);
  for (const key of ["D", "levels", "gap", "error"]) expect(Object.keys(rows[3])).toContain(key);
  for (let i = 1; i < 25; i++) expect(rows[i].levels[0]).toBeLessThan(rows[i - 1].levels[0]);
  expect(crossings).toHaveLength(1);
  expect(crossings[0].D).toBeGreaterThan(0.009);
  expect(crossings[0].D).toBeLessThan(0.011);
  expect(readdirSync(figures)).toEqual(["levels-over-D.svg"]);
  const lines = readFileSync(data, "utf8").trim().split("\n");
  expect(lines[0]).toBe("D,gap,E0,E1");
  expect(lines).toHaveLength(26);
});

test("figures as SVG and PNG, states as data", async () => {
  const figures = join(folder, "well");
  const data = join(folder, "well.npz");
  const well = ["--formula", "4*(x^2 - 1)^2", "--D", "0.06", "--levels", "4"];
  const { levels } = await asked(...well, "--figures", figures, "--png", "--data", data);
  expect(readdirSync(figures).sort()).toEqual(["levels.png", "levels.svg"]);
  expect(readFileSync(join(figures, "levels.svg"), "utf8")).toContain("apart by");
  const found = readNpz(new Uint8Array(readFileSync(data)));
  expect(found.levels.data).toEqual(Float64Array.from(levels));
  const [states, weight] = [found.states.data, found.weight1.data];
  if (!(states instanceof Float64Array && weight instanceof Float64Array)) throw new Error("not float64");
  const n = weight.length;
  const product = (i: number, j: number): number =>
    weight.reduce((s, w, k) => s + w * states[i * n + k] * states[j * n + k], 0);
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) expect(product(i, j)).toBeCloseTo(i === j ? 1 : 0, 10);
});

const refused: readonly (readonly [string, readonly string[], string | RegExp])[] = [
  ["no D", ["harmonic"], "--D: is missing"],
  ["D = 0", ["harmonic", "--D", "0"], "D: 0 is not a finite number above 0"],
  ["D below 0", ["harmonic", "--D", "-1"], "D: -1 is not"],
  ["D in words", ["harmonic", "--D", "much"], "--D: 'much' is not a number"],
  ["no levels", ["harmonic", "--D", "1", "--levels", "0"], "levels: 0"],
  [
    "more levels than points",
    ["harmonic", "--D", "1", "--levels", "30", "--grid", "20"],
    "30 are more than the 20 points",
  ],
  ["a grid of nothing", ["harmonic", "--D", "1", "--grid", "0"], /grid/],
  ["a grid too large", ["harmonic", "--dim", "3", "--D", "1", "--grid", "2000"], /GiB/],
  ["a grid of another dimension", ["harmonic", "--D", "1", "--grid", "20,20"], "has 2 axes where ζ has 1"],
  ["ζ that is not finite", ["--formula", "1/x", "--domain", "-1:1", "--D", "1"], "ζ is Infinity at x = 0"],
  ["ζ that is no number", ["--formula", "log(x)", "--domain", "-1:1", "--D", "1"], "ζ is NaN at x = -"],
  ["four dimensions", ["harmonic", "--dim", "4", "--D", "1"], "has 4 dimensions where a grid has at most 3"],
  ["a tolerance of 0", ["harmonic", "--D", "1", "--tolerance", "0"], "tolerance: 0"],
  ["D beside a sweep", ["harmonic", "--D", "1", "--sweep", "D=1:2:3"], "is given beside --sweep"],
  ["a sweep of something else", ["harmonic", "--sweep", "k=1:2:3"], "is not of the form D=from:to:n"],
  ["a sweep to 0", ["harmonic", "--sweep", "D=1:0:3"], "sweep: 0 is not a finite D above 0"],
  ["a sweep of one", ["harmonic", "--sweep", "D=1:2:1"], "from 2 to"],
  ["PNG without figures", ["harmonic", "--D", "1", "--png"], "--png: says nothing without --figures"],
  ["data of an unknown kind", ["harmonic", "--D", "1", "--data", "out.txt"], "neither .npz nor .csv"],
  ["states of a sweep", ["harmonic", "--sweep", "D=1:2:3", "--data", "out.npz"], "a sweep is written as .csv"],
  ["a folder that cannot be", ["harmonic", "--D", "1", "--figures", "/dev/null/figures"], "--figures"],
];

describe.concurrent("refused with exit 2", () => {
  test.each(refused)("%s", async (_name, args, message) => {
    const { code, out, err } = await wick(["spectrum", ...args]);
    expect(err).toMatch(message);
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe("Ctrl-C, sent by the objective itself when it is first asked,", () => {
  const module = join(folder, "interrupts.mjs");
  writeFileSync(
    module,
    `let sent = false;
    export default {
      domain: [[-5, 5]],
      value([x]) {
        if (!sent) process.kill(process.pid, "SIGINT");
        // on a busy machine it arrives later than a quick run ends
        for (const until = Date.now() + 200; !sent && Date.now() < until; );
        sent = true;
        return x * x;
      },
    };`,
  );

  test("ends it with a line and the status of an interruption", async () => {
    const ended = await wick(["spectrum", module, "--D", "0.5", "--json"]);
    expect(ended).toEqual({ code: 130, out: "", err: "wick: interrupted\n" });
  });

  test("ends a ground state on a grid likewise", async () => {
    const ended = await wick(["ground", module, "--D", "0.5", "--engine", "grid", "--json"]);
    expect(ended).toEqual({ code: 130, out: "", err: "wick: interrupted\n" });
  });
});

test("what was refused left nothing behind", () => {
  expect(existsSync("out.npz")).toBe(false);
  expect(existsSync("out.txt")).toBe(false);
});
