/**
 * Arrays out and in, as bytes: NumPy's .npy (NEP 1, format 1.0) and .npz (such files in a ZIP archive, stored, not
 * compressed), and CSV. Little-endian and row-major throughout; the same arrays give the same bytes.
 */
import { inputError } from "../core/errors.ts";
import { unzip, zip } from "./zip.ts";

/** A complex array, its parts apart. */
export type Complex = { readonly re: Float64Array; readonly im: Float64Array };
export type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array | Complex;

/** Row-major: the last index runs fastest. The product of the shape is the number of elements; [] is one number. */
export type NdArray = { readonly shape: readonly number[]; readonly data: Numbers };

const MAGIC = "\x93NUMPY";
const ALIGNMENT = 64;

/** The .npy file of an array: float64, float32, int32, uint8 or complex128. */
export function npy({ shape, data }: NdArray): Uint8Array {
  const length = "re" in data ? data.re.length : data.length;
  const size = shape.reduce((product, n) => product * n, 1);
  if (size !== length || ("re" in data && data.im.length !== length))
    throw inputError("npy", `shape (${shape.join(", ")}) holds ${size} numbers where ${length} were given`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${descriptor(data)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = MAGIC.length + 4;
  const end = Math.ceil((start + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${dictionary.padEnd(end - start - 1)}\n`;
  const body = bytesOf(data);
  const file = new Uint8Array(end + body.length);
  for (let i = 0; i < MAGIC.length; i++) file[i] = MAGIC.charCodeAt(i);
  file.set([1, 0, header.length & 255, header.length >> 8], MAGIC.length);
  for (let i = 0; i < header.length; i++) file[start + i] = header.charCodeAt(i);
  file.set(body, end);
  return file;
}

/** The array of a .npy file of one of the kinds that npy() writes. Throws on any other, saying what it holds. */
export function readNpy(file: Uint8Array, where = "npy"): NdArray {
  const fault = (what: string, fix?: string) => inputError(where, what, fix);
  for (let i = 0; i < MAGIC.length; i++)
    if (file[i] !== MAGIC.charCodeAt(i)) throw fault("is no .npy file: it begins otherwise");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const wide = file[MAGIC.length] > 1;
  const start = MAGIC.length + (wide ? 6 : 4);
  if (file.length < start) throw fault("ends within its header");
  const end = start + (wide ? view.getUint32(MAGIC.length + 2, true) : view.getUint16(MAGIC.length + 2, true));
  if (file.length < end) throw fault("ends within its header");
  const header = new TextDecoder().decode(file.subarray(start, end));
  const kind = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const tuple = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (kind === undefined || order === undefined || tuple === undefined) throw fault("has a header that cannot be read");
  if (order === "True") throw fault("is stored column by column", "save np.ascontiguousarray of it");
  const shape = tuple.split(",").flatMap((n) => (n.trim() === "" ? [] : [Number(n)]));
  const size = shape.reduce((product, n) => product * n, 1);
  const read = readers[kind];
  if (read === undefined)
    throw fault(`holds numbers of kind '${kind}'`, `save it as one of ${Object.keys(readers).join(", ")}`);
  const [bytes, make] = read;
  if (file.length - end < size * bytes)
    throw fault(`ends early: ${file.length - end} of ${size * bytes} bytes of data`);
  return { shape, data: make(new Uint8Array(file.subarray(end, end + size * bytes)).buffer) };
}

const readers: Readonly<Record<string, readonly [bytes: number, make: (buffer: ArrayBuffer) => Numbers]>> = {
  "<f8": [8, (buffer) => new Float64Array(buffer)],
  "<f4": [4, (buffer) => new Float32Array(buffer)],
  "<i4": [4, (buffer) => new Int32Array(buffer)],
  "|u1": [1, (buffer) => new Uint8Array(buffer)],
  "<c16": [16, (buffer) => apart(new Float64Array(buffer))],
};

function descriptor(data: Numbers): string {
  if ("re" in data) return "<c16";
  if (data instanceof Float64Array) return "<f8";
  if (data instanceof Float32Array) return "<f4";
  return data instanceof Int32Array ? "<i4" : "|u1";
}

// every machine that JavaScript runs on today is little-endian
function bytesOf(data: Numbers): Uint8Array {
  const flat = "re" in data ? together(data) : data;
  return new Uint8Array(flat.buffer, flat.byteOffset, flat.byteLength);
}

function together({ re, im }: Complex): Float64Array {
  const pairs = new Float64Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    pairs[2 * i] = re[i];
    pairs[2 * i + 1] = im[i];
  }
  return pairs;
}

function apart(pairs: Float64Array): Complex {
  const [re, im] = [new Float64Array(pairs.length / 2), new Float64Array(pairs.length / 2)];
  for (let i = 0; i < re.length; i++) {
    re[i] = pairs[2 * i];
    im[i] = pairs[2 * i + 1];
  }
  return { re, im };
}

/** The .npz file of named arrays, in the order of their names as given. */
export function npz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  return zip(Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, bytes: npy(array) })));
}

/** The arrays of an .npz file that was saved without compression. */
export function readNpz(file: Uint8Array, where = "npz"): Record<string, NdArray> {
  const arrays: Record<string, NdArray> = {};
  for (const { name, bytes } of unzip(file, where)) {
    const key = name.replace(/\.npy$/, "");
    arrays[key] = readNpy(bytes, `${where}.${key}`);
  }
  return arrays;
}

/**
 * Columns of equal length under a header line; numbers round-trip, names with commas or quotes are quoted (RFC 4180).
 * @example csv({ t: [0, 1], mean: [0.5, 0.25] })
 */
export function csv(columns: Readonly<Record<string, ArrayLike<number>>>): string {
  const names = Object.keys(columns);
  const length = names.length === 0 ? 0 : columns[names[0]].length;
  for (const name of names)
    if (columns[name].length !== length)
      throw inputError(`csv.${name}`, `has ${columns[name].length} numbers where ${names[0]} has ${length}`);
  const lines = [names.map(csvField).join(",")];
  for (let i = 0; i < length; i++) lines.push(names.map((name) => String(columns[name][i])).join(","));
  return `${lines.join("\n")}\n`;
}

/** A text as one field of CSV: in quotes where a comma, a quote or the end of a line stands in it (RFC 4180). */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
