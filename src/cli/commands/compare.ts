/** `wick compare`: every level of approximation on one problem, side by side and each beside its exact partner. */
import { Command } from "commander";
import { exact, table } from "../../draw/index.ts";
import { comparisonReport, comparisonScenes } from "../../report/index.ts";
import { type Compared, compare } from "../../tasks/index.ts";
import { add, checkWritable, common, DONE, deliver, INTERRUPTED, numberFlag, remark, writeOutput } from "../common.ts";
import { interruptibleLater } from "../interrupt.ts";
import { OBJECTIVES, type ObjectiveFlags, objectiveOptions, withFile } from "../objective.ts";
import { openWalled } from "../opening.ts";
import { checkKind, writeScenes } from "../pictures.ts";
import { brief, duration } from "../progress.ts";
import { checkReportPaths, commandLine } from "../reporting.ts";

type Flags = ObjectiveFlags & {
  readonly D?: string;
  readonly budget?: string;
  readonly report?: string;
  readonly figures?: string;
  readonly png?: boolean;
};

export function compareCommand(): Command {
  return objectiveOptions(common(new Command("compare")))
    .description("every level of approximation on one problem, side by side with the exact one")
    .argument("[objective]", "an entry's name or a module's path")
    .option("--D <value>", `D of H = −D∇² + ζ and of e^(−ζ/D) (default ${DEFAULT_D})`)
    .option("--budget <n>", "what each level is to cost, in evaluations, a gradient as three (default 2e6)")
    .option("--report <file>", "one HTML page: energies, mass, cost, and where each level parts from the truth")
    .option("--figures <dir>", "draw the densities, as SVG")
    .option("--png", "the figures as PNG too")
    .addHelpText("after", `${OBJECTIVES}\n${EXAMPLES}`)
    .action(runCompare);
}

const DEFAULT_D = 0.5;
const EXAMPLES = `
Laws: grid and packets |ψ|²; walkers ψ; fokker-planck, langevin, mala, underdamped, metropolis and replica e^(−ζ/D).
Where --domain is given there are walls at its ends (or what --edge says).

Examples
  wick compare double-well --D 0.2 --report comparison.html
  wick compare --formula "x^2 + x^4 + 2*y^2" --domain -5:5 --D 0.5 --json
  wick compare harmonic --dim 10 --D 0.5`;

/** What a configuration file may hold for this command beside a configuration. */
const OWN = ["D", "budget", "report", "png"];

async function runCompare(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = withFile(given, OWN);
  checkPlaces(flags);
  // the budget is the task's, and no part of how an objective is opened
  const { budget: _, ...rest } = flags;
  const { potential, config, close } = await openWalled(positional, rest, base);
  const { signal, listen, release } = interruptibleLater();
  try {
    const D = flags.D === undefined ? DEFAULT_D : numberFlag("--D", flags.D);
    const begun = performance.now();
    const live = process.stderr.isTTY && !flags.quiet;
    const progress = (level: string, done: number, of: number): void => {
      // a grid is solved without a pause, and before it there is nothing to keep
      if (level !== "grid") listen();
      if (live) liveLine(level, done, of);
    };
    const budget = flags.budget === undefined ? undefined : numberFlag("--budget", flags.budget);
    const found = await compare(potential, { D, seed: config.seed, budget }, { signal, progress });
    if (live) process.stderr.write("\r\u001b[K");
    const seconds = (performance.now() - begun) / 1000;
    for (const warning of found.warnings) remark(flags, `wick: ${warning}`);
    deliver(flags, jsonOf(found, seconds), () => describe(found, seconds));
    await writePictures(flags, found);
    process.exitCode = found.stop === "aborted" ? INTERRUPTED : DONE;
  } finally {
    release();
    await close();
  }
}

/** Finds out before the work what cannot be written. */
function checkPlaces({ png, figures, report, out }: Flags): void {
  checkKind("png", png, figures);
  checkWritable("--out", out);
  checkReportPaths({ figures, report });
}

/** The JSON object: what is drawn stays out of it. */
function jsonOf({ seen: _, ...found }: Compared, seconds: number) {
  return { ...found, timing: { seconds } };
}

function describe({ objective, D, rows }: Compared, seconds: number): string {
  const lines = rows.map((row) => ({
    level: row.level,
    law: row.law,
    energy: row.energy.toPrecision(6),
    "± ": row.error === 0 ? "" : (row.error?.toExponential(1) ?? "–"),
    exact: row.exact?.toPrecision(6) ?? "",
    spread: spread(row.deviation).toPrecision(4),
    distance: row.distance?.toFixed(4) ?? "",
    chance: row.chance === 0 ? "" : row.chance.toFixed(4),
    cost: brief(row.cost),
  }));
  return [
    `${objective}, D = ${exact(D)}`,
    "",
    table(lines),
    "",
    ...rows.flatMap(({ level, why }) => why.map((one, k) => `${k === 0 ? level.padEnd(14) : " ".repeat(14)}  ${one}`)),
    "",
    `cost  ${duration(seconds)}; a gradient counts as three evaluations`,
  ].join("\n");
}

function spread(deviation: readonly number[]): number {
  return Math.sqrt(deviation.reduce((sum, s) => sum + s * s, 0) / deviation.length);
}

async function writePictures(flags: Flags, found: Compared): Promise<void> {
  if (flags.report !== undefined) {
    writeOutput("--report", flags.report, comparisonReport(found, commandLine()));
    add(flags, `report  ${flags.report}`);
  }
  if (flags.figures !== undefined) await writeScenes(flags.figures, comparisonScenes(found), flags.png);
}

function liveLine(level: string, done: number, of: number): void {
  process.stderr.write(`\rlevel ${done + 1} of ${of}: ${level}\u001b[K`);
}
