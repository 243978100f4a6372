/**
 * The split operator beside a C + FFTW program on the same work: milliseconds a step, the least of several rounds, all
 * in one run. Peers that cannot be built or run here are said to be absent.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DRIFT, gridKernel, KICK } from "../src/kernels/index.ts";
import { crew } from "../src/platform/node/crew.ts";

const SHAPES: readonly (readonly number[])[] = [[4096], [512, 512], [1024, 1024], [128, 128, 128]];
const ROUNDS_MS = 2000;

/** Times C + FFTW may take: what is to be reached. */
const ALLOWED: Readonly<Record<string, number>> = { "4096": 2.2, "512×512": 1.8, "1024×1024": 1.3, "128×128×128": 1.8 };

export async function bench() {
  const folder = mkdtempSync(join(tmpdir(), "wick-fftw-"));
  const yardstick = build(folder);
  const hands = crew(1);
  const rows = [];
  try {
    for (const shape of SHAPES) {
      const name = shape.join("×");
      const fftw = yardstick === undefined ? Number.NaN : Number(run(yardstick, ["1", ...shape.map(String)]));
      const one = step(shape);
      const two = shape.length > 1 ? step(shape, hands) : Number.NaN;
      const ratio = one / fftw;
      rows.push({
        grid: name,
        "ms a step": one.toFixed(3),
        "2 threads": Number.isNaN(two) ? "–" : two.toFixed(3),
        "2 threads / 1": Number.isNaN(two) ? "–" : (two / one).toFixed(2),
        "C + FFTW": Number.isNaN(fftw) ? "absent" : fftw.toFixed(3),
        "times FFTW": Number.isNaN(ratio) ? "–" : ratio.toFixed(2),
        reached: Number.isNaN(ratio) ? "–" : ratio <= ALLOWED[name] ? "yes" : `no, ${ALLOWED[name]} is asked`,
      });
    }
  } finally {
    await hands.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const missing = yardstick === undefined ? "; C + FFTW absent: install gcc and libfftw3-dev" : "";
  return { name: `grid: one split-operator step of complex doubles${missing}`, rows };
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
