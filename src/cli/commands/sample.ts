/** `wick sample`: draws from the stationary law of a level, what they are worth, and whether they can be trusted. */
import { Command } from "commander";
import { inputError, unknownName } from "../../core/errors.ts";
import type { Observer } from "../../core/observe.ts";
import type { Potential } from "../../core/problem.ts";
import { table } from "../../draw/index.ts";
import { samplesCsv, samplingReport, samplingScenes } from "../../report/index.ts";
import { lengths, type Sampled, type SamplingOptions, samplers, sampling } from "../../tasks/sampling.ts";
import {
  add,
  checkWritable,
  common,
  DONE,
  deliver,
  INTERRUPTED,
  numberFlag,
  remark,
  settings,
  writeOutput,
} from "../common.ts";
import { interruptibleLater } from "../interrupt.ts";
import { configFrom, engineSpec, OBJECTIVES, type ObjectiveFlags, objectiveOptions, withFile } from "../objective.ts";
import { openReal } from "../opening.ts";
import { checkKind, writeScenes } from "../pictures.ts";
import { duration as spoken } from "../progress.ts";
import { checkReportPaths, commandLine } from "../reporting.ts";

type Flags = ObjectiveFlags & {
  readonly engine?: string;
  readonly D?: string;
  readonly n?: string;
  readonly chains?: string;
  readonly steps?: string;
  readonly warmup?: string;
  readonly dt?: string;
  readonly gradient?: boolean;
  readonly report?: string;
  readonly figures?: string;
  readonly png?: boolean;
};

export function sampleCommand(): Command {
  return objectiveOptions(common(new Command("sample")))
    .description("draws from the stationary law of a level: e^(−ζ/D), or with grid from |ψ|² of the ground state")
    .argument("[potential]", "an entry's name or a module's path")
    .option("--engine <name[:key=value…]>", `${samplers.join(", ")} (default mala, or metropolis without gradients)`)
    .option("--D <value>", "D of e^(−ζ/D), and of H = −D∇² + ζ")
    .option("--n <count>", "samples, thinned from all draws (default 1000)")
    .option("--chains <n>", "chains side by side (default 8, replica 4 for each D)")
    .option("--steps <n>", "steps of each chain after warm-up (default 8000, or 10 for each sample)")
    .option(
      "--warmup <n>",
      "steps thrown away, in which the step is tuned (default a quarter of the others, 1000 at least)",
    )
    .option("--dt <value>", "Δτ of a step, or ε with momentum; found in warm-up where left out")
    .option("--gradient", "ask a program for gradients (others are asked wherever they have them)")
    .option("--no-gradient", "use values only")
    .option("--report <file>", "one HTML page: the law, each axis, what the draws are worth, the pictures")
    .option("--figures <dir>", "draw traces, marginals and pairs, as SVG")
    .option("--png", "the figures as PNG too")
    .addHelpText("after", `${OBJECTIVES}\n${LAWS}\n${EXAMPLES}`)
    .action(runSample);
}

const LAWS = `
Laws: langevin, mala, metropolis, underdamped, replica and fokker-planck sample e^(−ζ/D); grid samples |ψ|², another law.
--out FILE writes the samples as CSV, a header line and a row a sample; a FILE that ends in .json gets the result instead.
An open domain says where chains begin and holds nobody in; --edge wall holds them in, --edge periodic makes it a ring.`;

const EXAMPLES = `
Examples
  wick sample double-well --D 0.2 --figures out --png
  wick sample gaussian --D 1 --engine underdamped --n 2000 --out samples.csv --json
  wick sample mixture --D 1 --engine replica:rungs=10
  wick sample harmonic --D 0.5 --engine langevin --dt 0.1
  wick sample --formula "(x^2 - 1)^2 + y^2/2" --domain -3:3 --D 0.3 --engine grid`;

/** Flags that a configuration file may hold beside a configuration. */
const OWN = ["engine", "D", "n", "chains", "steps", "warmup", "dt", "png"];

async function runSample(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = withFile(given, OWN);
  checkFlags(flags);
  const { engine, ...rest } = flags;
  const { objective, own } = splitSet(flags.set ?? []);
  const options = optionsOf(flags, own);
  const config = configFrom(positional, { ...rest, set: objective }, base);
  const { potential, evaluate, close } = await openReal(config, flags);
  const { signal, listen, release } = interruptibleLater();
  try {
    // values only: what is not known to be there is not asked
    const seen: Potential = flags.gradient === false ? { ...potential, can: ["value"] } : potential;
    const begun = performance.now();
    const live = process.stderr.isTTY && !flags.quiet;
    const observers = [{ frame: listen }, ...(live ? [liveLine(options)] : [])];
    const found = await sampling(seen, options, { evaluate, signal, observers });
    const seconds = (performance.now() - begun) / 1000;
    for (const warning of found.warnings) remark(flags, `wick: ${warning}`);
    const isCsv = flags.out !== undefined && !flags.out.endsWith(".json");
    const { out: _, ...printed } = flags;
    deliver(isCsv ? printed : flags, resultJson(found, seconds), () => describe(found, seconds));
    if (isCsv && flags.out !== undefined) {
      writeOutput("--out", flags.out, samplesCsv(found));
      add(flags, `samples  ${flags.out}`);
    }
    // a user's own objective is not asked beyond its draws
    const isOurs = "entry" in config.objective || "formula" in config.objective;
    const { report, figures } = flags;
    const scenes = (report ?? figures) ? await samplingScenes(potential, found, isOurs) : [];
    if (report !== undefined) {
      writeOutput("--report", report, samplingReport(found, scenes, commandLine()));
      add(flags, `report   ${report}`);
    }
    if (figures !== undefined) await writeScenes(figures, scenes, flags.png);
    process.exitCode = found.stop === "aborted" ? INTERRUPTED : DONE;
  } finally {
    release();
    await close();
  }
}

