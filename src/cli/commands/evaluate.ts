/** `wick evaluate`: ζ at given points. */
import { Command } from "commander";
import { inputError } from "../../core/errors.ts";
import type { Answer, Points, Potential } from "../../core/problem.ts";
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
import { placedOn, readPoints } from "../points.ts";

type Flags = ObjectiveFlags & { readonly at?: string };

export function evaluateCommand(): Command {
  return objectiveOptions(common(new Command("evaluate")))
    .description("evaluate an objective at points")
    .argument("[objective]", "an entry's name or a module's path")
    .option(
      "--at <points>",
      "points as JSON [[…],[…]] or [{name: value, …}], a file of JSON or of numbers a line, or - for standard input",
    )
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
  const config = configFrom(positional, { ...("at" in read ? { dim: String(read.at.dim) } : {}), ...flags }, base);
  const { signal, release } = interruptible();
  keepOutputClean();
  try {
    const opened = await openPotential({ ...config, anywhere: true }, { ...opening(flags), signal });
    try {
      const at = placedOn(read, opened.potential);
      const isTold = config.domain !== undefined || "module" in config.objective;
      if (isTold) for (const text of outside(opened.potential, at)) remark(flags, `wick: ${text}`);
      const answer = await opened.evaluate({ kind: "value", at }, signal);
      if (signal.aborted) process.exitCode = INTERRUPTED;
      else present(answer, flags);
    } finally {
      await opened.close();
    }
  } finally {
    release();
  }
}

/** What is to be said of points beyond the bounds: they are evaluated all the same. */
function outside({ domain: { lower, upper }, names }: Potential, { n, dim, x }: Points): string[] {
  return Array.from({ length: n }, (_, i) => i).flatMap((i) => {
    const j = lower.findIndex((low, k) => !(x[i * dim + k] >= low && x[i * dim + k] <= upper[k]));
    const said = `point ${i + 1}: ${names?.[j] ?? `x${j + 1}`} = ${x[i * dim + j]} lies outside ${lower[j]}:${upper[j]}`;
    return j < 0 ? [] : [said];
  });
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
