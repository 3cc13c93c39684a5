import Type from 'typebox';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { tag, withoutTags, withTags } from '../../../wire/tag-list.js';
import type { RuleRecord } from '../model.js';
import { busOperation, nameOrId, operation, page, paging, text } from '../operation.js';
import type { Rules } from '../rules.js';

const one = Type.Object({ Name: nameOrId, EventBusName: text });

/** Rules with their states and tags. */
export function ruleOperations({ accountId }: EngineContext, rules: Rules): Operation[] {
  return [
    busOperation(
      'PutRule',
      Type.Object({
        Name: nameOrId,
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
      }),
      (input) => ({ RuleArn: rules.put(input).arn }),
    ),

    busOperation('DescribeRule', one, ({ Name }) => ({ ...described(rules.get(Name)), CreatedBy: accountId })),

    busOperation('DeleteRule', one, ({ Name }) => rules.delete(Name)),

    busOperation('EnableRule', one, ({ Name }) => rules.set({ ...rules.get(Name), state: 'ENABLED' })),

    busOperation('DisableRule', one, ({ Name }) => rules.set({ ...rules.get(Name), state: 'DISABLED' })),

    busOperation(
      'ListRules',
      Type.Object({ NamePrefix: text, EventBusName: text, ...paging }),
      ({ NamePrefix = '', ...request }) => {
        const found = [...rules.values()].filter(({ name }) => name.startsWith(NamePrefix));
        const { items, nextToken } = page(found, ({ name }) => name, request);
        return { Rules: items.map(described), NextToken: nextToken };
      },
    ),

    busOperation(
      'ListRuleNamesByTarget',
      Type.Object({ TargetArn: Type.String({ minLength: 1 }), EventBusName: text, ...paging }),
      ({ TargetArn, ...request }) => {
        const found = [...rules.values()].filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn));
        const { items, nextToken } = page(found, ({ name }) => name, request);
        return { RuleNames: items.map(({ name }) => name), NextToken: nextToken };
      },
    ),

    operation('ListTagsForResource', Type.Object({ ResourceARN: Type.String() }), ({ ResourceARN }) => ({
      Tags: rules.ofArn(ResourceARN).tags,
    })),

    operation(
      'TagResource',
      Type.Object({ ResourceARN: Type.String(), Tags: Type.Array(tag) }),
      ({ ResourceARN, Tags }) => {
        const rule = rules.ofArn(ResourceARN);
        rules.set({ ...rule, tags: withTags(rule.tags, Tags) });
      },
    ),

    operation(
      'UntagResource',
      Type.Object({ ResourceARN: Type.String(), TagKeys: Type.Array(Type.String()) }),
      ({ ResourceARN, TagKeys }) => {
        const rule = rules.ofArn(ResourceARN);
        rules.set({ ...rule, tags: withoutTags(rule.tags, TagKeys) });
      },
    ),
  ];
}

function described(rule: RuleRecord) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.eventPattern,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: 'default',
  };
}
