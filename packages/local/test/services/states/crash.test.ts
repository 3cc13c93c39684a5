import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../../src/kernel/engine.js';
import { bundledProgram, programsFolder } from '../../bundled-program.js';

const roleArn = 'arn:aws:iam::123456789012:role/states';
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const task = (name: string, extra: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::batch:submitJob.sync',
  Parameters: { JobName: name, JobQueue: 'queue', JobDefinition: name },
  ...extra,
});

let directory: string;
let programs: string;
let child: ChildProcess | undefined;
let engine: Engine | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bclaw-crash-'));
  programs = programsFolder();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await engine?.close();
  for (const each of [directory, programs]) await rm(each, { recursive: true, force: true });
});

/** Registers a job definition of a shell script for each name. */
async function prepare(endpoint: string, scripts: Readonly<Record<string, string>>) {
  const batch = new BatchClient({ endpoint, region: 'us-east-1', credentials });
  await batch.send(new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'machine', type: 'UNMANAGED' }));
  const computeEnvironmentOrder = [{ order: 1, computeEnvironment: 'machine' }];
  await batch.send(new CreateJobQueueCommand({ jobQueueName: 'queue', priority: 1, computeEnvironmentOrder }));
  for (const [jobDefinitionName, script] of Object.entries(scripts)) {
    const containerProperties = { image: 'busybox', command: ['sh', '-c', script], vcpus: 1, memory: 64 };
    await batch.send(new RegisterJobDefinitionCommand({ jobDefinitionName, type: 'container', containerProperties }));
  }
  batch.destroy();
}

it('goes on after kill -9: a finished job is not run again, a lost one is retried, and the history tells', async () => {
  const program = await bundledProgram(new URL('engine-program.ts', import.meta.url), programs);
  const at = (name: string) => join(directory, name);
  const state = at('state');
  child = fork(program, [state, at('address')], { execArgv: [] });
  await expect.poll(() => existsSync(at('address')) && readFileSync(at('address'), 'utf8')).toBeTruthy();
  const endpoint = readFileSync(at('address'), 'utf8');
  await prepare(endpoint, {
    first: `echo run >> ${at('first')}`,
    // The first attempt never ends; the next one does at once.
    second: `[ -e ${at('second')} ] || { echo run > ${at('second')}; sleep 600; }; echo again >> ${at('second')}`,
  });
  const before = new SFNClient({ endpoint, region: 'us-east-1', credentials });
  const definition = {
    StartAt: 'First',
    States: {
      First: task('first', { ResultPath: '$.first', ResultSelector: { 'status.$': '$.Status' }, Next: 'Second' }),
      Second: task('second', { ResultPath: null, Retry: [{ ErrorEquals: ['States.TaskFailed'] }], End: true }),
    },
  };
  const { stateMachineArn } = await before.send(
    new CreateStateMachineCommand({ name: 'crash', roleArn, definition: JSON.stringify(definition) }),
  );
  const { executionArn } = await before.send(new StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
  await expect.poll(() => existsSync(at('second'))).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  before.destroy();

  engine = await startEngine({ directory: state, openRoles: ['states'] });
  const after = new SFNClient({ endpoint: engine.url, region: 'us-east-1', credentials });
  const describe = () => after.send(new DescribeExecutionCommand({ executionArn }));
  await expect.poll(async () => (await describe()).status).not.toBe('RUNNING');
  expect(await describe()).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1,"first":{"status":"SUCCEEDED"}}' });
  expect(readFileSync(at('first'), 'utf8')).toBe('run\n');
  expect(readFileSync(at('second'), 'utf8')).toBe('run\nagain\n');
  const { events = [] } = await after.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited'],
    ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskFailed'],
    ...['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited'],
    'ExecutionSucceeded',
  ]);
  after.destroy();
});

it('has the input of an execution from the moment that its start was answered', async () => {
  engine = await startEngine({ directory, openRoles: ['states'] });
  const states = new SFNClient({ endpoint: engine.url, region: 'us-east-1', credentials });
  const definition = {
    StartAt: 'Call',
    States: {
      Call: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f' }, End: true },
    },
  };
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'kept', roleArn, definition: JSON.stringify(definition) }),
  );
  for (const name of ['one', 'two', 'three']) {
    await states.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify({ name }) }));
    // What a killed engine would come back with.
    expect(readFileSync(join(directory, 'journal.jsonl'), 'utf8')).toContain(`{\\"name\\":\\"${name}\\"}`);
  }
  states.destroy();
});
