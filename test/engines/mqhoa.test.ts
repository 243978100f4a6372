/**
 * Each form against its pseudo-code: a step's queries are written down, and the rule, written out once more in plain
 * arithmetic, must lead from the state before and the answers to the state after.
 */
import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import type { Info } from "../../src/core/engine.ts";
import { box, domain, type Potential, type Query } from "../../src/core/problem.ts";
import { type MqhoaForm, mqhoa } from "../../src/engines/mqhoa.ts";
import { fold, key } from "../../src/math/rng.ts";
import { mean, variance } from "../../src/math/stats.ts";
import { atOnce, bowl, rugged } from "../conformance/potentials.ts";

type Point = { x: number[]; f: number };
type Seen = { points: Point[]; scale: number };
type Step = { before: Seen; asked: Point[][]; after: Seen; info: Info };

const K = 8;
const M = 3;
const oblong = domain([-3, -40], [5, 40]);
const one = bowl(2, oblong);
const many: Potential = { ...rugged(2), domain: oblong };
const widths = [8, 80];

function steps(form: MqhoaForm, count: number, seed: number, potential: Potential): Step[] {
  const engine = mqhoa({ form, centers: K, samples: M });
  const ask = (query: Query) => atOnce(potential, query);
  const state = answerAll(engine.init(potential.domain, key(seed)), ask);
  const seen = (): Seen => ({ points: rows(state.x, state.value), scale: state.scale });
  return Array.from({ length: count }, (_, t) => {
    const before = seen();
    const asked: Point[][] = [];
    const info = answerAll(engine.step(state, { D: 1, dt: 1, index: t, key: fold(key(seed), t) }), (query) => {
      const answer = ask(query);
      asked.push(rows(query.at.x, answer.value ?? new Float64Array(0)));
      return answer;
    });
    return { before, asked, after: seen(), info };
  });
}

const rows = (x: Float64Array, f: Float64Array): Point[] =>
  Array.from(f, (value, i) => ({ x: [x[2 * i], x[2 * i + 1]], f: value }));

/** max over the axes of the population standard deviation, in widths. */
function spread(points: Point[]): number {
  return Math.max(
    ...widths.map((w, j) => {
      const axis = Float64Array.from(points, (p) => p.x[j]);
      return Math.sqrt((variance(axis) * (points.length - 1)) / points.length) / w;
    }),
  );
}

const improved = (points: Point[], trials: Point[]): Point[] =>
  points.map((p, i) => (trials[i].f < p.f ? trials[i] : p));

function withMean(points: Point[], trial: Point): Point[] {
  for (const j of [0, 1]) expect(trial.x[j]).toBeCloseTo(mean(Float64Array.from(points, (p) => p.x[j])), 10);
  const worst = points.reduce((w, p, i) => (p.f > points[w].f ? i : w), 0);
  return points.map((p, i) => (i === worst ? trial : p));
}

const rules: Record<MqhoaForm, (before: Seen, asked: Point[][]) => Seen> = {
  "2016"({ points, scale }, [trials, center]) {
    const swept = improved(points, trials);
    if (Math.abs(spread(swept) - spread(points)) > scale) {
      expect(center).toBeUndefined();
      return { points: swept, scale };
    }
    const reduced = withMean(swept, center[0]);
    return { points: reduced, scale: spread(reduced) <= scale ? scale / 2 : scale };
  },
  script({ points, scale }, [trials, center]) {
    let after = improved(points, trials);
    let next = scale;
    if (trials.every((t, i) => !(t.f < points[i].f))) {
      after = withMean(after, center[0]);
      next /= 2;
    } else expect(center).toBeUndefined();
    return { points: after, scale: spread(after) <= next ? next / 2 : next };
  },
  "2013"({ points, scale }, [trials]) {
    const after = [...points];
    for (const t of trials) {
      const worst = after.reduce((w, p, i) => (p.f > after[w].f ? i : w), 0);
      if (t.f < after[worst].f) after[worst] = t;
    }
    return { points: after, scale: spread(after) < scale ? scale / 2 : scale };
  },
};

const forms: MqhoaForm[] = ["2016", "script", "2013"];

describe.each(forms)("the %s form", (form) => {
  it("follows its pseudo-code, step by step", () => {
    let halvings = 0;
    for (const potential of [one, many])
      for (const { before, asked, after } of steps(form, 400, 1, potential)) {
        if (form !== "script" && before.scale <= 1e-7) continue;
        expect(asked[0]).toHaveLength(form === "2013" ? K * M : K);
        expect(after).toEqual(rules[form](before, asked));
        if (after.scale < before.scale) halvings++;
      }
    expect(halvings).toBeGreaterThan(10);
  });

  it("reports D = σ²/2 of its samples", () => {
    const cube = Math.sqrt(widths[0] * widths[1]);
    for (const { after, info } of steps(form, 60, 3, many)) {
      const deviation = (form === "script" ? after.scale / 2 : after.scale) * cube;
      expect(info.D / (deviation ** 2 / 2)).toBeCloseTo(1, 12);
      expect(info.dt).toBe(1);
    }
  });

  it("draws its samples normally about the centers, with its deviation", () => {
    const engine = mqhoa({ form, centers: 2000, samples: 1 });
    const plain = box(1, -50, 50);
    const state = answerAll(engine.init(plain, key(1)), ({ at }) => ({ n: at.n, value: new Float64Array(at.n) }));
    state.x.fill(0);
    state.scale = 0.01;
    let trial = new Float64Array(0);
    answerAll(engine.step(state, { D: 1, dt: 1, index: 0, key: key(2) }), ({ at }) => {
      if (trial.length === 0) trial = at.x.slice();
      return { n: at.n, value: new Float64Array(at.n) };
    });
    const deviation = form === "script" ? 0.5 : 1;
    expect(Math.abs(mean(trial))).toBeLessThan((4 * deviation) / Math.sqrt(2000));
    expect(Math.abs(variance(trial) - deviation ** 2)).toBeLessThan(4 * deviation ** 2 * Math.sqrt(2 / 2000));
  });
});

describe("restarts", () => {
  it.each(["2016", "2013"] as const)("of the %s form begin anew over the whole box", (form) => {
    const all = steps(form, 900, 4, one);
    const again = all.findIndex(({ before }) => before.scale <= 1e-7);
    expect(again).toBeGreaterThan(0);
    const { asked, after } = all[again];
    expect(asked).toEqual([after.points]);
    expect(after.scale).toBe(1);
    expect(spread(after.points)).toBeGreaterThan(0.1);
  });

  it("are not made by the authors' script", () => {
    const all = steps("script", 2500, 4, many);
    expect(all.every(({ before, after }) => after.scale <= before.scale)).toBe(true);
    expect(all[all.length - 1].after.scale).toBeLessThan(1e-7);
  });
});
