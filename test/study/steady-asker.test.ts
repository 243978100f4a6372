import { expect, test } from "vitest";
import { askSteady, minimize } from "../../src/index.ts";
import { integer, key } from "../../src/math/rng.ts";
import type { AskedPoint, SteadyAsker } from "../../src/study/steady-asker.ts";
import { FORMAT } from "../../src/study/study.ts";

const settings = { domain: [-5, 5] as [number, number], dim: 2, budget: 400, seed: 3 };
const f = (x: ArrayLike<number>): number => (x[0] - 1) ** 2 + 3 * (x[1] + 2) ** 2 + Math.abs(x[0] * x[1] + 2);

/** Answers `most` points, `width` at a time, in an order drawn from a seed. */
function drive(study: SteadyAsker, width: number, most = Number.POSITIVE_INFINITY): AskedPoint[] {
  const flying: AskedPoint[] = [];
  for (let n = 0; n < most; n++) {
    for (let point = null; flying.length < width; flying.push(point)) {
      point = study.ask();
      if (point === null) break;
    }
    if (flying.length === 0) break;
    const [{ trial, x }] = flying.splice(integer(key(1), n, flying.length), 1);
    study.tell(trial, f(x));
  }
  return flying;
}

test("many points are outstanding and told in any order", () => {
  const study = askSteady(settings);
  drive(study, 7);
  const { stop, evaluations, best, record } = study.result();
  expect({ stop, evaluations }).toEqual({ stop: "budget spent", evaluations: 400 });
  expect(best.value).toBe(f(best.x));
  expect(best.value).toBeLessThan(1e-6);
  expect(record.scales.length).toBeGreaterThan(1);
  expect(study.stopped()).toBe("budget spent");
  expect(study.ask()).toBeNull();
});

test("the budget counts what is outstanding", () => {
  const study = askSteady({ ...settings, budget: 5 });
  const asked = Array.from({ length: 8 }, () => study.ask());
  expect(asked.map((p) => p?.trial)).toEqual([0, 1, 2, 3, 4, undefined, undefined, undefined]);
  expect(study.stopped()).toBeUndefined();
});

test("saved in the middle and taken up again, it goes on to the same bits", () => {
  const first = askSteady(settings);
  drive(first, 5, 100);
  const saved = first.save();
  const rest = [askSteady(settings, saved), askSteady(settings, saved)];
  for (const study of rest) drive(study, 5);
  expect(rest[0].result()).toEqual(rest[1].result());
  expect(rest[0].result().evaluations).toBe(400);
  // what was outstanding is asked again, under its number and at its place
  const open = drive(askSteady(settings), 5, 100);
  const again = askSteady(settings, saved);
  const asked = open.map(() => again.ask());
  expect(asked).toEqual([...open].sort((a, b) => a.trial - b.trial));
});

