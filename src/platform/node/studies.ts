/** Stored studies: found in folders and read without opening their objective or taking their lock. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../config.ts";
import { inputError } from "../../core/errors.ts";
import { tally } from "../../core/meter.ts";
import { type Answered, type Line, readLine } from "../../study/journal.ts";
import { type Header, headerOf, readSaved, type Saved } from "../../study/study.ts";
import type { Minimization } from "../../tasks/minimize.ts";
import { freshRecording, recordOf } from "../../tasks/record.ts";
import { isLocked, readJournal } from "./folder.ts";

/** One evaluated point of a study; `value` is NaN where there was none. */
export type Trial = { readonly x: readonly number[]; readonly value: number; readonly failure?: string };

/** What a study has done and found, its evaluations and failures counted as its result counts them. */
export type StoredStudy = Pick<Minimization, "evaluations" | "gradients" | "best" | "unusable"> & {
  readonly folder: string;
  readonly header: Header;
  /** How the last session ended; undefined where it did not: it is still running, or was killed. */
  readonly stop: Minimization["stop"] | undefined;
  readonly running: boolean;
  /** The time of all sessions that ended. */
  readonly seconds: number;
};

/** Folders at or below `root`, to a depth of three, that hold a study. */
export function findStudies(root: string, depth = 3): string[] {
  if (!existsSync(root) || !statSync(root).isDirectory()) throw inputError(root, "is not a folder");
  const own = existsSync(join(root, "journal.jsonl")) ? [root] : [];
  if (depth === 0 || own.length > 0) return own;
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (e) => e.isDirectory() && e.name !== "node_modules",
  );
  return folders.flatMap(({ name }) => findStudies(join(root, name), depth - 1));
}

/** Every evaluated point of a study in the order of its journal. */
export async function* trials(folder: string): AsyncGenerator<Trial, void, void> {
  for await (const line of readJournal(folder)) {
    const answered = readLine(folder, line);
    if (answered === undefined) continue;
    const { x, value, failures = [] } = answered;
    const reasons = new Map(failures.map(({ index, reason }) => [index, reason]));
    for (let i = 0; i < value.length; i++) {
      const failure = reasons.get(i);
      yield { x: x[i].map(Number), value: Number(value[i]), ...(failure === undefined ? {} : { failure }) };
    }
  }
}

/** What a study has done and found. Throws where the folder holds none. */
export async function readStudy(folder: string): Promise<StoredStudy> {
  const header = await headerIn(folder);
  let read = unread;
  for await (const line of readJournal(folder)) {
    const answered = readLine(folder, line);
    read = answered === undefined ? ended(read, line) : counted(read, answered);
  }
  return { folder, header, ...read, running: isLocked(folder) };
}

type Read = Omit<StoredStudy, "folder" | "header" | "running">;

const unread: Read = {
  evaluations: 0,
  gradients: 0,
  best: { value: Number.POSITIVE_INFINITY, x: [] },
  unusable: { count: 0, failures: 0, reasons: {} },
  stop: undefined,
  seconds: 0,
};

/** What was read, and one more query's answer. */
function counted(read: Read, { x, value, gradient, failures = [] }: Answered): Read {
  const { count, failures: failed, reasons } = read.unusable;
  let { best } = read;
  let unusable = count;
  value.forEach((numeral, i) => {
    const v = Number(numeral);
    if (!Number.isFinite(v)) unusable++;
    else if (v < best.value) best = { value: v, x: x[i].map(Number) };
  });
  return {
    evaluations: read.evaluations + value.length,
    gradients: read.gradients + (gradient === undefined ? 0 : value.length),
    best,
    unusable: {
      count: unusable,
      failures: failed + failures.length,
      reasons: failures.length === 0 ? reasons : tally(reasons, failures),
    },
    // more was asked after the last session that ended
    stop: undefined,
    seconds: read.seconds,
  };
}

/** What was read, and one more line that answers nothing: the header, or the end of a session. */
function ended(read: Read, { text }: Line): Read {
  if (text.trim() === "") return read;
  const { session } = (JSON.parse(text) ?? {}) as { session?: { stop: Minimization["stop"]; seconds: number } };
  return session === undefined ? read : { ...read, stop: session.stop, seconds: read.seconds + session.seconds };
}

/** The study as the result of a minimization, with the record of its latest checkpoint. */
export function minimizationOf(study: StoredStudy): Minimization {
  const { header, evaluations, gradients, best, unusable, stop = "aborted" } = study;
  const { engine, seed } = readConfig(header.config);
  const saved = savedIn(study);
  return {
    ...{ stop, evaluations, gradients, best, engine, seed, unusable },
    dim: header.problem.lower.length,
    steps: saved?.checkpoint.index ?? 0,
    record: recordOf(saved?.recording ?? freshRecording()),
  };
}

function savedIn({ folder, header }: StoredStudy): Saved | undefined {
  const path = join(folder, "checkpoint.bin");
  return existsSync(path) ? readSaved(readFileSync(path), header, Number.POSITIVE_INFINITY) : undefined;
}

/** The header of the study in a folder. Throws where there is none. */
export async function headerIn(folder: string): Promise<Header> {
  const path = join(folder, "journal.jsonl");
  if (!existsSync(path))
    throw inputError(folder, "holds no study", "`wick studies list DIR` shows where there are any");
  for await (const line of readJournal(folder)) return headerOf(path, line);
  throw inputError(folder, "holds a study without a first answer");
}
