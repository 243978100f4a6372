import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { box, domain, potential } from "../../src/core/problem.ts";
import { formula } from "../../src/potentials/formula/index.ts";
import { qhd } from "../../src/schedules/qhd.ts";
import { type EvolveSetup, evolve } from "../../src/tasks/evolve.ts";

const REAL = Math.PI / 2;
const packet = (mean: number, sigma: number, momentum = 0): EvolveSetup["start"] => ({
  ...{ kind: "gaussian", mean: [mean], sigma: [sigma], momentum: [momentum] },
});
const skew = potential({ name: "skew", domain: box(1, -6, 6), value: (x) => 0.25 * x[0] ** 4 + 0.3 * x[0] });
const free = potential({ name: "free", domain: box(1, -10, 10), value: () => 0 });

const SKEW: EvolveSetup = {
  ...{ potential: skew, angle: REAL, duration: 2, dt: 0.01, shape: [128], law: 0.5, start: packet(0.7, 0.5, 0.6) },
};

describe("the trace", () => {
  test("begins at time 0, ends at the duration, and says the same as the end", async () => {
    const { trace, steps, stop, time, dt, ...end } = await evolve({ ...SKEW, frames: 8 });
    expect(stop).toBe("schedule ended");
    expect(steps).toBe(200);
    expect(dt).toBe(0.01);
    expect(trace.map((row) => row.time)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2].map((t) => closeTo(t)));
    expect(time).toBe(trace[8].time);
    expect(end.energy).toBe(trace[8].energy);
    expect(trace[0].mean[0]).toBeCloseTo(0.7, 10);
    expect(trace.every((row) => row.growth === undefined)).toBe(true);
    expect(end.view.density.reduce((sum, p) => sum + p, 0) * (12 / 128)).toBeCloseTo(1, 12);
  });

  test("does not depend on how often one looks, but for rounding", async () => {
    const [few, many] = [await evolve({ ...SKEW, frames: 1 }), await evolve({ ...SKEW, frames: 200 })];
    expect(few.trace.length).toBe(2);
    expect(many.trace.length).toBe(201);
    expect(few.mean[0]).toBeCloseTo(many.mean[0], 11);
    expect(few.energy).toBeCloseTo(many.energy, 11);
    // no more rows than steps
    expect((await evolve({ ...SKEW, dt: 1, frames: 50 })).trace.length).toBe(3);
  });

  test("a row of many steps is stopped on its way, and tells where it was", async () => {
    const control = new AbortController();
    // a timer, which has no turn where nothing pauses
    const frame = (): void => void setTimeout(() => control.abort(), 0);
    const setup = { ...SKEW, shape: [32], duration: 1e5, frames: 1 };
    const { stop, time, steps, trace, view } = await evolve(setup, { signal: control.signal, observers: [{ frame }] });
    expect(stop).toBe("aborted");
    expect(trace.map((row) => row.time)).toEqual([0, time]);
    expect(time).toBeGreaterThan(0);
    expect(time).toBeLessThan(1e5);
    expect(steps * 0.01).toBeCloseTo(time, 6);
    // what is shown belongs to the row that is told
    const [xs] = view.axes;
    const mean = view.density.reduce((sum, p, i) => sum + p * xs[i], 0) * (12 / 32);
    expect(mean).toBeCloseTo(trace[1].mean[0], 10);
  });

  test("a stop while the error is estimated leaves the error out", async () => {
    const control = new AbortController();
    const end = (): void => control.abort();
    const ended = await evolve({ ...SKEW, error: true }, { signal: control.signal, observers: [{ end }] });
    expect(ended).toMatchObject({ stop: "aborted", time: 2 });
    expect(ended.error).toBeUndefined();
  });

  test("in imaginary time the growth energy is told beside ⟨H⟩", async () => {
    const { growth = Number.NaN, energy, norm, trace } = await evolve({ ...SKEW, angle: 0, duration: 20, dt: 0.05 });
    expect(norm).toBeCloseTo(1, 12);
    expect(trace[0].growth).toBeUndefined();
    // not ⟨H⟩ at finite Δτ
    expect(Math.abs(growth - energy)).toBeGreaterThan(1e-6);
    expect(growth).toBeCloseTo(energy, 3);
  });
});

const closeTo = (t: number): unknown => expect.closeTo(t, 12);

describe("the estimated error", () => {
  test.each([
    [2, REAL, 0.02],
    [4, REAL, 0.08],
    [2, 0, 0.02],
    [4, 0, 0.08],
    [2, 0.8, 0.02],
  ] as const)("is the error, order %i at angle %f", async (order, angle, dt) => {
    const run = { ...SKEW, angle, order, duration: 1.6 };
    const told = await evolve({ ...run, dt, error: true });
    const exact = await evolve({ ...run, dt: dt / 16 });
    const { re: a, im: b } = told.view;
    const { re: c, im: d } = exact.view;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error("no amplitude");
    const h = 12 / 128;
    let [re, im] = [0, 0];
    for (let i = 0; i < a.length; i++) {
      re += (a[i] * c[i] + b[i] * d[i]) * h;
      im += (b[i] * c[i] - a[i] * d[i]) * h;
    }
    const size = Math.hypot(re, im);
    let square = 0;
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [(re * c[i] - im * d[i]) / size, (re * d[i] + im * c[i]) / size];
      square += ((a[i] - x) ** 2 + (b[i] - y) ** 2) * h;
    }
    expect((told.error ?? 0) / Math.sqrt(square)).toBeCloseTo(1, 1);
  });
});

