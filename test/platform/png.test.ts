import { expect, test } from "vitest";
import { plain, rich, type Scene } from "../../src/draw/index.ts";
import { gif } from "../../src/platform/node/gif.ts";
import { pixels, png } from "../../src/platform/node/png.ts";

const scene = (marks: Scene["marks"], height = 30): Scene => ({ name: "t", title: "t", width: 60, height, marks });
const square = (x: number, fill: `#${string}` = "#d55e00"): Scene =>
  scene([{ kind: "rect", x, y: 10, width: 10, height: 10, fill }]);
const label = (text: string): Scene => scene([{ kind: "text", x: 2, y: 20, text: plain(text) }]);

const ink = async (of: Scene): Promise<number> => {
  const { rgba } = await pixels(of);
  let dark = 0;
  for (let i = 0; i < rgba.length; i += 4) if (rgba[i] < 128) dark++;
  return dark;
};

test("a PNG begins as one, has the width that was asked for, and the same bytes twice", async () => {
  const file = await png(square(5), { width: 120 });
  expect([...file.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(file.buffer, file.byteOffset);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([120, 60]);
  expect(await png(square(5), { width: 120 })).toEqual(file);
  expect(new DataView((await png(square(5))).buffer).getUint32(16)).toBe(120);
});

test("pixels are where the marks are", async () => {
  const { width, rgba } = await pixels(square(5), { width: 60 });
  const at = (x: number, y: number): number[] => [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
  expect(at(10, 15)).toEqual([0xd5, 0x5e, 0, 255]);
  expect(at(20, 15)).toEqual([255, 255, 255, 255]);
});

test("text is set, in every sign that the pictures use", async () => {
  const blank = await ink(scene([]));
  expect(blank).toBe(0);
  // letters that a font lacks are all drawn as the same box
  const box = await ink(label("\u2fff"));
  for (const sign of "aζψτΔ∇−×·≤≈∞|²°’") {
    const dark = await ink(label(sign));
    expect(dark, sign).toBeGreaterThan(0);
    expect(dark, sign).not.toBe(box);
  }
  const slanted = scene([{ kind: "text", x: 2, y: 20, text: rich("*D*") }]);
  expect(await ink(slanted)).not.toBe(await ink(label("D")));
});

test.each([0, -1, 1.5, Number.NaN, 20_000])("refused: a width of %d", async (width) => {
  await expect(png(square(5), { width })).rejects.toThrow(/width: .* is not a whole number of pixels/);
});

/** The frames of a GIF as its blocks tell them: (left, top, width, height), and the delays. */
function blocks(file: Uint8Array): { frames: number[][]; delays: number[] } {
  const view = new DataView(file.buffer, file.byteOffset);
  const frames: number[][] = [];
  const delays: number[] = [];
  const table = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + table(file[10]);
  const skip = (): void => {
    while (file[at] !== 0) at += file[at] + 1;
    at++;
  };
  while (file[at] !== 0x3b) {
    if (file[at] === 0x21) {
      if (file[at + 1] === 0xf9) delays.push(view.getUint16(at + 4, true));
      at += 2;
    } else {
      frames.push([1, 3, 5, 7].map((k) => view.getUint16(at + k, true)));
      at += 11 + table(file[at + 9]);
    }
    skip();
  }
  expect(at).toBe(file.length - 1);
  return { frames, delays };
}

test("a GIF holds its frames, plays them for as long as said, and has the same bytes twice", async () => {
  const scenes = [0, 10, 20].map((x) => square(x));
  const file = await gif(scenes, { delay: 0.08, rest: 2 });
  expect(String.fromCharCode(...file.subarray(0, 6))).toBe("GIF89a");
  expect(blocks(file)).toEqual({ frames: [0, 0, 0].map(() => [0, 0, 60, 30]), delays: [8, 8, 200] });
  expect(await gif(scenes, { delay: 0.08, rest: 2 })).toEqual(file);
});

test("refused: no frames, frames of different heights", async () => {
  await expect(gif([])).rejects.toThrow("there are no frames");
  await expect(gif([scene([]), scene([], 40)])).rejects.toThrow("frame 2 is 40 pixels high where the first is 30");
});
