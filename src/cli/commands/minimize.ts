/** `wick minimize`: the global minimum of an objective. */
import { Command } from "commander";
import { inputError, isInputError, messageOf } from "../../core/errors.ts";
import { minimizeConfig } from "../../platform/node/minimization.ts";
import { headerIn } from "../../platform/node/studies.ts";
import type { Explanation } from "../../tasks/explanation.ts";
import type { Minimization } from "../../tasks/minimize.ts";
import type { Sample } from "../../tasks/sample.ts";
import {
  add,
  BAD_INPUT,
  checkWritable,
  collect,
  common,
  DONE,
  deliver,
  FAILED,
  INTERRUPTED,
  keepOutputClean,
  remark,
} from "../common.ts";
import { interruptible } from "../interrupt.ts";
import { configFrom, OBJECTIVES, objectiveOptions, type RunFlags, withFile } from "../objective.ts";
import { opening } from "../opening.ts";
import { liveLine } from "../progress.ts";
import {
  checkReportPaths,
  explained,
  explainFlag,
  explanationJson,
  quoted,
  type ReportPaths,
  toldOf,
  writeReport,
} from "../reporting.ts";
import { describe, resultJson } from "../result.ts";

type Flags = RunFlags & ReportPaths & { readonly study?: string; readonly resume?: boolean; readonly explain?: string };

export function minimizeCommand(): Command {
  return objectiveOptions(common(new Command("minimize")))
    .description("find the global minimum of an objective")
    .argument("[objective]", "an entry's name or a module's path")
    .option("--engine <name[:key=value…]>", "engine (default packets; `wick list engines`)")
    .option("--budget <n>", "evaluations allowed (default 10⁴ for each axis)")
    .option("--target <value>", "stop when the objective is at or below")
    .option("--time <time>", "stop after, for instance 60s or 5m")
    .option("--stall <n>", "stop after so many evaluations without a better value")
    .option("--gradient", "ask a program for gradients (others are asked wherever they have them)")
    .option("--no-gradient", "use values only, also where the objective has gradients")
    .option(
      "--constraint <formula>",
      'what must hold: "x + y <= 3", or g for g <= 0; may be given several times',
      collect,
    )
    .option("--known <file>", "points whose values are known, as CSV or JSON: where to begin, and never asked again")
    .option(
      "--noise <kind>",
      "auto looks whether values are noisy, a number is their standard deviation (default none)",
    )
    .option("--retries <n>", "ask a point that failed up to so many times again (default 0)")
    .option("--steady", "with --workers: take answers in any order, so that none waits for the slowest")
    .option("--study <dir>", "keep a journal and checkpoints in a folder")
    .option("--resume", "go on with the study in the folder")
    .option("--report <file>", "write a report as one HTML page")
    .option("--figures <dir>", "write the report's pictures as SVG")
    .option("--explain <n>", "evaluations beyond the budget, for slices through the best point in the report")
    .addHelpText("after", `${OBJECTIVES}\n${EXAMPLES}`)
    .action(runMinimize);
}

const EXAMPLES = `
Examples
  wick minimize rosenbrock --dim 5 --target 1e-9
  wick minimize --formula "(x-1)^2 + abs(y)" --domain -5:5 --target 1e-9
  wick minimize ./objective.mjs --domain -2:2 --dim 3 --workers 4 --study runs/first
  wick minimize --study runs/first --resume --budget 100000
  wick minimize --exec ./simulate --domain -1:1 --dim 5 --workers 8 --steady --study runs/uneven
  wick minimize --exec "./simulate --fast" --domain a=0:1 --domain b=-1:1 --report out.html
  wick minimize ./train.mjs --domain lr=log:1e-5:1 --domain layers=int:1:6 --domain "kind=choice:relu|tanh" --noise auto
  wick minimize --formula "x + y" --domain 0:5 --constraint "x*y >= 4"
  wick minimize ./problem.qubo --engine metropolis --budget 100000
With --steady the result depends on the order in which answers arrive, without it on the seed alone.
With --workers 0 a module runs in this thread: fast, but an endless loop in it cannot be interrupted.`;

