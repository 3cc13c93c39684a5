/**
 * The program in a function's worker thread: loads the handler, then runs it for one message after the other. It
 * provides the part of Lambda's Node.js runtime that is visible to a handler.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { describeError, loadHandler } from './handler.js';
import { redirectOutput } from './worker-console.js';
import type { InvokeMessage, WorkerMessage, WorkerSettings } from './worker-protocol.js';

const port = parentPort;
if (port === null) throw new Error('lambda-worker.mjs runs in a worker thread that the embedded engine starts.');
const settings: WorkerSettings = workerData;
const send = (message: WorkerMessage) => port.postMessage(message);

const output = redirectOutput(settings.logFormat, (line) => send({ type: 'log', line }));

process.on('unhandledRejection', (reason) => {
  const error = { ...describeError(reason), errorType: 'Runtime.UnhandledPromiseRejection' };
  send({ type: 'error', error, fatal: true });
});
process.on('uncaughtException', (thrown) => send({ type: 'error', error: describeError(thrown), fatal: true }));

try {
  const handler = await loadHandler(settings.taskRoot, settings.handler);
  port.on('message', (message: InvokeMessage) => {
    output.requestId = message.requestId;
    process.env['_X_AMZN_TRACE_ID'] = `Root=1-${message.requestId.replaceAll('-', '').slice(0, 32)}`;
    void run(message);
  });
  send({ type: 'ready' });

  async function run(message: InvokeMessage): Promise<void> {
    try {
      const result: unknown = await handler(JSON.parse(message.payload), contextOf(message));
      send({ type: 'result', payload: JSON.stringify(result) ?? 'null' });
    } catch (thrown) {
      const error = describeError(thrown);
      output.write('ERROR', ['Invoke Error', JSON.stringify({ ...error, stack: error.trace })].join('\t'));
      send({ type: 'error', error, fatal: false });
    }
  }
} catch (thrown) {
  send({ type: 'init-error', error: describeError(thrown) });
}

/** The context object, in the shape of Lambda's Node.js runtime. */
function contextOf(message: InvokeMessage): Record<string, unknown> {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: settings.functionVersion,
    invokedFunctionArn: message.invokedArn,
    memoryLimitInMB: String(settings.memoryMiB),
    awsRequestId: message.requestId,
    logGroupName: settings.logGroup,
    logStreamName: settings.logStream,
    identity: undefined,
    clientContext: message.clientContext === undefined ? undefined : JSON.parse(message.clientContext),
    getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
  };
}
