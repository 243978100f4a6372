import { describe, expect, test } from "vitest";
import { chapters, type Verdict, verdictOf } from "../../src/ledger/index.ts";
import { itemIds, reproduce } from "../../src/ledger/reproduce.ts";
import { reproductionReport } from "../../src/report/index.ts";

const numbers = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i + 1}`);
const CORRECTED = ["7", "10", "11", "14", "23", "24", ...numbers("E", 7)];
// their computations are tests of their own
const STATISTICAL = ["H1", "H2", "H3", "H4", "H8"];

test("every equation, figure, erratum and hypothesis of the paper has its item", () => {
  for (const id of [...numbers("", 25), ...numbers("F", 7), ...numbers("E", 7), ...numbers("H", 7)])
    expect(itemIds).toContain(id);
  expect(new Set(itemIds).size).toBe(itemIds.length);
});

describe("the verdicts on what is computed exactly", () => {
  const exact = chapters.filter(({ items }) => !items.some(({ id }) => STATISTICAL.includes(id)));

  test.each(exact.map((chapter) => [chapter.title, chapter] as const))("%s", async (_title, { items, compute }) => {
    const { outcomes, figures } = await compute({ seed: 0, seeds: 2 });
    expect(Object.keys(outcomes).sort()).toEqual(items.map(({ id }) => id).sort());
    for (const { id, files } of items) {
      const wanted: Verdict =
        files.length === 0 ? "undecided" : CORRECTED.includes(id) ? "holds with correction" : "holds";
      expect([id, verdictOf(outcomes[id])]).toEqual([id, wanted]);
      // a wrong number fails
      const [first, ...rest] = [...(outcomes[id].checks ?? [])].reverse();
      if (first === undefined) continue;
      const wrong = { ...first, measured: first.measured + 1 + 2 * first.tolerance };
      expect(verdictOf({ checks: [wrong, ...rest] })).toBe("fails");
    }
    for (const { scene, caption } of figures) {
      expect(scene.marks.length).toBeGreaterThan(0);
      expect(caption).not.toBe("");
    }
  });
});

describe("reproduce", () => {
  test("finds items by any of their names, in the order of the ledger, and twice the same", async () => {
    const [a, b] = [await reproduce(["fig 4", "(6)", "E7", "10"]), await reproduce(["6", "E7", "F4", "Eq. 10"])];
    expect(a.parts.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(["6", "E7", "10", "F4"]);
    const told = (result: typeof a) => reproductionReport({ result, command: "wick reproduce", version: "1" });
    expect(told(b)).toBe(told(a));
  });

  test("the seed decides on what is drawn", async () => {
    const drawn = async (seed: number) => (await reproduce(["10"], { seed })).parts[0].items[0].checks.at(-1)?.measured;
    expect(await drawn(1)).not.toBe(await drawn(2));
  });

  test("refuses what is no item, with the list", async () => {
    await expect(reproduce(["6", "99"])).rejects.toThrow(/there is no item '99'; known: .*H4/);
    await expect(reproduce(["6"], { seed: 0.5 })).rejects.toThrow("seed: 0.5");
    await expect(reproduce(["6"], { seeds: 1 })).rejects.toThrow("seeds: 1");
  });

  test("an interruption keeps the chapters that were computed", async () => {
    const control = new AbortController();
    const watch = (done: number): void => {
      if (done === 1) control.abort();
    };
    const { parts, interrupted } = await reproduce(["6", "9", "H4"], { signal: control.signal, watch });
    expect(interrupted).toBe(true);
    expect(parts.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(["6"]);
    const within = new AbortController();
    const late = setTimeout(() => within.abort(), 50);
    const cut = await reproduce(["6", "H4"], { signal: within.signal });
    clearTimeout(late);
    expect([cut.interrupted, cut.parts.length]).toEqual([true, 1]);
  });

  test("the page needs nothing from elsewhere, and names every item once", async () => {
    const html = reproductionReport({ result: await reproduce(["6", "9"]), command: "wick", version: "1" });
    expect(html).not.toMatch(/(src|href)="(?!#)/);
    expect(html.match(/id="item-/g)?.length).toBe(2);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