test("only what such a study has saved is taken up", () => {
  const saved = savedIn(askSteady(settings));
  expect(() => askSteady(settings, { ...saved, wick: (FORMAT - 1) as never })).toThrow(
    `is of version ${FORMAT - 1}; this program reads ${FORMAT}`,
  );
  expect(() => askSteady({ ...settings, seed: 4 }, saved)).toThrow(
    "saved: belongs to another study: its seed is 3, yours 4",
  );
  expect(() => askSteady({ ...settings, dim: 3 }, saved)).toThrow("its lower is [-5,-5], yours [-5,-5,-5]");
  expect(() => askSteady({ ...settings, engine: "random" }, saved)).toThrow('its engine is "packets", yours "random"');
  const spelled = { ...settings, with: { without: "product+harmonic" } };
  expect(() => askSteady(spelled, saved)).toThrow(/its parameters is .*"without":"".*, yours .*"without":"product/);
  expect(() => askSteady({ ...settings, noise: 0.1 }, saved)).toThrow("its noise is not set, yours 0.1");
  expect(() => askSteady({ ...settings, known: [{ x: [0, 0], value: 7 }] }, saved)).toThrow("its known is not set");
  expect(askSteady({ ...settings, engine: "packets", with: {} }, saved).ask()).not.toBeNull();
  for (const junk of [null, {}, { ...saved, checkpoint: {} }])
    expect(() => askSteady(settings, junk as never)).toThrow(/^saved: /);
  expect(askSteady({ ...settings, budget: 900 }, saved).ask()).not.toBeNull();
});

function savedIn(study: SteadyAsker) {
  drive(study, 5, 20);
  return study.save();
}

test("constraints as formulas hold, others are told beside the value", () => {
  const told = (study: SteadyAsker, g?: (x: Float64Array) => number) => {
    for (let point = study.ask(); point !== null; point = study.ask())
      study.tell(point.trial, f(point.x), g && { constraints: [g(point.x)] });
    return study.result().best;
  };
  const best = told(askSteady({ ...settings, constraints: ["x1 <= 0.5"] }));
  expect(best.x[0]).toBeLessThanOrEqual(0.5);
  const study = askSteady({ ...settings, constraints: () => [] });
  expect(() => study.tell(study.ask()?.trial ?? -1, 1)).toThrow("no constraints where there are some");
  expect(told(askSteady({ ...settings, constraints: () => [] }), (x) => x[0] - 0.5)).toEqual(best);
});

test("a target ends it while points are outstanding", () => {
  const study = askSteady({ ...settings, target: 10 });
  const [a, b] = [study.ask(), study.ask()];
  study.tell(b?.trial ?? -1, 9);
  expect(study.stopped()).toBe("target reached");
  expect(study.ask()).toBeNull();
  expect(study.best().value).toBe(9);
  study.tell(a?.trial ?? -1, 8);
  expect(study.best().value).toBe(8);
});

test("what is told wrongly changes nothing", () => {
  const study = askSteady(settings);
  const point = study.ask();
  const { trial } = point as AskedPoint;
  expect(() => study.tell(trial, "4" as unknown as number)).toThrow("the value of trial 0 is string, no number");
  expect(() => study.tell(trial, undefined as unknown as number)).toThrow("undefined, no number");
  expect(() => study.tell(7, 1)).toThrow("trial 7: was never asked; tell the number that came with the point");
  study.tell(trial, 4);
  expect(() => study.tell(trial, 5)).toThrow("trial 0: was told already; tell each trial once");
  expect(study.result().evaluations).toBe(1);
  expect(study.best().value).toBe(4);
});

test("values that are none and failures count as +∞ and are told apart", () => {
  const study = askSteady({ ...settings, engine: "random" });
  const next = (): number => (study.ask() as AskedPoint).trial;
  study.tell(next(), Number.NaN);
  study.tell(next(), Number.NEGATIVE_INFINITY);
  study.fail(next(), "it rained");
  study.tell(next(), 1);
  expect(study.result().unusable).toEqual({ count: 3, failures: 1, reasons: { "it rained": 1 } });
  expect(study.best().value).toBe(1);
});

test("an engine without the face is refused by name", () => {
  expect(() => askSteady({ ...settings, engine: "mqhoa" })).toThrow(
    /engine 'mqhoa': takes the answers of a step together.*choose packets/,
  );
});

test("minimize() evaluates so many points at once, of a function that takes its time", async () => {
  let [flying, most] = [0, 0];
  const slow = async (x: number[]): Promise<number> => {
    most = Math.max(most, ++flying);
    await new Promise((resolve) => setImmediate(resolve));
    flying--;
    return f(x);
  };
  const { best, stop } = await minimize(slow, { ...settings, outstanding: 6 });
  expect(most).toBe(6);
  expect(stop).toBe("budget spent");
  expect(best.value).toBeLessThan(1e-3);
  await expect(minimize(f, { ...settings, outstanding: 0 })).rejects.toThrow("outstanding: 0 is not a whole number");
  await expect(minimize(f, { ...settings, steady: true })).rejects.toThrow("add for instance outstanding: 8");
});
