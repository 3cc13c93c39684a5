import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { readSteps } from '../../src/jobs/steps.js';
import { useEngine } from '../engine.js';

const engine = useEngine();
let machines = 0;

const pass = { Type: 'Pass', End: true };
const fail = { Type: 'Fail', Error: 'Broken', Cause: 'it broke' };
const wait = { Type: 'Wait', Seconds: 600, End: true };
const graph = (StartAt: string, States: object) => ({ StartAt, States });
const one = (name: string, state: object) => graph(name, { [name]: state });

async function begin(definition: object): Promise<string> {
  machines += 1;
  const { stateMachineArn } = await engine.clients.sfn.send(
    new CreateStateMachineCommand({
      name: `history-${machines}`,
      roleArn: 'arn:aws:iam::123456789012:role/any',
      definition: JSON.stringify(definition),
    }),
  );
  const { executionArn = '' } = await engine.clients.sfn.send(new StartExecutionCommand({ stateMachineArn }));
  return executionArn;
}

async function ended(executionArn: string): Promise<void> {
  for (;;) {
    const { status } = await engine.clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `name status`, in the order in which they began. */
const steps = async (executionArn: string) =>
  (await readSteps(engine.clients, executionArn)).steps.map(({ name, status }) => `${name} ${status}`);

async function run(definition: object): Promise<readonly string[]> {
  const arn = await begin(definition);
  await ended(arn);
  return await steps(arn);
}

/** Histories of a real interpreter, whose chains of events are those of Step Functions. */
describe('the steps that a history tells of', () => {
  it('are all succeeded when branches, one inside another, went well', async () => {
    const inner = graph('inner', {
      inner: { Type: 'Parallel', Branches: [one('a', pass), one('b', pass)], End: true },
    });
    const both = { Type: 'Parallel', Branches: [inner, one('c', pass)], Next: 'after' };
    const told = await run(graph('both', { both, after: pass }));
    expect([...told].sort()).toEqual(['a', 'after', 'b', 'both', 'c', 'inner'].map((name) => `${name} succeeded`));
  });

  it('tell iterations of a Map apart', async () => {
    const each = {
      Type: 'Map',
      ItemProcessor: graph('x', { x: { Type: 'Pass', Next: 'y' }, y: pass }),
      Next: 'after',
    };
    const items = { Type: 'Pass', Result: [1, 2, 3], Next: 'each' };
    const told = await run(graph('items', { items, each, after: pass }));
    expect(told.filter((step) => step === 'x succeeded')).toHaveLength(3);
    expect(told.filter((step) => step === 'y succeeded')).toHaveLength(3);
    expect(told).toContain('each succeeded');
    expect(told.at(-1)).toBe('after succeeded');
  });

  it('blame the branch that failed, not the one that was ended for it', async () => {
    const arn = await begin(
      graph('both', { both: { Type: 'Parallel', Branches: [one('bad', fail), one('patient', wait)], End: true } }),
    );
    await ended(arn);
    const { steps: told } = await readSteps(engine.clients, arn);
    expect(told.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'both failed',
      'bad failed',
      'patient aborted',
    ]);
    expect(told[1]).toMatchObject({ error: 'Broken', cause: 'it broke' });
  });

  it('say what was caught, and that the rest went well', async () => {
    const both = {
      Type: 'Parallel',
      Branches: [one('bad', fail), one('patient', wait)],
      Catch: [{ ErrorEquals: ['Broken'], Next: 'rescue' }],
      End: true,
    };
    expect(await run(graph('both', { both, rescue: pass }))).toEqual([
      'both caught',
      'bad failed',
      'patient aborted',
      'rescue succeeded',
    ]);
  });

  it('count the tries of a state with branches', async () => {
    const both = {
      Type: 'Parallel',
      Branches: [one('bad', fail)],
      Retry: [{ ErrorEquals: ['Broken'], IntervalSeconds: 1, MaxAttempts: 1 }],
      End: true,
    };
    const arn = await begin(graph('both', { both }));
    await ended(arn);
    const [first, ...tries] = (await readSteps(engine.clients, arn)).steps;
    expect(first).toMatchObject({ name: 'both', status: 'failed', retries: 1 });
    expect(tries.map(({ name, status }) => `${name} ${status}`)).toEqual(['bad failed', 'bad failed']);
  });

  it('are aborted when the execution was stopped', async () => {
    const arn = await begin(graph('first', { first: { Type: 'Pass', Next: 'patient' }, patient: wait }));
    await engine.clients.sfn.send(new StopExecutionCommand({ executionArn: arn, error: 'Enough', cause: 'no more' }));
    await ended(arn);
    expect(await steps(arn)).toEqual(['first succeeded', 'patient aborted']);
    const [, patient] = (await readSteps(engine.clients, arn)).steps;
    expect(patient?.stoppedAt).toBeInstanceOf(Date);
  });

  it('are under way again after a redrive', async () => {
    const both = { Type: 'Parallel', Branches: [one('bad', fail), one('patient', wait)], End: true };
    const arn = await begin(graph('both', { both }));
    await ended(arn);
    await engine.clients.sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
    await ended(arn);
    expect(await steps(arn)).toContain('both failed');
    const patient = await begin(graph('patient', { patient: wait }));
    await engine.clients.sfn.send(new StopExecutionCommand({ executionArn: patient }));
    await ended(patient);
    await engine.clients.sfn.send(new RedriveExecutionCommand({ executionArn: patient }));
    expect((await steps(patient)).at(-1)).toBe('patient running');
    await engine.clients.sfn.send(new StopExecutionCommand({ executionArn: patient }));
  });
});
