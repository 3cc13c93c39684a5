import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaWorld } from './lambda-world.js';

describe('Permissions', () => {
  let world: LambdaWorld;
  beforeAll(async () => {
    world = await LambdaWorld.start();
    await world.create('open', 'export const handler = async () => 1;', { Publish: true });
  });
  afterAll(() => world.stop());

  const statement = {
    FunctionName: 'open',
    Qualifier: '1',
    StatementId: 'rule',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: 'arn:aws:events:us-east-1:123456789012:rule/r',
  };
  const policyOf = (Qualifier?: string) =>
    world.lambda.send(new GetPolicyCommand({ FunctionName: 'open', ...(Qualifier && { Qualifier }) }));

  it('become statements of the policy of the version that they name', async () => {
    await world.lambda.send(new AddPermissionCommand(statement));
    const { Policy = '' } = await policyOf('1');
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 'rule',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: 'arn:aws:lambda:us-east-1:123456789012:function:open:1',
          Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:us-east-1:123456789012:rule/r' } },
        },
      ],
    });
    await expect(policyOf()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(world.lambda.send(new AddPermissionCommand(statement))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
  });

  it('are removed by their id; the last takes the policy with it', async () => {
    await world.lambda.send(new AddPermissionCommand({ ...statement, StatementId: 'second' }));
    const remove = (StatementId: string) =>
      world.lambda.send(new RemovePermissionCommand({ FunctionName: 'open', Qualifier: '1', StatementId }));
    await remove('rule');
    await expect(remove('rule')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await remove('second');
    await expect(policyOf('1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
