/**
 * Plain data: what states, carries and checkpoints are made of. It can be copied in place, compared, and written
 * to bytes that begin with a magic word and a version.
 */
import { inputError, isInputError, messageOf } from "./errors.ts";

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;
export type Plain =
  | null
  | boolean
  | number
  | string
  | TypedArray
  | readonly Plain[]
  | { readonly [key: string]: Plain };

const kinds = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array };
type ArrayName = keyof typeof kinds;

const isArrayName = (name: string): name is ArrayName => Object.hasOwn(kinds, name);

/** Whether a value is a record: an object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTyped(value: Plain): value is TypedArray {
  return ArrayBuffer.isView(value);
}

/**
 * A deep copy of `from`. Arrays and records of `into` that have the same shape are filled and reused, so that a
 * step's copy allocates nothing: each must have one place in it.
 */
export function copy<T extends Plain>(from: T, into?: T): T {
  return copyPlain(from, into) as T;
}

type Fields = { [key: string]: Plain };

function copyPlain(from: Plain, into: Plain | undefined): Plain {
  if (from === null || typeof from !== "object") return from;
  if (isTyped(from)) return copyArray(from, into);
  if (Array.isArray(from)) return copyList(from, Array.isArray(into) ? into : undefined);
  const source = from as Fields;
  const reuse = into !== null && typeof into === "object" && !isTyped(into) && !Array.isArray(into);
  const target: Fields = reuse ? (into as Fields) : {};
  for (const key in source) {
    const value = source[key];
    target[key] = value !== null && typeof value === "object" ? copyPlain(value, target[key]) : value;
  }
  if (reuse) for (const key in target) if (!(key in source)) delete target[key];
  return target;
}

function copyArray(from: TypedArray, into: Plain | undefined): TypedArray {
  if (into !== undefined && into !== null && typeof into === "object" && isTyped(into)) {
    if (into.constructor === from.constructor && into.length === from.length) {
      into.set(from);
      return into;
    }
  }
  return from.slice();
}

function copyList(from: readonly Plain[], into: readonly Plain[] | undefined): Plain[] {
  const target = into === undefined ? [] : (into as Plain[]);
  target.length = from.length;
  for (let i = 0; i < from.length; i++) target[i] = copyPlain(from[i], target[i]);
  return target;
}

/** Equality to the last bit: NaN equals NaN, 0 differs from −0. */
export function same(a: Plain, b: Plain): boolean {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return Object.is(a, b);
  if (isTyped(a) || isTyped(b)) {
    if (!isTyped(a) || !isTyped(b) || a.constructor !== b.constructor || a.length !== b.length) return false;
    return a.every((v, i) => Object.is(v, b[i]));
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((v, i) => same(v, b[i]));
  }
  const [p, q] = [a as Fields, b as Fields];
  const keys = Object.keys(p);
  return keys.length === Object.keys(q).length && keys.every((k) => Object.hasOwn(q, k) && same(p[k], q[k]));
}

const MAGIC = "WICK";
const VERSION = 1;
const HEAD = 12;

/**
 * Bytes of plain data, little-endian: the word `WICK`, a version, the length of a JSON text, that text with arrays
 * as references, then the arrays, each from a multiple of 8.
 */
export function encode(value: Plain): Uint8Array {
  const arrays: TypedArray[] = [];
  let size = 0;
  const text = JSON.stringify(value, function write(this: unknown, key: string, _converted: unknown) {
    const raw = (this as Fields)[key];
    if (key.startsWith("$")) return raw;
    if (typeof raw === "number" && (!Number.isFinite(raw) || Object.is(raw, -0)))
      return { $number: Object.is(raw, -0) ? "-0" : String(raw) };
    if (raw === null || typeof raw !== "object" || !isTyped(raw)) return raw;
    arrays.push(raw);
    const start = size;
    size = Math.ceil((size + raw.byteLength) / 8) * 8;
    return { $array: raw.constructor.name, $at: start, $length: raw.length };
  });
  const json = new TextEncoder().encode(text);
  const start = Math.ceil((HEAD + json.length) / 8) * 8;
  const bytes = new Uint8Array(start + size);
  bytes.set(new TextEncoder().encode(MAGIC));
  const head = new DataView(bytes.buffer);
  head.setUint32(4, VERSION, true);
  head.setUint32(8, json.length, true);
  bytes.set(json, HEAD);
  let at = start;
  for (const a of arrays) {
    bytes.set(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), at);
    at = Math.ceil((at + a.byteLength) / 8) * 8;
  }
  return bytes;
}

/** The plain data that `encode` wrote. Throws where the bytes are not Wick's, of a later version, or cut short. */
export function decode(bytes: Uint8Array, where = "checkpoint"): Plain {
  // not slice(): that of Node's Buffer is a view
  const own = new Uint8Array(bytes);
  if (own.length < HEAD || new TextDecoder().decode(own.subarray(0, 4)) !== MAGIC)
    throw inputError(where, "does not begin with the word WICK", "it was not written by this program");
  const head = new DataView(own.buffer);
  const version = head.getUint32(4, true);
  if (version !== VERSION) throw inputError(where, `is of version ${version} where this program reads ${VERSION}`);
  const length = head.getUint32(8, true);
  if (HEAD + length > own.length) throw inputError(where, "is cut short");
  const start = Math.ceil((HEAD + length) / 8) * 8;
  const text = new TextDecoder().decode(own.subarray(HEAD, HEAD + length));
  try {
    return JSON.parse(text, (_key, value) => {
      if (value === null || typeof value !== "object") return value;
      if (typeof value.$number === "string") return Number(value.$number);
      if (typeof value.$array === "string") return readArray(own, start, value, where);
      return value;
    });
  } catch (error) {
    throw isInputError(error) ? error : inputError(where, `is damaged (${messageOf(error)})`);
  }
}

function readArray(
  bytes: Uint8Array,
  start: number,
  reference: { $array: string; $at: number; $length: number },
  where: string,
): TypedArray {
  if (!isArrayName(reference.$array)) throw inputError(where, `holds an unknown array type '${reference.$array}'`);
  const type = kinds[reference.$array];
  const from = start + reference.$at;
  if (from + reference.$length * type.BYTES_PER_ELEMENT > bytes.length) throw inputError(where, "is cut short");
  return new type(bytes.buffer as ArrayBuffer, from, reference.$length).slice();
}
