/** The flags of `wick evolve`, each as what the task takes. */
import { readFileSync } from "node:fs";
import { schedules } from "../catalogue.ts";
import { readValues } from "../core/entry.ts";
import { inputError, messageOf, unknownName } from "../core/errors.ts";
import type { Domain } from "../core/problem.ts";
import type { Schedule } from "../core/schedule.ts";
import type { GridEdge, Region } from "../engines/grid/index.ts";
import { csv, npz, readNpy, readNpz } from "../report/data.ts";
import type { Evolution, EvolveSetup, Measured } from "../tasks/evolve.ts";
import { numberFlag, readText, settings } from "./common.ts";

const ANGLES: Readonly<Record<string, number>> = { real: Math.PI / 2, imaginary: 0 };

/** `real`, `imaginary`, or degrees from 0 (imaginary) to 90 (real). */
export function angleFlag(text: string): number {
  const named = ANGLES[text];
  if (named !== undefined) return named;
  const degrees = Number(text);
  if (text.trim() === "" || !(degrees >= 0 && degrees <= 90))
    throw inputError("--time", `'${text}' is no way of time`, "write real, imaginary, or degrees from 0 to 90");
  return degrees === 90 ? Math.PI / 2 : (degrees * Math.PI) / 180;
}

/** Points per axis where none are given, in one, two and three dimensions. */
const POINTS = [1024, 256, 64];

/** `N`, the same for every axis, or `N,M,K`. */
export function gridFlag(text: string | undefined, dim: number): readonly number[] {
  const sizes = text === undefined ? [POINTS[dim - 1] ?? 64] : text.split(",").map((n) => numberFlag("--grid", n));
  const bad = sizes.find((n) => !(Number.isSafeInteger(n) && n >= 3));
  if (bad !== undefined) throw inputError("--grid", `${bad} is not a whole number of points from 3 up`);
  if (sizes.length !== 1 && sizes.length !== dim)
    throw inputError("--grid", `${text} has ${sizes.length} sizes where ζ has ${dim} axes`, "give one for each axis");
  return sizes.length === 1 ? new Array<number>(dim).fill(sizes[0]) : sizes;
}

const EDGES: readonly string[] = ["periodic", "wall", "absorbing"];

export function edgeFlag(text: string | undefined): GridEdge | undefined {
  if (text === undefined) return undefined;
  if (!EDGES.includes(text)) throw unknownName("--edge", text, EDGES);
  return text as GridEdge;
}

/** `disc:c1,…,r`, `box:l1,u1,l2,u2,…`, or `half:n1,…,c` for n · x ≥ c. */
export function regionFlag(text: string): Region {
  const [kind, list = ""] = text.split(":");
  const numbers = list.split(",").map((n) => numberFlag(`--observe ${text}`, n));
  const all = numbers.slice(0, -1);
  const last = numbers[numbers.length - 1];
  if (kind === "disc" && all.length > 0) {
    if (!(last > 0)) throw inputError(`--observe ${text}`, `radius ${last} is not above 0`);
    return { kind, center: all, radius: last };
  }
  if (kind === "half" && all.length > 0) return { kind, normal: all, offset: last };
  if (kind === "box" && numbers.length % 2 === 0)
    return { kind, lower: numbers.filter((_, i) => i % 2 === 0), upper: numbers.filter((_, i) => i % 2 === 1) };
  throw inputError(
    "--observe",
    `'${text}' is no region`,
    "write disc:center…,radius, box:lower,upper,… axis by axis, or half:normal…,offset",
  );
}

/** `name`, or `name:key=value…`; keys may come apart too, as `--set from.key=value`. */
export function startFlag(
  text: string,
  extra: Readonly<Record<string, string>>,
  shape: readonly number[],
): EvolveSetup["start"] {
  if (/\.(npy|npz|csv)$/i.test(text) || /^(file|density):/.test(text)) return fileStart(text, shape);
  const [kind, ...pairs] = text.split(":");
  const given: Record<string, string> = { ...settings("--from", pairs), ...extra };
  const known = STARTS[kind];
  if (known === undefined) throw unknownName("--from", kind, [...Object.keys(STARTS), "file:PATH", "density:PATH"]);
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownName(`--from ${kind}`, name, known);
  const list = (name: string): number[] | undefined =>
    given[name]?.split(",").map((n) => numberFlag(`--from ${kind}:${name}`, n));
  if (kind === "uniform") return { kind };
  if (kind === "eigenstate") return { kind, level: levelOf(given.level ?? "0") };
  return { kind: "gaussian", mean: list("mean"), sigma: list("sigma"), momentum: list("momentum") };
}

const STARTS: Readonly<Record<string, readonly string[]>> = {
  gaussian: ["mean", "sigma", "momentum"],
  uniform: [],
  eigenstate: ["level"],
};

function levelOf(text: string): number {
  const level = numberFlag("--from eigenstate:level", text);
  if (!(Number.isSafeInteger(level) && level >= 0))
    throw inputError("--from eigenstate:level", `${text} is not a whole number from 0`);
  return level;
}

/** ψ out of a file, or √ of a density. */
function fileStart(text: string, shape: readonly number[]): EvolveSetup["start"] {
  const path = text.replace(/^(file|density):/, "");
  const { re, im, density } = /\.np[yz]$/i.test(path) ? numpyWave(path, shape) : csvWave(path);
  if (!density && !text.startsWith("density:")) return { kind: "wave", re, im };
  if (im !== undefined) throw inputError("--from", `${path} holds complex numbers where a density is real`);
  const negative = re.find((v) => !(v >= 0));
  if (negative !== undefined) throw inputError("--from", `${path} holds ${negative} where a density is 0 or more`);
  return { kind: "wave", re: re.map(Math.sqrt) };
}

