import { describe, expect, it } from "vitest";
import { arrivalTimes } from "../../src/math/marching.ts";

const axis = (n: number, h: number, from = 0): Float64Array => Float64Array.from({ length: n }, (_, i) => from + i * h);

describe("arrivalTimes", () => {
  it("is the integral of the slowness on a line, to both sides of where it is 0", () => {
    const x = axis(401, 0.01, -2);
    const slowness = x.map((at) => (Math.abs(at) < 0.495 ? 0 : Math.abs(at)));
    const time = arrivalTimes({ axes: [x], slowness, periodic: false }, 10);
    x.forEach((at, i) => {
      const exact = Math.abs(at) < 0.495 ? 0 : 0.5 * (at * at - 0.49 ** 2);
      // the first step begins at the last point without slowness
      expect(Math.abs(time[i] - exact)).toBeLessThan(0.008);
    });
  });

  it.each([2, 3])("is the distance from a ball in %i dimensions, better the finer", (dim) => {
    const errors = [21, 41].map((n) => {
      const h = 4 / (n - 1);
      const x = axis(n, h, -2);
      const at = (p: number) => Array.from({ length: dim }, (_, j) => x[Math.floor(p / n ** j) % n]);
      const slowness = Float64Array.from({ length: n ** dim }, (_, p) => (Math.hypot(...at(p)) <= 0.81 ? 0 : 1));
      const time = arrivalTimes({ axes: new Array(dim).fill(x), slowness, periodic: false }, 10);
      let worst = 0;
      time.forEach((t, p) => {
        worst = Math.max(worst, Math.abs(t - Math.max(0, Math.hypot(...at(p)) - 0.81)));
      });
      return worst;
    });
    expect(errors[0]).toBeLessThan(0.45);
    expect(errors[1]).toBeLessThan(0.7 * errors[0]);
  });

  it("knows unequal spacings", () => {
    const x = Float64Array.of(0, 0.1, 0.4, 1, 3);
    const time = arrivalTimes({ axes: [x], slowness: Float64Array.of(0, 1, 1, 1, 1), periodic: false }, 10);
    // half the slowness on the first step, from 0 to 1
    x.forEach((at, i) => {
      expect(time[i]).toBeCloseTo(i === 0 ? 0 : at - 0.05, 12);
    });
  });

  it("goes round where the axes close on themselves", () => {
    const slowness = new Float64Array(10).fill(1);
    slowness[1] = 0;
    const ring = arrivalTimes({ axes: [axis(10, 1)], slowness, periodic: true }, 10);
    expect([...ring]).toEqual([0.5, 0, 0.5, 1.5, 2.5, 3.5, 4.5, 3.5, 2.5, 1.5]);
  });

  it("stops at its limit, and at what cannot be passed", () => {
    const slowness = Float64Array.of(0, 1, 1, 1, 1, 1);
    const near = arrivalTimes({ axes: [axis(6, 1)], slowness, periodic: false }, 2);
    expect([...near]).toEqual([0, 0.5, 1.5, Infinity, Infinity, Infinity]);
    slowness[2] = Infinity;
    const barred = arrivalTimes({ axes: [axis(6, 1)], slowness, periodic: false }, 100);
    expect([...barred]).toEqual([0, 0.5, Infinity, Infinity, Infinity, Infinity]);
  });
});
