// The first thing a newcomer sees: the 13-atom Lennard-Jones cluster, minimized live, with its report.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build, call, root } from "./bootstrap.mjs";

build();
mkdirSync(join(root, "out"), { recursive: true });
const report = join("out", "lennard-jones-13.html");
process.exit(
  call(process.execPath, [
    ...["bin/wick.mjs", "minimize", "lennard-jones", "--set", "atoms=13"],
    ...["--target", "-44.3268014", "--report", report],
    ...process.argv.slice(2),
  ]),
);