type WaveFile = { readonly re: Float64Array; readonly im?: Float64Array | undefined; readonly density: boolean };

function numpyWave(path: string, shape: readonly number[]): WaveFile {
  const file = bytesOf(path);
  const arrays = /\.npz$/i.test(path) ? readNpz(file, path) : { psi: readNpy(file, path) };
  const array = arrays.psi ?? arrays.density;
  if (array === undefined) throw inputError("--from", `${path} holds neither 'psi' nor 'density'`);
  if (array.shape.join() !== shape.join())
    throw inputError(
      "--from",
      `${path} holds ${array.shape.join(" × ")} points where the grid has ${shape.join(" × ")}`,
      `use --grid ${array.shape.join(",")}`,
    );
  const { data } = array;
  const density = arrays.psi === undefined;
  return "re" in data ? { re: data.re, im: data.im, density } : { re: Float64Array.from(data), density };
}

/** Lines of `re` or `re,im`, row-major; a header line may name the columns: re, im, psi, density; others are passed over. */
function csvWave(path: string): WaveFile {
  const lines = readText("--from", path)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const cells = (line: string): string[] => line.split(/[\s,;]+/);
  const named = /[a-z]/i.test((lines[0] ?? "").replace(/e[+-]?\d+/gi, ""));
  const names = named ? cells(lines[0]) : ["re", "im"].slice(0, cells(lines[0] ?? "").length);
  const rows = (named ? lines.slice(1) : lines).map(cells);
  const column = (...wanted: string[]): Float64Array | undefined => {
    const at = names.findIndex((name) => wanted.includes(name));
    if (at < 0) return undefined;
    return Float64Array.from(rows, (row, i) => numberFlag(`--from ${path} row ${i + 1}`, row[at] ?? ""));
  };
  const re = column("re", "psi");
  const density = column("density");
  if (re !== undefined) return { re, im: column("im"), density: false };
  if (density !== undefined) return { re: density, density: true };
  throw inputError(`--from ${path}`, `has columns ${names.join(", ")}`, "name one re, psi or density");
}

function bytesOf(path: string): Uint8Array {
  try {
    // a copy: the bytes of a small file lie in a pool
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw inputError("--from", `cannot read ${path}: ${messageOf(error)}`);
  }
}

/**
 * A schedule with explicit time, as `name` or `name:key=value…`; what it shares with the run (duration, dt, steps, D, the
 * width of the domain) is the run's where it is not given.
 */
export function scheduleFlag(
  text: string,
  run: { readonly duration: number; readonly dt: number; readonly D?: number | undefined; readonly domain: Domain },
): Schedule & Required<Pick<Schedule, "at">> {
  const [name, ...pairs] = text.split(":");
  const found = schedules.find((s) => s.name === name);
  if (found === undefined)
    throw unknownName(
      "--schedule",
      name,
      schedules.map((s) => s.name),
    );
  const given = settings("--schedule", pairs);
  const shared: Record<string, unknown> = { duration: run.duration, dt: run.dt, D: run.D };
  if ("steps" in found.params) shared.steps = Math.max(1, Math.ceil(run.duration / run.dt - 1e-9));
  if ("width" in found.params && given.width === undefined) shared.width = widthOf(run.domain, name);
  const fitting = Object.entries(shared).filter(([key, value]) => key in found.params && value !== undefined);
  const schedule = found.make(readValues(found, { ...Object.fromEntries(fitting), ...given }));
  const { at } = schedule;
  if (at === undefined)
    throw inputError("--schedule", `${name} follows what a run reports and knows no time of its own`, "choose another");
  return { ...schedule, at };
}

/** The width that all axes have. */
function widthOf({ lower, upper }: Domain, name: string): number {
  const width = upper[0] - lower[0];
  for (let j = 1; j < lower.length; j++)
    if (Math.abs(upper[j] - lower[j] - width) > 1e-12 * width)
      throw inputError(
        "--domain",
        `${name} maps the domain to a cube, and axis ${j + 1} is ${upper[j] - lower[j]} wide where the first is ${width}`,
        "give all axes the same width",
      );
  return width;
}

/** The trace as .csv, or with ψ at the end and the axes as .npz, which `--from` reads again. */
export function dataOf({ trace, view }: Evolution, path: string): string | Uint8Array {
  const [first] = trace;
  const column = (of: (row: Measured) => number | undefined): Float64Array =>
    Float64Array.from(trace, (row) => of(row) ?? Number.NaN);
  const columns: Record<string, Float64Array> = {};
  for (const name of ["time", "D", "norm", "energy", "kinetic", "potential", "growth", "spread", "edge"] as const)
    if (name !== "growth" || trace.some((row) => row.growth !== undefined)) columns[name] = column((row) => row[name]);
  first.mean.forEach((_, j) => {
    columns[`mean${j + 1}`] = column((row) => row.mean[j]);
  });
  first.probabilities?.forEach((_, i) => {
    columns[`probability${i + 1}`] = column((row) => row.probabilities?.[i]);
  });
  first.levels?.forEach((_, n) => {
    columns[`level${n}`] = column((row) => row.levels?.[n]);
  });
  if (path.endsWith(".csv")) return csv(columns);
  const { axes, density, re, im } = view;
  const shape = axes.map(({ length }) => length);
  const psi =
    re === undefined || im === undefined ? { density: { shape, data: density } } : { psi: { shape, data: { re, im } } };
  const flat = (data: Float64Array) => ({ shape: [data.length], data });
  return npz({
    ...psi,
    ...Object.fromEntries(axes.map((axis, j) => [`axis${j + 1}`, flat(axis)])),
    ...Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, flat(data)])),
  });
}
