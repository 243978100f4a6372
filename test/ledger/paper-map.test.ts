import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chapters, paperMap, plain } from "../../src/ledger/index.ts";

const root = new URL("../..", import.meta.url).pathname;
const items = chapters.flatMap((chapter) => chapter.items);

test("docs/paper-map.md is what the ledger makes of it", () => {
  expect(readFileSync(`${root}/docs/paper-map.md`, "utf8"), "run `npm run paper-map`").toBe(paperMap(chapters));
});

test.each(items.filter(({ files }) => files.length > 0).map((item) => [item.id, item] as const))(
  "what item %s names is there",
  (_id, { files, tests }) => {
    for (const file of files) expect(existsSync(`${root}/${file}`), file).toBe(true);
    expect(tests.length).toBeGreaterThan(0);
    for (const [file, title] of tests) expect(readFileSync(`${root}/${file}`, "utf8")).toContain(title);
  },
);

test.each([
  ["*E*_{0}", "E_0"],
  ["exp(−*E*_{k}*τ*)", "exp(−E_kτ)"],
  ["e^{−*x*/2}", "e^(−x/2)"],
  ["10^{−9}", "10^(−9)"],
  ["*ψ*_{i}^{n+1}", "ψ_i^(n+1)"],
  ["*x*^{2}*y*^{2}", "x^2y^2"],
])("%s is plain as %s", (marked, wanted) => {
  expect(plain(marked)).toBe(wanted);
});
