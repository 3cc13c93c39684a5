import type { JobDefinition } from '@aws-sdk/client-batch';
import { describe, expect, it } from 'vitest';
import { deployedJob, jobFields } from '../../src/plan/job-fields.js';
import { parseDefinition } from '../../src/plan/state-steps.js';

const step = {
  image: 'tool',
  shell: 'sh',
  commands: ['run'],
  references: {},
  outputs: {},
  s3_tags: {},
  skip: 'never',
  qc: [],
} as const;

/** The fields of a job definition, as AWS Batch describes it. */
async function fieldsOf(more: Partial<JobDefinition>, environment: Readonly<Record<string, string>>) {
  const described: JobDefinition = {
    ...more,
    jobDefinitionName: 'wf-only--1',
    jobDefinitionArn: 'arn:aws:batch:us-east-1:123456789012:job-definition/wf-only--1:1',
    revision: 1,
    type: 'container',
    parameters: { step: JSON.stringify(step) },
    containerProperties: { environment: Object.entries(environment).map(([name, value]) => ({ name, value })) },
  };
  const facts = await deployedJob(described, async () => '');
  if (facts === undefined) throw new Error('It is a job definition of bclaw.');
  return jobFields(facts, { ...step, qc: [] });
}

const statesWith = (retry: readonly object[]) =>
  JSON.stringify({
    StartAt: 'Initialize',
    States: {
      Initialize: { Type: 'Task', Parameters: { FunctionName: 'initialize' }, Next: 'only' },
      only: {
        Type: 'Task',
        Resource: 'arn:aws:states:::batch:submitJob.sync',
        Parameters: { JobDefinition: 'wf-only--1', JobQueue: 'queue', Parameters: { 'repo.$': '$.repo.uri' } },
        Retry: retry,
        End: true,
      },
    },
  });

const throttling = { ErrorEquals: ['Batch.BatchException'], IntervalSeconds: 10, MaxAttempts: 20, BackoffRate: 2 };
const told = { 'retry.attempts': 3, 'retry.interval': '5 s', 'retry.backoff_rate': 1.5 };

describe('the retries of a step that is live', () => {
  it('are told alike, whether its job definition or, from an older compiler, its state has them', async () => {
    const retryStrategy = { attempts: 4, evaluateOnExit: [{ action: 'EXIT' as const, onExitCode: '197' }] };
    const now = await fieldsOf(
      { retryStrategy },
      {
        BC_RETRY_INTERVAL: '5',
        BC_RETRY_BACKOFF_RATE: '1.5',
      },
    );
    expect(now).toMatchObject(told);
    expect(parseDefinition(statesWith([throttling])).steps[0]?.fields).not.toHaveProperty('retry.attempts');

    const before = { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 1.5 };
    expect(parseDefinition(statesWith([throttling, before])).steps[0]?.fields).toMatchObject(told);
    expect(Object.keys(await fieldsOf({ retryStrategy: { attempts: 1 } }, {}))).not.toContain('retry.attempts');
  });

  it("are told with the step's timeout, not with the later one that Batch heeds", async () => {
    const timeout = { attemptDurationSeconds: 3780 };
    expect(await fieldsOf({ timeout }, { BC_TIMEOUT_SECONDS: '3600' })).toMatchObject({
      timeout: '3600 s',
    });
    expect(await fieldsOf({ timeout }, {})).toMatchObject({ timeout: '3780 s' });
  });
});
