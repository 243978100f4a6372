import { describe, expect, test } from "vitest";
import {
  type Bowl,
  blankBowl,
  fitBowl,
  gather,
  heed,
  isInside,
  isSettled,
  keepsLimits,
  looksAbout,
  MOST_AXES,
  startBowl,
} from "../../src/core/bowl.ts";
import { readSpace, type Space } from "../../src/core/space.ts";
import { fold, key, normal } from "../../src/math/rng.ts";

const SIGMA = 0.5;
const noise = { deviation: SIGMA, freedom: 100 };

/** Looks about the bowl and fits it, n values in all; the bottom that was last worth going to. */
function learn(
  space: Space,
  f: (x: Float64Array) => number,
  from: number[],
  n: number,
  seed = 0,
  g?: (x: Float64Array) => number[],
) {
  const bowl = blankBowl(space) as Bowl;
  let at: Float64Array = Float64Array.from(from);
  startBowl(bowl, space, at);
  const draws = fold(key(seed), 7);
  for (let asked = 0; asked < n; asked++) {
    const [x] = looksAbout(bowl, space, 1);
    gather(bowl, space, x, f(x) + SIGMA * normal(draws, asked), g && Float64Array.from(g(x)));
    if (bowl.n >= bowl.due) at = fitBowl(bowl, space, noise, at) ?? at;
  }
  return { bowl, at };
}

const plane = readSpace("variables", { x: [-5, 5], y: [-5, 5] });

describe("the bottom", () => {
  test("is found to (noise)²/values where ζ is a quadratic, over the whole box", () => {
    const f = (x: Float64Array): number => (x[0] - 1) ** 2 + 4 * (x[1] + 2) ** 2 + (x[0] - 1) * (x[1] + 2);
    const excess = Array.from({ length: 9 }, (_, seed) => f(learn(plane, f, [0, 0], 1000, seed).at)).sort(
      (a, b) => a - b,
    );
    // σ² d / n over the rise of ζ across the region, some twenty: 3·10⁻⁵
    expect(excess[4]).toBeLessThan(1e-4);
    expect(excess[8]).toBeLessThan(1e-3);
  });

  test("lies on the wall where the box cuts the well, at the least of what is left of it", () => {
    // turned: without the wall at x = 5 the bottom is at (7, 1), on it y is 1 + 1.2
    const f = (x: Float64Array): number => (x[0] - 7) ** 2 + 1.2 * (x[0] - 7) * (x[1] - 1) + (x[1] - 1) ** 2;
    const { at } = learn(plane, f, [0, 0], 2000);
    expect(at[0]).toBe(5);
    expect(Math.abs(at[1] - 2.2)).toBeLessThan(0.05);
  });

  test("is the least of what constraints allow, of a line by a disk and of a turned well by a line and a wall", () => {
    const disk = learn(
      plane,
      ([x, y]) => x + y,
      [0, 0],
      600,
      0,
      ([x, y]) => [x * x + y * y - 1],
    ).at;
    expect(disk[0] ** 2 + disk[1] ** 2).toBeLessThanOrEqual(1);
    expect(disk[0] + disk[1] + Math.SQRT2).toBeLessThan(2e-3);
    // (x − 7)² + 1.2 (x − 7)(y − 1) + (y − 1)² where x ≤ 5 and y ≤ 0: its slope along either is downhill at the corner
    const well = ([x, y]: Float64Array): number => (x - 7) ** 2 + 1.2 * (x - 7) * (y - 1) + (y - 1) ** 2;
    const corner = learn(plane, well, [0, -3], 600, 0, ([, y]) => [y]).at;
    expect(corner[0]).toBe(5);
    expect(corner[1]).toBeLessThanOrEqual(0);
    expect(corner[1]).toBeGreaterThan(-1e-6);
  });

  test("keeps further inside of constraints that are no quadratics after it was not allowed, and nearer again", () => {
    const wavy = ([x, y]: Float64Array): number[] => [x * x + y * y - 1 + 0.02 * Math.sin(40 * x)];
    const { bowl } = learn(plane, ([x, y]) => x + y, [0, 0], 300, 0, wavy);
    const margin = (): number => {
      fitBowl(bowl, plane, noise, Float64Array.of(0, 0));
      return 1 - Math.hypot(...bowl.region.center.map((c) => 10 * c - 5));
    };
    const before = margin();
    for (let n = 0; n < 6; n++) heed(bowl, false);
    const after = margin();
    expect(after).toBeGreaterThan(before + 0.01);
    for (let n = 0; n < 12; n++) heed(bowl, true);
    expect(margin()).toBeLessThan(after);
  });

  test("ends the race about it at once, and under constraints once it was allowed", () => {
    const f = ([x, y]: Float64Array): number => x * x + y * y;
    const free = learn(plane, f, [1, 1], 300).bowl;
    expect([keepsLimits(free), isSettled(free)]).toEqual([true, true]);
    const held = learn(plane, f, [1, 1], 300, 0, ([x]) => [1 - x]).bowl;
    expect([held.holds, keepsLimits(held), isSettled(held)]).toEqual([true, false, false]);
    heed(held, true);
    expect([keepsLimits(held), isSettled(held)]).toEqual([true, true]);
    heed(held, false);
    expect(isSettled(held)).toBe(false);
  });

  test("is not found where no point of the region is allowed", () => {
    const { at, bowl } = learn(
      plane,
      ([x, y]) => x * x + y * y,
      [1, 1],
      600,
      0,
      ([x]) => [3 - x, x - 2],
    );
    expect([...at]).toEqual([1, 1]);
    expect(bowl.holds).toBe(false);
  });

  test("moves along an axis where it is known and stays where ζ tells nothing", () => {
    const { bowl, at } = learn(plane, (x) => (x[0] - 2) ** 2, [0, 3], 600);
    expect(bowl.holds).toBe(true);
    expect(Math.abs(at[0] - 2)).toBeLessThan(0.05);
  });

  test("is in ln x where a variable is logarithmic, and beside the same options", () => {
    const space = readSpace("variables", { rate: { log: [1e-4, 1] }, kind: { choice: ["a", "b", "c"] }, y: [0, 2] });
    const f = (x: Float64Array): number => 4 * (Math.log10(x[0]) + 2) ** 2 + 9 * (x[2] - 1.5) ** 2 + x[1];
    const { at } = learn(space, f, [0.5, 1, 1], 800);
    expect(at[1]).toBe(1);
    expect(Math.abs(Math.log10(at[0]) + 2)).toBeLessThan(0.1);
    expect(Math.abs(at[2] - 1.5)).toBeLessThan(0.05);
  });
});

