import { expect, test } from "vitest";
import { box as domain } from "../../src/core/problem.ts";
import { boundsOf, readSpace } from "../../src/core/space.ts";
import { fewFamilies, importances, pairs, parallel, profiles, type Scene, svg, turns } from "../../src/draw/index.ts";
import { key, uniform } from "../../src/math/rng.ts";
import type { Importance } from "../../src/tasks/importance.ts";
import type { Evaluated } from "../../src/tasks/sample.ts";
import { annealed, superposed } from "./record.ts";
import { sound as check, flat, words } from "./sound.ts";

function sound(scene: Scene | null): Scene {
  if (scene === null) throw new Error("no picture");
  check(scene);
  return scene;
}

/** Points of a bowl about 0.2, from the best on. */
function points(n: number, dim: number): Evaluated[] {
  const all = Array.from({ length: n }, (_, index) => {
    const x = Float64Array.from({ length: dim }, (_, j) => 2 * uniform(key(index), j) - 1);
    return { index, x, value: x.reduce((sum, v) => sum + (v - 0.2) ** 2, 0), fair: true };
  });
  return all.sort((a, b) => a.value - b.value);
}

function input(n: number, dim: number) {
  const all = points(n, dim);
  const best = { value: all[0].value, x: [...all[0].x] };
  return { points: all, best, domain: domain(dim, -1, 1), order: Array.from({ length: dim }, (_, j) => j) };
}

test.each([2, 3, 5, 10, 12, 40, 100])("points are drawn in %i dimensions", (dim) => {
  const given = input(300, dim);
  for (const scene of [profiles(given), pairs(given), parallel(given)]) {
    expect(svg(sound(scene)).length).toBeLessThan(150_000);
  }
  expect(words(sound(profiles(given))).filter((w) => w === "x12")).toHaveLength(dim >= 12 ? 1 : 0);
});

test("one dimension has a profile and nothing to pair; too few points have no picture", () => {
  sound(profiles(input(50, 1)));
  expect(pairs(input(50, 1))).toBeNull();
  expect(parallel(input(50, 1))).toBeNull();
  for (const draw of [profiles, pairs, parallel]) expect(draw(input(3, 3))).toBeNull();
});

const odd: readonly (readonly [string, (i: number) => number])[] = [
  ["equal values", () => 4],
  ["huge values", (i) => 1e300 * (i + 1)],
  ["one far above", (i) => (i === 49 ? 1e12 : i)],
  ["over many decades", (i) => 10 ** (i - 30)],
  ["below 0", (i) => -1e-9 * (50 - i)],
];
test.each(odd)("odd values are drawn: %s", (_, value) => {
  const given = input(50, 3);
  const bent = given.points.map((point, i) => ({ ...point, value: value(i) }));
  const all = { ...given, points: bent, best: { ...given.best, value: value(0) } };
  for (const draw of [profiles, pairs, parallel]) sound(draw(all));
});

test("slices are drawn in place of points, with gaps where ζ has no value", () => {
  const given = input(50, 3);
  const at = Float64Array.from({ length: 21 }, (_, i) => -1 + i / 10);
  const lines = [0, 2].map((axis) => ({
    axis,
    at,
    value: at.map((v) => (v < -0.5 ? Number.POSITIVE_INFINITY : v * v)),
  }));
  const value = Float64Array.from({ length: 441 }, (_, i) => at[i % 21] ** 2 + at[Math.floor(i / 21)]);
  const planes = [{ axes: [0, 2] as const, xs: at, ys: at, value }];
  expect(words(sound(profiles({ ...given, lines })))).not.toContain("x2");
  sound(pairs({ ...given, planes }));
  sound(pairs({ ...given, planes: [{ ...planes[0], value: value.map(() => 1) }] }));
  expect(pairs({ ...given, planes: [{ ...planes[0], value: value.map(() => Number.POSITIVE_INFINITY) }] })).toBeNull();
});

test("where ζ has no value a plane shows the ground, and its contours go on as they were", () => {
  const given = input(50, 3);
  const at = Float64Array.from({ length: 21 }, (_, i) => -1 + i / 10);
  const value = Float64Array.from({ length: 441 }, (_, i) => at[i % 21]);
  // three cells in the middle of one row
  const holed = value.map((v, k) =>
    [10 * 21 + 9, 10 * 21 + 10, 10 * 21 + 11].includes(k) ? Number.POSITIVE_INFINITY : v,
  );
  const filledPaths = (of: Float64Array) =>
    flat(sound(pairs({ ...given, planes: [{ axes: [0, 1], xs: at, ys: at, value: of }] })).marks).flatMap((mark) =>
      mark.kind === "path" && typeof mark.fill === "string" ? [{ fill: mark.fill, d: mark.d }] : [],
    );
  const [whole, some] = [filledPaths(value), filledPaths(holed)];
  const blank = some.filter(({ fill }) => !whole.some((path) => path.fill === fill));
  expect(blank.length).toBe(1);
  const [left, top, right, bottom] = (blank[0].d.match(/[\d.]+/g) ?? []).map(Number);
  expect((right - left) / (top - bottom)).toBeCloseTo(3 / 0.85, 0);
  // ζ falls to the left alone: no contour closes around the hole
  for (const { fill, d } of some.filter((path) => path !== blank[0])) expect(d.split("M").length, fill).toBe(2);
});