function checkFlags({ png, figures, report, out, D, engine }: Flags): void {
  checkKind("png", png, figures);
  if (D === undefined) throw inputError("--D", "is missing", "give D of e^(−ζ/D), for instance --D 0.5");
  const [name] = engineSpec(engine);
  if (name !== undefined && !samplers.includes(name)) throw unknownName("--engine", name, samplers);
  checkWritable("--out", out);
  checkReportPaths({ figures, report });
}

const ENGINE = "engine.";

/** Parameters of the engine, `engine.key=value`, and those of the objective. */
function splitSet(pairs: readonly string[]): { readonly objective: string[]; readonly own: Record<string, string> } {
  const isOwn = (pair: string): boolean => pair.trim().startsWith(ENGINE);
  const own = pairs.filter(isOwn).map((pair) => pair.trim().slice(ENGINE.length));
  return { objective: pairs.filter((pair) => !isOwn(pair)), own: settings("--set", own) };
}

function optionsOf(flags: Flags, own: Record<string, string>): SamplingOptions {
  const number = (name: "D" | "n" | "chains" | "steps" | "warmup" | "dt" | "seed"): number | undefined => {
    const text = flags[name];
    return text === undefined ? undefined : numberFlag(`--${name}`, text);
  };
  const [engine, inline] = engineSpec(flags.engine);
  return {
    D: number("D") ?? Number.NaN,
    ...{ engine, set: { ...inline, ...own }, n: number("n"), chains: number("chains"), steps: number("steps") },
    ...{ warmup: number("warmup"), dt: number("dt"), seed: number("seed") },
  };
}

/** The JSON object of `wick sample`. */
function resultJson({ potential, samples: _, run, ...found }: Sampled, seconds: number) {
  const { draws: _draws, ...chains } = run ?? {};
  return { objective: potential, ...found, ...chains, timing: { seconds } };
}

const MOST_ROWS = 20;

function describe(found: Sampled, seconds: number): string {
  const { potential, names, engine, law, D, mean, mcse, covariance, ess, rhat, autocorrelation, run } = found;
  const shown = mean.slice(0, MOST_ROWS).map((m, j) => ({
    axis: names?.[j] ?? `x${j + 1}`,
    mean: m.toPrecision(5),
    "± ": mcse[j].toPrecision(2),
    deviation: covariance === null ? "–" : Math.sqrt(covariance[j][j]).toPrecision(5),
    worth: ess[j].toFixed(0),
    "steps to forget": autocorrelation[j].toPrecision(3),
    "R-hat": rhat[j]?.toFixed(4) ?? "–",
  }));
  return [
    `${potential}, ${engine}, D = ${D}: the law ${law}`,
    "",
    table(shown),
    ...(mean.length > MOST_ROWS ? [`and ${mean.length - MOST_ROWS} more axes (--json has all)`] : []),
    "",
    ...(found.stop === "schedule ended" ? [] : [`stop         ${found.stop}: what was found is kept`]),
    ...(run === undefined
      ? [`draws        ${found.n}, independent; moments are those of the density`]
      : chainLines(found, run)),
    `evaluations  ${found.evaluations}`,
    `cost         ${spoken(seconds)}`,
  ].join("\n");
}

function chainLines({ n, acceptance, mean, names }: Sampled, run: NonNullable<Sampled["run"]>): string[] {
  const { chains, steps, warmup, dt, bias, swaps } = run;
  const worst = bias?.variance.reduce((at, b, j, all) => (Math.abs(b) > Math.abs(all[at]) ? j : at), 0) ?? 0;
  return [
    `draws        ${n} of ${chains} chains × ${steps} steps, after ${warmup.declared} of warm-up${warmup.found > 0 ? ` and ${warmup.found} found to belong to it` : ""}`,
    `step         ${dt.toPrecision(4)}, acceptance ${acceptance.toPrecision(3)}`,
    ...(swaps === undefined ? [] : [`trades       ${swaps.toPrecision(3)} between the two D's that trade least`]),
    ...(bias === undefined || mean.length === 0
      ? []
      : [
          `bias         of the variance of ${names?.[worst] ?? `x${worst + 1}`} about ${bias.variance[worst].toPrecision(2)} by Δτ (first order)`,
        ]),
  ];
}

const EVERY_MS = 100;
const BAR = 24;
/** Chains where they are not given; a wrong guess makes the bar end early or late only where many samples are asked. */
const CHAINS = 8;

/** A live line: share done, time left, acceptance, D, energy. */
function liveLine(options: SamplingOptions): Observer {
  const begun = performance.now();
  const { steps, warmup } = lengths(options, options.chains ?? CHAINS);
  const all = steps + warmup;
  let last = 0;
  return {
    frame({ index, D, info }) {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      const share = Math.min(1, index / all);
      const full = Math.round(share * BAR);
      const left = spoken(((now - begun) / 1000) * (1 / share - 1));
      const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${(100 * share).toFixed(0).padStart(3)} %`;
      const text = `${bar} · step ${index} · ${left} left · D ${D.toExponential(1)} · energy ${info.energy.toPrecision(6)} · taken ${info.acceptance.toFixed(2)}`;
      process.stderr.write(`\r${text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}\u001b[K`);
    },
    end() {
      process.stderr.write("\r\u001b[K");
    },
  };
}
