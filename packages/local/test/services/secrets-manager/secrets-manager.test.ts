import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecretsManagerService } from '../../../src/services/secrets-manager/service.js';
import { RunningEngine } from '../../running-engine.js';

describe('Secrets Manager', () => {
  let engine: RunningEngine;
  let secrets: SecretsManagerClient;
  beforeAll(async () => {
    engine = await RunningEngine.start([createSecretsManagerService]);
    secrets = new SecretsManagerClient(engine.client);
  });
  afterAll(() => engine.dispose());

  const create = (Name: string, SecretString: string) => secrets.send(new CreateSecretCommand({ Name, SecretString }));
  const get = (SecretId: string, VersionStage?: string) =>
    secrets.send(new GetSecretValueCommand({ SecretId, ...(VersionStage === undefined ? {} : { VersionStage }) }));

  it('gives a value by name, by ARN, and by the ARN without its suffix', async () => {
    const { ARN = '' } = await create('registry/auth', '{"username":"u","password":"p"}');
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:registry\/auth-[A-Za-z0-9]{6}$/);
    for (const id of ['registry/auth', ARN, ARN.slice(0, -7)])
      expect(await get(id)).toMatchObject({
        ARN,
        Name: 'registry/auth',
        SecretString: '{"username":"u","password":"p"}',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.any(Date),
      });
    await expect(get(`${ARN.slice(0, -6)}AAAAAA`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('keeps the previous value beside the current one', async () => {
    await create('rotated', 'one');
    await secrets.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString: 'two' }));
    await secrets.send(new UpdateSecretCommand({ SecretId: 'rotated', SecretString: 'three', Description: 'd' }));
    expect((await get('rotated')).SecretString).toBe('three');
    expect((await get('rotated', 'AWSPREVIOUS')).SecretString).toBe('two');
    const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'rotated' }));
    expect(described.Description).toBe('d');
    expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
    await expect(get('rotated', 'NONE')).rejects.toThrow(/staging label: NONE/);
  });

  it('carries bytes', async () => {
    const SecretBinary = new Uint8Array([0, 1, 254, 255]);
    await secrets.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary }));
    expect((await get('bytes')).SecretBinary).toEqual(SecretBinary);
  });

  it('takes a repeated request for the same one, by its token', async () => {
    await create('repeated', 'x');
    const ClientRequestToken = 'a'.repeat(32);
    const put = (SecretString: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: 'repeated', SecretString, ClientRequestToken }));
    const [first, second] = [await put('y'), await put('y')];
    expect(second.VersionId).toBe(first.VersionId);
    await expect(put('z')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('lists, deletes with a window, restores, and deletes at once', async () => {
    await create('going', 'x');
    const { DeletionDate } = await secrets.send(
      new DeleteSecretCommand({ SecretId: 'going', RecoveryWindowInDays: 7 }),
    );
    expect(DeletionDate?.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    await expect(get('going')).rejects.toThrow(/marked for deletion/);
    await expect(create('going', 'x')).rejects.toThrow(/scheduled for deletion/);
    const names = async (IncludePlannedDeletion: boolean) =>
      (await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion }))).SecretList?.map((each) => each.Name);
    expect(await names(false)).not.toContain('going');
    expect(await names(true)).toContain('going');
    await secrets.send(new RestoreSecretCommand({ SecretId: 'going' }));
    expect((await get('going')).SecretString).toBe('x');
    await secrets.send(new DeleteSecretCommand({ SecretId: 'going', ForceDeleteWithoutRecovery: true }));
    await expect(get('going')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await create('going', 'again');
  });

  it('keeps tags', async () => {
    const tags = async () => (await secrets.send(new DescribeSecretCommand({ SecretId: 'tagged' }))).Tags;
    await secrets.send(
      new CreateSecretCommand({ Name: 'tagged', SecretString: 'x', Tags: [{ Key: 'a', Value: '1' }] }),
    );
    await secrets.send(
      new TagResourceCommand({
        SecretId: 'tagged',
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '3' },
        ],
      }),
    );
    expect(await tags()).toEqual([
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ]);
    await secrets.send(new UntagResourceCommand({ SecretId: 'tagged', TagKeys: ['a'] }));
    expect(await tags()).toEqual([{ Key: 'b', Value: '3' }]);
  });

  it('refuses names, values and repetitions that AWS refuses', async () => {
    await expect(create('bad name', 'x')).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    });
    await create('once', 'x');
    await expect(create('once', 'y')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await expect(
      secrets.send(new PutSecretValueCommand({ SecretId: 'once', SecretString: 'a', SecretBinary: new Uint8Array(1) })),
    ).rejects.toThrow(/not both/);
    await expect(secrets.send(new PutSecretValueCommand({ SecretId: 'once' }))).rejects.toThrow(/must provide either/);
  });
});
