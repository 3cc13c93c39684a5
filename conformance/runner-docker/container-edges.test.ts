import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobSettings, JobWorld } from '../../packages/runner/test/job-world.js';
import { outcomeOf } from '../../packages/runner/test/program.js';
import { freePort } from '../free-port.js';
import { startContained } from './contained.js';
import { Podman, shellTools } from './podman.js';

const tools = [...shellTools, 'cp', 'rm', 'touch', 'true'];
const image = 'localhost/bclaw-test/edges:1.0';
const asUser = 'localhost/bclaw-test/edges-user:1.0';
const withoutShell = 'localhost/bclaw-test/edges-no-shell:1.0';
const withoutBin = 'localhost/bclaw-test/edges-no-bin:1.0';
const otherProcessor = 'localhost/bclaw-test/edges-arm64:1.0';
const busyRegistry = 'busy.example';
const nobody = { uid: 65534, gid: 65534 };

describe('a container of a job', () => {
  let podman: Podman;
  let world: JobWorld;
  let registry: Server;
  beforeAll(async () => {
    const port = await freePort();
    registry = startBusyRegistry(port);
    podman = await Podman.start({ [busyRegistry]: `127.0.0.1:${port}` });
    await podman.image(image, tools);
    await podman.image(asUser, tools, ['USER 1000']);
    await podman.image(withoutShell, ['cat']);
    await podman.image(withoutBin, tools, ['ENV PATH=/opt/tool/bin']);
    importForOtherProcessor();
    // The runner's own user may differ.
    for (const path of [podman.directory, join(podman.directory, 'podman.sock')]) chmodSync(path, 0o777);
    world = await JobWorld.start();
    await world.put('ref/g.fa', 'GOOD\n');
    await world.put('repo/in.txt', 'in\n');
  });
  afterAll(async () => {
    podman.close([image, asUser, withoutShell, withoutBin, otherProcessor]);
    registry.close();
    await world.close();
  });

  /** The same image for another processor architecture, whose number is in the header of each program (elf(5)). */
  function importForOtherProcessor(): void {
    const root = mkdtempSync(join(podman.directory, 'arm64-'));
    mkdirSync(join(root, 'bin'));
    const busybox = readFileSync('/bin/busybox');
    busybox.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
    writeFileSync(join(root, 'bin', 'sh'), busybox, { mode: 0o755 });
    podman.archive(root, `${root}.tar`);
    podman.podman('import', '--arch', process.arch === 'arm64' ? 'amd64' : 'arm64', `${root}.tar`, otherProcessor);
  }

  const start = (settings: JobSettings, variables = {}, user?: typeof nobody) =>
    startContained(world, podman, { ...settings, step: { image, ...settings.step } }, variables, user);
  const run = (...given: Parameters<typeof start>) => outcomeOf(start(...given));

  describe.each([
    ['root', undefined],
    ['another user', nobody],
  ])('whose runner is %s', (_, user) => {
    const attacks = [
      'chmod -R a+rwX .; echo BAD >> ${ref}',
      'ln ${ref} hard; chmod 666 hard; echo BAD > hard',
      'ln -s ${ref} soft; chmod 666 soft; echo BAD > soft',
      'cp -l ${ref} linked; echo BAD > linked',
      'mv ${ref} moved; chmod 666 moved; echo BAD >> moved',
      'rm -f ${ref}; echo BAD > ${ref}',
      'cd ..; mv workspace other; chmod -R 777 .; echo BAD >> other/g.fa',
    ];

    it.each([image, asUser])('cannot change a reference for the jobs after it (%s)', async (of) => {
      const scratch = mkdtempSync(join(tmpdir(), 'bclaw-refs-'));
      if (user !== undefined) chownSync(scratch, user.uid, user.gid);
      const settings = (commands: readonly string[]) => ({
        step: { image: of, references: { ref: 's3://data/ref/g.fa' }, commands },
      });
      // The first job downloads it.
      for (const attack of ['true', ...attacks])
        await run(settings([`{ ${attack}; } 2>&1 || true`]), { BC_SCRATCH_PATH: scratch }, user);
      const last = await run(settings(['cat ${ref}']), { BC_SCRATCH_PATH: scratch }, user);
      expect(last.user.at(-1)).toBe('GOOD');
      expect(last.own.map(({ message }) => message)).not.toContain('Fetched a reference into the cache.');
      expect(readdirSync(join(scratch, 'jobs'))).toEqual([]);
      rmSync(scratch, { recursive: true });
    });

    it('uploads a reference that is an output, not what stands in for it', async () => {
      const scratch = mkdtempSync(join(tmpdir(), 'bclaw-refs-'));
      if (user !== undefined) chownSync(scratch, user.uid, user.gid);
      const step = {
        references: { ref: 's3://data/ref/g.fa' },
        commands: ['true'],
        outputs: { all: { file: '*.fa' } },
      };
      expect((await run({ step }, { BC_SCRATCH_PATH: scratch }, user)).exitCode).toBe(0);
      expect(await world.text('repo/g.fa')).toBe('GOOD\n');
      rmSync(scratch, { recursive: true });
    });
  });

  it('reads its files whatever the umask of its runner is', async () => {
    const child = startContained(
      world,
      podman,
      {
        step: {
          image: asUser,
          inputs: { in: 'in.txt' },
          references: { ref: 's3://data/ref/g.fa' },
          commands: ['cat ${in} ${ref} "$BC_JOB_DATA_FILE"', 'echo out > out.txt'],
          outputs: { out: { file: 'out.txt' } },
        },
      },
      {},
      { umask: 0o077 },
    );
    const { exitCode, user } = await outcomeOf(child);
    expect(exitCode).toBe(0);
    expect(user).toEqual(expect.arrayContaining(['in', 'GOOD']));
    expect(await world.text('repo/out.txt')).toBe('out\n');
  });

  it.each(['with:colon', 'with,comma', 'with "quotes"', "with 'blanks' and $signs", 'mit Ümläuten'])(
    'runs in a folder called `%s`',
    async (name) => {
      const scratch = join(world.directory, name);
      const step = {
        references: { ref: 's3://data/ref/g.fa' },
        commands: ['cat ${ref} > out.txt'],
        outputs: { out: { file: 'out.txt' } },
      };
      const { exitCode, own } = await run({ step }, { BC_SCRATCH_PATH: scratch });
      expect({ exitCode, errors: own.filter(({ level }) => level === 'error') }).toEqual({ exitCode: 0, errors: [] });
    },
  );

  it.each([
    ['is for another processor', otherProcessor, 'sh', 'other-processor', /arm64|amd64/],
    ['has no shell', withoutShell, 'sh', 'no-shell', /has no shell "sh"/],
    ['has not the shell that is asked for', image, 'bash', 'no-shell', /has no shell "bash"/],
    ['has a PATH without /bin', withoutBin, 'sh', 'no-shell-in-path', /PATH \(\/opt\/tool\/bin\)/],
  ] as const)('says that its image %s', async (_, of, shell, code, words) => {
    const { exitCode, own } = await run({ step: { image: of, shell, commands: ['true'] } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code, message: expect.stringMatching(words), hint: expect.any(String) });
    expect(podman.containers()).toEqual([]);
  });

  it('says that memory ended a process of its commands, whatever the exit code', async () => {
    const greedy = 'dd if=/dev/zero of=/dev/null bs=200M count=1';
    const failed = await run({ step: { commands: [`${greedy} || exit 3`] } });
    expect(failed.exitCode).toBe(3);
    expect(failed.own).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringMatching(/more memory than 64 MiB/) }),
    );
    const unnoticed = await run({ step: { commands: [`${greedy} || true`] } });
    expect(unnoticed.exitCode).toBe(0);
    expect(unnoticed.own).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringMatching(/more memory than 64 MiB/) }),
    );
  });

  it('waits for a registry that has had too many requests, and says so', async () => {
    const { exitCode, own } = await run({ step: { image: `${busyRegistry}/some/tool:1.0` } });
    expect(exitCode).toBe(199);
    expect(own).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringMatching(/too many requests; trying again/) }),
    );
    // By then the registry has recovered, and does not have such an image.
    expect(own.at(-1)).toMatchObject({ code: 'no-image', message: expect.stringMatching(/manifest unknown/i) });
  });
});

/** A registry that responds to its first requests for a manifest with 429; podman itself sends twenty for one pull. */
function startBusyRegistry(port: number): Server {
  let requests = 0;
  return createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/v2/') {
      response.end('{}');
      return;
    }
    requests += 1;
    const [status, code] = requests <= 20 ? [429, 'TOOMANYREQUESTS'] : [404, 'MANIFEST_UNKNOWN'];
    response.writeHead(status, { 'retry-after': '1' });
    response.end(
      JSON.stringify({
        errors: [{ code, message: code === 'MANIFEST_UNKNOWN' ? 'manifest unknown' : 'too many pulls' }],
      }),
    );
  }).listen(port, '127.0.0.1');
}
