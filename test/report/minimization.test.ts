import { expect, test } from "vitest";
import { engines } from "../../src/catalogue.ts";
import { inputError } from "../../src/core/errors.ts";
import type { Stop } from "../../src/core/meter.ts";
import { box, potential } from "../../src/core/problem.ts";
import { dynamics, equationsOf } from "../../src/report/equations.ts";
import { figures, type MinimizationReport, minimizationReport } from "../../src/report/index.ts";
import type { Minimization } from "../../src/tasks/minimize.ts";
import { annealed } from "../draw/record.ts";

const value = -44.32680141953405;

function result(dim: number, changes: Partial<Minimization> = {}): Minimization {
  return {
    stop: "budget spent",
    evaluations: 1234567,
    gradients: 0,
    best: { value, x: Array.from({ length: dim }, (_, j) => 0.1 * (j + 3)) },
    engine: "packets",
    dim,
    seed: 7,
    steps: 90,
    unusable: { count: 0, failures: 0, reasons: {} },
    record: annealed(dim),
    ...changes,
  };
}

function input(dim: number, changes: Partial<MinimizationReport> = {}): MinimizationReport {
  const zeta = potential({ name: "bowl", domain: box(dim, -5, 5), value: () => 0, truth: { minimum: -44.326801 } });
  return {
    title: "A bowl",
    result: result(dim),
    potential: zeta,
    config: { budget: 1234567, with: { lambda: 8 } },
    ...changes,
  };
}

/** The page without its style sheet, which speaks of many things. */
const body = (html: string): string => html.slice(html.indexOf("<body>"));

