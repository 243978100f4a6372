/**
 * A study: a run that survives. Its store holds the configuration, the journal of every answer and the latest
 * checkpoint; opened again it goes on where it was, bit for bit, with a larger budget if asked.
 */
import { type Checkpoint, checkpointFrom } from "../core/checkpoint.ts";
import { inputError } from "../core/errors.ts";
import { freshFeasibility } from "../core/feasible.ts";
import type { Observer } from "../core/observe.ts";
import { decode, encode, isRecord } from "../core/plain.ts";
import type { Edge, Evaluator } from "../core/problem.ts";
import type { Frame } from "../core/run.ts";
import type { Space } from "../core/space.ts";
import type { Minimization, MinimizeOptions } from "../tasks/minimize.ts";
import { freshRecording, type Recording } from "../tasks/record.ts";
import { arrivals } from "./arrivals.ts";
import { journaled, type Line, readLine, type Store } from "./journal.ts";

/** What a study must keep to be the same study; plain JSON. */
export type Identity = { readonly [field: string]: unknown };

/** Which journals and states this program reads: another number where either changes. */
export const FORMAT = 9;

export type Header = {
  readonly wick: typeof FORMAT;
  /** What may not change. */
  readonly identity: Identity;
  /** The configuration it was begun with; its budget is the horizon of an annealing schedule. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What reports say of the objective without opening it. */
  readonly problem: Problem;
};

export type Problem = {
  readonly name: string;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly edge: Edge;
  readonly names?: readonly string[];
  readonly space?: Space;
  readonly constraints?: readonly string[];
  readonly minimum?: number;
};

const CHECKPOINT_EVERY_MS = 1000;

/**
 * The header of the study in a store, or undefined where there is none (an empty journal, or a torn first line).
 * @throws where the first line is something else
 */
export async function readHeader(store: Store): Promise<Header | undefined> {
  for await (const line of store.lines(0)) return headerOf(store.where, line);
  return undefined;
}

/** The header of a study out of the first line of its journal. Throws where the line is something else. */
export function headerOf(where: string, line: Line): Header {
  const json = parse(line.text);
  if (!isRecord(json) || !("wick" in json))
    throw inputError(where, "is not the journal of a study", "choose another folder");
  if (json.wick !== FORMAT)
    throw inputError(
      `${where} line 1`,
      `is of version ${json.wick}; this program reads ${FORMAT}`,
      "go on with the program that began it, or choose another folder",
    );
  const { identity, config, problem } = json;
  const whole = isRecord(identity) && isRecord(config) && isRecord(problem);
  if (!whole || !Array.isArray(problem.lower) || !Array.isArray(problem.upper))
    throw inputError(`${where} line 1`, "is not the whole header of a study", "restore it from a copy");
  return json as Header;
}

/** Begins a study, or takes up the one that is there. Throws where it is another's, or where `resume` is missing. */
export async function openStudy(
  store: Store,
  begin: Header,
  { resume }: { readonly resume: boolean },
): Promise<Header> {
  const found = await readHeader(store);
  if (found === undefined) {
    store.append(JSON.stringify(begin));
    return begin;
  }
  if (!resume)
    throw inputError(store.where, "already holds a study", "add --resume to go on with it, or choose another folder");
  checkIdentity(store.where, found.identity, begin.identity, "choose another folder, or ask for the same");
  return found;
}

/** Throws where a study that was kept is not the one that is asked for, naming what differs. */
export function checkIdentity(where: string, kept: Identity, asked: Identity, fix: string): void {
  for (const field of new Set([...Object.keys(kept), ...Object.keys(asked)])) {
    const [was, is] = [JSON.stringify(kept[field]), JSON.stringify(asked[field])];
    if (was !== is)
      throw inputError(
        where,
        `belongs to another study: its ${field} is ${was ?? "not set"}, yours ${is ?? "not set"}`,
        fix,
      );
  }
}

/**
 * The options under which a run keeps a study in its store and goes on from what is there.
 * @throws where the journal is damaged, or the study has spent more than the budget already
 */
export async function studied(
  store: Store,
  evaluate: Evaluator,
  header: Header,
  budget = Number.POSITIVE_INFINITY,
): Promise<MinimizeOptions> {
  const { kept, from, constraints } = await reopened(store, header, budget);
  const journal = journaled(store, evaluate, from, constraints);
  return { ...kept(journal), evaluate: journal.evaluate };
}

