import {
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queue, StackWorld } from './stacks.js';

let world: StackWorld;
beforeAll(async () => {
  world = await StackWorld.start();
});
afterAll(() => world.engine.dispose());

describe('a change set', () => {
  it('makes a stack that waits for review, and then what it says', async () => {
    const described = await world.changeSet('new', { Resources: { A: queue('new-a') } }, { ChangeSetType: 'CREATE' });
    expect(described).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [{ Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'A' } }],
    });
    expect((await world.stack('new')).StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect(await world.queues()).not.toContain('new-a');

    await world.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: described.ChangeSetId }));
    expect((await world.settled('new')).StackStatus).toBe('CREATE_COMPLETE');
    expect(await world.queues()).toContain('new-a');
    const after = await world.cloudFormation.send(
      new DescribeChangeSetCommand({ ChangeSetName: described.ChangeSetId }),
    );
    expect(after.ExecutionStatus).toBe('EXECUTE_COMPLETE');
  });

  it('imports what exists already and is in no stack, if it is told to; a rollback leaves that where it was', async () => {
    const s3 = new S3Client({ ...world.engine.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
    const bucket = (BucketName: unknown, DeletionPolicy: string) => ({
      Type: 'AWS::S3::Bucket',
      DeletionPolicy,
      Properties: { BucketName },
    });
    const create = async (name: string, Resources: object, ImportExistingResources: boolean) => {
      const { ChangeSetId } = await world.changeSet(
        name,
        { Resources },
        { ChangeSetType: 'CREATE', ImportExistingResources },
      );
      await world.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
      return (await world.settled(name)).StackStatus;
    };
    const mine = { Kept: bucket('kept', 'RetainExceptOnCreate') };
    expect(await create('unasked', mine, false)).toBe('ROLLBACK_COMPLETE');
    expect(await create('deleting', { Kept: bucket('kept', 'Delete') }, true)).toBe('ROLLBACK_COMPLETE');
    expect(await create('computed', { Kept: bucket({ 'Fn::Sub': 'kept' }, 'Retain') }, true)).toBe('ROLLBACK_COMPLETE');
    const failing = { ...mine, Bad: { ...queue('bad'), DependsOn: 'Kept', Properties: { QueueName: 'not a name' } } };
    expect(await create('failing', failing, true)).toBe('ROLLBACK_COMPLETE');
    await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'still-there', Body: '' }));
    expect(await create('importing', mine, true)).toBe('CREATE_COMPLETE');
    expect(await create('second', mine, true)).toBe('ROLLBACK_COMPLETE');
    await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'there', Body: '' }));
    s3.destroy();
  });

  it('tells what it would add, modify, replace and remove, and why', async () => {
    const template = (name: string, seconds: number) => ({
      Parameters: { Seconds: { Type: 'Number', Default: seconds } },
      Resources: {
        Replaced: queue(name, {}, { UpdateReplacePolicy: 'Retain' }),
        Modified: queue('plan-modified', { VisibilityTimeout: { Ref: 'Seconds' } }),
        User: queue('plan-user', {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Replaced', 'Arn'] }, maxReceiveCount: 3 },
        }),
        [seconds === 1 ? 'Removed' : 'Added']: queue(`plan-other-${seconds}`),
        Same: queue('plan-same'),
      },
    });
    await world.create('plan', template('plan-1', 1));
    const { Changes } = await world.changeSet('plan', template('plan-2', 2));
    const byName = Object.fromEntries(
      (Changes ?? []).map(({ ResourceChange }) => [ResourceChange?.LogicalResourceId, ResourceChange]),
    );
    expect(Object.keys(byName).sort()).toEqual(['Added', 'Modified', 'Removed', 'Replaced', 'User']);
    expect(byName['Added']).toMatchObject({ Action: 'Add' });
    expect(byName['Removed']).toMatchObject({ Action: 'Remove', PolicyAction: 'Delete' });
    expect(byName['Replaced']).toMatchObject({
      Action: 'Modify',
      Replacement: 'True',
      PolicyAction: 'ReplaceAndRetain',
      Details: [{ Target: { Name: 'QueueName', RequiresRecreation: 'Always' }, Evaluation: 'Static' }],
    });
    expect(byName['Modified']).toMatchObject({
      Replacement: 'False',
      Details: [{ ChangeSource: 'ParameterReference', CausingEntity: 'Seconds' }],
    });
    expect(byName['User']).toMatchObject({
      Replacement: 'False',
      Details: [{ Evaluation: 'Dynamic', ChangeSource: 'ResourceAttribute', CausingEntity: 'Replaced.Arn' }],
    });
  });

  it('without changes fails with the words that clients look for', async () => {
    const template = { Resources: { A: queue('calm') } };
    await world.create('calm', template);
    const described = await world.changeSet('calm', template);
    expect(described).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(
      world.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: described.ChangeSetId })),
    ).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
    await world.cloudFormation.send(new DeleteChangeSetCommand({ ChangeSetName: described.ChangeSetId }));
    const { Summaries } = await world.cloudFormation.send(new ListChangeSetsCommand({ StackName: 'calm' }));
    expect(Summaries ?? []).toEqual([]);
  });

  it('is obsolete once the stack was changed otherwise', async () => {
    await world.create('late', { Resources: { A: queue('late') } });
    const { ChangeSetId } = await world.changeSet('late', { Resources: { A: queue('late', { DelaySeconds: 1 }) } });
    await world.update('late', { Resources: { A: queue('late', { DelaySeconds: 2 }) } });
    await expect(
      world.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId })),
    ).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('is refused for a stack that there is not, and for a new one that there is', async () => {
    await expect(world.changeSet('absent', { Resources: { A: queue('absent') } })).rejects.toThrow(
      'Stack [absent] does not exist',
    );
    await world.create('there', { Resources: { A: queue('there') } });
    await expect(
      world.changeSet('there', { Resources: { A: queue('there') } }, { ChangeSetType: 'CREATE' }),
    ).rejects.toThrow('already exists and cannot be created again');
  });
});

describe('TemplateURL', () => {
  it('names an object of the engine, in whatever form', async () => {
    const s3 = new S3Client({ ...world.engine.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
    const Body = JSON.stringify({ Resources: { A: queue('from-s3') } });
    await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'dir/a b.json', Body }));
    const URLs = [
      'https://templates.s3.us-east-1.amazonaws.com/dir/a%20b.json',
      `${world.engine.url}/templates/dir/a%20b.json`,
    ];
    for (const [index, TemplateURL] of URLs.entries()) {
      const StackName = `from-s3-${index}`;
      const stack = await world.create(StackName, undefined, { TemplateURL });
      expect(stack.StackStatus).toBe('CREATE_COMPLETE');
      const { TemplateBody } = await world.cloudFormation.send(new GetTemplateCommand({ StackName }));
      expect(TemplateBody).toBe(Body);
      await world.delete(StackName);
    }
  });
});

describe('an operation', () => {
  it('is refused while another is under way', async () => {
    const template = (seconds: number) => ({ Resources: { A: queue('busy', { DelaySeconds: seconds }) } });
    await world.create('busy', template(1));
    const update = (seconds: number) =>
      world.cloudFormation.send(
        new UpdateStackCommand({ StackName: 'busy', TemplateBody: JSON.stringify(template(seconds)) }),
      );
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => update(index + 2)));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const reason of refused)
      expect(reason).toMatch(/is in UPDATE_(COMPLETE_CLEANUP_)?IN_PROGRESS state and can not be updated/);
    expect((await world.settled('busy')).StackStatus).toBe('UPDATE_COMPLETE');
  });
});
