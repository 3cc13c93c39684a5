import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaWorld, role } from './lambda-world.js';
import { zipOf } from './zip-of.js';

const answering = (text: string) => `export const handler = async () => ${JSON.stringify(text)};`;

describe('Functions', () => {
  let world: LambdaWorld;
  beforeAll(async () => {
    world = await LambdaWorld.start();
  });
  afterAll(() => world.stop());

  it('are made with the defaults of AWS and described as AWS does', async () => {
    const created = await world.create('plain', answering('hello'), { Tags: { team: 'a' } });
    expect(created).toMatchObject({
      FunctionName: 'plain',
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:plain',
      Runtime: 'nodejs24.x',
      Role: role,
      Handler: 'index.handler',
      Timeout: 3,
      MemorySize: 128,
      Version: '$LATEST',
      State: 'Active',
      PackageType: 'Zip',
      LoggingConfig: { LogGroup: '/aws/lambda/plain' },
    });
    expect(created.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    const got = await world.lambda.send(new GetFunctionCommand({ FunctionName: 'plain' }));
    expect(got.Configuration?.CodeSha256).toBe(created.CodeSha256);
    expect(got.Tags).toEqual({ team: 'a' });
  });

  it('take their code from S3 at exactly the given version', async () => {
    const s3 = new S3Client(world.engine.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: 'code', VersioningConfiguration: { Status: 'Enabled' } }));
    const put = (text: string) =>
      s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'f.zip', Body: zipOf({ 'index.mjs': answering(text) }) }));
    const first = await put('first');
    await put('second');
    s3.destroy();
    const at = { S3Bucket: 'code', S3Key: 'f.zip' };
    await world.create('from-s3', '', { Code: { ...at, S3ObjectVersion: first.VersionId } });
    expect((await world.invoke('from-s3')).result).toBe('first');
    await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'from-s3', ...at }));
    expect((await world.invoke('from-s3')).result).toBe('second');
    await expect(world.create('no-code', '', { Code: { ...at, S3Key: 'missing' } })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('S3 Error Code: NoSuchKey'),
    });
  });

  it('run new code and new configuration with the next call', async () => {
    const source = 'export const handler = async () => process.env.COLOUR;';
    await world.create('changing', source, { Environment: { Variables: { COLOUR: 'blue' } } });
    expect((await world.invoke('changing')).result).toBe('blue');
    await world.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'changing',
        Environment: { Variables: { COLOUR: 'green' } },
      }),
    );
    expect((await world.invoke('changing')).result).toBe('green');
  });

  it('refuse a change that was made upon an older revision', async () => {
    const created = await world.create('guarded', answering('a'));
    const change = { FunctionName: 'guarded', Timeout: 5, RevisionId: created.RevisionId };
    await world.lambda.send(new UpdateFunctionConfigurationCommand(change));
    await expect(world.lambda.send(new UpdateFunctionConfigurationCommand(change))).rejects.toMatchObject({
      name: 'PreconditionFailedException',
    });
  });

  it.each([
    ['a name that is taken', 'ResourceConflictException', { FunctionName: 'plain' }],
    ['a name with a space', 'ValidationException', { FunctionName: 'a b' }],
    ['a timeout beyond 15 minutes', 'ValidationException', { Timeout: 901 }],
    [
      'a variable that Lambda sets',
      'InvalidParameterValueException',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
    ],
    [
      'more than 4 KB of variables',
      'InvalidParameterValueException',
      { Environment: { Variables: { A: 'x'.repeat(5000) } } },
    ],
    ['a runtime other than Node.js', 'InvalidParameterValueException', { Runtime: 'python3.13' as const }],
    ['what is no zip', 'InvalidParameterValueException', { Code: { ZipFile: Buffer.from('no zip') } }],
    [
      'an entry that leaves the folder',
      'InvalidParameterValueException',
      { Code: { ZipFile: zipOf({ '../evil.js': '' }) } },
    ],
    ['an absolute entry', 'InvalidParameterValueException', { Code: { ZipFile: zipOf({ '/etc/evil': '' }) } }],
  ])('refuse %s', async (_what, code, change) => {
    await world.create('plain', answering('hello')).catch(() => {});
    await expect(world.create('refused', answering('a'), change)).rejects.toMatchObject({ name: code });
    await expect(world.lambda.send(new GetFunctionCommand({ FunctionName: 'refused' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are gone with all their versions once deleted', async () => {
    await world.create('doomed', answering('a'), { Publish: true });
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'doomed' }));
    for (const Qualifier of [undefined, '1'])
      await expect(
        world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'doomed', Qualifier })),
      ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('are listed in pages', async () => {
    await world.create('list-a', answering('a'));
    await world.create('list-b', answering('b'));
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await world.lambda.send(new ListFunctionsCommand({ MaxItems: 1, Marker }));
      names.push(...(page.Functions ?? []).map((item) => item.FunctionName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['list-a', 'list-b']));
  });

  it('carry tags and a reserved concurrency; with none reserved they answer no call', async () => {
    const { FunctionArn: Resource = '' } = await world.create('tagged', answering('a'), { Tags: { a: '1', b: '2' } });
    await world.lambda.send(new TagResourceCommand({ Resource, Tags: { b: '3', c: '4' } }));
    await world.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
    expect((await world.lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '3', c: '4' });
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'tagged', ReservedConcurrentExecutions: 0 }),
    );
    const concurrency = await world.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: 'tagged' }));
    expect(concurrency.ReservedConcurrentExecutions).toBe(0);
    await expect(world.invoke('tagged')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('are the same after a restart of the engine', async () => {
    await world.create('lasting', answering('still here'), { Publish: true });
    await world.restart();
    expect((await world.invoke('lasting:1')).result).toBe('still here');
  });
});
