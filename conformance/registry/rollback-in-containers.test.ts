import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../engine.js';
import { Podman, shellTools } from '../runner-docker/podman.js';
import { Registry } from './registry.js';

/** End to end: pushed by podman, deployed, pulled by digest, run in a container. */
describe('a rollback after the tag of an image was moved, in containers', () => {
  let registry: Registry;
  let podman: Podman;
  let engine: TestEngine;
  let image: string;

  beforeAll(async () => {
    registry = await Registry.start();
    image = `${registry.host}/lab/tools:1.0`;
    podman = await Podman.start({ [registry.host]: registry.host });
    engine = await startTestEngine({ variables: { DOCKER_HOST: podman.host, BCLAW_EXECUTOR: 'docker' } });
    await engine.aws('s3', 'mb', 's3://results');
  });
  afterAll(async () => {
    await engine?.stop();
    const pulled = podman?.podman('images', '--quiet', '--filter', `reference=${registry.host}/lab/tools`).split('\n');
    podman?.close([...new Set(pulled)].filter(Boolean));
    await registry?.remove();
  });

  /** Tags an image that knows its own release, and keeps no local copy of it. */
  async function push(release: string): Promise<void> {
    await podman.image(image, shellTools, [`ENV RELEASE=${release}`]);
    podman.podman('push', '--quiet', image);
    podman.podman('rmi', '--force', image);
  }

  async function deploy(name: string, pin: boolean): Promise<void> {
    await writeFile(
      join(engine.folder, 'workflow.yaml'),
      `Transform: BC2_Compiler
Repository: s3://results/\${job.id}
Options: {versioned: true, pin_images: ${pin}}
Steps:
  - tell: {image: '${image}', inputs: {}, commands: 'echo $RELEASE > \${out}', outputs: {out: out.txt}}
`,
    );
    await engine.bclaw('deploy', 'workflow.yaml', '--name', name, '--force');
  }

  /** Runs a job, and returns the release of its image. */
  async function releaseOf(name: string, id: string): Promise<string> {
    await writeFile(join(engine.folder, `${id}.json`), JSON.stringify({ id }));
    await engine.bclaw('submit', name, `${id}.json`, '--watch');
    return (await engine.aws('s3', 'cp', `s3://results/${id}/out.txt`, '-')).trim();
  }

  const rollBack = (name: string) =>
    engine.aws(...`lambda update-alias --function-name ${name}-launcher --name live --function-version 1`.split(' '));

  it('brings back the image when it was pinned, and runs the new one when it was not', async () => {
    await push('first');
    await deploy('pinned', true);
    await deploy('floating', false);
    expect(await releaseOf('pinned', 'a')).toBe('first');

    await push('second');
    await deploy('pinned', true);
    await deploy('floating', false);
    expect(await releaseOf('pinned', 'b')).toBe('second');

    await rollBack('pinned');
    await rollBack('floating');
    expect(await releaseOf('pinned', 'c')).toBe('first');
    expect(await releaseOf('floating', 'd')).toBe('second');
  });
});
