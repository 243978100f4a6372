/** `npm run bench [-- name …]`: the benchmarks, each a module with a `bench()`. Peers and ours run in the same process. */
import { table } from "../src/draw/table.ts";

type Bench = () => Promise<{
  readonly name: string;
  readonly rows: readonly Readonly<Record<string, number | string>>[];
}>;

const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  annealing: () => import("./annealing.ts"),
  constrained: () => import("./constrained.ts"),
  formula: () => import("./formula.ts"),
  gradients: () => import("./gradients.ts"),
  grid: () => import("./grid.ts"),
  mixed: () => import("./mixed.ts"),
  noise: () => import("./noise.ts"),
  packets: () => import("./packets.ts"),
  qhd: () => import("./qhd.ts"),
  run: () => import("./run.ts"),
  samplers: () => import("./samplers.ts"),
  spectrum: () => import("./spectrum.ts"),
  steady: () => import("./steady.ts"),
  tunneling: () => import("./tunneling.ts"),
  walkers: () => import("./walkers.ts"),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`bench: unknown name '${unknown}'; known: ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const { bench } = await benches[name]();
  const { name: title, rows } = await bench();
  console.log(`\n${title}\n\n${table(rows)}`);
}
