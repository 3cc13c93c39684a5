import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelJobCommand, ListJobsCommand, type SubmitJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchWorld } from './batch-world.js';

describe('jobs', () => {
  let world: BatchWorld;
  const timers: { ms: number; run: () => void }[] = [];
  beforeAll(async () => {
    world = await BatchWorld.start({
      killGraceMs: 150,
      timer: (ms, run) => {
        // A job's own timeout fires when a test triggers it; the short grace period before SIGKILL is real.
        if (ms >= 60_000) timers.push({ ms, run });
        const timeout = ms >= 60_000 ? undefined : setTimeout(run, ms);
        return () => clearTimeout(timeout);
      },
    });
  });
  afterAll(() => world.end());
  const file = (name: string) => join(world.directory, name);

  it('run, and go through the statuses of AWS', async () => {
    const jobId = await world.submit('echo hello; echo trouble >&2');
    const job = await world.finished(jobId);
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      statusReason: 'Essential container in task exited',
      container: {
        exitCode: 0,
        image: 'busybox',
        logStreamName: expect.stringMatching(/^shell\/default\/[0-9a-f]{32}$/),
      },
      attempts: [{ container: { exitCode: 0 }, statusReason: 'Essential container in task exited' }],
    });
    expect(job.createdAt).toBeLessThanOrEqual(job.startedAt ?? 0);
    expect(job.startedAt).toBeLessThanOrEqual(job.stoppedAt ?? 0);
    expect(world.published(jobId)).toEqual(['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect([...(await world.log(job.container?.logStreamName))].sort()).toEqual(['hello', 'trouble']);
  });

  it('get parameters and overrides', async () => {
    const jobId = await world.submit('', {
      definition: {
        parameters: { greeting: 'hello', name: 'nobody' },
        containerProperties: {
          image: 'busybox',
          command: [
            'sh',
            '-c',
            'echo "$0 $1 $PLACE $AWS_BATCH_JOB_ATTEMPT $AWS_BATCH_JOB_ID"',
            'Ref::greeting',
            'Ref::name',
          ],
          environment: [{ name: 'PLACE', value: 'here' }],
        },
      },
      job: {
        parameters: { name: 'Ref::greeting' },
        containerOverrides: { environment: [{ name: 'PLACE', value: 'there' }] },
      },
    });
    const { container } = await world.finished(jobId);
    expect(await world.log(container?.logStreamName)).toEqual([`hello Ref::greeting there 1 ${jobId}`]);
  });

  it('fail with the exit code of their command', async () => {
    const job = await world.finished(await world.submit('printf "last words"; exit 3'));
    expect(job).toMatchObject({ status: 'FAILED', container: { exitCode: 3 }, isTerminated: false });
    expect(await world.log(job.container?.logStreamName)).toEqual(['last words']);
  });

  it('fail like a container that cannot be started when there is no such program', async () => {
    const jobId = await world.submit('', {
      definition: { containerProperties: { image: 'busybox', command: ['no-such-program'] } },
    });
    expect(await world.finished(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Task failed to start',
      container: { reason: expect.stringContaining('CannotStartContainerError') },
    });
  });

  it('write to the log group of their definition, and cannot be started when there is none', async () => {
    const group = (name: string) => ({
      definition: {
        containerProperties: {
          image: 'busybox',
          command: ['sh', '-c', 'echo hello'],
          resourceRequirements: [
            { type: 'VCPU' as const, value: '1' },
            { type: 'MEMORY' as const, value: '64' },
          ],
          logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': name } },
        },
      },
    });
    await world.createLogGroup('/my/jobs');
    const { container } = await world.finished(await world.submit('', group('/my/jobs')));
    expect(await world.log(container?.logStreamName, '/my/jobs')).toEqual(['hello']);

    const failed = await world.finished(await world.submit('', group('/no/such/group')));
    expect(failed).toMatchObject({ status: 'FAILED', statusReason: 'Task failed to start' });
    expect(failed.container?.reason).toMatch(
      /^CannotStartContainerError: .*failed to initialize logging driver.*The specified log group does not exist/,
    );
  });

  it('run again as their retry strategy says, each attempt with a log of its own', async () => {
    const marker = file('tries');
    const jobId = await world.submit(`echo try >> ${marker}; [ $(wc -l < ${marker}) -ge 3 ]`, {
      job: { retryStrategy: { attempts: 5 } },
    });
    const job = await world.finished(jobId);
    expect(job.status).toBe('SUCCEEDED');
    expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([1, 1, 0]);
    expect(new Set(job.attempts?.map(({ container }) => container?.logStreamName)).size).toBe(3);
    expect(world.published(jobId).filter((status) => status === 'RUNNABLE')).toHaveLength(3);
  });

  it('are terminated with all that they started', async () => {
    const jobId = await world.submit(
      `(trap '' TERM; while :; do date +%s%N > ${file('beat')}; sleep 0.01; done) & echo > ${file('up')}; wait`,
    );
    await expect.poll(() => existsSync(file('up')) && existsSync(file('beat'))).toBe(true);
    await world.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
    const job = await world.finished(jobId);
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'enough', isTerminated: true });
    const last = readFileSync(file('beat'), 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readFileSync(file('beat'), 'utf8')).toBe(last);
  });

  it('are killed when they do not listen', async () => {
    const jobId = await world.submit(`trap '' TERM; echo > ${file('deaf')}; while :; do sleep 0.05; done`, {
      job: { retryStrategy: { attempts: 3 } },
    });
    await expect.poll(() => existsSync(file('deaf'))).toBe(true);
    await world.batch.send(new TerminateJobCommand({ jobId, reason: 'no patience' }));
    const job = await world.finished(jobId);
    expect(job).toMatchObject({ statusReason: 'no patience', container: { exitCode: 137 } });
    expect(job.attempts).toHaveLength(1);
  });

  it('are ended by their timeout, and not tried again', async () => {
    const jobId = await world.submit('sleep 600', {
      job: { timeout: { attemptDurationSeconds: 90 }, retryStrategy: { attempts: 2 } },
    });
    await world.reaches(jobId, 'RUNNING');
    const timer = timers.find(({ ms }) => ms === 90_000);
    timer?.run();
    expect(await world.finished(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Job attempt duration exceeded timeout',
    });
  });

  it('wait for their turn, and can be cancelled while they wait but not when they run', async () => {
    const first = await world.submit('sleep 600', { vcpus: 4 });
    const second = await world.submit('true', { vcpus: 4 });
    await world.reaches(first, 'RUNNING');
    await world.reaches(second, 'RUNNABLE');
    const { jobSummaryList } = await world.batch.send(
      new ListJobsCommand({ jobQueue: 'queue', jobStatus: 'RUNNABLE' }),
    );
    expect(jobSummaryList?.map(({ jobId }) => jobId)).toEqual([second]);
    for (const jobId of [first, second]) await world.batch.send(new CancelJobCommand({ jobId, reason: 'never mind' }));
    expect(await world.describe(first)).toMatchObject({ status: 'RUNNING' });
    expect(await world.describe(second)).toMatchObject({ status: 'FAILED', statusReason: 'never mind', attempts: [] });
    await world.batch.send(new TerminateJobCommand({ jobId: first, reason: 'done' }));
    await world.finished(first);
  });

  it('run alone, and say so, when they are larger than the machine', async () => {
    const go = file('go');
    const jobId = await world.submit(`until [ -e ${go} ]; do sleep 0.02; done`, { memoryMiB: 1_000_000 });
    const job = await world.reaches(jobId, 'RUNNING');
    expect(job.statusReason).toContain('more than this machine has');
    const other = await world.submit('true');
    expect(await world.reaches(other, 'RUNNABLE')).toBeDefined();
    await world.batch.send(new TerminateJobCommand({ jobId, reason: 'x' }));
    await world.finished(other);
  });

  it('are refused when a parameter leaves an element of the command empty', async () => {
    const containerProperties = { image: 'busybox', command: ['echo', 'Ref::a', 'x-Ref::b'] };
    const submit = (parameters: Record<string, string>) =>
      world.submit('', { definition: { parameters: { a: '', b: '' }, containerProperties }, job: { parameters } });
    await expect(submit({})).rejects.toMatchObject({ name: 'ClientException', message: 'Command cannot be empty' });
    await expect(submit({ a: 'given' })).resolves.not.toBe('');
  });

  it('are refused when AWS would refuse them', async () => {
    const refused = (job: Partial<ConstructorParameters<typeof SubmitJobCommand>[0]>) =>
      expect(world.submit('true', { job })).rejects;
    await refused({ jobName: '-bad' }).toMatchObject({ message: expect.stringContaining('Job name should match') });
    await refused({ jobQueue: 'no-such' }).toMatchObject({ message: expect.stringContaining('no-such') });
    await refused({ jobQueue: 'shared' }).toMatchObject({ message: 'shareIdentifier must be specified.' });
    await refused({ shareIdentifier: 'a' }).toMatchObject({ name: 'ClientException' });
    await refused({ jobQueue: 'shared', shareIdentifier: 'a' }).toMatchObject({
      message: 'Either schedulingPriority in job definition or schedulingPriorityOverride is required.',
    });
    await refused({ arrayProperties: { size: 3 } }).toMatchObject({
      message: expect.stringContaining('arrayProperties'),
    });
    await refused({ containerOverrides: { command: ['sh', ''] } }).toMatchObject({
      message: 'Command cannot be empty',
    });
    await refused({ parameters: { big: 'x'.repeat(31_000) } }).toMatchObject({
      message: expect.stringContaining('30 KiB'),
    });
  });

  it('are listed by name, definition and time', async () => {
    const jobId = await world.submit('true', { job: { jobName: 'Findable-1' } });
    await world.finished(jobId);
    const list = async (name: string, value: string) => {
      const { jobSummaryList } = await world.batch.send(
        new ListJobsCommand({ jobQueue: 'queue', filters: [{ name, values: [value] }] }),
      );
      return jobSummaryList?.map((summary) => summary.jobId);
    };
    expect(await list('JOB_NAME', 'findable-*')).toEqual([jobId]);
    expect(await list('JOB_DEFINITION', 'shell')).toContain(jobId);
    expect(await list('AFTER_CREATED_AT', '99999999999999')).toEqual([]);
  });
});
