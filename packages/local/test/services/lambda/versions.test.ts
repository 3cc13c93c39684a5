import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaWorld } from './lambda-world.js';

const source = 'export const handler = async (event, context) => [process.env.COLOUR, context.functionVersion];';

describe('Versions', () => {
  let world: LambdaWorld;
  beforeAll(async () => {
    world = await LambdaWorld.start();
  });
  afterAll(() => world.stop());

  const publish = (FunctionName: string, more = {}) =>
    world.lambda.send(new PublishVersionCommand({ FunctionName, ...more }));
  const paint = (FunctionName: string, COLOUR: string) =>
    world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { COLOUR } } }));

  it('are published only when code or configuration changed', async () => {
    await world.create('wf', source);
    expect((await publish('wf', { Description: 'first' })).Version).toBe('1');
    expect(await publish('wf', { Description: 'again' })).toMatchObject({ Version: '1', Description: 'first' });
    await paint('wf', 'green');
    expect((await publish('wf')).Version).toBe('2');
    await paint('wf', '');
    await paint('wf', 'green');
    expect((await publish('wf')).Version).toBe('2');
  });

  it('keep the environment that they were published with, each in a worker of its own', async () => {
    await world.create('painted', source);
    for (const colour of ['blue', 'green', 'red']) {
      await paint('painted', colour);
      await publish('painted');
    }
    const answers = await Promise.all(['1', '2', '3', '1'].map((version) => world.invoke(`painted:${version}`)));
    expect(answers.map(({ result }) => result)).toEqual([
      ['blue', '1'],
      ['green', '2'],
      ['red', '3'],
      ['blue', '1'],
    ]);
    expect(answers.map(({ version }) => version)).toEqual(['1', '2', '3', '1']);
  });

  it('are guarded by the digest of the code and by the revision', async () => {
    const created = await world.create('careful', source);
    await expect(publish('careful', { CodeSha256: 'something else' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await publish('careful', { CodeSha256: created.CodeSha256, RevisionId: created.RevisionId });
    await paint('careful', 'blue');
    await expect(publish('careful', { RevisionId: created.RevisionId })).rejects.toMatchObject({
      name: 'PreconditionFailedException',
    });
  });

  it('are listed after $LATEST by number, and their numbers are never given twice', async () => {
    await world.create('counted', source);
    for (let number = 1; number <= 11; number += 1) {
      await paint('counted', String(number));
      await publish('counted');
    }
    const list = async () =>
      (await world.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'counted' }))).Versions?.map(
        ({ Version }) => Version,
      );
    expect(await list()).toEqual(['$LATEST', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'counted', Qualifier: '11' }));
    await paint('counted', 'twelve');
    expect((await publish('counted')).Version).toBe('12');
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'counted' }));
    await world.create('counted', source);
    expect((await publish('counted')).Version).toBe('13');
  });

  it('cannot be deleted while an alias points to them, nor as $LATEST', async () => {
    await world.create('held', source, { Publish: true });
    await world.lambda.send(new CreateAliasCommand({ FunctionName: 'held', Name: 'live', FunctionVersion: '1' }));
    const remove = (Qualifier: string) =>
      world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'held', Qualifier }));
    await expect(remove('1')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(remove('$LATEST')).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await world.lambda.send(new DeleteAliasCommand({ FunctionName: 'held', Name: 'live' }));
    await remove('1');
    await expect(world.invoke('held:1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
