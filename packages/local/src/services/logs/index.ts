import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Static } from 'typebox';
import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations, Service } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { parseInput } from '../../wire/parse-input.js';
import { filterPage } from './filter.js';
import { type LogGroupRecord, type LogStreamRecord, streamKey } from './model.js';
import { readPage } from './read.js';
import * as requests from './requests.js';
import { StreamFile } from './stream-file.js';

const invalid = 'InvalidParameterException';
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** PutLogEvents: the most bytes of a batch, and what each event counts beyond its text. */
const mostBatchBytes = 1_048_576;
const eventOverheadBytes = 26;
/** The retentions that CloudWatch Logs offers, in days. */
const retentions = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** Amazon CloudWatch Logs: groups and streams, with the events of each stream in a file of its own. */
export function createLogsService(context: EngineContext): Service {
  return new Logs(context);
}

class Logs implements Service {
  readonly name = 'logs';
  readonly #context: EngineContext;
  readonly #directory: string;
  readonly #groups: Table<LogGroupRecord>;
  readonly #streams: Table<LogStreamRecord>;
  readonly #files = new Map<string, StreamFile>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#directory = join(context.directory, 'logs');
    this.#groups = context.journal.table('logs/groups');
    this.#streams = context.journal.table('logs/streams');
    mkdirSync(this.#directory, { recursive: true });
  }

