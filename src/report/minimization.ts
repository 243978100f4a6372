/**
 * The report of a minimization: what was asked, what was found and what it cost, with the pictures of the run and the
 * equations it stepped by, as one page that needs nothing else.
 */
import { messageOf } from "../core/errors.ts";
import { GIVEN_UP, type Stop } from "../core/meter.ts";
import { isRecord } from "../core/plain.ts";
import type { Domain } from "../core/problem.ts";
import { variableText, type Worth } from "../core/space.ts";
import { about, count, duration, evenly, exact, fall, fewFamilies, percent, uncertain } from "../draw/index.ts";
import type { Explanation } from "../tasks/explanation.ts";
import type { Found, Infeasible } from "../tasks/minimize.ts";
import { equationsOf } from "./equations.ts";
import { type Figure, type FigureInput, objectiveFigures, runFigures } from "./figures.ts";
import { escaped, grid, type Html, marked, section, terms } from "./html.ts";
import { page } from "./page.ts";

export type MinimizationReport = FigureInput & {
  readonly title: string;
  /** What was asked, as it was asked. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly timing?: { readonly seconds: number } | undefined;
  /** How to have the same run again. */
  readonly command?: string | undefined;
  readonly version?: string | undefined;
};

/** A complete HTML document without a script or an outside resource; the same input gives the same bytes. */
export function minimizationReport(input: MinimizationReport): string {
  const body = [
    `<header>\n<p class="eyebrow">Wick · minimization</p>\n<h1>${escaped(input.title)}</h1>\n<p>${marked(PROMISE)}</p>\n</header>`,
    "<main>",
    found(input),
    section("Setup", terms(setup(input))),
    section("The run", pictures(runFigures(input)) + packets(input)),
    section("The objective", objective(input)),
    section("Scales", scales(input)),
    section("Cost", terms(cost(input))),
    section("Equations", equations(input)),
    "</main>",
    foot(input),
  ];
  return page(input.title, body.join("\n"));
}

const PROMISE =
  "The objective ζ is taken as the potential of *H* = −*D*∇^{2} + ζ. As *D* falls, the ground state gathers at the global minimum of ζ; this page shows where it went.";

const endings: Readonly<Record<Stop, readonly [what: string, remedy: string]>> = {
  "schedule ended": [
    "The schedule of D came to its end.",
    "A larger budget makes a slower one; another seed makes another run.",
  ],
  "space exhausted": ["Every point of the space was evaluated.", "Nothing better exists in it."],
  "target reached": ["The target was reached.", ""],
  stalled: [
    "No better value came for as long as was allowed.",
    "Another seed or engine, or a longer stall, looks further.",
  ],
  "budget spent": [
    "All evaluations of the budget were spent.",
    "A larger budget looks further; a study goes on from here.",
  ],
  "time spent": ["The time was up.", "More time looks further; a study goes on from here."],
  aborted: ["The run was interrupted; what it had found is kept.", "A study goes on from here."],
  diverged: [
    "No evaluation gave a finite value.",
    `A run is given up ${GIVEN_UP}. Tell of a point that has one, make the domain smaller, or evaluate the objective at a single point.`,
  ],
  "evaluator failed": [
    "The objective could not be evaluated any more; what was found before is kept.",
    "Mend what the message names.",
  ],
};

function found({ result, potential }: MinimizationReport): Html {
  const { best, stop } = result;
  const [what, remedy] = endings[stop];
  const why = result.error === undefined ? "" : `<pre>${escaped(messageOf(result.error))}</pre>`;
  const end = `<p class="note">${escaped(`${what} ${remedy}`.trim())}</p>${why}`;
  if (result.nearest !== undefined) return infeasible(result.nearest, potential.names, end);
  if (!Number.isFinite(best.value))
    return `<div class="result failed">\n<p class="value">No finite value</p>\n${unknown(potential, result.unknown)}${end}\n</div>`;
  const minimum = potential.truth?.minimum;
  const lines = [
    `<p class="note">Least value of ζ found, after ${counted(result.evaluations, "evaluation")}</p>`,
    `<p class="value">${escaped(asTold(best))}</p>`,
    ...(minimum === undefined ? [] : [`<p>${beside(best.value, minimum)}</p>`]),
    ...doubt(result),
    where(best, potential.names),
    end,
  ];
  return `<div class="result${stop === "evaluator failed" ? " failed" : ""}">\n${lines.join("\n")}\n</div>`;
}

/** No point has values of ζ and of all constraints, where there are any. */
function unknown({ constraints }: MinimizationReport["potential"], never: readonly string[] = []): Html {
  if (constraints === undefined) return "";
  const named = never.map((name) => `<li><code>${escaped(name)}</code> was a number at no evaluated point</li>`);
  const list = named.length === 0 ? "" : `<ul>${named.join("")}</ul>\n`;
  return `<p>No point is known at which ζ and all constraints are numbers.</p>\n${list}`;
}

function beside(value: number, minimum: number): Html {
  const excess = value - minimum;
  const distance = marked(about(Math.abs(excess), 3));
  const place = excess === 0 ? "which this is" : `this is ${distance} ${excess > 0 ? "above" : "below"} it`;
  return `The known minimum is ${escaped(exact(minimum))}; ${place}.`;
}

