import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { sortedBy } from '../../../wire/page.js';
import type { LogStore } from '../log-store.js';
import type { LogGroupRecord, LogStreamRecord } from '../model.js';
import { groupName, groupOfEither, invalidParameter, limit, operation, streamName, text } from '../operation.js';

const one = Type.Object({ logGroupName: groupName, logStreamName: streamName });

export function streamOperations(store: LogStore): Operation[] {
  return [
    operation('CreateLogStream', one, ({ logGroupName, logStreamName }) =>
      store.addStream(store.group({ logGroupName }), logStreamName),
    ),

    operation('DeleteLogStream', one, ({ logGroupName, logStreamName }) =>
      store.deleteStream(store.stream(logGroupName, logStreamName)),
    ),

    operation(
      'DescribeLogStreams',
      Type.Object({
        ...groupOfEither,
        logStreamNamePrefix: text,
        orderBy: Type.Optional(Type.Union([Type.Literal('LogStreamName'), Type.Literal('LastEventTime')])),
        descending: Type.Optional(Type.Boolean()),
        limit: limit(50),
        nextToken: text,
      }),
      (input) => {
        const group = store.group(input);
        const { logStreamNamePrefix: prefix = '', orderBy, descending, limit = 50, nextToken: token } = input;
        if (orderBy === 'LastEventTime' && prefix !== '')
          throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
        const streams = store.streamsOf(group.name).filter(({ name }) => name.startsWith(prefix));
        const keyOf = (stream: LogStreamRecord) =>
          orderBy === 'LastEventTime'
            ? `${String(store.file(stream).extent().lastTimestamp ?? 0).padStart(16, '0')} ${stream.name}`
            : stream.name;
        const ascending = sortedBy(streams, keyOf).map((stream) => ({ stream, key: keyOf(stream) }));
        const ordered = descending === true ? ascending.reverse() : ascending;
        const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
        const rest = ordered.filter(
          ({ key }) => after === undefined || (descending === true ? key < after : key > after),
        );
        const items = rest.slice(0, limit);
        const last = items.at(-1);
        const more = last !== undefined && items.length < rest.length;
        return {
          logStreams: items.map(({ stream }) => described(group, stream)),
          nextToken: more ? Buffer.from(last.key).toString('base64url') : undefined,
        };
      },
    ),
  ];

  function described(group: LogGroupRecord, stream: LogStreamRecord) {
    const extent = store.file(stream).extent();
    return {
      logStreamName: stream.name,
      creationTime: stream.createdAt,
      firstEventTimestamp: extent.firstTimestamp,
      lastEventTimestamp: extent.lastTimestamp,
      lastIngestionTime: extent.lastIngestionTime,
      uploadSequenceToken: '0',
      arn: `${group.arn}:log-stream:${stream.name}`,
      storedBytes: 0, // CloudWatch Logs reports 0 for every stream since 2019.
    };
  }
}
