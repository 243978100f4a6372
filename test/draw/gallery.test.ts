import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Picture } from "../../gallery/figures.ts";
import { writeGallery } from "../../gallery/write.ts";
import { sound, words } from "./sound.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-gallery-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sizeOf = (name: string): number => statSync(join(folder, name)).size;

let made: Picture[] = [];
beforeAll(async () => {
  made = await writeGallery(folder);
}, 120_000);

test("every picture is there, sound, and something to see", () => {
  expect(made.length).toBeGreaterThanOrEqual(8);
  for (const { name, frames } of made) {
    sound(frames[0]);
    sound(frames[frames.length - 1]);
    if (frames.length > 1) expect(sizeOf(`${name}.gif`)).toBeGreaterThan(10_000);
    else {
      // paper alone would be a tenth of this
      expect(sizeOf(`${name}.svg`)).toBeGreaterThan(5_000);
      expect(sizeOf(`${name}.png`)).toBeGreaterThan(15_000);
    }
  }
});

test("the crossing is found and marked", () => {
  const scene = made.find(({ name }) => name === "crossing")?.frames[0];
  expect(scene === undefined ? [] : words(scene)).toContain("the ground state changes wells at D = 0.0211");
});

test("the page shows every file, with a caption", () => {
  const page = readFileSync(join(folder, "README.md"), "utf8");
  for (const name of readdirSync(folder)) if (name !== "README.md") expect(page).toContain(`(${name})`);
  expect(page.match(/^## /gm)).toHaveLength(made.length);
  for (const { caption } of made) expect(caption.length).toBeGreaterThan(40);
});

test("all of it is small", () => {
  const total = readdirSync(folder).reduce((sum, name) => sum + sizeOf(name), 0);
  expect(total).toBeLessThan(1.5e6);
});

// what the pictures show does not depend on the machine; how it is written, to the last digit, might
test("the committed gallery is this one", () => {
  const committed = new URL("../../docs/gallery/", import.meta.url).pathname;
  expect(readdirSync(committed).sort()).toEqual(readdirSync(folder).sort());
  expect(readFileSync(join(committed, "README.md"), "utf8")).toBe(readFileSync(join(folder, "README.md"), "utf8"));
});
