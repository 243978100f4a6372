import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInputError } from "../../src/core/errors.ts";
import { copy, decode, encode, type Plain, same } from "../../src/core/plain.ts";

const arrays = fc.oneof(
  fc.array(fc.double(), { maxLength: 9 }).map((a) => Float64Array.from(a)),
  fc.array(fc.float(), { maxLength: 9 }).map((a) => Float32Array.from(a)),
  fc.array(fc.integer(), { maxLength: 9 }).map((a) => Int32Array.from(a)),
  fc.array(fc.nat(), { maxLength: 9 }).map((a) => Uint32Array.from(a)),
  fc.array(fc.nat(255), { maxLength: 9 }).map((a) => Uint8Array.from(a)),
);
const plain: fc.Arbitrary<Plain> = fc.letrec<{ tree: Plain }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string(),
    arrays,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((k) => !k.startsWith("$") && k !== "__proto__"),
      tie("tree"),
      { maxKeys: 4 },
    ),
  ),
})).tree;

const sample: Plain = {
  x: Float64Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324),
  small: Float32Array.of(0.1),
  counts: Int32Array.of(-1, 2),
  words: Uint32Array.of(2 ** 32 - 1),
  bytes: Uint8Array.of(1, 2, 3),
  list: [1, "two", null, true, { deep: new Float64Array(0) }],
  zero: -0,
  none: Number.NaN,
  low: Number.NEGATIVE_INFINITY,
};

describe("the codec", () => {
  it("gives back any plain data to the last bit", () => {
    fc.assert(fc.property(plain, (value) => same(decode(encode(value)), value)));
  });

  it("begins with the magic word and its version", () => {
    const bytes = encode(sample);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("WICK");
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(1);
  });

  it("writes equal data as equal bytes", () => {
    expect(encode(copy(sample))).toEqual(encode(sample));
  });

  it("writes only the part that a view shows", () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    expect(same(decode(encode(whole.subarray(1, 3))), Float64Array.of(2, 3))).toBe(true);
  });

  it("reads bytes that lie anywhere in a larger buffer", () => {
    const bytes = encode(sample);
    for (const offset of [0, 1, 3, 8]) {
      const pool = new Uint8Array(bytes.length + 16);
      pool.set(bytes, offset);
      expect(same(decode(pool.subarray(offset, offset + bytes.length)), sample)).toBe(true);
      expect(same(decode(Buffer.from(pool.buffer, offset, bytes.length)), sample)).toBe(true);
    }
  });

  it("does not share memory with the bytes it read", () => {
    const bytes = encode(Float64Array.of(1));
    const read = decode(bytes);
    bytes.fill(0);
    expect(same(read, Float64Array.of(1))).toBe(true);
  });

  it.each([
    ["empty", new Uint8Array(0), /WICK/],
    ["another file", new TextEncoder().encode("PK\u0003\u0004 something else"), /WICK/],
    ["a later version", encode(1).map((b, i) => (i === 4 ? 9 : b)), /version 9/],
  ])("refuses bytes: %s", (_name, bytes, message) => {
    expect(() => decode(bytes, "a.wick")).toThrow(message);
    expect(() => decode(bytes, "a.wick")).toThrow(/^a\.wick: /);
  });

  it("refuses every proper prefix as an input error", () => {
    const bytes = encode(sample);
    // the last array, three bytes long, is padded to a multiple of 8: the padding may go
    for (let n = 0; n < bytes.length - 5; n++) {
      let thrown: unknown;
      try {
        decode(bytes.subarray(0, n));
      } catch (error) {
        thrown = error;
      }
      expect(isInputError(thrown), `${n} of ${bytes.length} bytes`).toBe(true);
    }
  });

  it("refuses damaged text as an input error", () => {
    const bytes = encode({ a: 1 });
    bytes[12] = 0x78;
    expect(() => decode(bytes)).toThrow(/damaged/);
  });
});

describe("copy", () => {
  it("is deep: a change of the copy leaves the original", () => {
    const from = { x: Float64Array.of(1, 2), list: [{ n: 1 }] };
    const to = copy(from);
    to.x[0] = 9;
    to.list[0].n = 9;
    expect(from).toEqual({ x: Float64Array.of(1, 2), list: [{ n: 1 }] });
  });

  it("equals what it copies, whatever it is copied into", () => {
    fc.assert(fc.property(plain, plain, (from, into) => same(copy(from, into), from)));
  });

  it("reuses arrays and records of the same shape", () => {
    const into = { x: new Float64Array(2), inner: { n: 0 }, list: [new Int32Array(1)] };
    const { x, inner, list } = into;
    const to = copy({ x: Float64Array.of(1, 2), inner: { n: 3 }, list: [Int32Array.of(7)] }, into);
    expect(to).toBe(into);
    expect(to.x).toBe(x);
    expect(to.inner).toBe(inner);
    expect(to.list[0]).toBe(list[0]);
    expect([...x, inner.n, list[0][0]]).toEqual([1, 2, 3, 7]);
  });

  it("replaces arrays of another length or type, and drops what is no longer there", () => {
    const into: Plain = { x: new Float64Array(3), y: new Float32Array(2), old: 1 };
    const from: Plain = { x: Float64Array.of(1), y: Float64Array.of(1, 2) };
    expect(same(copy(from, into), from)).toBe(true);
  });
});

describe("same", () => {
  it("holds of NaN and itself, not of 0 and −0", () => {
    expect(same(Number.NaN, Number.NaN)).toBe(true);
    expect(same(0, -0)).toBe(false);
    expect(same(Float64Array.of(Number.NaN), Float64Array.of(Number.NaN))).toBe(true);
    expect(same(Float64Array.of(0), Float64Array.of(-0))).toBe(false);
  });

  it.each<[string, Plain, Plain]>([
    ["lengths", Float64Array.of(1), Float64Array.of(1, 2)],
    ["array types", Float64Array.of(1), Float32Array.of(1)],
    ["an array and a list", Float64Array.of(1), [1]],
    ["a list and a record", [1], { 0: 1 }],
    ["null and a record", null, {}],
    ["names", { a: 1 }, { b: 1 }],
    ["a field more", { a: 1 }, { a: 1, b: 2 }],
    ["types", 1, "1"],
  ])("tells apart: %s", (_name, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });
});
