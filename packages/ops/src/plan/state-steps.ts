import { BclawError, reachableFrom } from '@bclaw/spec';
import { initializeStateName, parseStateName, type StateSuffix } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { entries, type Fields, isRecord, told } from './fields.js';
import { retryFields } from './job-fields.js';
import type { StepKind } from './workflow-view.js';

/** A step, read from the state machine. */
export interface StateStep {
  readonly name: string;
  readonly kind: StepKind;
  readonly inside?: string;
  readonly fields: Fields;
  /** The name of its job definition in its state, and the `step` parameter if the state has one. */
  readonly job?: { readonly definition: string; readonly step?: string };
}

export interface ParsedDefinition {
  readonly steps: readonly StateStep[];
  readonly settings: Fields;
  /** The core stack's functions that states call, by role. */
  readonly platform: Fields;
}

type State = Readonly<Record<string, unknown>>;
type States = Readonly<Record<string, State>>;

/** Empty for the state that has the step's own name. */
type Suffix = StateSuffix | '';

/**
 * Reconstructs the steps that a state machine was compiled from.
 *
 * @param text Amazon States Language
 */
export function parseDefinition(text: string): ParsedDefinition {
  const definition: unknown = JSON.parse(text);
  const platform: Record<string, unknown> = {};
  const states = statesOf(definition);
  const first = states[initializeStateName];
  if (first === undefined) {
    throw new BclawError(
      'not-a-workflow',
      `The state machine is not one that bclaw compiled: it has no ${initializeStateName}.`,
    );
  }
  platform['function initialize'] = parametersOf(first)['FunctionName'];
  return {
    steps: stepsOf(states, firstStep(first), undefined, platform),
    settings: told({ Repository: payloadOf(first)['repository'] }),
    platform: told(platform),
  };
}

const firstStep = (state: State): string => text(state['Next']);

function stepsOf(states: States, startAt: string, inside: string | undefined, platform: Record<string, unknown>) {
  const owner = (name: string): { step: string; suffix: Suffix } => {
    const { step, suffix } = parseStateName(name) ?? { step: name };
    const own = suffix === undefined || suffix === 'if' || suffix === 'skip' || !(step in states);
    return own ? { step: name, suffix: '' } : { step, suffix };
  };
  const groups = new Map<string, Map<Suffix, State>>();
  for (const name of statesInOrder(states, startAt)) {
    // Start of a conditional branch; the condition itself belongs to the chooser.
    const state = parseStateName(name);
    if (state?.step === inside && (state?.suffix === 'if' || state?.suffix === 'skip')) continue;
    const { step, suffix } = owner(name);
    const group = groups.get(step) ?? new Map<Suffix, State>();
    group.set(suffix, states[name] ?? {});
    groups.set(step, group);
  }
  const order = [...groups.keys()];
  const steps: StateStep[] = [];
  for (const [index, [name, group]] of [...groups].entries()) {
    const kind = kindOf(group);
    const targets = [...group.values()].flatMap(targetsOf).map((target) => owner(target).step);
    const outside = [...new Set(targets.filter((target) => target !== name))];
    notePlatform(kind, group, platform);
    steps.push({
      name,
      kind,
      ...given({ inside }),
      ...(kind === 'batch' ? { job: jobOf(group.get('') ?? {}) } : {}),
      fields: told({ ...stateFields(kind, group), next: explicitNext(outside, order[index + 1]) }),
    });
    for (const state of group.values()) {
      for (const block of blocksOf(state)) {
        steps.push(...stepsOf(statesOf(block), text(block['StartAt']), name, platform));
      }
    }
  }
  return steps;
}

/** The states in execution order; unreachable ones come last. */
function statesInOrder(states: States, startAt: string): ReadonlySet<string> {
  // Initialize belongs to no step.
  const starts = [startAt, ...Object.keys(states)].filter((name) => name !== initializeStateName);
  return reachableFrom(starts, (name) => {
    const state = states[name];
    return state === undefined ? undefined : targetsOf(state);
  });
}

/** The successors of a state: the next one first, then those of its choices. */
function targetsOf(state: State): string[] {
  const others = [...list(state['Choices']), ...list(state['Catch'])].map((rule) => rule['Next']);
  return [state['Next'], state['Default'], ...others].filter((target) => typeof target === 'string');
}

/** `next` and `end` where they differ from the order of the states. */
function explicitNext(targets: readonly string[], following: string | undefined): unknown {
  if (targets.length === 0) return following === undefined ? undefined : 'end';
  const [only] = targets;
  if (targets.length === 1) return only === following ? undefined : only;
  return targets;
}

function kindOf(group: ReadonlyMap<Suffix, State>): StepKind {
  if (group.has('map')) return 'scatter';
  if (group.has('choose')) return 'chooser';
  if (group.has('parallel')) return 'parallel chooser';
  if (group.has('subpipe')) return 'subpipe';
  return isJob(group.get('')) ? 'batch' : 'native';
}

