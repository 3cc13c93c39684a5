import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, createServer as createRelay, type Server as Relay } from 'node:net';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningEngine } from '../../packages/local/test/running-engine.js';
import { whileChromiumShows } from './chromium.js';
import { type Demand, hostilePage, type Target } from './hostile-page.js';

const template = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
const createStack = { Action: 'CreateStack', Version: '2010-05-15', StackName: 'owned', TemplateBody: template };
const presigned =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0';
const demands: readonly Demand[] = [
  { path: `/?${new URLSearchParams(createStack)}`, form: createStack },
  { path: '/2015-03-31/functions/launcher/invocations', text: '{"a":"="}' },
  { path: `/lab/patients.csv?${presigned}` },
  { path: `/lab/patients.csv?uploads&${presigned}` },
  { path: '/_bclaw/calls' },
];

/** Ways that reach an unguarded server, with any response: the attack is real. */
const simpleWays = [
  'background beacon embed events fetch-cors fetch-no-cors form form-get form-multipart form-text frame image module object',
  'post-cors post-keepalive post-no-cors post-text preload request sandboxed-frame script script-with-cors socket style video worker',
].flatMap((line) => line.split(' '));

async function listening(server: Server | Relay, port = 0, host = '127.0.0.1'): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('a hostile page in Chromium', () => {
  let engine: RunningEngine;
  let s3: S3Client;
  let cloudformation: CloudFormationClient;
  beforeAll(async () => {
    engine = await RunningEngine.start();
    s3 = new S3Client({ ...engine.client, forcePathStyle: true });
    cloudformation = new CloudFormationClient(engine.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'lab' }));
    await s3.send(new PutObjectCommand({ Bucket: 'lab', Key: 'patients.csv', Body: 'secret' }));
  });
  afterAll(async () => {
    s3?.destroy();
    cloudformation?.destroy();
    await engine?.dispose();
  });

  const calls = async (): Promise<Readonly<Record<string, unknown>>> => {
    const counts: unknown = await (await fetch(`${engine.url}/_bclaw/calls`)).json();
    return { ...Object(counts) };
  };

  it('reaches no operation, whichever way it asks and by whichever name', async () => {
    const port = Number(new URL(engine.url).port);
    const arrived = new Set<string>();
    const unguarded = createServer((request, response) => {
      arrived.add(new URL(request.url ?? '/', 'http://x').searchParams.get('way') ?? '');
      response.writeHead(200, { 'content-type': 'text/plain' }).end('hello');
    });
    const unguardedPort = await listening(unguarded);

    let done: (told: { readonly read: readonly string[] }) => void;
    const told = new Promise<{ readonly read: readonly string[] }>((resolve) => {
      done = resolve;
    });
    let page = '';
    const serve = async (request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url ?? '/', 'http://x');
      if (url.pathname === '/done') {
        let text = '';
        for await (const chunk of request) text += chunk;
        response.end();
        done(JSON.parse(text));
      } else if (url.pathname.startsWith('/redirect')) {
        const to = `http://127.0.0.1:${port}${url.searchParams.get('to')}`;
        const status = Number(url.pathname.slice('/redirect'.length));
        response.writeHead(status, { location: to, 'access-control-allow-origin': '*' }).end();
      } else response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    };
    const hostile = createServer((request, response) => void serve(request, response));
    const hostilePort = await listening(hostile);

    const targets: readonly Target[] = [
      { name: 'a server without a guard', origin: `http://127.0.0.1:${unguardedPort}` },
      { name: 'the engine', origin: `http://127.0.0.1:${port}` },
      { name: 'by name', origin: `http://localhost:${port}` },
      { name: 'by a bucket', origin: `http://lab.localhost:${port}` },
      { name: 'by a name of the page’s owner', origin: `http://rebound.example:${port}` },
      { name: 'by a redirect', origin: `http://evil.example:${hostilePort}/redirect302?to=` },
      { name: 'by a redirect that keeps the body', origin: `http://evil.example:${hostilePort}/redirect307?to=` },
    ];
    page = hostilePage(targets, demands);
    const before = await calls();
    const names = { 'evil.example': '127.0.0.1', 'rebound.example': '127.0.0.1' };
    try {
      const { read } = await whileChromiumShows(`http://evil.example:${hostilePort}/`, names, told);
      expect([...arrived].sort()).toEqual(expect.arrayContaining([...simpleWays].sort()));
      // The page may read from its own server and from the unguarded one; it must read nothing from the engine.
      expect(read.filter((line) => line.includes(`:${port}`))).toEqual([]);
      expect(await calls()).toEqual(before);
    } finally {
      hostile.close();
      unguarded.close();
    }
    const { StackSummaries } = await cloudformation.send(new ListStacksCommand());
    expect(StackSummaries).toEqual([]);
    const { Buckets } = await s3.send(new ListBucketsCommand());
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['lab']);
  }, 300_000);

  it('is refused when its own name begins to lead to the engine, signed or not', async () => {
    const port = Number(new URL(engine.url).port);
    const script = `
      const signed = (service) => ({ authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/' + service + '/aws4_request, SignedHeaders=host, Signature=0' });
      (async () => {
        const told = [];
        for (const [path, service] of [['/?Action=ListStacks&Version=2010-05-15', 'cloudformation'], ['/lab', 's3'], ['/v1/describejobqueues', 'batch']])
          for (const headers of [signed(service), {}]) {
            const answer = await fetch(path, { method: 'POST', headers });
            told.push([answer.status, (await answer.text()).includes('does not answer to the host')]);
          }
        await fetch('/done', { method: 'POST', body: JSON.stringify(told) });
      })();`;
    const html = `<!doctype html><script>${script}</script>`;
    let done: (told: unknown) => void;
    const told = new Promise<unknown>((resolve) => {
      done = resolve;
    });
    // The page comes from the name's first address. From then on the name resolves to the engine: same port, same
    // origin.
    const relay = createRelay((socket) => {
      socket.on('error', () => {});
      socket.once('data', (first) => {
        const text = first.toString('latin1');
        if (text.startsWith('GET / '))
          socket.end(
            `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: ${html.length}\r\n\r\n${html}`,
          );
        else if (text.startsWith('POST /done ')) {
          let body = text;
          const finish = () => {
            const [, json] = body.split('\r\n\r\n');
            if (!json?.endsWith(']')) return;
            done(JSON.parse(json));
            socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n');
          };
          socket.on('data', (more) => {
            body += more.toString('latin1');
            finish();
          });
          finish();
        } else {
          const upstream = connect(port, '127.0.0.1');
          upstream.on('error', () => socket.destroy());
          // One request per connection, so that each is recorded here.
          upstream.write(text.replace(/connection: keep-alive/i, 'connection: close'), 'latin1');
          socket.pipe(upstream).pipe(socket);
        }
      });
    });
    await listening(relay, port, '127.0.0.2');
    const before = await calls();
    try {
      const answers = await whileChromiumShows(
        `http://rebound.example:${port}/`,
        { 'rebound.example': '127.0.0.2' },
        told,
      );
      expect(answers).toEqual(Array.from({ length: 6 }, () => [403, true]));
      expect(await calls()).toEqual(before);
    } finally {
      relay.close();
    }
  }, 120_000);

  it('that the engine itself stores cannot call the engine that shows it', async () => {
    const script = `
      const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0' };
      fetch('/?Action=ListStacks&Version=2010-05-15', { method: 'POST', headers }).then((answer) => answer.status, () => 'refused').then((outcome) => {
        navigator.sendBeacon(DONE, outcome + ' as ' + self.origin);
      });`;
    let done: (told: string) => void;
    const told = new Promise<string>((resolve) => {
      done = resolve;
    });
    const listener = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      response.end();
      done(text);
    });
    const listenerPort = await listening(listener);
    await s3.send(
      new PutObjectCommand({
        Bucket: 'lab',
        Key: 'report.html',
        ContentType: 'text/html',
        Body: `<!doctype html><script>${script.replace('DONE', `'http://127.0.0.1:${listenerPort}/'`)}</script>`,
      }),
    );
    const before = await calls();
    try {
      expect(await whileChromiumShows(`${engine.url}/lab/report.html?${presigned}`, {}, told)).toBe('refused as null');
      const after = await calls();
      expect({ ...after, 's3:GetObject': undefined }).toEqual({ ...before, 's3:GetObject': undefined });
    } finally {
      listener.close();
    }
  }, 120_000);
});
