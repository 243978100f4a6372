/**
 * A study's store as a folder: `journal.jsonl`, `checkpoint.bin`, and a `lock` while it is open.
 * One write a line survives kill −9; fdatasync at most every 100 ms and at the end survives the loss of power.
 */
import * as fs from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { inputError, isInputError, messageOf } from "../../core/errors.ts";
import type { Line, Store } from "../../study/journal.ts";

const SYNC_EVERY_MS = 100;
const NEWLINE = 10;

/**
 * Opens a folder as a store, making it where it is absent. A torn last line of the journal is cut off.
 * @throws where the folder cannot be written, or another process has it open
 */
export function openFolder(folder: string): Store {
  if (folder.trim() === "")
    throw inputError("study", "the name of its folder is empty", "name one, such as runs/first");
  const path = join(folder, "journal.jsonl");
  const checkpoint = checkpointIn(folder);
  const release = prepare(folder, () => lock(folder));
  let file: number;
  let size: number;
  try {
    file = prepare(folder, () => fs.openSync(path, "a+"));
    size = wholeLines(file);
    checkOurs(file, path);
  } catch (error) {
    release();
    throw error;
  }
  let torn = fs.fstatSync(file).size > size;
  const flush = flushing(file);

  return {
    where: path,
    lines: (from) => readLines(path, from, () => size),
    size: () => size,

    append(text) {
      const bytes = Buffer.from(`${text}\n`);
      let written = 0;
      try {
        // only now: whoever just looks, or is refused, changes nothing
        if (torn) fs.ftruncateSync(file, size);
        torn = false;
        while (written < bytes.length) written += fs.writeSync(file, bytes, written);
      } catch (error) {
        fs.ftruncateSync(file, size);
        throw new Error(`${path}: cannot be written: ${messageOf(error)}; make room and go on with --resume`);
      }
      size += bytes.length;
      flush.soon();
      return size;
    },

    sync: () => flush.now(),

    loadCheckpoint: () => readCheckpoint(folder),

    async saveCheckpoint(bytes) {
      const draft = `${checkpoint}.new`;
      try {
        await writeDurably(draft, bytes);
        await rename(draft, checkpoint);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },

    async close() {
      await flush.now();
      fs.closeSync(file);
      release();
    },
  };
}

/** Reads the whole lines of a journal that may be in use, without taking it. */
export async function* readJournal(folder: string): AsyncGenerator<Line, void, void> {
  const path = join(folder, "journal.jsonl");
  const file = fs.openSync(path, "r");
  const size = wholeLines(file);
  fs.closeSync(file);
  yield* readLines(path, 0, () => size);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "w");
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function checkpointIn(folder: string): string {
  return join(folder, "checkpoint.bin");
}

/** The checkpoint of a study, where there is one. Throws where it cannot be read. */
export function readCheckpoint(folder: string): Buffer | undefined {
  const path = checkpointIn(folder);
  if (!fs.existsSync(path)) return undefined;
  try {
    return fs.readFileSync(path);
  } catch (error) {
    throw inputError(path, `cannot be read: ${messageOf(error)}`, "move it away: the journal alone will do");
  }
}

function prepare<T>(folder: string, open: () => T): T {
  try {
    makeFolder(folder);
    return open();
  } catch (error) {
    if (isInputError(error)) throw error;
    throw inputError(folder, `cannot be used as a study folder: ${messageOf(error)}`, "choose another folder");
  }
}

/** Makes a folder and those above it, one by one: Node's own way never ends where the system refuses without a word. */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (fs.existsSync(path)) return;
  makeFolder(dirname(path));
  fs.mkdirSync(path);
}

const FIRST = '{"wick":';

/** Refuses a file that is somebody else's: a journal begins with `{"wick":`, or is torn before that. */
function checkOurs(file: number, path: string): void {
  const head = Buffer.alloc(FIRST.length);
  const text = head.toString("utf8", 0, fs.readSync(file, head, 0, head.length, 0));
  if (!FIRST.startsWith(text)) throw inputError(path, "is not the journal of a study", "choose another folder");
}

