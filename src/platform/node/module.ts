/** A user's module as a potential: loaded by its path, its default export checked, placed on the domain asked for. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Config, domainOf, namedAxes, placed, spaceOf, withOwn } from "../../config.ts";
import { inputError, messageOf } from "../../core/errors.ts";
import { everywhere, type Potential } from "../../core/problem.ts";
import { type Objective, objective, readObjective } from "../../potentials/objective/index.ts";

/** A module's potential, and whether it answers many points in one call. */
export type Loaded = { readonly potential: Potential; readonly batch: boolean };

/**
 * The potential of a configuration whose objective is a module. The domain of the configuration goes before the
 * module's own.
 * @throws where the module cannot be loaded, exports no objective, or no domain is given
 */
export async function modulePotential(asked: Config): Promise<Loaded> {
  if (!("module" in asked.objective)) throw new Error("not the configuration of a module");
  const path = asked.objective.module;
  const name = basename(path);
  const given = await loadModule(path);
  const { domain: own, names: ownNames, batch, space: ownSpace } = readObjective(name, given);
  const config = withOwn(asked, ownSpace?.named ? ownSpace : undefined, (given as { variables?: unknown }).variables);
  const names = ownNames ?? namedAxes(config);
  const dim = config.dim ?? own?.lower.length ?? names?.length;
  const space = spaceOf(config, dim, names);
  const told = space === undefined ? domainOf(config, dim, names) : undefined;
  const isUntold = told === undefined && space === undefined && own === undefined;
  const domain = isUntold && asked.anywhere && dim !== undefined ? everywhere(dim) : told;
  if (isUntold && domain === undefined)
    throw inputError(
      "--domain",
      `is missing: ${name} exports none in its default export`,
      "add for instance --domain -5:5 --dim 2",
    );
  const on = space !== undefined ? { space } : domain !== undefined ? { domain } : {};
  const potential = placed(objective(given as Objective, { name, ...on }), config);
  const named = names === undefined ? potential : { ...potential, names };
  return { potential: named, batch: batch !== undefined };
}

/**
 * The default export of a module.
 * @param path of a .mjs, .js or .cjs file (TypeScript where Node itself runs it)
 * @throws where there is no such file, it throws, or it has no default export
 */
export async function loadModule(path: string): Promise<unknown> {
  const file = resolve(path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw inputError(path, "was not found", "check the path");
  if (found.isDirectory()) throw inputError(path, "is a directory", "give the file in it");
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (error) {
    throw unloadable(path, file, error);
  }
  if (!("default" in exported)) {
    const others = Object.keys(exported);
    throw inputError(
      path,
      others.length === 0 ? "exports nothing" : `has no default export, only ${others.join(", ")}`,
      "write `export default (x) => …`",
    );
  }
  return unwrapped(exported.default);
}

/** What a compiler made of `export default` in a CommonJS file. */
function unwrapped(given: unknown): unknown {
  const isWrapped = typeof given === "object" && given !== null && "__esModule" in given && "default" in given;
  return isWrapped ? given.default : given;
}

function unloadable(path: string, file: string, error: unknown) {
  const { code, name } = (typeof error === "object" && error !== null ? error : {}) as { code?: string; name?: string };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION")
    return /\.[cm]?tsx?$/.test(file)
      ? inputError(path, `is TypeScript, which Node ${process.versions.node} does not run`, "compile it to JavaScript")
      : inputError(path, "is not a JavaScript module", "give a .mjs, .js or .cjs file");
  const line = lineOf(file, error);
  const what = name === undefined || name === "Error" ? "" : `${name}: `;
  return inputError(line === undefined ? path : `${path}:${line}`, `cannot be loaded: ${what}${messageOf(error)}`);
}

/** The line of a file at which an error arose, where that can be told. */
function lineOf(file: string, error: unknown): number | undefined {
  const line = error instanceof Error ? lineIn(file, error.stack ?? "") : undefined;
  if (line !== undefined || !(error instanceof SyntaxError)) return line;
  // of a flaw of syntax in an ES module Node tells the line only where it prints the error itself
  return lineIn(file, spawnSync(process.execPath, ["--check", file], { encoding: "utf8" }).stderr);
}

/** The line that a stack names first for a file. */
function lineIn(file: string, stack: string): number | undefined {
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const line = at < 0 ? Number.NaN : Number.parseInt(stack.slice(at + name.length + 1), 10);
    if (line > 0) return line;
  }
  return undefined;
}
