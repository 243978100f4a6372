/**
 * The cloud kernel on WebAssembly, the other side of assembly/cloud.ts. Clouds stay where their owners hold them: they
 * pass through a room of the first-level cache's size, a chunk at a time.
 */
import { type CloudKernel, greatestExponent, normalize, settle } from "../math/cloud.ts";
import { high, type Key, normal, ziggurat } from "../math/rng.ts";
import { BLOCK } from "../math/sum.ts";
import { instance, memoryOf } from "./instance.ts";

/** Elements that pass at once: whole blocks of a sum. */
const CHUNK = 4 * BLOCK;
const REAL = 8;
const TABLES = 64;
const FIRST = TABLES + REAL * ziggurat().length;
const SECOND = FIRST + REAL * CHUNK;
/** One more than a chunk: the kernel writes an index before it knows whether to keep it. */
const INDICES = SECOND + REAL * CHUNK;
const SIZE = INDICES + 4 * (CHUNK + 1);
const WORD = 2 ** 32;

/** The cloud kernel on the module. */
export function wasmCloud(module: WebAssembly.Module): CloudKernel {
  const memory = memoryOf(SIZE);
  const { normals, weigh, offspring } = instance(module, memory);
  const first = new Float64Array(memory.buffer, FIRST, CHUNK);
  const second = new Float64Array(memory.buffer, SECOND, CHUNK);
  const indices = new Int32Array(memory.buffer, INDICES, CHUNK + 1);
  new Float64Array(memory.buffer, TABLES).set(ziggurat());

  /** Normals of the elements from `start` on, in `first`; few enough that the low word does not overflow. */
  const draw = (key: Key, start: number, n: number): void => {
    const whole = 4 * Math.ceil(n / 4);
    const rest = normals(key.hi, key.lo, start | 0, high(start, 0), whole, FIRST, TABLES, INDICES);
    for (let r = 0; r < rest; r++) first[indices[r]] = normal(key, start + indices[r]);
  };
  /** Calls with each chunk of elements from `start` to `end`. */
  const chunks = (start: number, end: number, visit: (from: number, n: number) => void): void => {
    for (let from = start; from < end; ) {
      const n = Math.min(CHUNK, end - from, WORD - (from % WORD));
      visit(from, n);
      from += n;
    }
  };

  const branch: CloudKernel["offspring"] = (weight, marks, u, out) => {
    let cumulated = 0;
    chunks(0, weight.length, (from, n) => {
      first.set(weight.subarray(from, from + n));
      cumulated = offspring(FIRST, n, marks, u, cumulated, INDICES);
      out.set(indices.subarray(0, n), from);
    });
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
      chunks(0, x.length, (from, n) => {
        draw(key, from, n);
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
    offspring: branch,
    resample(weight, u, parent) {
      branch(weight, weight.length, u, parent);
      settle(weight, parent);
    },
  };
}
