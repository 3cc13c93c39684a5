import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../../../kernel/service.js';
import type { EventBatch } from '../history/history.js';
import type { ExecutionRecord, MapRunRecord } from '../store/records.js';
import { appendLines, readLines, replaceLines } from './lines.js';
import { NameIndex, type Place } from './name-index.js';

/** An ended execution with all that the journal holds of it. */
export interface EndedExecution {
  readonly record: ExecutionRecord;
  /** The map runs that it started. */
  readonly mapRuns: readonly MapRunRecord[];
  readonly history: readonly EventBatch[];
}

/** A line of a list: the execution, and the place of its history. */
interface Summary {
  readonly record: ExecutionRecord;
  readonly mapRuns: readonly MapRunRecord[];
  readonly file: string;
  readonly at: number;
  readonly bytes: number;
}

/** Executions that {@link Archive.expire} removed, or would remove. */
export interface Expired {
  readonly executions: number;
  /** Bytes of their histories. */
  readonly bytes: number;
}

/** Executions in one list. */
const listLength = 512;

const numberOf = (id: string): number => Number.parseInt(id, 36);
const listOf = (id: string): number => Math.floor(numberOf(id) / listLength);
const groupOf = ({ mapRun, machine }: ExecutionRecord): string => mapRun ?? machine;
const keyOf = (machine: string, name: string): string => `${machine}:${name}`;
const keyOfMapRun = (id: string): string => `map-run:${id}`;

/**
 * Ended executions on disk, below `<directory>/states`. Nothing of it is kept in memory, and nothing is read at the
 * start: a group (a state machine, or a map run for its children) is a folder with a list of every 512 executions
 * beside their histories, and an index leads from a name to the execution.
 *
 * An execution may be added again after it was redriven; the last line counts.
 */
export class Archive {
  readonly #groups: string;
  readonly #durable: boolean;
  readonly #names: NameIndex;
  readonly #onDamage: (path: string, line: number) => void;

  constructor({ directory, durable = false, log }: Pick<EngineContext, 'directory' | 'durable' | 'log'>) {
    this.#durable = durable;
    this.#onDamage = (path, line) =>
      log.error('A record of an ended execution is damaged and left out', { file: path, line });
    this.#groups = join(directory, 'states', 'groups');
    this.#names = new NameIndex(join(directory, 'states', 'names'), durable, this.#onDamage);
  }