/** Every element that is opened is closed, in order. */
function balanced(html: string): boolean {
  const open: string[] = [];
  for (const [, close, name, self] of html.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(\/?)>/g)) {
    if (self === "/" || name === "meta") continue;
    if (close === "") open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

test("a page tells the result so that it round-trips, beside the known minimum", () => {
  const page = minimizationReport(input(2));
  expect(page).toContain(`<p class="value">${value}</p>`);
  expect(page).toContain("The known minimum is -44.326801; this is 4.2×10<sup>−7</sup> below it.");
  expect(page).toContain("at x = (0.30000000000000004, 0.4)");
  expect(page).toContain("1,234,567 evaluations");
  expect(page).toContain("<dt>with.lambda</dt><dd><code>8</code></dd>");
  expect(balanced(page)).toBe(true);
});

test.each([1, 2, 6, 39, 1000])("a page stands by itself in %d dimensions, and is the same twice", (dim) => {
  const page = minimizationReport(input(dim));
  expect(page).toBe(minimizationReport(input(dim)));
  expect(balanced(page)).toBe(true);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|src=|url\((?!#)/);
  expect(page).not.toMatch(/NaN|undefined|\[object/);
  const names = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
  expect(new Set(names).size).toBe(names.length);
  for (const [, name] of page.matchAll(/url\(#([^)]+)\)/g)) expect(names).toContain(name);
});

test("the pictures in the page are those that are given as SVG", () => {
  const given = input(2);
  const page = minimizationReport(given);
  const pictures = figures(given);
  expect(pictures.map(({ name }) => name)).toEqual(["convergence", "relaxation", "whereabouts"]);
  for (const { svg } of pictures) expect(page).toContain(svg);
});

test.each([
  [1, "Mean ± standard deviation of the state (bars), and the best point (dashed)."],
  [12, "Mean ± standard deviation of the state in each coordinate, and the best point (dashed)."],
  [
    13,
    "Distance between the state and the best point, coordinate by coordinate: root mean square, as a share of the width of the domain.",
  ],
])("in %i dimensions the caption says how the state is drawn", (dim, caption) => {
  expect(figures(input(dim)).find(({ name }) => name === "whereabouts")?.caption).toBe(caption);
});

test("nothing of the user's becomes markup", () => {
  const evil = `<script>alert("'&")</script>`;
  const zeta = potential({ name: evil, domain: box(2, -1, 1), value: () => 0, names: [evil, "b"] });
  const failing = result(2, {
    stop: "evaluator failed",
    engine: evil,
    error: new Error(evil),
    unusable: { count: 3, failures: 3, reasons: { [evil]: 3 } },
  });
  const page = minimizationReport({
    title: evil,
    result: failing,
    potential: zeta,
    config: { [evil]: evil, objective: { formula: evil, vars: [evil] } },
    command: evil,
    version: evil,
  });
  expect(page).not.toContain("<script");
  expect(page.split("&lt;script&gt;").length - 1).toBeGreaterThanOrEqual(10);
  expect(balanced(page)).toBe(true);
});

const stops: readonly (readonly [Stop, RegExp])[] = [
  ["schedule ended", /came to its end/],
  ["target reached", /target was reached/],
  ["stalled", /No better value came/],
  ["budget spent", /A larger budget/],
  ["time spent", /time was up/],
  ["aborted", /interrupted/],
  ["diverged", /No evaluation gave a finite value. A run is given up after 100 \+ 10 d failures/],
  ["evaluator failed", /could not be evaluated/],
];
test.each(stops)("the end `%s` is told in words", (stop, words) => {
  expect(minimizationReport(input(2, { result: result(2, { stop }) }))).toMatch(words);
});

test("a run that found nothing still has its page, with the reasons", () => {
  const diverged = result(3, {
    stop: "diverged",
    evaluations: 20,
    best: { value: Number.POSITIVE_INFINITY, x: [] },
    unusable: { count: 20, failures: 20, reasons: { "returned a string": 18, other: 2 } },
    record: annealed(3, 0),
  });
  const given = input(3, { result: diverged });
  const page = minimizationReport(given);
  expect(figures(given)).toEqual([]);
  expect(page).toContain("No finite value");
  expect(page).toContain("<dt>18 failed</dt><dd>returned a string</dd>");
  expect(body(page)).not.toMatch(/<svg|<h2>The run|<h2>Scales|Infinity/);
  expect(balanced(page)).toBe(true);
});

test("what the evaluator threw is shown", () => {
  const error = inputError("./objective.mjs", "exports no function", "export default a function");
  const page = minimizationReport(input(2, { result: result(2, { stop: "evaluator failed", error }) }));
  expect(page).toContain("<pre>./objective.mjs: exports no function; export default a function</pre>");
});

test("a cluster has its picture first", () => {
  const positions = [0, 0, 0, 1.1, 0, 0, 0, 1.1, 0];
  const pictures = figures(input(9, { cluster: { positions } }));
  expect(pictures[0].name).toBe("cluster");
  expect(pictures[0].title).toContain("3 atoms");
});

test("many scales are thinned in the table, and a single one needs none", () => {
  const many = minimizationReport(input(2, { result: result(2, { record: annealed(2, 60) }) }));
  expect(many).toContain("24 of 60 scales.");
  expect([...many.matchAll(/<tr><td>\d+<\/td>/g)]).toHaveLength(24);
  expect(minimizationReport(input(2, { result: result(2, { record: annealed(2, 1) }) }))).not.toContain("<h2>Scales");
});

test("unequal axes are named in the domain, and only the first few", () => {
  const upper = Float64Array.from({ length: 11 }, (_, j) => j + 1);
  const zeta = { name: "z", domain: { lower: new Float64Array(11), upper, edge: "wall" as const } };
  const page = minimizationReport(input(11, { potential: zeta }));
  expect(page).toContain("x1 in [0, 1], x2 in [0, 2]");
  expect(page).toContain("x8 in [0, 8] and 3 more axes, with walls");
});

test("every engine of the catalogue has equations, and an unknown one the common ones", () => {
  for (const { name } of engines) expect(equationsOf(name).length, name).toBeGreaterThan(dynamics.length);
  expect(equationsOf("constructor")).toBe(dynamics);
});
