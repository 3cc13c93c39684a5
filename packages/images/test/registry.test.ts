import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryLogin } from '@bclaw/spec';
import { afterEach, describe, expect, it } from 'vitest';
import { ImageError, type ImageProblem } from '../src/image-error.js';
import { digestFromRegistry, manifestTypes } from '../src/registry.js';
import { type FakeServer, startServer, unusedPort } from './fake-server.js';

const digest = `sha256:${'a'.repeat(64)}`;
const login: RegistryLogin = { username: 'ada', password: 'pass:word' };

let server: FakeServer | undefined;
afterEach(() => server?.close());

/** Starts a registry with a test's responses; returns a function that queries it. */
async function registry(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = await startServer(answer);
  const { host, requests } = server;
  const image = { origin: `http://${host}`, repository: 'team/tools', tag: '1.0' };
  return {
    host,
    requests,
    ask: (as?: RegistryLogin, timeoutMs = 2000) => digestFromRegistry(image, as, { timeoutMs, backoffMs: 1 }),
  };
}

const tell = (response: ServerResponse, status: number, headers: Record<string, string> = {}, body = '') => {
  response.writeHead(status, headers);
  response.end(body);
};

async function problemOf(asked: Promise<string>): Promise<[ImageProblem, string]> {
  const error: unknown = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ImageError)) throw new Error(`expected an ImageError, got ${String(error)}`);
  expect(error.hint).toMatch(/\.$/);
  return [error.problem, error.message];
}

describe('asking a registry', () => {
  it('takes the digest of HEAD, and wants an index where there is one', async () => {
    let accept = '';
    const { ask, requests } = await registry((request, response) => {
      accept = request.headers.accept ?? '';
      tell(response, 200, { 'docker-content-digest': digest });
    });
    expect(await ask()).toBe(digest);
    expect(requests).toEqual(['HEAD /v2/team/tools/manifests/1.0']);
    expect(accept.split(', ')).toEqual([...manifestTypes]);
  });

  it.each([
    ['leaves out the digest', 200],
    ['does not know HEAD', 405],
  ])('computes the digest of the manifest when the registry %s', async (_what, status) => {
    const manifest = '{"schemaVersion": 2}\n';
    const { ask } = await registry((request, response) =>
      request.method === 'HEAD' ? tell(response, status) : tell(response, 200, {}, manifest),
    );
    expect(await ask()).toBe(`sha256:${createHash('sha256').update(manifest).digest('hex')}`);
  });

  it('gets a token where the registry says, for this repository', async () => {
    const { ask, host, requests } = await registry((request, response) => {
      if (request.url?.startsWith('/token')) tell(response, 200, {}, '{"access_token": "t0ken"}');
      else if (request.headers.authorization === 'Bearer t0ken')
        tell(response, 200, { 'docker-content-digest': digest });
      else
        tell(response, 401, { 'www-authenticate': `Bearer realm="http://${host}/token?a=b",service="the registry"` });
    });
    expect(await ask()).toBe(digest);
    expect(requests).toEqual([
      'HEAD /v2/team/tools/manifests/1.0',
      'GET /token?a=b&service=the+registry&scope=repository%3Ateam%2Ftools%3Apull',
      'HEAD /v2/team/tools/manifests/1.0',
    ]);
  });

  it('logs in with the password for a token', async () => {
    const { ask, host } = await registry((request, response) => {
      const { authorization } = request.headers;
      if (request.url?.startsWith('/token'))
        tell(response, authorization === `Basic ${btoa('ada:pass:word')}` ? 200 : 401, {}, '{"token": "t"}');
      else if (authorization === 'Bearer t') tell(response, 200, { 'docker-content-digest': digest });
      else tell(response, 401, { 'www-authenticate': `Bearer realm="http://${host}/token"` });
    });
    expect(await ask(login)).toBe(digest);
    expect(await problemOf(ask())).toEqual(['denied', expect.stringMatching(/refuses to answer \(HTTP 401\)/)]);
  });

  it('logs in with the password itself where the registry wants that, and never before it is asked', async () => {
    const seen: (string | undefined)[] = [];
    const { ask } = await registry(({ headers: { authorization } }, response) => {
      seen.push(authorization);
      if (authorization === undefined) tell(response, 401, { 'www-authenticate': 'Basic realm="x"' });
      else tell(response, 200, { 'docker-content-digest': digest });
    });
    expect(await ask(login)).toBe(digest);
    expect(seen).toEqual([undefined, `Basic ${btoa('ada:pass:word')}`]);
  });

  it('sends no password in the clear to another machine', async () => {
    const { ask } = await registry((_request, response) =>
      tell(response, 401, { 'www-authenticate': 'Bearer realm="http://auth.example.org/token"' }),
    );
    expect(await problemOf(ask(login))).toEqual([
      'bad-answer',
      expect.stringContaining('http://auth.example.org/token, which is no https address'),
    ]);
  });
});

