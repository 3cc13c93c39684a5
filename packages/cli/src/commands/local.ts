import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ProcessIdentity } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { confirm } from '../confirm.js';
import type {
  localResetCommand,
  localStartCommand,
  localStatusCommand,
  localStopCommand,
} from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { type FoundEngine, findEngine } from '../engine-file.js';
import { chooseExecutor, executorSentence } from '../executor.js';
import { Exit, exitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';

type LocalStartOptions = OptionsOf<typeof localStartCommand>;

/** The default port; when it is taken, any free one. */
const usualPort = 4577;

/** Log file of a detached engine, in its directory. */
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
        durable: options.durable ?? false,
        recover: options.recover ?? false,
        ...given({ vcpus: options.cpus, memoryMiB: options.memory, rates: options.rates, iam: options.iam }),
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
      hint: 'Choose another port; --port 0 takes any free one.',
    });
  }
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

function interrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
    // The terminal was closed.
    process.once('SIGHUP', () => done());
  });
}

/** Starts this command in a separate process and waits until that reports that it is ready. */
async function startDetached(directory: string, options: LocalStartOptions, terminal: Terminal): Promise<FoundEngine> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const log = join(directory, logFile);
  const output = openSync(log, 'w', 0o600);
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
    // It may be running but unreachable (HTTP clients block ports like 6000): no command could stop it, and this one
    // would wait forever.
    child.kill();
    if (child.connected) child.disconnect();
    if (ready)
      throw new BclawError('engine-failed', 'The engine started, but cannot be reached at its port. It was stopped.', {
        hint: `HTTP clients refuse some ports, such as 6000: choose another. The engine's log is ${log}.`,
      });
    throw new BclawError('engine-failed', `The engine did not start: ${readFileSync(log, 'utf8').trim()}`, {
      hint: `Its log is ${log}.`,
    });
  }
  child.disconnect();
  child.unref();
  terminal.endProgress();
  return engine;
}

function ownCommand(
  directory: string,
  { port, executor, cpus, memory, rates, iam, durable, recover }: LocalStartOptions,
): string[] {
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
    ...(rates === undefined ? [] : ['--rates', rates]),
    ...(iam === undefined ? [] : ['--iam', iam]),
    ...(durable === true ? ['--durable'] : []),
    ...(recover === true ? ['--recover'] : []),
  ];
}

/** `bclaw local stop` */
export async function stop(options: OptionsOf<typeof localStopCommand>, terminal: Terminal): Promise<void> {
  const directory = resolve(options.directory);
  terminal.note((await stopEngine(directory, terminal)) ? 'Stopped.' : 'No engine runs here.');
}

/** Grace period before an engine is killed, when it responds and when it does not. */
const stopGraceMs = { answering: 30_000, silent: 5_000 };

/** @returns false when no engine was running */
async function stopEngine(directory: string, terminal: Terminal): Promise<boolean> {
  const { engineProcess, isAlive } = await import('@bclaw/local');
  // A process id may have been reused; the lock also has the start time of its process.
  const running = engineProcess(directory);
  if (running === undefined) return false;
  const graceMs = (await findEngine(directory)) === undefined ? stopGraceMs.silent : stopGraceMs.answering;
  const { poll } = await import('@bclaw/ops');
  const gone = async (timeoutMs: number) =>
    await poll(async () => (isAlive(running) ? undefined : true), {
      what: `the engine (process ${running.pid}) to stop`,
      timeoutMs,
      intervalMs: 30,
      maxIntervalMs: 200,
      hint: `Its log is ${join(directory, logFile)}.`,
    });
  signal(running, 'SIGTERM');
  try {
    await gone(graceMs);
  } catch {
    signal(running, 'SIGKILL');
    await gone(stopGraceMs.silent);
    terminal.note(
      `The engine (process ${running.pid}) did not stop by itself and was killed; nothing that it had recorded is lost.`,
    );
  }
  return true;
}

function signal({ pid }: ProcessIdentity, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** `bclaw local status`: exit code 1 when no engine runs, or when it does not respond. */
export async function status(options: OptionsOf<typeof localStatusCommand>, terminal: Terminal): Promise<void> {
  const directory = resolve(options.directory);
  const engine = await findEngine(directory);
  if (engine !== undefined) {
    tell(engine, options, terminal);
    return;
  }
  const { engineProcess } = await import('@bclaw/local');
  const silent = engineProcess(directory);
  if (options.json === true)
    terminal.json(
      silent === undefined ? { running: false } : { running: true, answers: false, pid: silent.pid, directory },
    );
  else if (silent === undefined) terminal.note('No engine runs here. Start one with `bclaw local start`.');
  else
    terminal.note(
      `An engine runs here (process ${silent.pid}), but does not answer: it is starting, or it hangs. \`bclaw local stop\` ends it.`,
    );
  throw new Exit(exitCode.failed);
}

/** `bclaw local reset`: deletes all state. */
export async function reset(options: OptionsOf<typeof localResetCommand>, terminal: Terminal): Promise<void> {
  const directory = resolve(options.directory);
  const question = `Delete the engine's directory ${directory} with all its buckets, workflows and executions?`;
  if (!(await confirm(question, options, terminal))) {
    terminal.note('Nothing was deleted.');
    return;
  }
  await stopEngine(directory, terminal);
  const { removeEngineDirectory } = await import('@bclaw/local');
  terminal.note(removed(removeEngineDirectory, directory) ? 'Deleted.' : 'There was nothing to delete.');
}

function removed(remove: (directory: string) => boolean, directory: string): boolean {
  try {
    return remove(directory);
  } catch (error) {
    throw new BclawError('not-deleted', error instanceof Error ? error.message : String(error), {
      hint: `To remove ${directory}, delete it yourself.`,
    });
  }
}

function tell(engine: FoundEngine, { json }: OptionsOf<typeof localStatusCommand>, terminal: Terminal): void {
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
