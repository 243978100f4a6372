/**
 * The cloud kernel on WebAssembly, the other side of assembly/cloud.ts. Clouds stay where their owners hold them: they
 * pass through a room of the first-level cache's size, a chunk at a time.
 */
import { type CloudKernel, greatestExponent, MOST_BORN, normalize, settle, TOP } from "../math/cloud.ts";
import { high, type Key, outside, ziggurat } from "../math/rng.ts";
import { BLOCK } from "../math/sum.ts";
import { aloneInstance, memoryOf } from "./instance.ts";

/** Elements that pass at once: whole blocks of a sum. */
const CHUNK = 4 * BLOCK;
const REAL = 8;
const WORD = 2 ** 32;
/** The kernel writes some elements beyond a chunk. */
const ROOM = REAL * (CHUNK + 16);
const TABLES = 64;
const FIRST = TABLES + REAL * ziggurat().length;
const SECOND = FIRST + ROOM;
const THIRD = SECOND + ROOM;
/** One more than a chunk: the kernel writes an index before it knows whether to keep it. */
const INDICES = THIRD + ROOM;
const NOTES = INDICES + 4 * (CHUNK + 2);
const BORN = NOTES + 4 * (CHUNK + 16);
const COUNTS = BORN + 4 * (MOST_BORN * CHUNK + 2);
const SIZE = COUNTS + 4 * 4;

/** The cloud kernel on the module. */
export function wasmCloud(module: WebAssembly.Module): CloudKernel {
  const memory = memoryOf(SIZE);
  const { normals, kick, weigh, offspring, branch } = aloneInstance(module, memory);
  const first = new Float64Array(memory.buffer, FIRST, CHUNK);
  const second = new Float64Array(memory.buffer, SECOND, CHUNK);
  const third = new Float64Array(memory.buffer, THIRD, CHUNK);
  const births = new Int32Array(memory.buffer, BORN, MOST_BORN * CHUNK + 1);
  const counts = new Int32Array(memory.buffer, COUNTS, 3);
  const indices = new Int32Array(memory.buffer, INDICES, CHUNK + 1);
  new Float64Array(memory.buffer, TABLES).set(ziggurat());

  /** Normals of the elements from `start` on, in `first`; few enough that the low word does not overflow. */
  const draw = (key: Key, start: number, n: number): void => {
    const whole = 16 * Math.ceil(n / 16);
    const rest = normals(key.hi, key.lo, start | 0, high(start, 0), whole, FIRST, TABLES, BORN);
    // of each four the first words, which end in the layer; then the index, and from bit 24 on which of them
    for (let r = 0; r < rest; r += 5)
      for (let left = births[r + 4] >> 24; left !== 0; left &= left - 1) {
        const lane = 31 - Math.clz32(left & -left);
        const i = (births[r + 4] & 0xffffff) + lane;
        first[i] = outside(key, start + i, births[r + lane] & 255, first[i]);
      }
  };
  /** Calls with each chunk of elements from `start` to `end`. */
  const chunks = (start: number, end: number, visit: (from: number, n: number) => void): void => {
    for (let from = start; from < end; ) {
      const n = Math.min(CHUNK, end - from, WORD - (from % WORD));
      visit(from, n);
      from += n;
    }
  };

  return {
    backend: "wasm",
    normals(key, out, start = 0) {
      chunks(start, start + out.length, (from, n) => {
        draw(key, from, n);
        out.set(first.subarray(0, n), from - start);
      });
    },
    kick(x, lengths, key) {
      let j = 0;
      const isRound = lengths.every((length) => length === lengths[0]);
      chunks(0, x.length, (from, n) => {
        draw(key, from, n);
        if (isRound) {
          second.set(x.subarray(from, from + n));
          kick(SECOND, FIRST, n, lengths[0]);
          x.set(second.subarray(0, n), from);
        } else
          for (let i = 0; i < n; i++) {
            x[from + i] += lengths[j] * first[i];
            if (++j === lengths.length) j = 0;
          }
      });
    },
    weigh(weight, value, s) {
      const top = greatestExponent(weight, value, s);
      if (top === Number.NEGATIVE_INFINITY) return top;
      let total = 0;
      chunks(0, weight.length, (from, n) => {
        first.set(weight.subarray(from, from + n));
        second.set(value.subarray(from, from + n));
        total = weigh(FIRST, SECOND, n, s, top, total);
        weight.set(first.subarray(0, n), from);
      });
      return normalize(weight, total, top);
    },
    branch({ before, after, survival, dt, trial, u, weight, dead, born }) {
      let [total, noDead, noBorn, clipped, dropped] = [0, 0, 0, 0, 0];
      chunks(0, before.length, (from, n) => {
        first.set(before.subarray(from, from + n));
        second.set(after.subarray(from, from + n));
        if (survival !== undefined) third.set(survival.subarray(from, from + n));
        const alive = survival === undefined ? 0 : THIRD;
        total = branch(FIRST, SECOND, alive, n, dt, trial, TOP, u, total, INDICES, BORN, NOTES, COUNTS);
        weight?.set(first.subarray(0, n), from);
        for (let k = 0; k < counts[0]; k++) dead[noDead++] = from + indices[k];
        for (let k = 0; k < counts[1]; k++)
          if (noBorn < born.length) born[noBorn++] = from + births[k];
          else dropped++;
        clipped += counts[2];
      });
      return { total, dead: noDead, born: noBorn, clipped, dropped };
    },
    resample(weight, u, parent) {
      let cumulated = 0;
      chunks(0, weight.length, (from, n) => {
        first.set(weight.subarray(from, from + n));
        cumulated = offspring(FIRST, n, weight.length, u, cumulated, INDICES);
        parent.set(indices.subarray(0, n), from);
      });
      settle(weight, parent);
    },
  };
}
