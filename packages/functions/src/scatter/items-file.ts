import { controlFolder, itemsName } from '@bclaw/spec/contract';
import type { RepositoryLocation, S3Location } from '@bclaw/spec/run-time';
import { mayTravel } from '../carried.js';
import { JobError } from '../errors.js';
import type { Spool } from '../spool.js';
import type { ObjectWriter } from '../storage/object-writer.js';
import { repositoryFile } from '../storage/system-files.js';
import { csvText, joined, jsonLine, type RowText, rowText, valueLine } from './csv-text.js';

/** A source of a scatter, or several that advance together. */
export interface Axis {
  /** Of the sources; at least one. */
  readonly names: readonly string[];
  /** As {@link RowText}: the JSON that follows the first name and its colon, so that the other names are in it. */
  readonly items: Spool;
}

/**
 * Location of the file with one row for each branch of a scatter.
 *
 * @param folder the scatter's folder
 */
export const itemsFile = (folder: RepositoryLocation): S3Location =>
  repositoryFile(folder, `${controlFolder}/${itemsName}`);

/** Metadata of that file: its number of rows. */
export const branchCountMetadata = 'bclaw-branches';

/** Step Functions: maximum `MaxItems` of a distributed Map's ItemReader; beyond it the Map stops reading. */
const maxItems = 100_000_000;
/** Step Functions: the largest CSV file that an ItemReader reads is 10 GB. */
const maxFileBytes = 10_000_000_000;

const header = 'index,scatter\n';
const rowEnd = Buffer.from('}"\n');

/**
 * The number of branches for the axes.
 *
 * @throws JobError `TooManyItems`
 */
export function branchCount(axes: readonly Axis[]): number {
  const count = axes.reduce((product, { items }) => product * items.count, 1);
  if (count > maxItems)
    throw new JobError(
      'TooManyItems',
      `The scatter would make ${count} branches (${axes.map(({ names, items }) => `${names.join(' with ')}: ${items.count}`).join(', ')}); Step Functions takes 100,000,000.`,
      { hint: 'Scatter over fewer items, or let each branch work on several.' },
    );
  return count;
}

/** Width of a branch's number: enough for the last one, and at least five digits. */
export function indexWidth(count: number): number {
  return Math.max(5, String(Math.max(0, count - 1)).length);
}

export interface Rows {
  readonly axes: readonly Axis[];
  readonly count: number;
  /** Values of the branch around this scatter: they come first, and an item of the same name overrides them. */
  readonly outer: Readonly<Record<string, unknown>>;
  /** Stores values of a branch that are too large for the payload; returns their URI. */
  readonly keep: (index: string, json: string) => Promise<string>;
}

/**
 * Writes one row for each combination of items, the last source changing fastest: `00000,"{""sample"":""s1""}"`.
 *
 * Rows are assembled from bytes that are created once for each item, because there may be millions of rows.
 *
 * @throws JobError `TooManyItems` when the file exceeds the size that Step Functions reads
 */
export async function writeRows({ axes, count, outer, keep }: Rows, file: ObjectWriter): Promise<void> {
  await file.write(header);
  const last = axes.at(-1);
  if (count === 0 || last === undefined) return;
  const index = new Uint8Array(indexWidth(count)).fill(0x30);
  for (const prefix of prefixes(axes, 0, outerText(outer, axes))) {
    const length = index.length + prefix.bytes.length + rowEnd.length;
    for (const cursor = last.items.cursor(); cursor.next(); increment(index)) {
      // The prefix opens the JSON and this closes it.
      if (!mayTravel(prefix.weight + cursor.weight + 1)) {
        const value = `${prefix.bytes.toString('utf8', 2)}${cursor.bytes.toString('utf8', cursor.start, cursor.end)}}`;
        const number = Buffer.from(index).toString('latin1');
        const uri = await keep(number, value.replaceAll('""', '"'));
        await file.write(`${number},"${csvText(jsonLine(uri))}"\n`);
        continue;
      }
      const size = length + cursor.end - cursor.start;
      if (file.room < size) {
        await file.flush();
        checkSize(file);
      }
      const { bytes } = file;
      let { at } = file;
      bytes.set(index, at);
      at += index.length;
      at += prefix.bytes.copy(bytes, at);
      at += cursor.bytes.copy(bytes, at, cursor.start, cursor.end);
      at += rowEnd.copy(bytes, at);
      file.at = at;
    }
  }
  checkSize(file);
}

/** The beginning of every row's JSON, up to the value of the first source. */
function outerText(outer: Readonly<Record<string, unknown>>, axes: readonly Axis[]): RowText {
  const own = new Set(axes.flatMap(({ names }) => names));
  const entries = Object.entries(outer).filter(([name]) => !own.has(name));
  const json = `{${entries.map(([name, value]) => `${jsonLine(name)}:${valueLine(name, value)},`).join('')}`;
  const { bytes, weight } = rowText(json);
  return { bytes: Buffer.concat([Buffer.from(',"'), bytes]), weight };
}

/** The text before the last source's item, for each combination of the others. */
function* prefixes(axes: readonly Axis[], level: number, before: RowText): Generator<RowText> {
  const axis = axes[level];
  if (axis === undefined) return;
  const named = joined(before, rowText(`${jsonLine(axis.names[0] ?? '')}:`));
  if (level === axes.length - 1) {
    yield named;
    return;
  }
  const comma = rowText(',');
  for (const cursor = axis.items.cursor(); cursor.next(); )
    yield* prefixes(
      axes,
      level + 1,
      joined(named, { bytes: cursor.bytes.subarray(cursor.start, cursor.end), weight: cursor.weight }, comma),
    );
}

/** A counter in decimal digits. */
function increment(digits: Uint8Array): void {
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const digit = digits[at] ?? 0x30;
    if (digit !== 0x39) {
      digits[at] = digit + 1;
      return;
    }
    digits[at] = 0x30;
  }
}

function checkSize(file: ObjectWriter): void {
  if (file.length <= maxFileBytes) return;
  throw new JobError('TooManyItems', 'The file of items becomes larger than the 10 GB that Step Functions reads.', {
    hint: 'Scatter over fewer or shorter items, or let each branch work on several.',
  });
}
