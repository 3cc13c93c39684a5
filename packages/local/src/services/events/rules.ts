import { targetOfArn } from '../../kernel/delivery/delivery.js';
import type { Table } from '../../kernel/journal.js';
import { present } from '../../kernel/present.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Tag } from '../../wire/tag-list.js';
import type { RuleRecord, RuleTarget } from './model.js';
import { validationException } from './operation.js';
import { PatternError, parsePattern } from './pattern/parse.js';
import type { ObjectPattern } from './pattern/pattern.js';
import { checkTargetInput } from './target-input.js';

const mostTargets = 5;

/** The input of PutRule. */
export interface NewRule {
  readonly Name: string;
  readonly EventPattern?: string;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Description?: string;
  readonly RoleArn?: string;
  readonly Tags?: readonly Tag[];
}

/** The rules of the default event bus, with their patterns ready to match. */
export class Rules {
  readonly #context: EngineContext;
  readonly #table: Table<RuleRecord>;
  readonly #patterns = new Map<string, ObjectPattern>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#table = context.journal.table('events/rules');
    for (const rule of this.#table.values()) this.#patterns.set(rule.name, readPattern(rule.eventPattern));
  }

  values(): IterableIterator<RuleRecord> {
    return this.#table.values();
  }

  /** The rules that events are matched against. */
  *enabled(): Generator<{ readonly rule: RuleRecord; readonly pattern: ObjectPattern }> {
    for (const rule of this.#table.values()) {
      const pattern = this.#patterns.get(rule.name);
      if (rule.state === 'ENABLED' && pattern !== undefined) yield { rule, pattern };
    }
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string): RuleRecord {
    const rule = this.#table.get(name);
    if (rule === undefined)
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
    return rule;
  }

  /** By name, or by ARN. */
  find(nameOrArn: string): RuleRecord | undefined {
    return this.#table.get(nameOrArn.split(':rule/').at(1) ?? nameOrArn);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  ofArn(arn: string): RuleRecord {
    return this.get(arn.split(':rule/').at(1) ?? arn);
  }

  put(input: NewRule): RuleRecord {
    if (input.ScheduleExpression !== undefined)
      throw validationException('The embedded engine has no scheduled rules; give an EventPattern.');
    if (input.EventPattern === undefined)
      throw validationException('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    const pattern = readPattern(input.EventPattern);
    const existing = this.#table.get(input.Name);
    const { partition, region, accountId } = this.#context;
    const rule: RuleRecord = {
      name: input.Name,
      arn: `arn:${partition}:events:${region}:${accountId}:rule/${input.Name}`,
      eventPattern: input.EventPattern,
      state: input.State === 'DISABLED' ? 'DISABLED' : 'ENABLED',
      ...present({ description: input.Description, roleArn: input.RoleArn }),
      // PutRule on an existing rule keeps its targets and tags.
      tags: existing?.tags ?? input.Tags ?? [],
      targets: existing?.targets ?? [],
    };
    this.set(rule);
    this.#patterns.set(rule.name, pattern);
    return rule;
  }

  set(rule: RuleRecord): void {
    this.#table.set(rule.name, rule);
  }

  /** Deleting a missing rule succeeds, as in AWS. */
  delete(name: string): void {
    if ((this.#table.get(name)?.targets.length ?? 0) > 0)
      throw validationException("Rule can't be deleted since it has targets.");
    this.#table.delete(name);
    this.#patterns.delete(name);
  }

  putTargets(rule: RuleRecord, targets: readonly RuleTarget[]): void {
    for (const target of targets) {
      if (targetOfArn(target.Arn) === undefined)
        throw validationException(
          `The embedded engine delivers events to Lambda functions, SQS queues, SNS topics and state machines, not to ${target.Arn}.`,
        );
      checkTargetInput(target);
      const { RoleArn } = target;
      if (RoleArn !== undefined && this.#context.iam?.isAssumableBy(RoleArn, 'events.amazonaws.com') === false)
        throw validationException(`Provided role '${RoleArn}' cannot be assumed by principal 'events.amazonaws.com'.`);
    }
    const byId = new Map([...rule.targets, ...targets].map((target) => [target.Id, target]));
    if (byId.size > mostTargets)
      throw new AwsError(
        'LimitExceededException',
        `The requested resource exceeds the maximum number allowed: ${mostTargets} targets of a rule.`,
      );
    this.set({ ...rule, targets: [...byId.values()] });
  }
}

/** @throws AwsError `InvalidEventPatternException` */
export function readPattern(text: string): ObjectPattern {
  try {
    return parsePattern(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof PatternError) && !(error instanceof SyntaxError)) throw error;
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${error.message}`);
  }
}
