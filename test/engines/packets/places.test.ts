/** Where harmonic packets are born: in the lowest place where none has been. */
import { describe, expect, it } from "vitest";
import { box, type Potential, potential } from "../../../src/core/problem.ts";
import { blankHarmonic, type Harmonic } from "../../../src/engines/packets/harmonic.ts";
import { blankPlaces, note, type Places, seek, settle } from "../../../src/engines/packets/places.ts";
import type { Lowest } from "../../../src/engines/packets/sight.ts";
import { fold, key, uniform } from "../../../src/math/rng.ts";
import { kolmogorovSmirnov } from "../../../src/math/stats.ts";
import { answered } from "./ground.ts";

const LOOKS = 10;
const OWN = 2;
const unit = (dim: number, value: (x: Float64Array) => number): Potential =>
  potential({ name: "ground", domain: box(dim, 0, 1), value });

/** A packet put at the next place, and how often ζ was asked. */
function next(places: Places, at: Potential, log: Float64Array[] = [], seed = 1): { packet: Harmonic; asked: number } {
  const dim = at.domain.lower.length;
  const packet = blankHarmonic(dim);
  const lowest: Lowest = { value: Number.POSITIVE_INFINITY, x: new Float64Array(dim) };
  answered(seek(places, { domain: at.domain, lowest, exact: false }, key(seed), packet, OWN), at, log);
  return { packet, asked: packet.evaluations };
}

