// Writes docs/paper-map.md out of the ledger.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, root } from "./bootstrap.mjs";

build();
const { chapters, paperMap } = await import("../dist/ledger/index.js");
writeFileSync(join(root, "docs", "paper-map.md"), paperMap(chapters));
console.log("docs/paper-map.md");
