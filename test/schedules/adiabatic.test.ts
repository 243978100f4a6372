import { describe, expect, it } from "vitest";
import { readValues } from "../../src/core/entry.ts";
import { adiabatic, adiabaticEntry, adiabaticity, type GapAt } from "../../src/schedules/adiabatic.ts";
import { geometric } from "../../src/schedules/geometric.ts";

function path(schedule: ReturnType<typeof adiabatic>): number[] {
  const all: number[] = [];
  for (let next = schedule.next(schedule.init()); next !== null; next = schedule.next(next[1])) all.push(next[0].D);
  return all;
}

const span = { from: 1, to: 1e-3, steps: 4001, dt: 0.01 };
const oscillator: GapAt[] = [
  { D: 1e-4, gap: 1e-2 },
  { D: 1, gap: 1 },
];
// an avoided crossing at D = 0.1
const crossing = (D: number) => Math.hypot(0.02, Math.log(D / 0.1));
const crossed = Array.from({ length: 200 }, (_, i) => 10 ** (-3 + (3 * i) / 199)).map((D) => ({ D, gap: crossing(D) }));

describe("adiabatic", () => {
  it("is the geometric schedule in an oscillator, whose gap is √D", () => {
    const exact = path(geometric(span));
    path(adiabatic({ ...span, gaps: oscillator })).forEach((D, k) => {
      expect(Math.abs(D / exact[k] - 1)).toBeLessThan(1e-12);
    });
  });

  it.each([0, 0.25, 0.8, 2])("follows the closed form where the gap is D^%f", (power) => {
    const gaps = [0.5, 1e-2].map((D) => ({ D, gap: 3 * D ** power }));
    const q = 1 - 2 * power;
    const found = path(adiabatic({ ...span, gaps }));
    found.forEach((D, k) => {
      const exact = (1 + (k / (span.steps - 1)) * (span.to ** q - 1)) ** (1 / q);
      expect(Math.abs(D / exact - 1)).toBeLessThan(1e-10);
    });
    const epsilon = Math.abs(span.to ** q - 1) / Math.abs(q) / 9 / (span.dt * (span.steps - 1));
    expect(adiabaticity({ ...span, gaps }) / epsilon).toBeCloseTo(1, 12);
  });

  it("falls at the rate ε gap² all the way, slowest where the gap is least", () => {
    const given = { ...span, gaps: crossed };
    const found = path(adiabatic(given));
    const epsilon = adiabaticity(given);
    const steps = found.slice(1).map((D, k) => ({ at: Math.sqrt(D * found[k]), rate: (found[k] - D) / span.dt }));
    // short steps see the power law between two entries of the table; long ones far from the crossing, its mean
    for (const { at, rate } of steps)
      if (Math.abs(Math.log(at / 0.1)) > 0.15 && Math.abs(Math.log(at / 0.1)) < 1)
        expect(rate / (epsilon * crossing(at) ** 2)).toBeCloseTo(1, 1);
    const slowest = steps.reduce((least, step) => (step.rate < least.rate ? step : least));
    expect(Math.abs(Math.log(slowest.at / 0.1))).toBeLessThan(0.03);
  });

  it("begins at one end, stops at the other, and only falls; or rises, where it is told to", () => {
    const falling = path(adiabatic({ ...span, gaps: crossed }));
    expect([falling[0], falling[span.steps - 1], falling.length]).toEqual([1, 1e-3, span.steps]);
    expect(falling.every((D, k) => k === 0 || D < falling[k - 1])).toBe(true);
    const rising = path(adiabatic({ ...span, from: 1e-3, to: 1, gaps: crossed }));
    rising.forEach((D, k) => {
      expect(Math.abs(D / falling[span.steps - 1 - k] - 1)).toBeLessThan(1e-9);
    });
  });

  it("reads its gaps from text, in any order", () => {
    const values = readValues(adiabaticEntry, { ...span, gaps: "1:1, 1e-4:0.01" });
    const exact = path(geometric(span));
    const schedule = adiabaticEntry.make(values);
    expect(schedule.at?.(20)?.D).toBeCloseTo(exact[2000], 12);
  });

  it.each([
    [{ to: 0 }, /above 0/],
    [{ gaps: [{ D: 1, gap: 1 }] }, /two or more/],
    [{ gaps: [oscillator[0], { D: 1, gap: 0 }] }, /D = 1 is 0/],
    [{ gaps: [oscillator[1], { D: 1, gap: 2 }] }, /D = 1 twice/],
  ])("refuses %j", (wrong, message) => {
    expect(() => adiabatic({ ...span, gaps: oscillator, ...wrong })).toThrow(message);
  });

  it.each(["", "1", "1:2:3", "1:x", "1:1,"])("refuses the gaps '%s'", (gaps) => {
    expect(() => adiabaticEntry.make(readValues(adiabaticEntry, { gaps }))).toThrow(/form D:gap/);
  });
});
