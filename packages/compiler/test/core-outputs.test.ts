import { BclawError } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { coreEnvironmentFromOutputs, parseCoreEnvironment } from '../src/core-outputs.js';
import { core } from './workflows.js';

const place = { stackName: 'bayerclaw2', accountId: '123456789012', region: 'us-east-1', partition: 'aws' };

const outputs = {
  LauncherBucket: core.launcherBucket,
  LauncherCodeBucket: core.launcherCode.bucket,
  LauncherCodeKey: core.launcherCode.key,
  InitializeFunctionArn: core.functions.initialize,
  ScatterFunctionArn: core.functions.scatter,
  GatherFunctionArn: core.functions.gather,
  ChooseFunctionArn: core.functions.choose,
  SubpipeSubmitFunctionArn: core.functions.subpipeSubmit,
  SubpipeRetrieveFunctionArn: core.functions.subpipeRetrieve,
  RunnerImage: core.runnerImage,
  SpotQueueArn: core.queues.spot,
  OnDemandQueueArn: core.queues.onDemand,
  SpotGpuQueueArn: core.queues.spotGpu,
  OnDemandGpuQueueArn: core.queues.onDemandGpu,
  StatesRoleArn: core.statesRoleArn,
  StatesLogGroupArn: core.statesLogGroupArn,
  JobRoleArn: core.jobRoleArn,
  JobExecutionRoleArn: core.jobExecutionRoleArn,
  JobLogGroup: '/bclaw/bayerclaw2/jobs',
  DeadLetterQueueArn: core.deadLetterQueueArn,
  LogRetentionDays: '90',
};

/** The error that a function throws. */
function errorOf(run: () => unknown): BclawError {
  try {
    run();
  } catch (error) {
    if (error instanceof BclawError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('coreEnvironmentFromOutputs', () => {
  it("reads the core stack's outputs", () => {
    expect(coreEnvironmentFromOutputs(outputs, place)).toEqual(core);
  });

  it('names every output that is missing, and what helps', () => {
    const { RunnerImage, SpotQueueArn, ...rest } = outputs;
    const error = errorOf(() => coreEnvironmentFromOutputs(rest, place));
    expect(error.code).toBe('incomplete-core');
    expect(error.message).toBe('The core stack "bayerclaw2" lacks the outputs RunnerImage, SpotQueueArn.');
    expect(error.hint).toContain('bclaw install');
  });
});

describe('parseCoreEnvironment', () => {
  it('reads what JSON.stringify wrote, and numbers that CloudFormation wrote as text', () => {
    expect(parseCoreEnvironment(JSON.stringify(core))).toEqual(core);
    expect(parseCoreEnvironment(JSON.stringify({ ...core, logRetentionDays: '90' }))).toEqual(core);
  });

  it('refuses what is not JSON, and what lacks values', () => {
    expect(errorOf(() => parseCoreEnvironment('{')).code).toBe('invalid-core');
    const { region, queues, ...others } = core;
    const error = errorOf(() => parseCoreEnvironment(JSON.stringify({ ...others, queues: { ...queues, spot: '' } })));
    expect(error.code).toBe('incomplete-core');
    expect(error.message).toBe('The core environment lacks region, queues.spot.');
  });
});
