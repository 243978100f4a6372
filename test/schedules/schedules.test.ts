import { describe, expect, it } from "vitest";
import type { Info, Setting } from "../../src/core/engine.ts";
import type { Schedule } from "../../src/core/schedule.ts";
import { anneal, cooling, cosine, geometric, plateau, qhd, steady } from "../../src/schedules/index.ts";

/** The settings while every step reports the same. */
function settings(schedule: Schedule, count: number, info: Info): Setting[] {
  const all: Setting[] = [];
  let carry = schedule.init();
  for (let k = 0; k < count; k++) {
    const next = schedule.next(carry, k === 0 ? undefined : info);
    if (next === null) break;
    all.push(next[0]);
    carry = next[1];
  }
  return all;
}

const kick = ({ D, dt }: Setting): number => Math.sqrt(2 * D * dt);

describe("geometric", () => {
  it("falls by the same factor from the first to the last, and ends", () => {
    const all = settings(geometric({ from: 8, to: 1, steps: 4, dt: 0.5 }), 10, {});
    expect(all.map(({ D }) => D.toFixed(12))).toEqual([8, 4, 2, 1].map((D) => D.toFixed(12)));
    expect(all.every(({ dt }) => dt === 0.5)).toBe(true);
  });

  it("falls again and again where that is asked", () => {
    const all = settings(geometric({ from: 8, to: 1, steps: 4, dt: 0.5, again: true }), 10, {});
    expect(all.map(({ D }) => Math.round(D))).toEqual([8, 4, 2, 1, 8, 4, 2, 1, 8, 4]);
  });

  it("refuses what no factor leads to", () => {
    expect(() => geometric({ from: 1, to: 0, steps: 3, dt: 1 })).toThrow(/above 0/);
    expect(() => geometric({ from: -1, to: 1, steps: 3, dt: 1 })).toThrow(/above 0/);
  });
});

describe("steady", () => {
  it("never changes", () => {
    expect(settings(steady({ D: 2, dt: 0.1 }), 3, {})).toEqual(new Array(3).fill({ D: 2, dt: 0.1 }));
  });
});

describe("anneal", () => {
  const options = { from: 1, to: 1e-4, steps: 5, selection: 2 };

  it("measures first, then lets the kick fall and selects with constant strength", () => {
    const [first, ...rest] = settings(anneal(options), 6, { scatter: 40 });
    expect(first).toEqual({ D: 0, dt: 0 });
    rest.forEach((setting, k) => {
      expect(kick(setting) / 10 ** -k).toBeCloseTo(1, 12);
      expect(setting.dt * 40).toBeCloseTo(2, 12);
    });
  });

  it("begins again at the first kick", () => {
    const all = settings(anneal(options), 12, { scatter: 1 });
    expect(kick(all[6])).toBeCloseTo(1, 12);
    expect(kick(all[10])).toBeCloseTo(1e-4, 12);
  });

  it("holds the last Δτ where the scatter says nothing, and kicks as before", () => {
    const schedule = anneal(options);
    for (const scatter of [0, Infinity, Number.NaN, -1]) {
      const next = schedule.next({ step: 2, dt: 0.25 }, { scatter });
      if (next === null) throw new Error("it never ends");
      expect(next[0].dt).toBe(0.25);
      expect(kick(next[0])).toBeCloseTo(0.01, 12);
    }
  });

  it("scales D with ζ and nothing else", () => {
    const small = settings(anneal(options), 6, { scatter: 1 });
    const large = settings(anneal(options), 6, { scatter: 1000 });
    large.slice(1).forEach((s, k) => {
      expect(s.D / small[k + 1].D).toBeCloseTo(1000, 9);
      expect(kick(s)).toBeCloseTo(kick(small[k + 1]), 12);
    });
  });
});

describe("cooling", () => {
  it("falls from the scatter that the first step measured, and keeps to it", () => {
    const schedule = cooling({ from: 2, to: 2e-4, steps: 5 });
    let carry = schedule.init();
    const seen: number[] = [];
    for (let k = 0; k < 8; k++) {
      const next = schedule.next(carry, k === 0 ? undefined : { scatter: k === 1 ? 30 : 1e-3 });
      if (next === null) throw new Error("it never ends");
      seen.push(next[0].D);
      carry = next[1];
    }
    const expected = [0, 60, 6, 0.6, 0.06, 0.006, 60, 6];
    seen.forEach((D, k) => {
      expect(D).toBeCloseTo(expected[k], 12);
    });
  });

  it("waits for a scatter that means something", () => {
    const schedule = cooling({ from: 1, to: 0.1, steps: 9 });
    const first = schedule.next({ step: 0, scale: 0 }, { scatter: 0 });
    expect(first?.[0].D).toBe(1);
    expect(first?.[1].scale).toBe(0);
  });
});

