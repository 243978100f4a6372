import { describe, expect, it } from "vitest";
import { type Plain, same } from "../../../src/core/plain.ts";
import { box, domain, potential, type Value } from "../../../src/core/problem.ts";
import { blankLevel, type Level, startLevel } from "../../../src/engines/packets/level.ts";
import { orthogonalNormals } from "../../../src/engines/packets/normals.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import {
  blankWide,
  LARGEST_FULL,
  learn,
  place,
  rank,
  sampleWide,
  startWide,
  type Wide,
  wideBench,
} from "../../../src/engines/packets/wide.ts";
import { fillNormal, fold, key } from "../../../src/math/rng.ts";
import {
  ellipsoid,
  estimate,
  evolve,
  generationsTo,
  minimized,
  rosenbrock,
  rotation,
  sphere,
  turn,
  unitBox,
  well,
} from "./ground.ts";

/** A packet whose C is diagonal, in any dimension. */
function aligned(dim: number): Wide {
  return { ...blankWide(dim), shape: new Float64Array(dim), basis: new Float64Array(0) };
}

function started(dim: number, lambda: number): Level {
  const level = blankLevel(dim, false);
  level.packet.mean.fill(0.5);
  startLevel(level, lambda, 0.2);
  return level;
}

describe("a wide packet", () => {
  it("is indifferent to rotation: turned samples of equal rank turn its whole trajectory", () => {
    const dim = 4;
    const of = constants(dim, 8);
    const q = rotation(dim, 5);
    const [a, b] = [blankWide(dim), blankWide(dim)];
    const [benchA, benchB] = [wideBench(dim, 8), wideBench(dim, 8)];
    startWide(a, 8, 0.2);
    startWide(b, 8, 0.2);
    a.mean.set([0.3, -0.1, 0.2, 0.5]);
    b.mean.set(turn(q, a.mean));
    const value = new Float64Array(8);
    for (let g = 0; g < 80; g++) {
      fillNormal(fold(key(2), g), benchA.z);
      sampleWide(a, of, benchA);
      for (let k = 0; k < 8; k++) {
        const y = benchA.y.subarray(k * dim, (k + 1) * dim);
        value[k] = ellipsoid(y.map((v, i) => a.mean[i] + a.sigma * v));
        benchB.y.set(turn(q, y), k * dim);
      }
      benchB.squares.set(benchA.squares);
      const flat = rank(of, value, benchA);
      benchB.order.set(benchA.order);
      learn(a, of, benchA, flat);
      learn(b, of, benchB, flat);
    }
    const scale = a.sigma;
    expect(scale).toBeLessThan(0.1);
    expect(b.sigma / a.sigma).toBeCloseTo(1, 6);
    turn(q, a.mean).forEach((v, i) => {
      expect(Math.abs(v - b.mean[i])).toBeLessThan(1e-8 * scale + 1e-13);
    });
    a.axes.forEach((v, i) => {
      expect(b.axes[i] / v).toBeCloseTo(1, 6);
    });
  });

  it("takes as long on a turned well as on one along the axes, away from walls", () => {
    const dim = 4;
    const q = rotation(dim, 11);
    // the well lies in the middle tenth of the box
    const to = (x: Float64Array): Float64Array => x.map((v) => 10 * (v - 0.52));
    const cost = (value: Value) =>
      estimate(
        Array.from({ length: 24 }, (_, seed) =>
          generationsTo(
            1e-8,
            potential({ name: "inner", domain: unitBox(dim), value }),
            seed,
            blankLevel(dim, false),
            8,
          ),
        ),
      );
    const [straight, turned] = [cost((x) => ellipsoid(to(x))), cost((x) => ellipsoid(turn(q, to(x))))];
    expect(Math.abs(straight.mean - turned.mean)).toBeLessThan(4 * Math.hypot(straight.error, turned.error));
  });

  it.each<[string, (v: number) => number]>([
    ["√ζ − 5", (v) => Math.sqrt(v) - 5],
    ["ln(ζ + 1e-3)", (v) => Math.log(v + 1e-3)],
    ["−1/(1 + ζ)", (v) => -1 / (1 + v)],
  ])("is indifferent to an increasing transform of ζ, bit for bit: %s", (_name, bend) => {
    const [plain, bent] = [started(3, 7), started(3, 7)];
    const a = evolve(plain, well(rosenbrock, 3), 7, 0, 40);
    const b = evolve(
      bent,
      well((x) => bend(rosenbrock(x)), 3),
      7,
      0,
      40,
    );
    expect(a.length).toBe(280);
    expect(same(a, b)).toBe(true);
    expect(same(plain.packet as Plain, bent.packet as Plain)).toBe(true);
  });

  it("is indifferent to translation", () => {
    const shift = [16, -8, 4];
    const here = potential({ name: "here", domain: box(3, -4, 4), value: rosenbrock });
    const there = potential({
      name: "there",
      domain: domain(
        shift.map((s) => s - 4),
        shift.map((s) => s + 4),
      ),
      value: (x) => rosenbrock(x.map((v, i) => v - shift[i])),
    });
    const [a, b] = [started(3, 7), started(3, 7)];
    evolve(a, here, 7, 0, 60);
    evolve(b, there, 7, 0, 60);
    a.packet.mean.forEach((v, i) => {
      expect(Math.abs(v - b.packet.mean[i])).toBeLessThan(1e-9);
    });
    expect(b.packet.sigma / a.packet.sigma).toBeCloseTo(1, 6);
  });

  it("is placed at a point no further away than samples go", () => {
    const dim = 3;
    const packet = blankWide(dim);
    startWide(packet, 7, 0.5);
    packet.axes.set([1, 2, 4]);
    const bench = wideBench(dim, 7);
    place(packet, Float64Array.of(0.25, -0.5, 1), 2, bench);
    expect(Array.from(bench.y.subarray(6, 9))).toEqual([0.5, -1, 2]);
    expect(bench.squares[2]).toBeCloseTo(0.25 + 0.25 + 0.25, 14);
    place(packet, Float64Array.of(0, 0, 1e6), 2, bench);
    const most = Math.sqrt(dim) + (2 * dim) / (dim + 2);
    expect(bench.squares[2]).toBeCloseTo(most * most, 12);
    expect(bench.y[8]).toBeCloseTo(4 * most, 12);
  });

  it("spreads where ζ is flat, to the width of the box and no further", () => {
    const level = started(4, 8);
    const flat = well(() => 3, 4);
    evolve(level, flat, 1, 0, 3);
    const { sigma, shape } = level.packet;
    expect(sigma * Math.sqrt(shape[0])).toBeGreaterThan(0.2);
    const wide = started(4, 8);
    for (let g = 0; g < 20; g++) evolve(wide, flat, 1, g, g + 1);
    const largest = Math.max(...[0, 5, 10, 15].map((e) => wide.packet.shape[e]));
    expect(wide.packet.sigma * Math.sqrt(largest)).toBeCloseTo(1, 12);
  });
});

