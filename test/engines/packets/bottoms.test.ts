/** Which bottoms are known, and to whom. */
import { describe, expect, it } from "vitest";
import { box, potential, type Value } from "../../../src/core/problem.ts";
import { foretold, reach, returnTo } from "../../../src/engines/packets/bottoms.ts";
import { blankGuide } from "../../../src/engines/packets/guide.ts";
import { blankHarmonic, type Harmonic } from "../../../src/engines/packets/harmonic.ts";
import { blankLevel, startLevel } from "../../../src/engines/packets/level.ts";
import { blankPlaces, note, type Places, settle } from "../../../src/engines/packets/places.ts";
import { S } from "../../../src/engines/packets/state.ts";
import { fitBench, fitModel, load, modelMinimum, remember } from "../../../src/engines/packets/surrogate.ts";
import { fold, key, uniform } from "../../../src/math/rng.ts";
import { evolve, rosenbrock, rotation, turn, unitBox } from "./ground.ts";

const OWN = 2;

describe("a harmonic packet knows a bottom", () => {
  const domain = box(2, 0, 1);
  const ring = box(2, 0, 1, "periodic");
  /** Where a packet at (x, y) of ζ = value goes on, whose well foretells a fall of 1 at (x + step, y); null: on its way. */
  const goes = (x: number, y: number, step: number, value = 0, bottom = [0.5, 0.5], on = domain): Harmonic | null => {
    const places = blankPlaces(2);
    note(places, on, Float64Array.of(0.2, 0.2), Float64Array.of(-1), 0);
    settle(places, on, { ...blankHarmonic(2), x: Float64Array.from(bottom), value: -1 }, true, OWN);
    settle(places, on, { ...blankHarmonic(2), x: Float64Array.of(0.3, 0.9), value: -1 }, false, OWN);
    const packet = { ...blankHarmonic(2), x: Float64Array.of(x, y), value };
    return returnTo(places.bottoms, on, packet, Float64Array.of(step, 0), 1) ? packet : null;
  };

  it("where its well foretells one: by 0.3 of the step, and 0.6 of the fall", () => {
    expect(goes(0.4, 0.5, 0.1)).toMatchObject({ x: Float64Array.of(0.5, 0.5), value: -1 });
    expect(goes(0.4, 0.529, 0.1)).not.toBeNull();
    expect(goes(0.4, 0.531, 0.1)).toBeNull();
    expect(goes(0.4, 0.5, 0.1, 0.59)).not.toBeNull();
    expect(goes(0.4, 0.5, 0.1, 0.61)).toBeNull();
    expect(goes(0.4, 0.5, 0.1, Infinity)).toBeNull();
  });

  it("but neither a sample nor where a packet was given up", () => {
    expect(goes(0.1, 0.2, 0.1)).toBeNull();
    expect(goes(0.2, 0.9, 0.1)).toBeNull();
  });

  it("by no step that is longer than it dares", () => {
    expect(goes(0.41, 0.5, 0.09)).not.toBeNull();
    expect(goes(0.39, 0.5, 0.11)).toBeNull();
    expect(goes(0.9, 0.9, 4)).toBeNull();
  });

  it("at a wall, where steps end, and across the seam of a ring", () => {
    expect(goes(0.95, 0.5, 0.1, 0, [1, 0.5])).not.toBeNull();
    expect(goes(0.98, 0.5, 0.09, 0, [0.93, 0.5])).toBeNull();
    expect(goes(0.95, 0.5, 0.06, 0, [0.999, 0.5], ring)).not.toBeNull();
    expect(goes(0.95, 0.5, 0.06, 0, [0.93, 0.5], ring)).toBeNull();
  });

  it("stays known however much samples have seen since", () => {
    const places = blankPlaces(2);
    settle(places, domain, { ...blankHarmonic(2), x: Float64Array.of(0.5, 0.5), value: -1 }, true, OWN);
    note(places, domain, new Float64Array(2 * 5000).fill(0.1), new Float64Array(5000), 0);
    const packet = { ...blankHarmonic(2), x: Float64Array.of(0.45, 0.5), value: 0 };
    expect(returnTo(places.bottoms, domain, packet, Float64Array.of(0.05, 0), 1)).toBe(true);
  });

  it("knows a bottom beyond the edge of a ring as what it is", () => {
    const places = blankPlaces(1);
    settle(places, box(1, 0, 1, "periodic"), { ...blankHarmonic(1), x: Float64Array.of(2.25), value: 1 }, true, OWN);
    expect(places.bottoms.x[0]).toBe(0.25);
  });
});

