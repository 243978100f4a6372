/**
 * The objective on the command line, in any of its forms, and the run around it: flags and configuration file → Config.
 */
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type Config, readConfig } from "../config.ts";
import { inputError } from "../core/errors.ts";
import { isRecord } from "../core/plain.ts";
import type { Potential } from "../core/problem.ts";
import { type CommonFlags, collect, numberFlag, readSettingsFile, readText, secondsFlag, settings } from "./common.ts";
import { domainFlag } from "./domain.ts";
import { readKnown } from "./points.ts";

export type ObjectiveFlags = CommonFlags & {
  readonly set?: readonly string[];
  readonly formula?: string;
  readonly vars?: string;
  readonly exec?: string;
  readonly ising?: string;
  readonly qubo?: string;
  readonly dim?: string;
  readonly domain?: readonly string[];
  readonly edge?: string;
  readonly workers?: string;
  readonly timeout?: string;
};

export type RunFlags = ObjectiveFlags & {
  readonly engine?: string;
  readonly budget?: string;
  readonly target?: string;
  readonly time?: string;
  readonly stall?: string;
  readonly gradient?: boolean;
  readonly constraint?: readonly string[];
  readonly known?: string;
  readonly noise?: string;
  readonly retries?: string;
  readonly steady?: boolean;
};

export const OBJECTIVES = `
An objective is one of
  rastrigin                        an entry of \`wick list potentials\`; --set key=value sets its parameters
  ./objective.mjs                  a module: export default (x) => number, or an object with value and, where it has them,
                                   gradient, batch, domain, names, variables, constraints
  --formula "x^4 - 3*x^2 + y^2"    a formula; --set lam=0.1 gives a name a value
  --exec "./simulate --json"       a program: {"x":[…]} a line on its input, {"value":…} a line on its output,
                                   with --gradient {"value":…,"gradient":[…]}; "constraints":[…] where it has any
  ./problem.ising, ./problem.qubo  spins: lines 'i j J', or the matrix of a QUBO; --ising FILE and --qubo FILE of any name`;

export function objectiveOptions(command: Command): Command {
  return command
    .option("--set <key=value>", "parameter of the objective, or engine.key=value of the engine", collect)
    .option("--formula <text>", "a formula as the objective")
    .option("--vars <names>", "order of the formula's variables, for instance x,y")
    .option("--exec <command>", "a program as the objective")
    .option(
      "--ising <file>",
      "an Ising problem as the objective: E = Σ J s s + Σ h s, lines 'i j J', of a field 'i i h'",
    )
    .option("--qubo <file>", "a QUBO as the objective: xᵀQx, lines 'i j Q', or a matrix in JSON or with commas")
    .option("--dim <n>", "dimension, where it is free")
    .option(
      "--domain <bounds>",
      "lower:upper of all axes, or name=lower:upper of one; name=log:lower:upper, name=int:lower:upper, name=choice:a|b, name=value",
      collect,
    )
    .option("--edge <kind>", "what lies at the bounds: open, wall or periodic")
    .option("--workers <n>", "evaluate in so many worker threads or processes")
    .option("--timeout <time>", "longest time for one evaluation of a module or program (default 60s)");
}

/** What a configuration file may hold beside the configuration itself: flags, by their long names. */
const FILE_FLAGS = ["workers", "timeout", "study", "resume", "report", "figures", "explain", "out", "json", "quiet"];

/**
 * The flags with those of the configuration file behind them, and the rest of the file; flags win.
 * @param own flags of the command that a file may hold too
 */
export function withFile<F extends CommonFlags>(
  flags: F,
  own: readonly string[] = [],
): { readonly flags: F; readonly base: Record<string, unknown> } {
  if (flags.config === undefined) return { flags, base: {} };
  const file = readSettingsFile("--config", flags.config);
  if (!isRecord(file)) throw inputError(`--config ${flags.config}`, "does not hold a record of settings");
  const base: Record<string, unknown> = {};
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(file))
    if (!FILE_FLAGS.includes(name) && !own.includes(name)) base[name] = value;
    else given[name] = typeof value === "boolean" || isTexts(value) ? value : String(value);
  return { flags: { ...given, ...flags }, base: spelled(base, dirname(resolve(flags.config))) };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((v) => typeof v === "string");
}

/** A file's settings may be spelled as the flags are; a module's path is meant from the file's folder. */
function spelled(base: Record<string, unknown>, folder: string): Record<string, unknown> {
  const { objective, domain, engine, time } = base;
  const read = { ...base };
  if (typeof objective === "string") read.objective = objectiveFrom(objective, {}, {}, folder);
  else if (isRecord(objective) && typeof objective.module === "string")
    read.objective = { ...objective, module: resolve(folder, objective.module) };
  if (typeof domain === "string") {
    delete read.domain;
    Object.assign(read, domainFlag([domain]));
  }
  if (typeof base.constraints === "string") read.constraints = [base.constraints];
  if (typeof base.known === "string") read.known = readKnown(resolve(folder, base.known));
  if (typeof time === "string") read.time = secondsFlag("time", time);
  if (typeof engine === "string") {
    const [name, inline] = engineSpec(engine);
    read.engine = name;
    if (Object.keys(inline).length > 0) read.with = { ...inline, ...(isRecord(base.with) ? base.with : {}) };
  }
  return read;
}

