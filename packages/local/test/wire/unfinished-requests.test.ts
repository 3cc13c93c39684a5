import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, startEngineWith } from '../../src/kernel/engine.js';
import { serviceFactories } from '../../src/services/index.js';
import { signed } from '../signed.js';

const directory = mkdtempSync(join(tmpdir(), 'bclaw-unfinished-'));
let engine: Engine;
beforeAll(async () => {
  engine = await startEngineWith(
    serviceFactories,
    { directory },
    { headersMs: 150, progressMs: 150, progressBytes: 16, wholeMs: 600, lingerMs: 150, memoryBytes: 1 << 20 },
  );
  await fetch(`${engine.url}/lab`, { method: 'PUT', headers: signed('s3') });
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Sends text, then calls `more` every few milliseconds for something to send, until the engine closes the connection. */
async function converse(text: string, more: () => string | undefined = () => undefined): Promise<string> {
  const socket = connect(Number(new URL(engine.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    answer += chunk;
  });
  // The engine may reset a connection that is still being written to.
  socket.on('error', () => undefined);
  socket.write(text);
  const talking = setInterval(() => {
    const next = more();
    if (next !== undefined && socket.writable) socket.write(next);
  }, 5);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(talking);
  return answer;
}

const head = (line: string, service: string, headers: readonly string[]) =>
  [line, 'Host: 127.0.0.1', `Authorization: ${signed(service).authorization}`, ...headers, '', ''].join('\r\n');
const put = (key: string, ...headers: string[]) => head(`PUT /lab/${key} HTTP/1.1`, 's3', headers);
const call = (...headers: string[]) =>
  head('POST / HTTP/1.1', 'states', ['X-Amz-Target: AWSStepFunctions.ListStateMachines', ...headers]);
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const status = async (key: string) =>
  (await fetch(`${engine.url}/lab/${key}`, { headers: signed('s3'), method: 'HEAD' })).status;

describe('a request that does not end', () => {
  it('is ended while its headers are missing, even if something keeps arriving', async () => {
    expect(await converse('')).toContain('408');
    expect(await converse('GET / HTTP/1.1\r\n', () => 'X-More: 1\r\n')).toContain('408');
  });

  it('is ended when its body stops arriving, with the error of its service', async () => {
    expect(await converse(put('half', 'Content-Length: 1000') + 'x'.repeat(500))).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*<Code>RequestTimeout<\/Code>/,
    );
    expect(await converse(`${call('Content-Length: 1000')}{"x": "`)).toMatch(
      /^HTTP\/1\.1 408 [\s\S]*RequestTimeoutException/,
    );
    expect(await status('half')).toBe(404);
    expect(readdirSync(join(directory, 's3', 'incoming'))).toEqual([]);
  });

  it('is ended when its body only trickles in', async () => {
    let sent = 0;
    const trickle = () => (sent++ % 20 === 0 ? 'x' : undefined);
    expect(await converse(put('slow', 'Content-Length: 100000'), trickle)).toContain('<Code>RequestTimeout</Code>');
    expect(await converse(call('Content-Length: 100000'), trickle)).toContain('RequestTimeoutException');
  });

  it('is ended when its body is without end', async () => {
    const endless = () => chunk('x'.repeat(64));
    expect(await converse(put('endless', 'Transfer-Encoding: chunked'), endless)).toMatch(
      /^HTTP\/1\.1 411 [\s\S]*<Code>MissingContentLength<\/Code>/,
    );
    expect(await converse(call('Transfer-Encoding: chunked'), endless)).toContain('RequestTimeoutException');
    const longer = put(
      'longer',
      'x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'Transfer-Encoding: chunked',
      'x-amz-decoded-content-length: 100',
    );
    expect(await converse(longer, () => chunk(chunk('x'.repeat(64))))).toContain('<Code>IncompleteBody</Code>');
    expect(await converse(put('large', `Content-Length: ${6 * 1024 ** 3}`), endless)).toContain(
      '<Code>EntityTooLarge</Code>',
    );
  });

  it('is ended when it was answered before its end, and goes on', async () => {
    const endless = () => chunk('x'.repeat(64));
    const unsigned = ['POST / HTTP/1.1', 'Host: 127.0.0.1', 'Transfer-Encoding: chunked', '', ''].join('\r\n');
    expect(await converse(unsigned, endless)).toMatch(/^HTTP\/1\.1 403/);
    const page = ['GET /_bclaw/health HTTP/1.1', 'Host: 127.0.0.1', 'Transfer-Encoding: chunked', '', ''].join('\r\n');
    expect(await converse(page, endless)).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe('many requests that send half of their bodies', () => {
  it('are refused when they would fill the memory, and later ones are answered', async () => {
    const half = () => converse(call('Content-Length: 400000') + ' '.repeat(200_000));
    const answers = await Promise.all(Array.from({ length: 10 }, half));
    const refused = answers.filter((answer) => /^HTTP\/1\.1 503 [\s\S]*ServiceUnavailable/.test(answer));
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(answers.filter((answer) => answer.includes('RequestTimeoutException'))).toHaveLength(10 - refused.length);
    const answer = await fetch(engine.url, {
      method: 'POST',
      headers: { ...signed('states'), 'x-amz-target': 'AWSStepFunctions.ListStateMachines' },
      body: '{}'.padEnd(900_000),
    });
    expect(answer.status).toBe(200);
  });
});
