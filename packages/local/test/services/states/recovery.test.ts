import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../../src/kernel/service.js';
import type { Handlers } from '../../operations.js';
import { Disk, SmallEngine, until } from './harness.js';
import { TinyBatch, tinyLambda } from './services.js';

interface Job {
  readonly jobId: string;
  readonly jobName: string;
  readonly status: string;
}

/** A Batch in the engine's own journal, so that a crash takes jobs and executions back to the same moment. */
function journalBatch(context: EngineContext, turnsOf: (jobName: string) => number): Handlers {
  const jobs = context.journal.table<Job>('jobs');
  const publish = (job: Job) =>
    context.events.publish({ source: 'aws.batch', 'detail-type': 'Batch Job State Change', detail: { ...job } });
  const finish = (jobId: string, turns = turnsOf(jobs.get(jobId)?.jobName ?? '')) =>
    setImmediate(() => {
      const job = jobs.get(jobId);
      if (job === undefined) return;
      if (turns > 1) {
        finish(jobId, turns - 1);
        return;
      }
      const done = { ...job, status: 'SUCCEEDED' };
      jobs.set(jobId, done);
      publish(done);
    });
  // Jobs that the crash left behind run on.
  for (const { jobId, status } of jobs.values()) if (status !== 'SUCCEEDED') finish(jobId);
  return {
    SubmitJob: ({ jobName }) => {
      const job = { jobId: randomUUID(), jobName, status: 'SUBMITTED' };
      jobs.set(job.jobId, job);
      publish(job);
      finish(job.jobId);
      return { jobId: job.jobId, jobName, jobArn: 'arn' };
    },
    DescribeJobs: ({ jobs: ids }) => ({ jobs: [...jobs.values()].filter(({ jobId }) => ids.includes(jobId)) }),
    TerminateJob: () => ({}),
  };
}

const job = (name: unknown, extra: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::batch:submitJob.sync',
  Parameters: {
    JobQueue: 'q',
    JobDefinition: 'd',
    ...(typeof name === 'string' ? { JobName: name } : { 'JobName.$': "States.Format('item-{}', $)" }),
  },
  ResultSelector: { 'name.$': '$.JobName' },
  ...extra,
});

/** Every kind of work that can be under way, in one state machine. */
const everything = (child: string) => ({
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Assign: { seen: 'begin' }, Next: 'First' },
    First: { ...job('first'), ResultPath: '$.first', Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Left',
          States: {
            Left: { Type: 'Pass', Assign: { side: 'left' }, Next: 'LeftJob' },
            LeftJob: { ...job('left'), Next: 'LeftEnd' },
            LeftEnd: { Type: 'Pass', Parameters: { 'seen.$': '$seen', 'side.$': '$side' }, End: true },
          },
        },
        {
          StartAt: 'Each',
          States: {
            Each: {
              Type: 'Map',
              ItemsPath: '$.items',
              MaxConcurrency: 2,
              ItemProcessor: {
                StartAt: 'Item',
                States: {
                  Item: { ...job(undefined), Next: 'Check' },
                  Check: {
                    Type: 'Choice',
                    Choices: [{ Variable: '$.name', StringMatches: 'item-*', Next: 'Good' }],
                    Default: 'Bad',
                  },
                  Good: { Type: 'Succeed' },
                  Bad: { Type: 'Fail' },
                },
              },
              End: true,
            },
          },
        },
        { StartAt: 'Short', States: { Short: { Type: 'Wait', Seconds: 0, End: true } } },
      ],
      ResultPath: '$.both',
      Next: 'Flaky',
    },
    Flaky: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:123456789012:function:flaky',
      Retry: [{ ErrorEquals: ['Once'], IntervalSeconds: 1 }],
      ResultPath: '$.flaky',
      Next: 'Child',
    },
    Child: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: child, 'Input.$': '$.items' },
      ResultSelector: { 'output.$': '$.Output' },
      ResultPath: '$.child',
      Next: 'Scatter',
    },
    Scatter: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Piece',
        States: {
          Piece: {
            ...job(undefined),
            Parameters: { JobQueue: 'q', JobDefinition: 'd', 'JobName.$': "States.Format('piece-{}', $)" },
            End: true,
          },
        },
      },
      ResultPath: '$.scatter',
      Next: 'End',
    },
    End: { Type: 'Pass', Parameters: { 'all.$': '$', 'seen.$': '$seen' }, End: true },
  },
});

