import { describe, expect, it } from "vitest";
import {
  AXIS_ROOM,
  type Axis,
  blankAxis,
  global,
  insert,
  local,
  open,
  type Proposal,
} from "../../../src/engines/packets/axis.ts";
import { fold, key, uniform } from "../../../src/math/rng.ts";
import { median } from "../../../src/math/stats.ts";

/** Takes in ζ_i = y at t: an axis is told by how much that is above the best so far. */
function inserter(axis: Axis): (t: number, y: number) => void {
  let least = Number.NaN;
  return (t, y) => {
    insert(axis, t, Number.isNaN(least) ? 0 : y - least);
    if (!(y >= least)) least = y;
  };
}

function axisOf(samples: readonly (readonly [number, number])[]): Axis {
  const axis = blankAxis();
  const take = inserter(axis);
  for (const [t, y] of samples) take(t, y);
  return axis;
}

function proposal(axis: Axis): Proposal {
  const out = { t: Number.NaN, gain: Number.NaN };
  local(axis, out);
  return out;
}

const sampled = (f: (t: number) => number, at: readonly number[]): Axis => axisOf(at.map((t) => [t, f(t)] as const));

describe("the samples of an axis", () => {
  it("stand in order, with the best known, whatever the order they came in", () => {
    const axis = blankAxis();
    const take = inserter(axis);
    const seen: [number, number][] = [];
    for (let n = 0; n < 200; n++) {
      const [t, y] = [uniform(key(1), n), Math.floor(20 * uniform(key(2), n))];
      seen.push([t, y]);
      take(t, y);
      const least = Math.min(...seen.map(([, v]) => v));
      const sorted = seen.toSorted((a, b) => a[0] - b[0]);
      expect([...axis.t.subarray(0, axis.count)]).toEqual(sorted.map(([s]) => s));
      expect([...axis.y.subarray(0, axis.count)]).toEqual(sorted.map(([, v]) => v - least));
      expect(axis.y[axis.best]).toBe(0);
    }
    // a sample that is there already changes nothing, and of equals the first stays the best
    const before = structuredClone(axis);
    insert(axis, axis.t[7], -100);
    expect(axis).toEqual(before);
    const even = axisOf([
      [0.5, 1],
      [0.7, 1],
      [0.2, 1],
    ]);
    expect(even.t[even.best]).toBe(0.5);
  });

  it("have room for more than a search takes", () => {
    const axis = blankAxis();
    for (let n = 0; n < AXIS_ROOM - 1; n++) insert(axis, n / AXIS_ROOM, n);
    expect(open(axis)).toBe(true);
    insert(axis, 1, 0);
    expect(open(axis)).toBe(false);
  });

  it("keep what lies near the least apart, however far the first lay above it", () => {
    const near = [1, 0, 2, 5].map((n) => [0.5 + 1e-3 * n, 1e-12 * n] as const);
    const axis = axisOf([[0, 1e9], [1, 2e9], ...near]);
    for (let j = 1; j < 5; j++) expect(axis.y[j] / 1e-12).toBeCloseTo([0, 1, 2, 5][j - 1], 9);
  });
});

describe("the local proposal", () => {
  it("is the minimum of the parabola, and promises the fall to it", () => {
    for (const centre of [0.46, 0.49, 0.52, 0.545]) {
      const { t, gain } = proposal(sampled((v) => 3 * (v - centre) ** 2 - 7, [0.4, 0.5, 0.6]));
      expect(t).toBeCloseTo(centre, 12);
      expect(gain).toBeCloseTo(3 * (0.5 - centre) ** 2, 12);
    }
  });

  it("steps to the other side of a best sample that is the minimum of the parabola already, by little", () => {
    const axis = sampled((v) => (v - 0.5) ** 2, [0.4, 0.5, 0.6]);
    expect(Math.abs(proposal(axis).t - 0.5)).toBeCloseTo(10 * 1e-3 * 0.1, 12);
  });

  it("goes into the longer side of a lopsided bracket every third turn", () => {
    const axis = sampled((v) => (v - 0.5001) ** 2, [0.4999, 0.5, 0.9]);
    const turns = [0, 1, 2, 3, 4].map((turn) => proposal({ ...axis, turn }).t);
    const [least, most] = [0.0001, 0.4];
    const guarded = 0.5 + (Math.sqrt(most * least) + least) / 2;
    expect(turns[1]).toBeCloseTo(guarded, 12);
    expect(turns[4]).toBeCloseTo(guarded, 12);
    for (const n of [0, 2, 3]) expect(turns[n]).toBeCloseTo(0.5001, 9);
  });

  it("stays strictly inside its bracket, whatever the samples", () => {
    for (let n = 0; n < 500; n++) {
      const at = fold(key(4), n);
      const t = [0, 1, 2].map((i) => uniform(at, i)).sort((a, b) => a - b);
      const axis = axisOf(t.map((v, i) => [v, i === 1 ? -1 : uniform(at, 10 + i) * 10 ** (8 * uniform(at, 20 + i))]));
      axis.turn = n;
      const { t: to, gain } = proposal(axis);
      expect(to).toBeGreaterThan(t[0]);
      expect(to).toBeLessThan(t[2]);
      expect(to).not.toBe(t[1]);
      expect(gain).toBeGreaterThan(0);
    }
  });

  it("goes twice as far beyond an outermost best sample, to the wall at most, and back from the wall by a quarter", () => {
    expect(proposal(sampled((v) => -v, [0.4, 0.5, 0.6]))).toEqual({
      t: expect.closeTo(0.8, 12),
      gain: expect.closeTo(0.1, 12),
    });
    expect(proposal(sampled((v) => -v, [0.4, 0.5, 0.8])).t).toBe(1);
    expect(proposal(sampled((v) => v, [0.1, 0.5])).t).toBe(0);
    expect(proposal(sampled((v) => v, [0, 0.4, 0.5]))).toEqual({
      t: expect.closeTo(0.1, 12),
      gain: expect.closeTo(4e-4, 12),
    });
  });

  it("promises nothing where the bracket is a point", () => {
    expect(proposal(sampled((v) => Math.abs(v - 0.5), [0.5 - 4e-15, 0.5, 0.5 + 4e-15])).gain).toBe(0);
    expect(proposal(sampled((v) => v, [0, 1e-15])).gain).toBe(0);
  });

  it("converges to the minimum of a smooth well faster than by golden section", () => {
    const f = (t: number): number => Math.exp(t) - 1.7 * t;
    const axis = blankAxis();
    const take = inserter(axis);
    for (const t of [0.4, 0.5, 0.6]) take(t, f(t));
    for (let n = 0; n < 14; n++, axis.turn++) {
      const { t } = proposal(axis);
      take(t, f(t));
    }
    // rounding of f hides what lies nearer; golden section would stand at 0.2 · 0.618¹⁴ = 2e-4
    expect(Math.abs(axis.t[axis.best] - Math.log(1.7))).toBeLessThan(3e-8);
  });
});

