/** What lies at the edge of the box, how coefficients that change in time act, what is measured, and what is refused. */
import { describe, expect, it, test } from "vitest";
import { decode, encode } from "../../src/core/plain.ts";
import { potential } from "../../src/core/problem.ts";
import { type Frame, run } from "../../src/core/run.ts";
import { type GridEdge, grid, type Law, type Region, type Start } from "../../src/engines/grid/index.ts";
import { sineTransform } from "../../src/engines/grid/sine.ts";
import { squaredSlope } from "../../src/engines/grid/slope.ts";
import { gridLattice } from "../../src/engines/grid/state.ts";
import { gaussianWave, normOf } from "../../src/math/packet.ts";
import { steady } from "../../src/schedules/steady.ts";
import { copyOf, cube, distance, REAL, slopeOf, type Walk, walk } from "./walk.ts";

const FREE = () => 0;
const SKEW = (x: Float64Array) => 0.25 * x[0] ** 4 + 0.3 * x[0];
const packet = (mean: number, sigma: number, momentum = 0): Start => ({
  ...{ kind: "gaussian", mean: [mean], sigma: [sigma], momentum: [momentum] },
});

describe("walls", () => {
  it.each([6, 9, 16])("the sine transform of %i points is the sum it stands for, and has its inverse", (n) => {
    const re = Float64Array.from({ length: n }, (_, j) => Math.sin(1 + 3 * j));
    const im = Float64Array.from({ length: n }, (_, j) => Math.cos(2 + 5 * j));
    const [a, b] = [re.slice(), im.slice()];
    const transform = sineTransform(n);
    transform.forward(a, b);
    for (let q = 0; q < n; q++) {
      const sum = (x: Float64Array): number =>
        x.reduce((s, v, j) => s + v * Math.sin((Math.PI * (n - q) * (j + 0.5)) / n), 0);
      expect(a[q]).toBeCloseTo(sum(re), 12);
      expect(b[q]).toBeCloseTo(sum(im), 12);
    }
    transform.back(a, b);
    a.forEach((v, j) => {
      expect(v / n).toBeCloseTo(re[j], 13);
      expect(b[j] / n).toBeCloseTo(im[j], 13);
    });
  });

  test("a box's levels are D(nπ/L)²: its states only turn their phase, and decay at their own rates", () => {
    const states = [1, 2, 5].map((n) => (x: number) => Math.sin(Math.PI * n * x));
    states.forEach((state, i) => {
      const { axes } = gridLattice(cube(1, 0, 1), [32], "wall");
      const start: Start = { kind: "wave", re: axes[0].map(state) };
      const well = walk(FREE, cube(1, 0, 1), { shape: [32], dt: 0.1, edge: "wall", start });
      const before = copyOf(well.state);
      const level = 0.3 * (Math.PI * [1, 2, 5][i]) ** 2;
      expect(well.step({ D: 0.3, dt: 1, angle: REAL }).energy).toBeCloseTo(level, 10);
      expect(distance(well.state, before, well.state.lattice.volume)).toBeLessThan(1e-12);
      expect(well.step({ D: 0.3, dt: 0.1, angle: 0 }).growth).toBeCloseTo(level, 10);
    });
  });

  test("a packet is thrown back: after a period of the box it is where it began", () => {
    // levels n²: the box revives fully at t = 2L²/(πD)
    const well = walk(FREE, cube(1, 0, 1), { shape: [128], dt: 1, edge: "wall", start: packet(0.3, 0.05, 20) });
    const before = copyOf(well.state);
    const info = well.step({ D: 0.5, dt: 4 / Math.PI, angle: REAL });
    expect(distance(well.state, before, well.state.lattice.volume)).toBeLessThan(1e-10);
    expect(info.norm).toBeCloseTo(1, 12);
  });

  test("in two dimensions", () => {
    const { axes } = gridLattice(cube(2, 0, 1), [16, 9], "wall");
    const mode = (x: number, n: number): number => Math.sin(Math.PI * n * x);
    const re = Float64Array.from(
      { length: 144 },
      (_, e) => mode(axes[0][Math.floor(e / 9)], 2) * mode(axes[1][e % 9], 3),
    );
    const well = walk(FREE, cube(2, 0, 1), { shape: [16, 9], dt: 0.01, edge: "wall", start: { kind: "wave", re } });
    const { energy, growth } = well.step({ D: 0.2, dt: 0.02, angle: 0 });
    expect(energy).toBeCloseTo(0.2 * Math.PI ** 2 * 13, 10);
    expect(growth).toBeCloseTo(energy, 10);
  });
});

