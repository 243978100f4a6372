/** The page of one result: what it promises, its numbers, its pictures, its warnings, and how to have it again. */
import { type Scene, svg } from "../draw/index.ts";
import { escaped, type Html, marked, section } from "./html.ts";
import { page } from "./page.ts";

export type Leaf = {
  /** The kind of result, in a word or two. */
  readonly kind: string;
  readonly title: string;
  /** What the page shows, as rich text. */
  readonly promise: string;
  readonly sections: readonly (readonly [title: string, body: Html])[];
  readonly warnings: readonly string[];
  readonly command?: string | undefined;
};

/** A complete HTML document without a script or an outside resource; the same input gives the same bytes. */
export function leaf({ kind, title, promise, sections, warnings, command }: Leaf): string {
  const body = [
    `<header>\n<p class="eyebrow">Wick · ${escaped(kind)}</p>\n<h1>${escaped(title)}</h1>\n<p>${marked(promise)}</p>\n</header>`,
    "<main>",
    ...sections.map(([name, inside]) => section(name, inside)),
    section("Warnings", warnings.map((w) => `<p>${escaped(w)}</p>`).join("\n")),
    "</main>",
    command === undefined ? "" : `<footer><p>The same again:</p><pre>${escaped(command)}</pre></footer>`,
  ];
  return page(title, body.join("\n"));
}

/** Pictures, each above its title. */
export function plates(scenes: readonly Scene[]): Html {
  return scenes
    .map((scene) => `<figure>\n${svg(scene)}\n<figcaption><b>${escaped(scene.title)}.</b></figcaption>\n</figure>`)
    .join("\n");
}
