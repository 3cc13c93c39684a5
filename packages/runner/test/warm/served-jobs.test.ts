import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FromServer, ServedJob } from '../../src/index.js';
import { type JobSettings, JobWorld, jobArguments, sorted } from '../job-world.js';
import { outcomeOf, startProgram } from '../program.js';

const program = createRequire(import.meta.url).resolve('@bclaw/runner/program');

/** A process that serves jobs, as the embedded engine starts it. */
class Server {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  #output = '';
  readonly #heard: FromServer[] = [];

  constructor(directory: string) {
    this.child = spawn(process.execPath, [program, 'serve'], {
      cwd: directory,
      env: {},
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      detached: true,
    });
    this.exited = once(this.child, 'exit');
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.child.on('message', (message: FromServer) => this.#heard.push(message));
  }

  send(world: JobWorld, settings: JobSettings, variables: Readonly<Record<string, string>> = {}): void {
    const job: ServedJob = { arguments: jobArguments(settings), environment: variablesOf(world, variables) };
    this.#output = '';
    this.#heard.length = 0;
    this.child.send(job);
  }

  get accepted(): boolean {
    return this.#heard.some(({ kind }) => kind === 'accepted');
  }

  /** The end of a job that left nothing. */
  async ended() {
    const end = await expect
      .poll(() => this.#heard.find(({ kind }) => kind === 'ended'))
      .toBeDefined()
      .then(() => this.#heard.find((message) => message.kind === 'ended'));
    const bytes = end?.kind === 'ended' ? end.outputBytes : 0;
    await expect.poll(() => Buffer.byteLength(this.#output)).toBe(bytes);
    return { exitCode: end?.exitCode, ...sorted(this.#output.split('\n').filter((line) => line !== '')) };
  }

  async run(world: JobWorld, settings: JobSettings, variables: Readonly<Record<string, string>> = {}) {
    this.send(world, settings, variables);
    return this.ended();
  }
}

/** The environment of a job on this machine. */
function variablesOf(world: JobWorld, variables: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: join(world.directory, 'home'),
    AWS_ENDPOINT_URL: world.engine.url,
    AWS_REGION: world.engine.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    BC_EXECUTOR: 'process',
    BC_SCRATCH_PATH: world.scratchPath,
    BC_STEP_NAME: 'program',
    ...variables,
  };
}

/** Everything that commands see of the process that started them. */
const look = [
  'env | sort',
  'pwd; umask; ulimit -a',
  'grep -E "^(Sig[PBIC]|Shd|Cap|Seccomp|NoNewPrivs|Umask)" /proc/self/status',
  'for f in /proc/$$/fd/*; do echo "fd ${f##*/} $(readlink $f | sed "s/[0-9]\\{3,\\}/N/g")"; done',
].join('\n');

/** Without the name of the job's own workspace. */
const nameless = (lines: readonly string[]) => lines.map((line) => line.replace(/jobs\/job-\w+/g, 'jobs/job-X'));

/** The open sockets of a process, and all of its file descriptors. */
function openFilesOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name)).replace(/\d+/g, 'N')];
    } catch {
      return []; // closed meanwhile
    }
  });
}

