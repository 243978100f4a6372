/**
 * The grid that a spectrum chooses: in its box, its kind of axes and its points, and what it says where nothing can be
 * chosen well. The levels of the catalogue's wells and of the reference are held in test/tasks/spectrum.test.ts.
 */
import { describe, expect, it } from "vitest";
import { box, domain, type Potential, potential } from "../../src/core/problem.ts";
import { weylEnergy } from "../../src/engines/spectrum/reach.ts";
import { sincAxis } from "../../src/math/dvr.ts";
import { formula } from "../../src/potentials/formula/index.ts";
import { type SpectrumOptions, spectrum, stateOn } from "../../src/tasks/spectrum.ts";

/** Every level within the estimate, and the estimate within the tolerance. */
async function expectLevels(well: Potential, options: SpectrumOptions, exact: readonly number[], bottom = 0) {
  const found = await spectrum(well, { ...options, levels: exact.length });
  exact.forEach((level, n) => {
    const scale = Math.max(level - bottom, exact[exact.length - 1] * 1e-3);
    expect(found.error[n], `estimate of level ${n}`).toBeLessThanOrEqual(2 * (options.tolerance ?? 1e-10) * scale);
    expect(Math.abs(found.levels[n] - level), `level ${n}`).toBeLessThanOrEqual(found.error[n] + 1e-13 * scale);
  });
  expect(found.warnings).toEqual([]);
  return found;
}

const ladder = (count: number, level: (n: number) => number): number[] =>
  Array.from({ length: count }, (_, n) => level(n));

/** The lowest sums of one level from each list. */
function sums(count: number, ...lists: readonly number[][]): number[] {
  const all = lists.reduce((sofar, list) => sofar.flatMap((a) => list.map((b) => a + b)), [0]);
  return all.sort((a, b) => a - b).slice(0, count);
}

describe("an open box grows and shrinks to the states", () => {
  it.each([1e-6, 1e-2, 0.5, 30, 1e4])("oscillator on [−5, 5] at D = %f", async (D) => {
    const found = await expectLevels(
      formula("x^2/2"),
      { D },
      ladder(8, (n) => Math.sqrt(2 * D) * (n + 0.5)),
    );
    // the classical turning point of the highest level, and not much more
    const turn = Math.sqrt(2 * Math.sqrt(2 * D) * 7.5);
    expect(found.grid.upper[0]).toBeGreaterThan(turn);
    expect(found.grid.upper[0]).toBeLessThan(3 * turn);
    expect(found.grid.shape[0]).toBeLessThan(60);
  });

  it.each([
    [1e-9, -4, 4],
    [1e-10, -2, 2],
    [1e-12, -2.1, 1.9],
  ])("two wells far narrower than the first look, D = %f on [%f, %f]", async (D, low, high) => {
    const { levels, grid, warnings } = await spectrum(formula("(x^2 - 1)^2", { domain: domain([low], [high]) }), {
      ...{ D, levels: 4 },
    });
    // 2√D − D/2 + O(D^{3/2}), 6√D − 7D/2 + …, in pairs
    [1, 1, 3, 3].forEach((n, k) => {
      expect(Math.abs(levels[k] / (2 * n * Math.sqrt(D)) - 1)).toBeLessThan(2 * Math.sqrt(D));
    });
    expect(grid.lower[0]).toBeLessThan(-1);
    expect(grid.upper[0]).toBeGreaterThan(1);
    expect(warnings).toEqual([]);
  });

  it("many levels", async () => {
    const exact = ladder(200, (n) => n + 0.5);
    await expectLevels(formula("x^2/2"), { D: 0.5 }, exact);
  });

  it("to each axis its own: a stiff and a soft direction", async () => {
    const exact = sums(
      10,
      ladder(3, (n) => 10 * (n + 0.5)),
      ladder(12, (n) => 0.2 * (n + 0.5)),
    );
    const { grid } = await expectLevels(formula("50*x^2 + 0.02*y^2"), { D: 0.5 }, exact);
    expect(grid.upper[1] / grid.upper[0]).toBeGreaterThan(8);
  });

  it("two wells at an angle to the axes", async () => {
    const exact = ladder(6, (n) => 0.5 * (10 + 1) + n);
    await expectLevels(formula("25*(x - y)^2 + 0.25*(x + y)^2"), { D: 0.5 }, exact);
  });

  it("far from the middle of the domain", async () => {
    const found = await expectLevels(
      formula("8*(x - 4)^2"),
      { D: 0.01 },
      ladder(5, (n) => 0.4 * Math.SQRT2 * (n + 0.5)),
    );
    expect(found.grid.lower[0]).toBeGreaterThan(2);
  });

  it("a level near the edge of the continuum reaches far out", async () => {
    // Pöschl–Teller with λ(λ + 1)D = 10.68625, λ = 4.15: e^{−0.15x} at the highest level
    const exact = ladder(5, (n) => -0.5 * (4.15 - n) ** 2);
    const found = await expectLevels(formula("-10.68625/cosh(x)^2"), { D: 0.5, tolerance: 1e-8 }, exact, -10.68625);
    expect(found.grid.upper[0]).toBeGreaterThan(40);
  });
});

