// The rooms of docs/architecture.md as a check: imports only go up the list, siblings in a row do not import each
// other, `node:` and `process` stay at the edge, no source file grows over 400 lines.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root } from "./bootstrap.mjs";

const rooms = [
  "math",
  "kernels",
  "core",
  "potentials",
  "schedules",
  "engines",
  "learning",
  "tasks",
  "study",
  "catalogue.ts",
  "config.ts",
  "draw",
  "ledger",
  "report",
  "index.ts",
  "platform",
  "cli",
];
// rooms that are lists of independent entries
const lists = new Set(["potentials", "schedules", "engines", "cli/commands"]);
const edge = new Set(["platform", "cli"]);
// pure tables of data may be longer
const tables = new Set([]);
// written by the build
const generated = new Set(["kernels/generated.ts"]);
const LINES = 400;

const src = join(root, "src");
const faults = [];

for (const path of readdirSync(src, { recursive: true }).filter((name) => name.endsWith(".ts"))) {
  const file = path.replaceAll("\\", "/");
  if (generated.has(file)) continue;
  const text = readFileSync(join(src, file), "utf8");
  const fault = (what) => faults.push(`src/${file}: ${what}`);
  const lines = text.split("\n").length - 1;
  if (lines > LINES && !tables.has(file)) fault(`has ${lines} lines; ${LINES} are allowed, split it`);
  const room = file.split("/")[0];
  if (!rooms.includes(room)) fault(`lies in no room; the rooms are ${rooms.join(", ")}`);
  if (!edge.has(room) && /(?<![.\w])process\./.test(withoutComments(text)))
    fault("uses `process`; only platform and cli may");
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) checkImport(file, room, target, fault);
}

function checkImport(file, room, target, fault) {
  if (target.startsWith("node:")) {
    if (!edge.has(room)) fault(`imports ${target}; only platform/node and cli may`);
    return;
  }
  if (!target.startsWith(".")) return;
  const to = relative(src, resolve(join(src, dirname(file)), target)).replaceAll("\\", "/");
  const toRoom = to.split("/")[0];
  if (toRoom !== room) {
    if (rooms.indexOf(toRoom) > rooms.indexOf(room)) fault(`imports ${to}, which lies further down the rooms`);
    return;
  }
  const list = [...lists].find((name) => file.startsWith(`${name}/`));
  if (list === undefined || file === `${list}/index.ts`) return;
  const item = (name) => name.slice(list.length + 1).split("/")[0];
  if (to.startsWith(`${list}/`) && item(file) !== item(to) && item(to) !== "entry.ts")
    fault(`imports its sibling ${to}`);
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}

for (const fault of faults) console.error(fault);
console.error(faults.length === 0 ? "the rooms are in order" : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
