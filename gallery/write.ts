/** Writes the gallery into a folder: each picture as SVG and PNG, animations as GIF, and a page that shows them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rich, type Scene, svg } from "../src/draw/index.ts";
import { gif } from "../src/platform/node/gif.ts";
import { png } from "../src/platform/node/png.ts";
import { type Picture, pictures } from "./figures.ts";

const WIDTH = 800;
const GIF_WIDTH = 400;

/** Makes all pictures, writes them, and returns them. */
export async function writeGallery(folder: string): Promise<Picture[]> {
  mkdirSync(folder, { recursive: true });
  const made: Picture[] = [];
  for (const make of pictures) {
    const picture = await make();
    await write(folder, picture);
    made.push(picture);
  }
  writeFileSync(join(folder, "README.md"), page(made));
  return made;
}

async function write(folder: string, { name, frames }: Picture): Promise<void> {
  if (frames.length > 1) {
    writeFileSync(join(folder, `${name}.gif`), await gif(frames, { width: GIF_WIDTH, delay: 0.08 }));
    return;
  }
  const [scene] = frames;
  writeFileSync(join(folder, `${name}.svg`), `${svg(scene)}\n`);
  writeFileSync(join(folder, `${name}.png`), await png(scene, { width: WIDTH }));
}

function page(made: readonly Picture[]): string {
  const items = made.map(({ name, frames, caption }) => {
    const title = titleOf(frames[0]);
    if (frames.length > 1) return `## ${title}\n\n![${title}](${name}.gif)\n\n${markdown(caption)}\n`;
    return `## ${title}\n\n![${title}](${name}.svg)\n\n${markdown(caption)} [PNG](${name}.png)\n`;
  });
  return `# Gallery\n\nMade by \`npm run gallery\` from the engines; the same on every run. Numbers in brackets are equations of the paper, H = −D∇² + ζ throughout.\n\n${items.join("\n")}`;
}

const titleOf = ({ title }: Scene): string => title;

/** The marks of `rich()` as Markdown. */
function markdown(text: string): string {
  return rich(text)
    .map(({ text, shift, italic }) => {
      const inner = italic ? `*${text}*` : text;
      return shift === undefined ? inner : shift === "up" ? `<sup>${inner}</sup>` : `<sub>${inner}</sub>`;
    })
    .join("");
}
