/**
 * Wick as a library: an objective is the potential ζ of H = −D∇² + ζ, learning is the relaxation to its ground state.
 * The rooms are exported one by one (`wick/engines`, …); here stands what most people need.
 */
import {
  builtinPotential,
  domainOf,
  namedAxes,
  placed,
  readConfig,
  readSettings,
  type Settings,
  setupOf,
} from "./config.ts";
import { inputError } from "./core/errors.ts";
import type { Potential } from "./core/problem.ts";
import type { Setup } from "./core/run.ts";
import { objective as customPotential, type Objective } from "./potentials/objective.ts";
import { type Asker, asker } from "./study/asker.ts";
import { type Minimization, type MinimizeOptions, minimize as minimizeSetup } from "./tasks/minimize.ts";

/** An entry of the catalogue, a formula, a function of a point, an object with `value`, or a potential. */
export type AnyObjective =
  | string
  | { readonly entry: string; readonly set?: Readonly<Record<string, number | string | boolean>> }
  | { readonly formula: string; readonly vars?: readonly string[]; readonly set?: Readonly<Record<string, number>> }
  | Objective
  | Potential;

/** How to run: engine, seed, budget, target, domain, … and who watches. What is left out has the default of the command. */
export type Options = Partial<Settings> & Pick<MinimizeOptions, "evaluate" | "observers" | "signal">;

/**
 * The least value of an objective that the engine finds on the domain, and where.
 * @throws on bad input, before anything is evaluated
 * @example await minimize((x) => (x[0] - 1) ** 2 + x[1] ** 2, { domain: [-5, 5], dim: 2, budget: 2000 })
 */
export async function minimize(objective: AnyObjective, options: Options = {}): Promise<Minimization> {
  const { evaluate, observers, signal, ...settings } = options;
  return minimizeSetup(setup(objective, settings), {
    ...(evaluate === undefined ? {} : { evaluate }),
    ...(observers === undefined ? {} : { observers }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * The same, with the caller as the evaluator: ask() for points, tell() their values.
 * @example const study = ask({ domain: [[0, 1], [-5, 5]], budget: 100 })
 */
export function ask(settings: Partial<Settings>): Asker {
  const unasked = (): number => Number.NaN;
  return asker(setup(unasked, settings));
}

/** The parts of a run, for those who drive it themselves: `for await (const frame of run(setup(…)))`. */
export function setup(objective: AnyObjective, settings: Partial<Settings> = {}): Setup {
  if (typeof objective === "string") return setup({ entry: objective }, settings);
  if (objective === null || (typeof objective !== "object" && typeof objective !== "function"))
    throw inputError(
      "objective",
      `${objective} is none`,
      "give a function, a name, { formula }, { value } or a potential",
    );
  if ("entry" in objective || "formula" in objective) {
    const config = readConfig({ ...settings, objective });
    return setupOf(config, builtinPotential(config));
  }
  const read = readSettings(settings);
  const potential = "answer" in objective ? objective : customPotential(objective, customOptions(read, objective));
  return setupOf(read, placed(potential, read));
}

function customOptions(settings: Settings, objective: Objective) {
  const own = typeof objective === "function" ? undefined : objective.names;
  const domain = domainOf(settings, settings.dim, own ?? namedAxes(settings));
  if (domain === undefined && (typeof objective === "function" || objective.domain === undefined))
    throw inputError("domain", "is missing", "add for instance domain: [-5, 5], dim: 2");
  return domain === undefined ? {} : { domain };
}

export { builtinPotential, type Config, readConfig, readSettings, type Settings, setupOf } from "./config.ts";
export * from "./core/index.ts";
export { objective } from "./potentials/objective.ts";
export { type Asker, asker } from "./study/asker.ts";
export type { Minimization, MinimizeOptions } from "./tasks/minimize.ts";