describe('a registry in trouble', () => {
  it.each([
    [429, { 'retry-after': '0' }],
    [429, {}],
    [500, {}],
    [503, {}],
  ])('is asked again after HTTP %i %j', async (status, headers) => {
    let count = 0;
    const { ask } = await registry((_request, response) => {
      count += 1;
      if (count < 4) tell(response, status, headers);
      else tell(response, 200, { 'docker-content-digest': digest });
    });
    expect(await ask()).toBe(digest);
    expect(count).toBe(4);
  });

  it('is asked again after it broke a connection', async () => {
    let count = 0;
    const { ask } = await registry((request, response) => {
      count += 1;
      if (count < 3) request.socket.destroy();
      else tell(response, 200, { 'docker-content-digest': digest });
    });
    expect(await ask()).toBe(digest);
  });

  it.each([
    [404, {}, 'not-found', 'does not have it'],
    [403, {}, 'denied', 'refuses to answer (HTTP 403)'],
    [401, {}, 'denied', 'refuses to answer (HTTP 401)'],
    [429, {}, 'throttled', 'is asked too often (HTTP 429)'],
    [502, {}, 'unreachable', 'is out of order (HTTP 502)'],
    [418, {}, 'bad-answer', 'gives an answer that makes no sense (HTTP 418)'],
  ])('that answers HTTP %i in the end is said to', async (status, headers, problem, words) => {
    const { ask, host } = await registry((_request, response) => tell(response, status, headers));
    expect(await problemOf(ask())).toEqual([problem, expect.stringContaining(`${host} ${words}`)]);
  });

  it('that wants more patience than a deployment has gets none', async () => {
    const { ask, requests } = await registry((_request, response) => tell(response, 429, { 'retry-after': '3600' }));
    expect(await problemOf(ask())).toEqual(['throttled', expect.any(String)]);
    expect(requests).toHaveLength(1);
  });

  it('that gives something else than a token is said to', async () => {
    const { ask, host } = await registry((request, response) =>
      request.url?.startsWith('/token')
        ? tell(response, 200, {}, '<html>')
        : tell(response, 401, { 'www-authenticate': `Bearer realm="http://${host}/token"` }),
    );
    expect(await problemOf(ask())).toEqual(['bad-answer', `${host} gives no token`]);
  });

  it('that never answers is given up', async () => {
    const { ask, host } = await registry(() => {});
    expect(await problemOf(ask(undefined, 20))).toEqual([
      'unreachable',
      `${host} cannot be reached (no answer within 0.02 s)`,
    ]);
  });

  it('that is not there is said to be unreachable', async () => {
    const port = await unusedPort();
    const asked = digestFromRegistry({ origin: `http://127.0.0.1:${port}`, repository: 'x', tag: '1' }, undefined, {
      backoffMs: 1,
    });
    expect(await problemOf(asked)).toEqual(['unreachable', `127.0.0.1:${port} cannot be reached (ECONNREFUSED)`]);
  });

  it('whose name nobody knows is said to be unreachable', async () => {
    const image = { origin: 'https://registry.invalid', repository: 'x', tag: '1' };
    expect(await problemOf(digestFromRegistry(image, undefined, { backoffMs: 1 }))).toEqual([
      'unreachable',
      expect.stringMatching(/^registry\.invalid cannot be reached \(\w+\)$/),
    ]);
  });

  it('is not waited for any longer when time is up', async () => {
    const { ask: _, host } = await registry((_request, response) => tell(response, 503));
    const asked = digestFromRegistry({ origin: `http://${host}`, repository: 'x', tag: '1' }, undefined, {
      backoffMs: 3_600_000,
      signal: AbortSignal.timeout(100),
    });
    expect(await problemOf(asked)).toEqual(['unreachable', `${host} cannot be reached (time is up)`]);
  });
});