/** The size of a file up to its last newline. */
function wholeLines(file: number): number {
  const chunk = Buffer.alloc(1 << 16);
  let end = fs.fstatSync(file).size;
  while (end > 0) {
    const start = Math.max(0, end - chunk.length);
    const read = fs.readSync(file, chunk, 0, end - start, start);
    const at = chunk.subarray(0, read).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function* readLines(path: string, from: number, size: () => number): AsyncGenerator<Line, void, void> {
  if (from >= size()) return;
  let number = from === 0 ? 0 : countLines(path, from);
  let end = from;
  let rest: Buffer[] = [];
  for await (const chunk of fs.createReadStream(path, { start: from, end: size() - 1, highWaterMark: 1 << 20 })) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, at)]);
      rest = [];
      end += line.length + 1;
      number++;
      yield { text: line.toString("utf8"), number, end };
      start = at + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
}

/** Newlines before an offset, so that a line far down is named by its number. */
function countLines(path: string, to: number): number {
  const file = fs.openSync(path, "r");
  const chunk = Buffer.alloc(1 << 20);
  let lines = 0;
  try {
    for (let at = 0; at < to; ) {
      const read = fs.readSync(file, chunk, 0, Math.min(chunk.length, to - at), at);
      if (read === 0) break;
      for (let i = 0; i < read; i++) if (chunk[i] === NEWLINE) lines++;
      at += read;
    }
  } finally {
    fs.closeSync(file);
  }
  return lines;
}

/** fdatasync in the background, at most every 100 ms, and on demand. */
function flushing(file: number): { soon(): void; now(): Promise<void> } {
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const now = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (!dirty) return running;
    dirty = false;
    const sync = (): Promise<void> =>
      new Promise((resolve, reject) => fs.fdatasync(file, (error) => (error ? reject(error) : resolve())));
    running = running.then(sync);
    return running;
  };
  return {
    soon() {
      dirty = true;
      timer ??= setTimeout(() => {
        now().catch(() => {
          dirty = true;
        });
      }, SYNC_EVERY_MS).unref();
    },
    now,
  };
}

/**
 * Takes the folder for this process. A lock appears whole (by a link to a file that is written already); one whose
 * process is gone (kill −9) is moved away, and put back if a rival's new one was caught instead.
 */
function lock(folder: string): () => void {
  const path = join(folder, "lock");
  const mine = `${process.pid} ${startOf(process.pid)} ${hostname()}`;
  const draft = `${path}.${process.pid}`;
  fs.writeFileSync(draft, mine);
  try {
    while (!linked(draft, path)) {
      const holder = holderOf(folder);
      if (holder !== undefined) throw inUse(folder, holder);
      moveAway(path, `${draft}.stale`);
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return () => {
    if (contentOf(path) === mine) fs.rmSync(path, { force: true });
  };
}

function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function moveAway(path: string, aside: string): void {
  try {
    fs.renameSync(path, aside);
  } catch {
    return; // another was faster
  }
  if (isHeld(contentOf(aside))) linked(aside, path);
  fs.rmSync(aside, { force: true });
}

function contentOf(path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Whether a living process has the study in a folder open. */
export function isLocked(folder: string): boolean {
  return holderOf(folder) !== undefined;
}

/** `pid start host`: the start tells a number that was given again, the host a folder that machines share. */
type Holder = { readonly pid: number; readonly host: string };

function holderOf(folder: string): Holder | undefined {
  const content = contentOf(join(folder, "lock"));
  const [pid, , host = ""] = content.split(" ");
  return isHeld(content) ? { pid: Number(pid), host } : undefined;
}

/** Whether the process of a lock lives. Of another machine's processes nothing can be said here: they count as alive. */
function isHeld(content: string): boolean {
  const [pid, start, host] = content.split(" ");
  if (!(Number(pid) > 0)) return false;
  if (host !== undefined && host !== hostname()) return true;
  return isAlive(Number(pid)) && start === startOf(Number(pid));
}

function inUse(folder: string, { pid, host }: Holder) {
  return host === "" || host === hostname()
    ? inputError(folder, `is in use by process ${pid}`, "wait for it to end, or choose another folder")
    : inputError(
        folder,
        `is in use by process ${pid} on ${host}`,
        `where that has ended, remove ${join(folder, "lock")}`,
      );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, where the system says so: a number given again is then told from the old one. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")")).split(" ")[20];
  } catch {
    return "";
  }
}
