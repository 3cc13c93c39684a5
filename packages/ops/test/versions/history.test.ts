import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { StackEvent } from '../../src/aws/stack-events.js';
import { deploy, type HistoryEntry, promote, readHistory, rollback } from '../../src/index.js';
import { describeMove, parseMove } from '../../src/versions/live.js';
import { deploymentsOf } from '../../src/versions/past-deployments.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();
function told(entry: HistoryEntry): unknown[] {
  switch (entry.kind) {
    case 'deployment':
      return [entry.kind, entry.outcome, entry.version];
    case 'move':
      return [entry.kind, entry.from, entry.to];
    case 'published':
    case 'moved-otherwise':
      return [entry.kind, entry.version];
    default:
      return entry satisfies never;
  }
}

describe('the history of a workflow', () => {
  const workflow = 'told';
  const history = () => readHistory(engine.clients, { workflow });

  it('tells deployments, failed ones too, and the last move by bclaw with its author', async () => {
    for (const number of [1, 2]) await deploy(engine.clients, { workflow, template: template(`echo ${number}`) });
    await engine.clients.sfn.send(
      new CreateStateMachineCommand({
        name: `${workflow}--3`,
        definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
        roleArn: 'arn:aws:iam::123456789012:role/any',
      }),
    );
    await expect(deploy(engine.clients, { workflow, template: template('echo 3') })).rejects.toThrow();
    await rollback(engine.clients, { workflow });
    const { entries, live, unknown } = await history();
    expect(entries.map(told)).toEqual([
      ['move', 2, 1],
      ['deployment', 'failed', 3],
      ['deployment', 'succeeded', 2],
      ['deployment', 'succeeded', 1],
    ]);
    expect(entries[0]).toMatchObject({ by: expect.stringMatching(/^arn:aws:/), at: expect.any(Date) });
    expect(entries[1]).toMatchObject({ reason: expect.stringContaining('StateMachine') });
    expect(live?.version).toBe(1);
    expect(unknown).toEqual([expect.stringContaining('CloudTrail')]);
  });

  it('remembers only the last move, and says when somebody else has moved live since', async () => {
    await promote(engine.clients, { workflow, to: 2 });
    await rollback(engine.clients, { workflow });
    expect((await history()).entries.map(told).slice(0, 2)).toEqual([
      ['move', 2, 1],
      ['deployment', 'failed', 3],
    ]);
    await engine.clients.lambda.send(
      new UpdateAliasCommand({ FunctionName: `${workflow}-launcher`, Name: 'live', FunctionVersion: '2' }),
    );
    const { entries, unknown } = await history();
    expect(entries[0]).toEqual({ kind: 'moved-otherwise', version: 2 });
    expect(unknown).toContainEqual(expect.stringContaining('it was not bclaw'));
  });

  it('tells an unversioned workflow by its deployments', async () => {
    await deploy(engine.clients, { workflow: 'plain', template: template('echo', { versioned: false }) });
    const { entries } = await readHistory(engine.clients, { workflow: 'plain' });
    expect(entries.map(told)).toEqual([['deployment', 'succeeded', undefined]]);
  });
});

describe('a move in the description of the alias', () => {
  const move = { from: 3, to: 2, at: new Date('2026-11-24T03:00:00.000Z') };

  it('is read back as it was written', () => {
    for (const written of [move, { ...move, by: 'arn:aws:sts::123456789012:assumed-role/operators/ada' }]) {
      expect(parseMove(describeMove(written))).toEqual(written);
    }
  });

  it('fits into what Lambda takes, whoever moved it', () => {
    const long = describeMove({ ...move, by: `arn:aws:sts::123456789012:assumed-role/${'x'.repeat(300)}` });
    expect(long).toHaveLength(256);
    expect(parseMove(long)).toMatchObject({ from: 3, to: 2 });
  });

  it.each(['', 'Receives the job files', 'Moved by bclaw'])('is not "%s"', (description) => {
    expect(parseMove(description)).toBeUndefined();
  });
});

describe('deployments in the events of a stack', () => {
  const event = (seconds: number, logicalId: string, status: string, more: Partial<StackEvent> = {}): StackEvent => ({
    id: `${seconds}`,
    time: new Date(seconds * 1000),
    logicalId,
    resourceType: 'AWS::CloudFormation::Stack',
    status,
    ...(logicalId === 'wf' ? { physicalId: 'stack-id' } : {}),
    ...more,
  });

  it('may be under way, and need not have come as far as a version', () => {
    expect(
      deploymentsOf(
        [
          event(1, 'wf', 'UPDATE_IN_PROGRESS'),
          event(2, 'Launcher', 'UPDATE_FAILED', { resourceType: 'AWS::Lambda::Function', reason: 'no' }),
          event(3, 'wf', 'UPDATE_ROLLBACK_IN_PROGRESS'),
          event(4, 'wf', 'UPDATE_ROLLBACK_COMPLETE'),
          event(5, 'wf', 'UPDATE_IN_PROGRESS'),
          event(6, 'LauncherVersion1', 'CREATE_COMPLETE', {
            resourceType: 'AWS::Lambda::Version',
            physicalId: 'arn:aws:lambda:r:1:function:wf-launcher:7',
          }),
        ],
        'stack-id',
      ),
    ).toEqual([
      { at: new Date(1000), outcome: 'failed', reason: 'Launcher: no' },
      { at: new Date(5000), outcome: 'under way', version: 7 },
    ]);
  });
});
