import { expect, test } from "vitest";
import { box } from "../../src/core/problem.ts";
import { formula } from "../../src/potentials/formula/index.ts";
import { evolutionScenes, filming } from "../../src/report/index.ts";
import { evolve } from "../../src/tasks/evolve.ts";
import { sound, words } from "../draw/sound.ts";

const filmed = async (text: string, dim: number, shape: readonly number[]) => {
  const potential = formula(text, { domain: box(dim, -4, 4) });
  const { film, observer } = filming();
  const start = { kind: "gaussian" } as const;
  const setup = { ...{ potential, angle: 0, duration: 1, dt: 0.1, shape, law: 0.5, frames: 5 }, start };
  await evolve(setup, { observers: [observer] });
  return { film, ...(await evolutionScenes(potential, film, "*τ*")) };
};

test("one axis: the density over space and time, and its moments", async () => {
  const { film, stills, moments } = await filmed("x^2/2", 1, [1024]);
  expect(film.times).toHaveLength(6);
  expect(film.axes[0]).toHaveLength(512);
  expect([film.axes[0][0], film.axes[0][1]]).toEqual([-4, -4 + 2 * (8 / 1024)]);
  // |ψ|² of the grid, on every other point
  expect(film.densities[5].reduce((sum, p) => sum + p, 0) * (8 / 512)).toBeCloseTo(1, 9);
  expect(stills).toHaveLength(1);
  for (const scene of [...stills, ...moments]) sound(scene);
  expect(words(stills[0])).toContain("time τ");
  expect(moments.map((scene) => words(scene).some((text) => text.startsWith("τ = ")))).toEqual(Array(6).fill(true));
});

test("two axes: the plane at the end, rows and columns in their places", async () => {
  const { film, stills, moments } = await filmed("x^2/2 + 2*y^2", 2, [256, 64]);
  expect(film.axes.map(({ length }) => length)).toEqual([128, 64]);
  const end = film.densities[5];
  // narrower along y, the second axis
  const middle = 64 * 64 + 32;
  expect(end[middle + 8]).toBeLessThan(end[middle + 64 * 16]);
  expect(stills).toHaveLength(1);
  sound(stills[0]);
  expect(moments).toHaveLength(6);
});

test("three axes: nothing to draw", async () => {
  const { stills, moments } = await filmed("x^2 + y^2 + z^2", 3, [8, 8, 8]);
  expect([stills, moments]).toEqual([[], []]);
});
