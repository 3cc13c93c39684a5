import {
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  ListAliasesCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaWorld } from './lambda-world.js';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:wf';

describe('Aliases', () => {
  let world: LambdaWorld;
  beforeAll(async () => {
    world = await LambdaWorld.start();
    await world.create('wf', 'export const handler = async (event, c) => [c.functionVersion, c.invokedFunctionArn];');
    for (const N of ['1', '2']) {
      await world.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: 'wf', Environment: { Variables: { N } } }),
      );
      await world.lambda.send(new PublishVersionCommand({ FunctionName: 'wf' }));
    }
    await world.lambda.send(new CreateAliasCommand({ FunctionName: 'wf', Name: 'live', FunctionVersion: '1' }));
  });
  afterAll(() => world.stop());

  const point = (change: object) =>
    world.lambda.send(new UpdateAliasCommand({ FunctionName: 'wf', Name: 'live', ...change }));

  it('are called by every way to write them', async () => {
    await point({ FunctionVersion: '1' });
    for (const name of ['wf:live', `${arn}:live`, '123456789012:function:wf:live'])
      expect((await world.invoke(name)).result).toEqual(['1', `${arn}:live`]);
    expect((await world.invoke('wf', {}, { Qualifier: 'live' })).result).toEqual(['1', `${arn}:live`]);
    await expect(world.invoke('wf:live', {}, { Qualifier: 'other' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  it('move with the next call', async () => {
    await point({ FunctionVersion: '2' });
    expect(await world.invoke('wf:live')).toMatchObject({ version: '2', result: ['2', `${arn}:live`] });
    await point({ FunctionVersion: '1' });
    expect((await world.invoke('wf:live')).version).toBe('1');
  });

  it('are guarded by their revision', async () => {
    const { RevisionId } = await point({ FunctionVersion: '1' });
    const got = await world.lambda.send(new GetAliasCommand({ FunctionName: 'wf', Name: 'live' }));
    expect(got.RevisionId).toBe(RevisionId);
    await point({ FunctionVersion: '2', RevisionId });
    await expect(point({ FunctionVersion: '1', RevisionId })).rejects.toMatchObject({
      name: 'PreconditionFailedException',
    });
  });

  it('share the calls by weight, and stop when the weights are taken away', async () => {
    await point({ FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { '2': 0.5 } } });
    const versions = new Set<string | undefined>();
    for (let call = 0; call < 60; call += 1) versions.add((await world.invoke('wf:live')).version);
    // The probability that only one of the two is seen is 1 in 2^59.
    expect([...versions].sort()).toEqual(['1', '2']);
    await point({ RoutingConfig: { AdditionalVersionWeights: { '2': 1 } } });
    expect((await world.invoke('wf:live')).version).toBe('2');
    const cleared = await point({ RoutingConfig: {} });
    expect(cleared.RoutingConfig).toBeUndefined();
    expect((await world.invoke('wf:live')).version).toBe('1');
  });

  it.each([
    ['a version that does not exist', 'ResourceNotFoundException', { FunctionVersion: '99' }],
    [
      'a weight for a version that does not exist',
      'ResourceNotFoundException',
      { RoutingConfig: { AdditionalVersionWeights: { '99': 0.1 } } },
    ],
    [
      'a weight for the version itself',
      'InvalidParameterValueException',
      { FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { '1': 0.1 } } },
    ],
    ['a weight above 1', 'ValidationException', { RoutingConfig: { AdditionalVersionWeights: { '2': 1.1 } } }],
    [
      'weights beside $LATEST',
      'InvalidParameterValueException',
      { FunctionVersion: '$LATEST', RoutingConfig: { AdditionalVersionWeights: { '2': 0.1 } } },
    ],
  ])('refuse %s and stay as they are', async (_what, code, change) => {
    const before = await point({ FunctionVersion: '1', RoutingConfig: {} });
    await expect(point(change)).rejects.toMatchObject({ name: code });
    const after = await world.lambda.send(new GetAliasCommand({ FunctionName: 'wf', Name: 'live' }));
    expect(after.RevisionId).toBe(before.RevisionId);
  });

  it('are listed, by version too, refuse a second one of the name, and are deleted', async () => {
    const name = { FunctionName: 'wf', Name: 'canary' };
    await world.lambda.send(new CreateAliasCommand({ ...name, FunctionVersion: '2' }));
    await expect(world.lambda.send(new CreateAliasCommand({ ...name, FunctionVersion: '1' }))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await point({ FunctionVersion: '1', RoutingConfig: {} });
    const list = async (FunctionVersion?: string) =>
      (await world.lambda.send(new ListAliasesCommand({ FunctionName: 'wf', FunctionVersion }))).Aliases?.map(
        ({ Name }) => Name,
      );
    expect(await list()).toEqual(['canary', 'live']);
    expect(await list('2')).toEqual(['canary']);
    await world.lambda.send(new DeleteAliasCommand(name));
    expect(await list()).toEqual(['live']);
    await expect(world.invoke('wf:canary')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
