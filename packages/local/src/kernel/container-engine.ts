import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Maximum time to wait for a container engine's answer to a ping, in milliseconds. */
const answerMs = 2_000;

/**
 * Finds the container engine of this machine: the one named by `DOCKER_HOST`, or else the first that answers at a
 * default socket of Docker or podman, including rootless ones.
 *
 * @param environment - variables: `DOCKER_HOST`, `XDG_RUNTIME_DIR`
 * @returns the value of `DOCKER_HOST` to use, e.g. `unix:///var/run/docker.sock`; undefined when no engine answers
 *
 * @example
 * ```ts
 * const containerEngine = await findContainerEngine();
 * const engine = await startEngine({ directory: '.bclaw', executor: containerEngine ? 'docker' : 'process' });
 * ```
 */
export async function findContainerEngine(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const named = environment['DOCKER_HOST'];
  if (named !== undefined && named !== '') return (await answers(named)) ? named : undefined;
  for (const socket of defaultSockets(environment)) {
    const host = `unix://${socket}`;
    if (existsSync(socket) && (await answers(host))) return host;
  }
  return undefined;
}

function defaultSockets(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const own = environment['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(own === undefined || own === '' ? [] : [join(own, 'docker.sock'), join(own, 'podman', 'podman.sock')]),
    // Docker Desktop
    join(homedir(), '.docker', 'run', 'docker.sock'),
    '/run/podman/podman.sock',
  ];
}

/** Returns true if a container engine answers a "Ping" (Docker Engine API). Also true for TLS and SSH, not pinged. */
async function answers(host: string): Promise<boolean> {
  const socketPath = /^unix:\/\/(.+)$/.exec(host)?.[1];
  const address = /^(?:tcp|http):\/\/([^/]+)/.exec(host)?.[1];
  if (socketPath === undefined && (address === undefined || process.env['DOCKER_TLS_VERIFY'])) return true;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(answerMs);
    const ping =
      socketPath === undefined
        ? request(`http://${address}/_ping`, { signal })
        : request({ socketPath, path: '/_ping', signal });
    ping.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('error', () => resolve(false));
    ping.end();
  });
}
