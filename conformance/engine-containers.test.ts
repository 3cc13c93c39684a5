import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './engine.js';
import { Podman, shellTools } from './runner-docker/podman.js';

const image = 'localhost/bclaw-test/engine:1.0';
const branches = 100;
/** Number of concurrent containers: the other branches wait. */
const cpus = 10;
const execute = promisify(execFile);

describe('the engine with a real container engine', () => {
  let podman: Podman;
  let engine: TestEngine;
  beforeAll(async () => {
    podman = await Podman.start();
    await podman.image(image, shellTools);
    // No executor option: the engine finds the container engine itself.
    engine = await startTestEngine({
      words: ['--cpus', String(cpus), '--memory', '64Gb'],
      variables: { DOCKER_HOST: podman.host, BCLAW_EXECUTOR: undefined },
    });
    await engine.aws('s3', 'mb', 's3://contained');
  });
  afterAll(async () => {
    await engine?.stop();
    podman?.close([image]);
  });

  const workflow = (commands: string) => `Transform: BC2_Compiler
Repository: s3://contained/\${job.id}
Options: {versioned: true}
Steps:
  - prepare:
      image: ${image}
      inputs: {}
      compute: {memory: 64 Mb, shm: 48 Mb}
      commands: ['[ -x /bin/busybox ] && ls / > root.txt', 'cat /proc/mounts > shm.txt']
      outputs: {root: root.txt, shm: shm.txt}
  - wide:
      scatter: {n: '\${job.items}'}
      inputs: {root: root.txt}
      steps:
        - only:
            image: ${image}
            inputs: {root: 's3://contained/\${job.id}/root.txt'}
            compute: {memory: 64 Mb}
            commands: [${JSON.stringify(commands)}]
            outputs: {n: n.txt}
            retry: {attempts: 0}
      outputs: {n: n.txt}
`;

  it('runs a workflow in its images, by its own choice', async () => {
    expect(JSON.parse(await engine.bclaw('local', 'status', '--json'))).toMatchObject({ executor: 'docker' });
    const folder = await mkdtemp(join(tmpdir(), 'bclaw-contained-'));
    await writeFile(join(folder, 'workflow.yaml'), workflow('wc -l < ${root} > n.txt; echo ${scatter.n} >> n.txt'));
    await writeFile(join(folder, 'job.json'), JSON.stringify({ id: 'run', items: ['a', 'b'] }));
    await engine.bclaw(
      'run',
      join(folder, 'workflow.yaml'),
      '--job',
      join(folder, 'job.json'),
      '--name',
      'contained',
      '--out',
      join(folder, 'out'),
    );
    // The image's root folder, and nothing of this machine.
    const root = (await readFile(join(folder, 'out/root.txt'), 'utf8')).split('\n');
    expect(root).toContain('bin');
    expect(root).not.toContain('home');
    expect(await readFile(join(folder, 'out/shm.txt'), 'utf8')).toMatch(/ \/dev\/shm .*\bsize=49152k\b/);
    expect(await readFile(join(folder, 'out/wide/00001/n.txt'), 'utf8')).toBe(`${root.length - 1}\nb\n`);
    expect(podman.containers()).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it(`leaves no process and no container behind when it is stopped while ${branches} branches run`, async () => {
    const template = join(engine.folder, 'stopped.yaml');
    await writeFile(template, workflow('sleep 600'));
    await engine.bclaw('deploy', template, '--name', 'stopped');
    const job = join(engine.folder, 'wide.json');
    await writeFile(job, JSON.stringify({ id: 'wide', items: Array.from({ length: branches }, (_, index) => index) }));
    await engine.bclaw('submit', 'stopped', job);
    const running = () => podman.podman('ps', '--quiet', '--filter', 'label=bclaw.job').split('\n').filter(Boolean);
    await expect.poll(() => running().length, { timeout: 120_000, interval: 1000 }).toBe(cpus);

    const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:stopped--1';
    const aws = async (...words: string[]) =>
      JSON.parse(await engine.aws('stepfunctions', ...words, '--output', 'json'));
    const [execution] = (await aws('list-executions', '--state-machine-arn', machine)).executions;
    const [mapRun] = (await aws('list-map-runs', '--execution-arn', execution.executionArn)).mapRuns;
    const counts = async () => (await aws('describe-map-run', '--map-run-arn', mapRun.mapRunArn)).itemCounts;
    expect(await counts()).toMatchObject({ total: branches, running: branches });

    await aws('stop-execution', '--execution-arn', execution.executionArn);
    await expect.poll(() => podman.containers(), { timeout: 90_000, interval: 1000 }).toEqual([]);
    const runners = async () => (await execute('ps', ['-eo', 'args'])).stdout.split('\n').filter(isRunnerOfThisEngine);
    await expect.poll(runners, { timeout: 60_000, interval: 500 }).toEqual([]);
    expect(await counts()).toMatchObject({ aborted: branches, running: 0 });
  });

  /** The engine passes the URI of the repository to its jobs on the command line. */
  const isRunnerOfThisEngine = (command: string) => command.includes('s3://contained/wide');
});
