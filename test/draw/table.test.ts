import { expect, test } from "vitest";
import { cellsOf, table } from "../../src/draw/table.ts";

test("numbers stand to the right and round-trip, text to the left", () => {
  const rows = [
    { engine: "packets", solved: 0.9375, n: 12 },
    { engine: "mqhoa", solved: 0.1 + 0.2, n: 3 },
  ];
  expect(table(rows)).toBe(
    [
      "engine                solved   n",
      "───────  ───────────────────  ──",
      "packets               0.9375  12",
      "mqhoa    0.30000000000000004   3",
    ].join("\n"),
  );
});

test("columns can be chosen, and a missing cell is empty", () => {
  expect(table([{ a: 1 }, { a: 2, b: "x" }], ["b", "a"])).toBe("b  a\n─  ─\n   1\nx  2");
});

test("columns line up by cells on the screen, not by code units", () => {
  const names = ["量子", "é", "e\u0301", "👩‍🔬", "ζ", "plain"];
  expect(names.map(cellsOf)).toEqual([4, 1, 1, 2, 1, 5]);
  const lines = table(names.map((name) => ({ name, end: "|" }))).split("\n");
  const columns = lines.slice(2).map((line) => cellsOf(line.slice(0, line.indexOf("|"))));
  expect(new Set(columns).size).toBe(1);
});

test("control characters cannot reach the terminal", () => {
  expect(table([{ a: "red\u001b[31m\r\nline" }]).split("\n")[2]).toBe("red [31m line");
});

test("no rows make a header alone", () => {
  expect(table([], ["a", "b"])).toBe("a  b\n─  ─");
});
