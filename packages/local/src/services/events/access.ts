import {
  type AccessRule,
  all,
  anywhere,
  type CallInput,
  named,
  on,
  passRole,
  requestTags,
  type ServiceAccess,
} from '../../iam/access.js';
import type { EngineContext } from '../../kernel/service.js';
import { tagMap } from '../../wire/tag-list.js';
import type { Rules } from './rules.js';

/** The permissions of EventBridge. */
export function eventsAccess({ partition, region, accountId }: EngineContext, rules: Rules): ServiceAccess {
  const base = `arn:${partition}:events:${region}:${accountId}`;
  const ruleOf = ({ Name, Rule }: CallInput) => `${base}:rule/${String(Name ?? Rule ?? '')}`;
  const rule = (action: string): AccessRule => on(`events:${action}`, ruleOf);
  const tagged = named('ResourceARN');
  const passRoles: AccessRule = ({ Targets }) =>
    (Array.isArray(Targets) ? Targets : []).flatMap((target: unknown) =>
      passRole(() => Reflect.get(Object(target), 'RoleArn'), 'events.amazonaws.com')({}),
    );
  return {
    rules: {
      PutEvents: on('events:PutEvents', () => `${base}:event-bus/default`),
      TestEventPattern: anywhere('events:TestEventPattern'),
      PutTargets: all(rule('PutTargets'), passRoles),
      RemoveTargets: rule('RemoveTargets'),
      ListTargetsByRule: rule('ListTargetsByRule'),
      PutRule: all(
        on('events:PutRule', ruleOf, ({ Tags }) => requestTags(Tags)),
        passRole('RoleArn', 'events.amazonaws.com'),
      ),
      DescribeRule: rule('DescribeRule'),
      DeleteRule: rule('DeleteRule'),
      EnableRule: rule('EnableRule'),
      DisableRule: rule('DisableRule'),
      ListRules: anywhere('events:ListRules'),
      ListRuleNamesByTarget: anywhere('events:ListRuleNamesByTarget'),
      ListTagsForResource: on('events:ListTagsForResource', tagged),
      TagResource: on('events:TagResource', tagged, ({ Tags }) => requestTags(Tags)),
      UntagResource: on('events:UntagResource', tagged),
    },
    tagsOf: (arn) => {
      const tags = rules.find(arn)?.tags;
      return tags && tagMap(tags);
    },
  };
}
