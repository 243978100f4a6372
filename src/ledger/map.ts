/** The paper map: from each item of the ledger to the files that build it and the tests that hold it, as Markdown. */
import type { Chapter, Item } from "./item.ts";
import { plain } from "./plain.ts";

/** docs/paper-map.md, whole. */
export function paperMap(chapters: readonly Chapter[]): string {
  const parts = chapters.map(({ title, items }) => `## ${title}\n\n${HEAD}\n${items.map(row).join("\n")}\n`);
  return `${INTRODUCTION}\n${parts.join("\n")}`;
}

const INTRODUCTION = `# From the paper to the code

Equations (1)–(25), figures (F), errata (E) and hypotheses (H) of P. Wang and M. Maimaitiniyazi, *Quantum dynamics of machine learning*, Acta Physica Sinica **74**, 060701 (2025): where each is built, and which test holds it. \`wick reproduce\` computes them all.

Written by \`npm run paper-map\` from the ledger (\`src/ledger/\`); do not edit it by hand.
`;

const HEAD = "| item | what | built in | held by |\n|---|---|---|---|";

function row({ id, title, files, tests }: Item): string {
  const number = /^\d+$/.test(id) ? `(${id})` : id;
  const held = tests.map(([file, name]) => `\`${file}\`: ${cell(name)}`);
  const cells = [number, plain(title), files.map((file) => `\`${file}\``).join("<br>"), held.join("<br>")];
  return `| ${cells.map((text) => text || "not built yet").join(" | ")} |`;
}

/** Text inside a table: a bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
