// Every check there is, each once: format and lint, types, import layers, tests. Stops at the first that fails.
import { build, call, tool } from "./bootstrap.mjs";

build();
const steps = [
  ["format and lint", () => tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."])],
  ["types of tests and benchmarks", () => tool("typescript/bin/tsc", ["-p", "tsconfig.test.json"])],
  ["import layers", () => call(process.execPath, ["scripts/layers.mjs"])],
  ["tests", () => tool("vitest/vitest.mjs", ["run", ...process.argv.slice(2)])],
];
for (const [name, step] of steps) {
  console.error(`\n— ${name}`);
  if (step() !== 0) {
    console.error(`\n${name}: failed`);
    process.exit(1);
  }
}