test("variables stand on axes of their own: logarithmic, whole, of options", () => {
  const space = readSpace("variables", {
    rate: { log: [1e-6, 1] },
    layers: { integer: [1, 5] },
    kind: { choice: ["relu", "tanh", "a name that is long"] },
    width: { integer: [10, 900] },
  });
  const domain = boundsOf(space);
  const names = space.variables.map(({ name }) => name);
  const given = input(80, 4);
  const moved = given.points.map((point) => {
    const [a, b, c, d] = point.x.map((v) => (v + 1) / 2);
    return {
      ...point,
      x: Float64Array.of(10 ** (6 * a - 6), 1 + Math.round(4 * b), Math.round(2 * c), Math.round(10 + 890 * d)),
    };
  });
  const all = { ...given, points: moved, best: { value: moved[0].value, x: [...moved[0].x] }, domain, space, names };
  for (const draw of [profiles, pairs, parallel]) {
    const said = words(sound(draw(all)));
    expect(said).toContain("rate");
    expect(said.join(" ")).toContain("10−6");
  }
  expect(words(sound(profiles(all)))).toEqual(expect.arrayContaining(["relu", "tanh", "1", "5"]));
});

function told(shares: number[]): Importance {
  const of = (estimate: number) => ({ estimate, low: estimate - 0.05, high: estimate + 0.1 });
  return { points: 99, explained: of(0.8), shares: shares.map(of) };
}

test("importance is drawn from the greatest down, and what is not told from 0 in grey", () => {
  const scene = sound(importances(told([0.03, 0.7, 0.27]), ["a", "b", "c"]));
  expect(words(scene).filter((w) => ["a", "b", "c"].includes(w))).toEqual(["b", "c", "a"]);
  const bars = flat(scene.marks).flatMap((mark) => (mark.kind === "rect" ? [mark.fill] : []));
  expect(bars).toEqual(["blue", "blue", "soft"]);
  expect(words(sound(importances(told(new Array(40).fill(0.025)), undefined)))[0]).not.toBe("");
  expect(words(sound(importances(told(new Array(40).fill(0.025)), undefined)))).toContain(
    "the 16 most important of 40 coordinates",
  );
  expect(importances({ points: 3, explained: null, shares: null }, undefined)).toBeNull();
});

test.each([2, 3, 4, 5])("the turns of %i families", (families) => {
  const scene = sound(turns({ record: superposed(families), end: { evaluations: 5000 } }));
  for (const { label } of superposed(families).families) expect(words(scene)).toContain(label);
});

test("a best value that has risen, as under noise, is not a better one when it comes back", () => {
  const record = superposed(2);
  const disks = (bests: readonly number[]): number => {
    const rows = record.rows.slice(0, bests.length).map((row, i) => ({ ...row, best: bests[i] }));
    const scene = sound(turns({ record: { ...record, rows }, end: { evaluations: 5000 } }));
    const wide = flat(scene.marks).flatMap((m) => (m.kind === "path" && m.width === 7.5 ? [m.d] : []));
    return wide.join("").split("M").length - 1;
  };
  expect(disks([5, 4, 3])).toBe(3);
  expect(disks([5, 4, 6, 4.5])).toBe(2);
});

test("more families than can be told apart are drawn with the least of them as one", () => {
  const record = superposed(9);
  const few = fewFamilies(record);
  expect(few.families.map(({ label }) => label).at(-1)).toBe("5 others");
  expect(few.families.some(({ family }) => family === record.finder?.family)).toBe(true);
  few.rows.forEach(({ turn }, i) => {
    const sum = (values: readonly number[] = []) => values.reduce((total, v) => total + v, 0);
    expect(sum(turn?.spent)).toBe(sum(record.rows[i].turn?.spent));
    expect(sum(turn?.births)).toBe(sum(record.rows[i].turn?.births));
  });
  sound(turns({ record: few, end: { evaluations: 5000 } }));
  expect(fewFamilies(superposed(5))).toEqual(superposed(5));
});

test("one state takes no turns", () => {
  expect(turns({ record: annealed(2), end: { evaluations: 5000 } })).toBeNull();
  expect(turns({ record: superposed(1), end: { evaluations: 5000 } })).toBeNull();
});
