/** The walk from well to well: where it goes, and what it learns. */
import { describe, expect, it } from "vitest";
import { blankHarmonic, type Harmonic } from "../../../src/engines/packets/harmonic.ts";
import { arrive, blankWalk, type Walk } from "../../../src/engines/packets/walk.ts";

function ended(value: number, at = value): Harmonic {
  return { ...blankHarmonic(1), x: Float64Array.of(at), value, first: 100 };
}

function standing(value: number): Walk {
  const walk = blankWalk(1);
  arrive(walk, ended(value));
  walk.shaken = true;
  return walk;
}

describe("a walk from well to well", () => {
  it("begins at the first bottom, whatever it is, and takes a packet from elsewhere only where that is lower", () => {
    const walk = blankWalk(1);
    arrive(walk, ended(3));
    expect([walk.value, walk.x[0]]).toEqual([3, 3]);
    arrive(walk, ended(4));
    expect([walk.value, walk.x[0]]).toEqual([3, 3]);
    arrive(walk, ended(2));
    expect([walk.value, walk.x[0], walk.rise]).toEqual([2, 2, 0]);
  });

  it("takes every fall and the rises below a height that it learns", () => {
    const walk = standing(10);
    arrive(walk, ended(12));
    expect(walk.value).toBe(10);
    expect(walk.rise).toBeCloseTo(2.2, 12);
    arrive(walk, ended(12));
    expect(walk.value).toBe(12);
    expect(walk.rise).toBeCloseTo(2, 12);
    arrive(walk, ended(-50));
    expect([walk.value, walk.lowest]).toEqual([-50, -50]);
  });

  it("shakes harder where it comes back to the same well, and less where it leaves", () => {
    const walk = standing(10);
    arrive(walk, ended(10 + 1e-9, 7));
    expect(walk.sigma).toBeCloseTo(0.05 * 1.1, 14);
    expect(walk.x[0]).toBe(10);
    arrive(walk, ended(50));
    expect(walk.sigma).toBeCloseTo(0.05, 14);
    for (let i = 0; i < 100; i++) arrive(walk, ended(10));
    expect(walk.sigma).toBe(0.3);
  });

  it("stays where a packet ended without a value", () => {
    const walk = standing(10);
    arrive(walk, ended(Number.POSITIVE_INFINITY));
    expect([walk.value, walk.rise]).toEqual([10, 0]);
  });

  it("leaves half of the time and enters half of the new wells, whatever the landscape", () => {
    const walk = standing(0);
    let [left, entered] = [0, 0];
    const rounds = 4000;
    for (let i = 0; i < rounds; i++) {
      // a shake leaves its well when it is longer than a length that varies; new wells are higher by up to 1
      const leaves = walk.sigma > 0.02 * (1 + ((i * 0.618034) % 1));
      const before = walk.value;
      arrive(walk, ended(leaves ? before + ((i * 0.414214) % 1) + 1e-3 : before));
      if (leaves) left++;
      if (leaves && walk.value !== before) entered++;
      walk.value = 0;
    }
    expect(left / rounds).toBeGreaterThan(0.48);
    expect(left / rounds).toBeLessThan(0.52);
    expect(entered / left).toBeGreaterThan(0.48);
    expect(entered / left).toBeLessThan(0.52);
  });
});
