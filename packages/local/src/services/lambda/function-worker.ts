import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { callingAs } from '../../kernel/access/calling-as.js';
import { roleCaller } from '../../kernel/access/session.js';
import type { EngineContext } from '../../kernel/service.js';
import { functionEnvironment } from './environment.js';
import { FunctionLog } from './function-log.js';
import type { FunctionVersion } from './model.js';
import type { FunctionError, InvokeMessage, WorkerMessage, WorkerSettings } from './worker-protocol.js';

/** An invocation of a function, without its deadline. */
export type Call = Omit<InvokeMessage, 'deadline'>;

/** Result of an invocation. `payload` is JSON text; with `failed`, a {@link FunctionError}. */
export interface Outcome {
  readonly failed: boolean;
  readonly payload: string;
  /** The end of the call's log, at most 4,096 characters. */
  readonly logTail: string;
}

/** Dependencies of a worker in addition to its version. */
export interface WorkerPlace {
  readonly context: EngineContext;
  readonly codeDirectory: string;
  /** Path of `lambda-worker.mjs`. */
  readonly program: string;
}

/** Lambda's limit for the init phase; raised to the function's timeout if that is longer. */
const initLimitMs = 10_000;
const logTailLength = 4096;

/** A worker thread with one function version loaded: runs one call at a time, and is stopped on any error. */
export class FunctionWorker {
  /** Resolves when the handler is loaded, with `undefined` or with the error that the first call returns. */
  readonly loaded: Promise<FunctionError | undefined>;
  readonly #version: FunctionVersion;
  readonly #worker: Worker;
  readonly #log: FunctionLog;
  #current: ((error: FunctionError | { readonly payload: string }) => void) | undefined;
  #tail = '';
  #alive = true;

  constructor(place: WorkerPlace, version: FunctionVersion) {
    const { configuration } = version;
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const stream = `${day}/[${version.version}]${randomBytes(16).toString('hex')}`;
    this.#version = version;
    this.#log = new FunctionLog(
      callingAs(place.context, roleCaller(configuration.role, version.functionName)),
      configuration.logGroup,
      stream,
    );
    const settings: WorkerSettings = {
      taskRoot: join(place.codeDirectory, version.code.digest),
      handler: configuration.handler,
      logFormat: configuration.logFormat,
      functionName: version.functionName,
      functionVersion: version.version,
      memoryMiB: configuration.memoryMiB,
      logGroup: configuration.logGroup,
      logStream: stream,
    };
    this.#worker = new Worker(place.program, {
      workerData: settings,
      env: functionEnvironment(place.context, version, settings),
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: configuration.memoryMiB },
      name: `${version.functionName}:${version.version}`,
    });
    // Output that bypasses the redirected streams (Node.js's own warnings) is read and dropped, or the pipe would fill.
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.loaded = this.#load();
  }

  /** False once the thread has ended or is stopping: it accepts no more calls. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Runs one call. The worker must be loaded and idle. */
  async run(call: Call): Promise<Outcome> {
    const { configuration, version } = this.#version;
    const timeoutMs = configuration.timeoutSeconds * 1000;
    const started = performance.now();
    this.#tail = '';
    this.#line(`START RequestId: ${call.requestId} Version: ${version}`);
    const result = await new Promise<FunctionError | { readonly payload: string }>((resolve) => {
      const timer = setTimeout(() => {
        this.#finish(timedOut(configuration.timeoutSeconds));
        void this.stop();
      }, timeoutMs);
      this.#current = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      this.#worker.postMessage({ ...call, deadline: Date.now() + timeoutMs } satisfies InvokeMessage);
    });
    if ('errorType' in result && !this.#alive) this.#line(`${call.requestId}\tERROR\t${result.errorMessage}`);
    this.#report(call.requestId, performance.now() - started);
    const failed = 'errorType' in result;
    return {
      failed,
      payload: failed ? JSON.stringify(withRequestId(result, call.requestId)) : result.payload,
      logTail: this.#tail,
    };
  }

  /** Ends the thread; a call under way ends with an error. */
  async stop(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
    await this.#log.flush();
  }

  async #load(): Promise<FunctionError | undefined> {
    const limitMs = Math.max(initLimitMs, this.#version.configuration.timeoutSeconds * 1000);
    const error = await new Promise<FunctionError | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(initTimedOut(limitMs)), limitMs);
      const settle = (outcome: FunctionError | undefined) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      this.#worker.on('message', (message: WorkerMessage) => this.#receive(message, settle));
      this.#worker.on('error', (thrown) => this.#die(crashed(thrown), settle));
      this.#worker.on('exit', (code) => this.#die(exited(code), settle));
    });
    if (error !== undefined) {
      this.#line(`INIT_REPORT Status: error Error Type: ${error.errorType} ${error.errorMessage}`);
      void this.stop();
    }
    return error;
  }

  #receive(message: WorkerMessage, loaded: (error: FunctionError | undefined) => void): void {
    switch (message.type) {
      case 'ready':
        loaded(undefined);
        break;
      case 'init-error':
        loaded(message.error);
        break;
      case 'log':
        this.#line(message.line);
        break;
      case 'result':
        this.#finish({ payload: message.payload });
        break;
      case 'error':
        if (message.fatal) {
          loaded(message.error);
          void this.stop();
        }
        this.#finish(message.error);
        break;
    }
  }

  #die(error: FunctionError, loaded: (error: FunctionError) => void): void {
    this.#alive = false;
    loaded(error);
    this.#finish(error);
  }

  #finish(outcome: FunctionError | { readonly payload: string }): void {
    const finish = this.#current;
    this.#current = undefined;
    finish?.(outcome);
  }

  #line(line: string): void {
    // At most the last 4 KiB are returned.
    this.#tail = `${this.#tail}${line}\n`.slice(-logTailLength);
    this.#log.write(line);
  }

  #report(requestId: string, durationMs: number): void {
    const { memoryMiB } = this.#version.configuration;
    this.#line(`END RequestId: ${requestId}`);
    this.#line(
      `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\tMemory Size: ${memoryMiB} MB`,
    );
  }
}

/** Errors of the sandbox contain the request id, as in Lambda. */
function withRequestId(error: FunctionError, requestId: string): FunctionError {
  if (error.trace !== undefined) return error;
  return { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` };
}

const timedOut = (seconds: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `Task timed out after ${seconds.toFixed(2)} seconds`,
});

const initTimedOut = (limitMs: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `Init timed out after ${(limitMs / 1000).toFixed(2)} seconds`,
});

const exited = (code: number): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage:
    code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`,
});

function crashed(thrown: Error): FunctionError {
  // Out of memory: Lambda's sandbox is killed, a worker thread reports it with this code.
  if ('code' in thrown && thrown.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}