const SHOWN = 4;
const VALUES_SHOWN = 12;

function where({ x, values }: Pick<Found, "x" | "values">, names: readonly string[] | undefined): Html {
  const of = (v: Worth): string => (typeof v === "number" ? exact(v) : String(v));
  const named = x.map((v, j) => (names === undefined ? exact(v) : `${names[j]} = ${of(values?.[names[j]] ?? v)}`));
  if (x.length <= (values === undefined ? SHOWN : VALUES_SHOWN))
    return `<p>at ${escaped(names === undefined ? `x = (${named.join(", ")})` : named.join(", "))}</p>`;
  const list = escaped(values === undefined ? `[${x.map(exact).join(", ")}]` : named.join("\n"));
  return `<details><summary>at a point of ${x.length} coordinates</summary><pre>${list}</pre></details>`;
}

/** The value, as far as its error says where there is noise. */
function asTold({ value, error = 0, repeats = 0 }: Found): string {
  return error > 0 && repeats > 0 ? uncertain(value, error) : exact(value);
}

/** How sure the value is, where there is noise. */
function doubt({ best: { error, repeats } }: MinimizationReport["result"]): Html[] {
  if (error === undefined || repeats === undefined) return [];
  if (repeats === 0) return ['<p class="note">One noisy value, not asked again.</p>'];
  return [`<p>± ${marked(about(error, 2))}, the standard error of the mean of ${counted(repeats, "repeat")}</p>`];
}

function infeasible(nearest: Infeasible, names: readonly string[] | undefined, end: Html): Html {
  const broken = nearest.violations.map(
    ({ constraint, by }) => `<li><code>${escaped(constraint)}</code> is broken by ${escaped(exact(by))}</li>`,
  );
  const never = nearest.conflicts.map(
    (set) =>
      `<li>no evaluated point kept ${set.map((name) => `<code>${escaped(name)}</code>`).join(" and ")}${set.length > 1 ? " together" : ""}</li>`,
  );
  const lines = [
    '<p class="value">No feasible point</p>',
    `<p class="note">The point that breaks the constraints least, where ζ = ${escaped(exact(nearest.value))}:</p>`,
    where(nearest, names),
    `<ul>${[...broken, ...never].join("")}</ul>`,
    end,
  ];
  return `<div class="result failed">\n${lines.join("\n")}\n</div>`;
}

function setup({ result, potential, config }: MinimizationReport): [Html, Html][] {
  const known = potential.truth?.minimum;
  const asked = flattened(config).filter(([, value]) => value !== potential.name);
  return [
    ["objective ζ", escaped(potential.name)],
    ["axes", count(result.dim)],
    potential.space === undefined
      ? ["domain", escaped(domainText(potential.domain, potential.names))]
      : ["variables", potential.space.variables.map((v) => escaped(variableText(v))).join("<br>")],
    ...(known === undefined ? [] : [["known minimum", escaped(exact(known))] satisfies [Html, Html]]),
    ["engine", escaped(result.engine)],
    ["seed", escaped(result.seed)],
    ...asked.map(([key, value]): [Html, Html] => [escaped(key), `<code>${escaped(shortened(value))}</code>`]),
  ];
}

const LONGEST = 400;

