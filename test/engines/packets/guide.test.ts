import { describe, expect, it } from "vitest";
import { type Plain, same } from "../../../src/core/plain.ts";
import { box, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { blankGuide, seeBest } from "../../../src/engines/packets/guide.ts";
import { blankLevel, type Level, startLevel } from "../../../src/engines/packets/level.ts";
import { see } from "../../../src/engines/packets/sight.ts";
import { fitBench, remember } from "../../../src/engines/packets/surrogate.ts";
import { blankWide, startWide } from "../../../src/engines/packets/wide.ts";
import { fillNormal, fold, key, uniform } from "../../../src/math/rng.ts";
import { answered, ellipsoid, estimate, evolve, nowhere, rosenbrock, sphere, unitBox } from "./ground.ts";

const dim = 3;
const lambda = 20;

function inside(value: Value, d = dim): Potential {
  return potential({ name: "inside", domain: box(d, -4, 5), value });
}

function level(guided: boolean, d = dim, samples = 8): Level {
  const born = blankLevel(d, guided);
  born.packet.mean.fill(0.5);
  startLevel(born, samples, 0.2);
  return born;
}

/** One guided look at λ samples about the middle, after `known` others have been remembered. */
function guided(value: Value, known: number, pause = 0) {
  const at = potential({ name: "guided", domain: unitBox(dim), value });
  const guide = blankGuide(dim);
  guide.pause = pause;
  const packet = blankWide(dim);
  startWide(packet, lambda, 0.1);
  packet.mean.fill(0.5);
  const point = (n: number): Float64Array => {
    const z = new Float64Array(dim);
    fillNormal(fold(key(2), n), z);
    return z.map((v) => 0.5 + 0.1 * v);
  };
  for (let n = 0; n < known; n++) {
    const x = point(1000 + n);
    remember(guide.archive, x, 0, dim, value(x));
  }
  const u = new Float64Array(lambda * dim);
  for (let k = 0; k < lambda; k++) u.set(point(k), k * dim);
  const values = new Float64Array(lambda).fill(Number.NaN);
  const asked: number[] = [];
  const look = function* (samples: Int32Array) {
    for (const k of samples) {
      asked.push(k);
      [values[k]] = yield* see(at.domain, nowhere(dim), 1, u.slice(k * dim, (k + 1) * dim));
    }
    return samples.length;
  };
  const spent = answered(seeBest(guide, packet, fitBench(dim), u, values, look), at);
  expect(spent).toBe(asked.length);
  const truth = Float64Array.from({ length: lambda }, (_, k) => value(u.slice(k * dim, (k + 1) * dim)));
  return { guide, values, asked, truth };
}

const bowl: Value = (u) => 5 + u.reduce((s, v, i) => s + (i + 1) * (v - 0.47) ** 2, 0);

describe("a guided look", () => {
  it("asks a few of the best samples where the model is right, and ranks the others as ζ would", () => {
    const { values, asked, truth, guide } = guided(bowl, 30);
    expect(asked.length).toBe(1);
    expect(truth[asked[0]]).toBe(Math.min(...truth));
    const by = (v: Float64Array): number[] => Array.from(v, (_, k) => k).sort((a, b) => v[a] - v[b]);
    expect(by(values)).toEqual(by(truth));
    // and in ζ's own units: the model is ζ here
    values.forEach((v, k) => {
      expect(v).toBeCloseTo(truth[k], 7);
    });
    expect(guide.ready).toBe(true);
    for (const v of guide.step) expect(v).toBeCloseTo(0.47, 5);
    expect(guide.level).toBeCloseTo(5, 7);
    expect(guide.drop).toBeCloseTo(bowl(new Float64Array(dim).fill(0.5)) - 5, 7);
  });

  it("does so in any units of ζ", () => {
    const plain = guided(bowl, 30);
    for (const a of [2 ** -40, 2 ** 40]) {
      const other = guided((u) => a * bowl(u), 30);
      expect(other.asked).toEqual(plain.asked);
      other.values.forEach((v, k) => {
        expect(v / a).toBeCloseTo(plain.values[k], 9);
      });
    }
  });

  const noise: Value = (u) => uniform(key(Math.floor(1e6 * u[0])), Math.floor(1e6 * u[1]));

  it.each<[string, Value, number, number]>([
    ["the model tells nothing", noise, 30, 0],
    ["too few points are known", bowl, 2, 0],
    ["all values are one", () => 3, 30, 0],
    ["all values are +∞", () => Infinity, 30, 0],
    ["the model is given a rest", bowl, 30, 3],
  ])("is the full one where %s", (_name, value, known, pause) => {
    const { values, asked, truth, guide } = guided(value, known, pause);
    expect(asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: lambda }, (_, k) => k));
    expect(values).toEqual(truth);
    expect(guide.ready).toBe(false);
    if (pause > 0) expect(guide.pause).toBe(pause - 1);
  });

  it("asks each sample once at most, a batch at a time", () => {
    const { asked } = guided((u) => bowl(u) + 0.02 * noise(u), 30);
    expect(new Set(asked).size).toBe(asked.length);
    expect([1, 3, 6, 11, 19, 20]).toContain(asked.length);
  });
});

