import { expect, test } from "vitest";
import { blankMemory, learn, recall } from "../../src/core/memory.ts";
import { copy, decode, encode } from "../../src/core/plain.ts";

test("a memory gives back what it learned, through growth, copies and bytes", () => {
  const memory = blankMemory();
  const at = (k: number): number[] => [k % 17, Math.floor(k / 17), -k / 3];
  for (let k = 0; k < 3000; k++) learn(memory, at(k), k / 7);
  expect(memory.count).toBe(3000);
  const again = decode(encode(copy(memory))) as typeof memory;
  for (let k = 0; k < 3000; k++) expect(recall(again, at(k))).toBe(k / 7);
  expect(recall(again, [1, 2, 3])).toBeUndefined();
  expect(recall(again, [])).toBeUndefined();
});

test("a point learned again is one point, and −0 is 0", () => {
  const memory = blankMemory();
  learn(memory, [0, 1], 5);
  learn(memory, [-0, 1], 6);
  expect(memory.count).toBe(1);
  expect(recall(memory, [0, 1])).toBe(6);
});
