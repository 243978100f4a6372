/** `wick bench`: benchmarks that users can run; `bbob` so far. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { engines } from "../../catalogue.ts";
import { engineOf, readSettings } from "../../config.ts";
import { inputError, messageOf, unknownName } from "../../core/errors.ts";
import { table } from "../../draw/table.ts";
import { contest, type Entrant } from "../../platform/node/contest.ts";
import { openPeers, type Peers, peerNames } from "../../platform/node/peers.ts";
import { keepStandings, readStandings } from "../../platform/node/standings.ts";
import { bbob } from "../../potentials/bbob/index.ts";
import { type BbobRow, type BbobSetup, benchBbob } from "../../tasks/bbob.ts";
import { standingOf } from "../../tasks/standing.ts";
import { bare, byFunction, detailed, flat } from "../bbob-rows.ts";
import { type CommonFlags, checkWritable, common, deliver, INTERRUPTED, numberFlag, remark } from "../common.ts";
import { comparisons, fieldOf, pictures, told, writePictures } from "../contest.ts";
import { interruptible } from "../interrupt.ts";
import { engineSpec, withFile } from "../objective.ts";
import { duration } from "../progress.ts";
import { checkReportPaths } from "../reporting.ts";

type Flags = CommonFlags & {
  readonly dims: string;
  readonly instances: string;
  readonly functions?: string;
  readonly seeds?: string;
  readonly budget: string;
  readonly engines: string;
  readonly peers?: string;
  readonly workers?: string;
  readonly detail?: boolean;
  readonly compare?: boolean;
  readonly figures?: string;
  readonly keep?: string;
};

const names = ["bbob"];

export function benchCommand(): Command {
  return common(new Command("bench"))
    .description("run a benchmark: bbob, the 24 functions of COCO's noiseless suite")
    .argument("[name]", names.join(", "), "bbob")
    .option("--dims <list>", "dimensions, for instance 2,5", "2,5")
    .option("--instances <range>", "instances, for instance 1-3", "1-3")
    .option("--functions <range>", "functions, for instance 1-5,20 (default all 24)")
    .option("--seeds <range>", "seeds, for instance 0-2 (default the one of --seed)")
    .option("--budget <n>", "evaluations over dim", "1000")
    .option(
      "--engines <list>",
      "engines, each name or name:key=value; mqhoa stands for its published forms",
      "packets,mqhoa,random",
    )
    .option("--peers <list>", `minimizers of python packages beside them: ${peerNames.join(", ")}`)
    .option("--workers <n>", "trials at a time, each in a thread (default one a processor); rows do not depend on it")
    .option("--detail", "each trial too: the evaluations after which it hit each of the 51 targets")
    .option("--compare", "the first engine against the others, the peers (stored ones too) and the best of 2009")
    .option("--figures <dir>", "the distributions of each group of functions as SVG and PNG")
    .option("--keep <file>", "put what was reached into a file, small enough to be held against later runs")
    .addHelpText(
      "after",
      "\nExamples\n  wick bench bbob --dims 2,5 --instances 1-3 --budget 1000 --engines packets,mqhoa,random" +
        "\n  wick bench bbob --dims 2 --budget 10000 --engines packets --peers bipop,lbfgsb,dual-annealing,de --compare --figures ecdf",
    )
    .action(runBench);
}

async function runBench(name: string, own: Flags, command: Command): Promise<void> {
  const flags = behind(own, command);
  if (!names.includes(name)) throw unknownName("bench", name, names);
  const given = read(flags);
  const entered = listed(flags.engines).flatMap(entrants);
  if (entered.length === 0 && (flags.compare || flags.peers === undefined))
    throw inputError("--engines", "names no engine");
  // refused here, before a thread is started for it: one that is ended while it loads takes the process with it
  for (const { settings } of entered) engineOf({ ...settings, budget: given.budget }, bbob(1, given.dims[0]));
  const peers = await openPeers(listed(flags.peers ?? ""), (what) => remark(flags, `wick: ${what}`));
  for (const what of peers.absent) remark(flags, `wick: absent: ${what}`);
  const { signal, release } = interruptible();
  const threads = contest(given.atOnce);
  const begun = performance.now();
  try {
    const contestants = [...entered.map(threads.enter), ...peers.contestants];
    const rows = await benchBbob({ ...given, contestants, signal, ...(progress(flags) ?? {}) });
    const seconds = (performance.now() - begun) / 1000;
    await tell(flags, given, rows, peers, seconds);
    if (!signal.aborted) return;
    remark(flags, "wick: interrupted; rows that were not whole are left out");
    process.exitCode = INTERRUPTED;
  } finally {
    release();
    peers.close();
    await threads.close();
  }
}

type Given = Omit<BbobSetup, "contestants"> & { readonly atOnce: number };

function read(flags: Flags): Given {
  checkWritable("--out", flags.out);
  checkKept(flags.keep);
  checkReportPaths({ figures: flags.figures });
  return {
    dims: whole("--dims", flags.dims),
    instances: whole("--instances", flags.instances),
    seeds: whole("--seeds", flags.seeds ?? flags.seed ?? "0"),
    ...(flags.functions === undefined ? {} : { functions: whole("--functions", flags.functions) }),
    budget: atLeast("--budget", flags.budget, 2),
    atOnce: atLeast("--workers", flags.workers ?? String(availableParallelism()), 1),
  };
}

/** Finds out before the work whether standings can be put into a file. */
function checkKept(path: string | undefined): void {
  checkWritable("--keep", path);
  if (path === undefined || !existsSync(path)) return;
  try {
    readStandings(path);
  } catch (error) {
    throw inputError("--keep", `${path} holds no standings: ${messageOf(error)}`, "choose another path");
  }
}

