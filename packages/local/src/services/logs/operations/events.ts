import Type, { type Static } from 'typebox';
import type { Operation } from '../../../operation.js';
import { filterPage } from '../filter.js';
import { type LogStore, oldestEvent } from '../log-store.js';
import { groupName, groupOfEither, invalidParameter, limit, operation, streamName, text } from '../operation.js';
import { readPage } from '../read.js';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** PutLogEvents: maximum bytes of a batch, and the overhead of each event. */
const mostBatchBytes = 1_048_576;
const eventOverheadBytes = 26;
const time = Type.Optional(Type.Integer({ minimum: 0 }));
const batch = Type.Array(
  Type.Object({ timestamp: Type.Integer({ minimum: 0 }), message: Type.String({ minLength: 1 }) }),
  { minItems: 1, maxItems: 10_000 },
);

/** Writing and reading log events. */
export function eventOperations(store: LogStore): Operation[] {
  return [
    operation(
      'PutLogEvents',
      Type.Object({ logGroupName: groupName, logStreamName: streamName, logEvents: batch }),
      ({ logGroupName, logStreamName, logEvents }) => {
        const group = store.group({ logGroupName });
        const stream = store.stream(group.name, logStreamName);
        checkBatch(logEvents);
        const now = Date.now();
        const tooNew = now + 2 * hourMs;
        const tooOld = now - 14 * dayMs;
        const expired = oldestEvent(group);
        const accepted = logEvents.filter(
          ({ timestamp }) => timestamp <= tooNew && timestamp >= tooOld && timestamp >= expired,
        );
        store
          .file(stream)
          .append(accepted.map(({ timestamp, message }) => ({ timestamp, ingestionTime: now, message })));
        const firstTooNew = logEvents.findIndex(({ timestamp }) => timestamp > tooNew);
        const endOf = (isRejected: (timestamp: number) => boolean) =>
          logEvents.findLastIndex(({ timestamp }) => isRejected(timestamp)) + 1 || undefined;
        const rejected = {
          tooNewLogEventStartIndex: firstTooNew < 0 ? undefined : firstTooNew,
          tooOldLogEventEndIndex: endOf((timestamp) => timestamp < tooOld),
          expiredLogEventEndIndex: endOf((timestamp) => timestamp < expired),
        };
        return {
          nextSequenceToken: '0', // Sequence tokens are ignored now, but older clients expect one.
          rejectedLogEventsInfo: accepted.length === logEvents.length ? undefined : rejected,
        };
      },
    ),

    operation(
      'GetLogEvents',
      Type.Object({
        ...groupOfEither,
        logStreamName: streamName,
        startTime: time,
        endTime: time,
        nextToken: text,
        limit: limit(10_000),
        startFromHead: Type.Optional(Type.Boolean()),
      }),
      (input) => {
        const group = store.group(input);
        return readPage(store.file(store.stream(group.name, input.logStreamName)), input, oldestEvent(group));
      },
    ),

    operation(
      'FilterLogEvents',
      Type.Object({
        ...groupOfEither,
        logStreamNames: Type.Optional(Type.Array(streamName, { maxItems: 100 })),
        logStreamNamePrefix: text,
        startTime: time,
        endTime: time,
        filterPattern: text,
        nextToken: text,
        limit: limit(10_000),
      }),
      (input) => {
        const group = store.group(input);
        const { logStreamNames, logStreamNamePrefix: prefix } = input;
        if (logStreamNames !== undefined && prefix !== undefined)
          throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive.');
        const records =
          logStreamNames?.map((name) => store.stream(group.name, name)) ??
          store.streamsOf(group.name).filter(({ name }) => name.startsWith(prefix ?? ''));
        const streams = records.map((record) => ({ record, file: store.file(record) }));
        return filterPage(streams, input, oldestEvent(group));
      },
    ),
  ];
}

function checkBatch(events: Static<typeof batch>): void {
  let bytes = 0;
  let previous = 0;
  for (const { timestamp, message } of events) {
    bytes += Buffer.byteLength(message) + eventOverheadBytes;
    if (timestamp < previous)
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    previous = timestamp;
  }
  if (bytes > mostBatchBytes)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${mostBatchBytes}`);
}
