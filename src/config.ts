/**
 * Configurations: a run as JSON, versioned and short, and the setup it stands for. What must come from outside this
 * machine-independent code (a module, a program) is handed in.
 */
import { z } from "zod";
import { engines, potentials } from "./catalogue.ts";
import { branching } from "./core/branches.ts";
import type { Noise } from "./core/doubt.ts";
import type { Engine } from "./core/engine.ts";
import { type Entry, readValues } from "./core/entry.ts";
import { inputError, unknownName } from "./core/errors.ts";
import { knownOf, lowestOf, type Placed } from "./core/known.ts";
import type { Best, Limits } from "./core/meter.ts";
import { isRecord } from "./core/plain.ts";
import { type Domain, domain, type Edge, onEach, type Potential, truthOn } from "./core/problem.ts";
import type { Setup } from "./core/run.ts";
import type { Schedule } from "./core/schedule.ts";
import {
  boundsOf,
  boxOf,
  freedomOf,
  isPlainBox,
  isSmooth,
  readSpace,
  realSpace,
  type Space,
  spaceOfAxes,
} from "./core/space.ts";
import { confined, spinEngine } from "./engines/index.ts";
import { checkLimits, formula, limit } from "./potentials/formula/index.ts";
import { type Matrix, readSpins, spins } from "./potentials/ising/index.ts";
import { constrained, retrying } from "./potentials/wrappers.ts";
import { steady } from "./schedules/steady.ts";

const scalar = z.union([z.number(), z.string(), z.boolean()]);
// bounds may be any number here: domain() says which axis has one that is not finite
const bound = z.custom<number>((value) => typeof value === "number", "is not a number");
const interval = z.tuple([bound, bound]);

const objective = z.union(
  [
    z.strictObject({ entry: z.string(), set: z.record(z.string(), scalar).optional() }),
    z.strictObject({
      formula: z.string(),
      vars: z.array(z.string()).optional(),
      set: z.record(z.string(), scalar).optional(),
    }),
    z.strictObject({ module: z.string() }),
    z.strictObject({ exec: z.string() }),
    // the problem itself, as the text of a file: a configuration then holds all there is to it
    z.strictObject({ ising: z.string(), name: z.string().optional() }),
    z.strictObject({ qubo: z.union([z.string(), z.array(z.array(z.unknown()))]), name: z.string().optional() }),
  ],
  "is none of { entry, set? }, { formula, vars?, set? }, { module }, { exec }, { ising, name? } and { qubo, name? }",
);

const whole = z.custom<number>(Number.isSafeInteger, "is not a whole number");
const number = z.custom<number>((value) => typeof value === "number", "is not a number");

const knownPoint = z.strictObject({
  x: z.union([z.array(number), z.record(z.string(), scalar)], "is neither a list nor a record of values"),
  value: z.number("is not a finite number"),
});

const settings = z.strictObject({
  dim: whole.optional(),
  /** One interval for every axis, or one for each, by position or by name. */
  domain: z
    .union(
      [interval, z.array(interval), z.record(z.string(), interval)],
      "is neither [lower, upper] nor a list of these nor a record of these by name",
    )
    .optional(),
  /** Variables by name, in place of a domain. */
  variables: z.record(z.string(), z.unknown(), "is no record of variables").optional(),
  /** Formulas of what must hold: g(x) <= 0, or an inequality. */
  constraints: z.array(z.string(), "is no list of formulas").optional(),
  /** Points whose values are known. */
  known: z.array(knownPoint, "is no list of { x, value }").optional(),
  /** Whether values are in doubt: `auto`, or the standard deviation of their noise. */
  noise: z.union([z.enum(["auto", "none"]), number], "is none of auto, none and a standard deviation").optional(),
  /** How often a point that failed is asked again. */
  retries: whole.optional(),
  edge: z.enum(["open", "wall", "periodic"], "is none of open, wall, periodic").optional(),
  /** Whether gradients are used; where it is left out they are wherever an objective is known to have them. */
  gradient: z.boolean().optional(),
  /** Answers are taken in any order. */
  steady: z.boolean().optional(),
  engine: z.string().default("packets"),
  /** Parameters of the engine. */
  with: z.record(z.string(), scalar).default({}),
  seed: whole.default(0),
  budget: number.optional(),
  target: number.optional(),
  time: number.optional(),
  stall: number.optional(),
  /** The budget for which an annealing schedule was planned; it stays when a study is given more. */
  horizon: z
    .custom<number>((value) => Number.isSafeInteger(value) && Number(value) > 0, "is not a whole number above 0")
    .optional(),
});

