import { BclawError } from '@bclaw/spec';
import type { CoreEnvironment } from './core-environment.js';

/** Partition, region and account of the core stack. */
export interface CorePlace {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/**
 * The outputs of the core stack that compiled workflows use, with the path of each value in a {@link CoreEnvironment}.
 */
export const coreOutputPaths = {
  LauncherBucket: ['launcherBucket'],
  LauncherCodeBucket: ['launcherCode', 'bucket'],
  LauncherCodeKey: ['launcherCode', 'key'],
  InitializeFunctionArn: ['functions', 'initialize'],
  ScatterFunctionArn: ['functions', 'scatter'],
  GatherFunctionArn: ['functions', 'gather'],
  ChooseFunctionArn: ['functions', 'choose'],
  SubpipeSubmitFunctionArn: ['functions', 'subpipeSubmit'],
  SubpipeRetrieveFunctionArn: ['functions', 'subpipeRetrieve'],
  RunnerImage: ['runnerImage'],
  SpotQueueArn: ['queues', 'spot'],
  OnDemandQueueArn: ['queues', 'onDemand'],
  SpotGpuQueueArn: ['queues', 'spotGpu'],
  OnDemandGpuQueueArn: ['queues', 'onDemandGpu'],
  StatesRoleArn: ['statesRoleArn'],
  StatesLogGroupArn: ['statesLogGroupArn'],
  JobRoleArn: ['jobRoleArn'],
  JobExecutionRoleArn: ['jobExecutionRoleArn'],
  JobLogGroup: ['jobLogGroup'],
  DeadLetterQueueArn: ['deadLetterQueueArn'],
  LogRetentionDays: ['logRetentionDays'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CoreOutput = keyof typeof coreOutputPaths;

/**
 * Converts the outputs of the core stack to a core environment.
 *
 * @param outputs - output name → value, as returned by DescribeStacks
 * @throws BclawError `incomplete-core` when outputs are missing: the stack is not a core stack, or an older one
 */
export function coreEnvironmentFromOutputs(
  outputs: Readonly<Record<string, string | undefined>>,
  place: CorePlace,
): CoreEnvironment {
  const missing: string[] = [];
  const read = (name: CoreOutput): string => {
    const value = outputs[name];
    if (value === undefined || value === '') missing.push(name);
    return value ?? '';
  };
  const environment: CoreEnvironment = {
    coreStackName: place.stackName,
    accountId: place.accountId,
    region: place.region,
    partition: place.partition,
    launcherBucket: read('LauncherBucket'),
    launcherCode: { bucket: read('LauncherCodeBucket'), key: read('LauncherCodeKey') },
    functions: {
      initialize: read('InitializeFunctionArn'),
      scatter: read('ScatterFunctionArn'),
      gather: read('GatherFunctionArn'),
      choose: read('ChooseFunctionArn'),
      subpipeSubmit: read('SubpipeSubmitFunctionArn'),
      subpipeRetrieve: read('SubpipeRetrieveFunctionArn'),
    },
    runnerImage: read('RunnerImage'),
    queues: {
      spot: read('SpotQueueArn'),
      onDemand: read('OnDemandQueueArn'),
      spotGpu: read('SpotGpuQueueArn'),
      onDemandGpu: read('OnDemandGpuQueueArn'),
    },
    statesRoleArn: read('StatesRoleArn'),
    statesLogGroupArn: read('StatesLogGroupArn'),
    jobRoleArn: read('JobRoleArn'),
    jobExecutionRoleArn: read('JobExecutionRoleArn'),
    jobLogGroup: read('JobLogGroup'),
    deadLetterQueueArn: read('DeadLetterQueueArn'),
    logRetentionDays: Number(read('LogRetentionDays')),
  };
  if (missing.length > 0 || !Number.isInteger(environment.logRetentionDays)) {
    throw new BclawError(
      'incomplete-core',
      `The core stack "${place.stackName}" lacks ${missing.length > 0 ? `the outputs ${missing.join(', ')}` : 'a whole number in the output LogRetentionDays'}.`,
      { hint: 'Run `bclaw install` to bring it up to date, or name the right core stack.' },
    );
  }
  return environment;
}

/**
 * Parses a core environment from JSON, as in the macro's environment variable `BC_CORE` and in a `--core` file.
 *
 * @throws BclawError `invalid-core` when the text is not JSON, `incomplete-core` when values are missing
 */
export function parseCoreEnvironment(text: string): CoreEnvironment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BclawError('invalid-core', 'The core environment is not valid JSON.', {
      hint: 'Run `bclaw install` to write it again.',
      cause,
    });
  }
  const missing: string[] = [];
  const at = (path: readonly string[]): string => {
    const text = leaf(value, path) ?? '';
    if (text === '') missing.push(path.join('.'));
    return text;
  };
  const place = {
    stackName: at(['coreStackName']),
    accountId: at(['accountId']),
    region: at(['region']),
    partition: at(['partition']),
  };
  const outputs = Object.fromEntries(Object.entries(coreOutputPaths).map(([name, path]) => [name, at(path)]));
  if (missing.length > 0)
    throw new BclawError('incomplete-core', `The core environment lacks ${missing.join(', ')}.`, {
      hint: 'Run `bclaw install` to write it again, or name the core stack instead of a file.',
    });
  return coreEnvironmentFromOutputs(outputs, place);
}

/** The text or number at a path of a JSON value. */
function leaf(value: unknown, path: readonly string[]): string | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return leaf(Object.entries(value).find(([name]) => name === key)?.[1], rest);
}
