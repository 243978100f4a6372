import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { npy } from "../../src/report/data.ts";
import { wick } from "./wick.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-evolve-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Row = { time: number; norm: number; energy: number; mean: number[]; spread: number };
type Told = Row & {
  steps: number;
  dt: number;
  grid: number[];
  angle: number;
  growth?: number;
  trace: Row[];
  probability?: number;
  probabilities?: number[];
  levels?: number[];
  error?: number;
  warnings: string[];
};

async function evolve(...args: string[]): Promise<Told> {
  const { code, out, err } = await wick(["evolve", ...args, "--json"]);
  expect(err.replace(/^wick: (dt|domain): .*\n/gm, "")).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out) as Told;
}

const well = ["--formula", "0.5*x^2", "--domain", "-8:8", "--grid", "128", "--D", "0.5"];
const coherent = ["--from", "gaussian:mean=1:sigma=0.7071067811865476"];

describe("a packet in the harmonic well", () => {
  test("turns in real time, and the same command gives the same bytes but for the timing", async () => {
    const args = [...well, ...coherent, "--duration", "2", "--dt", "0.002", "--frames", "4"];
    const told = await evolve(...args);
    expect(told).toMatchObject({ steps: 1000, grid: [128], angle: 90, warnings: [] });
    expect(told.norm).toBeCloseTo(1, 12);
    expect(told.energy).toBeCloseTo(1, 6);
    expect(told.spread).toBeCloseTo(Math.SQRT1_2, 6);
    expect(told.trace.length).toBe(5);
    for (const { time, mean } of told.trace) expect(mean[0]).toBeCloseTo(Math.cos(time), 5);
    const again = await evolve(...args);
    expect({ ...again, timing: 0 }).toEqual({ ...told, timing: 0 });
  });

  test("falls in imaginary time, and at an angle between", async () => {
    const ground = await evolve(
      ...well,
      ...coherent,
      "--time",
      "imaginary",
      "--duration",
      "15",
      "--dt",
      "0.05",
      "--order",
      "4",
    );
    expect(ground.energy).toBeCloseTo(0.5, 7);
    expect(ground.growth).toBeCloseTo(0.5, 6);
    const damped = await evolve(...well, ...coherent, "--time", "60", "--duration", "2", "--dt", "0.002");
    const [c, s] = [Math.cos(Math.PI / 3), Math.sin(Math.PI / 3)];
    expect(damped.mean[0]).toBeCloseTo(Math.exp(-2 * c) * Math.cos(2 * s), 5);
  });

  test("is told with probabilities, populations and an error", async () => {
    const told = await evolve(
      ...[...well, ...coherent, "--duration", "1", "--dt", "0.01", "--levels", "3", "--error"],
      ...["--observe", "disc:0,1", "--observe", "half:-1,0", "--observe", "box:-8,8"],
    );
    expect(told.probabilities?.length).toBe(3);
    expect(told.probability).toBe(told.probabilities?.[0]);
    expect(told.probabilities?.[2]).toBeCloseTo(1, 12);
    // a coherent state: Poisson's law with mean x₀²/2
    [1, 0.5, 0.125].forEach((p, n) => {
      expect(told.levels?.[n]).toBeCloseTo(Math.exp(-0.5) * p, 4);
    });
    expect(told.error).toBeGreaterThan(0);
    expect(told.error).toBeLessThan(1e-4);
  });
});

