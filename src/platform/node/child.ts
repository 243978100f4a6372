/**
 * One living program that answers lines with lines: started without a shell, asked one line at a time, heard through
 * bounded buffers, and ended with all that it has started.
 */
import { type ChildProcess, spawn } from "node:child_process";

/** What came of a line: another line, or the reason why none came. */
export type Reply =
  | {
      readonly line: string;
      /** More followed where one line was asked for; it is ended. */
      readonly surplus?: true;
    }
  | {
      readonly failure: string;
      /** The program had answered before and then left in order, as one does that answers once and exits. */
      readonly left?: boolean;
    };

export type Child = {
  /** Whether it can be asked. */
  ready(): boolean;
  /** Asks a line (without its line feed); only when ready and one at a time. */
  ask(line: string, seconds: number): Promise<Reply>;
  /** Ends it now; a line that is asked fails with the reason. */
  kill(reason: string): void;
  /** Closes its input, lets it go, and ends it where it stays. */
  close(): Promise<void>;
};

/** Longest line that is taken, in bytes. */
const LONGEST = 64 * 2 ** 20;
const LAST_WORDS = 4096;
/** From a polite signal to one that cannot be refused; also how long a program whose output ended may take to exit. */
const GRACE_MS = 250;
/** The first answer is held so long: a program that writes several lines for one is found out before it is believed. */
const HOLD_MS = 20;
/** A longer timer would fire at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * Starts a program.
 * @param words its name and arguments
 * @returns when it runs; rejects with the system's error where it cannot be started
 */
export function start(words: readonly string[]): Promise<Child> {
  return new Promise((resolve, reject) => {
    // a group of its own: a Ctrl-C in the terminal is ours to answer, and the group can be ended as a whole
    const child = spawn(words[0], words.slice(1), {
      stdio: ["pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    child.once("error", reject);
    child.once("spawn", () => {
      child.off("error", reject);
      child.on("error", () => {});
      resolve(converse(child));
    });
  });
}

/** Programs that run; none outlives this process. */
const living = new Set<ChildProcess>();

function killAll(): void {
  for (const child of living) signal(child, "SIGKILL");
}

type Pending = {
  readonly settle: (reply: Reply) => void;
  readonly timer: NodeJS.Timeout;
  /** The first line that came, while it is held. */
  held?: string;
};

function converse(child: ChildProcess): Child {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("a program without pipes");
  const heard = lines(LONGEST, hear, () => kill(`wrote ${LONGEST / 2 ** 20} MB without ending the line`));
  let lastWords: Buffer = Buffer.alloc(0);
  let pending: Pending | undefined;
  let answered = 0;
  let over = false;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));

  living.add(child);
  if (living.size === 1) process.on("exit", killAll);
  child.once("exit", () => {
    living.delete(child);
    if (living.size === 0) process.off("exit", killAll);
    setTimeout(leave, GRACE_MS).unref();
  });
  child.once("close", leave);
  // its input or output closed: it may be about to exit, and then the exit is the better reason
  stdin.on("error", () => setTimeout(leave, GRACE_MS, "closed its input"));
  stdout.once("end", () => setTimeout(leave, GRACE_MS, "closed its output"));
  stdout.on("error", () => {});
  stderr.on("error", () => {});
  stdout.on("data", (chunk: Buffer) => {
    if (!over) heard.take(chunk);
  });
  stderr.on("data", (chunk: Buffer) => {
    lastWords = Buffer.concat([lastWords, chunk]).subarray(-LAST_WORDS);
  });

  function reply(to: Reply): void {
    if (pending === undefined) return;
    const { settle, timer } = pending;
    pending = undefined;
    clearTimeout(timer);
    settle(to);
  }

  function believe(line: string): void {
    answered++;
    lastWords = Buffer.alloc(0);
    reply({ line });
  }

  function hear(first: string, more: boolean): void {
    if (pending === undefined || pending.held !== undefined || more) {
      reply({ line: pending?.held ?? first, surplus: true });
      kill("wrote a line unasked");
    } else if (answered > 0) believe(first);
    else {
      const asked = pending;
      asked.held = first;
      setTimeout(() => {
        if (asked === pending) believe(first);
      }, HOLD_MS);
    }
  }

  /** It has gone, or is of no use any more. */
  function leave(closed?: string): void {
    if (over) return;
    heard.end();
    if (pending?.held !== undefined) believe(pending.held);
    const { exitCode, signalCode } = child;
    const how =
      signalCode !== null
        ? `killed by ${signalCode}`
        : exitCode === null
          ? (closed ?? "went away")
          : exitCode === 0
            ? "exited without an answer"
            : `exited with code ${exitCode}`;
    const said = lastLine(lastWords.toString("utf8"));
    const left = answered > 0 && signalCode === null && !exitCode;
    kill(said === "" ? how : `${how}: ${said}`, left);
  }

  function kill(reason: string, left = false): void {
    if (over) return;
    over = true;
    reply({ failure: reason, left });
    stdout?.destroy();
    void end();
  }

  /** What it has started goes with it, even where it has gone already. */
  async function end(): Promise<void> {
    signal(child, "SIGTERM");
    await Promise.race([exited, pause(GRACE_MS)]);
    signal(child, "SIGKILL");
  }

  return {
    ready: () => !over && child.exitCode === null && child.signalCode === null,
    ask: (line, seconds) =>
      new Promise((settle) => {
        const late = (): void => kill(`no answer within ${seconds} s (--timeout)`);
        pending = { settle, timer: setTimeout(late, Math.min(1000 * seconds, LONGEST_WAIT_MS)) };
        stdin.write(`${line}\n`);
      }),
    kill,
    async close() {
      over = true;
      reply({ failure: "closed" });
      stdin.end();
      await Promise.race([exited, pause(GRACE_MS)]);
      await end();
      await Promise.race([exited, pause(GRACE_MS)]);
      stdout.destroy();
      stderr.destroy();
    },
  };
}

/** Cuts bytes into lines that are not blank; `hear` also learns whether more follows a line in what has come. */
function lines(longest: number, hear: (line: string, more: boolean) => void, tooLong: () => void) {
  let parts: Buffer[] = [];
  let size = 0;
  const flush = (last: Buffer): string => {
    const line = Buffer.concat([...parts, last])
      .toString("utf8")
      .trim();
    parts = [];
    size = 0;
    return line;
  };
  return {
    take(chunk: Buffer): void {
      let from = 0;
      for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
        const line = flush(chunk.subarray(from, to));
        from = to + 1;
        if (line !== "") hear(line, chunk.toString("utf8", from).trim() !== "");
      }
      if (from === chunk.length) return;
      parts.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > longest) tooLong();
    },
    /** A last line may lack its line feed. */
    end(): void {
      const line = flush(Buffer.alloc(0));
      if (line !== "") hear(line, false);
    },
  };
}

/** Signals the whole group; one that has gone is no error. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (process.platform === "win32" || child.pid === undefined) child.kill(name);
    else process.kill(-child.pid, name);
  } catch {}
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** The last line that says something: not part of a stack trace. */
function lastLine(text: string): string {
  const said = text.split("\n").filter((line) => /^\S/.test(line) && !/^Node\.js v\d/.test(line));
  return (said.at(-1) ?? "").trim().slice(0, 200);
}
