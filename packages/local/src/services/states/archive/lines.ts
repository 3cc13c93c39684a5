import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

const privateFile = { mode: 0o600 } as const;

const encode = (value: unknown): string => {
  const json = JSON.stringify(value);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
};

/** Adds values to a file of lines, each with a checksum. The first newline ends a line that a crash has torn. */
export function appendLines(path: string, values: readonly unknown[], durable: boolean): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `\n${values.map(encode).join('')}`, { ...privateFile, flush: durable });
}

/** Replaces a file of lines in one step. */
export function replaceLines(path: string, values: readonly unknown[], durable: boolean): void {
  const next = `${path}.next`;
  writeFileSync(next, values.map(encode).join(''), { ...privateFile, flush: durable });
  renameSync(next, path);
}

/**
 * Reads a file of lines.
 *
 * @param only text that the JSON of a line must contain, to parse no others
 * @param onDamage called with the number of each line whose checksum is wrong; it is left out
 * @returns the values in the order of the lines; none if there is no such file
 */
export function readLines(path: string, onDamage: (line: number) => void, only = ''): unknown[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const values: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || !line.includes(only)) continue;
    const json = line.slice(9);
    if (line.slice(0, 8) === crc32(json).toString(16).padStart(8, '0')) values.push(JSON.parse(json));
    else onDamage(index + 1);
  }
  return values;
}
