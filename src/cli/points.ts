/** Points on the command line: JSON, or lines of numbers with or without a header of names. */
import { readFileSync } from "node:fs";
import { inputError } from "../core/errors.ts";
import { type Points, type Potential, points } from "../core/problem.ts";
import { readText } from "./common.ts";

export type NamedPoints = { readonly at: Points; readonly names?: readonly string[] };

/** Points in the argument, in a file, or on standard input (`-`). */
export function readPoints(given: string): NamedPoints {
  const inline = /^[\s[\d.+-]*[[\d]/.test(given);
  const text = inline ? given : given === "-" ? readFileSync(0, "utf8") : readText("--at", given);
  const { rows, names } = text.trim().startsWith("[") ? { rows: jsonRows(text) } : lineRows(text);
  if (rows.length === 0 || rows[0].length === 0) throw inputError("--at", "holds no points");
  rows.forEach((row, i) => {
    if (!row.every(Number.isFinite)) throw inputError("--at", `point ${i + 1} is not made of finite numbers`);
  });
  return { at: points(rows), ...(names === undefined ? {} : { names }) };
}

/** The points with their coordinates in the order of the potential's axes. */
export function ordered({ at, names }: NamedPoints, potential: Potential): Points {
  const dim = potential.domain.lower.length;
  if (at.dim !== dim) throw inputError("--at", `points have ${at.dim} coordinates where the objective has ${dim}`);
  if (names === undefined) return at;
  const axes = potential.names ?? Array.from({ length: dim }, (_, j) => `x${j + 1}`);
  const columns = axes.map((axis) => names.indexOf(axis));
  if (columns.includes(-1))
    throw inputError(
      "--at",
      `names the columns ${names.join(", ")} where the axes are ${axes.join(", ")}`,
      "rename them",
    );
  return { ...at, x: at.x.map((_, e) => at.x[e - (e % dim) + columns[e % dim]]) };
}

/**
 * Points whose values are known, out of a file: JSON [{"x": […] or {…}, "value": v}, …], or CSV with a header of names,
 * of which `value` is one. The CSV that `wick studies export` writes will do: its failed trials are left out.
 */
export function readKnown(path: string): unknown {
  const where = `--known ${path}`;
  const text = readText("--known", path);
  if (text.trim().startsWith("[") || /\.json$/i.test(path)) {
    const json = jsonIn(text);
    if (!Array.isArray(json))
      throw inputError(where, "is not a list in JSON", 'write for instance [{"x":[0,1],"value":2.5}]');
    return json;
  }
  const [head, ...lines] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(csvCells);
  if (head === undefined || !head.includes("value"))
    throw inputError(where, "has no column 'value'", "begin with a line of names, such as x,y,value");
  const known = lines.map((cells, i) => {
    if (cells.length !== head.length)
      throw inputError(`${where} line ${i + 2}`, `has ${cells.length} cells where the header has ${head.length}`);
    const record = Object.fromEntries(head.map((name, j) => [name, cells[j]]));
    const { value, trial: _trial, failure: _failure, ...x } = record;
    if (value !== "" && !isNumber(value))
      throw inputError(`${where} line ${i + 2}`, `value '${value}' is not a number`);
    return { x, value: Number(value === "" ? Number.NaN : value) };
  });
  const usable = known.filter(({ value }) => Number.isFinite(value));
  if (usable.length === 0) throw inputError(where, "holds no point with a finite value");
  return usable;
}

/** The cells of a line of CSV (RFC 4180, without line feeds in cells). */
function csvCells(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)?.slice(0, line.endsWith(",") ? undefined : -1) ?? [];
  return cells.map((cell) =>
    cell
      .replace(/,$/, "")
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .replaceAll('""', '"'),
  );
}

/** Undefined where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function jsonRows(text: string): number[][] {
  const json = jsonIn(text);
  if (json === undefined) throw inputError("--at", "is not JSON", "write for instance [[0,0],[1,1]]");
  const isPoint = (row: unknown): row is number[] => Array.isArray(row) && row.every((v) => typeof v === "number");
  const rows: unknown = isPoint(json) && json.length > 0 ? [json] : json;
  if (!Array.isArray(rows) || !rows.every(isPoint))
    throw inputError("--at", "is not a list of points", "write for instance [[0,0],[1,1]]");
  return rows;
}

/** Whether a cell is a number; NaN and inf are. */
function isNumber(cell: string): boolean {
  return !Number.isNaN(Number(cell)) || /^[+-]?(nan|inf(inity)?)$/i.test(cell);
}

/** A first line without a single number is a header; NaN and inf count as numbers, to be refused as such. */
function lineRows(text: string): { rows: number[][]; names?: readonly string[] } {
  const cells = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s*[,;]\s*|\s+/));
  const names = cells[0]?.some(isNumber) === false ? cells[0].map((name) => name.replace(/^"(.*)"$/, "$1")) : undefined;
  const rows = cells.slice(names === undefined ? 0 : 1).map((row) => row.map(Number));
  return { rows, ...(names === undefined ? {} : { names }) };
}
