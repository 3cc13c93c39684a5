import { ECRClient } from '@aws-sdk/client-ecr';
import { afterEach, describe, expect, it } from 'vitest';
import { digestFromEcr } from '../src/ecr.js';
import { manifestTypes } from '../src/registry.js';
import { type FakeServer, startServer, unusedPort } from './fake-server.js';

const digest = `sha256:${'a'.repeat(64)}`;
const image = { host: 'the registry', accountId: '123456789012', repository: 'tools', tag: '1' };

let server: FakeServer | undefined;
let client: ECRClient | undefined;
afterEach(async () => {
  client?.destroy();
  await server?.close();
});

const clientOf = (endpoint: string, maxAttempts = 1) =>
  new ECRClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });

/** Queries an ECR that returns this response; conformance/third-party covers the normal ones. */
async function ask(status: number, answer: object): Promise<{ readonly asked: Promise<string>; body: () => unknown }> {
  let body: unknown;
  server = await startServer((_request, response, text) => {
    body = JSON.parse(text);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  client = clientOf(`http://${server.host}`);
  const asked = digestFromEcr(client, image);
  asked.catch(() => {});
  return { asked, body: () => body };
}

const failing = (failureCode: string) =>
  ask(200, { images: [], failures: [{ failureCode, failureReason: 'because' }] });
const refusing = (type: string) => ask(400, { __type: type, message: 'because' });

describe('asking Amazon ECR', () => {
  it('wants the index of an image, from the registry of the account in the name', async () => {
    const { asked, body } = await ask(200, { images: [{ imageId: { imageDigest: digest } }] });
    expect(await asked).toBe(digest);
    expect(body()).toEqual({
      registryId: '123456789012',
      repositoryName: 'tools',
      imageIds: [{ imageTag: '1' }],
      acceptedMediaTypes: [...manifestTypes],
    });
  });

  it.each([
    ['ImageNotFound', 'not-found'],
    ['InvalidImageTag', 'not-found'],
    ['UpstreamTooManyRequests', 'throttled'],
    ['UpstreamUnavailable', 'unreachable'],
    ['UpstreamAccessDenied', 'denied'],
  ])('takes the failure %s for %s', async (code, problem) => {
    await expect((await failing(code)).asked).rejects.toMatchObject({ problem });
  });

  it.each([
    ['RepositoryNotFoundException', 'not-found'],
    ['InvalidParameterException', 'not-found'],
    ['AccessDeniedException', 'denied'],
    ['ExpiredTokenException', 'denied'],
    ['ThrottlingException', 'throttled'],
    ['ServerException', 'unreachable'],
  ])('takes %s for %s', async (type, problem) => {
    await expect((await refusing(type)).asked).rejects.toMatchObject({ problem, hint: expect.any(String) });
  });

  it('says so when nobody answers', async () => {
    client = clientOf(`http://127.0.0.1:${await unusedPort()}`);
    await expect(digestFromEcr(client, image)).rejects.toMatchObject({
      problem: 'unreachable',
      message: expect.stringMatching(/^ECR gives no answer for the registry \(.*ECONNREFUSED/),
    });
  });

  it('says so when there are no credentials', async () => {
    client = new ECRClient({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:2',
      credentials: async () => {
        throw Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
      },
    });
    await expect(digestFromEcr(client, image)).rejects.toMatchObject({
      problem: 'no-login',
      message: 'the registry cannot be asked without AWS credentials (Could not load credentials)',
    });
  });
});
