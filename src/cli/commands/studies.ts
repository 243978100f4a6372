/** `wick studies`: what is stored, and what to do with it. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { Command } from "commander";
import { readConfig } from "../../config.ts";
import { inputError, isInputError, messageOf } from "../../core/errors.ts";
import { type Space, valuesAt } from "../../core/space.ts";
import { table } from "../../draw/table.ts";
import {
  findStudies,
  headerIn,
  minimizationOf,
  readStudy,
  type StoredStudy,
  sampleOf,
  trials,
} from "../../platform/node/studies.ts";
import { csvField } from "../../report/data.ts";
import { type CommonFlags, checkWritable, common, deliver, remark, unwritten } from "../common.ts";
import { duration } from "../progress.ts";
import {
  checkReportPaths,
  explained,
  explainFlag,
  explanationJson,
  type ReportPaths,
  toldOfStudy,
  writeReport,
} from "../reporting.ts";
import { claimOf, lacking, neverNumbers, point } from "../result.ts";

export function studiesCommand(): Command {
  const studies = new Command("studies").description("list, show, export and report stored studies");
  studies.addCommand(
    common(new Command("list"))
      .description("the studies at and below a folder")
      .argument("[dir]", "where to look", ".")
      .action(list),
  );
  studies.addCommand(
    common(new Command("show"))
      .description("what a study has done and found")
      .argument("<dir>", "its folder")
      .action(show),
  );
  studies.addCommand(
    common(new Command("export"))
      .description("every evaluated point as CSV or JSON lines")
      .argument("<dir>", "its folder")
      .option("--format <format>", "csv or jsonl", "csv")
      .action(exportTrials),
  );
  studies.addCommand(
    common(new Command("report"))
      .description("a report as one HTML page")
      .argument("<dir>", "its folder")
      .option("--report <file>", "where to write it (default report.html in the folder)")
      .option("--figures <dir>", "write the report's pictures as SVG")
      .option("--explain <n>", "open the objective and evaluate it so often, for slices through the best point")
      .action(report),
  );
  return studies.addHelpText(
    "after",
    "\nExamples\n  wick studies list runs\n  wick studies show runs/first\n  wick studies export runs/first --out trials.csv\n  wick studies report runs/first --report first.html",
  );
}

async function list(dir: string, flags: CommonFlags): Promise<void> {
  checkWritable("--out", flags.out);
  const rows: Row[] = [];
  for (const folder of findStudies(dir)) {
    try {
      rows.push(row(await readStudy(folder)));
    } catch (error) {
      if (!isInputError(error)) throw error;
      remark(flags, `wick: left out: ${messageOf(error)}`);
    }
  }
  deliver(flags, { studies: rows }, () =>
    rows.length === 0 ? `no studies at or below ${dir}` : table(rows.map(shown)),
  );
}

async function show(dir: string, flags: CommonFlags): Promise<void> {
  checkWritable("--out", flags.out);
  const study = await readStudy(dir);
  const { header, best, gradients, nearest, unknown } = study;
  const { count: unusable, failures, retries } = study.unusable;
  const names = header.problem.names;
  const { value: _, ...where } = best;
  const result = {
    ...{ ...row(study), gradients, unusable, failures, ...where },
    ...(retries === undefined ? {} : { retries }),
    ...(nearest === undefined ? {} : { nearest }),
    ...(unknown === undefined ? {} : { unknown }),
    header,
  };
  deliver(flags, result, () =>
    [
      table([shown(row(study))]),
      ...(nearest === undefined
        ? [
            ...(best.error === undefined ? [] : [`best ${claimOf(best)}`]),
            `at ${best.x.length === 0 ? "no point yet" : point(best, names ?? best.x.map((_, i) => `x${i + 1}`))}`,
          ]
        : lacking(nearest, names)),
      ...neverNumbers(unknown),
      ...(unusable > 0 ? [`${unusable} values were not finite numbers, ${failures} of them failures`] : []),
    ].join("\n"),
  );
}

async function exportTrials(dir: string, flags: CommonFlags & { readonly format: string }): Promise<void> {
  if (flags.format !== "csv" && flags.format !== "jsonl")
    throw inputError("--format", `'${flags.format}' is neither csv nor jsonl`);
  checkWritable("--out", flags.out);
  const { problem } = await headerIn(dir);
  const { space } = problem;
  const names = problem.names ?? problem.lower.map((_, i) => `x${i + 1}`);
  if (flags.out !== undefined) {
    const count = await filed(flags.out, flags.format === "csv" ? csvLines(dir, names, space) : jsonLines(dir, space));
    const result = { export: flags.out, trials: flags.format === "csv" ? count - 1 : count };
    deliver({ ...(flags.json ? { json: true } : {}) }, result, () => `${result.trials} trials in ${flags.out}`);
  } else if (flags.json) await written(process.stdout, oneObject(dir, space));
  else await written(process.stdout, flags.format === "csv" ? csvLines(dir, names, space) : jsonLines(dir, space));
}

/** Writes lines to the file of `--out`; returns how many. */
async function filed(path: string, lines: AsyncGenerator<string, void, void>): Promise<number> {
  const file = createWriteStream(path);
  try {
    const [count] = await Promise.all([
      written(file, lines).finally(() => file.end()),
      finished(file), // rejects when a write fails, whoever waits for it
    ]);
    return count;
  } catch (error) {
    throw unwritten("--out", path, error);
  }
}

