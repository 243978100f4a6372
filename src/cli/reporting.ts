/** Reports, from the command's side: what the report room cannot know is gathered here. */
import { join } from "node:path";
import { builtinPotential, type Config, readConfig } from "../config.ts";
import { inputError } from "../core/errors.ts";
import type { Potential } from "../core/problem.ts";
import type { Setup } from "../core/run.ts";
import type { Slice } from "../draw/index.ts";
import { makeFolder } from "../platform/node/folder.ts";
import { slicesOf } from "../platform/node/minimization.ts";
import type { StoredStudy } from "../platform/node/studies.ts";
import { figures, type MinimizationReport, minimizationReport } from "../report/index.ts";
import { byImportance, type Explanation, explanation } from "../tasks/explanation.ts";
import type { Minimization } from "../tasks/minimize.ts";
import type { Sample } from "../tasks/sample.ts";
import { LEAST_SLICED } from "../tasks/slices.ts";
import { checkWritable, numberFlag, refusal, writeOutput } from "./common.ts";
import { version } from "./version.ts";

type Known = Pick<Potential, "name" | "domain" | "names" | "truth" | "space">;

/** What is told of a run that has just ended. */
export function toldOf(
  config: Config,
  { potential }: Setup,
  result: Minimization,
  seconds: number,
  explained?: Explanation,
): MinimizationReport {
  return gather(config, potential, result, seconds, explained, commandLine());
}

/** What is told of a stored study. */
export function toldOfStudy(
  { header, seconds, folder }: StoredStudy,
  result: Minimization,
  explained: Explanation,
): MinimizationReport {
  const { name, lower, upper, edge, names, space, minimum } = header.problem;
  const known: Known = {
    name,
    // not domain(): an axis of a fixed variable has no width
    domain: { lower: Float64Array.from(lower), upper: Float64Array.from(upper), edge },
    ...(space === undefined ? {} : { space }),
    ...(names === undefined ? {} : { names }),
    ...(minimum === undefined ? {} : { truth: { minimum } }),
  };
  return gather(readConfig(header.config), known, result, seconds, explained, `wick studies report ${quoted(folder)}`);
}

/** The evaluations that `--explain` allows; undefined where it was not given. */
export function explainFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const allowance = numberFlag("--explain", text);
  if (!(Number.isSafeInteger(allowance) && allowance >= LEAST_SLICED))
    throw inputError("--explain", `${text} is not a whole number of evaluations, ${LEAST_SLICED} or more`);
  return allowance;
}

/** What the points of a run say of its objective, with slices through the best where evaluations are allowed for them. */
export async function explained(
  config: Config,
  sample: Sample,
  { best }: Minimization,
  allowance: number | undefined,
  options: { readonly workers?: number; readonly timeout?: number; readonly signal?: AbortSignal } = {},
): Promise<Explanation> {
  const told = explanation(sample);
  if (allowance === undefined || best.x.length === 0 || options.signal?.aborted) return told;
  const order = byImportance(told.importance, sample.ground.domain);
  if (order.length === 0) return told;
  return { ...told, slices: await slicesOf(config, best, order, allowance, options) };
}

/** What is told of an explanation as JSON. */
export function explanationJson({ importance: { points, explained, shares, reason }, slices }: Explanation) {
  return {
    importance: { points, explained, shares, ...(reason === undefined ? {} : { reason }) },
    ...(slices === undefined ? {} : { slices: { evaluations: slices.evaluations } }),
  };
}

/** Where it is written: the page, and a folder for its pictures as SVG. */
export type ReportPaths = { readonly report?: string | undefined; readonly figures?: string | undefined };

/** Finds out before the work whether it can be written. */
export function checkReportPaths({ report, figures }: ReportPaths): void {
  checkWritable("--report", report);
  if (figures === undefined) return;
  try {
    makeFolder(figures);
  } catch (error) {
    throw inputError("--figures", `cannot make the folder ${figures}: ${refusal(error)}`, "choose another path");
  }
  checkWritable("--figures", join(figures, "figure.svg"));
}

export function writeReport(told: MinimizationReport, paths: ReportPaths): void {
  if (paths.report !== undefined) writeOutput("--report", paths.report, minimizationReport(told));
  if (paths.figures === undefined) return;
  for (const { name, svg } of figures(told)) writeOutput("--figures", join(paths.figures, `${name}.svg`), `${svg}\n`);
}

function gather(
  config: Config,
  potential: Known,
  result: Minimization,
  seconds: number,
  explanation: Explanation | undefined,
  command: string,
): MinimizationReport {
  const { objective } = config;
  const isCluster = "entry" in objective && objective.entry === "lennard-jones" && result.best.x.length > 0;
  return {
    ...{ result, potential, config, command, explanation },
    title: `Minimum of ${potential.name}`,
    timing: { seconds },
    version: version(),
    slice: sliceOf(config, result),
    cluster: isCluster ? { positions: result.best.x } : undefined,
  };
}

const CELLS_1D = 400;
const CELLS_2D = 80;

/** ζ on a grid, for what is built in and has one or two axes: a user's own objective is not asked beyond its budget. */
function sliceOf(config: Config, { dim }: Minimization): Slice | undefined {
  if (dim > 2 || "module" in config.objective || "exec" in config.objective) return undefined;
  const potential = builtinPotential(config);
  if (potential.space !== undefined || potential.couplings !== undefined) return undefined;
  const { lower, upper } = potential.domain;
  const axis = (j: number, cells: number): number[] =>
    Array.from({ length: cells + 1 }, (_, i) => lower[j] + ((upper[j] - lower[j]) * i) / cells);
  const xs = axis(0, dim === 1 ? CELLS_1D : CELLS_2D);
  const ys = dim === 1 ? undefined : axis(1, CELLS_2D);
  const rows = (ys ?? [0]).flatMap((y) => xs.map((x) => (dim === 1 ? [x] : [x, y])));
  const answer = potential.answer({
    kind: "value",
    at: { n: rows.length, dim, x: Float64Array.from(rows.flat()) },
  });
  if (answer instanceof Promise || answer.value === undefined) return undefined;
  return { xs, values: [...answer.value], ...(ys === undefined ? {} : { ys }) };
}

/** What was typed, as a shell takes it again. */
export function commandLine(): string {
  return `wick ${process.argv.slice(2).map(quoted).join(" ")}`;
}

export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
