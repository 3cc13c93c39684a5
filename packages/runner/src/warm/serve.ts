import { env, exit, stdout } from 'node:process';
import { runnerErrorExitCode } from '@bclaw/spec/contract';
import { runProgram } from '../program.js';
import { exitCodeOf, Stopped, type StopSignal } from '../stopped.js';
import type { FromServer, ServedJob } from './messages.js';
import { awsFilesOf, Remains } from './remains.js';

/** Resident memory above which a process is not used again. */
const maxResidentBytes = 400 * 2 ** 20;

/**
 * Runs one job after another for the embedded engine, so that each does not have to start Node.js and load the AWS SDK.
 * Each job gets the same entry, variables, working directory and signals as in a process of its own; its commands run
 * in a process group of their own anyway. A process ends with its job if the job was stopped or left anything behind.
 *
 * @returns a promise that never settles: if a job's work stops without a result, Node.js ends the process with exit
 * code 13, as it would end a process for that job alone
 */
export async function serveJobs(): Promise<never> {
  new JobServer().listen();
  return await new Promise<never>(() => {});
}

class JobServer {
  readonly #remains: Remains;
  #awsFiles: string | undefined;
  /** Stops the job at hand. */
  #stopping: AbortController | undefined;

  constructor() {
    const stopWith = (signal: StopSignal) => this.#stopWith(signal);
    process.on('SIGTERM', stopWith);
    process.on('SIGINT', stopWith);
    // The reader is gone, and with it the parent of this process.
    process.on('disconnect', () => stopWith('SIGTERM'));
    stdout.on('error', () => stopWith('SIGTERM'));
    // The first access opens the stream.
    stdout.write('');
    process.on('message', (job: ServedJob) => void this.#serve(job));
    this.#remains = new Remains();
  }

  listen(): void {
    process.channel?.ref();
  }

  #stopWith(signal: StopSignal): void {
    if (this.#stopping === undefined) exit(exitCodeOf(signal));
    this.#stopping.abort(new Stopped(signal));
  }

  async #serve(job: ServedJob): Promise<void> {
    replaceVariables(job.environment);
    const awsFiles = awsFilesOf(env);
    this.#awsFiles ??= awsFiles;
    // Declined: the parent starts a new process for it.
    if (awsFiles !== this.#awsFiles) exit(runnerErrorExitCode);
    const stopping = new AbortController();
    this.#stopping = stopping;
    // As in a process of its own, only the job's work keeps it alive.
    process.channel?.unref();
    tell({ kind: 'accepted' });
    let outputBytes = 0;
    const write = (text: string | Buffer) => {
      outputBytes += Buffer.byteLength(text);
      stdout.write(text);
    };
    const exitCode = await runProgram({ arguments: job.arguments, environment: env, write, stop: stopping.signal });
    const { signal } = stopping;
    process.channel?.ref();
    if (signal.aborted || !(await this.#isAsNew()) || signal.aborted) return endAfterOutput(exitCode);
    this.#stopping = undefined;
    replaceVariables({});
    tell({ kind: 'ended', exitCode, outputBytes });
  }

  async #isAsNew(): Promise<boolean> {
    return process.memoryUsage.rss() < maxResidentBytes && (await this.#remains.none());
  }
}

/** Assignment by assignment, because the SDK and the C library read the process's own variables. */
function replaceVariables(environment: ServedJob['environment']): void {
  for (const name of Object.keys(env)) if (!(name in environment)) delete env[name];
  Object.assign(env, environment);
}

function tell(message: FromServer): void {
  // An error means that the parent is gone; `disconnect` follows.
  process.send?.(message, undefined, undefined, () => {});
}

function endAfterOutput(exitCode: number): void {
  stdout.write('', () => exit(exitCode));
}
