import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { removeOrphans } from '../../packages/runner/src/executors/orphans.js';
import { createLog } from '../../packages/runner/src/log.js';
import { dockerClient } from '../../packages/runner/test/docker-client.js';
import { type JobSettings, JobWorld } from '../../packages/runner/test/job-world.js';
import { outcomeOf, startProgram } from '../../packages/runner/test/program.js';
import { startContained } from './contained.js';
import { Podman, shellTools } from './podman.js';

const program = createRequire(import.meta.url).resolve('@bclaw/runner/program');
const image = 'localhost/bclaw-test/busybox:3.0';
const builtHere = 'localhost/bclaw-test/busybox:dev';
const withEntrypoint = 'localhost/bclaw-test/entrypoint:1.0';
const withoutShell = 'localhost/bclaw-test/no-shell:1.0';

describe('the docker executor, on podman', () => {
  let podman: Podman;
  let world: JobWorld;
  beforeAll(async () => {
    podman = await Podman.start();
    await podman.image(image, shellTools);
    await podman.image(withEntrypoint, shellTools, [
      'ENTRYPOINT ["/bin/echo", "entry"]',
      'CMD ["cmd"]',
      'USER 1000',
      'ENV FROM_IMAGE=yes',
    ]);
    await podman.image(withoutShell, ['cat']);
    world = await JobWorld.start();
  });
  afterAll(async () => {
    podman.close([image, builtHere, withEntrypoint, withoutShell]);
    await world.close();
  });
  afterEach(() => {
    expect(podman.containers()).toEqual([]);
  });

  const start = (settings: JobSettings, variables: Record<string, string> = {}) =>
    startContained(world, podman, { ...settings, step: { image, ...settings.step } }, variables);

  const run = (settings: JobSettings, variables?: Record<string, string>) => outcomeOf(start(settings, variables));

  it('stages, runs in the image and uploads', async () => {
    await world.put('repo/in.txt', 'a\nb\n');
    await world.put('ref/genome', 'g');
    const { exitCode, user } = await run({
      step: {
        inputs: { in: 'in.txt' },
        references: { ref: 's3://data/ref/genome' },
        commands: ['wc -l < ${in} > count.txt', 'cat ${ref}; echo; id -u', 'echo trouble >&2', 'ls /bin/busybox'],
        outputs: { count: { file: 'count.txt' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(user).toEqual(expect.arrayContaining(['g', '0', 'trouble', '/bin/busybox']));
    expect((await world.text('repo/count.txt')).trim()).toBe('2');
    expect(await world.leftovers()).toEqual([]);
  });

  it("runs the commands instead of the image's entrypoint, as the image's user, with the image's variables", async () => {
    const { exitCode, user } = await run({
      step: {
        image: withEntrypoint,
        commands: [
          'id -u; echo "$FROM_IMAGE $BC_STEP_NAME $BC_EXECUTION_ID"; echo mine > mine.txt; cat "$BC_JOB_DATA_FILE" >/dev/null',
        ],
        outputs: { mine: { file: 'mine.txt' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(user).toEqual(expect.arrayContaining(['1000', 'yes contained job_0a1b2c3d']));
    expect(user.join('\n')).not.toContain('entry');
    expect(await world.text('repo/mine.txt')).toBe('mine\n');
    expect(await world.leftovers()).toEqual([]);
  });

  it("ends with the commands' exit code", async () => {
    expect((await run({ step: { commands: ['exit 42'] } })).exitCode).toBe(42);
  });

  it('takes names with spaces and letters of any script into the container and out of it', async () => {
    const name = "séquence №1 'x' 配列 🧬.fa";
    await world.put(`repo/${name}`, 'ACGT');
    const { exitCode } = await run({
      step: {
        inputs: { in: name },
        commands: ['mkdir "ein Ordner"', 'for f in *.fa; do cat "$f" > "ein Ordner/copy of $f"; done'],
        outputs: { copies: { file: '**/copy of *.fa' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(await world.text(`repo/copy of ${name}`)).toBe('ACGT');
  });

  it('uploads no file of the host for a link that leads into the image', async () => {
    const { exitCode, own } = await run({
      repo: 's3://data/links',
      jobData: 's3://data/repo/_JOB_DATA_',
      step: {
        commands: ['echo own > own.txt', 'ln -s own.txt in.link', 'ln -s /etc/passwd out.link', 'cat out.link'],
        outputs: { links: { file: '*.link' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(await world.text('links/in.link')).toBe('own\n');
    await expect(world.text('links/out.link')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(own.filter(({ level }) => level !== 'info')).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringContaining('out.link is a link to /etc/passwd'),
        hint: expect.stringContaining('copy'),
      }),
    ]);
  });

  it('uploads no file of the host when the workspace has become a link into the image', async () => {
    const { exitCode, own } = await run({
      step: {
        commands: ['cd ..; mv workspace moved; ln -s /etc workspace'],
        outputs: { all: { file: 'host*' }, one: { file: 'passwd' } },
      },
    });
    expect(exitCode).toBe(197);
    expect(own).toContainEqual(expect.objectContaining({ message: 'Uploaded the outputs.', objects: 0 }));
    expect(own).toContainEqual(expect.objectContaining({ level: 'error', code: 'missing-output' }));
  });

  it.each([
    ['sh', 'false | true; echo on', 0],
    ['sh-pipefail', 'false | true; echo on', 1],
    ['sh-pipefail', 'echo ${UNSET_VARIABLE}', 2],
  ] as const)('runs %s so that it stops where it should: %s', async (shell, command, exitCode) => {
    expect((await run({ step: { shell, commands: [command] } })).exitCode).toBe(exitCode);
  });

  it('shows a line when it is complete, not when the commands have ended', async () => {
    const child = start({ step: { commands: ['echo first', 'while [ ! -e go ]; do sleep 0.1; done'] } });
    const ended = outcomeOf(child);
    let shown = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await expect.poll(() => shown, { timeout: 30_000 }).toContain('user| first\n');
    for (const job of readdirSync(join(world.scratchPath, 'jobs')))
      writeFileSync(join(world.scratchPath, 'jobs', job, 'job', 'workspace', 'go'), '');
    expect((await ended).exitCode).toBe(0);
  });

  it('leaves no process and no container behind when many jobs are stopped at once', async () => {
    const children = Array.from({ length: 8 }, () => start({ step: { commands: ['sleep 600 & wait'] } }));
    const ended = children.map((child) => outcomeOf(child));
    await expect.poll(() => running().length, { timeout: 60_000 }).toBe(8);
    for (const child of children) child.kill('SIGTERM');
    expect((await Promise.all(ended)).map(({ exitCode }) => exitCode)).toEqual(children.map(() => 143));
    expect(podman.containers()).toEqual([]);
    expect(await world.leftovers()).toEqual([]);
  });

  it('limits memory, and says that it ran out', async () => {
    const { exitCode, own } = await run({
      step: { commands: ['dd if=/dev/zero of=/dev/null bs=200M count=1'] },
    });
    expect(exitCode).toBe(137);
    expect(own).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('more memory than 64 MiB') }),
    );
  });

  it('reaches the endpoint of AWS_ENDPOINT_URL when it is on the loopback address', async () => {
    const port = new URL(world.engine.url).port;
    const { user } = await run({ step: { commands: ['cat /proc/net/tcp'] } });
    const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
    expect(user.some((line) => line.includes(`0100007F:${hex}`))).toBe(true);
  });

  it('passes a signal on, kills what does not listen, and removes the container', async () => {
    const ready = () => findInWorkspace('ready');
    const child = start({ step: { commands: ["trap '' TERM; echo > ready; while :; do sleep 1; done"] } });
    const ended = outcomeOf(child);
    await expect.poll(ready, { timeout: 30_000 }).toBe(true);
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);
    expect(await world.leftovers()).toEqual([]);
  });

  it('passes a signal on to what the shell waits for, so that its trap has its turn', async () => {
    const child = start(
      { step: { commands: ["trap 'echo cleaned up; exit 0' TERM; echo > ready; sleep 600"] } },
      { BC_STOP_GRACE_SECONDS: '60' },
    );
    const ended = outcomeOf(child);
    await expect.poll(() => findInWorkspace('ready'), { timeout: 30_000 }).toBe(true);
    child.kill('SIGTERM');
    const { exitCode, user } = await ended;
    expect(exitCode).toBe(143);
    expect(user.filter((line) => line === 'cleaned up')).toEqual(['cleaned up']);
  });

  it('ends with its runner, even when that is killed', async () => {
    const child = start({ step: { commands: ['echo > up; while :; do date +%s > beat; sleep 1; done'] } });
    await expect.poll(() => findInWorkspace('up'), { timeout: 30_000 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect
      .poll(() => podman.podman('ps', '--quiet', '--filter', 'label=bclaw.job'), { timeout: 20_000 })
      .toBe('');
    const [id = ''] = podman.containers();
    expect(podman.podman('inspect', '--format', '{{.State.ExitCode}}', id)).toBe('137');
    podman.podman('rm', id);
    // A later job removes its abandoned workspace (packages/runner/test/program.test.ts).
    rmSync(join(world.scratchPath, 'jobs'), { recursive: true });
  });

  it('uploads and removes what root has made in the container, when the runner itself is not root', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'bclaw-nobody-'));
    const nobody = { uid: 65534, gid: 65534 };
    chownSync(scratch, nobody.uid, nobody.gid);
    for (const path of [podman.directory, join(podman.directory, 'podman.sock')]) chmodSync(path, 0o777);
    const { exitCode, own } = await outcomeOf(
      startProgram(
        world,
        {
          step: {
            image,
            commands: ['mkdir deep; echo secret > deep/own; chmod 700 deep; chmod 600 deep/own'],
            outputs: { own: { file: 'deep/own' } },
          },
        },
        { BC_EXECUTOR: 'docker', DOCKER_HOST: podman.host, BC_SCRATCH_PATH: scratch },
        nobody,
      ),
    );
    expect(own.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(await world.text('repo/own')).toBe('secret\n');
    expect(readdirSync(join(scratch, 'jobs'))).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  it('removes what a killed runner left before it could start it, but nothing of a live one', async () => {
    const orphan = podman.podman('create', '--label', 'bclaw.job=killed', image, 'sh');
    const docker = dockerClient(join(podman.directory, 'podman.sock'));
    const log = createLog(
      () => undefined,
      () => new Date(0),
    );
    await removeOrphans(docker, log);
    expect(podman.containers()).toHaveLength(1);
    await removeOrphans(docker, log, Date.now() + 3_600_000);
    expect(podman.containers()).not.toContain(orphan);
  });

  it('says what is wrong with an image', async () => {
    const missing = await run({ step: { image: 'localhost:1/no/such:1.0' } });
    expect(missing.exitCode).toBe(199);
    expect(missing.own.at(-1)).toMatchObject({
      code: 'no-image',
      message: expect.stringContaining('localhost:1/no/such:1.0'),
    });
    const shellless = await run({ step: { image: withoutShell } });
    expect(shellless.exitCode).toBe(197);
    expect(shellless.own.at(-1)).toMatchObject({ code: 'no-shell', message: expect.stringContaining(withoutShell) });
    expect(await world.leftovers()).toEqual([]);
  });

  it('does not look elsewhere for an image that was built here, whatever its tag', async () => {
    podman.podman('tag', image, builtHere);
    const { exitCode, own } = await run({ step: { image: builtHere } });
    expect(exitCode).toBe(0);
    expect(own.map(({ message }) => message)).not.toContain('Pulling the image.');
  });

  it('falls back on an image of this machine when the account has none of that name', async () => {
    const { exitCode, own } = await run({ step: { image: 'bclaw-test/busybox:${job.n}.0', commands: ['true'] } });
    expect(own).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('own bclaw-test/busybox:3.0') }),
    );
    expect(exitCode).toBe(0);
  });

  it('runs any image as Batch would, with its entrypoint and its own words', async () => {
    const child = spawn(process.execPath, [program, 'container', withEntrypoint, 'hello', '$HOME'], {
      env: { PATH: process.env['PATH'], DOCKER_HOST: podman.host, BC_MEMORY_MIB: '64', AWS_REGION: 'us-east-1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [[code], out] = await Promise.all([once(child, 'exit'), child.stdout === null ? '' : text(child.stdout)]);
    expect({ code, out }).toEqual({ code: 0, out: 'entry hello $HOME\n' });
  });

  it('says that there is no engine', async () => {
    const { exitCode, own } = await run({}, { DOCKER_HOST: 'unix:///no/such.sock' });
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'no-container-engine', hint: expect.stringContaining('DOCKER_HOST') });
  });

  function running(): readonly string[] {
    return podman.podman('ps', '--quiet', '--filter', 'label=bclaw.job').split('\n').filter(Boolean);
  }

  /** Returns true if the only workspace has a file. */
  function findInWorkspace(name: string): boolean {
    const jobs = join(world.scratchPath, 'jobs');
    if (!existsSync(jobs)) return false;
    return readdirSync(jobs).some((job) => existsSync(join(jobs, job, 'job', 'workspace', name)));
  }
});