describe("a place for a harmonic packet", () => {
  it("is the lowest of the points that were looked at, whose ζ is not asked again", () => {
    const at = unit(3, (x) => (x[0] - 0.3) ** 2 + x[1] + x[2]);
    const log: Float64Array[] = [];
    const { packet, asked } = next(blankPlaces(3), at, log);
    expect(asked).toBe(LOOKS);
    expect(log.length).toBe(LOOKS);
    const values = log.map((x) => (x[0] - 0.3) ** 2 + x[1] + x[2]);
    expect(packet.value).toBe(Math.min(...values));
    expect([...packet.x]).toEqual([...log[values.indexOf(packet.value)]]);
  });

  it("comes of points that fill the box and keep apart", () => {
    for (const dim of [1, 2, 5]) {
      const at = unit(dim, (x) => x[0]);
      const places = blankPlaces(dim);
      const log: Float64Array[] = [];
      for (let i = 0; i < 20; i++) next(places, at, log);
      for (let j = 0; j < dim; j++) {
        const { p } = kolmogorovSmirnov(
          Float64Array.from(log, (x) => x[j]),
          (v) => v,
        );
        expect(p).toBeGreaterThan(0.5);
      }
      const apart = (x: Float64Array, y: Float64Array): number => Math.hypot(...x.map((v, j) => v - y[j]));
      const nearest = log.map((x, i) => Math.min(...log.slice(0, i).map((y) => apart(x, y)), 1));
      expect(Math.min(...nearest)).toBeGreaterThan(0.3 * log.length ** (-1 / dim));
    }
  });

  it("is in each of nine wells once, where their bottoms are told", () => {
    const well = (v: number): number => Math.floor(3 * v);
    const at = unit(2, ([x, y]) => Math.cos(6 * Math.PI * x) + Math.cos(6 * Math.PI * y) + x + 0.5 * y);
    for (let seed = 0; seed < 10; seed++) {
      const places = blankPlaces(2);
      const found: string[] = [];
      for (let i = 0; i < 9; i++) {
        const { packet } = next(places, at, [], seed);
        const [a, b] = [well(packet.x[0]), well(packet.x[1])];
        found.push(`${a} ${b}`);
        packet.x.set([(2 * a + 1) / 6, (2 * b + 1) / 6]);
        settle(places, at.domain, { ...packet, value: -2 + packet.x[0] + 0.5 * packet.x[1] }, true, OWN);
      }
      // nine of nine at random would meet 5.9 of them
      expect(new Set(found).size).toBeGreaterThanOrEqual(8);
    }
  });

  it("is found where all points are near known bottoms, and where ζ is +∞", () => {
    const bowl = unit(1, (x) => (x[0] - 0.5) ** 2);
    const places = blankPlaces(1);
    for (let i = 0; i < 100; i++) {
      const { packet, asked } = next(places, bowl);
      expect(asked).toBeLessThanOrEqual(4 * LOOKS);
      expect(packet.value).toBe((packet.x[0] - 0.5) ** 2);
      settle(places, bowl.domain, { ...packet, x: Float64Array.of(0.5), value: 0 }, true, OWN);
    }
    expect(
      next(
        blankPlaces(2),
        unit(2, () => Number.POSITIVE_INFINITY),
      ).packet.value,
    ).toBe(Number.POSITIVE_INFINITY);
  });

  it("may be one that the samples of another family have seen, which is told", () => {
    const bowl = unit(2, ([x, y]) => (x - 0.5) ** 2 + (y - 0.5) ** 2);
    const places = blankPlaces(2);
    const wide = 0;
    note(places, bowl.domain, Float64Array.of(0.5, 0.501, 0.9, 0.9), Float64Array.of(1e-6, 0.32), wide);
    const packet = blankHarmonic(2);
    const lowest: Lowest = { value: Number.POSITIVE_INFINITY, x: new Float64Array(2) };
    const sight = { domain: bowl.domain, lowest, exact: false };
    expect(answered(seek(places, sight, key(1), packet, OWN), bowl)).toBe(wide);
    expect([...packet.x, packet.value]).toEqual([0.5, 0.501, 1e-6]);
    const next = blankHarmonic(2);
    expect(answered(seek(places, sight, key(1), next, OWN), bowl)).toBe(OWN);
  });

  it.each(["wall", "periodic"] as const)(
    "is the lowest of the far ones, however much was seen (%s; by definition)",
    (edge) => {
      const dim = 2;
      const waves = ([x, y]: Float64Array): number => Math.round(8 * (Math.cos(20 * x) + Math.sin(17 * y) + x));
      const at = potential({
        name: "waves",
        domain: box(dim, 0, 1, edge),
        value: waves,
      });
      const places = blankPlaces(dim);
      const { seen, bottoms } = places;
      const short = (v: number): number => (edge === "periodic" ? v - Math.round(v) : v);
      const gap = (i: number, of: Float64Array, k: number): number =>
        Math.hypot(short(seen.x[2 * i] - of[2 * k]), short(seen.x[2 * i + 1] - of[2 * k + 1]));
      for (let birth = 0; birth < 60; birth++) {
        const u = Float64Array.from({ length: 2 * 60 }, (_, e) => uniform(fold(key(5), birth), e) ** (1 + (birth % 3)));
        note(
          places,
          at.domain,
          u,
          Float64Array.from({ length: 60 }, (_, k) => waves(u.subarray(2 * k, 2 * k + 2))),
          0,
        );
        const was = seen.used.slice();
        const rounds = next(places, at).asked / LOOKS;
        const n = Math.min(seen.count, seen.value.length);
        const known = Math.min(bottoms.count, bottoms.value.length);
        // what was written over is not used
        const [found] = Array.from(seen.used.subarray(0, n).keys()).filter((i) => seen.used[i] === 1 && was[i] === 0);
        const r = Math.sqrt(Math.log(n + known + 1) / ((n + known) * Math.PI));
        const isFar = (i: number): boolean => {
          for (let k = 0; k < known; k++)
            if (bottoms.value[k] <= seen.value[i] && gap(i, bottoms.x, k) < r) return false;
          for (let k = 0; k < n; k++) {
            const isLower = seen.value[k] < seen.value[i] || (seen.value[k] === seen.value[i] && k < i);
            if (isLower && gap(i, seen.x, k) < r) return false;
          }
          return true;
        };
        const all = Array.from({ length: n }, (_, i) => i).filter((i) => i === found || seen.used[i] === 0);
        const far = rounds < 4 ? all.filter(isFar) : all;
        far.sort((a, b) => seen.value[a] - seen.value[b] || a - b);
        expect(found).toBe(far[0]);
        if (birth % 4 === 0)
          settle(places, at.domain, { ...blankHarmonic(dim), x: u.slice(0, 2), value: -9 }, true, OWN);
      }
      expect(seen.count).toBeGreaterThan(2 * seen.value.length);
    },
  );

  it("is one of its own looks in more than four dimensions, where samples are never far from each other", () => {
    for (const [dim, finder] of [
      [4, 0],
      [5, OWN],
    ]) {
      const bowl = unit(dim, (x) => x.reduce((s, v) => s + (v - 0.5) ** 2, 0));
      const places = blankPlaces(dim);
      note(places, bowl.domain, new Float64Array(dim).fill(0.5), Float64Array.of(0), 0);
      const lowest: Lowest = { value: Number.POSITIVE_INFINITY, x: new Float64Array(dim) };
      const sight = { domain: bowl.domain, lowest, exact: false };
      expect(answered(seek(places, sight, key(1), blankHarmonic(dim), OWN), bowl)).toBe(finder);
    }
  });
});