describe("an aligned packet", () => {
  it("is the full one of the same constants with C kept to its diagonal", () => {
    const dim = 5;
    const lambda = 8;
    const of = constants(dim, lambda, true);
    const [full, thin] = [blankWide(dim), aligned(dim)];
    const bench = wideBench(dim, lambda);
    for (const packet of [full, thin]) {
      startWide(packet, lambda, 0.2);
      packet.mean.fill(0.7);
    }
    const value = new Float64Array(lambda);
    for (let g = 0; g < 120; g++) {
      orthogonalNormals(fold(key(3), g), lambda / 2, dim, bench.z);
      sampleWide(thin, of, bench);
      for (let k = 0; k < lambda; k++)
        value[k] = ellipsoid(bench.y.subarray(k * dim, (k + 1) * dim).map((v, i) => thin.mean[i] + thin.sigma * v));
      const flat = rank(of, value, bench);
      learn(thin, of, bench, flat);
      learn(full, of, bench, flat);
      // what learn() has decomposed must be the diagonal
      for (let i = 0; i < dim; i++)
        for (let j = 0; j < dim; j++) {
          if (i !== j) full.shape[i * dim + j] = 0;
          full.basis[i * dim + j] = i === j ? 1 : 0;
        }
      full.axes.forEach((_, i) => {
        full.axes[i] = Math.sqrt(full.shape[i * (dim + 1)]);
      });
    }
    expect(thin.sigma).toBeLessThan(0.01);
    expect(full.sigma / thin.sigma).toBeCloseTo(1, 9);
    thin.shape.forEach((c, i) => {
      expect(full.shape[i * (dim + 1)] / c).toBeCloseTo(1, 9);
      expect(Math.abs(full.mean[i] - thin.mean[i])).toBeLessThan(1e-9 * thin.sigma + 1e-15);
    });
  });

  it("learns the axes of an ellipsoid: it takes fewer generations than a full one", () => {
    const dim = 8;
    const at = well(ellipsoid, dim);
    const cost = (level: () => Level) =>
      estimate(Array.from({ length: 8 }, (_, seed) => generationsTo(1e-8, at, seed, level(), 10)));
    const full = cost(() => blankLevel(dim, false));
    const thin = cost(() => ({ ...blankLevel(dim, false), packet: aligned(dim) }));
    expect(thin.mean + 3 * thin.error).toBeLessThan(full.mean - 3 * full.error);
  });

  it("holds d numbers for its shape above 128 dimensions", () => {
    expect(blankWide(LARGEST_FULL).shape.length).toBe(LARGEST_FULL ** 2);
    const packet = blankWide(LARGEST_FULL + 1);
    expect([packet.shape.length, packet.basis.length]).toEqual([LARGEST_FULL + 1, 0]);
  });

  // without the levels that would end at once there
  const bare = ["product", "harmonic"] as const;

  it.each([
    [100, "sphere", sphere, bare, 20_000],
    [100, "ellipsoid", ellipsoid, ["product"] as const, 20_000],
    [200, "ellipsoid", ellipsoid, bare, 60_000],
    [1000, "ellipsoid", ellipsoid, [] as const, 3000],
  ])("finds the minimum in %i dimensions, %s", async (dim, _name, value, without, budget) => {
    const at = potential({ name: "far", domain: box(dim, -4, 5), value });
    const { stop } = await minimized(at, 1, { budget, target: 1e-8 }, { without });
    expect(stop).toBe("target reached");
  });

  it("falls at a rate that d alone sets: a sphere in 1000 dimensions", () => {
    const dim = 1000;
    const level = blankLevel(dim, false);
    level.packet.mean.fill(0.5);
    startLevel(level, 24, 0.02);
    const at = potential({ name: "far", domain: box(dim, -4, 5), value: sphere });
    for (let g = 0; g < 250; g++) evolve(level, at, 1, g, g + 1);
    expect(level.past.best).toBeLessThan(sphere(new Float64Array(dim).fill(0.5)) / 4);
  });
});
