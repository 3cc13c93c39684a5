import { timestampOf } from '../interpreter/data/choice.js';
import type { Json } from '../interpreter/data/json.js';
import { parseChoiceRule } from './choice-rules.js';
import type { Fields, QueryLanguage } from './fields.js';
import { parseDistributed, parseTolerance } from './map-fields.js';
import type {
  Catcher,
  ChoiceState,
  DataFields,
  FailState,
  MapState,
  ParallelState,
  PassState,
  Retrier,
  State,
  StateGraph,
  TaskState,
  WaitState,
} from './model.js';
import { parseResource } from './resource.js';

/**
 * Parses the graph in a field (a branch or a processor). Passed in as a parameter because graphs and states are parsed
 * recursively.
 */
export type GraphParser = (fields: Fields, language: QueryLanguage) => StateGraph;

const stateTypes = ['Pass', 'Task', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'] as const;
type StateType = (typeof stateTypes)[number];

/** The JSONPath data fields for each state type (States Language, table "State Types"). */
const jsonPathFields: Readonly<Record<StateType, readonly string[]>> = {
  Pass: ['InputPath', 'Parameters', 'ResultPath', 'OutputPath', 'Assign'],
  Task: ['InputPath', 'Parameters', 'ResultSelector', 'ResultPath', 'OutputPath', 'Assign'],
  Choice: ['InputPath', 'OutputPath', 'Assign'],
  Wait: ['InputPath', 'OutputPath', 'Assign'],
  Succeed: ['InputPath', 'OutputPath'],
  Fail: [],
  Parallel: ['InputPath', 'Parameters', 'ResultSelector', 'ResultPath', 'OutputPath', 'Assign'],
  Map: ['InputPath', 'ResultSelector', 'ResultPath', 'OutputPath', 'Assign'],
};

const jsonataFields: Readonly<Record<StateType, readonly string[]>> = {
  Pass: ['Output', 'Assign'],
  Task: ['Arguments', 'Output', 'Assign'],
  Choice: ['Output', 'Assign'],
  Wait: ['Output', 'Assign'],
  Succeed: ['Output'],
  Fail: [],
  Parallel: ['Arguments', 'Output', 'Assign'],
  Map: ['Output', 'Assign'],
};

function dataFields(fields: Fields, type: StateType, language: QueryLanguage): DataFields {
  if (language === 'JSONata') {
    const has = (name: string) => jsonataFields[type].includes(name);
    return {
      language,
      arguments: has('Arguments') ? fields.template('Arguments', language) : undefined,
      output: has('Output') ? fields.template('Output', language) : undefined,
      assign: has('Assign') ? fields.assignments(language) : undefined,
    };
  }
  const has = (name: string) => jsonPathFields[type].includes(name);
  return {
    language,
    inputPath: has('InputPath') ? fields.path('InputPath') : '$',
    parameters: has('Parameters') ? fields.template('Parameters', language) : undefined,
    resultSelector: has('ResultSelector') ? fields.objectTemplate('ResultSelector', language) : undefined,
    resultPath: has('ResultPath') ? fields.resultPath() : '$',
    outputPath: has('OutputPath') ? fields.path('OutputPath') : '$',
    assign: has('Assign') ? fields.assignments(language) : undefined,
  };
}

function transition(fields: Fields): string | undefined {
  const next = fields.string('Next');
  const end = fields.boolean('End') ?? false;
  if (next === undefined && !fields.has('Next') && !end) {
    fields.problems.schema(fields.location, 'Only one of these fields is required: [Next, End]');
  } else if (next !== undefined && end) {
    fields.problems.schema(fields.location, 'Only one of these fields is allowed: [Next, End]');
  }
  return end ? undefined : next;
}

function errorNames(fields: Fields): readonly string[] {
  fields.require('ErrorEquals');
  const names = fields.strings('ErrorEquals') ?? [];
  if (fields.has('ErrorEquals') && names.length === 0) fields.problem('ErrorEquals', 'Expected a non-empty array');
  if (names.includes('States.ALL') && names.length > 1) {
    fields.problem('ErrorEquals', 'States.ALL must appear alone');
  }
  return names;
}

function refuseEarlyAll(rules: readonly { readonly errors: readonly string[] }[], fields: Fields, name: string): void {
  const index = rules.findIndex(({ errors }) => errors.includes('States.ALL'));
  if (index >= 0 && index < rules.length - 1) {
    fields.problem(`${name}[${index}]`, `States.ALL must appear in the last element of ${name}`);
  }
}

function retriers(fields: Fields): readonly Retrier[] {
  const rules = fields.each('Retry').map((rule) => {
    const retrier: Retrier = {
      errors: errorNames(rule),
      intervalSeconds: rule.number('IntervalSeconds', { least: 1, most: 99_999_999 }) ?? 1,
      maxAttempts: rule.number('MaxAttempts', { least: 0, most: 99_999_999 }) ?? 3,
      backoffRate: rule.number('BackoffRate', { least: 1, integer: false }) ?? 2,
      maxDelaySeconds: rule.number('MaxDelaySeconds', { least: 1, most: 31_622_400 }),
      jitter: rule.choice('JitterStrategy', ['FULL', 'NONE']) ?? 'NONE',
    };
    if (retrier.maxDelaySeconds !== undefined && retrier.maxDelaySeconds <= retrier.intervalSeconds) {
      rule.problem('MaxDelaySeconds', 'Value must be greater than IntervalSeconds');
    }
    rule.allow('Comment');
    rule.refuseOthers();
    return retrier;
  });
  refuseEarlyAll(rules, fields, 'Retry');
  return rules;
}

function catchers(fields: Fields, language: QueryLanguage): readonly Catcher[] {
  const rules = fields.each('Catch').map((rule) => {
    rule.require('Next');
    const catcher: Catcher = {
      errors: errorNames(rule),
      next: rule.string('Next') ?? '',
      resultPath: language === 'JSONPath' ? rule.resultPath() : '$',
      output: language === 'JSONata' ? rule.template('Output', language) : undefined,
      assign: rule.assignments(language),
    };
    rule.allow('Comment');
    rule.refuseOthers();
    return catcher;
  });
  refuseEarlyAll(rules, fields, 'Catch');
  return rules;
}

interface Common {
  readonly name: string;
  readonly fields: Fields;
  readonly language: QueryLanguage;
  readonly data: DataFields;
}

const fallible = ({ fields, language }: Common) => ({ retry: retriers(fields), catch: catchers(fields, language) });

function pass({ name, fields, language, data }: Common): PassState {
  const result = language === 'JSONPath' ? fields.json('Result') : undefined;
  return { type: 'Pass', name, data, next: transition(fields), result };
}

/** The role of a task that has one of its own; it must be named, whatever it is. */
function credentialsOf(fields: Fields, language: QueryLanguage): Json | undefined {
  const value = fields.template('Credentials', language);
  if (value === undefined || (language === 'JSONata' && typeof value === 'string')) return value;
  const credentials = fields.inside('Credentials');
  if (credentials === undefined) return undefined;
  const names = language === 'JSONPath' ? ['RoleArn', 'RoleArn.$'] : ['RoleArn'];
  if (!names.some((name) => credentials.has(name)))
    fields.problem('Credentials', "The field 'RoleArn' is required but was missing");
  return value;
}

function task(common: Common): TaskState | undefined {
  const { name, fields, language, data } = common;
  fields.require('Resource');
  const arn = fields.string('Resource');
  const resource = arn === undefined ? undefined : parseResource(arn);
  if (resource?.kind === 'problem') fields.problem('Resource', resource.message);
  const state = {
    type: 'Task' as const,
    name,
    data,
    next: transition(fields),
    ...fallible(common),
    timeoutSeconds: fields.numberValue('TimeoutSeconds', language, { least: 1, most: 99_999_999 }),
    heartbeatSeconds: fields.numberValue('HeartbeatSeconds', language, { least: 1, most: 99_999_999 }),
  };
  const { timeoutSeconds: timeout, heartbeatSeconds: heartbeat } = state;
  if (timeout?.kind === 'literal' && heartbeat?.kind === 'literal' && heartbeat.value >= timeout.value) {
    fields.problem('HeartbeatSeconds', 'Value must be less than TimeoutSeconds');
  }
  const credentials = credentialsOf(fields, language);
  return resource === undefined || resource.kind === 'problem' ? undefined : { ...state, resource, credentials };
}

function choice({ name, fields, language, data }: Common): ChoiceState {
  fields.require('Choices');
  const choices = fields.each('Choices').flatMap((rule) => parseChoiceRule(rule, language) ?? []);
  if (fields.has('Choices') && choices.length === 0 && fields.problems.found.length === 0) {
    fields.problem('Choices', 'Expected a non-empty array');
  }
  return { type: 'Choice', name, data, choices, default: fields.string('Default') };
}

function wait({ name, fields, language, data }: Common): WaitState {
  const names = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((each) => fields.has(each));
  if (names.length !== 1) {
    fields.problems.schema(
      fields.location,
      `Only one of these fields is ${names.length === 0 ? 'required' : 'allowed'}: [Seconds, SecondsPath, Timestamp, TimestampPath]`,
    );
  }
  const seconds = fields.numberValue('Seconds', language, { least: 0, most: 99_999_999 });
  const timestamp = fields.stringValue('Timestamp', language);
  if (timestamp?.kind === 'literal' && timestampOf(timestamp.value) === undefined) {
    fields.problem('Timestamp', 'String does not match RFC3339 timestamp');
  }
  const until: WaitState['until'] =
    timestamp === undefined
      ? { kind: 'seconds', seconds: seconds ?? { kind: 'literal', value: 0 } }
      : { kind: 'timestamp', timestamp };
  return { type: 'Wait', name, data, next: transition(fields), until };
}

function fail({ name, fields, language, data }: Common): FailState {
  return {
    type: 'Fail',
    name,
    data,
    error: fields.stringValue('Error', language),
    cause: fields.stringValue('Cause', language),
  };
}

function parallel(common: Common, graph: GraphParser): ParallelState {
  const { name, fields, language, data } = common;
  fields.require('Branches');
  const branches = fields.each('Branches').map((branch) => graph(branch, language));
  return { type: 'Parallel', name, data, next: transition(fields), ...fallible(common), branches };
}

function map(common: Common, graph: GraphParser): MapState | undefined {
  const { name, fields, language, data } = common;
  // `Iterator` and the `Parameters` of a Map are the older names of ItemProcessor and ItemSelector.
  const processorName = fields.has('Iterator') ? 'Iterator' : 'ItemProcessor';
  fields.require(processorName);
  const processor = fields.inside(processorName);
  const config = processor?.inside('ProcessorConfig');
  const mode = config?.choice('Mode', ['INLINE', 'DISTRIBUTED']) ?? 'INLINE';
  const distributed =
    mode === 'DISTRIBUTED' && config !== undefined ? parseDistributed(fields, config, language) : undefined;
  config?.refuseOthers();
  // Step Functions also accepts them in an inline Map, which ignores them.
  const tolerance = parseTolerance(fields, language);
  const selectorName = language === 'JSONPath' && fields.has('Parameters') ? 'Parameters' : 'ItemSelector';
  const state = {
    type: 'Map' as const,
    name,
    data,
    next: transition(fields),
    ...fallible(common),
    items: fields.items(language),
    itemSelector: fields.template(selectorName, language),
    maxConcurrency: fields.numberValue('MaxConcurrency', language, { least: 0 }),
    distributed: distributed === undefined ? undefined : { ...distributed, ...tolerance },
  };
  return processor === undefined ? undefined : { ...state, processor: graph(processor, language) };
}

function build(type: StateType, common: Common, graph: GraphParser): State | undefined {
  const { name, data } = common;
  switch (type) {
    case 'Pass':
      return pass(common);
    case 'Task':
      return task(common);
    case 'Choice':
      return choice(common);
    case 'Wait':
      return wait(common);
    case 'Succeed':
      return { type, name, data };
    case 'Fail':
      return fail(common);
    case 'Parallel':
      return parallel(common, graph);
    case 'Map':
      return map(common, graph);
  }
}

/** Parses one state. Problems are recorded in the fields; returns undefined if the state cannot be built at all. */
export function parseState(
  name: string,
  fields: Fields,
  machineLanguage: QueryLanguage,
  graph: GraphParser,
): State | undefined {
  if (!fields.require('Type')) return undefined;
  const type = fields.choice('Type', stateTypes);
  if (type === undefined) return undefined;
  if ([...name].length > 80) fields.problems.schema(fields.location, 'State name must be at most 80 characters');
  const language = fields.choice('QueryLanguage', ['JSONPath', 'JSONata']) ?? machineLanguage;
  if (machineLanguage === 'JSONata' && language === 'JSONPath') {
    fields.problems.schema(
      fields.location,
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    );
  }
  fields.allow('Comment');
  // A state's own query language does not hold for the states inside it.
  const inner: GraphParser = (nested) => graph(nested, machineLanguage);
  const state = build(type, { name, fields, language, data: dataFields(fields, type, language) }, inner);
  fields.refuseOthers();
  return state;
}