/**
 * Returns true if a state submits a job whose definition bclaw compiled, as opposed to one that the template's author
 * names.
 */
function isJob(state: State | undefined): boolean {
  if (state === undefined || !text(state['Resource']).endsWith(':states:::batch:submitJob.sync')) return false;
  return 'repo.$' in record(parametersOf(state)['Parameters']);
}

function jobOf(state: State): NonNullable<StateStep['job']> {
  const { JobDefinition, Parameters } = parametersOf(state);
  const { step } = record(Parameters);
  return { definition: text(JobDefinition), ...(typeof step === 'string' ? { step } : {}) };
}

/** The fields of a step that are in its states and not in its job definition. */
function stateFields(kind: StepKind, group: ReadonlyMap<Suffix, State>): Fields {
  const fields: Record<string, unknown> = {};
  for (const [suffix, state] of group) {
    if (kind === 'batch') Object.assign(fields, jobStateFields(state));
    else if (kind === 'native') Object.assign(fields, nativeFields(state));
    else Object.assign(fields, compoundFields(suffix, state));
  }
  return fields;
}

/** For a batch step: its queue. The job definition has the rest, but for the retries that older compilers put here. */
function jobStateFields(state: State): Fields {
  const own = list(state['Retry']).find((retrier) => list0(retrier['ErrorEquals']).includes('States.ALL'));
  return {
    'compute.queue': text(parametersOf(state)['JobQueue']).split('/').at(-1),
    ...(own === undefined
      ? {}
      : retryFields({
          attempts: Number(own['MaxAttempts'] ?? 3),
          intervalSeconds: Number(own['IntervalSeconds'] ?? 1),
          backoffRate: Number(own['BackoffRate'] ?? 2),
        })),
  };
}

const flow = new Set(['Next', 'End', 'Default', 'Branches', 'ItemProcessor', 'Iterator']);

function nativeFields(state: State): Fields {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !flow.has(name)));
}

/** For a step that compiles to several states: the template's values are in the payloads of its functions. */
function compoundFields(suffix: Suffix, state: State): Fields {
  // Keys that end in `.$` come from the payload or from Step Functions, not from the template.
  const payload = Object.fromEntries(
    Object.entries(payloadOf(state)).filter(([name]) => name !== 'step' && !name.endsWith('.$')),
  );
  const limits = Object.entries(state).filter(([name]) => /^(MaxConcurrency|ToleratedFailure)/.test(name));
  const conditions = list(state['Choices']).map((choice) => choice['Next']);
  return {
    ...Object.fromEntries(
      Object.entries(payload).flatMap(([name, value]) =>
        // The functions after the first repeat its parameters.
        suffix !== '' && suffix !== 'retrieve'
          ? []
          : isRecord(value)
            ? Object.entries(entries(name, value))
            : [[name, value]],
      ),
    ),
    ...(suffix === 'submit' && payload['retrieve'] !== undefined ? { submit: payload['retrieve'] } : {}),
    ...(suffix === 'gather' && isRecord(payload['outputs']) ? entries('outputs', payload['outputs']) : {}),
    ...Object.fromEntries(limits),
    ...(conditions.length === 0 ? {} : { choices: conditions }),
  };
}

/** The function of the core stack that a state calls. */
function notePlatform(kind: StepKind, group: ReadonlyMap<Suffix, State>, platform: Record<string, unknown>): void {
  if (kind === 'batch' || kind === 'native') return;
  const first = { scatter: 'scatter', chooser: 'choose', 'parallel chooser': 'choose', subpipe: 'subpipe submit' }[
    kind
  ];
  const roles: Partial<Record<Suffix, string>> = {
    '': first,
    gather: 'gather',
    submit: 'subpipe retrieve',
    retrieve: 'subpipe retrieve',
  };
  for (const [suffix, state] of group) {
    const [role, name] = [roles[suffix], parametersOf(state)['FunctionName']];
    if (role !== undefined && name !== undefined) platform[`function ${role}`] = name;
  }
}

/** The blocks of states inside a state. */
function blocksOf(state: State): State[] {
  return [state['ItemProcessor'], state['Iterator'], ...list(state['Branches'])].filter(isRecord);
}

const record = (value: unknown): State => (isRecord(value) ? value : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list0 = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const list = (value: unknown): readonly State[] => list0(value).filter(isRecord);
const parametersOf = (state: State): State => record(state['Parameters'] ?? state['Arguments']);
const payloadOf = (state: State): State => record(parametersOf(state)['Payload']);
const statesOf = (block: unknown): States =>
  Object.fromEntries(Object.entries(record(record(block)['States'])).map(([name, state]) => [name, record(state)]));
