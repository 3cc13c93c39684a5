/** Messages between the engine and a worker thread. */

/** `workerData` of a worker: the handler to load, and the log format. */
export interface WorkerSettings {
  /** Folder with the function's files. */
  readonly taskRoot: string;
  /** `file.export`. */
  readonly handler: string;
  readonly logFormat: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryMiB: number;
  readonly logGroup: string;
  readonly logStream: string;
}

/** To the worker: run the handler once. */
export interface InvokeMessage {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invokedArn: string;
  /** Time at which the function times out, in milliseconds since the epoch. */
  readonly deadline: number;
  /** JSON text. */
  readonly clientContext?: string;
}

/** The body of an answer with `X-Amz-Function-Error`. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** From the worker. Log lines arrive before the result of the call that wrote them. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-error'; readonly error: FunctionError }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'error'; readonly error: FunctionError; readonly fatal: boolean };
