import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findContainerEngine } from '../../src/kernel/container-engine.js';

describe('the container engine of a machine', () => {
  let runtime: string;
  const servers: Server[] = [];
  beforeEach(() => {
    runtime = mkdtempSync(join(tmpdir(), 'bclaw-run-'));
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(runtime, { recursive: true });
  });

  /** A server that answers pings like Docker, or rejects them. */
  async function listen(at: string | 0, status = 200): Promise<Server> {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/_ping' ? status : 404).end('OK');
    }).listen(at);
    servers.push(server);
    await once(server, 'listening');
    return server;
  }

  it('is the one that DOCKER_HOST names, if it answers', async () => {
    const socket = join(runtime, 'own.sock');
    const host = `unix://${socket}`;
    expect(await findContainerEngine({ DOCKER_HOST: host })).toBeUndefined();
    await listen(socket);
    expect(await findContainerEngine({ DOCKER_HOST: host })).toBe(host);
    const server = await listen(0);
    const address = server.address();
    const tcp = `tcp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    expect(await findContainerEngine({ DOCKER_HOST: tcp })).toBe(tcp);
    server.close();
    expect(await findContainerEngine({ DOCKER_HOST: tcp })).toBeUndefined();
  });

  it('is not one that refuses', async () => {
    const socket = join(runtime, 'own.sock');
    await listen(socket, 403);
    expect(await findContainerEngine({ DOCKER_HOST: `unix://${socket}` })).toBeUndefined();
  });

  it('is one at a default socket: a rootless podman', async () => {
    mkdirSync(join(runtime, 'podman'));
    const socket = join(runtime, 'podman', 'podman.sock');
    await listen(socket);
    // A machine with Docker finds Docker first.
    expect([`unix://${socket}`, 'unix:///var/run/docker.sock']).toContain(
      await findContainerEngine({ XDG_RUNTIME_DIR: runtime }),
    );
  });
});
