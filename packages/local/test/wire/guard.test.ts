import { request as httpRequest } from 'node:http';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/kernel/engine.js';
import { loopbackHosts, networkHosts } from '../../src/wire/guard.js';
import { RunningEngine } from '../running-engine.js';
import { signed } from '../signed.js';

let engine: RunningEngine;
let s3: S3Client;
beforeAll(async () => {
  engine = await RunningEngine.start();
  s3 = new S3Client({ ...engine.client, forcePathStyle: true });
  await fetch(`${engine.url}/kept`, { method: 'PUT', headers: signed('s3') });
  await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'page.html', Body: '<script>1</script>' }));
});
afterAll(async () => {
  s3.destroy();
  await engine.dispose();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request with exactly these headers: `fetch` sets some of its own. */
function raw(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${engine.url}${path}`, { method, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const calls = async (): Promise<unknown> => JSON.parse((await raw('/_bclaw/calls')).text);

const template = JSON.stringify({ Resources: { T: { Type: 'AWS::SNS::Topic', Properties: {} } } });
const query = new URLSearchParams({
  Action: 'CreateStack',
  Version: '2010-05-15',
  StackName: 's',
  TemplateBody: template,
}).toString();
const presigned =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0';

describe('what a web page can send', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  it.each([
    ['an image', `/?${query}`, {}],
    ['a form', '/', { method: 'POST', headers: form, body: query }],
    ['a form as plain text', '/', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: query }],
    ['a form to a queue', '/123456789012/q', { method: 'POST', headers: form, body: 'Action=SendMessage' }],
    [
      'a presigned query for another service',
      `/?${query}&${presigned.replace('s3', 'cloudformation')}`,
      { method: 'POST' },
    ],
    ['a presigned query for CloudFormation, of S3', `/?${query}&${presigned}`, {}],
    ['a function', '/2015-03-31/functions/f/invocations', { method: 'POST', body: '{}' }],
    ['a job', '/v1/submitjob', { method: 'POST', body: '{}' }],
    ['a bucket that is listed', '/kept', {}],
    ['a bucket that is listed with a presigned query', `/kept?${presigned}`, {}],
    ['objects to delete with a presigned query', `/kept?delete&${presigned}`, { method: 'POST', body: '<Delete/>' }],
    ['an object', '/kept/page.html', {}],
    ['a user and a password in the URL', `/?${query}`, { headers: { authorization: 'Basic QVdTNDpB' } }],
    ['a token', '/kept', { headers: { authorization: 'Bearer AWS4-HMAC-SHA256 Credential=x/1/2/s3/aws4_request' } }],
    ['a preflight', '/kept/page.html', { method: 'OPTIONS', headers: { 'access-control-request-method': 'PUT' } }],
  ])('is refused, and no operation is called: %s', async (_, path, options) => {
    const before = await calls();
    const answer = await raw(path, options);
    expect([400, 403, 405]).toContain(answer.status);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await calls()).toEqual(before);
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another port', { 'sec-fetch-site': 'same-site' }],
    ['in a word that no browser has yet', { 'sec-fetch-site': 'elsewhere' }],
    ['from an origin', { origin: 'https://evil.example' }],
    ['from a page of another local server', { origin: 'http://localhost:3000' }],
    ['from a sandbox or a file', { origin: 'null' }],
    ['under a name of its own', { host: 'evil.example' }],
    ['under a name that looks like an address', { host: '127.0.0.1.evil.example' }],
    ['under a name that begins like localhost', { host: 'localhost.evil.example' }],
    ['under the address of all interfaces', { host: '0.0.0.0' }],
  ])('is refused whatever it is signed with: %s', async (_, headers) => {
    const before = await calls();
    for (const path of ['/kept/page.html', `/kept/page.html?${presigned}`, '/_bclaw/health', '/_bclaw/calls']) {
      const answer = await raw(path, { headers: { ...signed('s3'), ...headers } });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.text).not.toContain('pid');
    }
    expect(await calls()).toEqual(before);
  });

  it('is a page that the engine stores, in a sandbox that has no origin', async () => {
    const page = await raw(`/kept/page.html?${presigned}`, { headers: { 'sec-fetch-site': 'none' } });
    expect([page.status, page.text]).toEqual([200, '<script>1</script>']);
    expect(page.headers).toMatchObject({ 'content-security-policy': 'sandbox allow-scripts allow-downloads' });
  });
});

describe('requests without a signature', () => {
  it.each([
    ['S3', '/kept/page.html', {}, '<Code>AccessDenied</Code>'],
    [
      'AWS JSON',
      '/',
      { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' },
      '"__type":"MissingAuthenticationTokenException"',
    ],
    ['REST-JSON', '/2015-03-31/functions/f/invocations', {}, 'The request is not signed'],
    ['Query', '/', { 'content-type': 'application/x-www-form-urlencoded' }, '<Code>MissingAuthenticationToken</Code>'],
  ])('are refused in the shape of %s', async (_, path, headers, text) => {
    const answer = await raw(path, { method: 'POST', headers, body: 'Action=ListStacks' });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain(text);
  });
});

describe('clients of AWS', () => {
  it.each([
    [
      'version 4',
      {
        authorization:
          'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=0',
      },
      '',
    ],
    [
      'version 4A',
      {
        authorization: 'AWS4-ECDSA-P256-SHA256 Credential=A/20260101/s3/aws4_request, SignedHeaders=host, Signature=0',
      },
      '',
    ],
    ['version 2', { authorization: 'AWS AKID:c2lnbmF0dXJl' }, ''],
    ['version 4 in the URL', {}, `?${presigned}`],
    ['version 2 in the URL', {}, '?AWSAccessKeyId=AKID&Signature=c2ln&Expires=4102444800'],
    ['a bucket in front of the host', { ...signed('s3'), host: 'kept.localhost' }, 'virtual'],
  ])('are answered that sign with %s', async (_, headers, rest) => {
    const path = rest === 'virtual' ? '/page.html' : `/kept/page.html${rest}`;
    expect((await raw(path, { headers })).text).toBe('<script>1</script>');
  });
});

describe('the hosts of an engine', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', 'bucket.localhost', 'a.b.localhost', '[::1]'])(
    'on the loopback interface include %s',
    (host) => expect(loopbackHosts(host)).toBe(true),
  );
  it.each([
    '',
    'x',
    '10.0.0.1',
    '[::2]',
    'localhost.x',
    'xlocalhost',
    'a@localhost',
    '127.0.0.1.x',
    'x.127.0.0.1',
    'user:p@x.localhost',
  ])('on the loopback interface do not include "%s"', (host) => expect(loopbackHosts(host)).toBe(false));
  it('on the network are addresses and the names that it was given', () => {
    const known = networkHosts(['Lab', 'host.docker.internal']);
    for (const host of ['lab', 'host.docker.internal', '10.0.0.1', '[fe80::1]', 'localhost'])
      expect(known(host)).toBe(true);
    for (const host of ['evil.example', 'lab.evil.example', '10.0.0.1.evil.example', ''])
      expect(known(host)).toBe(false);
  });

  it('on the network are checked, too', async () => {
    const open = await startEngine({
      directory: `${engine.directory}/open`,
      host: '0.0.0.0',
      exposeToNetwork: 'anyone-who-reaches-it-can-run-commands-as-me',
    });
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        httpRequest(`${open.url}/_bclaw/health`, { headers }, (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'http://evil.example' })).toBe(403);
    await open.close();
  });
});
