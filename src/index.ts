/**
 * Wick as a library: an objective is the potential ζ of H = −D∇² + ζ, learning is the relaxation to its ground state.
 * The rooms are exported one by one (`wick/engines`, …); here stands what most people need.
 */
import {
  builtinPotential,
  canonicalEngine,
  domainOf,
  guarded,
  namedAxes,
  placed,
  readConfig,
  readSettings,
  type Settings,
  SPIN_ENGINE,
  setupOf,
  spaceOf,
  withOwn,
} from "./config.ts";
import { inputError } from "./core/errors.ts";
import { misfit } from "./core/misfit.ts";
import type { Evaluator, Potential } from "./core/problem.ts";
import type { Setup } from "./core/run.ts";
import { readSpace, type ValuesOf, type VariableSpec } from "./core/space.ts";
import { objective as customPotential, type Objective } from "./potentials/objective/index.ts";
import { type Asker, asker } from "./study/asker.ts";
import { type SteadyAsker, type SteadySaved, steadyAsker } from "./study/steady-asker.ts";
import { type Minimization, type MinimizeOptions, minimize as minimizeSetup } from "./tasks/minimize.ts";

/** An entry of the catalogue, a formula, the text of an Ising problem or a QUBO, a function of a point, an object with `value`, or a potential. */
export type AnyObjective =
  | string
  | { readonly entry: string; readonly set?: Readonly<Record<string, number | string | boolean>> }
  | { readonly formula: string; readonly vars?: readonly string[]; readonly set?: Readonly<Record<string, number>> }
  | { readonly ising: string; readonly name?: string }
  | { readonly qubo: string | readonly (readonly number[])[]; readonly name?: string }
  | Objective
  | Potential;

/**
 * How to run: engine, seed, budget, target, domain or variables, …, how many points at once in any
 * order, and who watches. What is left out has the default of the command. `constraints` are formulas, or a function of a point that returns all g(x) ≤ 0.
 */
export type Options<P = number[]> = Omit<Partial<Settings>, "variables" | "constraints"> &
  Pick<MinimizeOptions, "evaluate" | "observers" | "outstanding" | "signal"> & {
    readonly variables?: Variables;
    readonly constraints?: readonly string[] | ((x: P) => ArrayLike<number> | Promise<ArrayLike<number>>);
  };

export type Variables = Readonly<Record<string, VariableSpec>>;

/**
 * The least value of an objective that the engine finds on the domain, and where.
 * @throws on bad input, before anything is evaluated
 * @example await minimize((x) => (x[0] - 1) ** 2 + x[1] ** 2, { domain: [-5, 5], dim: 2, budget: 2000 })
 * @example await minimize(({ lr, kind }) => …, { variables: { lr: { log: [1e-5, 1] }, kind: { choice: ["a", "b"] } } })
 */