describe("degenerate levels come with their multiplicity", () => {
  it("on a square and in a cube with hard walls", async () => {
    const D = 1 / Math.PI ** 2;
    await expectLevels(formula("0*x*y", { domain: box(2, 0, 1, "wall") }), { D }, [2, 5, 5, 8, 10, 10, 13, 13, 17, 17]);
    const cube = formula("0*x*y*z", { domain: box(3, -1, 0, "wall") });
    await expectLevels(cube, { D, tolerance: 1e-7 }, [3, 6, 6, 6, 9, 9, 9]);
  });

  it("on a torus", async () => {
    const torus = formula("0*x*y", { domain: box(2, 0, 2 * Math.PI, "periodic") });
    const { levels } = await spectrum(torus, { D: 1, levels: 13 });
    [0, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4].forEach((exact, n) => {
      expect(Math.abs(levels[n] - exact)).toBeLessThan(1e-12);
    });
  });

  it("in three dimensions, two of them alike", async () => {
    const exact = sums(
      11,
      ladder(6, (n) => n + 0.5),
      ladder(6, (n) => n + 0.5),
      ladder(6, (n) => 2 * n + 1),
    );
    await expectLevels(formula("(x^2 + y^2)/2 + 2*z^2"), { D: 0.5, tolerance: 1e-8 }, exact);
  });
});

describe("edges", () => {
  it("a pendulum: Mathieu's characteristic values", async () => {
    // −ψ″ + 2q cos 2x at q = 1: a₀, b₂, a₂ (DLMF §28.4)
    const well = formula("2*cos(2*x)", { domain: domain([0], [Math.PI], "periodic") });
    const { levels } = await spectrum(well, { D: 1, levels: 3, tolerance: 1e-13 });
    [-0.45513860410741, 3.91702477299847, 4.37130098273509].forEach((exact, n) => {
      expect(Math.abs(levels[n] - exact)).toBeLessThan(1e-12);
    });
  });

  it("one wall in one well: the odd levels of the oscillator", async () => {
    const half = formula("x^2/2", { domain: domain([0], [40], "wall") });
    const { grid } = await expectLevels(
      half,
      { D: 0.5 },
      ladder(6, (n) => 2 * n + 1.5),
    );
    expect(grid.lower[0]).toBe(0);
    expect(grid.upper[0]).toBeLessThan(12);
  });

  it("ζ need not be finite at a wall", async () => {
    // x² + 2/x²: E = √D · (…) with the angular part l(l + 1)D = 2, so l = 1 at D = 1: E = 2(2n + l + 3/2)
    const radial = formula("x^2 + 2/x^2", { domain: domain([0], [30], "wall") });
    const { levels } = await spectrum(radial, { D: 1, levels: 4, tolerance: 1e-8 });
    levels.forEach((E, n) => {
      expect(Math.abs(E - (4 * n + 5))).toBeLessThan(1e-6);
    });
  });
});

