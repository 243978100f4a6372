/** `wick spectrum`: the lowest levels of a potential, the gap, and both while D is swept. */
import { Command } from "commander";
import { inputError } from "../../core/errors.ts";
import type { Potential } from "../../core/problem.ts";
import { exact, type Scene, table } from "../../draw/index.ts";
import { spectrumCsv, spectrumNpz, spectrumScenes, sweepCsv, sweepScene } from "../../report/index.ts";
import { type Spectrum, type SpectrumOptions, spectrum } from "../../tasks/spectrum.ts";
import { type Sweep, sweep } from "../../tasks/sweep.ts";
import { checkWritable, common, deliver, INTERRUPTED, numberFlag, remark, writeOutput } from "../common.ts";
import { interruptible } from "../interrupt.ts";
import { OBJECTIVES, type ObjectiveFlags, objectiveOptions, withFile } from "../objective.ts";
import { openWalled } from "../opening.ts";
import { checkKind, writeScenes } from "../pictures.ts";
import { checkReportPaths } from "../reporting.ts";

type Flags = ObjectiveFlags & {
  readonly D?: string;
  readonly levels?: string;
  readonly tolerance?: string;
  readonly grid?: string;
  readonly sweep?: string;
  readonly figures?: string;
  readonly png?: boolean;
  readonly data?: string;
};

export function spectrumCommand(): Command {
  return objectiveOptions(common(new Command("spectrum")))
    .description("the lowest levels of H = −D∇² + ζ in one, two or three dimensions")
    .argument("[potential]", "an entry's name or a module's path")
    .option("--D <value>", "D of H = −D∇² + ζ")
    .option("--levels <n>", "how many levels (default 10, in a sweep 2)")
    .option("--tolerance <share>", "error of a level, relative to its height above the least ζ (default 1e-10)")
    .option("--grid <n>", "points on each axis, or 48,64 for one each; chosen where left out")
    .option(
      "--sweep <D=from:to:n>",
      "levels at n values of D in equal ratios, and where the ground state changes wells",
    )
    .option("--figures <dir>", "draw the states in their well, or the levels over D, as SVG")
    .option("--png", "the figures as PNG too")
    .option("--data <file>", "levels and states as .npz, or levels as .csv")
    .addHelpText("after", `${OBJECTIVES}\n${EXAMPLES}`)
    .action(runSpectrum);
}

const EXAMPLES = `
Where --domain is given there are walls at its ends (or what --edge says); else the box is chosen for the levels.

Examples
  wick spectrum harmonic --D 0.5
  wick spectrum --formula "4*(x^2 - 1)^2" --D 0.02 --levels 8 --figures out --png
  wick spectrum henon-heiles --D 0.5 --levels 20 --tolerance 1e-12 --json
  wick spectrum double-well --set tilt=0.2 --sweep D=1:0.01:40 --levels 4 --figures out`;

/** What a configuration file may hold for this command beside a configuration. */
const OWN = ["D", "levels", "tolerance", "grid", "sweep", "png", "data"];

/** What was found, in each of its forms. */
type Told = {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: () => string;
  /** Whether it is what was found by a Ctrl-C. */
  readonly stopped: boolean;
  readonly warnings: readonly string[];
  readonly data: (path: string) => string | Uint8Array;
  readonly scenes: () => Scene[] | Promise<Scene[]>;
};

async function runSpectrum(positional: string | undefined, given: Flags): Promise<void> {
  const { flags, base } = settled(given);
  checkFlags(flags);
  const find = asked(flags);
  const { potential, close } = await openWalled(positional, flags, base);
  const { signal, release } = interruptible();
  try {
    const started = performance.now();
    const told = await find(potential, signal);
    const timing = { seconds: (performance.now() - started) / 1000 };
    for (const warning of told.warnings) remark(flags, `wick: ${warning}`);
    deliver(flags, { ...told.json, timing }, told.text);
    if (flags.data !== undefined) writeOutput("--data", flags.data, told.data(flags.data));
    if (told.stopped) process.exitCode = INTERRUPTED;
    if (flags.figures === undefined) return;
    const scenes = await told.scenes();
    if (scenes.length === 0)
      remark(flags, "wick: nothing to draw: there are pictures of one and two axes, and of sweeps");
    await writeScenes(flags.figures, scenes, flags.png);
  } finally {
    release();
    await close();
  }
}

/** Finds out before the work what makes no sense or cannot be written. */
function checkFlags({ png, figures, data, sweep, out }: Flags): void {
  checkKind("png", png, figures);
  if (data !== undefined && !/\.(npz|csv)$/.test(data))
    throw inputError("--data", `'${data}' ends in neither .npz nor .csv`);
  if (sweep !== undefined && data?.endsWith(".npz"))
    throw inputError("--data", "a sweep is written as .csv", "ask for the states at a single D");
  checkWritable("--out", out);
  checkWritable("--data", data);
  checkReportPaths({ figures });
}

