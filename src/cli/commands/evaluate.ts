/** `wick evaluate`: ζ at given points. */
import { Command } from "commander";
import { ofSpins } from "../../config.ts";
import { inputError } from "../../core/errors.ts";
import type { Answer } from "../../core/problem.ts";
import { openPotential } from "../../platform/node/objectives.ts";
import { checkWritable, common, deliver, FAILED, INTERRUPTED, keepOutputClean, remark } from "../common.ts";
import { interruptible } from "../interrupt.ts";
import {
  configFrom,
  OBJECTIVES,
  type ObjectiveFlags,
  objectiveOptions,
  refuseEngineSettings,
  withFile,
} from "../objective.ts";
import { opening } from "../opening.ts";
import { ordered, readPoints } from "../points.ts";

type Flags = ObjectiveFlags & { readonly at?: string };

export function evaluateCommand(): Command {
  return objectiveOptions(common(new Command("evaluate")))
    .description("evaluate an objective at points")
    .argument("[objective]", "an entry's name or a module's path")
    .option("--at <points>", "points as JSON [[…],[…]], a file of JSON or of numbers a line, or - for standard input")
    .addHelpText(
      "after",
      `${OBJECTIVES}\n\nExamples\n  wick evaluate rastrigin --at '[[0,0],[1,1]]'\n  wick evaluate --formula "x^2 + y" --at points.csv --json`,
    )
    .action(runEvaluate);
}

async function runEvaluate(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = withFile(given);
  checkWritable("--out", flags.out);
  if (flags.at === undefined) throw inputError("--at", "is missing", "give points, for instance --at '[[0,0],[1,1]]'");
  refuseEngineSettings(flags);
  const read = readPoints(flags.at);
  const config = configFrom(positional, { dim: String(read.at.dim), ...flags }, base);
  const { signal, release } = interruptible();
  keepOutputClean();
  try {
    // where a domain must be told, it does not matter here
    const opened = await openPotential(
      { ...(config.variables === undefined && !ofSpins(config) ? { domain: [-1, 1] } : {}), ...config },
      { ...opening(flags), signal },
    );
    try {
      const answer = await opened.evaluate({ kind: "value", at: ordered(read, opened.potential) }, signal);
      if (signal.aborted) process.exitCode = INTERRUPTED;
      else present(answer, flags);
    } finally {
      await opened.close();
    }
  } finally {
    release();
  }
}

function present({ n, value = new Float64Array(0), constraints, failures = [] }: Answer, flags: Flags): void {
  for (const { index, reason } of failures) remark(flags, `wick: point ${index + 1}: ${reason}`);
  if (failures.length === value.length) process.exitCode = FAILED;
  const values = Array.from(value, (v) => (Number.isFinite(v) ? v : String(v)));
  const m = (constraints?.length ?? 0) / n;
  const limits =
    constraints === undefined ? {} : { constraints: values.map((_, i) => [...constraints.slice(i * m, (i + 1) * m)]) };
  deliver(flags, { values, ...limits, ...(failures.length > 0 ? { failures } : {}) }, () => values.join("\n"));
}