describe("what cannot be had is said", () => {
  it("levels beyond the bound ones: the box cuts them, and the bound ones hold", async () => {
    const found = await spectrum(formula("-10/cosh(x)^2"), { D: 0.5, levels: 6, tolerance: 1e-8 });
    ladder(4, (n) => -0.5 * (4 - n) ** 2).forEach((exact, n) => {
      expect(Math.abs(found.levels[n] - exact)).toBeLessThan(1e-6);
    });
    expect(found.edgeDensity).toBeGreaterThan(1e-6);
    expect(found.warnings[0]).toMatch(/cuts level 4/);
    // in an endless box both would be 0
    for (const n of [4, 5]) expect(found.error[n]).toBeGreaterThanOrEqual(Math.abs(found.levels[n]));
    expect(found.error[2]).toBeLessThan(1e-6);
  });

  it("a box given that cuts the state", async () => {
    const found = await spectrum(formula("x^2/2"), { D: 0.5, levels: 3, box: [-2, 2] });
    expect(found.warnings[0]).toMatch(/box -2.000:2.000 cuts level 0/);
    expect([found.grid.lower, found.grid.upper]).toEqual([[-2], [2]]);
  });

  it("a D so small that no grid can see the well", async () => {
    for (const D of [1e-30, 1e-300])
      await expect(spectrum(formula("x^2/2"), { D, levels: 3 })).rejects.toThrow(
        /as the grid is refined, .* or a larger D/,
      );
  });

  it("a kink, where levels converge slowly: the estimate is no smaller than the error", async () => {
    const found = await spectrum(formula("abs(x)"), { D: 1, levels: 2 });
    // zeros of Ai′ and Ai
    const off = [1.018792971647471, 2.338107410459767].map((exact, n) => Math.abs(found.levels[n] - exact));
    expect(off[0]).toBeLessThanOrEqual(found.error[0]);
    expect(off[0]).toBeGreaterThan(1e-9);
    expect(found.warnings[0]).toMatch(/level 0 .* is known to .* only/);
    // two axes, where each grid is solved no closer than the next will move it
    const plane = await spectrum(formula("abs(x) + abs(y)"), { D: 1, levels: 1, tolerance: 1e-3 });
    expect(Math.abs(plane.levels[0] - 2 * 1.018792971647471)).toBeLessThanOrEqual(plane.error[0]);
  });

  it("a grid given: the error is that of this grid", async () => {
    for (const grid of [24, 32, 40]) {
      const found = await spectrum(formula("x^2/2"), { D: 0.5, levels: 6, grid });
      expect(found.grid.shape).toEqual([grid]);
      found.levels.forEach((E, n) => {
        expect(Math.abs(E - n - 0.5)).toBeLessThanOrEqual(1.1 * found.error[n] + 1e-13);
        expect(found.error[n]).toBeLessThanOrEqual(3 * Math.abs(E - n - 0.5) + 1e-12);
      });
    }
  });

  it.each([
    ["-x^2", {}, /falls on/],
    ["x", {}, /falls on/],
    ["1/x", {}, /Infinity at x = 0/],
    ["log(x)", {}, /NaN at x = -/],
    ["-1/(x^2 + y^2 + 1e-20)", { levels: 1 }, /falls from .* as the grid is refined, at x = .*, y = .*; a pole/],
    ["x^2", { levels: 100_000 }, /levels: 100000 are more than the 400/],
    ["x^2", { grid: [10, 10] }, /has 2 axes where ζ has 1/],
    ["x^2", { grid: 2.5 }, /2.5 is not a whole number/],
    ["x^2", { box: [1, -1] as [number, number] }, /1:-1 is not an interval/],
    ["x^2 + y^2", { box: [[0, 1]] as [number, number][] }, /has 1 axes where ζ has 2/],
    ["x^2 + y^2 + z^2", { grid: 2000 }, /GiB/],
    ["x^2", { tolerance: 0 }, /0 is not between/],
    ["a^2 + b^2 + c^2 + d^2", {}, /4 dimensions/],
  ])("%s with %j is refused", async (text, options, message) => {
    await expect(spectrum(formula(text), { D: 0.5, ...options })).rejects.toThrow(message);
  });
});