/** Writes lines as fast as they are taken; returns how many. */
async function written(out: NodeJS.WritableStream, lines: AsyncGenerator<string, void, void>): Promise<number> {
  let count = 0;
  for await (const line of lines) {
    count++;
    if (!out.write(`${line}\n`)) await once(out, "drain");
  }
  return count;
}

async function* csvLines(
  dir: string,
  names: readonly string[],
  space: Space | undefined,
): AsyncGenerator<string, void, void> {
  yield ["trial", ...names, "value", "failure"].map(csvField).join(",");
  let trial = 0;
  for await (const { x, value, failure } of trials(dir))
    yield [trial++, ...worths(space, x), value, csvField(failure ?? "")].join(",");
}

async function* jsonLines(dir: string, space: Space | undefined): AsyncGenerator<string, void, void> {
  let trial = 0;
  for await (const { x, value, failure } of trials(dir))
    yield JSON.stringify({
      trial: trial++,
      x,
      ...named(space, x),
      value,
      ...(failure === undefined ? {} : { failure }),
    });
}

/** What the variables are worth, as fields of CSV. */
function worths(space: Space | undefined, x: readonly number[]): readonly (string | number)[] {
  if (!space?.named) return x;
  return Object.values(valuesAt(space, x)).map((worth) =>
    typeof worth === "number" ? worth : csvField(String(worth)),
  );
}

function named(space: Space | undefined, x: readonly number[]) {
  return space?.named ? { values: valuesAt(space, x) } : {};
}

/** One JSON object over many lines: a journal may be larger than the memory. */
async function* oneObject(dir: string, space: Space | undefined): AsyncGenerator<string, void, void> {
  yield '{"trials":[';
  let first = true;
  for await (const line of jsonLines(dir, space)) {
    yield first ? line : `,${line}`;
    first = false;
  }
  yield "]}";
}

async function report(dir: string, flags: CommonFlags & ReportPaths & { readonly explain?: string }): Promise<void> {
  const paths = { ...flags, report: flags.report ?? `${dir}/report.html` };
  const allowance = explainFlag(flags.explain);
  const study = await readStudy(dir);
  checkReportPaths(paths);
  const result = minimizationOf(study);
  const told = await explained(readConfig(study.header.config), await sampleOf(dir), result, allowance);
  writeReport(toldOfStudy(study, result, told), paths);
  deliver(flags, { report: paths.report, ...explanationJson(told) }, () => `report  ${paths.report}`);
}

type Row = { readonly best: number | null } & Readonly<Record<string, string | number | null>>;

function row({ folder, header, evaluations, best, stop, running, seconds }: StoredStudy): Row {
  const { engine, seed } = readConfig(header.config);
  const { name, lower } = header.problem;
  return {
    ...{ folder, objective: name, dim: lower.length, engine, seed, evaluations },
    best: Number.isFinite(best.value) ? best.value : null,
    stop: running ? "running" : (stop ?? "killed"),
    seconds,
  };
}

function shown(of: Row): Record<string, string | number> {
  const { seconds, ...rest } = of;
  const spent = { ...rest, time: duration(Number(seconds)) };
  return Object.fromEntries(Object.entries(spent).map(([key, value]) => [key, value ?? "none"]));
}
