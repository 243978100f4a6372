import fc from "fast-check";
import { expect, test } from "vitest";
import { about, count, duration, exact, uncertain } from "../../src/draw/numbers.ts";

test("a result round-trips", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (v) => Number(exact(v)) === v));
});

test("an approximation is within half a unit of its last digit", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (v) => {
      const text = about(v, 4).replaceAll("−", "-");
      const [, mantissa, power] = /^(-?[\d.]*)(?:×?10\^\{(-?\d+)\})?$/.exec(text) ?? [];
      const sign = mantissa === "-" ? "-1" : mantissa === "" ? "1" : mantissa;
      const read = Number(`${sign}e${power ?? 0}`);
      expect(Math.abs(read - v)).toBeLessThanOrEqual(5.01e-4 * Math.abs(v));
    }),
  );
});

test.each([
  [0, "0"],
  [1234.5678, "1235"],
  [-0.00012345, "−1.234×10^{−4}"],
  [1e9, "10^{9}"],
  [-1e-12, "−10^{−12}"],
  [Number.NaN, "–"],
  [Number.NEGATIVE_INFINITY, "−∞"],
])("about %d is %s", (value, text) => {
  expect(about(value)).toBe(text);
});

test.each([
  [-1.26737575, 0.0331, "-1.267"],
  [0.000123456, 0.00002, "0.000123"],
  [12345.678, 250, "12350"],
  [3, 0.999, "3.00"],
  [1e-300, 1e-299, "1e-300"],
  [-2.5e-9, 3e-3, "-3e-9"],
  [0, 0.1, "0"],
])("%d ± %d is %s: to the second digit of its error", (value, error, text) => {
  expect(uncertain(value, error)).toBe(text);
});

test("thousands and durations", () => {
  expect([999, 1000, -1234567].map(count)).toEqual(["999", "1,000", "−1,234,567"]);
  expect([4.1e-6, 0.0821, 1.234, 125, 12000].map(duration)).toEqual([
    "4.1 µs",
    "82.1 ms",
    "1.23 s",
    "2 min 5 s",
    "3 h 20 min",
  ]);
  // what rounds up to the next unit is told in it
  expect([999.7e-9, 0.9997e-3, 0.9997, 59.94, 59.96, 3599.6].map(duration)).toEqual([
    "1 µs",
    "1 ms",
    "1 s",
    "59.9 s",
    "1 min 0 s",
    "1 h 0 min",
  ]);
  expect([0, -1].map(duration)).toEqual(["0 s", "0 s"]);
});
