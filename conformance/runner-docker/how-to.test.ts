import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadersFolder } from '../../docs/test/sessions.js';
import { venv } from '../engine.js';
import { Registry } from '../registry/registry.js';
import { ecrHost, Moto, motoLogin } from './moto.js';
import { Podman } from './podman.js';
import { importNodeImage } from './runner-image.js';

/** The Dockerfile's base image; built here, because no registry can be reached. */
const base = 'public.ecr.aws/docker/library/node:24-slim';

describe('the guide to building the image of the runner, typed as it stands', () => {
  let podman: Podman;
  let moto: Moto;
  let ecr: Registry;
  let reader: ReadersFolder;
  beforeAll(async () => {
    [podman, moto, ecr] = await Promise.all([Podman.start(), Moto.start(), Registry.start(motoLogin)]);
    importNodeImage(podman, base);
    const programs = join(podman.directory, 'bin');
    mkdirSync(programs);
    // podman instead of docker, and ECR on loopback.
    writeFileSync(
      join(programs, 'docker'),
      `#!/bin/bash
arguments=("\${@//${ecrHost}/${ecr.host}}")
case "$1" in login | push) arguments=("$1" --tls-verify=false "\${arguments[@]:1}") ;; esac
exec podman "\${arguments[@]}"
`,
    );
    chmodSync(join(programs, 'docker'), 0o755);
    reader = new ReadersFolder({
      path: `${programs}:${venv}`,
      env: {
        ...podman.environment,
        REGISTRY_AUTH_FILE: join(podman.directory, 'auth.json'),
        AWS_ENDPOINT_URL: moto.url,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
    mkdirSync(join(reader.path, 'node_modules/@bclaw'), { recursive: true });
    const runner = new URL('../../packages/runner', import.meta.url).pathname;
    symlinkSync(runner, join(reader.path, 'node_modules/@bclaw/runner'));
  });
  afterAll(async () => {
    reader?.remove();
    podman.close([`${ecr.host}/bclaw-runner:1.0`, 'localhost/bclaw-runner:1.0', base]);
    moto.stop();
    await ecr.remove();
  });

  it('builds an image that is the runner, and pushes it', async () => {
    reader.follow('docs/how-to/build-the-runner-image.md');
    const authorization = `Basic ${Buffer.from(`${motoLogin.username}:${motoLogin.password}`).toString('base64')}`;
    const tags = await fetch(`http://${ecr.host}/v2/bclaw-runner/tags/list`, { headers: { authorization } });
    expect(await tags.json()).toEqual({ name: 'bclaw-runner', tags: ['1.0'] });
    const { exitCode, output } = await podman.attempt('run', '--rm', 'bclaw-runner:1.0', '--nonsense', 'x');
    expect(exitCode).toBe(197);
    expect(JSON.parse(output)).toMatchObject({ level: 'error', code: 'bad-arguments' });
  });
});
