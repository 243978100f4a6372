/**
 * The split operator beside a C + FFTW program, scipy and numpy on the same work: milliseconds a step, the least of
 * several rounds, all in one run. Peers that cannot be built or run here are said to be absent.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DRIFT, gridKernel, KICK } from "../src/kernels/index.ts";
import { crew } from "../src/platform/node/crew.ts";

const SHAPES: readonly (readonly number[])[] = [[4096], [512, 512], [1024, 1024], [128, 128, 128]];
const ROUNDS_MS = 2000;

/** What two threads may take of one's time. */
const TWO = 0.6;
/** Times C + FFTW may take: what is to be reached. */
const ALLOWED: Readonly<Record<string, number>> = { "4096": 2.2, "512×512": 1.8, "1024×1024": 1.3, "128×128×128": 1.8 };

export async function bench() {
  const folder = mkdtempSync(join(tmpdir(), "wick-fftw-"));
  const yardstick = build(folder);
  const hands = crew(1);
  const rows = [];
  let python = false;
  try {
    for (const shape of SHAPES) {
      const name = shape.join("×");
      const fftw = yardstick === undefined ? Number.NaN : Number(run(yardstick, ["1", ...shape.map(String)]));
      const [scipy, scipy2, numpy] = inPython(shape) ?? [Number.NaN, Number.NaN, Number.NaN];
      python ||= !Number.isNaN(scipy);
      const one = step(shape);
      const two = shape.length > 1 ? step(shape, hands) : Number.NaN;
      rows.push({
        grid: name,
        "ms a step": shown(one),
        "2 threads": shown(two),
        "2 / 1": shown(two / one, 2),
        "C + FFTW": shown(fftw),
        "times FFTW": shown(one / fftw, 2),
        scipy: shown(scipy),
        "scipy, 2": shown(scipy2),
        numpy: shown(numpy),
        reached: verdict([
          ["times FFTW", one / fftw, ALLOWED[name]],
          ["2 / 1", two / one, TWO],
          ["times scipy", one / scipy, 1],
          ["times scipy on 2", two / scipy2, 1],
        ]),
      });
    }
  } finally {
    await hands.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const missing = [
    ...(yardstick === undefined ? ["; C + FFTW absent: install gcc and libfftw3-dev"] : []),
    ...(python ? [] : ["; scipy and numpy absent: install python3-scipy"]),
  ].join("");
  return { name: `grid: one split-operator step of complex doubles${missing}`, rows };
}

function shown(value: number, digits = 3): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits);
}

/** What of it is not reached; a ratio without a peer says nothing. */
function verdict(ratios: readonly (readonly [string, number, number])[]): string {
  const missed = ratios.filter(([, ratio, most]) => ratio > most).map(([name, , most]) => `${name} ≤ ${most}`);
  return missed.length === 0 ? "yes" : `not ${missed.join(", ")}`;
}

/** Milliseconds of scipy on one thread and on two, and of numpy; undefined where they cannot run here. */
function inPython(shape: readonly number[]): number[] | undefined {
  const script = join("bench", "peers", "grid_scipy.py");
  const input = JSON.stringify([shape]);
  const { status, stdout } = spawnSync("python3", [script], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  return status === 0 ? JSON.parse(stdout)[0] : undefined;
}

/** The least milliseconds of one of our steps. */
function step(shape: readonly number[], hands?: ReturnType<typeof crew>): number {
  const kinetic = shape.map((n) => Float64Array.from({ length: n }, (_, k) => Math.min(k, n - k) ** 2));
  const kernel = gridKernel({ shape, kinetic }, hands);
  const points = kernel.re.length;
  kernel.setPotential(Float64Array.from({ length: points }, (_, i) => 1e-3 * (i % 997)));
  for (let i = 0; i < points; i++) kernel.re[i] = Math.exp(-1e-3 * (i % 1000)) / Math.sqrt(points);
  const kick = [0, 1e-3, 0];
  const drift = [0, 1e-6];
  const plan = (steps: number): [Float64Array, Float64Array] => [
    Float64Array.from({ length: KICK * (steps + 1) }, (_, i) => kick[i % KICK]),
    Float64Array.from({ length: DRIFT * steps }, (_, i) => drift[i % DRIFT]),
  ];
  let best = Number.POSITIVE_INFINITY;
  let steps = 4;
  for (const begun = performance.now(); performance.now() - begun < ROUNDS_MS; ) {
    const [kicks, drifts] = plan(steps);
    const start = performance.now();
    kernel.evolve(kicks, drifts);
    const time = (performance.now() - start) / steps;
    best = Math.min(best, time);
    if (time * steps < 50) steps *= 2;
  }
  kernel.close();
  return best;
}

function build(folder: string): string | undefined {
  const program = join(folder, "grid_fftw");
  const libraries = ["-lfftw3_threads", "-lfftw3", "-lm", "-lpthread"];
  const source = join("bench", "peers", "grid_fftw.c");
  const made = spawnSync("gcc", ["-O3", "-march=native", "-ffast-math", source, "-o", program, ...libraries]);
  return made.status === 0 ? program : undefined;
}

function run(program: string, args: readonly string[]): string {
  return spawnSync(program, args, { encoding: "utf8" }).stdout;
}
