/**
 * Scenes as pixels and as PNG, by resvg. Pictures are set in the DejaVu Sans that comes with Wick, so that they have
 * the same bytes on every machine; where a text has letters that it lacks, the system's fonts are asked too.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { inputError } from "../../core/errors.ts";
import type { Scene } from "../../draw/scene.ts";
import { svg } from "../../draw/svg.ts";

/** Rows from the top, four bytes a pixel: red, green, blue, alpha. */
export type Pixels = { readonly width: number; readonly height: number; readonly rgba: Uint8Array };

export type RasterOptions = {
  /** Pixels from side to side; twice the scene's own width where it is left out. */
  readonly width?: number;
};

/** The PNG file of a scene. Throws where resvg is not installed or the width is not a whole number from 1 to 16384. */
export async function png(scene: Scene, options: RasterOptions = {}): Promise<Uint8Array> {
  return (await rendered(scene, options)).asPng();
}

/** The pixels of a scene; throws as png() does. */
export async function pixels(scene: Scene, options: RasterOptions = {}): Promise<Pixels> {
  const image = await rendered(scene, options);
  return { width: image.width, height: image.height, rgba: new Uint8Array(image.pixels) };
}

const FAMILY = "DejaVu Sans";
const LARGEST = 16_384;
// what the font in assets/fonts was cut down to
const SET = /^[\x20-\x7e\xa0-\u017f\u02c6-\u02dd\u0391-\u03d6\u2010-\u2026\u2030-\u2033\u2070-\u209c\u2190-\u2265\n]*$/;

async function rendered(scene: Scene, { width = 2 * scene.width }: RasterOptions) {
  if (!(Number.isInteger(width) && width >= 1 && width <= LARGEST))
    throw inputError("width", `${width} is not a whole number of pixels from 1 to ${LARGEST}`);
  const Resvg = await rasterizer();
  const text = svg(scene, FAMILY);
  const font = {
    fontFiles: fontFiles(),
    loadSystemFonts: !SET.test(text),
    defaultFontFamily: FAMILY,
    sansSerifFamily: FAMILY,
  };
  return new Resvg(text, { font, fitTo: { mode: "width", value: width } }).render();
}

async function rasterizer() {
  try {
    return (await import("@resvg/resvg-js")).Resvg;
  } catch {
    throw inputError("png", "pictures as pixels need the package @resvg/resvg-js", "npm install @resvg/resvg-js");
  }
}

/** The fonts lie beside the package's manifest, wherever this file was compiled to. */
function fontFiles(): string[] {
  const manifest = createRequire(import.meta.url).resolve("wick/package.json");
  const folder = join(dirname(manifest), "assets", "fonts");
  return ["DejaVuSans.ttf", "DejaVuSans-Oblique.ttf"].map((name) => join(folder, name));
}
