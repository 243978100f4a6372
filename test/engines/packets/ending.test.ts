import { describe, expect, it } from "vitest";
import { blankPast, ends, type Past, startPast } from "../../../src/engines/packets/ending.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { blankWide, startWide, type Wide } from "../../../src/engines/packets/wide.ts";

const dim = 2;
const lambda = 8;
const of = constants(dim, lambda);
const order = Int32Array.from({ length: lambda }, (_, k) => k);

type Life = { packet: Wide; past: Past; value: (g: number) => number[]; lowest?: number };

/** The generation at which a packet ends whose ranked values are given, or Infinity after 2000. */
function lifetime(
  { packet, past, value, lowest = Infinity }: Life,
  each: (g: number) => void = () => undefined,
): number {
  for (let g = 1; g <= 2000; g++) {
    packet.generation = g;
    each(g);
    if (ends(past, packet, of, Float64Array.from(value(g)), order, lowest)) return g;
  }
  return Infinity;
}

function born(): { packet: Wide; past: Past } {
  const packet = blankWide(dim);
  startWide(packet, lambda, 0.2);
  return { packet, past: blankPast(dim) };
}

const ladder = (low: number, step: number): number[] => Array.from({ length: lambda }, (_, k) => low + k * step);

describe("a packet ends", () => {
  it("never while it falls", () => {
    expect(lifetime({ ...born(), value: (g) => ladder(1 / g, 0.1), lowest: 0 })).toBe(Infinity);
  });

  it("when its values cannot be told apart over 10 + ⌈30 d/λ⌉ generations, by rounding or at all", () => {
    expect(lifetime({ ...born(), value: () => ladder(3, 0) })).toBe(18);
    expect(
      lifetime({ ...born(), value: (g) => (g < 30 ? ladder(100 - g, 1) : ladder(70 + 1e-13 * (g % 3), 1e-13)) }),
    ).toBe(47);
    // of a fall of 1e10 the last 1e-9 are nothing about zero
    const deep = (g: number): number[] => (g < 30 ? ladder(1e10 / g ** 9, 1) : ladder(1e-10 * (g % 2), 1e-10));
    expect(lifetime({ ...born(), value: deep })).toBeLessThan(60);
  });

  it("when it is a point, or a sheet", () => {
    const value = (g: number): number[] => ladder(-g, 1);
    const point = born();
    expect(
      lifetime({ ...point, value }, (g) => {
        point.packet.sigma = g < 40 ? 1e-9 : 1e-12;
      }),
    ).toBe(40);
    const moving = born();
    moving.packet.path.fill(10);
    expect(
      lifetime({ ...moving, value }, () => {
        moving.packet.sigma = 1e-12;
      }),
    ).toBe(Infinity);
    const sheet = born();
    expect(
      lifetime({ ...sheet, value }, (g) => {
        sheet.packet.axes[1] = g < 40 ? 1e-6 : 1e-7;
      }),
    ).toBe(40);
  });

  it("when the newest dozen of forty marks is no better than the oldest", () => {
    const g = lifetime({ ...born(), value: (n) => ladder(Math.sin(n) ** 2, 1) });
    // marks every ⌊(120 + 30 d/λ)/20⌋ = 6 generations
    expect(g).toBeGreaterThanOrEqual(240);
    expect(g).toBeLessThan(600);
    expect(g % 6).toBe(0);
  });

  it("when its Softmax weight exp(−(E − E_best)/r) has fallen below e⁻⁵, but not in its first ten generations", () => {
    // range of ten bests 9 · 0.01, half of the samples 4 · 0.1: r = 0.49
    const value = (g: number): number[] => ladder(-0.01 * g, 0.1);
    expect(lifetime({ ...born(), value, lowest: -10 })).toBe(10);
    expect(lifetime({ ...born(), value, lowest: -0.1 - 5 * 0.49 - 1e-6 })).toBe(10);
    expect(lifetime({ ...born(), value, lowest: -0.1 - 5 * 0.49 + 1e-6 })).toBeGreaterThan(10);
  });

  it("by its weight below a place too that its own samples have seen and it has left", () => {
    const left = (g: number): number[] => (g === 5 ? ladder(-10, 0.1) : ladder(-0.01 * g, 0.1));
    // ten generations later the place is out of sight, and r is what the values range over
    expect(lifetime({ ...born(), value: left, lowest: -10 })).toBe(15);
    expect(lifetime({ ...born(), value: left, lowest: -0.15 - 5 * 0.49 + 1e-6 })).toBeGreaterThan(15);
  });

  it("not by its weight where it is flat, nor while +∞ hides how far its values range", () => {
    expect(lifetime({ ...born(), value: () => ladder(3, 0), lowest: -1e9 })).toBe(18);
    const half = (g: number): number[] => [-0.01 * g, 1, 2, ...Array(5).fill(Infinity)];
    expect(lifetime({ ...born(), value: half, lowest: -100 })).toBeGreaterThan(1000);
  });

  it("by nothing that depends on the scale of ζ", () => {
    for (const a of [2 ** -40, 1, 2 ** 40]) {
      const noisy = (g: number): number[] => ladder(a * (1 / g + 0.01 * Math.sin(g)), a * 0.1);
      expect(lifetime({ ...born(), value: noisy, lowest: -100 * a })).toBe(
        lifetime({ ...born(), value: (g) => noisy(g).map((v) => v / a), lowest: -100 }),
      );
    }
  });

  it("and begins anew without a past", () => {
    const life = born();
    lifetime({ ...life, value: () => ladder(3, 0) });
    startPast(life.past);
    expect(life.past).toMatchObject({ best: Infinity, first: Infinity, count: 0 });
    expect(lifetime({ ...life, value: () => ladder(3, 0) })).toBe(18);
  });
});
