/** `wick evolve`: the wave function in time. */
import { join } from "node:path";

import { Command } from "commander";
import { inputError } from "../../core/errors.ts";
import type { Observer } from "../../core/observe.ts";
import type { Potential } from "../../core/problem.ts";
import { table } from "../../draw/index.ts";
import { crew } from "../../platform/node/crew.ts";
import { gif } from "../../platform/node/gif.ts";
import { evolutionScenes, type Film, filming } from "../../report/index.ts";
import { type Evolution, type EvolveSetup, evolve } from "../../tasks/evolve.ts";
import {
  checkWritable,
  collect,
  common,
  DONE,
  deliver,
  INTERRUPTED,
  numberFlag,
  remark,
  settings,
  writeOutput,
} from "../common.ts";
import { angleFlag, dataOf, edgeFlag, gridFlag, regionFlag, scheduleFlag, startFlag } from "../evolution.ts";
import { interruptibleLater } from "../interrupt.ts";
import {
  configFrom,
  OBJECTIVES,
  type ObjectiveFlags,
  objectiveOptions,
  refuseEngineSettings,
  withFile,
} from "../objective.ts";
import { openReal } from "../opening.ts";
import { checkKind, writeScenes } from "../pictures.ts";
import { duration as spoken } from "../progress.ts";
import { checkReportPaths } from "../reporting.ts";

type Flags = ObjectiveFlags & {
  readonly time?: string;
  readonly duration?: string;
  readonly dt?: string;
  readonly grid?: string;
  readonly D?: string;
  readonly from?: string;
  readonly schedule?: string;
  readonly order?: string;
  readonly observe?: readonly string[];
  readonly levels?: string;
  readonly frames?: string;
  readonly error?: boolean;
  readonly data?: string;
  readonly figures?: string;
  readonly png?: boolean;
  readonly gif?: boolean;
};

export function evolveCommand(): Command {
  return objectiveOptions(common(new Command("evolve")))
    .description("the wave function in time, exp(−e^{iα}Hs) ψ with H = −D∇² + ζ, on a grid of one to three axes")
    .argument("[potential]", "an entry's name or a module's path")
    .option("--time <kind>", "real (default), imaginary, or an angle between: degrees, 0 imaginary, 90 real")
    .option("--duration <s>", "how long (default 1)")
    .option("--dt <s>", "longest Δt (default a thousandth of the duration)")
    .option(
      "--grid <n>",
      "points on each axis, or 256,128 for one each (default 1024, 256 or 64 in 1, 2 or 3 dimensions)",
    )
    .option("--D <value>", "D of H = −D∇² + ζ")
    .option("--schedule <name[:key=value…]>", "D and strength of ζ in time, for instance qhd (`wick list schedules`)")
    .option(
      "--from <start>",
      "gaussian[:mean=…:sigma=…:momentum=…], uniform, eigenstate[:level=n], or a file (see below)",
    )
    .option("--order <n>", "order of the splitting in Δt: 2 (default) or 4")
    .option(
      "--observe <region>",
      "probability in disc:center…,radius, box:lower,upper,… or half:normal…,offset",
      collect,
    )
    .option("--levels <n>", "populations of the n lowest levels")
    .option("--frames <n>", "rows of the trace (default 100)")
    .option("--error", "estimate the error that Δt makes, by another run with half as many steps")
    .option("--data <file>", "the trace as .csv, or with ψ and the axes as .npz")
    .option("--figures <dir>", "draw the density over space and time, or at the end on the plane, as SVG")
    .option("--png", "the figures as PNG too")
    .option("--gif", "an animation of the density beside them")
    .addHelpText("after", `${OBJECTIVES}\n${STARTS}\n${EXAMPLES}`)
    .action(runEvolve);
}

const STARTS = `
The start: mean, sigma (of |ψ|²) and momentum are numbers, or lists such as 0,1, one for each axis; --set from.mean=0,1
says the same. A file.npy or .npz (psi) holds ψ on the grid; a .csv a line a point, re or re,im; density:FILE holds |ψ|².
The edge: periodic (default), wall, or absorbing, in real time: an eighth of each axis at either end takes waves away.`;

const EXAMPLES = `
Examples
  wick evolve double-well --D 0.02 --duration 200 --dt 0.02 --from gaussian:mean=-1:sigma=0.3 --levels 4
  wick evolve harmonic --D 0.5 --time imaginary --duration 10 --order 4 --json
  wick evolve --formula "0" --vars x --domain -40:40 --D 0.5 --duration 20 --edge absorbing --from gaussian:momentum=2
  wick evolve rastrigin --dim 2 --schedule qhd --duration 10 --dt 0.001 --from uniform --observe disc:0,0,1
  wick evolve double-well --D 0.25 --duration 40 --from gaussian:mean=-1:sigma=0.28 --figures out --png --gif`;

