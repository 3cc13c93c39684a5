import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, outputs, queue, StackWorld } from './stacks.js';

let world: StackWorld;
beforeAll(async () => {
  world = await StackWorld.start();
});
afterAll(() => world.engine.dispose());

const visibility = async (stackName: string, logicalId: string) => {
  const QueueUrl = (await world.resources(stackName))[logicalId];
  const { Attributes } = await new SQSClient(world.engine.client).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  return Attributes?.VisibilityTimeout;
};

describe('UpdateStack', () => {
  it('updates in place, adds and removes', async () => {
    await world.create('change', { Resources: { A: queue('change-a'), B: queue('change-b') } });
    const stack = await world.update('change', {
      Resources: { A: queue('change-a', { VisibilityTimeout: '77' }), C: queue('change-c') },
    });
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await visibility('change', 'A')).toBe('77');
    expect((await world.queues()).filter((name) => name.startsWith('change'))).toEqual(['change-a', 'change-c']);
    const events = await world.events('change');
    expect(events.slice(events.indexOf('change UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'))).toEqual([
      'change UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'change UPDATE_COMPLETE',
    ]);
  });

  it('refuses an update that changes nothing', async () => {
    const template = { Resources: { A: queue('same', { VisibilityTimeout: 30 }) } };
    await world.create('same', template);
    await expect(
      world.update('same', { Resources: { A: queue('same', { VisibilityTimeout: '30' }) } }),
    ).rejects.toThrow('No updates are to be performed.');
  });

  it('replaces: the new one first, who depends on it then, the old one last', async () => {
    const template = (name: string) => ({
      Resources: {
        Old: queue(name),
        User: queue('replace-user', {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Old', 'Arn'] }, maxReceiveCount: 3 },
        }),
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Old', 'Arn'] } } },
    });
    await world.create('replace', template('replace-1'));
    const before = (await world.events('replace')).length;
    const stack = await world.update('replace', template('replace-2'));
    expect(outputs(stack)['Arn']).toBe('arn:aws:sqs:us-east-1:123456789012:replace-2');
    expect((await world.queues()).filter((name) => name.startsWith('replace'))).toEqual(['replace-2', 'replace-user']);
    expect((await world.events('replace')).slice(before)).toEqual([
      'replace UPDATE_IN_PROGRESS User Initiated',
      'Old UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'Old UPDATE_IN_PROGRESS Resource creation Initiated',
      'Old UPDATE_COMPLETE',
      'User UPDATE_IN_PROGRESS',
      'User UPDATE_COMPLETE',
      'replace UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Old DELETE_IN_PROGRESS',
      'Old DELETE_COMPLETE',
      'replace UPDATE_COMPLETE',
    ]);
  });

  it('keeps what policies say: a replaced resource, and a removed one', async () => {
    const kept = { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Retain' };
    await world.create('keep', { Resources: { A: queue('keep-1', {}, kept), B: queue('keep-b', {}, kept) } });
    const stack = await world.update('keep', { Resources: { A: queue('keep-2', {}, kept) } });
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect((await world.queues()).filter((name) => name.startsWith('keep'))).toEqual(['keep-1', 'keep-2', 'keep-b']);
    expect(await world.events('keep')).toContain('B DELETE_SKIPPED');
  });

  it('brings everything back when it fails', async () => {
    const before = {
      Resources: {
        InPlace: queue('back', { VisibilityTimeout: 11 }),
        Replaced: queue('back-1'),
        Removed: queue('back-removed'),
      },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Replaced', 'QueueName'] } } },
    };
    await world.create('back', before);
    const resources = await world.resources('back');
    const stack = await world.update('back', {
      Resources: {
        InPlace: queue('back', { VisibilityTimeout: 22 }),
        Replaced: queue('back-2'),
        Added: queue('back-added'),
        Bad: broken('back-bad', { DependsOn: ['InPlace', 'Replaced', 'Added'] }),
      },
    });
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(outputs(stack)).toEqual({ Name: 'back-1' });
    expect(await visibility('back', 'InPlace')).toBe('11');
    expect(await world.resources('back')).toEqual(resources);
    expect((await world.queues()).filter((name) => name.startsWith('back'))).toEqual([
      'back',
      'back-1',
      'back-removed',
    ]);
    expect(await world.events('back')).toContain(
      'back UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad].',
    );
    const again = await world.update('back', { Resources: { ...before.Resources, Added: queue('back-added') } });
    expect(again.StackStatus).toBe('UPDATE_COMPLETE');
  });

  it('keeps a replacement with its policy when it fails, and removes what it had created', async () => {
    const kept = { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'RetainExceptOnCreate' };
    await world.create('fails', { Resources: { A: queue('fails-1', {}, kept) } });
    const stack = await world.update('fails', {
      Resources: {
        A: queue('fails-2', {}, kept),
        New: queue('fails-new', {}, kept),
        Bad: broken('fails-bad', { DependsOn: ['A', 'New'] }),
      },
    });
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await world.queues()).filter((name) => name.startsWith('fails'))).toEqual(['fails-1', 'fails-2']);
    expect(await world.events('fails')).toContain('A DELETE_SKIPPED');
  });

  it('keeps the values of parameters, and the template, from before', async () => {
    const template = {
      Parameters: { Name: { Type: 'String' }, Seconds: { Type: 'Number', Default: 5 } },
      Resources: {
        A: {
          Type: 'AWS::SQS::Queue',
          Properties: { QueueName: { Ref: 'Name' }, VisibilityTimeout: { Ref: 'Seconds' } },
        },
      },
    };
    await world.create('previous', template, { Parameters: [{ ParameterKey: 'Name', ParameterValue: 'previous-a' }] });
    const stack = await world.update('previous', undefined, {
      TemplateBody: undefined,
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'Name', UsePreviousValue: true },
        { ParameterKey: 'Seconds', ParameterValue: '6' },
      ],
    });
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await visibility('previous', 'A')).toBe('6');
  });

  it('refuses a resource of another type under the same name', async () => {
    await world.create('typed', { Resources: { A: queue('typed') } });
    await expect(world.update('typed', { Resources: { A: { Type: 'AWS::SNS::Topic' } } })).rejects.toThrow(
      'Update of resource type is not permitted',
    );
  });
});

describe('exports', () => {
  it('are imported by other stacks, and kept as long as they are', async () => {
    const exporting = (name: string) => ({
      Resources: { A: queue(name) },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['A', 'QueueName'] }, Export: { Name: 'the-name' } } },
    });
    await world.create('exporter', exporting('export-1'));
    const importer = await world.create('importer', {
      Resources: {
        B: {
          Type: 'AWS::SQS::Queue',
          Properties: { QueueName: { 'Fn::Sub': ['${Name}-b', { Name: { 'Fn::ImportValue': 'the-name' } }] } },
        },
      },
    });
    expect(importer.StackStatus).toBe('CREATE_COMPLETE');
    expect(await world.queues()).toContain('export-1-b');

    const changed = await world.update('exporter', exporting('export-2'));
    expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await world.events('exporter')).toContain(
      'exporter UPDATE_ROLLBACK_IN_PROGRESS Export the-name cannot be updated as it is in use by importer',
    );
    expect((await world.delete('exporter')).StackStatus).toBe('DELETE_FAILED');
    expect((await world.delete('importer')).StackStatus).toBe('DELETE_COMPLETE');
    expect((await world.delete('exporter')).StackStatus).toBe('DELETE_COMPLETE');
    expect(await world.queues()).not.toContain('export-1');
  });
});