describe("absorbing layers", () => {
  const leave = (momentum: number, time: number): number => {
    const start = packet(0, 1.5, momentum);
    const free = walk(FREE, cube(1, -30, 30), { shape: [512], dt: 0.02, edge: "absorbing", start });
    return free.step({ D: 0.5, dt: time, angle: REAL }).norm;
  };

  test("a packet leaves: less than 1e-2 of it comes back, and nothing while it is inside", () => {
    // at k = c/2δd, the slowest wave that is taken: 2.6/(0.4 · 7.5) = 0.87
    for (const momentum of [2, 4, 8]) expect(leave(momentum, 90 / momentum)).toBeLessThan(1e-2);
    expect(leave(3, 2)).toBeGreaterThan(1 - 1e-9);
  });

  it("is refused where nothing moves as waves do", () => {
    const start = packet(0, 1);
    const free = walk(FREE, cube(1, -10, 10), { shape: [64], dt: 0.1, edge: "absorbing", start });
    expect(() => free.step({ D: 0.5, dt: 1, angle: 0 })).toThrow(/absorbing.*imaginary/);
  });
});

describe("coefficients that change in time", () => {
  const law: Law = (t) => ({ D: 0.5 / (0.3 + t ** 2), dt: 0, strength: 0.5 + t ** 2 });
  const end = (dt: number, order: 2 | 4, angle: number): Walk => {
    const well = walk(SKEW, cube(1, -6, 6), { shape: [128], dt, order, law, start: packet(0.7, 0.5, 0.6) });
    for (let n = 0; n < 2; n++) well.step({ ...law(0), dt: 0.6, angle });
    return well;
  };

  test.each([
    ["real", REAL],
    ["imaginary", 0],
  ] as const)("both orders are kept, %s time", (_name, angle) => {
    for (const order of [2, 4] as const) {
      const steps = order === 2 ? [0.04, 0.02, 0.01] : [0.1, 0.05, 0.025];
      const exact = copyOf(end(steps[2] / 8, order, angle).state);
      const errors = steps.map((dt) => {
        const { state } = end(dt, order, angle);
        return distance(state, exact, state.lattice.volume);
      });
      expect(Math.abs(slopeOf(steps, errors) - order)).toBeLessThan(order === 2 ? 0.05 : 0.1);
    }
  });

  test("a free packet sees ∫ D dt", () => {
    const falling: Law = (t) => ({ D: 1 / (1 + t) ** 2, dt: 0 });
    const free = walk(FREE, cube(1, -20, 20), { shape: [256], dt: 0.1, law: falling, start: packet(0, 0.8) });
    // ∫₀³ D dt = 3/4
    expect(free.step({ ...falling(0), dt: 3, angle: REAL }).spread).toBeCloseTo(Math.hypot(0.8, 0.75 / 0.8), 8);
  });
});

