/** Pieces of HTML: everything that did not come from this folder passes through `escaped` or `marked`. */
import { escapeXml, rich, type Text } from "../draw/index.ts";

/** HTML, as opposed to text that must still be escaped. */
export type Html = string;

export function escaped(text: string | number): Html {
  return escapeXml(String(text));
}

/** Text of ours that carries the marks of `rich()`. */
export function marked(text: string): Html {
  return spans(rich(text));
}

function spans(text: Text): Html {
  return text
    .map(({ text, shift, italic }) => {
      const inner = escaped(text);
      const slanted = italic ? `<i>${inner}</i>` : inner;
      return shift === "up" ? `<sup>${slanted}</sup>` : shift === "down" ? `<sub>${slanted}</sub>` : slanted;
    })
    .join("");
}

/** A list of terms. */
export function terms(rows: readonly (readonly [term: Html, value: Html])[]): Html {
  return `<dl>\n${rows.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join("\n")}\n</dl>`;
}

/** A table that scrolls by itself where it is wider than the page. */
export function grid(head: readonly Html[], rows: readonly (readonly Html[])[], kind = ""): Html {
  const line = (cells: readonly Html[], tag: "th" | "td"): Html =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  const body = rows.map((row) => line(row, "td")).join("\n");
  const attribute = kind === "" ? "" : ` class="${kind}"`;
  return `<div class="scroll"><table${attribute}>\n<thead>${line(head, "th")}</thead>\n<tbody>\n${body}\n</tbody></table></div>`;
}

export function section(title: string, body: Html): Html {
  return body === "" ? "" : `<section>\n<h2>${escaped(title)}</h2>\n${body}\n</section>`;
}
