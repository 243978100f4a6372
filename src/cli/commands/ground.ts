/** `wick ground`: the energy of the ground state, by walkers, on a grid, or of the best packet. */
import { Command } from "commander";
import { inputError, unknownName } from "../../core/errors.ts";
import { exact, type Scene, table } from "../../draw/index.ts";
import { groundReport, groundScenes } from "../../report/index.ts";
import { type Ground, type GroundOptions, type GuideName, ground, type Progress } from "../../tasks/ground.ts";
import { formulaNode } from "../../tasks/node.ts";
import {
  add,
  checkWritable,
  common,
  DONE,
  deliver,
  INTERRUPTED,
  numberFlag,
  remark,
  secondsFlag,
  writeOutput,
} from "../common.ts";
import { interruptible } from "../interrupt.ts";
import { OBJECTIVES, type ObjectiveFlags, objectiveOptions, withFile } from "../objective.ts";
import { openWalled } from "../opening.ts";
import { checkKind, writeScenes } from "../pictures.ts";
import { brief, duration } from "../progress.ts";
import { checkReportPaths, commandLine } from "../reporting.ts";

type Flags = ObjectiveFlags & {
  readonly D?: string;
  readonly engine?: string;
  readonly walkers?: string;
  readonly dt?: string;
  readonly guide?: string;
  readonly node?: string;
  readonly error?: string;
  readonly budget?: string;
  readonly duration?: string;
  readonly time?: string;
  readonly report?: string;
  readonly figures?: string;
  readonly png?: boolean;
};

export function groundCommand(): Command {
  return objectiveOptions(common(new Command("ground")))
    .description("the energy of the ground state of H = −D∇² + ζ, in any number of dimensions")
    .argument("[potential]", "an entry's name or a module's path")
    .option("--D <value>", "D of H = −D∇² + ζ")
    .option(
      "--engine <name>",
      "dmc: walkers; grid: exact, up to three dimensions; packets: the best Gaussian (default dmc)",
    )
    .option("--walkers <n>", "walkers N (default 2000, fewer where --budget is small)")
    .option("--dt <value>", "the longest Δτ, beside which Δτ/2 and Δτ/4 are run; chosen where left out")
    .option("--guide <name>", "own, gaussian, packets, none, or auto: what suits (default)")
    .option("--node <formula>", "ψ vanishes where the formula does: excited states")
    .option("--error <value>", "go on to this standard error (default at most 0.001)")
    .option("--budget <n>", "evaluations in all after which the walks end, once they can tell an energy (default 3e8)")
    .option("--duration <tau>", "imaginary time of each walk, in place of an error")
    .option("--time <time>", "stop after so long, for instance 60s; results then depend on the machine")
    .option("--report <file>", "one HTML page: the energy, each walk, the pictures")
    .option("--figures <dir>", "draw the energy over τ and the extrapolation, as SVG")
    .option("--png", "the figures as PNG too")
    .addHelpText("after", `${OBJECTIVES}\n${EXAMPLES}`)
    .action(runGround);
}

const EXAMPLES = `
Where --domain is given there are walls at its ends, at which walkers die (or what --edge says).

Examples
  wick ground hydrogen --D 0.5
  wick ground harmonic --dim 50 --D 0.5 --json
  wick ground --formula "0.5*(exp(-2*x) - 2*exp(-x))" --D 0.5 --domain x=-6:40 --seed 1 --json
  wick ground h2 --set distance=1.4 --D 0.5 --figures out --png
  wick ground double-well --D 0.5 --node x
  wick ground double-well --D 0.5 --engine grid`;

/** What a configuration file may hold for this command beside a configuration. */
const OWN = ["D", "engine", "walkers", "dt", "guide", "node", "error", "budget", "duration", "time", "png"];
const ENGINES = ["dmc", "grid", "packets"];
const GUIDES = ["auto", "none", "own", "gaussian", "packets"];