const jobNames = ['child', 'first', 'item-1', 'item-2', 'item-3', 'left', 'piece-1', 'piece-2', 'piece-3'];

class Once extends Error {
  override readonly name = 'Once';
}

/** @param order the jobs, those that end soon first: two turns apart, so that no two end together */
function engineOn(disk: Disk, order: readonly string[]) {
  let failed = false;
  return new SmallEngine({
    disk,
    services: (context) => ({
      batch: journalBatch(context, (name) => 1 + 2 * order.indexOf(name)),
      lambda: tinyLambda({
        flaky: () => {
          if (failed) return 'mended';
          failed = true;
          throw new Once();
        },
      }),
    }),
    states: {
      randomness: { random: Math.random, uuid: randomUUID },
      clock: {
        now: () => Date.now(),
        sleep: (_, signal) =>
          new Promise((resolve, reject) => setImmediate(() => (signal.aborted ? reject(signal.reason) : resolve()))),
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
      },
    },
  });
}

/** What holds of every history, however often the engine died. */
function checkHistory(events: readonly { id: number; previousEventId: number; type: string; timestamp: Date }[]) {
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
  expect(events.filter(({ type }) => /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type))).toHaveLength(1);
  expect(events.at(-1)?.type).toMatch(/^Execution/);
  for (const { id, previousEventId } of events) expect(previousEventId).toBeLessThan(id);
  const count = (end: string) => events.filter(({ type }) => type.endsWith(end)).length;
  expect(count('StateEntered')).toBe(count('StateExited'));
}

const eventTypes = (events: readonly { type: string }[]) =>
  events
    .map(({ type }) => type)
    .filter((type) => !type.startsWith('Lambda'))
    .sort();

describe('after kill -9 and a restart', () => {
  it.each([
    [jobNames],
    [jobNames.toReversed()],
    [['item-2', 'left', 'piece-3', 'child', 'item-3', 'first', 'piece-1', 'item-1', 'piece-2']],
  ])(
    'every execution ends as it would have, whenever the engine died, and no job is submitted twice (%#)',
    async (order) => {
      const disk = new Disk();
      const engine = engineOn(disk, order);
      const child = await engine.create(
        { StartAt: 'C', States: { C: { ...job('child'), ResultPath: null, End: true } } },
        'child',
      );
      const machine = await engine.create(everything(child), 'parent');
      const executionArn = await engine.start(machine, { items: [1, 2, 3] }, 'job');
      const undisturbed = await engine.finished(executionArn);
      expect(undisturbed.status).toBe('SUCCEEDED');
      const undisturbedHistory = await engine.history(executionArn);
      await engine.context.journal.flush();
      expect(disk.lines.length).toBeGreaterThan(10);

      const die = async (before: Disk, turns: number): Promise<Disk | undefined> => {
        const copy = before.cut(turns);
        const revived = engineOn(copy, order);
        const { executions } = await revived
          .sfn('ListExecutions', { stateMachineArn: machine })
          .catch(() => ({ executions: [] }));
        if (executions.length === 0) return undefined;
        const finished = await revived.finished(executionArn);
        expect([turns, finished.status, finished.output]).toEqual([turns, 'SUCCEEDED', undisturbed.output]);
        const history = await revived.history(executionArn);
        checkHistory(history);
        // A function may be called again, for its answer died with the engine; everything else happened once.
        expect([turns, ...eventTypes(history)]).toEqual([turns, ...eventTypes(undisturbedHistory)]);
        const names = [...revived.context.journal.table<Job>('jobs').values()].map(({ jobName }) => jobName).sort();
        expect([turns, ...names]).toEqual([turns, ...jobNames]);
        expect(revived.errors).toEqual([]);
        await revived.context.journal.flush();
        return copy;
      };
      for (let turns = 1; turns <= disk.lines.length; turns += 1) {
        const once = await die(disk, turns);
        // It may die again, before and after the place where it died first.
        if (once !== undefined) {
          for (let again = turns; again < once.lines.length; again += 3) await die(once, again);
        }
      }
    },
  );

  it('a finished execution stays as it is', async () => {
    const disk = new Disk();
    const engine = new SmallEngine({ disk });
    const finished = await engine.run({ StartAt: 'A', States: { A: { Type: 'Fail', Error: 'E', Cause: 'C' } } });
    const events = await engine.history(finished.executionArn);
    await engine.context.journal.flush();
    const revived = new SmallEngine({ disk });
    expect(await revived.sfn('DescribeExecution', { executionArn: finished.executionArn })).toEqual(finished);
    expect(await revived.history(finished.executionArn)).toEqual(events);
  });

  it('a job that failed meanwhile fails the execution', async () => {
    const disk = new Disk();
    const batch = new TinyBatch();
    const services = (context: EngineContext) => ({ batch: batch.operations(context) });
    const engine = new SmallEngine({ disk, services });
    const executionArn = await engine.start(
      await engine.create({ StartAt: 'A', States: { A: { ...job('a'), End: true } } }),
    );
    await until(
      () => disk.lines.join('').includes('submitJob.sync') && batch.jobs.length === 1,
      'the job is submitted',
    );
    await engine.context.journal.flush();
    await engine.states.stop?.();
    batch.end('a', 'FAILED');
    const revived = new SmallEngine({ disk, services });
    expect(await revived.finished(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(batch.jobs).toHaveLength(1);
    expect(batch.terminated).toEqual([]);
  });

  it('a stop of the engine ends no job and writes nothing', async () => {
    const disk = new Disk();
    const batch = new TinyBatch();
    const engine = new SmallEngine({ disk, services: (context) => ({ batch: batch.operations(context) }) });
    const executionArn = await engine.start(
      await engine.create({ StartAt: 'A', States: { A: { ...job('a'), End: true } } }),
    );
    await until(() => batch.jobs.length === 1, 'the job is submitted');
    await until(async () => (await engine.history(executionArn)).length === 5, 'the submission is in the history');
    const before = await engine.history(executionArn);
    await engine.states.stop?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await engine.history(executionArn)).toEqual(before);
    expect(batch.terminated).toEqual([]);
  });

  it('waits only for what is left of a wait', async () => {
    const disk = new Disk();
    const definition = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 3600, End: true } } };
    let now = Date.parse('2026-01-01T00:00:00Z');
    const slept: number[] = [];
    const clock = {
      now: () => now,
      sleep: (milliseconds: number) => {
        slept.push(milliseconds / 1000);
        return new Promise<void>(() => {});
      },
      breathe: () => Promise.resolve(),
    };
    const engine = new SmallEngine({ disk, states: { clock } });
    await engine.start(await engine.create(definition));
    await until(() => slept.length === 1, 'it waits');
    await engine.context.journal.flush();
    now += 1_000_000;
    const revived = new SmallEngine({ disk, states: { clock } });
    await until(() => slept.length === 2, 'it waits again');
    expect(slept).toEqual([3600, 2600]);
    expect(revived.errors).toEqual([]);
  });
});