  readonly operations: Operations = {
    CreateLogGroup: (input) => this.#createGroup(parseInput(requests.createGroupRequest, input, invalid)),
    DeleteLogGroup: (input) => this.#deleteGroup(parseInput(requests.groupRequest, input, invalid).logGroupName),
    DescribeLogGroups: (input) => this.#describeGroups(parseInput(requests.describeGroupsRequest, input, invalid)),
    PutRetentionPolicy: (input) => this.#putRetention(parseInput(requests.retentionRequest, input, invalid)),
    DeleteRetentionPolicy: (input) => {
      const { retentionInDays: _, ...group } = this.#group(parseInput(requests.groupRequest, input, invalid));
      this.#groups.set(group.name, group);
    },
    CreateLogStream: (input) => this.#createStream(parseInput(requests.streamRequest, input, invalid)),
    DeleteLogStream: (input) => {
      const { logGroupName, logStreamName } = parseInput(requests.streamRequest, input, invalid);
      this.#deleteStream(this.#stream(logGroupName, logStreamName));
    },
    DescribeLogStreams: (input) => this.#describeStreams(parseInput(requests.describeStreamsRequest, input, invalid)),
    PutLogEvents: (input) => this.#putEvents(parseInput(requests.putEventsRequest, input, invalid)),
    GetLogEvents: (input) => {
      const request = parseInput(requests.getEventsRequest, input, invalid);
      const group = this.#group(request);
      const stream = this.#stream(group.name, request.logStreamName);
      return readPage(this.#file(stream), request, oldestEvent(group));
    },
    FilterLogEvents: (input) => this.#filter(parseInput(requests.filterEventsRequest, input, invalid)),
    TagResource: (input) => {
      const { resourceArn, tags } = parseInput(requests.tagResourceRequest, input, invalid);
      const group = this.#group({ logGroupIdentifier: resourceArn });
      this.#groups.set(group.name, { ...group, tags: { ...group.tags, ...tags } });
    },
    UntagResource: (input) => {
      const { resourceArn, tagKeys } = parseInput(requests.untagResourceRequest, input, invalid);
      const group = this.#group({ logGroupIdentifier: resourceArn });
      const kept = Object.entries(group.tags).filter(([key]) => !tagKeys.includes(key));
      this.#groups.set(group.name, { ...group, tags: Object.fromEntries(kept) });
    },
    ListTagsForResource: (input) => {
      const { resourceArn } = parseInput(requests.resourceRequest, input, invalid);
      return { tags: this.#group({ logGroupIdentifier: resourceArn }).tags };
    },
  };

  /** Removes what expired while the engine was not running, and files whose stream was not recorded before it was killed. */
  start(): void {
    const known = new Set([...this.#streams.values()].map((stream) => stream.file));
    for (const file of readdirSync(this.#directory)) if (!known.has(file)) rmSync(join(this.#directory, file));
    for (const stream of [...this.#streams.values()]) {
      const group = this.#groups.get(stream.group);
      if (group?.retentionInDays === undefined) continue;
      const { lastTimestamp } = this.#file(stream).extent();
      if (lastTimestamp !== undefined && lastTimestamp < oldestEvent(group)) this.#file(stream).remove();
    }
  }

  #createGroup(input: Static<typeof requests.createGroupRequest>): void {
    if (this.#groups.has(input.logGroupName))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const { partition, region, accountId } = this.#context;
    this.#groups.set(input.logGroupName, {
      name: input.logGroupName,
      arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${input.logGroupName}`,
      createdAt: Date.now(),
      logGroupClass: input.logGroupClass ?? 'STANDARD',
      ...(input.kmsKeyId === undefined ? {} : { kmsKeyId: input.kmsKeyId }),
      tags: input.tags ?? {},
    });
  }

  #deleteGroup(name: string): void {
    const group = this.#group({ logGroupName: name });
    for (const stream of this.#streamsOf(group.name)) this.#deleteStream(stream);
    this.#groups.delete(group.name);
  }

  #describeGroups(input: Static<typeof requests.describeGroupsRequest>) {
    const { logGroupNamePrefix = '', logGroupNamePattern = '', limit, nextToken: token } = input;
    const groups = sortedBy(this.#groups.values(), (group) => group.name).filter(
      ({ name }) =>
        name.startsWith(logGroupNamePrefix) && name.toLowerCase().includes(logGroupNamePattern.toLowerCase()),
    );
    const page = pageOf(groups, (group) => group.name, { limit: limit ?? 50, token, code: invalid });
    const logGroups = page.items.map((group) => ({
      logGroupName: group.name,
      creationTime: group.createdAt,
      retentionInDays: group.retentionInDays,
      metricFilterCount: 0,
      arn: `${group.arn}:*`,
      logGroupArn: group.arn,
      logGroupClass: group.logGroupClass,
      kmsKeyId: group.kmsKeyId,
      storedBytes: this.#streamsOf(group.name).reduce((sum, stream) => sum + this.#file(stream).extent().bytes, 0),
    }));
    return { logGroups, nextToken: page.nextToken };
  }

  #putRetention({ logGroupName, retentionInDays }: Static<typeof requests.retentionRequest>): void {
    const group = this.#group({ logGroupName });
    if (!retentions.has(retentionInDays))
      throw new AwsError(
        invalid,
        `${retentionInDays} is not one of the retentions: ${[...retentions].join(', ')} days.`,
      );
    this.#groups.set(group.name, { ...group, retentionInDays });
  }

  #createStream({ logGroupName, logStreamName }: Static<typeof requests.streamRequest>): void {
    const group = this.#group({ logGroupName });
    const key = streamKey(group.name, logStreamName);
    if (this.#streams.has(key))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    // A file's name of its own: stream names may be longer than those of files, and hold slashes.
    const file = `${randomUUID()}.jsonl`;
    this.#files.set(file, StreamFile.ofNewStream(join(this.#directory, file)));
    this.#streams.set(key, { group: group.name, name: logStreamName, createdAt: Date.now(), file });
  }

  #deleteStream(stream: LogStreamRecord): void {
    this.#file(stream).remove();
    this.#files.delete(stream.file);
    this.#streams.delete(streamKey(stream.group, stream.name));
  }

  #describeStreams(input: Static<typeof requests.describeStreamsRequest>) {
    const group = this.#group(input);
    const { logStreamNamePrefix: prefix = '', orderBy, descending, limit, nextToken: token } = input;
    if (orderBy === 'LastEventTime' && prefix !== '')
      throw new AwsError(invalid, 'Cannot order by LastEventTime with a logStreamNamePrefix.');
    const streams = this.#streamsOf(group.name).filter(({ name }) => name.startsWith(prefix));
    const keyOf = (stream: LogStreamRecord) =>
      orderBy === 'LastEventTime'
        ? `${String(this.#file(stream).extent().lastTimestamp ?? 0).padStart(16, '0')} ${stream.name}`
        : stream.name;
    const ascending = sortedBy(streams, keyOf).map((stream) => ({ stream, key: keyOf(stream) }));
    const ordered = descending === true ? ascending.reverse() : ascending;
    const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
    const rest = ordered.filter(({ key }) => after === undefined || (descending === true ? key < after : key > after));
    const items = rest.slice(0, limit ?? 50);
    const last = items.at(-1);
    const more = last !== undefined && items.length < rest.length;
    return {
      logStreams: items.map(({ stream }) => this.#described(group, stream)),
      nextToken: more ? Buffer.from(last.key).toString('base64url') : undefined,
    };
  }

  #described(group: LogGroupRecord, stream: LogStreamRecord) {
    const extent = this.#file(stream).extent();
    return {
      logStreamName: stream.name,
      creationTime: stream.createdAt,
      firstEventTimestamp: extent.firstTimestamp,
      lastEventTimestamp: extent.lastTimestamp,
      lastIngestionTime: extent.lastIngestionTime,
      uploadSequenceToken: '0',
      arn: `${group.arn}:log-stream:${stream.name}`,
      storedBytes: 0, // CloudWatch Logs tells 0 for every stream since 2019.
    };
  }

  #putEvents({ logGroupName, logStreamName, logEvents }: Static<typeof requests.putEventsRequest>) {
    const group = this.#group({ logGroupName });
    const stream = this.#stream(group.name, logStreamName);
    let bytes = 0;
    let previous = 0;
    for (const { timestamp, message } of logEvents) {
      bytes += Buffer.byteLength(message) + eventOverheadBytes;
      if (timestamp < previous)
        throw new AwsError(invalid, 'Log events in a single PutLogEvents request must be in chronological order.');
      previous = timestamp;
    }
    if (bytes > mostBatchBytes)
      throw new AwsError(invalid, `Upload too large: ${bytes} bytes exceeds limit of ${mostBatchBytes}`);
    const now = Date.now();
    const tooNew = now + 2 * hourMs;
    const tooOld = now - 14 * dayMs;
    const expired = oldestEvent(group);
    const accepted = logEvents.filter(
      ({ timestamp }) => timestamp <= tooNew && timestamp >= tooOld && timestamp >= expired,
    );
    this.#file(stream).append(accepted.map(({ timestamp, message }) => ({ timestamp, ingestionTime: now, message })));
    const rejected = {
      ...indexMember(
        'tooNewLogEventStartIndex',
        logEvents.findIndex(({ timestamp }) => timestamp > tooNew),
      ),
      ...indexMember('tooOldLogEventEndIndex', logEvents.findLastIndex(({ timestamp }) => timestamp < tooOld) + 1),
      ...indexMember('expiredLogEventEndIndex', logEvents.findLastIndex(({ timestamp }) => timestamp < expired) + 1),
    };
    return {
      nextSequenceToken: '0', // Sequence tokens are no longer looked at, but older clients expect one.
      rejectedLogEventsInfo: accepted.length === logEvents.length ? undefined : rejected,
    };
  }

  #filter(request: requests.FilterEventsRequest) {
    const group = this.#group(request);
    if (request.logStreamNames !== undefined && request.logStreamNamePrefix !== undefined)
      throw new AwsError(invalid, 'logStreamNames and logStreamNamePrefix are mutually exclusive.');
    const records =
      request.logStreamNames?.map((name) => this.#stream(group.name, name)) ??
      this.#streamsOf(group.name).filter(({ name }) => name.startsWith(request.logStreamNamePrefix ?? ''));
    const streams = records.map((record) => ({ record, file: this.#file(record) }));
    return filterPage(streams, request, oldestEvent(group));
  }

  #group(input: { readonly logGroupName?: string; readonly logGroupIdentifier?: string }): LogGroupRecord {
    const identifier = input.logGroupName ?? input.logGroupIdentifier;
    if (identifier === undefined) throw new AwsError(invalid, 'Give logGroupName or logGroupIdentifier.');
    const name = identifier.replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:([^:]+).*$/, '$1');
    const group = this.#groups.get(name);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  #stream(groupName: string, streamName: string): LogStreamRecord {
    const stream = this.#streams.get(streamKey(this.#group({ logGroupName: groupName }).name, streamName));
    if (stream === undefined)
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    return stream;
  }

  #streamsOf(groupName: string): readonly LogStreamRecord[] {
    return [...this.#streams.values()].filter(({ group }) => group === groupName);
  }

  #file(stream: LogStreamRecord): StreamFile {
    const existing = this.#files.get(stream.file);
    if (existing !== undefined) return existing;
    const file = new StreamFile(join(this.#directory, stream.file));
    this.#files.set(stream.file, file);
    return file;
  }
}

/** Epoch milliseconds before which a group's events have expired. */
function oldestEvent(group: LogGroupRecord): number {
  return group.retentionInDays === undefined ? 0 : Date.now() - group.retentionInDays * dayMs;
}

function indexMember(name: string, index: number): Record<string, number> {
  return index > 0 || (index === 0 && name === 'tooNewLogEventStartIndex') ? { [name]: index } : {};
}
