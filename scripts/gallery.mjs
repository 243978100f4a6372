// Makes the pictures of the gallery, in docs/gallery or in the folder that is named.
import { build, call, tool } from "./bootstrap.mjs";

build();
if (tool("typescript/bin/tsc", ["-p", "tsconfig.bench.json"]) !== 0) process.exit(1);
process.exit(call(process.execPath, ["out/bench/gallery/main.js", ...process.argv.slice(2)]));