const shape = settings.extend({ wick: z.literal(1).default(1), objective });

/** How to run: all of a configuration but the objective. */
export type Settings = z.infer<typeof settings>;
export type Config = z.infer<typeof shape> & {
  /** For points that are given rather than searched: a domain that nobody tells is all of space. Not for files. */
  readonly anywhere?: boolean;
};
export type ObjectiveConfig = Config["objective"];

/**
 * A configuration out of JSON.
 * @param where what errors about the whole begin with
 * @throws naming the field that is wrong and what it should be
 */
export function readConfig(json: unknown, where = "settings"): Config {
  return read(shape, isRecord(json) && ofSpins(json) ? { engine: SPIN_ENGINE, ...json } : json, where);
}

/** Whether an objective is an Ising problem or a QUBO. */
export function ofSpins({ objective }: { readonly objective?: unknown }): boolean {
  return isRecord(objective) && ("ising" in objective || "qubo" in objective);
}

/** The engine of spins where none is named. */
export const SPIN_ENGINE = "pimc";

/** Settings out of JSON; what is left out has its default. Throws as readConfig() does. */
export function readSettings(json: unknown): Settings {
  return read(settings, json, "settings");
}

function read<T>(schema: z.ZodType<T> & { readonly shape: object }, json: unknown, where: string): T {
  const result = schema.safeParse(json, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const { path, message, input } = issue;
  const names = Object.keys(schema.shape);
  if (issue.code === "unrecognized_keys" && path.length === 0)
    throw unknownName(where, issue.keys[0], names, `known: ${names.join(", ")}`);
  const given = typeof input === "number" || typeof input === "string" ? `${input} ` : "";
  throw inputError(path.length > 0 ? path.join(".") : where, `${given}${message}`);
}

/**
 * What makes a configuration the same one however it was spelled: the objective and the engine with all their
 * parameters. A module or program stands as it is named.
 */
export function canonical(config: Config): { readonly objective: unknown; readonly engine: unknown } {
  const { objective: given, dim } = config;
  const found = "entry" in given ? potentials.find(({ name }) => name === given.entry) : undefined;
  const objective =
    "entry" in given && found !== undefined
      ? { entry: given.entry, set: readValues(found, entrySettings(found, given.set, dim)) }
      : "formula" in given
        ? { ...given, set: numbers(given.set) }
        : given;
  return { objective, engine: canonicalEngine(config) };
}

/** The engine with all its parameters, however they were spelled. */
export function canonicalEngine({ engine, with: set }: Pick<Settings, "engine" | "with">): {
  readonly name: string;
  readonly [parameter: string]: unknown;
} {
  const entry = engines.find(({ name }) => name === engine);
  // whether gradients are used can be said in two ways: who asks must look at what the engine needs
  const { gradients: _, ...parameters } = entry === undefined ? { gradients: false } : readValues(entry, set);
  return { name: engine, ...parameters };
}

function entrySettings(found: Entry, set: Readonly<Record<string, unknown>> | undefined, dim: number | undefined) {
  return dim !== undefined && "dim" in found.params ? { dim, ...set } : { ...set };
}

function numbers(set: Readonly<Record<string, unknown>> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name, numberOf(name, value)]));
}

/** A catalogue entry or a formula as a potential; modules and programs are opened by the platform. */
export function builtinPotential(config: Config): Potential {
  const { objective: given, dim } = config;
  if ("entry" in given) {
    const found = potentials.find((p) => p.name === given.entry);
    if (found === undefined)
      throw unknownName(
        "objective",
        given.entry,
        potentials.map((p) => p.name),
        "`wick list potentials` shows all there are, and a module is named by its path, as in ./objective.mjs",
      );
    return placed(found.make(readValues(found, entrySettings(found, given.set, dim))), config);
  }
  if ("formula" in given) {
    const vars = given.vars ?? namedAxes(config);
    const params = numbers(given.set);
    return placed(formula(given.formula, { params, ...(vars === undefined ? {} : { vars }) }), config);
  }
  if ("ising" in given || "qubo" in given) return spinsOf(given, config);
  throw new Error("modules and programs are opened by the platform");
}

/** An Ising or QUBO problem, whose axes are its own. */
function spinsOf(given: Extract<ObjectiveConfig, { name?: unknown }>, config: Config): Potential {
  const form = "ising" in given ? "ising" : "qubo";
  for (const field of ["domain", "variables", "constraints", "known"] as const)
    if (config[field] !== undefined) throw inputError(field, "is given where the axes are spins", "leave it out");
  const text = "ising" in given ? given.ising : (given.qubo as string | Matrix);
  const name = given.name ?? form;
  return placed(spins(readSpins(name, form, text), { name, bits: form === "qubo" }), config);
}

