/** Texts of the ledger where nothing can be raised or slanted: `*E*_{0}` as `E_0`, `e^{−*x*}` as `e^(−x)`. */
import { rich } from "../draw/scene.ts";

/** A text with the marks of `rich()` as plain text. */
export function plain(marked: string): string {
  return rich(marked)
    .map(({ text, shift }, k, spans) => {
      if (shift === undefined) return text;
      // a shifted piece may come in several spans, slanted and not
      const begins = spans[k - 1]?.shift !== shift;
      const ends = spans[k + 1]?.shift !== shift;
      const short = begins && ends && [...text].length === 1;
      const open = `${shift === "up" ? "^" : "_"}${short ? "" : "("}`;
      return `${begins ? open : ""}${text}${ends && !short ? ")" : ""}`;
    })
    .join("");
}
