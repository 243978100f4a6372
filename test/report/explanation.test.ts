/** The report's part about the objective: what the points of a run say, and what they do not. */
import { expect, test } from "vitest";
import { setup } from "../../src/index.ts";
import { figures, type MinimizationReport, minimizationReport } from "../../src/report/index.ts";
import { type Explanation, explanation } from "../../src/tasks/explanation.ts";
import { minimize } from "../../src/tasks/minimize.ts";
import { freshSample, sampled } from "../../src/tasks/sample.ts";
import { slices } from "../../src/tasks/slices.ts";
import { superposed } from "../draw/record.ts";

/** A run that evaluates uniform points of a bowl, by packets that never were. */
async function told(dim: number, budget: number, allowance?: number): Promise<MinimizationReport> {
  const zeta = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, v, j) => sum + (j + 1) * v * v, 0);
  const at = setup({ value: zeta }, { engine: "random", domain: [-1, 2], dim, budget, seed: 3 });
  const sample = freshSample(at.potential);
  const run = await minimize(at, { evaluate: sampled(sample, at.potential.answer) });
  const result = { ...run, record: superposed(3) };
  const said = explanation(sample);
  const order = Array.from({ length: dim }, (_, j) => j);
  const made =
    allowance === undefined
      ? undefined
      : await slices(at.potential.answer, at.potential, result.best, order, allowance);
  const whole: Explanation = { ...said, slices: made };
  return { title: "A bowl", result, potential: at.potential, config: {}, explanation: whole };
}

test("a run has the pictures of itself, and those of its objective", async () => {
  const given = await told(3, 800);
  expect(figures(given).map(({ name }) => name)).toEqual([
    "convergence",
    "families",
    "relaxation",
    "importance",
    "profiles",
    "pairs",
    "parallel",
  ]);
  const page = minimizationReport(given);
  expect(page).toContain("<h2>The objective</h2>");
  expect(page).toMatch(/The best value was found by a harmonic packet, number 1 of its family, at evaluation 77\./);
  expect(page).not.toMatch(/NaN|undefined|\[object|do not tell which coordinates matter/);
  expect(page).toBe(minimizationReport(await told(3, 800)));
  const names = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
  expect(new Set(names).size).toBe(names.length);
});

test("too few points: the page says what they do not support, and shows no bars", async () => {
  const given = await told(10, 50);
  const page = minimizationReport(given);
  expect(page).toContain("The points of this run do not tell which coordinates matter: 50 samples lie apart");
  expect(figures(given).map(({ name }) => name)).not.toContain("importance");
});

test("slices are told apart from the run, and their price is beside its own", async () => {
  const page = minimizationReport(await told(3, 500, 1000));
  expect(page).toContain("beyond those of the run were spent on slices through the best point.");
  expect(page).toContain("ζ on lines through the best point");
  expect(page).toContain("Contours of ζ through the best point");
  expect(page).toContain("<dt>for slices, beside</dt>");
});
