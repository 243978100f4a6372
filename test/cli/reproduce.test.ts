import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wick } from "./wick.ts";

test("items as JSON, and one page", async () => {
  const page = join(mkdtempSync(join(tmpdir(), "wick-")), "ledger.html");
  const { code, out } = await wick(["reproduce", "F5", "23", "6", "--json", "--report", page]);
  expect(code).toBe(0);
  const { items, verdicts } = JSON.parse(out);
  expect(items.map(({ id, verdict }: { id: string; verdict: string }) => [id, verdict])).toEqual([
    ["6", "holds"],
    ["23", "holds with correction"],
    ["F5", "undecided"],
  ]);
  expect(items[0].measured).toBeCloseTo(items[0].expected, 9);
  expect(items[2].measured).toBe(null);
  expect(verdicts).toEqual({ holds: 1, "holds with correction": 1, undecided: 1 });
  expect(readFileSync(page, "utf8")).toContain("Softmax");
});

test("the list computes nothing", async () => {
  const { code, out } = await wick(["reproduce", "--list", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out).entries.length).toBeGreaterThanOrEqual(45);
});

test("what is no item is refused in one line", async () => {
  const { code, err } = await wick(["reproduce", "H99"]);
  expect(code).toBe(2);
  expect(err).toMatch(/^wick: reproduce: there is no item 'H99'; known: /);
  expect(err.trim().split("\n").length).toBe(1);
});
