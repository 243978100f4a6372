/**
 * What every schedule of the catalogue owes, and the outer loop of every engine.
 */
import { describe, expect, it } from "vitest";
import type { Info, Setting } from "../../src/core/engine.ts";
import { decode, encode, type Plain, same } from "../../src/core/plain.ts";
import { box } from "../../src/core/problem.ts";
import type { Schedule } from "../../src/core/schedule.ts";
import { engineEntries } from "../../src/engines/index.ts";
import { fold, key, uniform } from "../../src/math/rng.ts";
import { scheduleEntries } from "../../src/schedules/index.ts";
import { variants } from "./entries.ts";

const fromCatalogue = scheduleEntries.flatMap((entry) =>
  variants(entry).map(({ label, values }) => ({ label: `schedule ${label}`, make: () => entry.make(values) })),
);
const fromEngines = engineEntries.flatMap(({ name, params, anneal }) =>
  anneal === undefined
    ? []
    : [1, 100, 1e7].flatMap((budget) =>
        variants({ name, params }).map(({ label, values }) => ({
          label: `outer loop of ${label}, budget ${budget}`,
          make: () => anneal({ domain: box(3, -5, 5), budget }, values),
        })),
      ),
);

const STEPS = 300;

/** What an engine may report, the impossible included. */
function reports(seed: number): Info[] {
  const odd = [0, -0, -1, 5e-324, 1e-200, 1e200, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN];
  return Array.from({ length: STEPS }, (_, i) => {
    const draw = fold(key(seed), i);
    if (uniform(draw, 0) < 0.1) return {};
    const value = (e: number): number =>
      uniform(draw, e) < 0.3 ? odd[Math.floor(uniform(draw, e + 1) * odd.length)] : 10 * uniform(draw, e + 2);
    return { energy: value(10), scatter: value(20), spread: value(30), acceptance: value(40) };
  });
}

function follow(schedule: Schedule, infos: Info[]): { settings: Setting[]; carries: Plain[] } {
  const settings: Setting[] = [];
  const carries: Plain[] = [schedule.init()];
  let last: Info | undefined;
  for (const info of infos) {
    const next = schedule.next(carries[carries.length - 1], last);
    if (next === null) break;
    settings.push(next[0]);
    carries.push(next[1]);
    last = info;
  }
  return { settings, carries };
}

describe.each([...fromCatalogue, ...fromEngines])("$label", ({ make }) => {
  const steadyReports = Array.from({ length: STEPS }, (_, i): Info => ({ energy: 3, scatter: 2 / (i + 1), spread: 1 }));

  it("gives settings that are finite, with D ≥ 0 and Δτ ≥ 0, whatever is reported", () => {
    for (const infos of [steadyReports, reports(1), reports(2)]) {
      const { settings } = follow(make(), infos);
      expect(settings.length).toBeGreaterThan(0);
      for (const setting of settings) {
        expect(setting.D).toBeGreaterThanOrEqual(0);
        expect(setting.dt).toBeGreaterThanOrEqual(0);
        expect(Object.values(setting).every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("depends on its carry and the last report alone", () => {
    for (const infos of [steadyReports, reports(3)]) {
      const a = follow(make(), infos);
      expect(same(a.settings, follow(make(), infos).settings)).toBe(true);
      const schedule = make();
      // asked out of order, and of carries that were written and read
      for (let k = a.settings.length - 1; k >= 0; k -= 7) {
        const next = schedule.next(decode(encode(a.carries[k])), k === 0 ? undefined : infos[k - 1]);
        expect(same(next, [a.settings[k], a.carries[k + 1]])).toBe(true);
      }
    }
  });

  it("leaves its carry as it was", () => {
    const schedule = make();
    const carry = schedule.init();
    const before = encode(carry);
    schedule.next(carry);
    schedule.next(carry, { energy: 1, scatter: 1 });
    expect(encode(carry)).toEqual(before);
  });

  it("agrees with itself where it knows the time", () => {
    const schedule = make();
    if (schedule.at === undefined) return;
    let t = 0;
    for (const setting of follow(schedule, steadyReports).settings) {
      const there = schedule.at(t);
      expect(there.dt).toBe(setting.dt);
      expect(Math.abs(there.D - setting.D)).toBeLessThanOrEqual(1e-9 * setting.D);
      t += setting.dt;
    }
  });
});