/** Flags that a configuration file may hold beside a configuration. */
const OWN = [
  "time",
  "duration",
  "dt",
  "grid",
  "D",
  "schedule",
  "from",
  "order",
  "observe",
  "levels",
  "frames",
  "error",
  "png",
  "gif",
];

async function runEvolve(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = withFile(given, OWN);
  checkWritable("--out", flags.out);
  if (flags.data !== undefined && !/\.(npz|csv)$/.test(flags.data))
    throw inputError("--data", `'${flags.data}' ends in neither .npz nor .csv`);
  checkWritable("--data", flags.data);
  checkKind("png", flags.png, flags.figures);
  checkKind("gif", flags.gif, flags.figures);
  checkReportPaths({ figures: flags.figures });
  refuseEngineSettings(flags);
  const { start, own } = splitSet(flags.set ?? []);
  const { time: _time, edge, set: _set, ...rest } = flags;
  // absorbing layers belong to the grid, not to ζ
  const known = edge === undefined || edge === "absorbing" ? {} : { edge: edgeFlag(edge) ?? edge };
  const config = configFrom(positional, { ...rest, ...known, set: own }, base);
  const { potential, evaluate, close } = await openReal(config, flags);
  const { signal, listen, release } = interruptibleLater();
  const dim = potential.domain.lower.length;
  const threads = dim > 1 ? crew() : undefined;
  try {
    const setup = { ...setupFrom(flags, start, potential), crew: threads };
    const begun = performance.now();
    const live = process.stderr.isTTY && !flags.quiet;
    // before the first frame, while levels are sought, there is nothing to keep
    const { film, observer } = filming();
    const watching = [...(live ? [liveLine(setup.duration)] : []), ...(flags.figures === undefined ? [] : [observer])];
    const observers = [{ frame: listen }, ...watching];
    const result = await evolve(setup, { evaluate, signal, observers });
    const seconds = (performance.now() - begun) / 1000;
    for (const warning of result.warnings) remark(flags, `wick: ${warning}`);
    deliver(flags, resultJson(setup, result, seconds), () => describe(setup, result, seconds));
    if (flags.data !== undefined) writeOutput("--data", flags.data, dataOf(result, flags.data));
    if (flags.figures !== undefined) await draw(flags, flags.figures, setup, film);
    process.exitCode = result.stop === "aborted" ? INTERRUPTED : DONE;
  } finally {
    release();
    await threads?.close();
    await close();
  }
}

const GIF_WIDTH = 560;

async function draw(flags: Flags, folder: string, { potential, angle }: EvolveSetup, film: Film): Promise<void> {
  const time = angle === 0 ? "*τ*" : angle === Math.PI / 2 ? "*t*" : "*s*";
  const { stills, moments } = await evolutionScenes(potential, film, time);
  if (stills.length === 0) remark(flags, "wick: nothing to draw: there are pictures of one and two axes");
  await writeScenes(folder, stills, flags.png);
  if (flags.gif && moments.length > 1)
    writeOutput("--figures", join(folder, "evolution.gif"), await gif(moments, { width: GIF_WIDTH, delay: 0.08 }));
}

const FROM = "from.";

/** Parameters of the start, `from.key=value`, and those of the objective. */
function splitSet(pairs: readonly string[]): { readonly start: Record<string, string>; readonly own: string[] } {
  const isStart = (pair: string): boolean => pair.trim().startsWith(FROM);
  const start = settings(
    "--set",
    pairs.filter(isStart).map((pair) => pair.trim().slice(FROM.length)),
  );
  return { start, own: pairs.filter((pair) => !isStart(pair)) };
}