test("a logarithmic variable may span what no ratio of its bounds holds", () => {
  const space = readSpace("variables", { r: { log: [1e-300, 1e300] } });
  const { at } = learn(space, (x) => (Math.log10(x[0]) - 40) ** 2 / 100, [1], 800);
  expect(Math.abs(Math.log10(at[0]) - 40)).toBeLessThan(2);
});

describe("the region", () => {
  test("stays as wide as the box where ζ is a quadratic, and shrinks where it is none", () => {
    const width = ({ region }: Bowl): number => Math.hypot(region.root[0], region.root[1]);
    const quadratic = learn(plane, (x) => x[0] ** 2 + x[1] ** 2, [1, 1], 1000).bowl;
    const rugged = learn(plane, (x) => 10 * (2 - Math.cos(2 * x[0]) - Math.cos(2 * x[1])), [0.5, 0.5], 1000).bowl;
    expect(width(quadratic)).toBeGreaterThan(0.4);
    expect(width(rugged)).toBeLessThan(0.2);
    expect(rugged.holds).toBe(true);
  });

  test("takes the shape of the bowl", () => {
    const { bowl } = learn(plane, (x) => 100 * (x[0] + x[1]) ** 2 + (x[0] - x[1]) ** 2, [1, 0], 3000);
    const { root } = bowl.region;
    const along = Math.hypot(root[0] - root[1], root[2] - root[3]);
    const across = Math.hypot(root[0] + root[1], root[2] + root[3]);
    expect(along / across).toBeGreaterThan(3);
    expect(along / across).toBeLessThan(30);
  });

  test("tells what lies in it", () => {
    const { bowl } = learn(plane, (x) => 10 * (2 - Math.cos(2 * x[0]) - Math.cos(2 * x[1])), [0.5, 0.5], 1000);
    expect(isInside(bowl, plane, Float64Array.of(0.05, 0))).toBe(true);
    expect(isInside(bowl, plane, Float64Array.of(Math.PI, 0))).toBe(false);
  });
});

test("values are kept up to some thousands, those of the region rather than others", () => {
  const { bowl, at } = learn(plane, (x) => x[0] ** 2 + x[1] ** 2, [3, 3], 20_000);
  expect(bowl.value.length).toBe(8192);
  expect(bowl.n).toBeLessThanOrEqual(8192);
  expect(Math.hypot(at[0], at[1])).toBeLessThan(0.02);
});

test("there is none without an axis that moves, or with too many", () => {
  expect(blankBowl(readSpace("variables", { n: { integer: [0, 5] }, c: 2 }))).toBeNull();
  const many = Object.fromEntries(
    Array.from({ length: MOST_AXES + 1 }, (_, j) => [`x${j}`, [0, 1] as [number, number]]),
  );
  expect(blankBowl(readSpace("variables", many))).toBeNull();
});
