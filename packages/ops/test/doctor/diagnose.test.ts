import {
  DeregisterJobDefinitionCommand,
  DescribeJobQueuesCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import {
  DeleteFunctionCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { PutBucketNotificationConfigurationCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { compareVersions } from '../../src/doctor/core-stack.js';
import { codeStorage, concurrency, stateMachines } from '../../src/doctor/quotas.js';
import {
  createClients,
  deploy,
  destroyClients,
  diagnose,
  type Finding,
  listVersions,
  readCore,
} from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();
const workflow = 'patient';
const Bucket = 'bayerclaw2-launcher-123456789012';

const examined = (bclawVersion = '0.0.0') => diagnose(engine.clients, { bclawVersion });
/** Parts and statuses of what is not in order; the runner image is at no registry here. */
const troubles = async (): Promise<string[]> =>
  (await examined())
    .filter(({ part, status }) => status !== 'ok' && part !== 'runner image')
    .map(({ part, status, message }) => `${status} ${part}: ${message}`);

beforeAll(async () => {
  for (const number of [1, 2, 3]) await deploy(engine.clients, { workflow, template: template(`echo ${number}`) });
});
afterEach(() => vi.unstubAllEnvs());

describe('diagnose', () => {
  it('finds every part of a new installation in order', async () => {
    const told: Finding[] = [];
    const findings = await diagnose(engine.clients, {
      bclawVersion: '0.0.0',
      onFindings: (some) => told.push(...some),
    });
    expect(told).toEqual(findings);
    expect(await troubles()).toEqual([]);
    expect([...new Set(findings.map(({ part }) => part))]).toEqual([
      ...['region', 'credentials', 'quotas', 'core', 'bucket', 'macro', 'functions', 'queues', 'runner image'],
      ...['workflows', 'launches', 'dead letters'],
    ]);
    expect(findings.find(({ part }) => part === 'runner image')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('bclaw-runner:0.0.0'),
    });
  });

  it('says what to do about each problem', async () => {
    for (const { status, hint } of await examined('0.1.0')) expect(hint !== undefined).toBe(status !== 'ok');
  });

  it('compares the version of the core with that of the program', async () => {
    const ofCore = async (version: string) =>
      (await examined(version)).filter(({ part, status }) => part === 'core' && status !== 'ok');
    expect(await ofCore('0.1.0')).toMatchObject([
      { status: 'warning', hint: expect.stringContaining('bclaw install') },
    ]);
    expect(await ofCore('0.0.0-next.1')).toEqual([]);
    expect(compareVersions('1.10.0', '1.9.9')).toBe(1);
    expect(compareVersions('0.9', '0.10.1')).toBe(-1);
  });

  it('stops where there is no core stack', async () => {
    const findings = await diagnose(engine.clients, { bclawVersion: '0.0.0', installation: 'nowhere' });
    expect(findings.at(-1)).toMatchObject({
      part: 'core',
      status: 'error',
      hint: expect.stringContaining('bclaw install'),
    });
  });

  it('stops where nothing answers, and where no region is set', async () => {
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    const nobody = createClients({ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', credentials });
    const unanswered = await diagnose(nobody, { bclawVersion: '0.0.0' });
    destroyClients(nobody);
    expect(unanswered.map(({ part, status }) => [part, status])).toEqual([
      ['region', 'ok'],
      ['credentials', 'error'],
    ]);
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    const nowhere = createClients({ endpoint: engine.url, credentials });
    const lost = await diagnose(nowhere, { bclawVersion: '0.0.0' });
    destroyClients(nowhere);
    expect(lost).toMatchObject([{ part: 'region', status: 'error', message: 'No AWS region is set.' }]);
  });

  it('sees a bucket that keeps no versions and tells nobody', async () => {
    const { s3 } = engine.clients;
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    const notify = (NotificationConfiguration: object) =>
      s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    await versioning('Suspended');
    expect(await troubles()).toEqual([expect.stringContaining('does not keep the versions')]);
    await versioning('Enabled');
    await notify({});
    expect(await troubles()).toEqual([expect.stringContaining('does not tell EventBridge')]);
    await notify({ EventBridgeConfiguration: {} });
    expect(await troubles()).toEqual([]);
  });

  it('sees a queue and a compute environment that are switched off, and one without vCPUs', async () => {
    const { batch } = engine.clients;
    const jobQueue = 'bayerclaw2-spot';
    await batch.send(new UpdateJobQueueCommand({ jobQueue, state: 'DISABLED' }));
    expect(await troubles()).toEqual([`error queues: The queue ${jobQueue} is DISABLED: Batch refuses its jobs.`]);
    await batch.send(new UpdateJobQueueCommand({ jobQueue, state: 'ENABLED' }));
    const { jobQueues = [] } = await batch.send(new DescribeJobQueuesCommand({ jobQueues: [jobQueue] }));
    const computeEnvironment = jobQueues[0]?.computeEnvironmentOrder?.[0]?.computeEnvironment;
    const change = (changes: object) =>
      batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, ...changes }));
    await change({ state: 'DISABLED' });
    expect(await troubles()).toEqual([
      expect.stringMatching(/DISABLED, so the jobs of the queue bayerclaw2-spot stay/),
    ]);
    await change({ state: 'ENABLED', computeResources: { maxvCpus: 0 } });
    expect(await troubles()).toEqual([expect.stringContaining('may have no vCPUs')]);
    await change({ computeResources: { maxvCpus: 256 } });
    expect(await troubles()).toEqual([]);
  });

  it('sees job files that wait and job files that failed', async () => {
    const { lambda, sqs } = engine.clients;
    const FunctionName = `${workflow}-launcher:live`;
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    const UUID = EventSourceMappings[0]?.UUID;
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await expect
      .poll(troubles, { timeout: 20_000 })
      .toEqual([expect.stringMatching(/^error launches: The launch queue of "patient" is not read/)]);
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await expect.poll(troubles, { timeout: 20_000 }).toEqual([]);

    const { environment } = await readCore(engine.clients);
    const QueueName = environment.deadLetterQueueArn.split(':').at(-1);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
    expect(await troubles()).toEqual(['warning dead letters: A job file could not be launched.']);
  });

  it('sees versions that can not run, and tells the live one from those before it', async () => {
    const { versions } = await listVersions(engine.clients, { workflow });
    const definitionOf = (number: number) =>
      versions.find(({ version }) => version === number)?.jobDefinitions.active[0] ?? '';
    const found = async () => (await troubles()).filter((line) => line.includes('workflows:'));
    await engine.clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: definitionOf(1) }));
    expect(await found()).toEqual([
      'warning workflows: Version 1 of "patient" can\'t run any more: 1 of its job definitions is deregistered.',
    ]);
    await engine.clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: definitionOf(3) }));
    expect(await found()).toContainEqual(
      'error workflows: Version 3 of "patient" is live and can\'t run: 1 of its job definitions is deregistered.',
    );
  });

  it('sees a function of the core that was deleted by hand', async () => {
    const FunctionName = 'bayerclaw2-compiler';
    await engine.clients.lambda.send(new DeleteFunctionCommand({ FunctionName }));
    expect(await troubles()).toContainEqual(`error functions: The function ${FunctionName} is gone.`);
  });
});

describe('the quotas', () => {
  it('are warned of before they are reached', () => {
    expect(concurrency({ ConcurrentExecutions: 1_000 }).status).toBe('ok');
    expect(concurrency({ ConcurrentExecutions: 10 })).toMatchObject({ status: 'warning' });
    const most = { TotalCodeSize: 75 * 2 ** 30 };
    expect(codeStorage(most, { TotalCodeSize: 2 ** 20 })).toMatchObject({
      status: 'ok',
      message: 'Lambda stores 0.00 of at most 75 GiB of code.',
    });
    expect(codeStorage(most, { TotalCodeSize: 70 * 2 ** 30 })).toMatchObject({ status: 'warning' });
    expect(stateMachines(7_999).status).toBe('ok');
    expect(stateMachines(8_000).status).toBe('warning');
  });
});
