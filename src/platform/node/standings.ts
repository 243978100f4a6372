/** Standings in files: what others reached on BBOB, kept so that later runs are held against it without running them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Cell, Standing } from "../../tasks/standing.ts";

/** A cell on disk: f, instance (0 for any), auc, then what is solved at each budget. */
type Row = readonly number[];
type Stored = Omit<Standing, "cells"> & { readonly cells: readonly Row[] };

/** Whence standings are: the commands that made them, and the versions of the peers. */
export type Origin = { readonly commands: readonly string[]; readonly versions: Readonly<Record<string, string>> };
type File = Partial<Origin> & { readonly standings: readonly Stored[] };

/** The standings that come with Wick: the virtual best of 2009, and peers where they were run. */
export function knownStandings(): { readonly best2009: readonly Standing[]; readonly peers: readonly Standing[] } {
  const folder = join(dirname(createRequire(import.meta.url).resolve("wick/package.json")), "bench", "reference");
  const read = (name: string) => readStandings(join(folder, name));
  return { best2009: read("bbob-best2009.json"), peers: read("bbob-peers.json") };
}

/** The standings in a file. Throws where it holds none. */
export function readStandings(path: string): readonly Standing[] {
  return open(path).standings.map((stored) => ({ ...stored, cells: stored.cells.map(cellOf) }));
}

/** Puts standings into a file, one a line and to three digits, in place of those of the same name and dimension. */
export function keepStandings(path: string, origin: Origin, standings: readonly Standing[]): void {
  const { standings: _, commands = [], versions, ...rest } = existsSync(path) ? open(path) : { standings: [] };
  const isNew = (one: Standing): boolean => !standings.some(({ name, dim }) => name === one.name && dim === one.dim);
  const others = existsSync(path) ? readStandings(path).filter(isNew) : [];
  const all = [...others, ...standings].sort((a, b) => a.dim - b.dim);
  const lines = all.map(({ cells, ...own }) => JSON.stringify({ ...own, cells: cells.map(rowOf) }, rounded));
  const whence = { commands: [...commands, ...origin.commands], versions: { ...versions, ...origin.versions } };
  const head = JSON.stringify({ ...rest, ...whence }).slice(0, -1);
  writeFileSync(path, `${head},"standings":[\n${lines.join(",\n")}\n]}\n`);
}

function open(path: string): File {
  const file = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(file?.standings)) throw new Error("there are no standings in it");
  return file;
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(3)) : value;
}

function cellOf([f, instance, auc, ...solved]: Row): Cell {
  return { f, ...(instance === 0 ? {} : { instance }), auc, solved };
}

function rowOf({ f, instance = 0, auc, solved }: Cell): Row {
  return [f, instance, auc, ...solved];
}