/** The potential on the domain or with the variables that the configuration gives, where it gives any. */
export function placed(potential: Potential, config: Settings): Potential {
  const { domain: own, names } = potential;
  const dim = own.lower.length;
  if (config.dim !== undefined && config.dim !== dim)
    throw inputError("dim", `is ${config.dim} where ${potential.name} has ${dim}`, "leave it out");
  const space = spaceOf(config, dim, names) ?? potential.space;
  const given =
    space === undefined || space === potential.space
      ? (domainOf(config, dim, names) ?? { ...own, edge: config.edge ?? own.edge })
      : boundsOf(space, config.edge);
  const on = { ...potential, domain: given, truth: truthOn(given, potential) };
  if (space === undefined) return on;
  const can = isSmooth(space) ? potential.can : potential.can.filter((kind) => kind === "value");
  return { ...on, can, space };
}

/** The configuration with an objective's own variables behind those that it gives, each by its name. */
export function withOwn<C extends Settings>(config: C, own: Space | undefined, written: unknown): C {
  const { domain, variables, ...rest } = config;
  if (own === undefined) return config;
  const names = own.variables.map(({ name }) => name);
  if (domain !== undefined && Array.isArray(domain))
    throw inputError("domain", "names no axis where the objective has variables", `name them: ${names.join(", ")}`);
  const given = { ...domain, ...variables };
  for (const name of Object.keys(given)) if (!names.includes(name)) throw unknownName("variables", name, names);
  return { ...rest, variables: { ...(written as Readonly<Record<string, unknown>>), ...given } } as C;
}

/**
 * The variables that the configuration gives for `dim` axes, in the order of their names where they have any; undefined
 * where it gives none.
 */
export function spaceOf(config: Settings, dim: number | undefined, names?: readonly string[]): Space | undefined {
  const { variables: given, domain } = config;
  if (given === undefined) {
    const { lower, upper } = domainOf(config, dim, names) ?? { lower: [], upper: [] };
    return spaceOfAxes(lower, upper, names ?? namedAxes(config));
  }
  if (domain !== undefined) throw inputError("variables", "are given beside a domain", "give each variable its bounds");
  const { variables } = readSpace("variables", given);
  if (dim !== undefined && variables.length !== dim)
    throw inputError("variables", `are ${variables.length} where the objective has ${dim}`, "give one for each axis");
  const named = orderNamed("variables", Object.fromEntries(variables.map((v) => [v.name, v])), names);
  return { named: true, variables: named };
}

/** The domain that the configuration gives for `dim` axes, or undefined. */
export function domainOf(config: Settings, dim: number | undefined, names?: readonly string[]): Domain | undefined {
  const { domain: given, edge } = config;
  if (given === undefined) return undefined;
  if (isInterval(given)) {
    if (dim === undefined)
      throw inputError("domain", `one interval ${given.join(":")} does not say how many axes there are`, "add --dim N");
    return bounds(onEach(dim, given[0]), onEach(dim, given[1]), edge, names);
  }
  const axes = Array.isArray(given) ? given : orderNamed("domain", given, names);
  if (dim !== undefined && axes.length !== dim)
    throw inputError(
      "domain",
      `gives ${axes.length} axes where the objective has ${dim}`,
      "give one interval for each",
    );
  const labels = names ?? namedAxes(config);
  return bounds(
    axes.map(([lower]) => lower),
    axes.map(([, upper]) => upper),
    edge,
    labels,
  );
}

/** A domain whose axes may have no width: there the variable is fixed. */
function bounds(lower: number[], upper: number[], edge: Edge | undefined, names?: readonly string[]): Domain {
  const space = spaceOfAxes(lower, upper, names);
  return space === undefined ? domain(lower, upper, edge, names) : boundsOf(space, edge);
}

/** The names of the axes, where the domain or the variables are given by names. */
export function namedAxes({ domain: given, variables }: Settings): readonly string[] | undefined {
  if (variables !== undefined) return Object.keys(variables);
  return given === undefined || Array.isArray(given) ? undefined : Object.keys(given);
}