describe("a guided packet", () => {
  it("goes where an unguided one goes while its model is useless", () => {
    const white: Value = (x) => uniform(fold(key(Math.floor(1e6 * (x[0] + 4))), Math.floor(1e6 * (x[1] + 4))), 0);
    const [with_, without] = [level(true), level(false)];
    const at = inside(white);
    for (let g = 0; g < 12; g++) {
      evolve(with_, at, 4, g, g + 1);
      evolve(without, at, 4, g, g + 1);
    }
    expect(same(with_.packet as Plain, without.packet as Plain)).toBe(true);
  });

  it("rests longer the more often its model has failed", () => {
    const white: Value = (x) => uniform(fold(key(Math.floor(1e6 * (x[0] + 4))), Math.floor(1e6 * (x[1] + 4))), 0);
    const born = level(true);
    const pauses: number[] = [];
    for (let g = 0; g < 60; g++) {
      evolve(born, inside(white), 4, g, g + 1);
      if (born.guide !== null && born.guide.pause > (pauses.at(-1) ?? 0)) pauses.push(born.guide.pause);
    }
    expect(pauses.slice(0, 4)).toEqual([2, 4, 8, 16]);
  });

  it.each<[string, Value, number]>([
    ["the sphere", sphere, 5],
    ["an ellipsoid of condition 10⁶", ellipsoid, 5],
    ["Rosenbrock's valley", rosenbrock, 3],
  ])("saves evaluations on %s", (_name, value, d) => {
    const at = inside(value, d);
    const cost = (isGuided: boolean) =>
      estimate(
        Array.from({ length: 8 }, (_, seed) => {
          const born = level(isGuided, d, 8);
          let spent = 0;
          for (let g = 0; born.past.best > 1e-8 && g < 1000; g++) spent += evolve(born, at, seed, g, g + 1).length;
          return spent;
        }),
      );
    const [with_, without] = [cost(true), cost(false)];
    expect(with_.mean + 3 * with_.error).toBeLessThan(0.7 * (without.mean - 3 * without.error));
  });

  it("tries the harmonic step next: the sphere is solved by it to rounding", () => {
    const born = level(true, 4, 8);
    const at = inside((x) => sphere(x.map((v) => v - 1.3)), 4);
    let spent = 0;
    for (let g = 0; born.past.best > 1e-12; g++) spent += evolve(born, at, 2, g, g + 1).length;
    expect(spent).toBeLessThan(80);
  });

  it("tries no step twice: where the model has failed there is none", () => {
    const born = level(true, 4, 8);
    const at = inside((x) => sphere(x.map((v) => v - 1.3)), 4);
    for (let g = 0; born.guide?.ready !== true; g++) evolve(born, at, 2, g, g + 1);
    const white: Value = (x) => uniform(fold(key(Math.floor(1e6 * (x[0] + 4))), Math.floor(1e6 * (x[1] + 4))), 0);
    for (let g = 100; born.guide.pause === 0; g++) evolve(born, inside(white, 4), 2, g, g + 1);
    expect(born.guide?.ready).toBe(false);
  });

  it("forgets what another has seen", () => {
    const born = level(true);
    evolve(born, inside(sphere), 1, 0, 10);
    expect(born.guide?.archive.count).toBeGreaterThan(0);
    startLevel(born, 8, 0.2);
    expect(born.guide).toMatchObject({ archive: { count: 0 }, ready: false, failures: 0, pause: 0 });
  });

  it("is there up to twelve dimensions, where it is wanted", () => {
    expect(blankLevel(12, true).guide).not.toBeNull();
    expect(blankLevel(13, true).guide).toBeNull();
    expect(blankLevel(2, false).guide).toBeNull();
  });
});
