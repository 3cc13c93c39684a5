import Type from 'typebox';
import { tag } from '../../wire/tag-list.js';

const text = Type.Optional(Type.String());
const ruleName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[.\\-_A-Za-z0-9]+$' });
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }));
const targetId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[.\\-_A-Za-z0-9]+$' });

export const putRuleRequest = Type.Object({
  Name: ruleName,
  EventPattern: Type.Optional(Type.String({ maxLength: 4096 })),
  ScheduleExpression: text,
  State: Type.Optional(
    Type.Union([
      Type.Literal('ENABLED'),
      Type.Literal('DISABLED'),
      Type.Literal('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'),
    ]),
  ),
  Description: Type.Optional(Type.String({ maxLength: 512 })),
  RoleArn: text,
  Tags: Type.Optional(Type.Array(tag)),
  EventBusName: text,
});
export const ruleRequest = Type.Object({ Name: ruleName, EventBusName: text });
export const listRulesRequest = Type.Object({ NamePrefix: text, EventBusName: text, NextToken: text, Limit: limit });
const target = Type.Object({
  Id: targetId,
  Arn: Type.String({ minLength: 1, maxLength: 1600 }),
  RoleArn: text,
  Input: Type.Optional(Type.String({ maxLength: 8192 })),
  InputPath: Type.Optional(Type.String({ maxLength: 256 })),
  InputTransformer: Type.Optional(
    Type.Object({
      InputPathsMap: Type.Optional(Type.Record(Type.String(), Type.String())),
      InputTemplate: Type.String({ minLength: 1, maxLength: 8192 }),
    }),
  ),
  RetryPolicy: Type.Optional(
    Type.Object({
      MaximumRetryAttempts: Type.Optional(Type.Integer({ minimum: 0, maximum: 185 })),
      MaximumEventAgeInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
    }),
  ),
  DeadLetterConfig: Type.Optional(Type.Object({ Arn: text })),
});
export const putTargetsRequest = Type.Object({
  Rule: ruleName,
  EventBusName: text,
  Targets: Type.Array(target, { minItems: 1, maxItems: 100 }),
});
export const removeTargetsRequest = Type.Object({
  Rule: ruleName,
  EventBusName: text,
  Ids: Type.Array(targetId, { minItems: 1, maxItems: 100 }),
});
export const listTargetsRequest = Type.Object({ Rule: ruleName, EventBusName: text, NextToken: text, Limit: limit });
export const listRuleNamesRequest = Type.Object({
  TargetArn: Type.String({ minLength: 1 }),
  EventBusName: text,
  NextToken: text,
  Limit: limit,
});
const entry = Type.Object({
  Time: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  Source: text,
  Resources: Type.Optional(Type.Array(Type.String())),
  DetailType: text,
  Detail: text,
  EventBusName: text,
});
export const putEventsRequest = Type.Object({ Entries: Type.Array(entry, { minItems: 1, maxItems: 10 }) });
export const testPatternRequest = Type.Object({ EventPattern: Type.String(), Event: Type.String() });
export const resourceRequest = Type.Object({ ResourceARN: Type.String() });
export const tagResourceRequest = Type.Object({ ResourceARN: Type.String(), Tags: Type.Array(tag) });
export const untagResourceRequest = Type.Object({ ResourceARN: Type.String(), TagKeys: Type.Array(Type.String()) });
