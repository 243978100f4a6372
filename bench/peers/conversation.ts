/**
 * Minimizers of other people that need more than bbob's contest gives them (minimizers.py has the protocol): gradients,
 * axes of whole numbers, or constraints. Each point is answered here, so that whoever counts there counts them like ours.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** ζ at a point, and behind it ∇ζ where the peer asks for slopes or g where it knows constraints, written to `out`; `false` when it is over. */
export type Told = (x: Float64Array, out: Float64Array) => boolean;

export type Task = {
  readonly peer: string;
  readonly dim: number;
  readonly lower: number;
  readonly upper: number;
  readonly seed: readonly number[];
  readonly budget: number;
  /** Of each axis how many whole numbers from 0 on it has; 0: real. */
  readonly levels?: readonly number[];
  /** How many constraints there are, and the bounds of each axis. */
  readonly limits?: number;
  readonly boxes?: readonly (readonly [number, number])[];
};

const PROGRAM = join("bench", "peers", "minimizers.py");
/** Where Debian's packages are, whatever else is called python3. */
const DEBIAN = "/usr/bin/python3";
const PYTHON = existsSync(DEBIAN) ? DEBIAN : "python3";
const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/** The package and version of a peer, nothing where it is absent. */
export function versionOf(peer: string): string | undefined {
  try {
    const told = execFileSync(PYTHON, [PROGRAM, "--versions"], { stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(told.toString())[peer] ?? undefined;
  } catch {
    return undefined;
  }
}

export function openPeer(): ChildProcess {
  return spawn(PYTHON, [PROGRAM], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...one } });
}

/** One trial: answers until it is over, and waits for the peer to take notice. */
export async function converse({ stdin, stdout }: ChildProcess, task: Task, told: Told): Promise<void> {
  if (stdin === null || stdout === null) throw new Error("a peer without pipes");
  const point = new Float64Array(task.dim);
  const size = 4 + 8 * task.dim;
  const out = new Float64Array(1 + (task.peer.endsWith("-slopes") ? task.dim : (task.limits ?? 0)));
  const frame = Buffer.alloc(4 + 8 * out.length);
  const answer = Buffer.from(out.buffer);
  let heard = Buffer.alloc(0);
  stdin.write(`${JSON.stringify(task)}\n`);
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    heard = Buffer.concat([heard, chunk]);
    for (; heard.length >= 4; heard = heard.subarray(size)) {
      if (heard.readInt32LE(0) === 0) return;
      if (heard.length < size) break;
      Buffer.from(point.buffer).set(heard.subarray(4, size));
      const goes = told(point, out);
      frame.writeInt32LE(goes ? 1 : 0, 0);
      frame.set(answer, 4);
      stdin.write(Buffer.from(goes ? frame : frame.subarray(0, 4)));
    }
  }
  throw new Error(`${task.peer} ended on its way`);
}