/** The engine of a configuration for a potential, and its outer loop. */
export function engineOf(config: Settings, potential: Potential): { engine: Engine; schedule: Schedule } {
  const found = engines.find((e) => e.name === config.engine);
  if (found === undefined)
    throw unknownName(
      "engine",
      config.engine,
      engines.map((e) => e.name),
    );
  const gradients = config.gradient !== false && potential.can.includes("gradient");
  const set = "gradients" in found.params ? { gradients, ...config.with } : config.with;
  const values = readValues(found, set);
  const budget = config.horizon ?? budgetOf(config, potential);
  if (potential.couplings !== undefined) return spinEngine(found, potential.couplings, budget, values);
  const { space, domain: on } = potential;
  const known = knownOf(config.known, potential);
  const isPlain = known === undefined && (space === undefined || isPlainBox(space));
  const box = isPlain || space === undefined ? on : boxOf(space, on.edge);
  const schedule = found.anneal?.({ domain: box, budget }, values) ?? steady({ D: 1, dt: 1 });
  const engine = found.make(values);
  if (config.gradient === false && engine.needs.includes("gradient"))
    throw inputError("gradient", `is false, and engine '${engine.name}' asks for it`, "choose metropolis or packets");
  const isLimited = potential.constraints !== undefined;
  const isNoisy = noiseOf(config) !== undefined;
  const whole = space ?? realSpace(on);
  // what is known of ζ says nothing of constraints: there it is only a place to begin
  const start = known === undefined ? undefined : lowestOf(known).x;
  const options = { edge: on.edge, start, once: !isNoisy, ...(isNoisy || isLimited ? {} : { known }) };
  const made = isPlain ? engine : branching(engine, whole, options);
  const beforehand = { mayLimit: isLimited || potential.mayLimit === true, known: isLimited ? undefined : known };
  return { engine: isNoisy || engine.assisted !== true ? made : confined(made, whole, beforehand), schedule };
}

/** The best point that the configuration knows. */
export function bestKnown(config: Settings, on: Placed): Best | undefined {
  const known = knownOf(config.known, on);
  return known === undefined ? undefined : lowestOf(known);
}

/** What the configuration says of noise. */
export function noiseOf({ noise }: Settings): Noise | undefined {
  return noise === "none" ? undefined : noise;
}

/** The potential with the retries and the constraints of the configuration. */
export function guarded(potential: Potential, config: Settings): Potential {
  const { constraints = [], retries = 0 } = config;
  const sure = retries === 0 ? potential : retrying(potential, retries);
  if (constraints.length === 0) return sure;
  const names = potential.names ?? Array.from(potential.domain.lower, (_, j) => `x${j + 1}`);
  const objective = (config as Partial<Config>).objective;
  const params = objective !== undefined && "formula" in objective ? numbers(objective.set) : {};
  const limits = constraints.map((text) => limit(text, names, params));
  checkLimits(limits, potential.domain);
  return constrained(sure, limits);
}

const BUDGET_PER_AXIS = 10_000;

/** Evaluations allowed: as given, else 10⁴ for each axis that is not fixed. */
export function budgetOf(config: Settings, potential: Potential): number {
  const { space, domain: on } = potential;
  const free = space === undefined ? on.lower.length : Math.max(1, freedomOf(space));
  return config.budget ?? BUDGET_PER_AXIS * free;
}

/** Everything run() needs. */
export function setupOf(config: Settings, potential: Potential): Setup {
  const { target, time, stall } = config;
  const noise = noiseOf(config);
  const limits: Limits = {
    budget: budgetOf(config, potential),
    ...(target === undefined ? {} : { target }),
    ...(time === undefined ? {} : { time }),
    ...(stall === undefined ? {} : { stall }),
    ...(noise === undefined ? {} : { noise }),
  };
  // a known value says nothing of constraints
  const known = potential.constraints === undefined ? bestKnown(config, potential) : undefined;
  const best = known === undefined ? {} : { known };
  return { potential, seed: config.seed, ...engineOf(config, potential), ...limits, ...best };
}

function isInterval(given: NonNullable<Settings["domain"]>): given is [number, number] {
  return Array.isArray(given) && typeof given[0] === "number";
}

function orderNamed<T>(where: string, given: Readonly<Record<string, T>>, names?: readonly string[]): readonly T[] {
  if (names === undefined) return Object.values(given);
  for (const name of Object.keys(given)) if (!names.includes(name)) throw unknownName(where, name, names);
  return names.map((name) => {
    if (!Object.hasOwn(given, name))
      throw inputError(where, `says nothing of the axis '${name}'`, `add ${name}=lower:upper`);
    return given[name];
  });
}

function numberOf(name: string, value: unknown): number {
  const number = Number(value);
  if (value === "" || !Number.isFinite(number)) throw inputError(`--set ${name}`, `'${value}' is not a finite number`);
  return number;
}
