import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Server } from './s3-server.js';

const server = new S3Server();
beforeAll(async () => {
  await server.start();
  await fetch(`${server.url}/bodies`, { method: 'PUT' });
});
afterAll(() => server.dispose());

const put = async (key: string, body: string | Buffer, headers: Record<string, string>) => {
  const response = await fetch(`${server.url}/bodies/${key}`, { method: 'PUT', body, headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
};
const get = async (key: string) => (await fetch(`${server.url}/bodies/${key}`)).text();
const crc = (text: string) => {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(text));
  return value.toString('base64');
};

describe('bodies of requests', () => {
  it('are decoded when they are signed in chunks', async () => {
    const signature = `;chunk-signature=${'a'.repeat(64)}`;
    const body = `5${signature}\r\nhello\r\n1${signature}\r\n!\r\n0${signature}\r\n\r\n`;
    const result = await put('signed', body, {
      'content-encoding': 'aws-chunked,gzip',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '6',
    });
    expect(result.status).toBe(200);
    const head = await fetch(`${server.url}/bodies/signed`, { method: 'HEAD' });
    expect(head.headers.get('content-encoding')).toBe('gzip');
    expect(head.headers.get('content-length')).toBe('6');
  });

  it('bring a checksum at their end, which is verified', async () => {
    const send = (checksum: string) =>
      put('trailer', `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`, {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      });
    expect(await send(crc('other'))).toMatchObject({ status: 400, text: expect.stringContaining('BadDigest') });
    expect((await fetch(`${server.url}/bodies/trailer`)).status).toBe(404);
    const right = await send(crc('hello'));
    expect(right.status).toBe(200);
    expect(right.headers.get('x-amz-checksum-crc32')).toBe(crc('hello'));
    expect(await get('trailer')).toBe('hello');
  });

  it.each([
    ['not chunked at all', 'nonsense'],
    ['cut off', '5\r\nhel'],
    ['shorter than announced', '3\r\nhel\r\n0\r\n\r\n'],
  ])('are refused when they are %s, and the client hears of it', async (_what, body) => {
    const result = await put('broken', body, {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
    });
    expect(result).toMatchObject({ status: 400, text: expect.stringContaining('<Code>IncompleteBody</Code>') });
    expect((await fetch(`${server.url}/bodies/broken`)).status).toBe(404);
  });

  it('may have one checksum, of an algorithm that the engine has', async () => {
    const two = await put('two', 'x', { 'x-amz-checksum-crc32': crc('x'), 'x-amz-checksum-sha1': 'AAAA' });
    expect(two.text).toContain('<Code>InvalidRequest</Code>');
    const unknown = await put('unknown', 'x', { 'x-amz-sdk-checksum-algorithm': 'XXHASH64' });
    expect(unknown).toMatchObject({ status: 501, text: expect.stringContaining('XXHASH64') });
    const sha256 = createHash('sha256').update('x').digest('base64');
    expect((await put('one', 'x', { 'x-amz-checksum-sha256': sha256 })).status).toBe(200);
  });

  it('that are large and unwanted are read away, so that the answer arrives', async () => {
    const response = await fetch(`${server.url}/no-such-bucket/key`, { method: 'PUT', body: Buffer.alloc(20_000_000) });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('NoSuchBucket');
  });

  it('that should be XML and are not give MalformedXML', async () => {
    for (const body of ['<Delete><Object>', '<Other/>', '<Delete/>', 'text']) {
      const response = await fetch(`${server.url}/bodies?delete`, { method: 'POST', body });
      expect(await response.text(), body).toContain('<Code>MalformedXML</Code>');
    }
  });

  it('are refused when a checksum that was announced does not come', async () => {
    const result = await put('announced', '5\r\nhello\r\n0\r\n\r\n', {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    });
    expect(result.status).toBe(400);
    expect(result.text).toContain('<Code>MalformedTrailerError</Code>');
    expect((await fetch(`${server.url}/bodies/announced`)).status).toBe(404);
  });

  it('are refused when they are not what was signed', async () => {
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    const refused = await put('signed-hash', 'hello', { 'x-amz-content-sha256': digest('other') });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
    expect(refused.text).toContain(digest('hello'));
    expect((await fetch(`${server.url}/bodies/signed-hash`)).status).toBe(404);
    expect((await put('signed-hash', 'hello', { 'x-amz-content-sha256': digest('hello') })).status).toBe(200);
  });
});
