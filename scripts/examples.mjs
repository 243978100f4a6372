// Runs the examples that solve known problems, all or those whose names are given, and prints what each found.
import { spawnSync } from "node:child_process";
import { build, root } from "./bootstrap.mjs";

const problems = [
  ...[7, 13, 19, 26, 38].map((atoms) => ["lennard-jones", `${atoms}`]),
  ["curve-fit"],
  ["digits"],
  ["design", "pressure-vessel"],
  ["design", "welded-beam"],
  ["queue"],
  ["transfer"],
];

build();
const asked = process.argv.slice(2);
const chosen = problems.filter((words) => asked.length === 0 || words.some((word) => asked.includes(word)));
const names = new Set(problems.flat());
const unknown = asked.filter((name) => !names.has(name));
if (unknown.length > 0) {
  console.error(`examples: no '${unknown[0]}' among ${[...names].join(", ")}`);
  process.exit(2);
}

const width = 20;
const row = (cells) =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(width) : cell.padStart(i < 3 ? width : 13))).join("");
console.log(row(["problem", "found", "known", "gap", "evaluations", "seconds", ""]));
let failed = 0;
for (const [file, ...args] of chosen) {
  const done = spawnSync(process.execPath, [`examples/${file}.mjs`, ...args], { cwd: root, encoding: "utf8" });
  const line = done.stdout.trimEnd().split("\n").at(-1) ?? "";
  const [, name, rest] = /^(.*): (found .*)$/.exec(line) ?? [];
  const isGood = done.status === 0 && name !== undefined;
  if (!isGood) failed++;
  if (name === undefined) console.log(`${[file, ...args].join(" ")}: ${done.stderr.trim()}`);
  else console.log(row([name, ...rest.split(", ").map((part) => part.split(" ")[1]), isGood ? "" : "too far"]));
}
process.exit(failed === 0 ? 0 : 1);
