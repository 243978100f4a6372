/**
 * Plain tables for terminals: columns aligned by the width that their letters take on the screen.
 */

export type TableRow = Readonly<Record<string, string | number>>;

// code points that take two cells: East Asian wide and full-width forms, and emoji
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u;
const letters = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Rows as lines of text under a header; numbers stand to the right and round-trip.
 * @param columns which keys, in which order; all of them, in the order of their first appearance, where left out
 */
export function table(rows: readonly TableRow[], columns: readonly string[] = keysOf(rows)): string {
  const cells = columns.map((key) => {
    const given = rows.map((row) => row[key]);
    const texts = [key, ...given.map((value) => printable(value ?? ""))];
    const right =
      given.some((v) => typeof v === "number") && given.every((v) => v === undefined || typeof v === "number");
    return { texts, right, width: Math.max(...texts.map(cellsOf)) };
  });
  const line = (i: number): string =>
    cells
      .map(({ texts, right, width }) => {
        const gap = " ".repeat(width - cellsOf(texts[i]));
        return right ? gap + texts[i] : texts[i] + gap;
      })
      .join("  ")
      .trimEnd();
  const rule = cells.map(({ width }) => "─".repeat(width)).join("  ");
  return [line(0), rule, ...rows.map((_, i) => line(i + 1))].join("\n");
}

/** The number of cells a text takes in a terminal. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const { segment } of letters.segment(text)) cells += /^\p{Mn}+$/u.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1;
  return cells;
}

function keysOf(rows: readonly TableRow[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Control characters would move the cursor or worse. */
function printable(value: string | number): string {
  return typeof value === "number" ? String(value) : value.replace(/\p{Cc}+/gu, " ");
}
