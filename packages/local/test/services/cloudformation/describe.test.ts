import {
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  paginateDescribeStackEvents,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, queue, StackWorld } from './stacks.js';

let world: StackWorld;
beforeAll(async () => {
  world = await StackWorld.start();
});
afterAll(() => world.engine.dispose());

describe('DescribeStackEvents', () => {
  it('gives the newest first, in pages that lose and repeat nothing', async () => {
    const Resources = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`Q${index}`, queue(`paged-${index}`)]),
    );
    await world.create('paged', { Resources });
    const pages: (string | undefined)[][] = [];
    for await (const { StackEvents } of paginateDescribeStackEvents(
      { client: world.cloudFormation },
      { StackName: 'paged' },
    ))
      pages.push((StackEvents ?? []).map(({ EventId }) => EventId));
    expect(pages.map(({ length }) => length)).toEqual([100, 82]);
    expect(new Set(pages.flat()).size).toBe(182);
    const { StackEvents } = await world.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'paged' }));
    expect(StackEvents?.[0]).toMatchObject({ LogicalResourceId: 'paged', ResourceStatus: 'CREATE_COMPLETE' });
  });
});

describe('a stack', () => {
  it('tells its resources one by one, and all in a list', async () => {
    await world.create('listed', {
      Resources: { A: queue('listed-a', {}, { Metadata: { note: 'kept' } }), B: queue('listed-b') },
    });
    const { StackResourceDetail } = await world.cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: 'listed', LogicalResourceId: 'A' }),
    );
    expect(StackResourceDetail).toMatchObject({
      ResourceType: 'AWS::SQS::Queue',
      ResourceStatus: 'CREATE_COMPLETE',
      Metadata: '{"note":"kept"}',
    });
    const { StackResourceSummaries } = await world.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: 'listed' }),
    );
    expect(StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['A', 'B']);
    await expect(
      world.cloudFormation.send(new DescribeStackResourceCommand({ StackName: 'listed', LogicalResourceId: 'C' })),
    ).rejects.toThrow('Resource C does not exist for stack listed');
  });

  it('is found by its id after it was deleted, and by its name no more', async () => {
    await world.create('past', { Resources: { A: queue('past') } });
    const { StackId } = await world.delete('past');
    await expect(world.stack('past')).rejects.toThrow('Stack with id past does not exist');
    expect((await world.stack(StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
    const { StackSummaries } = await world.cloudFormation.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
    );
    expect(StackSummaries?.map(({ StackName }) => StackName)).toContain('past');
    await world.cloudFormation.send(new DeleteStackCommand({ StackName: 'past' }));
  });

  it('is not deleted while it is protected', async () => {
    await world.create('safe', { Resources: { A: queue('safe') } }, { EnableTerminationProtection: true });
    await expect(world.delete('safe')).rejects.toThrow(
      'Stack [safe] cannot be deleted while TerminationProtection is enabled',
    );
    await world.cloudFormation.send(
      new UpdateTerminationProtectionCommand({ StackName: 'safe', EnableTerminationProtection: false }),
    );
    expect((await world.delete('safe')).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('whose rollback failed goes on with it when told so', async () => {
    const name = 'stuck';
    await world.create(name, { Resources: { A: queue(name, { DelaySeconds: 1 }) } });
    const sqs = new SQSClient(world.engine.client);
    // The queue goes away behind the stack's back, so neither the update nor its rollback can reach it.
    await sqs.send(new DeleteQueueCommand({ QueueUrl: `${world.engine.url}/123456789012/${name}` }));
    const stuck = await world.update(name, { Resources: { A: queue(name, { DelaySeconds: 2 }) } });
    expect(stuck.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    await expect(world.update(name, { Resources: { A: queue(name) } })).rejects.toThrow('can not be updated');

    await sqs.send(new CreateQueueCommand({ QueueName: name }));
    await world.cloudFormation.send(new ContinueUpdateRollbackCommand({ StackName: name }));
    expect((await world.settled(name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('whose rollback failed can be deleted, with both halves of a replacement', async () => {
    const template = (seconds: number) => ({
      Resources: {
        A: queue('both', { DelaySeconds: seconds }),
        B: queue(`both-${seconds}`),
        ...(seconds === 2 ? { Bad: broken('both-bad', { DependsOn: ['A', 'B'] }) } : {}),
      },
    });
    await world.create('both', template(1));
    const sqs = new SQSClient(world.engine.client);
    const QueueUrl = `${world.engine.url}/123456789012/both`;
    // Neither the update of A nor its rollback can reach the queue; B is replaced at the same time.
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    expect((await world.update('both', template(2))).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await world.delete('both')).StackStatus).toBe('DELETE_COMPLETE');
    expect((await world.queues()).filter((name) => name.startsWith('both'))).toEqual([]);
  });
});

describe('exports', () => {
  it('are listed with their values and who imports them', async () => {
    await world.create('exporter', {
      Resources: { A: queue('exported') },
      Outputs: { Name: { Value: { 'Fn::GetAtt': 'A.QueueName' }, Export: { Name: 'name' } } },
    });
    await expect(world.cloudFormation.send(new ListImportsCommand({ ExportName: 'name' }))).rejects.toThrow(
      'is not imported by any stack',
    );
    await world.create('importer', {
      Resources: { B: queue('imported', {}, { Metadata: {} }) },
      Outputs: { Name: { Value: { 'Fn::ImportValue': 'name' } } },
    });
    const { Exports } = await world.cloudFormation.send(new ListExportsCommand());
    expect(Exports).toMatchObject([{ Name: 'name', Value: 'exported' }]);
    const { Imports } = await world.cloudFormation.send(new ListImportsCommand({ ExportName: 'name' }));
    expect(Imports).toEqual(['importer']);
  });
});

describe('a template', () => {
  const TemplateBody = JSON.stringify({
    Description: 'A role',
    Parameters: { Size: { Type: 'Number', Default: 3, Description: 'How many' } },
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: {} } } },
  });

  it('is summed up: parameters, types, capabilities', async () => {
    expect(await world.cloudFormation.send(new GetTemplateSummaryCommand({ TemplateBody }))).toMatchObject({
      Description: 'A role',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
      Parameters: [{ ParameterKey: 'Size', DefaultValue: '3', ParameterType: 'Number', Description: 'How many' }],
      ResourceTypes: ['AWS::IAM::Role'],
    });
    const macro = JSON.stringify({ Transform: 'BC2_Compiler', Repository: 's3://b/', Steps: [] });
    expect(await world.cloudFormation.send(new GetTemplateSummaryCommand({ TemplateBody: macro }))).toMatchObject({
      Capabilities: ['CAPABILITY_AUTO_EXPAND'],
      DeclaredTransforms: ['BC2_Compiler'],
    });
  });

  it('is validated', async () => {
    const valid = await world.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody }));
    expect(valid.Parameters).toMatchObject([{ ParameterKey: 'Size', DefaultValue: '3', NoEcho: false }]);
    await expect(world.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: 'a: [' }))).rejects.toThrow(
      'Template format error: YAML not well-formed. (line 1, column',
    );
    await expect(world.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: '{}' }))).rejects.toThrow(
      'At least one Resources member must be defined',
    );
  });
});
