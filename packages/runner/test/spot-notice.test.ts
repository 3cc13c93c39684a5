import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../src/log.js';
import { watchForSpotNotice } from '../src/spot-notice.js';

/** Answers as EC2's metadata service does, with tokens; `notices` are the answers to the question for a notice. */
async function host(lifeCycle: string, notices: (string | undefined)[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    const reply = (status: number, body = '') => response.writeHead(status).end(body);
    if (request.method === 'PUT' && request.url === '/latest/api/token') return reply(200, 'a-token');
    if (request.headers['x-aws-ec2-metadata-token'] !== 'a-token') return reply(401);
    if (request.url === '/latest/meta-data/instance-life-cycle') return reply(200, lifeCycle);
    asked += 1;
    const notice = notices.shift();
    return notice === undefined ? reply(404) : reply(200, notice);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: () => asked, close: () => server.close() };
}

describe('the notice that a spot instance is taken away', () => {
  const closing: (() => unknown)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function linesOn(lifeCycle: string, notices: (string | undefined)[], variables = {}) {
    const metadata = await host(lifeCycle, notices);
    closing.push(metadata.close);
    const lines: string[] = [];
    await watchForSpotNotice({
      environment: {
        ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/x',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
        ...variables,
      },
      log: createLog(
        (line) => lines.push(line),
        () => new Date(0),
      ),
      signal: new AbortController().signal,
      intervalMs: 1,
    });
    return { lines: lines.map((line): unknown => JSON.parse(line)), asked: metadata.asked() };
  }

  it('is one line of the log, once it comes', async () => {
    const notice = '{"action": "terminate", "time": "2026-11-29T12:00:00Z"}';
    expect(await linesOn('spot', [undefined, undefined, notice])).toEqual({
      lines: [
        {
          time: '1970-01-01T00:00:00.000Z',
          level: 'warning',
          message: 'EC2 takes this spot instance away; the job will be stopped.',
          action: 'terminate',
          at: '2026-11-29T12:00:00Z',
        },
      ],
      asked: 3,
    });
  });

  it('is not waited for on an on-demand instance, outside of ECS, or where the metadata service is off', async () => {
    expect(await linesOn('on-demand', [])).toEqual({ lines: [], asked: 0 });
    expect(await linesOn('spot', [], { ECS_CONTAINER_METADATA_URI_V4: undefined })).toEqual({ lines: [], asked: 0 });
    expect(await linesOn('spot', [], { AWS_EC2_METADATA_DISABLED: 'true' })).toEqual({ lines: [], asked: 0 });
  });

  it('is no error where there is no metadata service', async () => {
    const endpoint = 'http://127.0.0.1:1';
    expect(await linesOn('spot', [], { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint })).toEqual({ lines: [], asked: 0 });
  });
});