/** The configuration that the flags give on top of a base: a file's, or that of the study that is resumed. */
export function configFrom(
  positional: string | undefined,
  flags: RunFlags,
  base: Readonly<Record<string, unknown>> = {},
): Config {
  const { own, engine } = splitSettings(flags.set ?? []);
  const json: Record<string, unknown> = { ...base };
  const objective = objectiveFrom(positional, flags, own) ?? withSettings(base.objective, own);
  if (objective === undefined)
    throw inputError(
      "objective",
      "none was given",
      "name an entry or a module, or use --formula, --exec, --ising or --qubo",
    );
  json.objective = objective;
  const [name, inline] = engineSpec(flags.engine);
  if (name !== undefined) json.engine = name;
  const given = { ...(name === undefined && isRecord(base.with) ? base.with : {}), ...inline, ...engine };
  if (name !== undefined || Object.keys(given).length > 0) json.with = given;
  if (flags.domain !== undefined) {
    // where a search takes place is said once: a flag takes the place of all that a file says of it
    delete json.domain;
    delete json.variables;
    Object.assign(json, domainFlag(flags.domain));
  }
  if (flags.constraint !== undefined) json.constraints = flags.constraint;
  if (flags.known !== undefined) json.known = readKnown(flags.known);
  if (flags.noise !== undefined)
    json.noise = /^(auto|none)$/.test(flags.noise) ? flags.noise : numberFlag("--noise", flags.noise);
  if (flags.retries !== undefined) json.retries = numberFlag("--retries", flags.retries);
  if (flags.edge !== undefined) json.edge = flags.edge;
  if (flags.gradient !== undefined) json.gradient = flags.gradient;
  if (flags.steady !== undefined) json.steady = flags.steady;
  if (flags.time !== undefined) json.time = secondsFlag("--time", flags.time);
  for (const field of ["dim", "seed", "budget", "target", "stall"] as const) {
    const text = flags[field];
    if (text !== undefined) json[field] = numberFlag(`--${field}`, text);
  }
  return readConfig(json, flags.config === undefined ? undefined : `--config ${flags.config}`);
}

/** `name` or `name:key=value:key=value` */
export function engineSpec(text: string | undefined): readonly [string | undefined, Record<string, string>] {
  if (text === undefined) return [undefined, {}];
  const [name, ...pairs] = text.split(":");
  return [name, settings("--engine", pairs)];
}

const ENGINE = "engine.";

/** Refuses engine.key=value where no engine of the command takes any. */
export function refuseEngineSettings({ set = [] }: ObjectiveFlags): void {
  const [key] = Object.keys(splitSettings(set).engine);
  if (key !== undefined)
    throw inputError(
      `--set ${ENGINE}${key}`,
      "no engine here takes settings",
      "leave it out, or see --help for what it takes",
    );
}

function splitSettings(pairs: readonly string[]): { own: Record<string, string>; engine: Record<string, string> } {
  const own: Record<string, string> = {};
  const engine: Record<string, string> = {};
  for (const [key, value] of Object.entries(settings("--set", pairs)))
    if (key.startsWith(ENGINE)) engine[key.slice(ENGINE.length)] = value;
    else own[key] = value;
  return { own, engine };
}

function objectiveFrom(
  positional: string | undefined,
  flags: Pick<ObjectiveFlags, "formula" | "vars" | "exec" | "ising" | "qubo">,
  set: Record<string, string>,
  folder = ".",
): Record<string, unknown> | undefined {
  const given = [positional, flags.formula, flags.exec, flags.ising, flags.qubo].filter((form) => form !== undefined);
  if (given.length > 1) throw inputError("objective", `${given.length} were given: ${given.join(", ")}`, "give one");
  const settable = Object.keys(set).length > 0 ? { set } : {};
  if (flags.formula !== undefined) {
    const vars = flags.vars === undefined ? {} : { vars: flags.vars.split(",").map((name) => name.trim()) };
    return { formula: flags.formula, ...vars, ...settable };
  }
  const spins = spinsFrom(positional, flags, folder);
  if (spins !== undefined && "set" in settable)
    throw inputError("--set", "sets parameters of entries and formulas", "a problem of spins takes none");
  if (spins !== undefined) return spins;
  const isModule = positional !== undefined && /[/\\]|\.[cm]?[jt]s$|^\.+$/.test(positional);
  if (positional !== undefined && !isModule) return { entry: positional, ...settable };
  if ("set" in settable && (isModule || flags.exec !== undefined))
    throw inputError("--set", "sets parameters of entries and formulas", "a module or program takes none");
  if (isModule) return { module: resolve(folder, positional) };
  return flags.exec === undefined ? undefined : { exec: flags.exec };
}

/** A file of an Ising problem or a QUBO, told by its flag or by the end of its name, as the text in it. */
function spinsFrom(
  positional: string | undefined,
  { ising, qubo }: Pick<ObjectiveFlags, "ising" | "qubo">,
  folder: string,
): Record<string, unknown> | undefined {
  const form =
    ising !== undefined ? "ising" : qubo !== undefined ? "qubo" : /\.(ising|qubo)$/i.exec(positional ?? "")?.[1];
  if (form === undefined) return undefined;
  const path = resolve(folder, ising ?? qubo ?? positional ?? "");
  return { [form.toLowerCase()]: readText("objective", path), name: basename(path) };
}

/** Refuses variables that a wave function cannot be held over, for the commands that hold one. */
export function checkRealAxes({ name, space, couplings }: Potential): void {
  if (couplings !== undefined)
    throw inputError(name, "has spins for axes, not real variables", "find its ground state by wick minimize");
  const odd = space?.variables.find(({ kind }) => kind !== "real");
  if (odd?.kind === "fixed")
    throw inputError(`domain.${odd.name}`, `lower and upper are both ${odd.worth}`, "give the axis some width");
  if (odd !== undefined) throw inputError(`domain.${odd.name}`, `is of the kind ${odd.kind}`, "give it an interval");
}

function withSettings(objective: unknown, set: Record<string, string>): unknown {
  if (Object.keys(set).length === 0 || !isRecord(objective)) return objective;
  return { ...objective, set: { ...(isRecord(objective.set) ? objective.set : {}), ...set } };
}
