// Compiles the benchmarks and runs those that are named, or all.
import { build, call, tool } from "./bootstrap.mjs";

build();
if (tool("typescript/bin/tsc", ["-p", "tsconfig.bench.json"]) !== 0) process.exit(1);
process.exit(call(process.execPath, ["--expose-gc", "out/bench/bench/main.js", ...process.argv.slice(2)]));
