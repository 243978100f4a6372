import { expect, test } from "vitest";
import { type CrossedBarriers, crossedBarriers } from "../../src/draw/index.ts";
import { flat, sound, words } from "./sound.ts";

const passage = (dynamics: string, median: number, crossed = 1) => ({
  ...{ dynamics, median, crossed },
  low: median / 1.3,
  high: median * 1.4,
});

const row = (height: number, width: number, dim = 1): CrossedBarriers["rows"][number] => ({
  ...{ height, width, dim, exact: { imaginary: 100 * 3 ** width, thermal: 20 * Math.exp(height) } },
  passages: [
    passage("metropolis", 20 * Math.exp(height), height > 5 ? 0.4 : 1),
    passage("walkers", 90 * 3 ** width),
    passage("pimc", 300 * 3 ** width),
  ],
});

test("barriers: a panel for each height, a mark for each median, what did not cross is open", () => {
  const rows = [1, 2, 3].flatMap((width) => [row(3, width), row(7, width)]);
  const scene = crossedBarriers({ rows: [...rows, row(7, 1, 4)] });
  sound(scene);
  expect(words(scene)).toContain("evaluations to cross a barrier of 7 D");
  expect(words(scene)).toContain("diamonds: 4 dimensions");
  const circles = flat(scene.marks).filter((mark) => mark.kind === "circle");
  expect(circles.length).toBe(18);
  expect(circles.filter((mark) => mark.fill === "paper").length).toBe(3);
});

test("barriers: one alone", () => sound(crossedBarriers({ rows: [row(3, 1)] })));
