import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, ResourceWorld } from './resource-world.js';

describe('AWS::Batch::JobDefinition in a stack', () => {
  let world: ResourceWorld;
  beforeAll(async () => {
    world = await ResourceWorld.start();
  });
  afterAll(() => world.close());

  const template = (JobDefinitionName: string, Image: string, SkipDeregisterOnUpdate: boolean) =>
    JSON.stringify({
      Resources: {
        Job: {
          Type: 'AWS::Batch::JobDefinition',
          Properties: {
            JobDefinitionName,
            Type: 'container',
            ContainerProperties: { Image },
            ResourceRetentionPolicy: { SkipDeregisterOnUpdate },
          },
        },
      },
    });
  const settled = (StackName: string) =>
    expect
      .poll(async () =>
        at(await world.call('cloudformation', 'DescribeStacks', { StackName }), 'Stacks', 0, 'StackStatus'),
      )
      .toMatch(/^(CREATE|UPDATE)_COMPLETE$/);

  it.each([
    ['keeps', true, 'ACTIVE'],
    ['deregisters', false, 'INACTIVE'],
  ])('%s the revision before an update, as the template says', async (name, skip, status) => {
    await world.call('cloudformation', 'CreateStack', { StackName: name, TemplateBody: template(name, 'one', skip) });
    await settled(name);
    await world.call('cloudformation', 'UpdateStack', { StackName: name, TemplateBody: template(name, 'two', skip) });
    await settled(name);
    const answer = await world.call('batch', 'DescribeJobDefinitions', { jobDefinitionName: name });
    expect(answer['jobDefinitions']).toMatchObject([
      { revision: 2, status: 'ACTIVE' },
      { revision: 1, status },
    ]);
  });
});
