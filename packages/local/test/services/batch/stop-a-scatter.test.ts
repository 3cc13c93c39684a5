import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStatesService } from '../../../src/services/states/service.js';
import { BatchWorld } from './batch-world.js';

const branches = 100;

/** The processes whose environment names one of this test's jobs. */
function processesOf(marker: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(marker);
    } catch {
      return false; // not a process, or one that has just ended
    }
  }).length;
}

describe.runIf(process.platform === 'linux')('an execution that is stopped while 100 branches run', () => {
  let world: BatchWorld;
  let states: SFNClient;
  beforeAll(async () => {
    world = await BatchWorld.start({ capacity: { vcpus: branches, memoryMiB: 100_000 } }, [createStatesService]);
    states = new SFNClient({
      endpoint: world.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  afterAll(async () => {
    states.destroy();
    await world.end();
  });

  it('leaves no process behind', async () => {
    const marker = `STOPPED_SCATTER=${process.pid}-${Date.now()}`;
    const [name = '', value = ''] = marker.split('=');
    const trace = join(world.directory, 'trace');
    await world.batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: 'stubborn',
        type: 'container',
        containerProperties: {
          image: 'busybox',
          // A child that would outlive the job without its process group.
          command: ['sh', '-c', `sleep 600 & echo >> ${trace}; wait`],
          environment: [{ name, value }],
          vcpus: 1,
          memory: 4,
        },
      }),
    );
    const definition = {
      StartAt: 'Scatter',
      States: {
        Scatter: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Job',
            States: {
              Job: {
                Type: 'Task',
                Resource: 'arn:aws:states:::batch:submitJob.sync',
                Parameters: { JobName: 'branch', JobQueue: 'queue', JobDefinition: 'stubborn' },
                End: true,
              },
            },
          },
          End: true,
        },
      },
    };
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({
        name: 'wide',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::123456789012:role/states',
      }),
    );
    const input = JSON.stringify(Array.from({ length: branches }, (_, index) => index));
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input }));
    const started = () => readFileSync(trace, { encoding: 'utf8', flag: 'a+' }).length;
    await expect.poll(started).toBe(branches);
    expect(processesOf(marker)).toBeGreaterThanOrEqual(2 * branches);

    await states.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'by hand' }));
    await expect.poll(() => processesOf(marker)).toBe(0);
    expect(await states.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
    });
    const { mapRuns } = await states.send(new ListMapRunsCommand({ executionArn }));
    expect(await states.send(new DescribeMapRunCommand({ mapRunArn: mapRuns?.[0]?.mapRunArn }))).toMatchObject({
      status: 'ABORTED',
      itemCounts: { aborted: branches, running: 0, pending: 0 },
    });
  });
});
