import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type JobSettings, JobWorld, jobArguments, sorted } from '../../packages/runner/test/job-world.js';
import { Podman, shellTools } from './podman.js';
import { buildRunnerImage, importNodeImage } from './runner-image.js';

const base = 'localhost/bclaw-test/node:1.0';
const runnerImage = 'localhost/bclaw-test/bclaw-runner:1.0';
const userImage = 'localhost/bclaw-test/tools:1.0';

describe("the runner's image, built by podman and run as AWS Batch runs it", () => {
  let podman: Podman;
  let world: JobWorld;
  let metadata: EcsMetadata;
  beforeAll(async () => {
    podman = await Podman.start();
    importNodeImage(podman, base);
    buildRunnerImage(podman, runnerImage, base);
    await podman.image(userImage, shellTools);
    world = await JobWorld.start();
    mkdirSync(world.scratchPath);
    metadata = await EcsMetadata.start();
  });
  afterAll(async () => {
    podman.close([runnerImage, base, userImage]);
    await metadata.close();
    await world.close();
  });
  afterEach(() => {
    expect(podman.containers()).toEqual([]);
  });

  /** The runner's container as a job definition describes it: host's socket, scratch folder, a step's file systems. */
  async function run(settings: JobSettings, volumes: readonly string[] = []) {
    const variables = {
      AWS_ENDPOINT_URL: world.engine.url,
      AWS_REGION: world.engine.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_BATCH_JOB_ID: 'a-job',
      ECS_CONTAINER_METADATA_URI_V4: metadata.url,
      BC_SCRATCH_PATH: world.scratchPath,
      BC_STEP_NAME: 'imaged',
    };
    const mounts = [
      `${join(podman.directory, 'podman.sock')}:/var/run/docker.sock`,
      `${world.scratchPath}:${world.scratchPath}`,
      ...volumes,
    ];
    const id = podman.podman(
      'create',
      // The engine listens on the host's loopback address.
      '--network=host',
      ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
      ...mounts.map((mount) => `--volume=${mount}`),
      runnerImage,
      ...jobArguments({ ...settings, step: { image: userImage, ...settings.step } }),
    );
    metadata.containerId = id;
    try {
      const { exitCode, output } = await podman.attempt('start', '--attach', id);
      return { exitCode, ...sorted(output.split('\n').filter((line) => line !== '')) };
    } finally {
      podman.podman('rm', '--force', id);
    }
  }

  it('stages, runs the commands in a container beside its own, and uploads', async () => {
    await world.put('repo/in.txt', 'a\nb\n');
    await world.put('ref/genome', 'ACGT');
    const { exitCode, user } = await run({
      step: {
        inputs: { in: 'in.txt' },
        references: { genome: 's3://data/ref/genome' },
        commands: [
          'wc -l < ${in} > count.txt',
          'cat ${genome} >> count.txt',
          'test ! -e /usr/bin/node && echo elsewhere',
        ],
        outputs: { count: { file: 'count.txt' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(user).toContain('elsewhere');
    expect(await world.text('repo/count.txt')).toBe('2\nACGT');
    expect(await world.leftovers()).toEqual([]);
  });

  it("gives the step's file systems, which ECS mounts into the runner's container, to the commands", async () => {
    const share = join(world.directory, 'efs');
    mkdirSync(share);
    writeFileSync(join(share, 'database'), 'shared');
    const { exitCode, user } = await run(
      { step: { commands: ['cat /mnt/shared/database; echo; echo back > /mnt/shared/written'] } },
      [`${share}:/mnt/shared`],
    );
    expect(exitCode).toBe(0);
    expect(user).toContain('shared');
  });

  it("ends with the commands' exit code, or with its own", async () => {
    expect((await run({ step: { commands: ['exit 42'] } })).exitCode).toBe(42);
    expect((await run({ step: { inputs: { in: 'no-such' } } })).exitCode).toBe(197);
  });
});

/** The ECS agent's task metadata endpoint, version 4: here it returns only the container's id. */
class EcsMetadata {
  containerId = '';
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/v4/container`;
  }

  static async start(): Promise<EcsMetadata> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const metadata = new EcsMetadata(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('request', (_request, answer) => {
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ DockerId: metadata.containerId, Name: 'default' }));
    });
    return metadata;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