describe("what is measured", () => {
  test("probabilities in a disc, a box and a half space", () => {
    // bounds half way between points, so that the sum over points is the midpoint rule
    const h = 12 / 256;
    const between = (x: number): number => -6 + (Math.round((x + 6) / h) + 0.5) * h;
    const [west, east, south, north] = [-1, 1, -0.5, 2].map(between);
    const regions: Region[] = [
      { kind: "disc", center: [0.5, 0], radius: 1.5 },
      { kind: "box", lower: [west, south], upper: [east, north] },
      { kind: "half", normal: [0, -1], offset: -north },
    ];
    const start: Start = { kind: "gaussian", mean: [0.5, 0], sigma: [0.6, 0.6] };
    const free = walk(FREE, cube(2, -6, 6), { shape: [256, 256], dt: 1, start, regions });
    const told = free.step({ D: 0.5, dt: 0, angle: REAL });
    const normal = (from: number, to: number, mean: number): number => {
      const cells = 2000;
      const width = (to - from) / cells;
      let sum = 0;
      for (let i = 0; i < cells; i++) sum += Math.exp(-((from + (i + 0.5) * width - mean) ** 2) / 0.72);
      return (sum * width) / (0.6 * Math.sqrt(2 * Math.PI));
    };
    expect(told.probability1).toBeCloseTo(1 - Math.exp(-(1.5 ** 2) / 0.72), 3);
    expect(told.probability2).toBeCloseTo(normal(west, east, 0.5) * normal(south, north, 0), 3);
    expect(told.probability3).toBeCloseTo(normal(-6, north, 0), 4);
  });

  test("a wave that is given is normalized, and a complex one keeps its phase", () => {
    const wave = gaussianWave(0.4, 0.9);
    const { axes, volume } = gridLattice(cube(1, -8, 8), [64], "periodic");
    const re = axes[0].map((x) => 7 * Math.exp(-((x - 0.4) ** 2) / (4 * 0.81)));
    const im = re.map((v) => 0.75 * v);
    const free = walk(FREE, cube(1, -8, 8), { shape: [64], dt: 1, start: { kind: "wave", re, im } });
    const info = free.step({ D: 0.5, dt: 0, angle: REAL });
    expect(info.norm).toBeCloseTo(normOf(wave), 12);
    expect(info.mean1).toBeCloseTo(0.4, 12);
    expect(info.edge).toBeLessThan(1e-12);
    expect(free.state.im[30] / free.state.re[30]).toBeCloseTo(0.75, 14);
    expect(volume).toBeCloseTo(0.25, 14);
  });

  test("|∇ζ|² of a polynomial is exact, on a ring and between walls", () => {
    for (const edge of ["wall", "periodic"] as const) {
      const lattice = gridLattice(cube(2, -1, 1), [12, 10], edge);
      const value = Float64Array.from({ length: 120 }, (_, e) => {
        const [x, y] = [lattice.axes[0][Math.floor(e / 10)], lattice.axes[1][e % 10]];
        return edge === "wall" ? x ** 3 * y + y ** 2 : Math.cos(Math.PI * x) * Math.sin(Math.PI * y);
      });
      squaredSlope(lattice, value).forEach((s, e) => {
        const [x, y] = [lattice.axes[0][Math.floor(e / 10)], lattice.axes[1][e % 10]];
        const [c, d] = [Math.PI * x, Math.PI * y];
        const exact =
          edge === "wall"
            ? (3 * x * x * y) ** 2 + (x ** 3 + 2 * y) ** 2
            : Math.PI ** 2 * ((Math.sin(c) * Math.sin(d)) ** 2 + (Math.cos(c) * Math.cos(d)) ** 2);
        expect(Math.abs(s - exact)).toBeLessThan(edge === "wall" ? 1e-11 : 0.02);
      });
    }
  });
});

describe("a run", () => {
  const zeta = potential({ name: "skew", domain: cube(1, -6, 6), value: SKEW });
  const setup = (edge: GridEdge = "periodic") => ({
    potential: zeta,
    engine: grid({ shape: [64], dt: 0.01, order: 2, edge, start: packet(0.7, 0.5, 1) }),
    schedule: steady({ D: 0.5, dt: 0.1, angle: REAL }),
    seed: 0,
  });

  async function frames(edge: GridEdge, n: number, from?: ReturnType<Frame["checkpoint"]>) {
    const checkpoints: ReturnType<Frame["checkpoint"]>[] = [];
    for await (const frame of run(setup(edge), from === undefined ? {} : { from })) {
      checkpoints.push(frame.checkpoint());
      if (checkpoints.length === n) break;
    }
    return checkpoints;
  }

  test.each(["periodic", "wall"] as const)(
    "goes on from a checkpoint that was written, to the same bits (%s)",
    async (edge) => {
      const whole = await frames(edge, 6);
      const rest = await frames(edge, 3, decode(encode(whole[2])) as ReturnType<Frame["checkpoint"]>);
      expect(rest.at(-1)).toEqual(whole.at(-1));
    },
  );

  test("a checkpoint is a copy, and the view shows the state", async () => {
    const stream = run(setup());
    const first = await stream.next();
    if (first.done) throw new Error("no frame");
    const kept = first.value.checkpoint();
    const before = encode(kept);
    const view = first.value.view();
    await stream.next();
    expect(encode(kept)).toEqual(before);
    if (view.kind !== "grid") throw new Error("no grid");
    expect(view.axes[0].length).toBe(64);
    expect(view.density.reduce((s, p) => s + p, 0) * (12 / 64)).toBeCloseTo(1, 12);
    await stream.return({} as never);
  });
});

