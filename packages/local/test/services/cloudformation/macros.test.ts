import { ExecuteChangeSetCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from '../lambda/zip-of.js';
import { queue, StackWorld } from './stacks.js';

/** Makes a queue for each name under `Queues`, and fails for a name `bad`. */
const source = `export const handler = async (event) => {
  const { fragment, requestId, params, templateParameterValues } = event;
  if (fragment.Queues.includes('bad')) return { requestId, status: 'failure', fragment, errorMessage: 'bad is no queue' };
  if (fragment.Queues.includes('crash')) throw new Error('out of queues');
  const Resources = Object.fromEntries(fragment.Queues.map((name) => [name, {
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: (params.Prefix ?? '') + name + (templateParameterValues.Suffix ?? '') },
    Metadata: { requestId, transformId: event.transformId, region: event.region, accountId: event.accountId },
  }]));
  return { requestId, status: 'success', fragment: { Resources } };
};`;

let world: StackWorld;
beforeAll(async () => {
  world = await StackWorld.start();
  await new LambdaClient(world.engine.client).send(
    new CreateFunctionCommand({
      FunctionName: 'queues',
      Role: 'arn:aws:iam::123456789012:role/r',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ 'index.mjs': source }) },
    }),
  );
  const stack = await world.create('macros', {
    Resources: {
      Macro: { Type: 'AWS::CloudFormation::Macro', Properties: { Name: 'Queues', FunctionName: 'queues' } },
    },
  });
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
});
afterAll(() => world.engine.dispose());

const expand = { Capabilities: ['CAPABILITY_AUTO_EXPAND' as const] };

describe('a macro', () => {
  it('makes the template, with its parameters and those of the template', async () => {
    const template = {
      Transform: [{ Name: 'Queues', Parameters: { Prefix: 'macro-' } }],
      Parameters: { Suffix: { Type: 'String', Default: '-end' } },
      Queues: ['one', 'two'],
    };
    const described = await world.changeSet('made', template, { ChangeSetType: 'CREATE' });
    expect(described.Status).toBe('CREATE_COMPLETE');
    await world.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: described.ChangeSetId }));
    expect((await world.settled('made')).StackStatus).toBe('CREATE_COMPLETE');
    expect(await world.queues()).toEqual(expect.arrayContaining(['macro-one-end', 'macro-two-end']));
    const text = async (TemplateStage: 'Original' | 'Processed') =>
      JSON.parse(
        (await world.cloudFormation.send(new GetTemplateCommand({ StackName: 'made', TemplateStage }))).TemplateBody ??
          '',
      );
    expect(await text('Original')).toEqual(template);
    expect((await text('Processed')).Resources.one.Metadata).toMatchObject({
      transformId: '123456789012::Queues',
      region: 'us-east-1',
      accountId: '123456789012',
    });
  });

  it('runs anew for each change set: the same template has changes when the macro says so', async () => {
    const template = { Transform: 'Queues', Queues: ['again'] };
    expect((await world.create('again', template, expand)).StackStatus).toBe('CREATE_COMPLETE');
    expect(await world.changeSet('again', template, expand)).toMatchObject({
      Status: 'CREATE_COMPLETE',
      Changes: [{ ResourceChange: { LogicalResourceId: 'again', Replacement: 'False', Scope: ['Metadata'] } }],
    });
  });

  it.each([
    [
      'answers failure',
      ['bad'],
      'Transform 123456789012::Queues failed with: bad is no queue. Rollback requested by user.',
    ],
    ['throws', ['crash'], 'Transform 123456789012::Queues failed with: out of queues. Rollback requested by user.'],
  ])('that %s fails the change set with its message', async (_, Queues, StatusReason) => {
    const described = await world.changeSet(
      `failed-${Queues[0]}`,
      { Transform: 'Queues', Queues },
      { ChangeSetType: 'CREATE' },
    );
    expect(described).toMatchObject({ Status: 'FAILED', StatusReason });
    const deleted = await world.delete(`failed-${Queues[0]}`);
    expect(deleted.StackStatus).toBe('DELETE_COMPLETE');
  });

  it('that fails rolls a stack back', async () => {
    const stack = await world.create('rolled', { Transform: 'Queues', Queues: ['bad'] }, expand);
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await world.events('rolled')).toContain(
      'rolled ROLLBACK_IN_PROGRESS Transform 123456789012::Queues failed with: bad is no queue. Rollback requested by user.',
    );
    await world.create('rolled-update', { Resources: { A: queue('rolled-update') } });
    const updated = await world.update('rolled-update', { Transform: 'Queues', Queues: ['bad'] }, expand);
    expect(updated.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await world.queues()).toContain('rolled-update');
  });

  it('that nobody has made is an error, and using one must be acknowledged', async () => {
    expect(
      await world.changeSet('none', { Transform: 'Nobody', Queues: [] }, { ChangeSetType: 'CREATE' }),
    ).toMatchObject({ Status: 'FAILED', StatusReason: 'No transform named 123456789012::Nobody found.' });
    await expect(world.create('unacknowledged', { Transform: 'Queues', Queues: ['a'] })).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
    });
  });

  it('takes the code that its function has now', async () => {
    await new LambdaClient(world.engine.client).send(
      new UpdateFunctionCodeCommand({
        FunctionName: 'queues',
        ZipFile: zipOf({ 'index.mjs': source.replace('event.transformId,', "'changed',") }),
      }),
    );
    await world.create('newer', { Transform: 'Queues', Queues: ['newer'] }, expand);
    const { TemplateBody } = await world.cloudFormation.send(
      new GetTemplateCommand({ StackName: 'newer', TemplateStage: 'Processed' }),
    );
    expect(TemplateBody).toContain('"transformId":"changed"');
  });
});
