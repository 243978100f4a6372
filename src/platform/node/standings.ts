/** Standings in files: what others reached on BBOB, kept so that later runs are held against it without running them. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Cell, Standing } from "../../tasks/standing.ts";

/** Whence a file's standings are. */
export type Origin = Readonly<Record<string, unknown>>;

/** A cell on disk: f, instance (0 for any), auc, then what is solved at each budget. */
type Row = readonly number[];
type Stored = Omit<Standing, "cells"> & { readonly cells: readonly Row[] };

/** The standings that come with Wick: the virtual best of 2009, and peers where they were run. */
export function knownStandings(): { readonly best2009: readonly Standing[]; readonly peers: readonly Standing[] } {
  const folder = join(dirname(createRequire(import.meta.url).resolve("wick/package.json")), "bench", "reference");
  const read = (name: string) => readStandings(join(folder, name));
  return { best2009: read("bbob-best2009.json"), peers: read("bbob-peers.json") };
}

export function readStandings(path: string): readonly Standing[] {
  const { standings }: { standings: readonly Stored[] } = JSON.parse(readFileSync(path, "utf8"));
  return standings.map((stored) => ({ ...stored, cells: stored.cells.map(cellOf) }));
}

/** Writes standings, one a line, to three digits. */
export function writeStandings(path: string, origin: Origin, standings: readonly Standing[]): void {
  const lines = standings.map(({ cells, ...rest }) => JSON.stringify({ ...rest, cells: cells.map(rowOf) }, rounded));
  const head = JSON.stringify(origin).slice(0, -1);
  writeFileSync(path, `${head},"standings":[\n${lines.join(",\n")}\n]}\n`);
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