/**
 * The same for answers in any order, of which so many points are outstanding.
 * @throws as studied() does
 */
export async function steadilyStudied(
  store: Store,
  evaluate: Evaluator,
  header: Header,
  outstanding: number,
  budget = Number.POSITIVE_INFINITY,
): Promise<MinimizeOptions> {
  const { kept, from } = await reopened(store, header, budget);
  const journal = arrivals(store, from);
  const { past, arrived } = journal;
  return { ...kept(journal), evaluate, outstanding, past, arrived };
}

/** How far a journal was handed on. */
type Place = { offset(): number };

/** What a run goes on from, and where in the journal. */
async function reopened(
  store: Store,
  header: Header,
  budget: number,
): Promise<{
  readonly from: number;
  readonly constraints: number | undefined;
  readonly kept: (journal: Place) => MinimizeOptions;
}> {
  const saved = readSaved(store.loadCheckpoint(), header, store.size());
  const spent = await spentIn(store, saved);
  if (spent > budget)
    throw inputError("budget", `${budget} is less than the ${spent} evaluations that the study holds`, "give more");
  const recording = saved?.recording ?? freshRecording();
  return {
    from: saved?.offset ?? 0,
    constraints: saved?.checkpoint.account.feasibility?.worst.length,
    kept: (journal) => ({
      recording,
      observers: [keeping(store, journal, header, recording)],
      ...(saved === undefined ? {} : { from: saved.checkpoint }),
    }),
  };
}

/** Evaluations that the checkpoint and the journal behind it hold; a query that was begun counts whole. */
async function spentIn(store: Store, saved: Saved | undefined): Promise<number> {
  let spent = saved?.checkpoint.account.evaluations ?? 0;
  let left = 0;
  for await (const line of store.lines(saved?.offset ?? 0)) {
    const record = readLine(store.where, line);
    if (record === undefined) continue;
    const { value, of = value.length } = record;
    if (left === 0) {
      spent += of;
      left = of;
    }
    left -= value.length;
  }
  return spent;
}

/** A line that says how a session of the study ended. */
export function closeSession(store: Store, result: Minimization, seconds: number): void {
  const { stop, evaluations, best } = result;
  try {
    store.append(JSON.stringify({ session: { stop, evaluations, best: best.value, seconds } }));
  } catch {
    // the line is for people; the result must not be lost for it
  }
}

/** Saves a checkpoint now and then, and after the last step. */
function keeping(store: Store, journal: Place, header: Header, recording: Recording): Observer {
  let last = performance.now();
  let latest: Frame | undefined;
  let offset = 0;
  const save = async (frame: Frame): Promise<void> => {
    const saved: Saved = { study: JSON.stringify(header), checkpoint: frame.checkpoint(), recording, offset };
    try {
      // the journal first: a checkpoint must never know of an answer that the journal does not hold
      await store.sync();
      await store.saveCheckpoint(encode(saved));
    } catch {
      // a checkpoint only saves time; where the disk is full the journal says so
    }
  };
  return {
    frame(frame) {
      latest = frame;
      offset = journal.offset();
      if (performance.now() - last < CHECKPOINT_EVERY_MS) return;
      last = performance.now();
      return save(frame);
    },
    async end() {
      if (latest !== undefined) await save(latest);
    },
  };
}

export type Saved = {
  /** The header of the study it belongs to. */
  readonly study: string;
  readonly checkpoint: Checkpoint;
  readonly recording: Recording;
  readonly offset: number;
};

/**
 * The checkpoint in some bytes, unless it is damaged, another study's, or ahead of the journal: then the journal is
 * replayed whole.
 */
export function readSaved(bytes: Uint8Array | undefined, header: Header, journalSize: number): Saved | undefined {
  if (bytes === undefined) return undefined;
  try {
    const saved = decode(bytes) as Saved;
    checkpointFrom(saved.checkpoint);
    const { feasibility } = saved.checkpoint.account;
    // what an older version recorded is not gone on with
    if (lacks(saved.recording, freshRecording())) return undefined;
    if (feasibility !== undefined && lacks(feasibility, freshFeasibility(0))) return undefined;
    return saved.study === JSON.stringify(header) && saved.offset <= journalSize ? saved : undefined;
  } catch {
    return undefined;
  }
}

function lacks(kept: object, fresh: object): boolean {
  return Object.keys(fresh).some((field) => !(field in kept));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