describe('RedriveExecution', () => {
  it('runs only what failed, and keeps what succeeded', async () => {
    const calls: string[] = [];
    let broken = true;
    const handlers = {
      good: () => calls.push('good'),
      bad: () => {
        calls.push('bad');
        if (broken) throw new Once();
        return 'mended';
      },
    };
    const engine = new SmallEngine({ services: () => ({ lambda: tinyLambda(handlers) }) });
    const call = (name: string) => ({
      Type: 'Task',
      Resource: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
      End: true,
    });
    const definition = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'G', States: { G: call('good') } },
            { StartAt: 'B', States: { B: call('bad') } },
          ],
          End: true,
        },
      },
    };
    const failed = await engine.run(definition);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'Once', redriveStatus: 'REDRIVABLE' });
    broken = false;
    const { executionArn } = failed;
    await engine.sfn('RedriveExecution', { executionArn });
    const finished = await engine.finished(executionArn);
    expect(finished).toMatchObject({ status: 'SUCCEEDED', output: '[1,"mended"]', redriveCount: 1 });
    expect(calls.sort()).toEqual(['bad', 'bad', 'good']);
    const events = await engine.history(executionArn);
    expect(events.filter(({ type }: { type: string }) => type === 'ExecutionRedriven')).toHaveLength(1);
    await expect(engine.sfn('RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
      message: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  it('submits a new job for the one that was terminated', async () => {
    const batch = new TinyBatch();
    const engine = new SmallEngine({ services: (context) => ({ batch: batch.operations(context) }) });
    const executionArn = await engine.start(
      await engine.create({ StartAt: 'A', States: { A: { ...job('a'), End: true } } }),
    );
    await until(() => batch.jobs.length === 1, 'the job is submitted');
    await engine.sfn('StopExecution', { executionArn });
    batch.immediate = 'SUCCEEDED';
    await engine.sfn('RedriveExecution', { executionArn });
    expect(await engine.finished(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(batch.jobs).toHaveLength(2);
  });
});