export async function minimize<const V extends Variables>(
  objective: Objective<ValuesOf<V>>,
  options: Options<ValuesOf<V>> & { readonly variables: V },
): Promise<Minimization>;
export async function minimize(objective: AnyObjective, options?: Options): Promise<Minimization>;
export async function minimize(objective: AnyObjective, options: Options = {}): Promise<Minimization> {
  const { evaluate, observers, outstanding, signal, ...settings } = options;
  if (settings.steady === true && outstanding === undefined)
    throw inputError("steady", "does not say how many points may be outstanding", "add for instance outstanding: 8");
  const asked = setupFor(objective, settings, evaluate !== undefined);
  return minimizeSetup(asked, {
    ...(evaluate === undefined ? {} : { evaluate: limitedBy(asked.potential, evaluate) }),
    ...(observers === undefined ? {} : { observers }),
    ...(outstanding === undefined ? {} : { outstanding }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** An evaluator whose answers get what constraints as formulas say, where it tells none itself. */
function limitedBy({ limited }: Potential, evaluate: Evaluator): Evaluator {
  if (limited === undefined) return evaluate;
  return async (query, signal) => {
    const answer = await evaluate(query, signal);
    return misfit(query, answer) === undefined && answer.constraints === undefined ? limited(answer, query.at) : answer;
  };
}

type Asked = Omit<Options, "evaluate" | "observers" | "outstanding" | "signal">;

/**
 * The same, with the caller as the evaluator: ask() for points, tell() their values.
 * @example const study = ask({ domain: [[0, 1], [-5, 5]], budget: 100 })
 */
export function ask(settings: Asked): Asker {
  return asker(unanswered(settings));
}

/**
 * The same with several points outstanding, whose values are told in any order.
 * @param from what an earlier asker of the same settings has saved
 * @example const study = askSteady({ domain: [[0, 1], [-5, 5]] }); const p = study.ask(); study.tell(p.trial, f(p.x))
 */
export function askSteady(settings: Asked, from?: SteadySaved): SteadyAsker {
  const { name: _, ...parameters } = canonicalEngine(readSettings({ engine: settings.engine, with: settings.with }));
  return steadyAsker(unanswered(settings), from, { parameters, known: settings.known });
}

/** A setup whose objective is the caller's. */
function unanswered(settings: Asked): Setup {
  return setupFor(() => Number.NaN, settings, true);
}

/** The parts of a run, for those who drive it themselves: `for await (const frame of run(setup(…)))`. */
export function setup(objective: AnyObjective, options: Asked = {}): Setup {
  return setupFor(objective, options, false);
}

/** @param isTold whether someone else answers, who may tell constraints beside the values */
function setupFor(objective: AnyObjective, options: Asked, isTold: boolean): Setup {
  if (typeof objective === "string") return setupFor({ entry: objective }, options, isTold);
  const { constraints, ...rest } = options;
  if (typeof constraints === "function") return setupFor(withConstraints(objective, constraints), rest, isTold);
  const told = (potential: Potential): Potential => (isTold ? { ...potential, mayLimit: true } : potential);
  const settings = constraints === undefined ? rest : { ...rest, constraints };
  if (objective === null || (typeof objective !== "object" && typeof objective !== "function"))
    throw inputError(
      "objective",
      `${objective} is none`,
      "give a function, a name, { formula }, { value } or a potential",
    );
  if ("entry" in objective || "formula" in objective || "ising" in objective || "qubo" in objective) {
    const config = readConfig({ ...settings, objective });
    return setupOf(config, guarded(told(builtinPotential(config)), config));
  }
  const spins = "couplings" in objective && objective.couplings !== undefined ? { engine: SPIN_ENGINE } : {};
  const read = withOwnVariables(readSettings({ ...spins, ...settings }), objective);
  const potential = "answer" in objective ? objective : customPotential(objective, customOptions(read, objective));
  return setupOf(read, guarded(told(placed(potential, read)), read));
}

/** The settings with an object's own variables behind those that they give. */
function withOwnVariables(settings: Settings, objective: AnyObjective): Settings {
  if (typeof objective !== "object" || !("variables" in objective) || objective.variables === undefined)
    return settings;
  return withOwn(settings, readSpace("objective: variables", objective.variables), objective.variables);
}

function withConstraints(objective: AnyObjective, constraints: (x: number[]) => unknown): Objective {
  if (
    typeof objective !== "function" &&
    (typeof objective !== "object" || objective === null || !("value" in objective))
  )
    throw inputError("constraints", "are a function where the objective is none", "give them as formulas");
  const own = typeof objective === "function" ? { value: objective } : objective;
  return { ...own, constraints: constraints as (x: number[]) => number[] };
}

function customOptions(settings: Settings, objective: Objective) {
  const own = typeof objective === "function" ? undefined : objective;
  const names = own?.names ?? namedAxes(settings);
  const space = spaceOf(settings, settings.dim, names);
  if (space !== undefined) return { space };
  const domain = domainOf(settings, settings.dim, names);
  if (domain === undefined && own?.domain === undefined)
    throw inputError("domain", "is missing", "add for instance domain: [-5, 5], dim: 2");
  return domain === undefined ? {} : { domain };
}

export { builtinPotential, type Config, readConfig, readSettings, type Settings, setupOf } from "./config.ts";
export * from "./core/index.ts";
export { type Judged, type ReproduceOptions, type Reproduction, reproduce } from "./ledger/reproduce.ts";
export { objective } from "./potentials/objective/index.ts";
export { type Asker, asker } from "./study/asker.ts";
export { type AskedPoint, type SteadyAsker, type SteadySaved, steadyAsker } from "./study/steady-asker.ts";
export type { Minimization, MinimizeOptions } from "./tasks/minimize.ts";
