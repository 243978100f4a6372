import fc from "fast-check";
import { expect, test } from "vitest";
import { type Axis, evenly, linearAxis, logAxis, orderAxis } from "../../src/draw/axes.ts";
import { frame } from "../../src/draw/frame.ts";
import { plain, widthOf } from "../../src/draw/scene.ts";

const words = (axis: Axis): string[] =>
  axis.ticks.map(({ label }) => label.map(({ text, shift }) => (shift ? `^${text}` : text)).join(""));
const label = plain("y");

/** Every tick is on the axis, in order, and tells its own place apart from its neighbors'. */
function sound(axis: Axis): void {
  const at = axis.ticks.map((tick) => tick.at);
  expect(at.length).toBeGreaterThan(0);
  for (const [i, v] of at.entries()) {
    expect(v).toBeGreaterThan(-1e-9);
    expect(v).toBeLessThan(1 + 1e-9);
    if (i > 0) expect(v).toBeGreaterThan(at[i - 1]);
  }
  expect(new Set(words(axis)).size).toBe(at.length);
}

test("logarithmic axes stand any interval of positive numbers", () => {
  const power = fc.double({ min: -300, max: 300, noNaN: true });
  fc.assert(
    fc.property(power, fc.double({ min: 0, max: 600, noNaN: true }), (low, span) => {
      const [a, b] = [10 ** low, 10 ** Math.min(300, low + span)];
      const axis = logAxis(label, a, b);
      sound(axis);
      expect(axis.place(b)).toBeGreaterThanOrEqual(axis.place(a));
      expect(axis.ticks.length).toBeLessThanOrEqual(9);
    }),
  );
});

test("linear axes stand any interval, empty ones too", () => {
  const number = fc.double({ min: -1e308, max: 1e308, noNaN: true });
  fc.assert(
    fc.property(number, number, (u, v) => {
      const axis = linearAxis(label, Math.min(u, v), Math.max(u, v));
      sound(axis);
      for (const w of [u, v]) expect(axis.place(w) >= -1e-9 && axis.place(w) <= 1 + 1e-9).toBe(true);
    }),
  );
  for (const v of [0, 1e-300, -44.326801, 1e300]) sound(linearAxis(label, v, v));
});

test("powers of ten are raised; small ranges are written out", () => {
  expect(words(logAxis(label, 1e-9, 1))).toEqual(["10^−8", "10^−6", "10^−4", "10^−2", "10^0"]);
  expect(words(logAxis(label, 1, 1000))).toEqual(["1", "10", "100", "1000"]);
  expect(words(logAxis(label, 1, 20))).toEqual(["1", "2", "5", "10", "20"]);
});

test("a common power goes into the label", () => {
  const axis = linearAxis(label, 0, 4e7);
  expect(words(axis)).toEqual(["0", "1", "2", "3", "4"]);
  expect(axis.label).toEqual([...label, { text: ", in 10" }, { text: "7", shift: "up" }]);
});

test("a place that there is not is NaN", () => {
  const axis = logAxis(label, 1, 10);
  expect([0, -1, Number.NaN].map(axis.place)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test("labels of an order axis keep first things first", () => {
  const names = (n: number): string[] =>
    words(
      orderAxis(
        label,
        Array.from({ length: n }, (_, i) => plain(`${i + 1}`)),
      ),
    );
  expect(names(3)).toEqual(["1", "2", "3"]);
  expect(names(16)).toEqual(["1", "3", "5", "7", "9", "11", "13", "15"]);
  expect(names(39)).toEqual(["1", "5", "10", "15", "20", "25", "30", "35"]);
});

test("evenly spaced indices hold both ends", () => {
  expect(evenly(3, 5)).toEqual([0, 1, 2]);
  expect(evenly(1000, 4)).toEqual([0, 333, 666, 999]);
});

test("labels below a frame never touch", () => {
  const wide = Array.from({ length: 30 }, (_, i) => plain(`a long label ${i}`));
  const marks = frame({ x: 0, y: 0, width: 400, height: 100 }, orderAxis(label, wide, 30), linearAxis(label, 0, 1));
  const below = marks.flatMap((m) => (m.kind === "text" && m.y === 120 ? [m] : []));
  expect(below.length).toBeGreaterThan(1);
  for (let i = 1; i < below.length; i++)
    expect(below[i].x - below[i - 1].x).toBeGreaterThan(
      (widthOf(below[i].text, 12) + widthOf(below[i - 1].text, 12)) / 2,
    );
});