/** The beginning of a text that is long, such as a whole problem of spins. */
function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${count(text.length)} characters)` : text;
}

/** What the other rows say already. */
const SAID = new Set(["wick", "dim", "domain", "variables", "edge", "engine", "seed"]);

/** Nested records as rows with dotted names; lists as JSON. */
function flattened(record: Readonly<Record<string, unknown>>, prefix = ""): [string, string][] {
  return Object.entries(record).flatMap(([key, value]): [string, string][] => {
    if (value === undefined || SAID.has(prefix + key)) return [];
    if (isRecord(value)) return flattened(value, `${prefix}${key}.`);
    return [[prefix + key, typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))]];
  });
}

const AXES_SHOWN = 8;

function domainText({ lower, upper, edge }: Domain, names: readonly string[] | undefined): string {
  const interval = (j: number): string => `[${exact(lower[j])}, ${exact(upper[j])}]`;
  const same = lower.every((v, j) => v === lower[0] && upper[j] === upper[0]);
  const kind = { open: "open", wall: "with walls", periodic: "periodic" }[edge];
  if (same) return `${interval(0)}${lower.length > 1 ? ` on each of ${count(lower.length)} axes` : ""}, ${kind}`;
  const axes = Array.from(lower.subarray(0, AXES_SHOWN), (_, j) => `${names?.[j] ?? `x${j + 1}`} in ${interval(j)}`);
  return `${axes.join(", ")}${lower.length > AXES_SHOWN ? ` and ${count(lower.length - AXES_SHOWN)} more axes` : ""}, ${kind}`;
}

/** The families of packets and what each has done; nothing where the engine holds one state. */
function packets({ result }: MinimizationReport): Html {
  const { families, finder } = fewFamilies(result.record);
  if (families.length === 0) return "";
  const all = families.reduce((sum, { evaluations }) => sum + evaluations, 0);
  const rows = [...families]
    .sort((a, b) => a.family - b.family)
    .map(({ label, births, evaluations, improvements }) => [
      escaped(label),
      ...[births, evaluations].map(count),
      percent(all > 0 ? evaluations / all : 0),
      count(improvements),
    ]);
  const found = families.find(({ family }) => family === finder?.family);
  const told =
    result.best.error !== undefined
      ? `<p class="note">Values are noisy: the point reported has won a race of repeats, or is the bottom of a quadratic that was fitted to all values about it. What was asked for that is counted with the packet that had moved.</p>`
      : finder === null || found === undefined
        ? ""
        : `<p class="note">The best value was found by a ${escaped(found.label)} packet, number ${count(finder.births)} of its family, at evaluation ${count(finder.evaluations)}.</p>`;
  return told + grid(["packets", "born", "evaluations", "share", "better values found"], rows, "numbers");
}

/** What the points of the run say of the objective, in pictures, and what they do not support. */
function objective(input: MinimizationReport): Html {
  const { explanation, result } = input;
  if (explanation === undefined || result.best.x.length === 0) return "";
  const { importance, slices } = explanation;
  const missing =
    importance.shares !== null || result.dim < 2
      ? ""
      : `<p class="note">The points of this run do not tell which coordinates matter: ${escaped(importance.reason ?? "")}.${foretold(importance)}</p>`;
  const extra =
    slices === undefined
      ? ""
      : `<p class="note">${escaped(`${counted(slices.evaluations, "evaluation")} beyond those of the run ${slices.evaluations === 1 ? "was" : "were"} spent on slices through the best point.`)}</p>`;
  return missing + extra + pictures(objectiveFigures(input));
}

function foretold({ explained }: Explanation["importance"]): string {
  if (explained === null) return "";
  return ` Of the variance of their ranks it explains ${percent(Math.max(0, explained.estimate))}.`;
}

function pictures(all: readonly Figure[]): Html {
  return all
    .map(
      ({ title, caption, svg }) =>
        `<figure>\n${svg}\n<figcaption><b>${escaped(title)}.</b> ${marked(caption)}</figcaption>\n</figure>`,
    )
    .join("\n");
}

const SCALES_SHOWN = 24;

function scales({ result }: MinimizationReport): Html {
  const all = fall(result.record.scales);
  if (all.length < 2) return "";
  const shown = evenly(all.length, SCALES_SHOWN);
  const rows = shown.map((i) => {
    const { D, tau, energy, spread, best, evaluations } = all[i];
    const rough = [D, tau, spread].map((value) => marked(about(value, 3)));
    return [count(i + 1), count(evaluations), ...rough, marked(about(energy, 6)), marked(about(best, 6))];
  });
  const head = ["scale", "evaluations", "<i>D</i>", "<i>τ</i> in it", "spread", "energy", "best so far"];
  const left = all.length > shown.length ? `<p class="note">${shown.length} of ${count(all.length)} scales.</p>` : "";
  return grid(head, rows, "numbers") + left;
}

function cost({ result, timing, explanation }: MinimizationReport): [Html, Html][] {
  const { evaluations, gradients, steps, unusable } = result;
  const slices = explanation?.slices;
  const rows: [Html, Html][] = [
    ["evaluations", count(evaluations)],
    ...(slices === undefined ? [] : [["for slices, beside", count(slices.evaluations)] satisfies [Html, Html]]),
    ["with gradient", count(gradients)],
    ["steps", count(steps)],
    [
      "unusable values",
      unusable.count === 0 ? "none" : `${count(unusable.count)}, counted as +∞; ${count(unusable.failures)} failed`,
    ],
    ...(unusable.retries === undefined ? [] : [["retries", count(unusable.retries)] satisfies [Html, Html]]),
    ...Object.entries(unusable.reasons).map(([reason, n]): [Html, Html] => [`${count(n)} failed`, escaped(reason)]),
  ];
  if (timing === undefined) return rows;
  const each = evaluations > 0 ? `, ${duration(timing.seconds / evaluations)} an evaluation` : "";
  return [...rows, ["time", `${duration(timing.seconds)}${each}`]];
}

function equations({ result }: MinimizationReport): Html {
  const rows = equationsOf(result.engine).map(({ formula, meaning, source }) => [formula, meaning, source].map(marked));
  return grid(["equation", "what it does", "source"], rows, "equations");
}

function foot({ command, version }: MinimizationReport): Html {
  const again = command === undefined ? "" : `<p>The same run again:</p>\n<pre>${escaped(command)}</pre>\n`;
  const made = `Made by Wick${version === undefined ? "" : ` ${escaped(version)}`}.`;
  return `<footer>\n${again}<p>${made} Numbers in brackets are equations of ${PAPER}.</p>\n</footer>`;
}

const PAPER =
  'P. Wang and M. Maimaitiniyazi, <i>Quantum dynamics of machine learning</i>, Acta Phys. Sin. <b>74</b>, 060701 (2025), <a href="https://doi.org/10.7498/aps.74.20240999">doi 10.7498/aps.74.20240999</a>';

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? "" : "s"}`;
}
