import { crc32 } from 'node:zlib';
import type { JournalOperation } from './journal-store.js';

/*
 * A record of the journal's file is one line: `<checksum> <bytes> <JSON array of changes>`. The checksum (CRC-32, eight
 * hexadecimal digits) continues from that of the previous record, so a changed, lost or moved record is detected. The
 * length distinguishes a record torn by a crash from one whose end was damaged. Older versions wrote the JSON alone;
 * such a file is read as it is.
 */
const header = /^([0-9a-f]{8}) ([1-9]\d{0,9}) /;
const tornHeader = /^(?:[0-9a-f]{0,8}|[0-9a-f]{8} (?:[1-9]\d{0,9})?)$/;
const longestHeader = 20;

/** Initial value of a file's chain of checksums. */
export const firstChecksum = 0;

/** A record for the file, without its newline, and the checksum for the next one. */
export function encodeRecord(json: string, previous: number): { readonly text: string; readonly checksum: number } {
  const bytes = Buffer.from(json);
  const checksum = crc32(bytes, previous);
  return { text: `${checksum.toString(16).padStart(8, '0')} ${bytes.length} ${json}`, checksum };
}

/** A line of the file: changes; `torn`, as left by a crash at the end of the file; or `damaged`. */
export type DecodedRecord =
  | { readonly kind: 'changes'; readonly operations: readonly JournalOperation[]; readonly checksum: number }
  | { readonly kind: 'torn' }
  | { readonly kind: 'damaged' };

/**
 * Reads a line of the file.
 *
 * @param line its bytes, without the newline
 * @param previous the checksum of the record before; undefined when that had none, or at the beginning
 * @param last true if the line comes after the last newline: a crash may have torn it
 */
export function decodeRecord(line: Buffer, previous: number | undefined, last: boolean): DecodedRecord {
  const begin = line.toString('latin1', 0, longestHeader + 2);
  const found = header.exec(begin);
  if (found === null) {
    if (last && (tornHeader.test(line.toString('latin1')) || begin.startsWith('['))) return { kind: 'torn' };
    // A file of records with checksums has no records without one.
    const operations = previous === undefined && begin.startsWith('[') ? parse(line.toString('utf8')) : undefined;
    return operations === undefined ? { kind: 'damaged' } : { kind: 'changes', operations, checksum: -1 };
  }
  const [prefix, digits = '', length = ''] = found;
  const json = line.subarray(prefix.length);
  if (last && json.length < Number(length)) return { kind: 'torn' };
  const checksum = crc32(json, previous ?? firstChecksum);
  if (json.length !== Number(length) || checksum !== Number.parseInt(digits, 16)) return { kind: 'damaged' };
  const operations = parse(json.toString('utf8'));
  return operations === undefined ? { kind: 'damaged' } : { kind: 'changes', operations, checksum };
}

function parse(text: string): readonly JournalOperation[] | undefined {
  try {
    const operations: unknown = JSON.parse(text);
    // Only this module's records get here, so valid JSON was written by the engine.
    return Array.isArray(operations) ? operations : undefined;
  } catch {
    return undefined;
  }
}
