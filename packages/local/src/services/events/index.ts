import type { Static } from 'typebox';
import { defaultRetryLimits, targetOfArn } from '../../kernel/delivery/delivery.js';
import { Outbox } from '../../kernel/delivery/outbox.js';
import type { AwsEvent, EngineContext, Operations, Service } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { isPlainObject } from '../../wire/message.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { parseInput } from '../../wire/parse-input.js';
import { withoutTags, withTags } from '../../wire/tag-list.js';
import type { RuleRecord, RuleState } from './model.js';
import { matches } from './pattern/match.js';
import * as requests from './requests.js';
import { Rules, readPattern } from './rules.js';
import { targetInput } from './target-input.js';

const invalid = 'ValidationException';

/**
 * Amazon EventBridge: the default bus, rules with event patterns, and delivery to functions, queues, topics and state
 * machines. What a published event matched is in the journal before `publish` returns.
 */
export function createEventsService(context: EngineContext): Service {
  return new EventBridge(context);
}

class EventBridge implements Service {
  readonly name = 'events';
  readonly #context: EngineContext;
  readonly #rules: Rules;
  readonly #outbox: Outbox;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#rules = new Rules(context);
    this.#outbox = new Outbox(context, 'events/deliveries');
    context.events.subscribe((event) => this.#route(event));
  }

