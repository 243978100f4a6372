import { expect, test } from "vitest";
import { decode, encode } from "../../src/core/plain.ts";
import type { Frame } from "../../src/core/run.ts";
import { freshRecording, type Recording, recordFrame, recordOf } from "../../src/tasks/record.ts";

type Step = { D: number; best: number; family?: number; births?: number; energy?: number };

function frame({ D, best, family, births, energy = best }: Step, evaluations: number): Frame {
  const told = { ...(family === undefined ? {} : { family }), ...(births === undefined ? {} : { births }) };
  return {
    ...{ D, dt: 1, index: evaluations, tau: evaluations },
    info: { energy, spread: Math.sqrt(D), ...told },
    account: { evaluations, bestAt: evaluations, best: { value: best, x: Float64Array.of(1) } },
    best: { value: best, x: Float64Array.of(1) },
    view: () => ({
      kind: "gaussian",
      packets: [0, 1, 2].map((f) => ({
        family: f,
        label: `family ${f}`,
        mean: Float64Array.of(D),
        deviation: Float64Array.of(2),
      })),
    }),
  } as unknown as Frame;
}

function recorded(steps: readonly Step[], recording: Recording = freshRecording(), from = 0): Recording {
  steps.forEach((step, i) => {
    recordFrame(recording, frame(step, from + i + 1), (family) => ["wide", "small"][family]);
  });
  return recording;
}

test("a scale holds the steps within a factor of 10, and adds up their time", () => {
  const { scales } = recordOf(recorded([1, 0.5, 0.11, 0.1, 0.02, 0.005].map((D, i) => ({ D, best: 9 - i }))));
  expect(scales.map(({ D, tau, best, evaluations }) => [D, tau, best, evaluations])).toEqual([
    [1, 3, 7, 3],
    [0.1, 2, 5, 5],
    [0.005, 1, 4, 6],
  ]);
  expect([...scales[1].mean, ...scales[1].deviation]).toEqual([0.1, 2]);
});

test("the scales are those of the descent that found the best", () => {
  const wide = (D: number, best: number): Step => ({ D, best, family: 0, births: 1 });
  const small = (D: number, best: number, births = 1): Step => ({ D, best, family: 1, births });
  const steps = [wide(1, 9), small(1e-3, 9), wide(0.05, 8), small(1e-5, 3), wide(0.005, 3), small(1e-7, 3)];
  expect(recordOf(recorded(steps)).scales.map(({ D }) => D)).toEqual([1e-3, 1e-5, 1e-7]);
  // its successor begins anew; the descent that found the best is kept until another finds better
  const later = [...steps, small(1, 3, 2), small(1e-2, 3, 2)];
  expect(recordOf(recorded(later)).scales.map(({ D }) => D)).toEqual([1e-3, 1e-5, 1e-7]);
  expect(recordOf(recorded([...later, small(1e-4, 2, 2)])).scales.map(({ D }) => D)).toEqual([1, 1e-2, 1e-4]);
});

test("an engine that anneals anew makes a new descent", () => {
  const steps = [1, 0.1, 0.01, 1e-4].map((D): Step => ({ D, best: 5 }));
  const again = [...steps, { D: 1, best: 5 }, { D: 0.1, best: 4 }];
  expect(recordOf(recorded(again.slice(0, 5))).scales.length).toBe(4);
  expect(recordOf(recorded(again)).scales.map(({ D }) => D)).toEqual([1, 0.1]);
});

test("is bounded, and the same when it is saved on the way", () => {
  const step = (i: number): Step => ({ D: 10 ** (-2 * (i % 2)), best: 1 / (i + 1), family: i % 3 });
  const steps = Array.from({ length: 5000 }, (_, i) => step(i));
  const whole = recorded(steps);
  expect(recordOf(whole).scales.length).toBeLessThanOrEqual(256);
  expect(recordOf(whole).rows.length).toBeLessThan(2000);
  const saved = decode(encode(recorded(steps.slice(0, 3333)))) as Recording;
  expect(recorded(steps.slice(3333), saved, 3333)).toEqual(whole);
});

test("what each family did is counted, and who found the best", () => {
  const wide = (best: number): Step => ({ D: 1, best, family: 0, births: 1 });
  const small = (best: number, births: number): Step => ({ D: 1, best, family: 1, births });
  const steps = [wide(9), wide(8), small(8, 1), small(3, 1), wide(3), small(3, 2), small(3 - 1e-13, 2)];
  const { families, finder, rows } = recordOf(recorded(steps));
  expect(families).toEqual([
    { family: 0, label: "wide", births: 1, evaluations: 3, improvements: 2 },
    // the last is rounding
    { family: 1, label: "small", births: 2, evaluations: 4, improvements: 1 },
  ]);
  expect(finder).toEqual({ family: 1, births: 1, evaluations: 4, value: 3 });
  expect(rows.map(({ turn }) => turn?.finder)).toEqual([0, 0, 0, 1, 1, 1, 1]);
  expect(rows.at(-1)?.turn).toEqual({ family: 1, finder: 1, births: [1, 2], spent: [3, 4] });
});

test("an engine of one state has no families", () => {
  const { families, finder, rows } = recordOf(recorded([{ D: 1, best: 2 }]));
  expect([families, finder, rows[0].turn]).toEqual([[], null, undefined]);
});
