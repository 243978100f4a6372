import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openFolder, readJournal } from "../../src/platform/node/folder.ts";
import { headerIn } from "../../src/platform/node/studies.ts";
import type { Line } from "../../src/study/journal.ts";

const root = mkdtempSync(join(tmpdir(), "wick-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = "";
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++), "deep");
});

async function all(lines: AsyncGenerator<Line, void, void>): Promise<Line[]> {
  const read = [];
  for await (const line of lines) read.push(line);
  return read;
}

describe("a folder as a store", () => {
  test("gives back the lines it took, with their numbers and offsets", async () => {
    const store = openFolder(folder);
    const ends = ['{"wick":1}', "zwei ζ", "x".repeat(3_000_000), "", "end"].map((text) => store.append(text));
    const lines = await all(store.lines(0));
    expect(lines.map(({ end }) => end)).toEqual(ends);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(lines[1].text).toBe("zwei ζ");
    expect(await all(store.lines(ends[2]))).toEqual(lines.slice(3));
    expect(store.size()).toBe(ends[4]);
    await store.close();
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });

  test("has a name, and holds a study from its first answer on", async () => {
    expect(() => openFolder(" ")).toThrow("study: the name of its folder is empty; name one");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "journal.jsonl"), "");
    await expect(headerIn(folder)).rejects.toThrow(
      "holds a study without a first answer; begin it anew: wick minimize",
    );
  });

  test("cuts a torn last line off, and an unended first one, when it first writes", async () => {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "journal.jsonl");
    const torn = '{"wick":1,"whole":1}\n{"to';
    writeFileSync(path, torn);
    let store = openFolder(folder);
    expect((await all(store.lines(0))).map(({ text }) => text)).toEqual(['{"wick":1,"whole":1}']);
    expect(readFileSync(path, "utf8")).toBe(torn);
    store.append("next");
    await store.close();
    expect(readFileSync(path, "utf8")).toBe('{"wick":1,"whole":1}\nnext\n');
    writeFileSync(path, `{"wick":${"y".repeat(200_000)}`);
    store = openFolder(folder);
    expect(store.size()).toBe(0);
    store.append("first");
    await store.close();
    expect(readFileSync(path, "utf8")).toBe("first\n");
  });

  test("is refused where the file is somebody else's, which stays as it is", () => {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "journal.jsonl");
    for (const precious of ["precious data", "a,b\n1,2\n", '{"event":1}\n']) {
      writeFileSync(path, precious);
      expect(() => openFolder(folder)).toThrow("is not the journal of a study");
      expect(readFileSync(path, "utf8")).toBe(precious);
      expect(existsSync(join(folder, "lock"))).toBe(false);
    }
  });

  test("keeps the latest checkpoint", async () => {
    const store = openFolder(folder);
    expect(store.loadCheckpoint()).toBeUndefined();
    await store.saveCheckpoint(Uint8Array.of(1, 2, 3));
    await store.saveCheckpoint(Uint8Array.of(4, 5));
    expect([...(store.loadCheckpoint() ?? [])]).toEqual([4, 5]);
    await store.close();
  });

  test("is refused while another has it open, and taken over from the dead", async () => {
    const store = openFolder(folder);
    expect(() => openFolder(folder)).toThrow(`is in use by process ${process.pid}`);
    await store.close();
    expect(readdirSync(folder).filter((name) => name.startsWith("lock"))).toEqual([]);
    for (const dead of ["999999999 1", "1 0", "", "nonsense"]) {
      writeFileSync(join(folder, "lock"), dead);
      await openFolder(folder).close();
    }
  });

  test("is refused while another machine has it open, saying what to do where that has stopped", () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "lock"), "1 0 elsewhere");
    expect(() => openFolder(folder)).toThrow("is in use by process 1 on elsewhere; where that has ended, remove");
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe("1 0 elsewhere");
  });

  test("is refused where no folder can be", () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "file"), "");
    expect(() => openFolder(join(folder, "file"))).toThrow("cannot be used as a study folder");
  });

  test("can be read by others while it grows", async () => {
    const store = openFolder(folder);
    store.append('{"wick":1}');
    appendFileSync(join(folder, "journal.jsonl"), "torn");
    expect((await all(readJournal(folder))).map(({ text }) => text)).toEqual(['{"wick":1}']);
    await store.close();
  });
});
