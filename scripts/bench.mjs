// Compiles the benchmarks and runs those that are named, or all. `bbob …` is the command's, with its flags.
import { build, call, tool } from "./bootstrap.mjs";

build();
const asked = process.argv.slice(2);
if (asked[0] === "bbob") process.exit(call(process.execPath, ["bin/wick.mjs", "bench", ...asked]));
if (tool("typescript/bin/tsc", ["-p", "tsconfig.bench.json"]) !== 0) process.exit(1);
process.exit(call(process.execPath, ["--expose-gc", "out/bench/bench/main.js", ...asked]));
