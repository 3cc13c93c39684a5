import { format } from 'node:util';

type Level = 'DEBUG' | 'ERROR' | 'INFO' | 'TRACE' | 'WARN';

/** A worker's log: the id of the current request, and a function to write a line. */
export interface WorkerOutput {
  requestId: string | undefined;
  write(level: Level, message: unknown): void;
}

/**
 * Sends a function's output to the engine instead of the engine's own standard output: the console in Lambda's two
 * formats (`Text` and `JSON`), direct writes to stdout and stderr unchanged.
 */
export function redirectOutput(logFormat: string, send: (line: string) => void): WorkerOutput {
  const output: WorkerOutput = {
    requestId: undefined,
    write(level, message) {
      const timestamp = new Date().toISOString();
      if (logFormat === 'JSON')
        send(JSON.stringify({ timestamp, level, ...(output.requestId && { requestId: output.requestId }), message }));
      else send(`${timestamp}\t${output.requestId ?? 'undefined'}\t${level}\t${String(message)}`);
    },
  };
  const print =
    (level: Level) =>
    (...args: unknown[]) => {
      // In JSON, a single object is logged as an object, so that its fields can be queried.
      const structured = logFormat === 'JSON' && args.length === 1 && isPlain(args[0]);
      output.write(level, structured ? args[0] : format(...args));
    };
  Object.assign(globalThis.console, {
    debug: print('DEBUG'),
    error: print('ERROR'),
    info: print('INFO'),
    log: print('INFO'),
    trace: print('TRACE'),
    warn: print('WARN'),
  });
  for (const stream of [process.stdout, process.stderr]) stream.write = lineWriter(send);
  return output;
}

const isPlain = (value: unknown) => typeof value === 'object' && value !== null && !(value instanceof Error);

/** Replaces `stream.write`: whole lines are sent at once, an unfinished one by the next turn at the latest. */
function lineWriter(send: (line: string) => void): typeof process.stdout.write {
  let rest = '';
  return (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
    if (rest === '') setImmediate(flush);
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) send(line);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') done();
    return true;
  };

  function flush(): void {
    if (rest !== '') send(rest);
    rest = '';
  }
}
