import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { type LogGroupRecord, type LogStreamRecord, streamKey } from './model.js';
import { invalidParameter } from './operation.js';
import { StreamFile } from './stream-file.js';

const dayMs = 86_400_000;

/** Log groups and streams in the journal; the events of each stream are in a separate file. */
export class LogStore {
  readonly #directory: string;
  readonly #groups: Table<LogGroupRecord>;
  readonly #streams: Table<LogStreamRecord>;
  readonly #files = new Map<string, StreamFile>();

  constructor({ directory, journal }: EngineContext) {
    this.#directory = join(directory, 'logs');
    this.#groups = journal.table('logs/groups');
    this.#streams = journal.table('logs/streams');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
  }

  /** Removes expired events, and files whose stream was not recorded before the engine was killed. */
  sweep(): void {
    const known = new Set([...this.#streams.values()].map((stream) => stream.file));
    for (const file of readdirSync(this.#directory)) if (!known.has(file)) rmSync(join(this.#directory, file));
    for (const stream of [...this.#streams.values()]) {
      const group = this.#groups.get(stream.group);
      if (group?.retentionInDays === undefined) continue;
      const { lastTimestamp } = this.file(stream).extent();
      if (lastTimestamp !== undefined && lastTimestamp < oldestEvent(group)) this.file(stream).remove();
    }
  }

  groups(): IterableIterator<LogGroupRecord> {
    return this.#groups.values();
  }

  /** By name, or by ARN. */
  find(identifier: string): LogGroupRecord | undefined {
    return this.#groups.get(identifier.replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:([^:]+).*$/, '$1'));
  }

  /**
   * By name, or by ARN.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  group(input: { readonly logGroupName?: string; readonly logGroupIdentifier?: string }): LogGroupRecord {
    const identifier = input.logGroupName ?? input.logGroupIdentifier;
    if (identifier === undefined) throw invalidParameter('Give logGroupName or logGroupIdentifier.');
    const group = this.find(identifier);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  /** @throws AwsError `ResourceAlreadyExistsException` */
  addGroup(group: LogGroupRecord): void {
    if (this.#groups.has(group.name))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    this.setGroup(group);
  }

  setGroup(group: LogGroupRecord): void {
    this.#groups.set(group.name, group);
  }

  /** Includes its streams. */
  deleteGroup({ name }: LogGroupRecord): void {
    for (const stream of this.streamsOf(name)) this.deleteStream(stream);
    this.#groups.delete(name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  stream(groupName: string, streamName: string): LogStreamRecord {
    const stream = this.#streams.get(streamKey(this.group({ logGroupName: groupName }).name, streamName));
    if (stream === undefined)
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    return stream;
  }

  streamsOf(groupName: string): readonly LogStreamRecord[] {
    return [...this.#streams.values()].filter(({ group }) => group === groupName);
  }

  /** @throws AwsError `ResourceAlreadyExistsException` */
  addStream(group: LogGroupRecord, name: string): void {
    const key = streamKey(group.name, name);
    if (this.#streams.has(key))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    // Files have their own names, as stream names may be longer than file names and contain slashes.
    const file = `${randomUUID()}.jsonl`;
    this.#files.set(file, StreamFile.ofNewStream(join(this.#directory, file)));
    this.#streams.set(key, { group: group.name, name, createdAt: Date.now(), file });
  }

  deleteStream(stream: LogStreamRecord): void {
    this.file(stream).remove();
    this.#files.delete(stream.file);
    this.#streams.delete(streamKey(stream.group, stream.name));
  }

  /** The file with a stream's events. */
  file(stream: LogStreamRecord): StreamFile {
    const existing = this.#files.get(stream.file);
    if (existing !== undefined) return existing;
    const file = new StreamFile(join(this.#directory, stream.file));
    this.#files.set(stream.file, file);
    return file;
  }
}

/** Expiry limit of a group, in epoch milliseconds: earlier events have expired. */
export function oldestEvent(group: LogGroupRecord): number {
  return group.retentionInDays === undefined ? 0 : Date.now() - group.retentionInDays * dayMs;
}
