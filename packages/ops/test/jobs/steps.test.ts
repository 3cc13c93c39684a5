import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/jobs/steps.js';

/** Events of a history, a second apart; each follows the previous one unless it names another. */
function history(...events: Partial<HistoryEvent>[]): HistoryEvent[] {
  return events.map((event, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: new Date(index * 1000),
    type: undefined,
    ...event,
  }));
}

const started = { type: 'ExecutionStarted' } as const;
const entered = (name: string) => ({ type: 'TaskStateEntered', stateEnteredEventDetails: { name } }) as const;
const exited = (name: string) => ({ type: 'TaskStateExited', stateExitedEventDetails: { name } }) as const;
const scheduled = {
  type: 'TaskScheduled',
  taskScheduledEventDetails: {
    resourceType: 'batch',
    resource: 'submitJob.sync',
    region: 'us-east-1',
    parameters: '{}',
  },
} as const;
const submitted = (jobId: string) =>
  ({
    type: 'TaskSubmitted',
    taskSubmittedEventDetails: {
      resourceType: 'batch',
      resource: 'submitJob.sync',
      output: JSON.stringify({ JobId: jobId }),
    },
  }) as const;
const failed = (cause: string) =>
  ({
    type: 'TaskFailed',
    taskFailedEventDetails: {
      resourceType: 'batch',
      resource: 'submitJob.sync',
      error: 'States.TaskFailed',
      cause,
    },
  }) as const;

describe('the steps of an execution', () => {
  it('are in the order in which they began, with their durations', () => {
    const steps = stepsOf(history(started, entered('a'), scheduled, submitted('1'), exited('a'), entered('b')));
    expect(steps).toEqual([
      {
        name: 'a',
        status: 'succeeded',
        startedAt: new Date(1000),
        stoppedAt: new Date(4000),
        retries: 0,
        jobIds: ['1'],
      },
      { name: 'b', status: 'running', startedAt: new Date(5000), retries: 0, jobIds: [] },
    ]);
  });

  it('count retries and keep the job of every try', () => {
    const [step] = stepsOf(
      history(
        started,
        entered('a'),
        scheduled,
        submitted('1'),
        failed('first'),
        scheduled,
        submitted('2'),
        exited('a'),
      ),
    );
    expect(step).toMatchObject({ status: 'succeeded', retries: 1, jobIds: ['1', '2'] });
    expect(step).not.toHaveProperty('cause');
  });

  it('are not failed while a retry is under way', () => {
    const [step] = stepsOf(history(started, entered('a'), scheduled, failed('first'), scheduled));
    expect(step).toMatchObject({ status: 'running', retries: 1 });
    expect(step).not.toHaveProperty('stoppedAt');
  });

  it('tell why the execution failed', () => {
    const [step] = stepsOf(
      history(started, entered('a'), scheduled, failed('exit code 3'), {
        type: 'ExecutionFailed',
        executionFailedEventDetails: { error: 'States.TaskFailed', cause: 'exit code 3' },
      }),
    );
    expect(step).toMatchObject({ status: 'failed', error: 'States.TaskFailed', cause: 'exit code 3' });
    expect(step?.stoppedAt).toEqual(new Date(3000));
  });

  it('are told apart when branches run at the same time', () => {
    const steps = stepsOf(
      history(
        started,
        { type: 'ParallelStateEntered', stateEnteredEventDetails: { name: 'both' } },
        { type: 'ParallelStateStarted' },
        { ...entered('left'), previousEventId: 3 },
        { ...entered('right'), previousEventId: 3 },
        { ...scheduled, previousEventId: 4 },
        { ...scheduled, previousEventId: 5 },
        { ...submitted('l'), previousEventId: 6 },
        { ...submitted('r'), previousEventId: 7 },
        { ...exited('right'), previousEventId: 9 },
      ),
    );
    expect(steps.map(({ name, status, jobIds }) => [name, status, jobIds])).toEqual([
      ['both', 'running', []],
      ['left', 'running', ['l']],
      ['right', 'succeeded', ['r']],
    ]);
  });

  it('survive an answer of SubmitJob that is cut off', () => {
    const [step] = stepsOf(
      history(started, entered('a'), scheduled, {
        type: 'TaskSubmitted',
        taskSubmittedEventDetails: { resourceType: 'batch', resource: 'submitJob.sync', output: '{"JobId": "1' },
      }),
    );
    expect(step?.jobIds).toEqual([]);
  });
});
