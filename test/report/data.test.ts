import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { csv, type NdArray, npy, npz, readNpy, readNpz } from "../../src/report/data.ts";
import { unzip, zip } from "../../src/report/zip.ts";

const folder = mkdtempSync(join(tmpdir(), "wick-data-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const complex = (n: number) => ({
  re: new Float64Array(n).fill(1.5),
  im: Float64Array.from({ length: n }, (_, i) => -i),
});
const arrays: Readonly<Record<string, NdArray>> = {
  x: { shape: [3], data: Float64Array.of(-0, 1 / 3, Number.NaN) },
  psi: { shape: [2, 3], data: complex(6) },
  one: { shape: [], data: Float64Array.of(Number.POSITIVE_INFINITY) },
  float: { shape: [2, 1, 2], data: Float32Array.of(0.1, 2, 3, 4) },
  whole: { shape: [2], data: Int32Array.of(-7, 2 ** 31 - 1) },
  byte: { shape: [4], data: Uint8Array.of(0, 1, 254, 255) },
  none: { shape: [0, 5], data: new Float64Array(0) },
};

test("a .npy file is what the format says, byte by byte", () => {
  // https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
  const file = npy({ shape: [2, 2], data: Float64Array.of(1, 2, 3, -4) });
  expect(text(file.subarray(0, 8))).toBe("\x93NUMPY\x01\x00");
  const length = file[8] + 256 * file[9];
  expect((10 + length) % 64).toBe(0);
  const header = text(file.subarray(10, 10 + length));
  expect(header).toMatch(/^\{'descr': '<f8', 'fortran_order': False, 'shape': \(2, 2\), \} *\n$/);
  const view = new DataView(file.buffer, 10 + length);
  expect([0, 8, 16, 24].map((at) => view.getFloat64(at, true))).toEqual([1, 2, 3, -4]);
  expect(file.length).toBe(10 + length + 32);
  expect(text(npy({ shape: [1], data: Float64Array.of(1) }))).toContain("'shape': (1,), }");
  expect(text(npy({ shape: [], data: Float64Array.of(1) }))).toContain("'shape': (), }");
});

test.each(Object.keys(arrays))("what is written is read back: %s", (name) => {
  expect(readNpy(npy(arrays[name]))).toEqual(arrays[name]);
});

test("any array round-trips through an archive, with the same bytes each time", () => {
  fc.assert(
    fc.property(fc.float64Array({ maxLength: 200 }), fc.string({ minLength: 1, unit: "grapheme" }), (data, name) => {
      const given = { [name]: { shape: [data.length], data } };
      const file = npz(given);
      expect(file).toEqual(npz(given));
      expect(readNpz(file)).toEqual(given);
    }),
  );
});

test("an array may be a view into a longer one", () => {
  const data = Float64Array.of(9, 1, 2, 9).subarray(1, 3);
  expect(readNpy(npy({ shape: [2], data })).data).toEqual(Float64Array.of(1, 2));
  const file = new Uint8Array(200).fill(7);
  const bytes = npy({ shape: [2], data });
  file.set(bytes, 3);
  expect(readNpy(file.subarray(3, 3 + bytes.length)).data).toEqual(Float64Array.of(1, 2));
});

test("an archive is one: checksums, sizes and places agree", () => {
  const members = ["a.npy", "ψ.npy"].map((name, i) => ({ name, bytes: Uint8Array.of(1, 2, 3, i) }));
  const file = zip(members);
  const view = new DataView(file.buffer);
  expect(view.getUint32(0, true)).toBe(0x04034b50);
  expect(view.getUint32(14, true)).toBe(crc32(members[0].bytes));
  expect([view.getUint32(18, true), view.getUint32(22, true)]).toEqual([4, 4]);
  expect(unzip(file, "test")).toEqual(members);
  expect(() =>
    unzip(
      file.map((v, i) => (i === 36 ? v ^ 1 : v)),
      "test",
    ),
  ).toThrow("test.a.npy: is damaged");
});

test.each([
  ["what is no .npy file", Uint8Array.of(1, 2, 3), /is no \.npy file/],
  ["a cut header", npy(arrays.x).subarray(0, 30), /ends within its header/],
  ["cut data", npy(arrays.x).subarray(0, 140), /ends early: 12 of 24 bytes/],
  ["objects", Uint8Array.from(text(npy(arrays.x)).replace("'<f8'", "'|O' "), (c) => c.charCodeAt(0)), /of kind '\|O'/],
  [
    "columns",
    Uint8Array.from(text(npy(arrays.x)).replace("False", "True "), (c) => c.charCodeAt(0)),
    /column by column/,
  ],
])("refused: %s", (_, file, message) => {
  expect(() => readNpy(file, "start")).toThrow(message);
  expect(() => readNpy(file, "start")).toThrow(/^start: /);
});

test("archives that are none, or compressed", () => {
  expect(() => readNpz(Uint8Array.of(1, 2, 3))).toThrow("is no ZIP archive");
  const file = npz({ x: arrays.x });
  const view = new DataView(file.buffer);
  view.setUint16(view.getUint32(file.length - 6, true) + 10, 8, true);
  expect(() => readNpz(file)).toThrow(/is compressed; save it without compression/);
  expect(() => npy({ shape: [2, 2], data: new Float64Array(3) })).toThrow("shape (2, 2) holds 4 numbers where 3 were");
});

test("CSV: a header, numbers that round-trip, names quoted where they must be", () => {
  const out = csv({ t: [0, 0.1], 'mean "x", y': Float64Array.of(1 / 3, -1e-300) });
  expect(out).toBe(`t,"mean ""x"", y"\n0,${1 / 3}\n0.1,-1e-300\n`);
  expect(() => csv({ a: [1], b: [1, 2] })).toThrow("csv.b: has 2 numbers where a has 1");
  expect(csv({})).toBe("\n");
});

const hasNumpy = spawnSync("python3", ["-c", "import numpy"]).status === 0;
if (!hasNumpy) console.error("numpy reads and writes the same: not run: install python3-numpy");

test.runIf(hasNumpy || process.env.CI)("numpy reads what we write, and we read what it writes", () => {
  const ours = join(folder, "ours.npz");
  const theirs = join(folder, "theirs.npz");
  writeFileSync(ours, npz(arrays));
  const program = `
import numpy as np
z = np.load(${JSON.stringify(ours)})
assert np.signbit(z["x"][0]) and z["x"][1] == 1/3 and np.isnan(z["x"][2])
assert z["psi"].dtype == np.complex128 and z["psi"].shape == (2, 3) and z["psi"][1, 2] == 1.5 - 5j
assert z["one"].shape == () and z["float"].dtype == np.float32 and z["none"].shape == (0, 5)
assert list(z["whole"]) == [-7, 2**31 - 1] and list(z["byte"]) == [0, 1, 254, 255]
np.savez(${JSON.stringify(theirs)}, **{k: z[k] for k in z.files})`;
  const { status, stderr } = spawnSync("python3", ["-c", program], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(readNpz(new Uint8Array(readFileSync(theirs)))).toEqual(arrays);
});