async function runMinimize(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = withFile(given);
  if (flags.study?.trim() === "") throw inputError("--study", "is empty", "name a folder, such as runs/first");
  if (flags.resume && flags.study === undefined)
    throw inputError("--resume", "says nothing without --study", "name the study's folder");
  if (flags.out !== undefined && flags.out === flags.report)
    throw inputError("--out", `is the file of --report: ${flags.out}`, "give each its own");
  const reported = flags.report !== undefined || flags.figures !== undefined;
  const allowance = explainFlag(flags.explain);
  if (allowance !== undefined && !reported)
    throw inputError("--explain", "says nothing without a report", "add --report FILE or --figures DIR");
  checkReportPaths(flags);
  checkWritable("--out", flags.out);
  const config = configFrom(positional, flags, { ...(await resumed(positional, flags)), ...base });
  const { signal, release } = interruptible();
  keepOutputClean();
  /** What the points say; slices are extra, and where they fail nothing that was found is lost. */
  const toldBy = async (sample: Sample, result: Minimization): Promise<Explanation> => {
    try {
      return await explained(config, sample, result, allowance, { ...opening(flags), signal });
    } catch (error) {
      process.stderr.write(`wick: no slices: ${messageOf(error)}\n`);
      return explained(config, sample, result, undefined);
    }
  };
  const live = process.stderr.isTTY && !flags.quiet;
  try {
    const { setup, result, seconds, sample } = await minimizeConfig(config, {
      ...opening(flags),
      sample: reported,
      ...(flags.study === undefined ? {} : { study: flags.study }),
      resume: flags.resume ?? false,
      signal,
      observers: (setup) => (live ? [liveLine(setup)] : []),
    });
    const told = sample === undefined ? undefined : await toldBy(sample, result);
    const json = { ...resultJson(setup, result, seconds), ...(told === undefined ? {} : explanationJson(told)) };
    try {
      deliver(flags, json, () => describe(setup, result, seconds));
    } finally {
      // a result that cannot be written costs no report
      if (reported) writeReport(toldOf(config, setup, result, seconds, told), flags);
    }
    if (flags.report !== undefined) add(flags, `report  ${flags.report}`);
    // not a remark: --quiet does not hide why a run failed
    if (result.error !== undefined) process.stderr.write(`wick: ${messageOf(result.error)}\n`);
    if (result.stop === "aborted" && flags.study !== undefined)
      remark(flags, `Go on with: ${goingOn(flags, flags.study, base)}`);
    process.exitCode = exitStatus(result);
  } finally {
    release();
  }
}

/** What a study does not keep: how it is evaluated, and limits that a later session was given. */
const HOW = ["workers", "timeout"] as const;
const LIMITS = ["budget", "target", "time", "stall"] as const;

/** The command that goes on with a study. */
function goingOn(flags: Flags, study: string, base: Readonly<Record<string, unknown>>): string {
  const given: Readonly<Record<string, unknown>> = { ...base, ...flags };
  const again = [...HOW, ...(flags.resume ? LIMITS : [])].flatMap((name) =>
    given[name] === undefined ? [] : [`--${name} ${given[name]}`],
  );
  return ["wick minimize --study", quoted(study), "--resume", ...again].join(" ");
}

/** The configuration of the study that is gone on with, where no objective was named: all of it but what flags say. */
async function resumed(positional: string | undefined, flags: Flags): Promise<Readonly<Record<string, unknown>>> {
  const named = positional ?? flags.formula ?? flags.exec ?? flags.ising ?? flags.qubo ?? flags.config;
  if (!flags.resume || flags.study === undefined || named !== undefined) return {};
  return { ...(await headerIn(flags.study)).config };
}

function exitStatus({ stop, error, best }: Minimization): number {
  if (stop === "aborted") return INTERRUPTED;
  if (stop === "evaluator failed") return isInputError(error) ? BAD_INPUT : FAILED;
  return Number.isFinite(best.value) ? DONE : FAILED;
}