async function runGround(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = withFile(given, OWN);
  checkPlaces(flags);
  // these are the task's, and are no part of how an objective is opened
  const { engine: _e, budget: _b, time: _t, ...rest } = flags;
  const { potential, config, close } = await openWalled(positional, rest, base);
  const { signal, release } = interruptible();
  try {
    const node = flags.node === undefined ? {} : { node: formulaNode(flags.node, potential) };
    const options = { ...optionsOf(flags), ...node, seed: config.seed };
    const begun = performance.now();
    const live = process.stderr.isTTY && !flags.quiet;
    const tell = live ? liveLine() : undefined;
    const found = await ground(potential, options, { signal, progress: tell });
    if (live) process.stderr.write("\r\u001b[K");
    const seconds = (performance.now() - begun) / 1000;
    for (const warning of found.warnings) remark(flags, `wick: ${warning}`);
    deliver(flags, jsonOf(found, seconds), () => describe(found, seconds));
    if (flags.report !== undefined) {
      writeOutput("--report", flags.report, groundReport(found, commandLine()));
      add(flags, `report  ${flags.report}`);
    }
    if (flags.figures !== undefined) await draw(flags, flags.figures, groundScenes(found));
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

function optionsOf(flags: Flags): GroundOptions {
  const number = (name: "D" | "walkers" | "dt" | "error" | "budget" | "duration"): number | undefined => {
    const text = flags[name];
    return text === undefined ? undefined : numberFlag(`--${name}`, text);
  };
  const { engine = "dmc", guide } = flags;
  if (!ENGINES.includes(engine)) throw unknownName("--engine", engine, ENGINES);
  if (guide !== undefined && !GUIDES.includes(guide)) throw unknownName("--guide", guide, GUIDES);
  const D = number("D");
  if (D === undefined) throw inputError("--D", "is missing", "give D of H = −D∇² + ζ, for instance --D 0.5");
  return {
    D,
    engine: engine as "dmc" | "grid" | "packets",
    guide: guide as GuideName | undefined,
    ...{ walkers: number("walkers"), dt: number("dt"), error: number("error"), budget: number("budget") },
    duration: number("duration"),
    time: flags.time === undefined ? undefined : secondsFlag("--time", flags.time),
  };
}

/** The JSON object: what walkers tell stands beside the energy; the trace is for pictures. */
function jsonOf({ walk, ...found }: Ground, seconds: number) {
  const { trace: _, ...told } = walk ?? { trace: undefined };
  return { ...found, ...told, timing: { seconds } };
}

const UNFITTED = "not extrapolated: the walks are too short to be held beside each other";

function describe({ objective, engine, D, energy, error, walk, evaluations, stop }: Ground, seconds: number): string {
  const how =
    walk === undefined
      ? engine
      : `${engine}, guide ${walk.guide}${walk.node === undefined ? "" : `, node ${walk.node}`}`;
  const bar = error === null ? "" : ` ± ${error.toPrecision(2)}`;
  const rows = walk?.rows.map(({ dt, walkers, energy, error, correlation, acceptance, equilibration }) => ({
    Δτ: dt.toPrecision(3),
    walkers,
    energy: energy.toFixed(6),
    error: error.toExponential(1),
    "cut τ": equilibration.toPrecision(3),
    "corr. τ": Number.isNaN(correlation) ? "–" : correlation.toPrecision(2),
    acceptance: acceptance.toFixed(4),
  }));
  return [
    `${objective}, D = ${exact(D)}: ${how}`,
    "",
    ...(rows === undefined ? [] : [table(rows), ""]),
    `energy  ${walk === undefined ? exact(energy) : energy.toPrecision(9)}${bar}`,
    ...(walk === undefined
      ? []
      : [`        ${walk.fit === null ? UNFITTED : "extrapolated to Δτ → 0 and N → ∞"} (${stop})`]),
    `cost    ${brief(evaluations)} evaluations, ${duration(seconds)}`,
  ].join("\n");
}

async function draw(flags: Flags, folder: string, scenes: readonly Scene[]): Promise<void> {
  if (scenes.length === 0) remark(flags, "wick: nothing to draw: there are pictures of walks");
  await writeScenes(folder, scenes, flags.png);
}

const BAR = 24;

/** A live line: share done, time left, evaluations, rate, energy. */
function liveLine(): (at: Progress) => void {
  const begun = performance.now();
  return ({ share, evaluations, energy, error }) => {
    const seconds = (performance.now() - begun) / 1000;
    const full = Math.round(share * BAR);
    const left = share > 0 ? duration(seconds * (1 / share - 1)) : "–";
    const known = Number.isFinite(error) ? ` ± ${error.toPrecision(2)}` : "";
    const text = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${(100 * share).toFixed(0).padStart(3)} % · ${brief(evaluations)} evaluations · ${brief(evaluations / Math.max(seconds, 1e-3))}/s · ${left} left · energy ${energy.toPrecision(6)}${known}`;
    process.stderr.write(`\r${text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}\u001b[K`);
  };
}
