/** ZIP archives of members that are stored as they are (PKWARE APPNOTE 4.3): what an .npz file is. */
import { inputError } from "../core/errors.ts";

export type Member = { readonly name: string; readonly bytes: Uint8Array };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const MOST = 0xffffffff;
/** 1 January 1980, midnight: the least date that an archive can hold. */
const DATE = 0x21;
/** Names are UTF-8. */
const UTF8 = 0x800;

/**
 * A ZIP archive of stored members, dated 1980, so that the same members give the same bytes.
 * @throws where it would pass 4 GB
 */
export function zip(members: readonly Member[]): Uint8Array {
  const total = members.reduce((sum, { name, bytes }) => sum + bytes.length + 76 + 6 * name.length, 22);
  if (total > MOST) throw inputError("zip", `${total} bytes are more than an archive can hold`, "save less in one");
  const entries = members.map(({ name, bytes }) => ({
    name: new TextEncoder().encode(name),
    bytes,
    crc: crc32(bytes),
  }));
  const local = entries.reduce((sum, { name, bytes }) => sum + 30 + name.length + bytes.length, 0);
  const central = entries.reduce((sum, { name }) => sum + 46 + name.length, 0);
  const file = new Uint8Array(local + central + 22);
  const view = new DataView(file.buffer);
  let [at, directory] = [0, local];
  for (const { name, bytes, crc } of entries) {
    // both headers share these fields, the central one after two bytes more
    const common = (start: number): void => {
      view.setUint16(start, 20, true);
      view.setUint16(start + 2, UTF8, true);
      view.setUint16(start + 8, DATE, true);
      view.setUint32(start + 10, crc, true);
      view.setUint32(start + 14, bytes.length, true);
      view.setUint32(start + 18, bytes.length, true);
      view.setUint16(start + 22, name.length, true);
    };
    view.setUint32(at, LOCAL, true);
    common(at + 4);
    file.set(name, at + 30);
    file.set(bytes, at + 30 + name.length);
    view.setUint32(directory, CENTRAL, true);
    view.setUint16(directory + 4, 20, true);
    common(directory + 6);
    view.setUint32(directory + 42, at, true);
    file.set(name, directory + 46);
    at += 30 + name.length + bytes.length;
    directory += 46 + name.length;
  }
  view.setUint32(directory, END, true);
  view.setUint16(directory + 8, entries.length, true);
  view.setUint16(directory + 10, entries.length, true);
  view.setUint32(directory + 12, central, true);
  view.setUint32(directory + 16, local, true);
  return file;
}

/** The members of an archive that are stored as they are; throws on compressed, damaged and cut off ones. */
export function unzip(file: Uint8Array, where: string): Member[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let end = file.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw inputError(where, "is no ZIP archive: it has no directory at its end");
  let at = view.getUint32(end + 16, true);
  return Array.from({ length: view.getUint16(end + 10, true) }, () => {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw inputError(where, "has a broken directory");
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 10, true) !== 0)
      throw inputError(`${where}.${name}`, "is compressed", "save it without compression, as np.savez does");
    const size = view.getUint32(at + 24, true);
    const local = view.getUint32(at + 42, true);
    if (local + 30 > end) throw inputError(where, "has a broken directory");
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const bytes = file.subarray(start, start + size);
    if (crc32(bytes) !== view.getUint32(at + 16, true))
      throw inputError(`${where}.${name}`, "is damaged: its checksum differs");
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    return { name, bytes };
  });
}

const REMAINDERS = Uint32Array.from({ length: 256 }, (_, n) => {
  let rest = n;
  for (let k = 0; k < 8; k++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** CRC-32 as ZIP has it (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let rest = MOST;
  for (let i = 0; i < bytes.length; i++) rest = REMAINDERS[(rest ^ bytes[i]) & 255] ^ (rest >>> 8);
  return (rest ^ MOST) >>> 0;
}