  /** The highest number of an execution that any list may have: for a journal that has lost it. */
  highest(): number {
    const lists = entriesOf(this.#groups).flatMap((group) => entriesOf(join(this.#groups, group)).flatMap(listNumber));
    return lists.length === 0 ? 0 : (lists.reduce((most, list) => Math.max(most, list), 0) + 1) * listLength;
  }

  /** Once this returns, the journal may forget the executions. */
  add(executions: readonly EndedExecution[]): void {
    const lists = new Map<string, { readonly folder: string; readonly list: number; readonly own: EndedExecution[] }>();
    for (const execution of executions) {
      const folder = this.#folder(groupOf(execution.record));
      const list = listOf(execution.record.id);
      const entry = lists.get(`${folder}/${list}`) ?? { folder, list, own: [] };
      entry.own.push(execution);
      lists.set(`${folder}/${list}`, entry);
    }
    for (const { folder, list, own } of lists.values()) {
      const summaries = this.#writeHistories(folder, `${list}.histories`, own);
      appendLines(join(folder, `${list}.list`), summaries, this.#durable);
    }
    this.#names.add(executions.flatMap(({ record, mapRuns }) => namesOf(record, mapRuns)));
  }

  find(machine: string, name: string): ExecutionRecord | undefined {
    const place = this.#names.find(keyOf(machine, name));
    return place && this.#summary(place)?.record;
  }

  /** Returns a map run and the execution that started it. */
  findMapRun(id: string): { readonly mapRun: MapRunRecord; readonly parent: ExecutionRecord } | undefined {
    const place = this.#names.find(keyOfMapRun(id));
    const summary = place && this.#summary(place);
    const mapRun = summary?.mapRuns.find((own) => own.id === id);
    return summary === undefined || mapRun === undefined ? undefined : { mapRun, parent: summary.record };
  }

  /** The map runs that an archived execution started. */
  mapRunsOf(record: ExecutionRecord): readonly MapRunRecord[] {
    return this.#summary({ group: groupOf(record), id: record.id })?.mapRuns ?? [];
  }

  /** The executions of a group, the one that started last first. */
  *newest(group: string): Generator<ExecutionRecord> {
    const folder = this.#folder(group);
    const lists = entriesOf(folder)
      .flatMap(listNumber)
      .sort((a, b) => b - a);
    for (const list of lists) {
      const summaries = this.#list(join(folder, `${list}.list`));
      yield* summaries.map(({ record }) => record).sort((a, b) => numberOf(b.id) - numberOf(a.id));
    }
  }

  history(record: ExecutionRecord): readonly EventBatch[] {
    const group = groupOf(record);
    const summary = this.#summary({ group, id: record.id });
    if (summary === undefined) return [];
    const text = readRange(join(this.#folder(group), summary.file), summary);
    // The list's checksum covers the place; the engine wrote the text.
    return JSON.parse(text) as EventBatch[];
  }

  /**
   * Removes the executions that ended before a time, and gives their space back.
   *
   * @param before milliseconds since 1970
   * @param dryRun true to count only
   */
  async expire(before: number, dryRun = false): Promise<Expired> {
    let executions = 0;
    let bytes = 0;
    for (const group of entriesOf(this.#groups)) {
      const folder = join(this.#groups, group);
      for (const list of entriesOf(folder).flatMap(listNumber)) {
        const summaries = this.#list(join(folder, `${list}.list`));
        const old = summaries.filter(({ record }) => (record.stopped ?? before) < before);
        executions += old.length;
        bytes += old.reduce((sum, summary) => sum + summary.bytes, 0);
        if (!dryRun && old.length > 0) this.#rewrite(folder, list, summaries, old);
        // An archive of a year is long: others get their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (!dryRun && entriesOf(folder).length === 0) rmSync(folder, { recursive: true, force: true });
    }
    return { executions, bytes };
  }

  #rewrite(folder: string, list: number, summaries: readonly Summary[], old: readonly Summary[]): void {
    const path = join(folder, `${list}.list`);
    const gone = new Set(old);
    const kept = summaries.filter((summary) => !gone.has(summary));
    if (kept.length === 0) rmSync(path, { force: true });
    else {
      const histories = kept.map(
        ({ record, mapRuns, ...place }): EndedExecution => ({
          record,
          mapRuns,
          history: JSON.parse(readRange(join(folder, place.file), place)),
        }),
      );
      const file = `${list}.histories-${Date.now().toString(36)}`;
      replaceLines(path, this.#writeHistories(folder, file, histories), this.#durable);
    }
    const current = new Set(this.#list(path).map(({ file }) => file));
    for (const file of entriesOf(folder))
      if (file.startsWith(`${list}.histories`) && !current.has(file)) rmSync(join(folder, file), { force: true });
    this.#names.remove(old.flatMap(({ record, mapRuns }) => namesOf(record, mapRuns)));
  }

  /** Appends histories to a file, with one write. */
  #writeHistories(folder: string, file: string, executions: readonly EndedExecution[]): Summary[] {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(join(folder, file), 'a', 0o600);
    try {
      let at = fstatSync(descriptor).size;
      const texts: Buffer[] = [];
      const summaries = executions.map(({ record, mapRuns, history }): Summary => {
        const text = Buffer.from(`${JSON.stringify(history)}\n`);
        const summary = { record, mapRuns, file, at, bytes: text.length };
        texts.push(text);
        at += text.length;
        return summary;
      });
      let rest = Buffer.concat(texts);
      while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      if (this.#durable) fsyncSync(descriptor);
      return summaries;
    } finally {
      closeSync(descriptor);
    }
  }

  #summary({ group, id }: Place): Summary | undefined {
    const path = join(this.#folder(group), `${listOf(id)}.list`);
    return this.#list(path, `"id":${JSON.stringify(id)}`).find(({ record }) => record.id === id);
  }

  /** The last line of each execution. */
  #list(path: string, only?: string): Summary[] {
    // The checksum of each line guarantees that it is what `add` wrote.
    const summaries = readLines(path, (line) => this.#onDamage(path, line), only) as Summary[];
    return [...new Map(summaries.map((summary) => [summary.record.id, summary])).values()];
  }

  /** A hash, because a name may be anything: `..`, too. */
  #folder(group: string): string {
    return join(this.#groups, createHash('sha256').update(group).digest('hex').slice(0, 32));
  }
}

function namesOf(record: ExecutionRecord, mapRuns: readonly MapRunRecord[]) {
  const place: Place = { group: groupOf(record), id: record.id };
  const keys = [keyOf(record.machine, record.name), ...mapRuns.map(({ id }) => keyOfMapRun(id))];
  return keys.map((key) => ({ ...place, key }));
}

function listNumber(file: string): number[] {
  const [, digits] = /^(\d+)\.list$/.exec(file) ?? [];
  return digits === undefined ? [] : [Number(digits)];
}

function readRange(path: string, { at, bytes }: Pick<Summary, 'at' | 'bytes'>): string {
  const buffer = Buffer.allocUnsafe(bytes);
  const descriptor = openSync(path, 'r');
  try {
    const read = readSync(descriptor, buffer, 0, bytes, at);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
