import { describe, expect, it } from "vitest";
import { blankPast, ends, type Past, startPast } from "../../../src/engines/packets/ending.ts";
import { blankState, firstRunsAlone, type PacketsState, W } from "../../../src/engines/packets/state.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { blankWide, startWide, type Wide } from "../../../src/engines/packets/wide.ts";
import { unitBox } from "./ground.ts";

const dim = 2;
const lambda = 8;
const of = constants(dim, lambda);

type Life = { packet: Wide; past: Past; value: (g: number) => number[]; lowest?: number };

/** The generation at which a packet ends whose ranked values are given, or Infinity after 2000. */
function lifetime(
  { packet, past, value, lowest = Infinity }: Life,
  each: (g: number) => void = () => undefined,
  by = of,
): number {
  const order = Int32Array.from({ length: by.lambda }, (_, k) => k);
  for (let g = 1; g <= 2000; g++) {
    packet.generation = g;
    each(g);
    if (ends(past, packet, by, Float64Array.from(value(g)), order, lowest)) return g;
  }
  return Infinity;
}

function born(d = dim): { packet: Wide; past: Past } {
  const packet = blankWide(d);
  startWide(packet, lambda, 0.2);
  return { packet, past: blankPast(d) };
}

const ladder = (low: number, step: number, n = lambda): number[] => Array.from({ length: n }, (_, k) => low + k * step);

describe("a packet ends", () => {
  it("never while it falls", () => {
    expect(lifetime({ ...born(), value: (g) => ladder(1 / g, 0.1), lowest: 0 })).toBe(Infinity);
  });

  it("when its values cannot be told apart over 10 + ⌈30 d/λ⌉ generations, by rounding or at all", () => {
    expect(lifetime({ ...born(), value: () => ladder(3, 0) })).toBe(18);
    const plateau = (g: number): number[] => (g < 30 ? ladder(100 - g, 1) : ladder(70 + 1e-13 * (g % 3), 0));
    expect(lifetime({ ...born(), value: plateau })).toBe(47);
    // of a fall of 1e10 the last 1e-9 are nothing about zero
    const deep = (g: number): number[] => (g < 30 ? ladder(1e10 / g ** 9, 1) : ladder(1e-10 * (g % 2), 1e-10));
    expect(lifetime({ ...born(), value: deep })).toBeLessThan(60);
  });

  it("after three generations in a row that differ by rounding alone: the bottom of a well is no plateau", () => {
    const bottom = (g: number): number[] => (g < 30 ? ladder(100 - g, 1) : ladder(70 + 1e-13 * (g % 3), 1e-13));
    expect(lifetime({ ...born(), value: bottom })).toBe(32);
    // where one of them stands out it takes as long as on a plateau
    const restless = (g: number): number[] => (g >= 30 && g % 3 === 0 ? ladder(70, 1e-11) : bottom(g));
    expect(lifetime({ ...born(), value: restless })).toBe(47);
    // nor does the next packet inherit them
    const again = born();
    const still = (n: number): number => lifetime({ ...again, value: (g) => ladder(70, g <= n ? 1e-13 : g) });
    expect(still(2)).toBeGreaterThan(3);
    expect(still(3)).toBe(3);
    startPast(again.past);
    expect(still(2)).toBeGreaterThan(3);
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

  describe("in forty dimensions", () => {
    const many = constants(40, 15);
    const lesson = Math.ceil(1 / (many.c1 + many.cMu));
    const value = (g: number): number[] => ladder(-0.01 * g, 0.1, 15);
    /** Generations until it is in doubt, and until it ends. */
    const life = (lowest: number, given = value): [number, number] => {
      const own = born(40);
      let doubted = Infinity;
      const ended = lifetime(
        { ...own, value: given, lowest },
        (g) => {
          if (own.past.doubted) doubted = Math.min(doubted, g - 1);
        },
        many,
      );
      return [own.past.doubted ? Math.min(doubted, ended) : Infinity, ended];
    };

    it("by the way it has made in 1/(c₁ + c_μ) generations, and is in doubt until then", () => {
      expect(lesson).toBeGreaterThan(200);
      expect(life(-1e9)).toEqual([10, lesson]);
      // its hope, five times what it has fallen by in a lesson, is beyond what its last ten generations say
      const hope = 5 * (0.01 * (lesson - 1) + 0.7);
      expect(life(-0.01 * lesson - hope - 1e-6)).toEqual([10, lesson]);
      expect(life(-0.01 * lesson - hope + 1e-6)[1]).toBeGreaterThan(lesson);
    });

    it("but at once where it has left what it saw itself", () => {
      const left = (g: number): number[] => (g === 5 ? ladder(-1e9, 0.1, 15) : value(g));
      expect(life(-1e9, left)).toEqual([15, 15]);
    });

    it("or has left it, though another polished it since", () => {
      const left = (g: number): number[] => (g === 5 ? ladder(-1e9, 0.1, 15) : value(g));
      expect(life(-1e9 - 1, left)[1]).toBe(15);
    });

    it("whatever generations of +∞ came between", () => {
      const holes = (g: number): number[] => (g % 150 === 149 ? Array(15).fill(Infinity) : value(g));
      expect(life(-1e9, holes)[1]).toBeLessThan(2 * lesson);
    });

    it("the first one runs alone until it is in doubt", () => {
      const state = blankState(unitBox(40), new Float64Array(40), false, true);
      expect(firstRunsAlone(state)).toBe(true);
      Object.assign(state.families[W], { births: 1, alive: true });
      expect(firstRunsAlone(state)).toBe(true);
      state.levels[W].past.doubted = true;
      expect(firstRunsAlone(state)).toBe(false);
      startPast(state.levels[W].past);
      expect(firstRunsAlone(state)).toBe(true);
      // or goes on at a smaller scale, where ζ has slopes along any axis
      state.levels[W].fall.quenched = true;
      expect(firstRunsAlone(state)).toBe(false);
      const on = (step: number): PacketsState => {
        const stepped = new Uint8Array(40).fill(1);
        stepped[7] = step;
        return { ...state, domain: { ...state.domain, stepped } };
      };
      expect([1, 0].map((step) => firstRunsAlone(on(step)))).toEqual([true, false]);
      state.levels[W].fall.quenched = false;
      state.families[W].alive = false;
      expect(firstRunsAlone(state)).toBe(false);
      Object.assign(state.families[W], { births: 2, alive: true });
      expect(firstRunsAlone(state)).toBe(false);
    });
  });

  it("by its weight below a place too that its own samples have seen and it has left", () => {
    const left =
      (place: number) =>
      (g: number): number[] =>
        g === 5 ? ladder(place, 0.1) : ladder(-0.01 * g, 0.1);
    // ten generations later the place is out of sight, and r is what the values range over
    expect(lifetime({ ...born(), value: left(-10), lowest: -10 })).toBe(15);
    const near = -0.15 - 5 * 0.49 + 1e-6;
    expect(lifetime({ ...born(), value: left(near), lowest: near })).toBeGreaterThan(15);
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
