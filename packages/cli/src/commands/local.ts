import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BclawError } from '@bclaw/spec';
import { confirm } from '../confirm.js';
import { type FoundEngine, findEngine } from '../engine-file.js';
import { chooseExecutor, type ExecutorOptions, executorSentence } from '../executor.js';
import { Exit, exitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';

export interface LocalOptions {
  readonly directory: string;
  readonly json?: boolean;
}

export interface LocalStartOptions extends LocalOptions, ExecutorOptions {
  readonly port?: number;
  readonly cpus?: number;
  /** MiB */
  readonly memory?: number;
  readonly detach?: boolean;
}

/** The port that is tried when none is given; any free one when it is taken. */
const usualPort = 4577;

/** What a detached engine says goes here, in its directory. */
const logFile = 'engine.log';

/** `bclaw local start`: runs until it is interrupted, or in the background with `--detach`. */
export async function start(options: LocalStartOptions, terminal: Terminal): Promise<void> {
  const directory = resolve(options.directory);
  const running = await findEngine(directory);
  if (running !== undefined) {
    terminal.note('An engine runs here already.');
    tell(running, options, terminal);
    return;
  }
  if (options.detach === true) tell(await startDetached(directory, options, terminal), options, terminal);
  else await runInForeground(directory, options, terminal);
}

async function runInForeground(directory: string, options: LocalStartOptions, terminal: Terminal): Promise<void> {
  const { startLocalEngine } = await import('../local-engine.js');
  const chosen = await chooseExecutor(options);
  const begin = (port: number) =>
    startLocalEngine(
      {
        directory,
        port,
        log: {
          info: () => {},
          error: (message, fields) => terminal.warn(`${message} ${JSON.stringify(fields ?? {})}`),
        },
        ...chosen,
        ...(options.cpus === undefined ? {} : { vcpus: options.cpus }),
        ...(options.memory === undefined ? {} : { memoryMiB: options.memory }),
      },
      (progress) => {
        if (progress.kind === 'event') terminal.progress(`installing: ${progress.event.logicalId}`);
      },
    );
  const { engine, core } = await beginAtUsualPort(options.port, begin);
  const { url, accountId, region } = engine;
  terminal.endProgress();
  if (core !== 'unchanged') terminal.note(`Installed bclaw's core stack (${core}).`);
  const { executor } = chosen;
  tell(
    { url, pid: process.pid, directory, accountId, region, executor, startedAt: new Date().toISOString() },
    options,
    terminal,
  );
  process.send?.('ready');
  if (options.json !== true) terminal.note('Stop it with Ctrl-C or `bclaw local stop`.');
  await interrupted();
  terminal.note('Stopping.');
  await engine.close();
}

async function beginAtUsualPort<T>(port: number | undefined, begin: (port: number) => Promise<T>): Promise<T> {
  try {
    return await begin(port ?? usualPort);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    if (port === undefined) return await begin(0);
    throw new BclawError('port-taken', `Something else listens on port ${port} already.`, {
      remedy: 'Choose another port; --port 0 takes any free one.',
    });
  }
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

function interrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}

/** Starts this very command in a process of its own, and waits until that says that it is ready. */
async function startDetached(directory: string, options: LocalStartOptions, terminal: Terminal): Promise<FoundEngine> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const log = join(directory, logFile);
  const output = openSync(log, 'w');
  terminal.progress('starting');
  const child = spawn(process.execPath, [...process.execArgv, ...ownCommand(directory, options)], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const ready = await new Promise<boolean>((resolveReady, reject) => {
    child.once('message', () => resolveReady(true));
    child.once('exit', () => resolveReady(false));
    child.once('error', reject);
  });
  const engine = ready ? await findEngine(directory) : undefined;
  if (engine === undefined) {
    // It may run and not be reached (ports like 6000 are closed to HTTP clients): nobody could stop it, and this waits for it.
    child.kill();
    if (child.connected) child.disconnect();
    if (ready)
      throw new BclawError('engine-failed', 'The engine started, but cannot be reached at its port. It was stopped.', {
        remedy: `HTTP clients refuse some ports, such as 6000: choose another. The engine's log is ${log}.`,
      });
    throw new BclawError('engine-failed', `The engine did not start: ${readFileSync(log, 'utf8').trim()}`, {
      remedy: `Its log is ${log}.`,
    });
  }
  child.disconnect();
  child.unref();
  terminal.endProgress();
  return engine;
}

function ownCommand(directory: string, { port, executor, cpus, memory }: LocalStartOptions): string[] {
  return [
    process.argv[1] ?? '',
    'local',
    'start',
    '--directory',
    directory,
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(executor === undefined ? [] : ['--executor', executor]),
    ...(cpus === undefined ? [] : ['--cpus', String(cpus)]),
    ...(memory === undefined ? [] : ['--memory', `${memory}MiB`]),
  ];
}

/** `bclaw local stop` */
export async function stop(options: LocalOptions, terminal: Terminal): Promise<void> {
  const directory = resolve(options.directory);
  terminal.note((await stopEngine(directory)) ? 'Stopped.' : 'No engine runs here.');
}

/** @returns whether there was one to stop */
async function stopEngine(directory: string): Promise<boolean> {
  // A process id may belong to somebody else by now; what answers at the engine's URL does not.
  const engine = await findEngine(directory);
  if (engine === undefined) return false;
  process.kill(engine.pid, 'SIGTERM');
  const { poll } = await import('@bclaw/ops');
  await poll(async () => (isAlive(engine.pid) ? undefined : true), {
    what: `the engine (process ${engine.pid}) to stop`,
    timeoutMs: 30_000,
    intervalMs: 30,
    maxIntervalMs: 200,
    remedy: `Its log is ${join(directory, logFile)}; \`kill -9 ${engine.pid}\` ends it, and nothing that it had recorded is lost.`,
  });
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // In a container whose first process collects no dead ones, a process that has ended stays as a zombie.
    return !(existsSync('/proc/self/stat') && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return false;
  }
}

/** `bclaw local status`: exit code 1 when no engine runs. */
export async function status(options: LocalOptions, terminal: Terminal): Promise<void> {
  const engine = await findEngine(resolve(options.directory));
  if (engine !== undefined) {
    tell(engine, options, terminal);
    return;
  }
  if (options.json === true) terminal.json({ running: false });
  else terminal.note('No engine runs here. Start one with `bclaw local start`.');
  throw new Exit(exitCode.failed);
}

/** `bclaw local reset`: forgets everything. */
export async function reset(options: LocalOptions & { readonly yes?: boolean }, terminal: Terminal): Promise<void> {
  const directory = resolve(options.directory);
  const question = `Delete the engine's directory ${directory} with all its buckets, workflows and executions?`;
  if (!(await confirm(question, options, terminal))) {
    terminal.note('Nothing was deleted.');
    return;
  }
  await stopEngine(directory);
  const { removeEngineDirectory } = await import('@bclaw/local');
  terminal.note(removed(removeEngineDirectory, directory) ? 'Deleted.' : 'There was nothing to delete.');
}

function removed(remove: (directory: string) => boolean, directory: string): boolean {
  try {
    return remove(directory);
  } catch (error) {
    throw new BclawError('not-deleted', error instanceof Error ? error.message : String(error), {
      remedy: `If ${directory} is to go, delete it yourself.`,
    });
  }
}

function tell(engine: FoundEngine, { json }: LocalOptions, terminal: Terminal): void {
  if (json === true) {
    terminal.json({ running: true, ...engine });
    return;
  }
  terminal.data(`The embedded engine runs at ${engine.url} (process ${engine.pid}, directory ${engine.directory}).`);
  terminal.note(executorSentence(engine.executor));
  terminal.note('For the AWS CLI and SDKs:');
  terminal.note(
    `  export AWS_ENDPOINT_URL=${engine.url} AWS_REGION=${engine.region} AWS_DEFAULT_REGION=${engine.region}`,
  );
  terminal.note('  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any');
}
