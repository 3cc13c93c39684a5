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
import { outputs, queue, StackWorld } from './stacks.js';

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

  it('can have the name of one that was executed, and of no other', async () => {
    const template = (seconds: number) => ({ Resources: { A: queue('again', { DelaySeconds: seconds }) } });
    const first = await world.changeSet('again', template(1), { ChangeSetType: 'CREATE' });
    await expect(world.changeSet('again', template(2), { ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    await world.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: first.ChangeSetId }));
    await world.settled('again');
    const second = await world.changeSet('again', template(2));
    expect(second).toMatchObject({ ChangeSetName: first.ChangeSetName, Status: 'CREATE_COMPLETE' });
    expect(second.ChangeSetId).not.toBe(first.ChangeSetId);
    await world.cloudFormation.send(
      new ExecuteChangeSetCommand({ ChangeSetName: first.ChangeSetName, StackName: 'again' }),
    );
    expect((await world.settled('again')).StackStatus).toBe('UPDATE_COMPLETE');
  });

  it('gives GetAtt the properties of a topic and of a queue', async () => {
    const template = (name: string) => ({
      Resources: {
        T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name } },
        U: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::GetAtt': ['T', 'DisplayName'] } } },
        Q: queue('properties', { VisibilityTimeout: 7 }),
      },
      Outputs: {
        T: { Value: { 'Fn::GetAtt': ['T', 'DisplayName'] } },
        U: { Value: { 'Fn::GetAtt': ['U', 'DisplayName'] } },
        Q: { Value: { 'Fn::GetAtt': ['Q', 'VisibilityTimeout'] } },
      },
    });
    expect(outputs(await world.create('properties', template('one')))).toEqual({ T: 'one', U: 'one', Q: '7' });
    const { Changes } = await world.changeSet('properties', template('two'));
    expect(Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId).sort()).toEqual(['T', 'U']);
    expect(outputs(await world.update('properties', template('two')))).toEqual({ T: 'two', U: 'two', Q: '7' });
    await expect(
      world.create('no-property', {
        Resources: { Q: queue('x') },
        Outputs: { O: { Value: { 'Fn::GetAtt': ['Q', 'Nope'] } } },
      }),
    ).rejects.toThrow('resource Q does not support attribute type Nope in Fn::GetAtt');
  });

  const named = (QueueName: unknown, more: object = {}) => ({
    Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName } } },
    ...more,
  });
  const unresolved =
    'Template format error: Unresolved resource dependencies [X] in the Resources block of the template';
  const getAtt =
    'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute';
  const select = 'Template error: Fn::Select requires a list argument with two elements: an integer index and a list';
  const inCondition =
    'Template format error: Unresolved dependencies [Q]. Cannot reference resources in the Conditions block of the template';
  const mapping = (Mappings: object) => named({ 'Fn::FindInMap': ['M', 'a', 'b'] }, { Mappings });
  const condition = (C: object) => named('q', { Conditions: { C } });
  it.each<[string, object, string]>([
    ['a map that is missing', mapping({}), 'Template error: Unable to get mapping for M::a::b'],
    ['a key that is missing', mapping({ M: { x: { b: '' } } }), 'Template error: Unable to get mapping for M::a::b'],
    ['a second key that is missing', mapping({ M: { a: {} } }), 'Template error: Unable to get mapping for M::a::b'],
    ['a map that is none', mapping({ M: { a: 'b' } }), 'Template format error: Every Mappings member a must be a map'],
    [
      'a map that is too deep',
      mapping({ M: { a: { b: { c: 'd' } } } }),
      'Template format error: Every Mappings attribute must be a String or a List.',
    ],
    ['a GetAtt of one part', named({ 'Fn::GetAtt': ['Q'] }), getAtt],
    ['a GetAtt of a word', named({ 'Fn::GetAtt': 'Q' }), getAtt],
    ['a GetAtt with an empty part', named({ 'Fn::GetAtt': ['X', ''] }), getAtt],
    ['a GetAtt of nothing', named({ 'Fn::GetAtt': ['X', 'Arn'] }), unresolved],
    ['a Ref to nothing', named({ Ref: 'X' }), unresolved],
    ['a Ref to a list', named({ Ref: ['X'] }), 'Template error: every Ref object must have a single String value.'],
    ['a Sub of nothing', named({ 'Fn::Sub': '${X}' }), unresolved],
    ['an output of nothing', named('q', { Outputs: { O: { Value: { Ref: 'X' } } } }), unresolved],
    ['a dependency on nothing', { Resources: { Q: queue('q', {}, { DependsOn: 'X' }) } }, unresolved],
    ['an index outside a list', named({ 'Fn::Select': [3, ['a']] }), select],
    ['an index that is no number', named({ 'Fn::Select': ['a', ['a']] }), select],
    ['a Select of no list', named({ 'Fn::Select': [0, 'a'] }), select],
    [
      'a Join of one part',
      named({ 'Fn::Join': ['a'] }),
      'Template error: every Fn::Join object requires two parameters',
    ],
    ['a Split of one part', named({ 'Fn::Split': ['a'] }), 'Template error: every Fn::Split object requires two'],
    [
      'an If of nothing',
      named({ 'Fn::If': ['X', 'a', 'b'] }),
      'Template error: unresolved condition dependency X in Fn::If',
    ],
    ['a condition about a resource', condition({ 'Fn::Equals': [{ Ref: 'Q' }, 'a'] }), inCondition],
    ['a condition about an attribute', condition({ 'Fn::Equals': [{ 'Fn::GetAtt': ['Q', 'Arn'] }, 'a'] }), inCondition],
    ['a condition about an export', condition({ 'Fn::Equals': [{ 'Fn::ImportValue': 'E' }, 'a'] }), 'Fn::ImportValue'],
    ['a condition about no condition', condition({ Condition: 'D' }), 'unresolved condition dependency D'],
    [
      'an Equals of one',
      condition({ 'Fn::Equals': ['a'] }),
      'every Fn::Equals object requires a list of 2 string parameters.',
    ],
    [
      'a type that there is not',
      { Resources: { Q: { Type: 'AWS::X::Y' } } },
      'Unrecognized resource types: [AWS::X::Y]',
    ],
    [
      'a resource without a type',
      { Resources: { Q: {} } },
      '[/Resources/Q] Every Resources object must contain a Type member.',
    ],
    [
      'a circle',
      { Resources: { A: queue('a', {}, { DependsOn: 'B' }), B: queue('b', {}, { DependsOn: 'A' }) } },
      'Circular dependency between resources: [A, B]',
    ],
    ['a long description', named('q', { Description: 'x'.repeat(1025) }), "'Description' length is greater than 1024."],
    [
      'another version',
      named('q', { AWSTemplateFormatVersion: '2011-01-01' }),
      'not a supported value for AWSTemplateFormatVersion',
    ],
  ])('is not made from a template with %s, and neither is a stack', async (_, template, message) => {
    await expect(world.changeSet('faulty', template, { ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
    await expect(world.stack('faulty')).rejects.toThrow('does not exist');
  });

  it('fails later for an export that is missing', async () => {
    const described = await world.changeSet('importer', named({ 'Fn::ImportValue': 'none' }), {
      ChangeSetType: 'CREATE',
    });
    expect(described).toMatchObject({ Status: 'FAILED', StatusReason: 'No export named none found.' });
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