describe("a guided packet", () => {
  const dim = 3;
  const q = rotation(dim, 2);
  const least = [0.6, 0.4, 0.5];
  /** Turned, of condition 10³; least 5. */
  const bowl: Value = (u) =>
    5 +
    turn(
      q,
      Float64Array.from(least, (c, i) => u[i] - c),
    ).reduce((s, v, i) => s + 10 ** (1.5 * i) * v * v, 0);
  const at = potential({ name: "bowl", domain: unitBox(dim), value: bowl });

  /** A packet from σ = 0.1 at `start` to its end, in these places; what it asked. */
  function ends(places: Places | null, start = [0.45, 0.55, 0.4], guided = true, ground = at): Float64Array[] {
    const born = blankLevel(dim, guided);
    born.packet.mean.set(start);
    startLevel(born, 8, 0.1);
    return evolve(born, ground, 1, 0, 1000, places);
  }

  function knowing(x: number[], value: number, broad: boolean): Places {
    const places = blankPlaces(dim);
    reach(places.bottoms, at.domain, Float64Array.from(x), value, broad);
    return places;
  }

  it("leaves the bottom where it came to rest, and the next one need not arrive", () => {
    const places = blankPlaces(dim);
    const first = ends(places).length;
    expect(first).toBeGreaterThan(60);
    const { bottoms } = places;
    expect([bottoms.count, bottoms.broad[0]]).toEqual([1, 1]);
    expect(places.seen.finder[0]).toBe(S);
    expect(bottoms.value[0]).toBeCloseTo(5, 10);
    least.forEach((c, i) => {
      expect(bottoms.x[i]).toBeCloseTo(c, 5);
    });
    expect(ends(places, [0.7, 0.2, 0.6]).length).toBeLessThan(first / 3);
    expect(bottoms.count).toBe(1);
    // without a model nothing is foretold
    expect(ends(places, [0.7, 0.2, 0.6], false).length).toBeGreaterThan(first);
    expect(bottoms.count).toBe(2);
  });

  it("foretells one through its own image beyond the walls", () => {
    const known = knowing(least, 5, true);
    for (const start of [
      [-0.45, 0.55, 0.4],
      [0.45, 1.55, -0.4],
      [2.45, -0.55, 0.4],
    ])
      expect(ends(known, start).length).toBeLessThan(40);
  });

  it("goes on where only a harmonic packet rested, where ζ was another, and where the bottom lies elsewhere", () => {
    const alone = ends(blankPlaces(dim));
    const [x, y, z] = least;
    for (const places of [
      knowing(least, 5, false),
      knowing(least, -45, true),
      knowing(least, 55, true),
      knowing([x + 0.2, y, z], 5, true),
      knowing([x, y, z - 0.2], 5, true),
      null,
    ])
      expect(ends(places)).toEqual(alone);
  });

  it("believes a model by a² of its drop in rise, and 2a of it in value", () => {
    // ζ is its own model: q rises by c² for a step of c along an axis of the turned bowl
    const born = blankLevel(dim, true);
    born.packet.mean.set([0.45, 0.55, 0.4]);
    startLevel(born, 8, 0.1);
    born.packet.generation = 10;
    const { packet } = born;
    const guide = blankGuide(dim);
    const fit = fitBench(dim);
    for (let n = 0; n < 30; n++) {
      const u = packet.mean.map((m, j) => m + 0.2 * (uniform(fold(key(3), n), j) - 0.5));
      remember(guide.archive, u, 0, dim, bowl(u));
    }
    load(fit, guide.archive, packet);
    expect(fitModel(fit)).toBe(true);
    guide.drop = modelMinimum(fit, packet, guide.step);
    guide.level = 5;
    guide.ready = true;
    expect(guide.drop).toBeCloseTo(bowl(packet.mean) - 5, 6);
    // along the softest axis, of stiffness 1
    const soft = (share: number): number[] => least.map((c, j) => c + Math.sqrt(share * guide.drop) * q[j]);
    const goal = (x: number[], value: number): number =>
      foretold(knowing(x, value, true).bottoms, at.domain, packet, fit, guide);
    expect(goal(soft(0.085), 5)).toBe(5);
    expect(goal(soft(0.095), 5)).toBe(Number.POSITIVE_INFINITY);
    for (const side of [-1, 1]) {
      const near = 5 + side * 0.59 * guide.drop;
      expect(goal(least, near)).toBe(near);
      expect(goal(least, 5 + side * 0.61 * guide.drop)).toBe(Number.POSITIVE_INFINITY);
    }
    packet.generation = 9;
    expect(goal(least, 5)).toBe(Number.POSITIVE_INFINITY);
    packet.generation = 10;
    guide.ready = false;
    expect(goal(least, 5)).toBe(Number.POSITIVE_INFINITY);
  });

  it("and no bottom that a harmonic one has reached since in its place", () => {
    const { bottoms } = blankPlaces(dim);
    reach(bottoms, at.domain, Float64Array.from(least), 5, true);
    for (let n = 0; n < bottoms.value.length; n++) reach(bottoms, at.domain, Float64Array.from(least), 5, false);
    expect(bottoms.broad[0]).toBe(0);
  });

  it("leaves the best that it saw last, and nothing where it has ended on the way or lost its values", () => {
    const places = blankPlaces(dim);
    const log = ends(places, [0.45, 0.55, 0.4], false);
    const last = log.slice(-8).map((u) => [bowl(u), ...u]);
    last.sort(([a], [b]) => a - b);
    expect([places.bottoms.value[0], ...places.bottoms.x.subarray(0, dim)]).toEqual(last[0]);

    const valley = potential({
      name: "valley",
      domain: unitBox(dim),
      value: (x) => rosenbrock(x.map((v) => 4 * v - 1)) + 1e9 * Math.max(0, 0.4 - x[0]),
    });
    const born = blankLevel(dim, true);
    born.packet.mean.set([0.02, 0.8, 0.3]);
    startLevel(born, 8, 0.1);
    // another one lies far below: it ends in the valley, as its weight has vanished
    evolve(born, valley, 1, 0, 1000, places, -1e6);
    expect(born.past.best).toBeGreaterThan(0.01);
    expect(places.bottoms.count).toBe(1);

    let looks = 0;
    const lost = potential({
      name: "lost",
      domain: unitBox(dim),
      value: (u) => (looks++ < 60 ? bowl(u) : Number.POSITIVE_INFINITY),
    });
    const none = blankPlaces(dim);
    ends(none, [0.45, 0.55, 0.4], true, lost);
    expect([looks > 60, none.bottoms.count]).toEqual([true, 0]);
  });

  it("does not rest on a plateau, nor where nothing has a value", () => {
    for (const value of [1, Number.POSITIVE_INFINITY]) {
      const places = blankPlaces(dim);
      ends(places, [0.5, 0.5, 0.5], true, potential({ name: "plateau", domain: unitBox(dim), value: () => value }));
      expect(places.bottoms.count).toBe(0);
    }
  });
});