describe("starts", () => {
  const stay = [...well, "--duration", "0.1", "--dt", "0.01"];

  test("an eigenstate", async () => {
    const { trace, spread } = await evolve(...stay, "--from", "eigenstate:level=1");
    expect(trace[0].energy).toBeCloseTo(1.5, 9);
    expect(spread).toBeCloseTo(Math.sqrt(1.5), 4);
  });

  test("an eigenstate of a ring", async () => {
    const ring = ["--formula", "0*x", "--domain", "0:1", "--edge", "periodic", "--grid", "32", "--D", "0.5"];
    const { trace } = await evolve(...ring, "--from", "eigenstate:level=2", "--duration", "0.1", "--dt", "0.01");
    expect(trace[0].energy).toBeCloseTo(0.5 * (2 * Math.PI) ** 2, 9);
  });

  test("files of ψ and of a density", async () => {
    const x = Float64Array.from({ length: 128 }, (_, i) => -8 + i / 8);
    const re = x.map((v) => Math.exp(-((v - 1) ** 2)));
    writeFileSync(join(folder, "psi.npy"), npy({ shape: [128], data: { re, im: re.map((v) => -v) } }));
    writeFileSync(join(folder, "psi.csv"), `x,re,im\n${[...x].map((v, i) => `${v},${re[i]},${-re[i]}`).join("\n")}\n`);
    writeFileSync(join(folder, "plain.csv"), [...re].join("\n"));
    writeFileSync(join(folder, "density.csv"), `density\n${[...re].map((v) => v * v).join("\n")}\n`);
    for (const file of ["psi.npy", "psi.csv", "plain.csv", "density.csv"]) {
      const { trace } = await evolve(...stay, "--from", join(folder, file));
      expect(trace[0].mean[0]).toBeCloseTo(1, 10);
      expect(trace[0].spread).toBeCloseTo(0.5, 10);
    }
  });

  test("what was written as data goes on from where it was", async () => {
    const data = join(folder, "end.npz");
    const first = await evolve(...stay, ...coherent, "--data", data);
    const { trace } = await evolve(...stay, "--from", data);
    expect(trace[0].mean[0]).toBeCloseTo(first.mean[0], 12);
    expect(trace[0].energy).toBeCloseTo(first.energy, 12);
    await evolve(...stay, ...coherent, "--data", join(folder, "trace.csv"), "--frames", "2", "--observe", "disc:0,1");
    const lines = readFileSync(join(folder, "trace.csv"), "utf8").trim().split("\n");
    expect(lines.length).toBe(4);
    expect(lines[0]).toBe("time,D,norm,energy,kinetic,potential,spread,edge,mean1,probability1");
  });

  test("keys of a packet by --set, and settings from a file, beneath the flags", async () => {
    const config = join(folder, "evolve.yaml");
    writeFileSync(
      config,
      'objective: { formula: "0.5*k*x^2", set: { k: 2 } }\ndomain: [-8, 8]\ntime: imaginary\ngrid: 64\nD: 0.5\nduration: 3\nobserve: ["disc:0,1"]\n',
    );
    const told = await evolve(
      "--config",
      config,
      "--set",
      "from.mean=-1",
      "--set",
      "from.sigma=0.5",
      "--duration",
      "1",
    );
    expect(told).toMatchObject({ angle: 0, grid: [64], time: 1 });
    expect(told.trace[0].mean[0]).toBeCloseTo(-1, 10);
    expect(told.probability).toBeGreaterThan(0);
  });
});

test("the catalogue's schedules give D and strength in time; qhd takes the width of the domain", async () => {
  const url = new URL("../reference/qhd.json", import.meta.url);
  const { functions } = JSON.parse(readFileSync(url, "utf8")) as {
    functions: { name: string; formula: string; success: number }[];
  };
  const hosaki = functions.find(({ name }) => name === "hosaki");
  const told = await evolve(
    ...["--formula", hosaki?.formula ?? "", "--domain", "0:5", "--schedule", "qhd", "--from", "uniform"],
    ...["--duration", "10", "--dt", "0.004", "--grid", "128", "--observe", "disc:4,2,0.5", "--frames", "2"],
  );
  expect(told.angle).toBe(90);
  expect(Math.abs((told.probability ?? 0) - (hosaki?.success ?? 0))).toBeLessThan(0.006);
});

