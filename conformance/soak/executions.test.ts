import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChildEngine, type Memory } from './child-engine.js';

/** A sample; the soak has 100,000 and extrapolates them to a million. */
const executions = Number(process.env['BCLAW_SOAK_EXECUTIONS'] ?? 6_000);
const seconds = Number(process.env['BCLAW_SOAK_SECONDS'] ?? 300);
const inOneStart = 500;
const million = 1_000_000;

const engine = new ChildEngine();
beforeAll(() => engine.start());
afterAll(() => engine.dispose());

const roleArn = 'arn:aws:iam::123456789012:role/soak';
const step = (Next?: string) => ({ Type: 'Pass', ...(Next === undefined ? { End: true } : { Next }) });
const threeSteps = { StartAt: 'A', States: { A: step('B'), B: step('C'), C: step() } };
const many = (stateMachineArn: string) => ({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      End: true,
      ItemProcessor: {
        StartAt: 'Start',
        States: {
          Start: {
            Type: 'Task',
            Resource: 'arn:aws:states:::states:startExecution',
            Parameters: { StateMachineArn: stateMachineArn, 'Input.$': '$' },
            ResultPath: null,
            End: true,
          },
        },
      },
    },
  },
});

it(`is none the larger and starts none the slower for ${executions} ended executions`, async () => {
  let client = new SFNClient(engine.client);
  const create = async (name: string, definition: object) => {
    const command = new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) });
    return (await client.send(command)).stateMachineArn ?? '';
  };
  const child = await create('three-steps', threeSteps);
  const parent = await create('many', many(child));
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const first = await client.send(
    new StartExecutionCommand({ stateMachineArn: child, name: 'first', input: '{"n":0}' }),
  );

  const run = async (count: number) => {
    const begun = performance.now();
    for (const goal = done + count; done < goal && performance.now() < until; done += inOneStart) {
      const input = JSON.stringify(Array.from({ length: inOneStart }, (_, index) => ({ n: done + index })));
      const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: parent, input }));
      for (;;) {
        const { status, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
        if (status === 'SUCCEEDED') break;
        if (status !== 'RUNNING') throw new Error(`${status}: ${cause}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    const rate = count / ((performance.now() - begun) / 1000);
    await engine.kill();
    const restart = await engine.start();
    client.destroy();
    client = new SFNClient(engine.client);
    const memory: Memory = await engine.memory();
    console.log(
      `${done} executions of three steps: ${memory.heapMB.toFixed(1)} MB heap, ${memory.rssMB.toFixed(0)} MB resident, restart in ${restart.toFixed(2)} s, ${rate.toFixed(0)} executions a second`,
    );
    return memory;
  };

  const half = await run(executions / 2);
  const halfDone = done;
  const end = await run(executions - halfDone);
  const grown = end.heapMB - half.heapMB;
  const perMillion = (grown / (done - halfDone)) * million;
  console.log(`A million would add ${perMillion.toFixed(0)} MB to the heap.`);
  // In memory, an execution of three steps would take more than 2 KB.
  expect(grown).toBeLessThan(2 + ((done - halfDone) * 200) / 2 ** 20);

  let listed = 0;
  for await (const page of paginateListExecutions({ client, pageSize: 1000 }, { stateMachineArn: child }))
    listed += page.executions?.length ?? 0;
  expect(listed).toBe(done + 1);
  const { executionArn } = first;
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"n":0}',
  });
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events).toHaveLength(8);
}, 3_600_000);