function setupFrom(flags: Flags, start: Record<string, string>, potential: Potential): EvolveSetup {
  const { domain } = potential;
  const shape = gridFlag(flags.grid, domain.lower.length);
  const duration = numberFlag("--duration", flags.duration ?? "1");
  const dt = flags.dt === undefined ? duration / 1000 : numberFlag("--dt", flags.dt);
  const D = flags.D === undefined ? undefined : numberFlag("--D", flags.D);
  for (const [flag, value] of Object.entries({ "--duration": duration, "--dt": dt, "--D": D }))
    if (value !== undefined && !(value > 0 && value < Number.POSITIVE_INFINITY))
      throw inputError(flag, `${value} is not a finite number above 0`);
  const schedule = flags.schedule === undefined ? undefined : scheduleFlag(flags.schedule, { duration, dt, D, domain });
  const law = schedule?.at ?? D;
  if (law === undefined) throw inputError("--D", "is missing", "give D of H = −D∇² + ζ, for instance --D 0.5");
  const order = numberFlag("--order", flags.order ?? "2");
  if (order !== 2 && order !== 4) throw inputError("--order", `${order} is neither 2 nor 4`);
  const count = (flag: string, text: string | undefined): number | undefined => {
    const value = text === undefined ? undefined : numberFlag(flag, text);
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw inputError(flag, `${text} is not a whole number from 1`);
    return value;
  };
  return {
    ...{ potential, duration, dt, shape, law, order },
    angle: flags.time === undefined ? (schedule?.at(0).angle ?? Math.PI / 2) : angleFlag(flags.time),
    start: startFlag(flags.from ?? "gaussian", start, shape),
    edge: edgeFlag(flags.edge),
    regions: flags.observe?.map(regionFlag),
    levels: count("--levels", flags.levels),
    frames: count("--frames", flags.frames),
    error: flags.error,
  };
}

/** The JSON object of `wick evolve`; `probability` is that of the first region, `probabilities` those of all. */
function resultJson({ potential, angle, shape, order }: EvolveSetup, result: Evolution, seconds: number) {
  const { view: _, trace, warnings, ...end } = result;
  return {
    objective: potential.name,
    ...(potential.names === undefined ? {} : { names: potential.names }),
    ...{ angle: (angle * 180) / Math.PI, grid: shape, order },
    ...end,
    ...(end.probabilities === undefined ? {} : { probability: end.probabilities[0] }),
    ...{ trace, warnings, timing: { seconds } },
  };
}

const ROWS = 10;

/** The result for a person to read. */
function describe({ potential, angle, shape, order }: EvolveSetup, result: Evolution, seconds: number): string {
  const { steps, dt, stop, norm, energy, kinetic, growth, mean, spread, edge, probabilities, levels, error } = result;
  const way = angle === 0 ? "imaginary time" : angle === Math.PI / 2 ? "real time" : `at ${(angle * 180) / Math.PI}°`;
  const every = Math.ceil(result.trace.length / ROWS);
  const rows = result.trace
    .filter((_, i) => i % every === 0)
    .map((row) => ({
      time: row.time.toPrecision(4),
      norm: row.norm.toPrecision(6),
      energy: row.energy.toPrecision(8),
      mean: row.mean.map((x) => x.toPrecision(4)).join(", "),
      spread: row.spread.toPrecision(4),
    }));
  return [
    `${potential.name}, ${way}, ${shape.join(" × ")} points, ${steps} steps of ${dt} (order ${order})`,
    "",
    table(rows),
    "",
    ...(stop === "schedule ended" ? [] : [`stop    ${stop}: what was found is kept`]),
    `norm    ${norm}`,
    `energy  ${energy} = ${kinetic} kinetic + ${result.potential} potential`,
    ...(growth === undefined ? [] : [`growth  ${growth}`]),
    `mean    ${mean.join(", ")}`,
    `spread  ${spread}`,
    ...(probabilities === undefined ? [] : [`inside  ${probabilities.join(", ")}`]),
    ...(levels === undefined ? [] : [`levels  ${levels.map((p, n) => `${n}: ${p.toPrecision(6)}`).join(", ")}`]),
    ...(error === undefined ? [] : [`error   ${error.toExponential(2)} of ψ, estimated`]),
    `edge    ${edge.toExponential(1)} of the largest density lies on the faces of the box`,
    `cost    ${spoken(seconds)}`,
  ].join("\n");
}

const EVERY_MS = 100;
const BAR = 24;

/** A live line: share done, time left, D, energy. */
function liveLine(duration: number): Observer {
  const begun = performance.now();
  let last = 0;
  return {
    frame({ tau, D, info }) {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      const share = tau / duration;
      const full = Math.round(share * BAR);
      const left = share > 0 ? spoken(((now - begun) / 1000) * (1 / share - 1)) : "–";
      const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${(100 * share).toFixed(0).padStart(3)} %`;
      const text = `${bar} · t ${tau.toPrecision(4)} · ${left} left · D ${D.toExponential(1)} · energy ${info.energy.toPrecision(6)}`;
      process.stderr.write(`\r${text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}\u001b[K`);
    },
    end() {
      process.stderr.write("\r\u001b[K");
    },
  };
}
