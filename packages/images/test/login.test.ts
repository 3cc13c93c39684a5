import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Engine, startEngine } from '@bclaw/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLogin } from '../src/login.js';

let directory: string;
let engine: Engine;
let client: SecretsManagerClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bclaw-images-'));
  engine = await startEngine({ directory });
  client = new SecretsManagerClient({
    endpoint: engine.url,
    region: engine.region,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
});
afterAll(async () => {
  client.destroy();
  await engine.close();
  await rm(directory, { recursive: true });
});

describe('the login of a private registry', () => {
  it('is what the secret says', async () => {
    const SecretString = JSON.stringify({ username: 'ada', password: 'p', note: 'more' });
    await client.send(new CreateSecretCommand({ Name: 'good', SecretString }));
    expect(await readLogin(client, 'good')).toEqual({ username: 'ada', password: 'p' });
  });

  it.each([' ', 'text', 'null', '[]', '{"username": "ada"}', '{"username": 1, "password": "p"}'])(
    'is not in a secret with %j, and the secret is not told',
    async (SecretString) => {
      const Name = `bad-${Buffer.from(SecretString).toString('hex')}`;
      await client.send(new CreateSecretCommand({ Name, SecretString }));
      await expect(readLogin(client, Name)).rejects.toMatchObject({
        problem: 'no-login',
        message: `the secret \`${Name}\` does not have the form of a login`,
      });
    },
  );

  it('is said to be missing with AWS’s reason', async () => {
    await expect(readLogin(client, 'absent')).rejects.toMatchObject({
      problem: 'no-login',
      message: expect.stringMatching(/^the secret `absent` cannot be read \(ResourceNotFoundException: .+\)$/),
      hint: expect.stringContaining('bclaw:registry'),
    });
  });
});
