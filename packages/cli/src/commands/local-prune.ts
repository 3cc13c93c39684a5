import { BclawError } from '@bclaw/spec';
import type { localPruneCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { requireEngine } from '../engine-file.js';
import type { Terminal } from '../terminal.js';

const defaultOlderThanMs = 30 * 24 * 60 * 60 * 1000;

/** The answer of the engine's own operation. */
interface Forgotten {
  readonly executions: number;
  /** Bytes of their histories. */
  readonly bytes: number;
}

/** `bclaw local prune`: the running engine forgets executions that ended long ago. */
export async function prune(options: OptionsOf<typeof localPruneCommand>, terminal: Terminal): Promise<void> {
  const { url, region } = await requireEngine(options);
  const dryRun = options.dryRun === true;
  const olderThanMs = options.olderThan ?? defaultOlderThanMs;
  const { executions, bytes } = await forget(url, region, { olderThanSeconds: olderThanMs / 1000, dryRun });
  if (options.json === true) {
    terminal.json({ executions, bytes, dryRun });
    return;
  }
  const count = `${executions} ended execution${executions === 1 ? '' : 's'}`;
  terminal.data(
    `${count} ${dryRun ? 'would be deleted' : 'deleted'} (${(bytes / 2 ** 20).toFixed(1)} MiB of histories)`,
  );
}

/** AWS's SDK has no such operation, so the request is written here; the engine verifies no signature. */
async function forget(url: string, region: string, input: object): Promise<Forgotten> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=bclaw/20260101/${region}/states/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSStepFunctions.BclawForgetExecutions',
    },
    body: JSON.stringify(input),
  });
  const value: unknown = await answer.json();
  if (isForgotten(value)) return value;
  throw new BclawError('unexpected', `The engine at ${url} did not answer as expected: ${JSON.stringify(value)}`);
}

const isForgotten = (value: unknown): value is Forgotten =>
  typeof value === 'object' &&
  value !== null &&
  'executions' in value &&
  typeof value.executions === 'number' &&
  'bytes' in value &&
  typeof value.bytes === 'number';
