/**
 * What all commands share: their common flags, how a result is printed, how an error is.
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { parse as parseYaml } from "yaml";
import { inputError, messageOf } from "../core/errors.ts";

export type CommonFlags = {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: string;
  readonly out?: string;
  readonly config?: string;
  readonly debug?: boolean;
};

/** Exit statuses, as the contract has them. */
export const DONE = 0;
export const FAILED = 1;
export const BAD_INPUT = 2;
export const INTERRUPTED = 130;

export function common(command: Command): Command {
  return command
    .option("--json", "print one JSON object on standard output and nothing else there")
    .option("--quiet", "no progress and no remarks on standard error")
    .option("--seed <n>", "seed of all randomness (default 0)")
    .option("--out <file>", "write the result as JSON to a file too")
    .option("--config <file>", "take settings from a JSON or YAML file; flags win")
    .option("--debug", "show the stack of an error");
}

/** For a flag that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** The number a flag was given. Throws where it is none. */
export function numberFlag(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw inputError(flag, `'${text}' is not a number`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, ms: 1e-3, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** Seconds out of `60`, `60s`, `500ms`, `5m`, `2h`. */
export function secondsFlag(flag: string, text: string): number {
  const match = /^\s*([\d.eE+-]+)\s*([a-z]*)\s*$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2]] ?? Number.NaN);
  if (!(value > 0))
    throw inputError(flag, `'${text}' is not a time above 0`, "write for instance 500ms, 60s, 5m or 2h");
  return value;
}

/** `key=value` pairs as a record. */
export function settings(flag: string, pairs: readonly string[]): Record<string, string> {
  const set: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at <= 0) throw inputError(flag, `'${pair}' is not of the form key=value`);
    set[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
  }
  return set;
}

/** Reads a JSON or YAML file (every JSON text is YAML too). */
export function readSettingsFile(flag: string, path: string): unknown {
  const text = readText(flag, path);
  try {
    return parseYaml(text);
  } catch (error) {
    throw inputError(`${flag} ${path}`, messageOf(error));
  }
}

export function readText(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw inputError(flag, `cannot read ${path}: ${refusal(error)}`);
  }
}

/** Finds out before the work whether its result can be written. */
export function checkWritable(flag: string, path: string | undefined): void {
  if (path === undefined) return;
  const isNew = !existsSync(path);
  try {
    closeSync(openSync(path, "a"));
    if (isNew) rmSync(path);
  } catch (error) {
    throw inputError(flag, `cannot write ${path}: ${refusal(error)}`, "choose another path or make its folder");
  }
}

const refusals: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of it is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** Why the system refused, in words. */
export function refusal(error: unknown): string {
  return refusals[(error as NodeJS.ErrnoException).code ?? ""] ?? messageOf(error);
}

const print = process.stdout.write.bind(process.stdout);

/** From here on only results reach standard output; what a module prints in this thread goes to standard error. */
export function keepOutputClean(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
}

/** Prints the result: as JSON where that was asked, else as text; writes `--out` after it, so that it is not lost. */
export function deliver(flags: CommonFlags, result: unknown, text: () => string): void {
  const json = JSON.stringify(result);
  print(`${flags.json ? json : text()}\n`);
  if (flags.out !== undefined) writeOutput("--out", flags.out, `${json}\n`);
}

/** A further line of a result that is text. */
export function add(flags: CommonFlags, text: string): void {
  if (!flags.json) print(`${text}\n`);
}

/** Writes the file of a flag. Throws, naming both, where the system refuses: the disk may be full by now. */
export function writeOutput(flag: string, path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw unwritten(flag, path, error);
  }
}

/** That the system refused to write what is already there: no fault of the input, whose result was printed. */
export function unwritten(flag: string, path: string, cause: unknown): Error {
  return new Error(`${flag}: cannot write ${path}: ${refusal(cause)}`, { cause });
}

/** A remark for the person at the terminal. */
export function remark(flags: CommonFlags, text: string): void {
  if (!flags.quiet) process.stderr.write(`${text}\n`);
}