function asTyped(): string {
  return `wick ${process.argv.slice(2).join(" ")}`;
}

function atLeast(flag: string, text: string, least: number): number {
  const value = numberFlag(flag, text);
  if (!(Number.isInteger(value) && value >= least))
    throw inputError(flag, `${text} is not a whole number of ${least} or more`);
  return value;
}

async function tell(flags: Flags, given: Given, rows: readonly BbobRow[], peers: Peers, seconds: number) {
  const { dims, functions, instances, seeds, budget } = given;
  const standings = rows.map(standingOf);
  const beside = (flags.compare || flags.figures !== undefined) && rows.length > 0;
  const field = beside ? fieldOf(standings) : undefined;
  const compared = flags.compare && field !== undefined ? comparisons(field, seeds[0]) : undefined;
  const result = {
    rows: rows.map(flags.detail ? detailed : bare),
    ...(compared === undefined ? {} : { comparisons: compared }),
    dims,
    instances,
    seeds,
    budget,
    ...(flags.peers === undefined ? {} : { peers: peers.versions, absent: peers.absent }),
    timing: { seconds },
  };
  deliver(flags, result, () =>
    [
      "fraction of (function, instance, seed, target) solved at evaluations / dim, and the area of each group",
      `functions ${functions ?? "1-24"}; instances ${instances}; seeds ${seeds}; ${duration(seconds)}\n`,
      table(rows.map(flat)),
      ...(flags.detail ? ["", table(rows.flatMap(byFunction))] : []),
      ...(compared === undefined || field === undefined
        ? []
        : ["\n95 % intervals: paired bootstrap over (function, instance)\n", table(told(compared, field))]),
    ].join("\n"),
  );
  if (flags.keep !== undefined)
    keepStandings(flags.keep, { commands: [asTyped()], versions: peers.versions }, standings);
  if (flags.figures !== undefined && field !== undefined) await writePictures(flags.figures, pictures(field));
}

/** The flags with what the configuration file says of those that were not given. */
function behind(given: Flags, command: Command): Flags {
  const { flags, base } = withFile(given);
  const asked = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  for (const name of Object.keys(base))
    if (!command.options.some((option) => option.attributeName() === name))
      throw unknownName(
        `--config ${given.config}`,
        name,
        command.options.map((option) => option.attributeName()),
      );
  const file = Object.entries(base).filter(([name]) => !asked(name));
  const text = (value: unknown) => (typeof value === "boolean" ? value : String(value));
  return { ...flags, ...Object.fromEntries(file.map(([name, value]) => [name, text(value)])) };
}

/** The names in a list, each once. */
function listed(list: string): string[] {
  return [...new Set(list.split(",").filter((name) => name !== ""))];
}

/** `mqhoa` alone means each of its forms; with a form, that one. */
function entrants(spec: string): Entrant[] {
  const [name = "", given] = engineSpec(spec);
  const entry = engines.find((e) => e.name === name);
  if (entry === undefined)
    throw unknownName(
      "--engines",
      name,
      engines.map((e) => e.name),
    );
  const forms = "form" in given ? undefined : entry.params.form?.choices;
  const variants = forms?.map((form) => ({ ...given, form: String(form) })) ?? [given];
  return variants.map((parameters) => {
    const first = parameters.form === entry.params.form?.default;
    const shown = Object.entries(parameters).filter(([key]) => !(key === "form" && forms !== undefined && first));
    return {
      name: [name, ...shown.map(([key, value]) => `${key}=${value}`)].join(":"),
      settings: readSettings({ engine: name, with: parameters }),
    };
  });
}

const EVERY_MS = 200;

function progress(flags: Flags): { readonly progress: (share: number) => void } | undefined {
  if (!process.stderr.isTTY || flags.quiet) return undefined;
  let last = 0;
  return {
    progress(share) {
      const now = performance.now();
      if (share < 1 && now - last < EVERY_MS) return;
      last = now;
      process.stderr.write(share < 1 ? `\r${(100 * share).toFixed(0)} % of the trials\u001b[K` : "\r\u001b[K");
    },
  };
}

/** Whole numbers out of `2,5` or `1-3,7`. */
function whole(flag: string, text: string): number[] {
  const numbers = text.split(",").flatMap((part) => {
    const range = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (range === null) throw inputError(flag, `'${part}' is neither a whole number nor a range such as 1-3`);
    const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (to < from) throw inputError(flag, `the range ${part} is inverted`);
    if (to - from > 10_000) throw inputError(flag, `the range ${part} is too long`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(numbers)];
}
