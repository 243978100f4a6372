/** The pictures of a command as files. */
import { join } from "node:path";
import { inputError } from "../core/errors.ts";
import { type Scene, svg } from "../draw/index.ts";
import { png } from "../platform/node/png.ts";
import { writeOutput } from "./common.ts";

/** Each scene as SVG in a folder, and as PNG where `raster` says so. */
export async function writeScenes(folder: string, scenes: readonly Scene[], raster = false): Promise<void> {
  for (const scene of scenes) {
    writeOutput("--figures", join(folder, `${scene.name}.svg`), `${svg(scene)}\n`);
    if (raster) writeOutput("--figures", join(folder, `${scene.name}.png`), await png(scene));
  }
}

/** Refuses a kind of picture, such as `png`, where no folder is named for it. */
export function checkKind(kind: string, wanted: boolean | undefined, figures: string | undefined): void {
  if (wanted && figures === undefined)
    throw inputError(`--${kind}`, "says nothing without --figures", "name the figures' folder");
}