test("pictures of one axis, and the animation", async () => {
  const figures = join(folder, "figures");
  const few = ["--duration", "1", "--dt", "0.05", "--frames", "4"];
  const { code, err } = await wick(["evolve", ...well, ...coherent, ...few, "--figures", figures, "--png", "--gif"]);
  expect([code, err]).toEqual([0, ""]);
  expect(readdirSync(figures).sort()).toEqual(["evolution.gif", "space-time.png", "space-time.svg"]);
  expect(readFileSync(join(figures, "evolution.gif")).subarray(0, 6).toString()).toBe("GIF89a");
});

test("text for a person", async () => {
  const { code, out } = await wick(["evolve", ...well, ...coherent, "--duration", "1", "--dt", "0.01"]);
  expect(code).toBe(0);
  expect(out).toMatch(/real time, 128 points, 100 steps of 0\.01 \(order 2\)/);
  expect(out).toMatch(/energy {2}\S+ = \S+ kinetic \+ \S+ potential/);
});

describe("bad input", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["grid size 0", ["harmonic", "--D", "1", "--grid", "0"], /--grid: 0 is not/],
    ["too many sizes", ["harmonic", "--D", "1", "--grid", "8,8"], /--grid: 8,8 has 2 sizes where ζ has 1/],
    ["a grid too large", ["harmonic", "--dim", "3", "--D", "1", "--grid", "2048"], /grid: .*576 GiB of memory/],
    ["a step of 0", ["harmonic", "--D", "1", "--dt", "0"], /--dt: 0 is not/],
    ["a step below 0", ["harmonic", "--D", "1", "--dt", "-0.1"], /--dt: -0\.1 is not/],
    ["no D", ["harmonic"], /--D: is missing/],
    ["D = 0", ["harmonic", "--D", "0"], /--D: 0 is not/],
    ["ζ that is not finite", ["--formula", "1/x", "--domain", "-1:1", "--D", "1"], /not finite on the grid, at \(0\)/],
    [
      "ζ without a bottom",
      ["--formula", "-x^2", "--domain", "-4:4", "--D", "1", "--time", "imaginary"],
      /falls without bound/,
    ],
    ["a way of time", ["harmonic", "--D", "1", "--time", "sideways"], /--time: 'sideways'/],
    ["an unknown start", ["harmonic", "--D", "1", "--from", "gausian"], /did you mean 'gaussian'/],
    ["an unknown key", ["harmonic", "--D", "1", "--from", "gaussian:sigmas=1"], /did you mean 'sigma'/],
    ["a missing file", ["harmonic", "--D", "1", "--from", "none.npy"], /cannot read none\.npy/],
    ["a region", ["harmonic", "--D", "1", "--observe", "circle:0,1"], /--observe: 'circle:0,1' is no region/],
    ["a disc without a center", ["harmonic", "--D", "1", "--observe", "disc:1"], /'disc:1' is no region; write disc:/],
    ["a schedule without time", ["harmonic", "--D", "1", "--schedule", "anneal"], /anneal follows what a run reports/],
    [
      "a domain that is no square",
      ["--formula", "x+y", "--domain", "x=0:1", "--domain", "y=0:2", "--schedule", "qhd"],
      /give all axes the same width/,
    ],
    ["more levels than points", ["harmonic", "--D", "1", "--levels", "5000"], /levels: 5000 are more than the 1024/],
    ["a D that overflows", ["harmonic", "--D", "1e308"], /D: 1e\+308 makes the kinetic energy/],
    ["pictures nowhere", ["harmonic", "--D", "1", "--gif"], /--gif: says nothing without --figures/],
    ["order 3", ["harmonic", "--D", "1", "--order", "3"], /--order: 3 is neither 2 nor 4/],
    ["four dimensions", ["harmonic", "--dim", "4", "--D", "1"], /4 dimensions where a grid has at most 3/],
  ];

  test.each(cases)("%s", async (_name, args, message) => {
    const { code, out, err } = await wick(["evolve", ...args]);
    expect(err).toMatch(message);
    expect(err.split("\n").length).toBeLessThanOrEqual(2);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