/** The flags with those of the configuration file, and what the file says of the objective. */
function settled(given: Flags): { readonly flags: Flags; readonly base: Readonly<Record<string, unknown>> } {
  const { flags, base } = withFile(given);
  const own = Object.entries(base).filter(([name]) => OWN.includes(name));
  const spelled = own.map(([name, value]) => [name, typeof value === "boolean" ? value : String(value)]);
  const rest = Object.entries(base).filter(([name]) => !OWN.includes(name));
  return { flags: { ...Object.fromEntries(spelled), ...flags }, base: Object.fromEntries(rest) };
}

function optionsOf({ levels, tolerance, grid }: Flags): Omit<SpectrumOptions, "D"> {
  const shape = grid?.split(/[,x×]/).map((n) => numberFlag("--grid", n));
  return {
    ...(levels === undefined ? {} : { levels: numberFlag("--levels", levels) }),
    ...(tolerance === undefined ? {} : { tolerance: numberFlag("--tolerance", tolerance) }),
    ...(shape === undefined ? {} : { grid: shape.length === 1 ? shape[0] : shape }),
  };
}

/** What is to be found: levels at one D, or a sweep. */
function asked(flags: Flags): (potential: Potential, signal: AbortSignal) => Promise<Told> {
  const options = optionsOf(flags);
  if (flags.sweep !== undefined) {
    if (flags.D !== undefined) throw inputError("--D", "is given beside --sweep", "leave one of them out");
    const range = rangeOf(flags.sweep);
    return async (potential, signal) => toldOfSweep(await sweep(potential, { ...options, ...range }, { signal }));
  }
  if (flags.D === undefined) throw inputError("--D", "is missing", "give D of H = −D∇² + ζ, for instance --D 0.5");
  const D = numberFlag("--D", flags.D);
  return async (potential, signal) => toldOfLevels(potential, await spectrum(potential, { ...options, D }, { signal }));
}

const MOST_ROWS = 10_000;

/** `D=1:0.01:40` as the ends and the number of values. */
function rangeOf(text: string): { readonly from: number; readonly to: number; readonly count: number } {
  const parts = /^D=([^:]+):([^:]+):([^:]+)$/.exec(text.replace(/\s/g, ""));
  if (parts === null) throw inputError("--sweep", `'${text}' is not of the form D=from:to:n`);
  const [from, to, count] = parts.slice(1).map((part) => numberFlag(`--sweep ${text}`, part));
  if (!(Number.isInteger(count) && count >= 2 && count <= MOST_ROWS))
    throw inputError("--sweep", `${count} is not a whole number of values from 2 to ${MOST_ROWS}`);
  return { from, to, count };
}

function toldOfLevels(potential: Potential, found: Spectrum): Told {
  return {
    json: levelsJson(found),
    text: () => describe(found),
    stopped: false,
    warnings: found.warnings,
    data: (path) => (path.endsWith(".npz") ? spectrumNpz(found) : spectrumCsv(found)),
    scenes: () => spectrumScenes(potential, found),
  };
}

function toldOfSweep(found: Sweep): Told {
  const { potential: objective, rows, crossings, stop, warnings } = found;
  return {
    json: { objective, rows, crossings, stop, warnings },
    text: () => describeSweep(found),
    stopped: stop === "aborted",
    warnings,
    data: () => sweepCsv(found),
    scenes: () => [sweepScene(found)],
  };
}

function levelsJson({ potential, D, levels, gap, grid, error, kinetic, potentialPart, ...rest }: Spectrum) {
  const { shape, kept, lower, upper } = grid;
  const { edgeDensity, evaluations, warnings } = rest;
  return {
    ...{ objective: potential, D, levels, gap, grid: { shape, kept, lower, upper }, error, kinetic },
    ...{ potential: potentialPart, edgeDensity, evaluations, warnings },
  };
}

function describe({ potential, D, levels, gap, error, grid }: Spectrum): string {
  const rows = levels.map((level, n) => ({ n, level: exact(level), error: error[n].toExponential(1) }));
  const box = grid.lower.map((low, j) => `${low.toPrecision(4)} … ${grid.upper[j].toPrecision(4)}`).join(" × ");
  return [
    `${potential}, D = ${exact(D)}`,
    "",
    table(rows),
    "",
    ...(gap === null ? [] : [`gap ${exact(gap)}`]),
    `${grid.shape.join(" × ")} points on ${box}`,
  ].join("\n");
}

function describeSweep({ potential, rows, crossings, stop }: Sweep): string {
  const shown = rows.map(({ D, gap, levels }) => ({
    D: D.toPrecision(6),
    E0: levels[0].toPrecision(10),
    gap: gap.toPrecision(6),
  }));
  const told = crossings.map(
    ({ D, gap }) => `the ground state changes wells at D = ${D.toPrecision(4)}, where the gap is ${gap.toPrecision(4)}`,
  );
  if (stop === "aborted") told.push("stopped: what was found is kept");
  return [potential, "", table(shown), ...(told.length > 0 ? ["", ...told] : [])].join("\n");
}