describe("states", () => {
  it("are the oscillator's functions, at points of one's own", async () => {
    const found = await spectrum(formula("x^2/2"), { D: 0.5, levels: 3 });
    const at = Float64Array.from({ length: 41 }, (_, i) => -4 + 0.2 * i + 0.013);
    const gauss = (x: number): number => Math.PI ** -0.25 * Math.exp(-0.5 * x * x);
    const exact = [
      gauss,
      (x: number) => Math.SQRT2 * x * gauss(x),
      (x: number) => (2 * x * x - 1) * Math.SQRT1_2 * gauss(x),
    ];
    exact.forEach((f, n) => {
      const state = stateOn(found, n, [at]);
      const sign = Math.sign(state.reduce((s, v, i) => s + v * f(at[i]), 0));
      at.forEach((x, i) => {
        expect(Math.abs(sign * state[i] - f(x))).toBeLessThan(1e-6);
      });
    });
    expect(found.states[0].every((v) => v > -1e-9)).toBe(true);
  });

  it("have norm 1, a density that is symmetric where ζ is, and parity", async () => {
    const found = await spectrum(formula("(x^2 - 1)^2 + y^2/2"), { D: 0.1, levels: 4 });
    const [xs, ys] = found.grid.axes;
    for (const state of found.states) {
      let norm = 0;
      state.forEach((v, p) => {
        const [i, j] = [Math.floor(p / ys.x.length), p % ys.x.length];
        norm += xs.weight[i] * ys.weight[j] * v * v;
      });
      expect(Math.abs(norm - 1)).toBeLessThan(1e-12);
      const half = stateOn(found, found.states.indexOf(state), [
        [-0.7, 0.7],
        [0.4, -0.4],
      ]);
      expect(Math.abs(Math.abs(half[0]) - Math.abs(half[3]))).toBeLessThan(1e-6);
    }
  });
});

describe("asked of an evaluator", () => {
  it("that answers later, the same levels", async () => {
    const well = formula("(x^2 - 1)^2");
    const slow: Potential = { ...well, answer: async (query) => well.answer(query) };
    const [at, later] = [await spectrum(well, { D: 0.5 }), await spectrum(slow, { D: 0.5 })];
    expect(later.levels).toEqual(at.levels);
    expect(later.evaluations).toBe(at.evaluations);
  });

  it("whose evaluations are counted", async () => {
    let count = 0;
    const value = (x: Float64Array): number => {
      count++;
      return x[0] * x[0];
    };
    const well = potential({ name: "counted", domain: box(1, -5, 5), value });
    const { evaluations } = await spectrum(well, { D: 0.5 });
    // those on the way to a box that fits are counted too
    expect(evaluations).toBeLessThanOrEqual(count);
    expect(count).toBeLessThan(2 * evaluations + 200);
  });
});

describe("scaling", () => {
  it("the spectrum of (cζ, cD) is c times that of (ζ, D)", async () => {
    const plain = await spectrum(formula("(x^2 - 1)^2"), { D: 0.05, levels: 6 });
    const scaled = await spectrum(formula("7*(x^2 - 1)^2"), { D: 0.35, levels: 6 });
    scaled.levels.forEach((E, n) => {
      expect(Math.abs(E - 7 * plain.levels[n])).toBeLessThan(7 * plain.error[n] + scaled.error[n]);
    });
  });

  it("Hellmann–Feynman: dE/dD = ⟨−∇²⟩, which is above 0", async () => {
    const [D, step] = [0.2, 1e-3];
    const well = formula("(x^2 - 1)^2 + 0.3*x");
    const [below, at, above] = await Promise.all(
      [D - step, D, D + step].map((d) => spectrum(well, { D: d, levels: 4 })),
    );
    at.levels.forEach((_, n) => {
      const slope = (above.levels[n] - below.levels[n]) / (2 * step);
      expect(slope).toBeGreaterThan(0);
      // the difference is of second order in the step
      expect(Math.abs(slope / (at.kinetic[n] / D) - 1)).toBeLessThan(1e-4);
    });
  });

  it("Weyl's estimate is exact for the oscillator's classical phase space", () => {
    const axis = sincAxis(-10, 0.01, 2001);
    const zeta = axis.x.map((x) => 0.5 * x * x);
    // k = E/ω in one dimension
    expect(weylEnergy({ axes: [axis], zeta }, 0.5, 7)).toBeCloseTo(7, 1);
    expect(weylEnergy({ axes: [axis], zeta }, 2, 5)).toBeCloseTo(10, 1);
  });
});