describe("cosine", () => {
  it("falls along half a wave from the first to the last, and ends", () => {
    const all = settings(cosine({ from: 3, to: 1, steps: 5, dt: 0.5 }), 10, {});
    expect(all.length).toBe(5);
    all.forEach(({ D, dt }, k) => {
      expect(D).toBeCloseTo(2 + Math.cos((Math.PI * k) / 4), 14);
      expect(dt).toBe(0.5);
    });
  });

  it("ends where it is told to, at 0 as well", () => {
    const all = settings(cosine({ from: 0.3, to: 0, steps: 7, dt: 1 }), 10, {});
    expect(all[0].D).toBe(0.3);
    expect(all[6].D).toBeCloseTo(0, 30);
    expect(() => cosine({ from: 0, to: 0, steps: 3, dt: 1 })).toThrow(/above 0/);
    expect(() => cosine({ from: 1, to: -1, steps: 3, dt: 1 })).toThrow(/not below 0/);
  });
});

describe("plateau", () => {
  const options = { from: 8, to: 2, scales: 3, patience: 4, tolerance: 1e-3, dt: 0.5 };

  /** D step by step, while the engine reports energy(steps at this D, D). */
  function heights(energy: (step: number, D: number) => number, most = 1000): number[] {
    const schedule = plateau(options);
    const seen: number[] = [];
    let carry = schedule.init();
    let last: Info | undefined;
    let step = 0;
    while (seen.length < most) {
      const next = schedule.next(carry, last);
      if (next === null) break;
      const { D } = next[0];
      step = D === seen.at(-1) ? step + 1 : 0;
      seen.push(D);
      carry = next[1];
      last = { energy: energy(step, D) };
    }
    return seen;
  }

  it("holds D until the energy has stood for as long as it has patience, at each scale", () => {
    // the energy falls for six steps, then stands: 1 + 5 falls and 4 steps of patience
    const seen = heights((step, D) => D * Math.max(0, 5 - step));
    expect(seen.map((D) => D.toFixed(9))).toEqual([8, 4, 2].flatMap((D) => new Array(10).fill(D.toFixed(9))));
  });

  it("sees neither the zero nor the unit of the energy", () => {
    const falling = (step: number, D: number): number => D * Math.exp(-0.7 * step);
    const seen = heights(falling);
    expect(heights((step, D) => 2 ** 20 * falling(step, D))).toEqual(seen);
    expect(heights((step, D) => falling(step, D) - 4096)).toEqual(seen);
    // steps 1 … 9 each fall by more than 10⁻³ of the whole, then 10 and 11 together; all later ones do not
    expect(seen.length).toBe(3 * (1 + 11 + 4));
  });

  it("loses patience where the energy rises or is not told", () => {
    expect(heights((step) => step).length).toBe(3 * 5);
    expect(heights(() => Number.NaN).length).toBe(3 * 4);
  });

  it("refuses what no factor leads to", () => {
    expect(() => plateau({ ...options, to: 0 })).toThrow(/above 0/);
  });
});

describe("qhd", () => {
  it("is 2/(s + t³) · (−½∇²) + 2t³ V on the unit cube, in real time", () => {
    const { at } = qhd({ duration: 10, dt: 0.001, softening: 1e-3, width: 1 });
    for (const t of [0, 0.1, 3]) {
      const setting = at?.(t);
      expect(setting?.D).toBeCloseTo(1 / (1e-3 + t ** 3), 9);
      expect(setting?.strength).toBeCloseTo(2 * t ** 3, 12);
      expect(setting?.angle).toBe(Math.PI / 2);
    }
  });

  it("is the same dynamics in the coordinates of a domain of width L", () => {
    // x = a + Ly: −D∂_x² = −(D/L²)∂_y², and V(y) = ζ/L
    const L = 10.24;
    const [unit, wide] = [1, L].map((width) => qhd({ duration: 10, dt: 0.001, softening: 1e-3, width }).at?.(2));
    expect((wide?.D ?? 0) / L ** 2).toBeCloseTo(unit?.D ?? Number.NaN, 12);
    expect((wide?.strength ?? 0) * L).toBeCloseTo(unit?.strength ?? Number.NaN, 12);
  });

  it("runs for its duration", () => {
    const all = settings(qhd({ duration: 0.5, dt: 0.1, softening: 1e-3, width: 1 }), 99, {});
    expect(all.length).toBe(5);
    expect(all[4].D).toBeCloseTo(1 / (1e-3 + 0.4 ** 3), 9);
    expect(() => qhd({ duration: 1, dt: 0, softening: 1, width: 1 })).toThrow(/above 0/);
  });
});
