/** What every picture must be: drawable, the same twice, made of numbers, with its texts inside it and apart. */
import { Resvg } from "@resvg/resvg-js";
import { expect } from "vitest";
import { type Mark, type Scene, svg } from "../../src/draw/index.ts";

const font = {
  loadSystemFonts: false,
  fontFiles: ["DejaVuSans.ttf", "DejaVuSans-Oblique.ttf"].map(
    (name) => new URL(`../../assets/fonts/${name}`, import.meta.url).pathname,
  ),
  defaultFontFamily: "DejaVu Sans",
};

export function flat(marks: readonly Mark[]): Mark[] {
  return marks.flatMap((m) => (m.kind === "group" ? flat(m.marks) : [m]));
}

export function words(scene: Scene): string[] {
  return flat(scene.marks).flatMap((m) => (m.kind === "text" ? [m.text.map(({ text }) => text).join("")] : []));
}

type InkBox = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
};

/** Where the ink of each text lies, measured by setting it. */
export function inkBoxes(scene: Scene): InkBox[] {
  return flat(scene.marks).flatMap((mark) => {
    if (mark.kind !== "text") return [];
    const alone = svg({ ...scene, marks: [mark] }).replace(/<rect [^>]*\/>/, "");
    const box = new Resvg(alone, { font }).getBBox();
    if (box === undefined) return [];
    const text = mark.text.map(({ text }) => text).join("");
    return [{ text, x: box.x, y: box.y, right: box.x + box.width, bottom: box.y + box.height }];
  });
}

export function sound(scene: Scene): void {
  const text = svg(scene);
  expect(text).toBe(svg(scene));
  expect(/NaN|Infinity|undefined|\de[+-]?\d/.exec(text.replace(/#[\da-f]{6}/g, ""))).toBeNull();
  // resvg reads strictly: what is not well formed throws
  expect(new Resvg(text, { font }).width).toBeCloseTo(scene.width, 0);
  const boxes = inkBoxes(scene);
  expect(boxes.length).toBeGreaterThan(0);
  const faults: string[] = [];
  boxes.forEach((a, i) => {
    if (a.x < 0 || a.y < 0 || a.right > scene.width || a.bottom > scene.height)
      faults.push(`'${a.text}' leaves the picture`);
    for (const b of boxes.slice(0, i))
      if (a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom)
        faults.push(`'${a.text}' lies on '${b.text}'`);
  });
  expect(faults).toEqual([]);
}