  readonly operations: Operations = {
    PutRule: (input) => ({ RuleArn: this.#rules.put(this.#onDefaultBus(requests.putRuleRequest, input)).arn }),
    DescribeRule: (input) => {
      const rule = this.#rules.get(this.#onDefaultBus(requests.ruleRequest, input).Name);
      return { ...described(rule), CreatedBy: this.#context.accountId };
    },
    DeleteRule: (input) => this.#rules.delete(this.#onDefaultBus(requests.ruleRequest, input).Name),
    EnableRule: (input) => this.#setState(input, 'ENABLED'),
    DisableRule: (input) => this.#setState(input, 'DISABLED'),
    ListRules: (input) => {
      const { NamePrefix = '', ...page } = this.#onDefaultBus(requests.listRulesRequest, input);
      const rules = this.#sorted((rule) => rule.name.startsWith(NamePrefix));
      const { items, nextToken } = this.#page(rules, (rule) => rule.name, page);
      return { Rules: items.map(described), NextToken: nextToken };
    },
    ListRuleNamesByTarget: (input) => {
      const { TargetArn, ...page } = this.#onDefaultBus(requests.listRuleNamesRequest, input);
      const rules = this.#sorted((rule) => rule.targets.some((target) => target.Arn === TargetArn));
      const { items, nextToken } = this.#page(rules, (rule) => rule.name, page);
      return { RuleNames: items.map((rule) => rule.name), NextToken: nextToken };
    },
    PutTargets: (input) => {
      const { Rule, Targets } = this.#onDefaultBus(requests.putTargetsRequest, input);
      this.#rules.putTargets(this.#rules.get(Rule), Targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: (input) => {
      const { Rule, Ids } = this.#onDefaultBus(requests.removeTargetsRequest, input);
      const rule = this.#rules.get(Rule);
      this.#rules.set({ ...rule, targets: rule.targets.filter((target) => !Ids.includes(target.Id)) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input) => {
      const { Rule, ...page } = this.#onDefaultBus(requests.listTargetsRequest, input);
      const targets = sortedBy(this.#rules.get(Rule).targets, (target) => target.Id);
      const { items, nextToken } = this.#page(targets, (target) => target.Id, page);
      return { Targets: items, NextToken: nextToken };
    },
    PutEvents: (input) => this.#putEvents(parseInput(requests.putEventsRequest, input, invalid)),
    TestEventPattern: (input) => {
      const { EventPattern, Event } = parseInput(requests.testPatternRequest, input, invalid);
      const event = parseJson(Event);
      if (!isPlainObject(event)) throw new AwsError(invalid, 'Parameter Event is not a JSON object.');
      return { Result: matches(readPattern(EventPattern), event) };
    },
    ListTagsForResource: (input) => ({
      Tags: this.#rules.ofArn(parseInput(requests.resourceRequest, input, invalid).ResourceARN).tags,
    }),
    TagResource: (input) => {
      const { ResourceARN, Tags } = parseInput(requests.tagResourceRequest, input, invalid);
      const rule = this.#rules.ofArn(ResourceARN);
      this.#rules.set({ ...rule, tags: withTags(rule.tags, Tags) });
    },
    UntagResource: (input) => {
      const { ResourceARN, TagKeys } = parseInput(requests.untagResourceRequest, input, invalid);
      const rule = this.#rules.ofArn(ResourceARN);
      this.#rules.set({ ...rule, tags: withoutTags(rule.tags, TagKeys) });
    },
  };

  start(): void {
    this.#outbox.start();
  }

  stop(): Promise<void> {
    return this.#outbox.stop();
  }

  /** Records a delivery for each target of each rule that the event matches. */
  #route(event: AwsEvent): void {
    for (const { rule, pattern } of this.#rules.enabled()) {
      if (!matches(pattern, event)) continue;
      for (const target of rule.targets) {
        const destination = targetOfArn(target.Arn);
        if (destination === undefined) continue;
        const deadLetterArn = target.DeadLetterConfig?.Arn;
        this.#outbox.add({
          originArn: rule.arn,
          target: destination,
          body: targetInput(event, rule, target),
          retry: {
            attempts: target.RetryPolicy?.MaximumRetryAttempts ?? defaultRetryLimits.attempts,
            ageSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultRetryLimits.ageSeconds,
          },
          ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
        });
      }
    }
  }

  #putEvents({ Entries }: Static<typeof requests.putEventsRequest>) {
    const results = Entries.map((entry) => {
      const { Source = '', DetailType = '', Detail = '' } = entry;
      const problem = entryProblem(entry);
      if (problem !== undefined) return problem;
      const detail = parseJson(Detail);
      if (!isPlainObject(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
      const event = this.#context.events.publish({
        source: Source,
        'detail-type': DetailType,
        detail,
        resources: entry.Resources ?? [],
        ...(entry.Time === undefined
          ? {}
          : { time: new Date(typeof entry.Time === 'number' ? entry.Time * 1000 : entry.Time) }),
      });
      return { EventId: event.id };
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  #setState(input: unknown, state: RuleState): void {
    const rule = this.#rules.get(this.#onDefaultBus(requests.ruleRequest, input).Name);
    this.#rules.set({ ...rule, state });
  }

  #onDefaultBus<const S extends Parameters<typeof parseInput>[0]>(schema: S, input: unknown): Static<S> {
    const bus = isPlainObject(input) ? input['EventBusName'] : undefined;
    if (bus !== undefined && bus !== null && !isDefaultBus(String(bus)))
      throw new AwsError(
        'ResourceNotFoundException',
        `Event bus ${String(bus)} does not exist: the embedded engine has the default event bus only.`,
      );
    return parseInput(schema, input, invalid);
  }

  #sorted(fits: (rule: RuleRecord) => boolean): readonly RuleRecord[] {
    return sortedBy(this.#rules.values(), (rule) => rule.name).filter(fits);
  }

  #page<T>(
    items: readonly T[],
    keyOf: (item: T) => string,
    page: { readonly Limit?: number; readonly NextToken?: string },
  ) {
    return pageOf(items, keyOf, { limit: page.Limit ?? 100, token: page.NextToken, code: invalid });
  }
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

function entryProblem(entry: Static<typeof requests.putEventsRequest>['Entries'][number]) {
  const required = [
    ['Source', entry.Source],
    ['DetailType', entry.DetailType],
    ['Detail', entry.Detail],
  ] as const;
  const missing = required.find(([, value]) => value === undefined || value === '');
  if (missing !== undefined)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing[0]} is not valid. Reason: ${missing[0]} is a required argument.`,
    };
  if (entry.Source?.startsWith('aws.') === true)
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  if (entry.EventBusName !== undefined && !isDefaultBus(entry.EventBusName))
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'The embedded engine has the default event bus only.' };
  if (typeof entry.Time === 'string' && Number.isNaN(Date.parse(entry.Time)))
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Time is not valid.' };
  return undefined;
}

function isDefaultBus(nameOrArn: string): boolean {
  return nameOrArn === 'default' || nameOrArn.endsWith(':event-bus/default');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
