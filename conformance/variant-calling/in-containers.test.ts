import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../../docs/test/markdown.js';
import { SharedEngine } from '../../examples/test/session.js';
import { Podman } from '../runner-docker/podman.js';

/** The Dockerfile's base image; built here from Debian's packages, because no registry can be reached. */
const base = 'public.ecr.aws/docker/library/debian:12.11-slim';

describe('the example variant-calling in its image', () => {
  let podman: Podman;
  let engine: SharedEngine;
  beforeAll(async () => {
    podman = await Podman.start();
    const root = join(podman.directory, 'debian');
    execFileSync('debootstrap', ['--variant=minbase', 'bookworm', root], { stdio: 'ignore' });
    execFileSync('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
    podman.podman('import', `${root}.tar`, base);
    const programs = join(podman.directory, 'bin');
    mkdirSync(programs);
    // podman instead of docker. apt-get needs a network; a sandbox may only have its own.
    const docker = `#!/bin/bash
case "$1" in build) set -- build --network host "\${@:2}" ;; esac
exec podman "$@"
`;
    writeFileSync(join(programs, 'docker'), docker);
    chmodSync(join(programs, 'docker'), 0o755);
    const { CONTAINERS_CONF = '', CONTAINERS_REGISTRIES_CONF = '' } = podman.environment;
    engine = new SharedEngine({
      PATH: programs,
      DOCKER_HOST: podman.host,
      BCLAW_EXECUTOR: 'docker',
      CONTAINERS_CONF,
      CONTAINERS_REGISTRIES_CONF,
    });
    await engine.start();
  });
  afterAll(async () => {
    await engine?.stop();
    podman?.close(['localhost/variant-calling:1.0', base]);
  });

  it('gives the same tables as the tools of this machine, and leaves no container', async () => {
    const folder = engine.copy('variant-calling');
    await engine.type(folder, 'bash prepare.sh');
    const typed = codeBlocks('examples/variant-calling/README.md').filter(
      ({ attributes }) => attributes['on'] === 'docker',
    );
    expect(typed).toHaveLength(1);
    for (const { text } of typed) await engine.type(folder, text);
    const tables = readdirSync(join(folder, 'expected/outputs'));
    expect(tables.length).toBeGreaterThan(1);
    for (const name of tables)
      expect(readFileSync(join(folder, 'outputs', name), 'utf8'), name).toBe(
        readFileSync(join(folder, 'expected/outputs', name), 'utf8'),
      );
    expect(podman.containers()).toEqual([]);
  });
});
