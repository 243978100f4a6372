/**
 * Ising and QUBO problems out of text: a coordinate list with a coefficient a line, `i j value` (a field or a diagonal
 * entry where i = j), or a square matrix as JSON or with commas. A list may begin with `n m` (spins and lines to come,
 * as in the G-set), a QUBO's with `p qubo 0 n diagonals couplers` as in qbsolv. Lines that begin with `#` or `c` are remarks.
 */
import { inputError, messageOf } from "../../core/errors.ts";
import { type Ising, ising, isingOfQubo, type Pair } from "../../math/ising.ts";

export type SpinForm = "ising" | "qubo";
export type Matrix = readonly (readonly number[])[];

type Line = { readonly number: number; readonly text: string };
type List = { readonly n: number; readonly pairs: readonly Pair[]; readonly base: number };

const MOST = 1_000_000;
const WRITE = "write lines of 'i j value'";

/**
 * The problem in a text, or of a QUBO's matrix.
 * @param where what errors begin with, such as the file's name
 * @throws naming the line, or the entry of the matrix
 */
export function readSpins(where: string, form: SpinForm, given: string | Matrix): Ising {
  if (typeof given !== "string") return ofMatrix(where, form, given);
  const lines = linesOf(given);
  if (lines.length === 0) throw inputError(where, "holds no coefficients", WRITE);
  if (/^[[{]/.test(lines[0].text)) return ofMatrix(where, form, jsonMatrix(where, given));
  if (lines[0].text.includes(",")) return ofMatrix(where, form, commaMatrix(where, lines));
  const list = readList(where, form, lines);
  return form === "ising" ? ising(list.n, list.pairs) : isingOfQubo(list.n, onePerPair(where, list));
}

function linesOf(text: string): Line[] {
  return text
    .split(/\r\n?|\n/)
    .map((line, at) => ({ number: at + 1, text: line.trim() }))
    .filter(({ text }) => text !== "" && !/^(#|c(\s|$))/.test(text));
}

function readList(where: string, form: SpinForm, lines: readonly Line[]): List {
  const [head, ...rest] = lines;
  const cells = head.text.split(/\s+/);
  if (cells[0] === "p") return promised(where, head, rest, solverHead(where, form, head, cells));
  if (cells.length === 2) {
    const [n, m] = cells.map((cell) => count(at(where, head), cell));
    return promised(where, head, rest, { n, m });
  }
  const found = rows(where, lines, undefined);
  const base = baseOf(found);
  const largest = found.reduce((most, [i, j]) => Math.max(most, i, j), 0);
  return shifted(found, largest + 1 - base, base);
}

type Head = { readonly n: number; readonly m: number; readonly base?: number };

/** `p qubo 0 n diagonals couplers`; indices run from 0. */
function solverHead(where: string, form: SpinForm, head: Line, cells: readonly string[]): Head {
  if (cells[1] !== "qubo" || cells.length !== 6)
    throw inputError(at(where, head), `'${head.text}' is no header`, "write 'p qubo 0 n diagonals couplers'");
  if (form === "ising") throw inputError(at(where, head), "is the header of a QUBO", "read the file as one: --qubo");
  const [n, diagonals, couplers] = cells.slice(3).map((cell) => count(at(where, head), cell));
  return { n, m: diagonals + couplers, base: 0 };
}

/** The lines that a header has promised. */
function promised(where: string, head: Line, lines: readonly Line[], { n, m, base: told }: Head): List {
  if (n < 1 || n > MOST) throw inputError(at(where, head), `${n} spins are promised`, `from 1 to ${MOST} are read`);
  const found = rows(where, lines, n);
  const base = told ?? baseOf(found);
  found.forEach(([i, j], row) => {
    const beyond = [i, j].find((index) => index - base >= n);
    if (beyond !== undefined)
      throw inputError(
        at(where, lines[row]),
        `has the index ${beyond} where the header promises ${n}, counted from ${base}`,
      );
  });
  if (found.length !== m)
    throw inputError(at(where, head), `promises ${m} lines where ${found.length} follow`, "is the file cut short?");
  return shifted(found, n, base);
}

/** Indices are counted from 1, unless one of them is 0. */
function baseOf(found: readonly Pair[]): number {
  return found.some(([i, j]) => i === 0 || j === 0) ? 0 : 1;
}

function shifted(found: readonly Pair[], n: number, base: number): List {
  return { n, base, pairs: found.map(([i, j, value]): Pair => [i - base, j - base, value]) };
}

function rows(where: string, lines: readonly Line[], n: number | undefined): Pair[] {
  return lines.map((line): Pair => {
    const cells = line.text.split(/\s+/);
    if (cells.length !== 3)
      throw inputError(at(where, line), `has ${cells.length} numbers where 'i j value' is expected`);
    const [i, j] = cells.slice(0, 2).map((cell) => count(at(where, line), cell));
    if (Math.max(i, j) > (n ?? MOST))
      throw inputError(at(where, line), `has the index ${Math.max(i, j)}`, `at most ${n ?? MOST} is read`);
    return [i, j, coefficient(at(where, line), cells[2])];
  });
}

function count(where: string, cell: string): number {
  const value = Number(cell);
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw inputError(where, `'${cell}' is not a whole number from 0 on`);
  return value;
}

function coefficient(where: string, cell: string): number {
  const value = cell === "" ? Number.NaN : Number(cell);
  if (!Number.isFinite(value)) throw inputError(where, `'${cell}' is not a finite number`);
  return value;
}

function at(where: string, { number }: Line): string {
  return `${where} line ${number}`;
}

/**
 * A list in which a pair stands both as (i, j) and as (j, i) is a whole matrix, and must be symmetric as one; where each
 * pair stands on one side only, it does not matter on which.
 */
function onePerPair(where: string, { n, pairs, base }: List): readonly Pair[] {
  const sums = new Map<number, number>();
  for (const [i, j, value] of pairs) if (i !== j) sums.set(i * n + j, (sums.get(i * n + j) ?? 0) + value);
  const other = (key: number): number => (key % n) * n + Math.floor(key / n);
  if (![...sums.keys()].some((key) => sums.has(other(key)))) return pairs;
  for (const [key, value] of sums)
    checkSame(where, Math.floor(key / n), key % n, value, sums.get(other(key)) ?? 0, base);
  return pairs;
}

function checkSame(where: string, i: number, j: number, value: number, mirrored: number, base: number): void {
  if (value === mirrored) return;
  throw inputError(
    where,
    `is asymmetric: Q(${i + base}, ${j + base}) is ${value} where Q(${j + base}, ${i + base}) is ${mirrored}`,
    "give a symmetric matrix, or an upper triangle",
  );
}

function jsonMatrix(where: string, text: string): Matrix {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw inputError(where, `is not JSON: ${messageOf(error)}`);
  }
  if (!Array.isArray(given) || !given.every(Array.isArray))
    throw inputError(where, "is JSON, but no matrix", "write [[…], […], …]");
  return given;
}

function commaMatrix(where: string, lines: readonly Line[]): Matrix {
  return lines.map((line) => line.text.split(",").map((cell) => coefficient(at(where, line), cell.trim())));
}

/** xᵀQx of a square matrix that is symmetric or an upper triangle. */
function ofMatrix(where: string, form: SpinForm, Q: Matrix): Ising {
  if (form === "ising")
    throw inputError(where, "is a matrix, which is read as a QUBO only", `of an Ising problem ${WRITE}`);
  const n = Q.length;
  if (n === 0) throw inputError(where, "is a matrix without rows", "give at least one");
  Q.forEach((row, i) => {
    if (row.length !== n)
      throw inputError(where, `is not square: row ${i + 1} has ${row.length} entries where there are ${n} rows`);
    row.forEach((value, j) => {
      if (typeof value !== "number" || !Number.isFinite(value))
        throw inputError(where, `Q(${i + 1}, ${j + 1}) is ${JSON.stringify(value)}, no finite number`);
    });
  });
  const isUpper = Q.every((row, i) => row.every((value, j) => j >= i || value === 0));
  if (!isUpper) for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) checkSame(where, i, j, Q[i][j], Q[j][i], 1);
  return isingOfQubo(
    n,
    Q.flatMap((row, i) => row.flatMap((value, j): Pair[] => (value === 0 ? [] : [[i, j, value]]))),
  );
}