describe.runIf(process.platform === 'linux')('a process that serves one job after another', () => {
  let world: JobWorld;
  const servers: Server[] = [];
  const serve = () => {
    mkdirSync(world.scratchPath, { recursive: true });
    const server = new Server(world.scratchPath);
    servers.push(server);
    return server;
  };
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterEach(async () => {
    for (const { child } of servers) if (child.connected) child.disconnect();
    await Promise.all(servers.splice(0).map(({ exited }) => exited));
    expect(await world.leftovers()).toEqual([]);
  });
  afterAll(() => world.close());

  /** Each leaves something that the next must not find. */
  const jobs: readonly (readonly [string, JobSettings, Readonly<Record<string, string>>])[] = [
    ['a plain one', { step: { commands: [look] } }, {}],
    [
      'one with variables of its own',
      { step: { commands: ['export LEFT=behind', look] } },
      { BC_SECRET: 's', TZ: 'Asia/Tokyo' },
    ],
    ['one in another step', { step: { commands: [look] } }, { BC_STEP_NAME: 'other', AWS_REGION: 'eu-west-1' }],
    [
      'one that changes its shell',
      { step: { shell: 'bash', commands: ['cd /; umask 077; trap "" TERM INT HUP', look] } },
      {},
    ],
    ['one that fails', { step: { commands: [look, 'exit 7'] } }, {}],
    ['one whose data is missing', { jobData: 's3://data/nowhere/_JOB_DATA_' }, {}],
    [
      'one that leaves processes',
      { step: { commands: ['sleep 600 & setsid sleep 600 > /dev/null 2>&1 &', look] } },
      {},
    ],
    ['one that ends by a signal', { step: { commands: [look, 'kill -TERM $$'] } }, {}],
    ['one with an unreadable setting', { step: { commands: [look] } }, { BC_CPUS: 'many' }],
    ['one with a file', { step: { commands: [look, 'echo x > a.txt'], outputs: { a: { file: 'a.txt' } } } }, {}],
    [
      'one with a QC check that passes',
      { step: { commands: [look, `echo '{"n":1}' > q.json`], qc: [{ file: 'q.json', stop_early_if: ['n > 1'] }] } },
      {},
    ],
    ['a plain one again', { step: { commands: [look] } }, {}],
  ];

  it('gives each job what it would have in a process of its own', async () => {
    const server = serve();
    const pid = server.child.pid ?? 0;
    let idle: readonly string[] | undefined;
    for (const [name, settings, variables] of jobs) {
      const alone = await outcomeOf(startProgram(world, settings, variablesOf(world, variables)));
      const served = await server.run(world, settings, variables);
      expect({ name, exitCode: served.exitCode, user: nameless(served.user) }).toEqual({
        name,
        exitCode: alone.exitCode,
        user: nameless(alone.user),
      });
      expect(
        served.own.map(({ message }) => message),
        name,
      ).toHaveLength(alone.own.length);
      const open = openFilesOf(pid).toSorted();
      idle ??= open;
      expect(open, `open files after ${name}`).toEqual(idle);
    }
    expect(server.child.pid).toBe(pid);
  });

  it('runs the commands of each in a process group of their own', async () => {
    const server = serve();
    const group = { step: { commands: ['ps -o pgid= -p $$'] } };
    const [first, second] = [await server.run(world, group), await server.run(world, group)];
    const groups = [first, second].map(({ user }) => Number(user.at(-1)));
    expect(new Set([...groups, server.child.pid ?? 0]).size).toBe(3);
  });

  it('ends with a job that is stopped, and with its exit code', async () => {
    const server = serve();
    await server.run(world, {});
    const ready = join(world.directory, 'ready');
    server.send(world, { step: { commands: [`echo > ${ready}; sleep 600`] } });
    await expect.poll(() => existsSync(ready)).toBe(true);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual([143, null]);
  });

  it('stops its job and ends when its parent is gone', async () => {
    const server = serve();
    const beat = join(world.directory, 'orphan-beat');
    server.send(world, { step: { commands: [`while :; do date +%s%N > ${beat}; sleep 0.01; done`] } });
    await expect.poll(() => existsSync(beat)).toBe(true);
    server.child.disconnect();
    expect(await server.exited).toEqual([143, null]);
    const last = readFileSync(beat, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readFileSync(beat, 'utf8')).toBe(last);
  });

  it("ends when it is idle and gets a signal, and takes no job when the AWS SDK's files have changed", async () => {
    const idle = serve();
    await idle.run(world, {});
    idle.child.kill('SIGTERM');
    expect(await idle.exited).toEqual([143, null]);

    const other = serve();
    await other.run(world, {});
    mkdirSync(join(world.directory, 'home/.aws'), { recursive: true });
    writeFileSync(join(world.directory, 'home/.aws/config'), '[default]\nregion = us-west-2\n');
    other.send(world, {});
    expect(await other.exited).toEqual([199, null]);
    expect(other.accepted).toBe(false);
  });
});
