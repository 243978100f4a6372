/** Points on the command line: JSON, or lines of numbers with or without a header of names. */
import { readFileSync } from "node:fs";
import { inputError } from "../core/errors.ts";
import { isRecord } from "../core/plain.ts";
import { everywhere, type Points, type Potential, points } from "../core/problem.ts";
import { checkPoint, pointAt, realSpace } from "../core/space.ts";
import { readText } from "./common.ts";

type Values = Readonly<Record<string, unknown>>;

/** Points as lists, whose columns may have names, or each as a record of values by name. */
export type GivenPoints =
  | { readonly at: Points; readonly names?: readonly string[] }
  | { readonly records: readonly Values[] };

type Rows = { readonly rows: readonly (number[] | Values)[]; readonly names?: readonly string[] };

/** Points in the argument, in a file, or on standard input (`-`). */
export function readPoints(given: string): GivenPoints {
  const inline = /^[\s[\d.+-]*[[\d{]/.test(given);
  const text = inline ? given : given === "-" ? readFileSync(0, "utf8") : readText("--at", given);
  const { rows, names }: Rows = /^\s*[[{]/.test(text) ? { rows: jsonRows(text) } : lineRows(text);
  if (rows.length > 0 && rows.every(isRecord)) return { records: rows };
  if (!rows.every(isPoint)) throw inputError("--at", "has both lists and records", "write all points alike");
  if (rows.length === 0 || rows[0].length === 0) throw inputError("--at", "holds no points");
  rows.forEach((row, i) => {
    if (!row.every(Number.isFinite)) throw inputError("--at", `point ${i + 1} is not made of finite numbers`);
  });
  return { at: points(rows), ...(names === undefined ? {} : { names }) };
}

/**
 * The points with their coordinates in the order of the potential's axes.
 * @throws where they have other axes, and where one is no point of the potential's variables
 */
export function placedOn(given: GivenPoints, potential: Potential): Points {
  const { domain, names, space } = potential;
  // a point beyond a plain box is a point all the same
  const all = space ?? realSpace(everywhere(domain.lower.length), names);
  const where = (i: number): string => `--at point ${i + 1}`;
  if ("records" in given) return points(given.records.map((record, i) => pointAt(where(i), all, record)));
  const at = ordered(given, potential);
  for (let i = 0; i < at.n; i++) checkPoint(where(i), all, at.x.subarray(i * at.dim, (i + 1) * at.dim));
  return at;
}

function ordered({ at, names }: Extract<GivenPoints, { at: Points }>, potential: Potential): Points {
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

function isPoint(row: unknown): row is number[] {
  return Array.isArray(row) && row.every((v) => typeof v === "number");
}

function jsonRows(text: string): (number[] | Values)[] {
  const json = jsonIn(text);
  if (json === undefined) throw inputError("--at", "is not JSON", "write for instance [[0,0],[1,1]]");
  const rows: unknown = isRecord(json) || (isPoint(json) && json.length > 0) ? [json] : json;
  if (!Array.isArray(rows) || !rows.every((row) => isPoint(row) || isRecord(row)))
    throw inputError("--at", "is not a list of points", 'write for instance [[0,0],[1,1]] or [{"x":0,"y":1}]');
  return rows;
}

/** Whether a cell is a number; NaN and inf are. */
function isNumber(cell: string): boolean {
  return !Number.isNaN(Number(cell)) || /^[+-]?(nan|inf(inity)?)$/i.test(cell);
}

/** A first line without a single number is a header; NaN and inf count as numbers, to be refused as such. */
function lineRows(text: string): Rows {
  const cells = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s*[,;]\s*|\s+/));
  const names = cells[0]?.some(isNumber) === false ? cells[0].map((name) => name.replace(/^"(.*)"$/, "$1")) : undefined;
  const rows = cells.slice(names === undefined ? 0 : 1).map((row) => row.map(Number));
  return { rows, ...(names === undefined ? {} : { names }) };
}
