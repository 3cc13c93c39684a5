import { tmpdir } from 'node:os';
import { BatchClient, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsRates } from '../../../src/kernel/rates/aws-rates.js';
import { RateLimits } from '../../../src/kernel/rates/rate-limits.js';
import { allServices } from '../../all-services.js';
import { RunningEngine } from '../../running-engine.js';

/** Number of calls that are admitted; each comes some milliseconds after the one before. */
function admitted(pauses: readonly number[], region: string, operation: string): number {
  let now = 0;
  const limits = new RateLimits(awsRates(region), () => now);
  return pauses.filter((pause) => {
    now += pause;
    try {
      limits.admit('states', operation);
      return true;
    } catch {
      return false;
    }
  }).length;
}

describe("AWS's rates", () => {
  it('let through a bucket at once, and its refill in the time after', () => {
    const calls = (count: number, pause: number) => Array.from({ length: count }, () => pause);
    expect(admitted(calls(5000, 0), 'us-east-1', 'StartExecution')).toBe(1300);
    expect(admitted(calls(5000, 0), 'eu-central-1', 'StartExecution')).toBe(800);
    expect(admitted([...calls(800, 0), ...calls(10_000, 1)], 'eu-central-1', 'StartExecution')).toBe(800 + 1500);
    expect(admitted([...calls(300, 0), 1000, ...calls(20, 0)], 'us-east-1', 'ListExecutions')).toBe(205);
  });

  it('never let through more than bucket and refill, and never refuse what is slower', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3000 }), (pauses) => {
        const seconds = pauses.reduce((all, pause) => all + pause, 0) / 1000;
        const through = admitted(pauses, 'eu-central-1', 'StartExecution');
        expect(through).toBeLessThanOrEqual(800 + 150 * seconds);
        expect(through).toBeGreaterThanOrEqual(Math.min(pauses.length, 800));
      }),
    );
    const slow = Array.from({ length: 3000 }, () => 1000 / 150 + 0.001);
    expect(admitted(slow, 'eu-central-1', 'StartExecution')).toBe(3000);
  });

  it('name only operations that the engine has', () => {
    const operations = new Map(allServices(tmpdir()).map((service) => [service.name, service.operations]));
    const unknown = awsRates('us-east-1').flatMap(({ service, operations: named }) =>
      named.filter((operation) => operations.get(service)?.has(operation) !== true),
    );
    expect(unknown).toEqual([]);
  });
});

describe('an engine with rates', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start(undefined, {
      rates: [
        { service: 'states', operations: ['ListExecutions'], bucket: 2, perSecond: 0.001 },
        { service: 'batch', operations: ['DescribeJobs'], bucket: 1, perSecond: 0.001 },
        { service: 'lambda', operations: ['GetAlias', 'UpdateAlias'], bucket: 1, perSecond: 0.001 },
      ],
    });
  });
  afterAll(() => engine.dispose());

  it('refuses calls as each service does', async () => {
    const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:none';
    const sfn = new SFNClient(engine.client);
    const list = () => sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    for (let call = 0; call < 2; call += 1)
      await expect(list()).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(list()).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
    const batch = new BatchClient(engine.client);
    await batch.send(new DescribeJobsCommand({ jobs: ['x'] }));
    await expect(batch.send(new DescribeJobsCommand({ jobs: ['x'] }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Too Many Requests',
      $metadata: { httpStatusCode: 429 },
    });
    const lambda = new LambdaClient(engine.client);
    const alias = () => lambda.send(new GetAliasCommand({ FunctionName: 'none', Name: 'live' }));
    await expect(alias()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(alias()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'CallerRateLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
  });
});
