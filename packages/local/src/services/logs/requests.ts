import Type, { type Static } from 'typebox';

const groupName = Type.String({ minLength: 1, maxLength: 512, pattern: '^[.\\-_/#A-Za-z0-9]+$' });
const streamName = Type.String({ minLength: 1, maxLength: 512, pattern: '^[^:*]*$' });
const text = Type.Optional(Type.String());
const time = Type.Optional(Type.Integer({ minimum: 0 }));
const tags = Type.Record(Type.String(), Type.String());
const limit = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }));

export const createGroupRequest = Type.Object({
  logGroupName: groupName,
  kmsKeyId: text,
  tags: Type.Optional(tags),
  logGroupClass: text,
});
export const groupRequest = Type.Object({ logGroupName: groupName });
export const retentionRequest = Type.Object({ logGroupName: groupName, retentionInDays: Type.Integer() });
export const describeGroupsRequest = Type.Object({
  logGroupNamePrefix: text,
  logGroupNamePattern: text,
  limit: limit(50),
  nextToken: text,
});
export const streamRequest = Type.Object({ logGroupName: groupName, logStreamName: streamName });
/** Reading operations take the group by name, or by ARN as its identifier. */
const group = { logGroupName: Type.Optional(groupName), logGroupIdentifier: text };
export const describeStreamsRequest = Type.Object({
  ...group,
  logStreamNamePrefix: text,
  orderBy: Type.Optional(Type.Union([Type.Literal('LogStreamName'), Type.Literal('LastEventTime')])),
  descending: Type.Optional(Type.Boolean()),
  limit: limit(50),
  nextToken: text,
});
export const putEventsRequest = Type.Object({
  logGroupName: groupName,
  logStreamName: streamName,
  logEvents: Type.Array(
    Type.Object({ timestamp: Type.Integer({ minimum: 0 }), message: Type.String({ minLength: 1 }) }),
    { minItems: 1, maxItems: 10_000 },
  ),
});
export const getEventsRequest = Type.Object({
  ...group,
  logStreamName: streamName,
  startTime: time,
  endTime: time,
  nextToken: text,
  limit: limit(10_000),
  startFromHead: Type.Optional(Type.Boolean()),
});
export const filterEventsRequest = Type.Object({
  ...group,
  logStreamNames: Type.Optional(Type.Array(streamName, { maxItems: 100 })),
  logStreamNamePrefix: text,
  startTime: time,
  endTime: time,
  filterPattern: text,
  nextToken: text,
  limit: limit(10_000),
});
export const tagResourceRequest = Type.Object({ resourceArn: Type.String(), tags });
export const untagResourceRequest = Type.Object({ resourceArn: Type.String(), tagKeys: Type.Array(Type.String()) });
export const resourceRequest = Type.Object({ resourceArn: Type.String() });

export type GetEventsRequest = Static<typeof getEventsRequest>;
export type FilterEventsRequest = Static<typeof filterEventsRequest>;
