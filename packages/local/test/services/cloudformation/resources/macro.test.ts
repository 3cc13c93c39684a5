import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, ResourceWorld } from './resource-world.js';

describe('AWS::CloudFormation::Macro', () => {
  let world: ResourceWorld;
  beforeAll(async () => {
    world = await ResourceWorld.start();
  });
  afterAll(() => world.close());

  const template = (Name: string) =>
    JSON.stringify({
      Resources: { M: { Type: 'AWS::CloudFormation::Macro', Properties: { Name, FunctionName: 'f' } } },
    });
  const deploy = async (StackName: string, macro: string) => {
    await world.call('cloudformation', 'CreateStack', { StackName, TemplateBody: template(macro) });
    return settled(StackName);
  };
  const settled = (StackName: string) =>
    expect
      .poll(async () =>
        at(await world.call('cloudformation', 'DescribeStacks', { StackName }), 'Stacks', 0, 'StackStatus'),
      )
      .not.toMatch(/_IN_PROGRESS$/);
  const statusOf = async (StackName: string) =>
    at(await world.call('cloudformation', 'DescribeStacks', { StackName }), 'Stacks', 0, 'StackStatus');

  it('has a name that no other stack of the account can take, until its stack goes', async () => {
    await deploy('one', 'Shared');
    expect(await statusOf('one')).toBe('CREATE_COMPLETE');
    await deploy('two', 'Shared');
    expect(await statusOf('two')).toBe('ROLLBACK_COMPLETE');
    await world.call('cloudformation', 'DeleteStack', { StackName: 'one' });
    await expect.poll(() => statusOf('one').catch(() => 'gone')).toBe('gone');
    await deploy('three', 'Shared');
    expect(await statusOf('three')).toBe('CREATE_COMPLETE');
  });
});
