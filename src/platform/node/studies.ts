/** Stored studies: found in folders and read without opening their objective or taking their lock. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { bestKnown, noiseOf, readConfig } from "../../config.ts";
import { inputError } from "../../core/errors.ts";
import { freshAccount, type Meter, meter } from "../../core/meter.ts";
import { gathering, type Line, readLine, type Told } from "../../study/journal.ts";
import { type Header, headerOf, type Problem, readSaved, type Saved } from "../../study/study.ts";
import { foundBy, type Minimization } from "../../tasks/minimize.ts";
import { freshRecording, recordOf } from "../../tasks/record.ts";
import { freshSample, type Ground, isAllowed, type Sample, show } from "../../tasks/sample.ts";
import { isLocked, readCheckpoint, readJournal } from "./folder.ts";

/** One evaluated point of a study; `value` is NaN where there was none. */
export type Trial = {
  readonly x: readonly number[];
  /** Whether it keeps all constraints. */
  readonly allowed: boolean;
  readonly value: number;
  readonly failure?: string;
  /** Whether it was asked by itself. */
  readonly alone: boolean;
};

/** What a study has done and found, its evaluations and failures counted as its result counts them. */
export type StoredStudy = ReturnType<typeof foundBy> & {
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

/** Every evaluated point of a study in the order in which they were asked. */
export async function* trials(folder: string): AsyncGenerator<Trial, void, void> {
  const { take, rest } = gathering();
  for await (const line of readJournal(folder)) {
    const answered = readLine(folder, line);
    if (answered !== undefined) yield* trialsOf(take(answered));
  }
  yield* trialsOf(rest());
}

function* trialsOf(told: Told | undefined): Generator<Trial, void, void> {
  if (told === undefined) return;
  const { at, answer, of } = told;
  const { n, value, constraints, failures = [] } = answer;
  const reasons = new Map(failures.map(({ index, reason }) => [index, reason]));
  for (let i = 0; i < n; i++) {
    const failure = reasons.get(i);
    yield {
      x: Array.from(at.x.subarray(i * at.dim, (i + 1) * at.dim)),
      value: value?.[i] ?? Number.NaN,
      alone: of === 1,
      allowed: isAllowed(constraints, i, n),
      ...(failure === undefined ? {} : { failure }),
    };
  }
}

/** The sample of a study's points that the run itself would have kept. */
export async function sampleOf(folder: string): Promise<Sample> {
  const sample = freshSample(groundOf((await headerIn(folder)).problem));
  for await (const { x, value, alone, allowed } of trials(folder))
    show(sample, Float64Array.from(x), 0, allowed ? value : Number.POSITIVE_INFINITY, alone);
  return sample;
}

/** What a study has done and found. Throws where the folder holds none. */
export async function readStudy(folder: string): Promise<StoredStudy> {
  const header = await headerIn(folder);
  const account = accountOf(header);
  let session: Session = { stop: undefined, seconds: 0 };
  const { take, rest } = gathering();
  const book = (told: Told | undefined): void => {
    if (told === undefined) return;
    const { at, answer } = told;
    account.book({ kind: answer.gradient === undefined ? "value" : "gradient", at }, answer);
  };
  for await (const line of readJournal(folder)) {
    const answered = readLine(folder, line);
    if (answered === undefined) session = ended(session, line);
    else {
      book(take(answered));
      // more was asked after the last session that ended
      session = { ...session, stop: undefined };
    }
  }
  book(rest());
  return { folder, header, ...foundBy(account.account(), header.problem), ...session, running: isLocked(folder) };
}

/** The domain of a study, as its header has it: an axis of a fixed variable has no width. */
function groundOf({ lower, upper, edge, space }: Problem): Ground {
  const domain = { lower: Float64Array.from(lower), upper: Float64Array.from(upper), edge };
  return space === undefined ? { domain } : { domain, space };
}

/** An account in which nothing is spent yet. */
function accountOf({ config, problem }: Header): Meter {
  const read = readConfig(config);
  const best = problem.constraints === undefined ? bestKnown(read, groundOf(problem)) : undefined;
  const noise = noiseOf(read);
  const from = best === undefined ? freshAccount : { ...freshAccount, best };
  return meter(noise === undefined ? {} : { noise }, groundOf(problem), from);
}

type Session = Pick<StoredStudy, "stop" | "seconds">;

/** What was read, and one more line that answers nothing: the header, or the end of a session. */
function ended(before: Session, { text }: Line): Session {
  if (text.trim() === "") return before;
  const { session } = (JSON.parse(text) ?? {}) as { session?: { stop: Minimization["stop"]; seconds: number } };
  return session === undefined ? before : { stop: session.stop, seconds: before.seconds + session.seconds };
}

/** The study as the result of a minimization, with the record of its latest checkpoint. */
export function minimizationOf(study: StoredStudy): Minimization {
  const { header, evaluations, gradients, best, nearest, unknown, unusable, stop = "aborted" } = study;
  const { engine, seed } = readConfig(header.config);
  const saved = savedIn(study);
  return {
    ...{ stop, evaluations, gradients, best, engine, seed, unusable },
    ...(nearest === undefined ? {} : { nearest }),
    ...(unknown === undefined ? {} : { unknown }),
    dim: header.problem.lower.length,
    steps: saved?.checkpoint.index ?? 0,
    record: recordOf(saved?.recording ?? freshRecording()),
  };
}

function savedIn({ folder, header }: StoredStudy): Saved | undefined {
  const bytes = readCheckpoint(folder);
  return bytes === undefined ? undefined : readSaved(bytes, header, Number.POSITIVE_INFINITY);
}

/** The header of the study in a folder. Throws where there is none. */
export async function headerIn(folder: string): Promise<Header> {
  const path = join(folder, "journal.jsonl");
  if (!existsSync(path))
    throw inputError(folder, "holds no study", "`wick studies list DIR` shows where there are any");
  for await (const line of readJournal(folder)) return headerOf(path, line);
  throw inputError(folder, "holds a study without a first answer", "begin it anew: wick minimize … --study DIR");
}