describe("what is refused", () => {
  const at = (zeta: (x: Float64Array) => number, angle: number, D = 0.5, edge: GridEdge = "periodic"): Walk => {
    const well = walk(zeta, cube(1, -4, 4), { shape: [64], dt: 0.01, edge, start: packet(0, 0.5) });
    well.step({ D, dt: 0.01, angle });
    return well;
  };

  test("ζ that is not finite on the grid, with the place", () => {
    expect(() => at((x) => 1 / x[0], REAL)).toThrow(/not finite on the grid, at \(0\)/);
    expect(() => at((x) => Math.log(x[0] + 3.5), REAL)).toThrow(/at \(-4\)/);
  });

  test("ζ without a bottom, in imaginary time and without walls", () => {
    for (const zeta of [(x: Float64Array) => x[0], (x: Float64Array) => -(x[0] ** 2), (x: Float64Array) => x[0] ** 3]) {
      expect(() => at(zeta, 0)).toThrow(/falls without bound.*edge of the box.*walls/);
      expect(() => at(zeta, REAL)).not.toThrow();
      expect(() => at(zeta, 0, 0.5, "wall")).not.toThrow();
    }
    // lowest where the ring is cut, but smoothly so
    expect(() => at((x) => Math.cos((Math.PI * x[0]) / 4), 0)).not.toThrow();
    expect(() => at(FREE, 0)).not.toThrow();
    expect(() => at(SKEW, 0)).not.toThrow();
  });

  test("D, Δt and angles that make no sense", () => {
    expect(() => at(SKEW, 0, 0)).toThrow(/D: 0 is not above 0/);
    expect(() => at(SKEW, 0, -1)).toThrow(/D: -1/);
    expect(() => at(SKEW, 2)).toThrow(/angle/);
    expect(() => walk(SKEW, cube(1, -4, 4), { shape: [64], dt: 0, start: packet(0, 1) })).toThrow(/dt: 0/);
    expect(() => walk(SKEW, cube(1, -4, 4), { shape: [64], dt: Number.NaN, start: packet(0, 1) })).toThrow(/dt/);
  });

  test("grids of no use, and those too large, with what they would take", () => {
    const of = (shape: number[]) => () => walk(FREE, cube(shape.length, -4, 4), { shape, dt: 1, start: packet(0, 1) });
    expect(of([0])).toThrow(/grid: 0/);
    expect(of([2.5])).toThrow(/2\.5/);
    expect(of([16384, 16384])).toThrow(/18\.0 GiB of memory; take at most \d+ points/);
    expect(of([8, 8, 8, 8])).toThrow(/4 dimensions/);
  });

  test("starts of no use", () => {
    const from = (start: Start) => () => walk(FREE, cube(1, -4, 4), { shape: [32], dt: 1, start });
    expect(from(packet(0, 0))).toThrow(/sigma: 0 is not above 0/);
    expect(from(packet(900, 0.1))).toThrow(/vanishes on the grid/);
    expect(from(packet(0, 1, 99))).toThrow(/momentum: 99 is beyond/);
    expect(from({ kind: "wave", re: new Float64Array(5) })).toThrow(/holds 5 numbers where the grid has 32/);
    expect(from({ kind: "gaussian", mean: [0, 1] })).toThrow(/mean: has 2 numbers where ζ has 1/);
  });

  test("a packet left alone starts in the middle of the box, whatever its edge", () => {
    for (const edge of ["wall", "periodic"] as const) {
      const { state } = walk(FREE, cube(1, -4, 4), { shape: [33], dt: 1, edge, start: { kind: "gaussian" } });
      const mass = state.re.map((re, i) => re * re + state.im[i] ** 2);
      const mean = mass.reduce((sum, p, i) => sum + p * state.lattice.axes[0][i], 0);
      expect(mean).toBeCloseTo(0, 12);
    }
  });

  test("a D whose kinetic energy overflows", () => {
    const well = walk(FREE, cube(1, -4, 4), { shape: [32], dt: 1, start: packet(0, 0.2) });
    expect(() => well.step({ D: 1e308, dt: 1, angle: Math.PI / 2 })).toThrow(/D: 1e\+308 makes the kinetic energy/);
  });

  test("a region of another dimension", () => {
    const regions: Region[] = [{ kind: "disc", center: [0, 0], radius: 1 }];
    expect(() => walk(FREE, cube(1, -4, 4), { shape: [32], dt: 1, start: packet(0, 1), regions })).toThrow(
      /disc.*2 coordinates where ζ has 1/,
    );
  });

  test("order 4 between imaginary and real time", () => {
    const well = walk(SKEW, cube(1, -4, 4), { shape: [32], dt: 0.1, order: 4, start: packet(0, 1) });
    expect(() => well.step({ D: 0.5, dt: 1, angle: 1 })).toThrow(/order: 4 is for real and for imaginary time/);
  });
});