describe("the global look", () => {
  it("goes to the walls first", () => {
    const axis = sampled((v) => v, [0.4, 0.5, 0.6]);
    expect(global(axis)).toBe(0);
    insert(axis, 0, 2.6);
    expect(global(axis)).toBe(1);
  });

  it("halves the interval whose well, reaching the target, has the least zero-point energy (brute force)", () => {
    for (let n = 0; n < 300; n++) {
      const at = fold(key(5), n);
      const count = 4 + Math.floor(30 * uniform(at, 0));
      const axis = axisOf(
        Array.from({ length: count }, (_, i) => [
          i < 2 ? i : uniform(at, 100 + i),
          10 ** (4 * uniform(at, 200 + i) - 2) - 1,
        ]),
      );
      axis.globals = n;
      const [t, y] = [axis.t.subarray(0, count), axis.y.subarray(0, count)];
      const best = Math.min(...y);
      const target = best - (median(y) - best) * 10 ** -(n % 4);
      const curvature = Array.from({ length: count - 1 }, (_, j) =>
        lowestCurvature(t[j], y[j], t[j + 1], y[j + 1], target),
      );
      const j = curvature.indexOf(Math.min(...curvature));
      expect(global(axis)).toBeCloseTo((t[j] + t[j + 1]) / 2, 12);
    }
  });

  it("goes through the longest intervals on a plateau, past those that are points", () => {
    const axis = sampled(() => 2, [0, 0.4, 0.5, 0.6, 1]);
    expect(global(axis)).toBeCloseTo(0.2, 14);
    insert(axis, 0.2, 0);
    expect(global(axis)).toBeCloseTo(0.8, 14);
    const full = blankAxis();
    for (const t of [0, 1e-13, 2e-13, 1 - 1e-13, 1]) insert(full, t, 0);
    expect(global(full)).toBeCloseTo(0.5, 9);
  });

  it("keeps looking at every scale: it finds the needle among a thousand ripples", () => {
    // wells of width 1/60 with the lowest one not the nearest
    const f = (t: number): number => 100 * (t - 0.371) ** 2 + 1 - Math.cos(2 * Math.PI * 20 * (t - 0.371));
    const axis = blankAxis();
    const take = inserter(axis);
    for (const t of [0.4, 0.5, 0.6]) take(t, f(t));
    for (let n = 0; n < 150; n++) {
      const t = n % 2 === 0 ? global(axis) : proposal(axis).t;
      if (n % 2 === 0) axis.globals++;
      else axis.turn++;
      take(t, f(t));
    }
    expect(f(axis.t[axis.best])).toBeLessThan(1e-12);
  });
});

/** The curvature a of the parabola through both ends whose least value, between them, is `target`: by bisection. */
function lowestCurvature(t0: number, y0: number, t1: number, y1: number, target: number): number {
  // the minimum lies where √a (s − t0) = √(y0 − target) and √a (t1 − s) = √(y1 − target)
  let [low, high] = [t0, t1];
  for (let n = 0; n < 200; n++) {
    const s = (low + high) / 2;
    const left = (y0 - target) / (s - t0) ** 2;
    const right = (y1 - target) / (t1 - s) ** 2;
    if (left > right) low = s;
    else high = s;
  }
  const s = (low + high) / 2;
  return (y0 - target) / (s - t0) ** 2;
}
