import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { busOperation, nameOrId, page, paging, text } from '../operation.js';
import type { Rules } from '../rules.js';

const target = Type.Object({
  Id: nameOrId,
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

/** The targets of a rule. */
export function targetOperations(rules: Rules): Operation[] {
  return [
    busOperation(
      'PutTargets',
      Type.Object({
        Rule: nameOrId,
        EventBusName: text,
        Targets: Type.Array(target, { minItems: 1, maxItems: 100 }),
      }),
      ({ Rule, Targets }) => {
        rules.putTargets(rules.get(Rule), Targets);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    ),

    busOperation(
      'RemoveTargets',
      Type.Object({
        Rule: nameOrId,
        EventBusName: text,
        Ids: Type.Array(nameOrId, { minItems: 1, maxItems: 100 }),
      }),
      ({ Rule, Ids }) => {
        const rule = rules.get(Rule);
        rules.set({ ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    ),

    busOperation(
      'ListTargetsByRule',
      Type.Object({ Rule: nameOrId, EventBusName: text, ...paging }),
      ({ Rule, ...request }) => {
        const { items, nextToken } = page(rules.get(Rule).targets, ({ Id }) => Id, request);
        return { Targets: items, NextToken: nextToken };
      },
    ),
  ];
}
