import type { Caller } from '../../kernel/access/caller.js';
import { roleCaller } from '../../kernel/access/session.js';
import { defaultRetryLimits, targetOfArn } from '../../kernel/delivery/delivery.js';
import { Outbox } from '../../kernel/delivery/outbox.js';
import { present } from '../../kernel/present.js';
import type { AwsEvent, EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { eventsAccess } from './access.js';
import type { RuleRecord, RuleTarget } from './model.js';
import { eventOperations } from './operations/events.js';
import { ruleOperations } from './operations/rules.js';
import { targetOperations } from './operations/targets.js';
import { matches } from './pattern/match.js';
import { Rules } from './rules.js';
import { targetInput } from './target-input.js';

/**
 * Amazon EventBridge: the default bus, rules with event patterns, and delivery to functions, queues, topics and state
 * machines. The deliveries of a published event are in the journal before `publish` returns.
 */
export function createEventsService(context: EngineContext): Service {
  const rules = new Rules(context);
  const outbox = new Outbox(context, 'events/deliveries');
  context.events.subscribe(route);
  return {
    name: 'events',
    operations: operationTable(ruleOperations(context, rules), targetOperations(rules), eventOperations(context)),
    access: eventsAccess(context, rules),
    json: { version: '1.1' },
    start: () => outbox.start(),
    stop: () => outbox.stop(),
  };

  /** Records a delivery for each target of each matching rule. */
  function route(event: AwsEvent): void {
    for (const { rule, pattern } of rules.enabled()) {
      if (!matches(pattern, event)) continue;
      for (const target of rule.targets) {
        const destination = targetOfArn(target.Arn);
        if (destination === undefined) continue;
        outbox.add({
          originArn: rule.arn,
          caller: senderOf(rule, target),
          target: destination,
          body: targetInput(event, rule, target),
          retry: {
            attempts: target.RetryPolicy?.MaximumRetryAttempts ?? defaultRetryLimits.attempts,
            ageSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultRetryLimits.ageSeconds,
          },
          ...present({ deadLetterArn: target.DeadLetterConfig?.Arn }),
        });
      }
    }
  }
}

/** EventBridge uses a target's role if it has one; else the policy of the target must name it. */
const senderOf = (rule: RuleRecord, target: RuleTarget): Caller =>
  target.RoleArn === undefined
    ? { kind: 'service', name: 'events.amazonaws.com', sourceArn: rule.arn }
    : roleCaller(target.RoleArn, rule.name);