describe("levels", () => {
  test("an eigenstate stays, and its population is 1", async () => {
    const {
      levels = [],
      energies = [],
      energy,
      mean,
      trace,
    } = await evolve({
      ...{ ...SKEW, dt: 0.005, order: 4, start: { kind: "eigenstate", level: 2 }, levels: 4 },
    });
    expect(levels[2]).toBeCloseTo(1, 9);
    expect(levels[0] + levels[1] + levels[3]).toBeLessThan(1e-9);
    expect(energy).toBeCloseTo(energies[2], 8);
    expect(mean[0]).toBeCloseTo(trace[0].mean[0], 6);
  });

  test("more levels than points are refused before any is sought", async () => {
    await expect(evolve({ ...SKEW, levels: 129 })).rejects.toThrow(/levels: 129 are more than the 128 points/);
    const start = { kind: "eigenstate", level: 128 } as const;
    await expect(evolve({ ...SKEW, start })).rejects.toThrow(/levels: 129 are more/);
  });

  test("belong to an H that stays", async () => {
    const law = (t: number) => ({ D: 1 + t, dt: 0 });
    await expect(evolve({ ...SKEW, law, levels: 2 })).rejects.toMatchObject({ code: "WICK_INPUT" });
  });
});

describe("what is doubtful is told", () => {
  test("a Δt that aliases the phase of ζ, with the one that does not", async () => {
    const { warnings } = await evolve({ ...SKEW, duration: 1, dt: 0.05 });
    // ζ reaches from −0.2 to 326
    expect(warnings).toEqual([expect.stringMatching(/^dt: a step of 0\.05 turns .* 16\.1 radians.*at most 0\.00975/)]);
    expect((await evolve({ ...SKEW, duration: 1, dt: 0.0097 })).warnings).toEqual([]);
  });

  test("a start that the points do not resolve, with the width that they do", async () => {
    const { warnings } = await evolve({ ...SKEW, duration: 0.01, dt: 0.005, start: packet(0.75, 0.04) });
    expect(warnings).toEqual([
      expect.stringMatching(/^start\.sigma: 0\.04 is too narrow .* 0\.0938 apart; take 0\.0469/),
    ]);
    expect((await evolve({ ...SKEW, duration: 0.01, dt: 0.005, start: packet(0.75, 0.05) })).warnings).toEqual([]);
  });

  test("a box that cuts the start, and one that ψ comes to the edge of", async () => {
    const wide = { ...SKEW, potential: free, duration: 1, dt: 0.1, start: packet(0, 4) };
    expect((await evolve(wide)).warnings).toEqual([expect.stringMatching(/^domain: the box cuts the start/)]);
    const fast = { ...wide, start: packet(0, 0.5, 6), duration: 4 };
    expect((await evolve(fast)).warnings).toEqual([expect.stringMatching(/^domain: ψ has come to the edge/)]);
    expect((await evolve({ ...fast, edge: "wall" })).warnings).toEqual([]);
    expect((await evolve({ ...fast, edge: "absorbing" })).warnings).toEqual([]);
    expect((await evolve({ ...wide, start: { kind: "uniform" } })).warnings).toEqual([]);
  });
});

test("an abort keeps what was found", async () => {
  const control = new AbortController();
  const found = await evolve(
    { ...SKEW, frames: 20 },
    { signal: control.signal, observers: [{ frame: ({ index }) => (index === 6 ? control.abort() : undefined) }] },
  );
  expect(found.stop).toBe("aborted");
  expect(found.trace.length).toBe(6);
  expect(found.steps).toBe(50);
});

test.each([
  ["duration", { duration: 0 }],
  ["duration", { duration: Number.POSITIVE_INFINITY }],
  ["dt", { dt: 0 }],
  ["dt", { dt: -1 }],
  ["D", { law: 0 }],
  ["grid", { shape: [0] }],
  ["frames", { frames: 0.5 }],
])("%s that makes no sense is refused", async (name, given) => {
  await expect(evolve({ ...SKEW, ...given })).rejects.toMatchObject({
    code: "WICK_INPUT",
    message: expect.stringMatching(new RegExp(`^${name}: `)),
  });
});

describe("Quantum Hamiltonian Descent", () => {
  type Published = {
    name: string;
    formula: string;
    lower: number;
    upper: number;
    minimizer: number[];
    success: number;
  };
  const url = new URL("../reference/qhd.json", import.meta.url);
  const { functions } = JSON.parse(readFileSync(url, "utf8")) as { functions: Published[] };

  // a quarter of the published points and steps; all seven at the published protocol are in bench/qhd.ts
  test.each(["styblinski_tang", "hosaki"])("succeeds on %s as often as published", async (name) => {
    const found = functions.find((f) => f.name === name);
    if (found === undefined) throw new Error(`no function ${name}`);
    const { lower, upper, minimizer } = found;
    const width = upper - lower;
    const square = domain([lower, lower], [upper, upper], "periodic");
    const { probabilities = [], norm } = await evolve({
      potential: formula(found.formula, { vars: ["x", "y"], domain: square }),
      ...{ angle: REAL, duration: 10, dt: 0.004, shape: [128, 128] },
      law: qhd({ duration: 10, dt: 0.004, softening: 1e-3, width }).at ?? 1,
      start: { kind: "uniform" },
      regions: [{ kind: "disc", center: minimizer, radius: 0.1 * width }],
      frames: 5,
    });
    expect(Math.abs(probabilities[0] - found.success)).toBeLessThan(0.006);
    expect(norm).toBeCloseTo(1, 12);
  });
});
