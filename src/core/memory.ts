/**
 * A memory of points: what ζ was at each, found again by the bits of the point. It is plain data that grows by
 * doubling, an open hash table whose 64-bit addresses stand for the points.
 */
import { fold, type Key, key } from "../math/rng.ts";
import type { Plain } from "./plain.ts";

export type Memory = {
  count: number;
  hi: Uint32Array;
  lo: Uint32Array;
  /** 1 where a slot is taken. */
  taken: Uint8Array;
  value: Float64Array;
} & { readonly [k: string]: Plain };

const SMALLEST = 64;
const ROOT = key(0);
const words = new Uint32Array(2);
const number = new Float64Array(words.buffer);

export function blankMemory(slots = SMALLEST): Memory {
  return {
    count: 0,
    hi: new Uint32Array(slots),
    lo: new Uint32Array(slots),
    taken: new Uint8Array(slots),
    value: new Float64Array(slots),
  };
}

/** ζ at a point, or undefined where it is not known. */
export function recall(memory: Memory, x: ArrayLike<number>): number | undefined {
  const { hi, lo } = addressOf(x);
  const slot = slotOf(memory, hi, lo);
  return memory.taken[slot] === 0 ? undefined : memory.value[slot];
}

/** Keeps ζ at a point. */
export function learn(memory: Memory, x: ArrayLike<number>, value: number): void {
  if (2 * memory.count >= memory.hi.length) grow(memory);
  const { hi, lo } = addressOf(x);
  put(memory, hi, lo, value);
}

/** Keeps what another memory holds as well. */
export function merge(memory: Memory, { hi, lo, taken, value }: Memory): void {
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 0) continue;
    if (2 * memory.count >= memory.hi.length) grow(memory);
    put(memory, hi[i], lo[i], value[i]);
  }
}

function put(memory: Memory, hi: number, lo: number, value: number): void {
  const slot = slotOf(memory, hi, lo);
  if (memory.taken[slot] === 0) memory.count++;
  memory.hi[slot] = hi;
  memory.lo[slot] = lo;
  memory.taken[slot] = 1;
  memory.value[slot] = value;
}

function grow(memory: Memory): void {
  const larger = blankMemory(2 * memory.hi.length);
  for (let i = 0; i < memory.hi.length; i++)
    if (memory.taken[i] === 1) put(larger, memory.hi[i], memory.lo[i], memory.value[i]);
  Object.assign(memory, larger);
}

function slotOf({ hi, lo, taken }: Memory, high: number, low: number): number {
  const mask = hi.length - 1;
  let slot = low & mask;
  while (taken[slot] === 1 && (hi[slot] !== high || lo[slot] !== low)) slot = (slot + 1) & mask;
  return slot;
}

/** 64 bits that stand for a point; −0 counts as 0. */
function addressOf(x: ArrayLike<number>): Key {
  let address = ROOT;
  for (let j = 0; j < x.length; j++) {
    number[0] = x[j] + 0;
    address = fold(fold(address, words[0]), words[1]);
  }
  return address;
}
