/**
 * Animations: a sequence of scenes as one GIF. One palette serves all frames; what did not change from one frame to
 * the next is left transparent, which makes a small file. The same scenes give the same bytes.
 */
import { createRequire } from "node:module";
import { inputError } from "../../core/errors.ts";
import type { Scene } from "../../draw/scene.ts";
import { type Pixels, pixels } from "./png.ts";

export type GifOptions = {
  /** Pixels from side to side; the scene's own width where it is left out. */
  readonly width?: number;
  /** Seconds that a frame stays; at least 0.02, in hundredths. */
  readonly delay?: number;
  /** Seconds that the last frame stays. */
  readonly rest?: number;
};

/** What we use of gifenc, which comes without types. */
type Gifenc = {
  GIFEncoder(): {
    writeFrame(index: Uint8Array, width: number, height: number, frame: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  };
  quantize(rgba: Uint8Array, colors: number, options: { readonly format: Format }): number[][];
  applyPalette(rgba: Uint8Array, palette: readonly number[][], format: Format): Uint8Array;
};
type FrameOptions = {
  readonly palette?: readonly number[][];
  /** Milliseconds. */
  readonly delay: number;
  readonly transparent: boolean;
  readonly transparentIndex: number;
  readonly dispose: number;
};
type Format = "rgb565";

// it is CommonJS that every loader imports in another way; required, it is the same everywhere
const { GIFEncoder, quantize, applyPalette }: Gifenc = createRequire(import.meta.url)("gifenc");

const COLORS = 255;
const TRANSPARENT = COLORS;

/**
 * The GIF file of some scenes of one size, which plays over and over.
 * @throws where there is no scene, where sizes differ, and where png() does
 */
export async function gif(scenes: readonly Scene[], options: GifOptions = {}): Promise<Uint8Array> {
  if (scenes.length === 0) throw inputError("gif", "there are no frames", "give at least one scene");
  const { width = scenes[0].width, delay = 0.06, rest = 1 } = options;
  const frames: Pixels[] = [];
  for (const scene of scenes) frames.push(await pixels(scene, { width }));
  const { height } = frames[0];
  const odd = frames.findIndex((frame) => frame.height !== height);
  if (odd >= 0)
    throw inputError("gif", `frame ${odd + 1} is ${frames[odd].height} pixels high where the first is ${height}`);
  const palette = quantize(sampled(frames), COLORS, { format: "rgb565" });
  while (palette.length <= TRANSPARENT) palette.push([0, 0, 0]);
  const encoder = GIFEncoder();
  let before: Uint8Array | undefined;
  frames.forEach(({ rgba }, k) => {
    const index = applyPalette(rgba, palette.slice(0, TRANSPARENT), "rgb565");
    encoder.writeFrame(before === undefined ? index : changed(index, before), width, height, {
      ...(k === 0 ? { palette } : {}),
      delay: 1000 * (k === frames.length - 1 ? rest : delay),
      transparent: k > 0,
      transparentIndex: TRANSPARENT,
      dispose: 1,
    });
    before = index;
  });
  encoder.finish();
  return encoder.bytes();
}

/** All pixels of the first and last frames and of some between them, from which the palette is made. */
function sampled(frames: readonly Pixels[]): Uint8Array {
  const most = 6;
  const step = Math.max(1, Math.ceil((frames.length - 1) / (most - 1)));
  const chosen = frames.filter((_, k) => k % step === 0 || k === frames.length - 1);
  const all = new Uint8Array(chosen.reduce((sum, { rgba }) => sum + rgba.length, 0));
  let end = 0;
  for (const { rgba } of chosen) {
    all.set(rgba, end);
    end += rgba.length;
  }
  return all;
}

/** The indices of a frame, transparent where the one before it shows the same. */
function changed(index: Uint8Array, before: Uint8Array): Uint8Array {
  return index.map((value, i) => (value === before[i] ? TRANSPARENT : value));
}
