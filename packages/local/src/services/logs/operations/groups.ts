import Type from 'typebox';
import { present } from '../../../kernel/present.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { pageOf, sortedBy } from '../../../wire/page.js';
import { withoutTagKeys } from '../../../wire/tag-list.js';
import type { LogStore } from '../log-store.js';
import { groupName, invalid, invalidParameter, limit, operation, text, textMap } from '../operation.js';

/** Retention periods that CloudWatch Logs supports, in days. */
const retentions = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
const one = Type.Object({ logGroupName: groupName });
const resource = { resourceArn: Type.String() };

/** Log groups with their retention and tags. */
export function groupOperations({ partition, region, accountId }: EngineContext, store: LogStore): Operation[] {
  return [
    operation(
      'CreateLogGroup',
      Type.Object({ logGroupName: groupName, kmsKeyId: text, tags: Type.Optional(textMap), logGroupClass: text }),
      ({ logGroupName: name, kmsKeyId, tags = {}, logGroupClass = 'STANDARD' }) => {
        const arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;
        store.addGroup({ name, arn, createdAt: Date.now(), logGroupClass, ...present({ kmsKeyId }), tags });
      },
    ),

    operation('DeleteLogGroup', one, (input) => store.deleteGroup(store.group(input))),

    operation(
      'DescribeLogGroups',
      Type.Object({ logGroupNamePrefix: text, logGroupNamePattern: text, limit: limit(50), nextToken: text }),
      ({ logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '', limit = 50, nextToken: token }) => {
        const groups = sortedBy(store.groups(), ({ name }) => name).filter(
          ({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()),
        );
        const { items, nextToken } = pageOf(groups, ({ name }) => name, { limit, token, code: invalid });
        const logGroups = items.map((group) => ({
          logGroupName: group.name,
          creationTime: group.createdAt,
          retentionInDays: group.retentionInDays,
          metricFilterCount: 0,
          arn: `${group.arn}:*`,
          logGroupArn: group.arn,
          logGroupClass: group.logGroupClass,
          kmsKeyId: group.kmsKeyId,
          storedBytes: store.streamsOf(group.name).reduce((sum, stream) => sum + store.file(stream).extent().bytes, 0),
        }));
        return { logGroups, nextToken };
      },
    ),

    operation(
      'PutRetentionPolicy',
      Type.Object({ logGroupName: groupName, retentionInDays: Type.Integer() }),
      ({ logGroupName, retentionInDays }) => {
        const group = store.group({ logGroupName });
        if (!retentions.has(retentionInDays))
          throw invalidParameter(
            `${retentionInDays} is not one of the retentions: ${[...retentions].join(', ')} days.`,
          );
        store.setGroup({ ...group, retentionInDays });
      },
    ),

    operation('DeleteRetentionPolicy', one, (input) => {
      const { retentionInDays: _, ...group } = store.group(input);
      store.setGroup(group);
    }),

    operation('TagResource', Type.Object({ ...resource, tags: textMap }), ({ resourceArn, tags }) => {
      const group = store.group({ logGroupIdentifier: resourceArn });
      store.setGroup({ ...group, tags: { ...group.tags, ...tags } });
    }),

    operation(
      'UntagResource',
      Type.Object({ ...resource, tagKeys: Type.Array(Type.String()) }),
      ({ resourceArn, tagKeys }) => {
        const group = store.group({ logGroupIdentifier: resourceArn });
        store.setGroup({ ...group, tags: withoutTagKeys(group.tags, tagKeys) });
      },
    ),

    operation('ListTagsForResource', Type.Object(resource), ({ resourceArn }) => ({
      tags: store.group({ logGroupIdentifier: resourceArn }).tags,
    })),
  ];
}
