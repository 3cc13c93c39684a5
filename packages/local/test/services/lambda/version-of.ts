import { createEventBus } from '../../../src/kernel/event-bus.js';
import type { Journal } from '../../../src/kernel/journal.js';
import type { EngineContext } from '../../../src/kernel/service.js';
import type { FunctionVersion } from '../../../src/services/lambda/model.js';

/** A version of the function `f`, for tests of parts that need one. */
export function versionOf(version: string, more: Partial<FunctionVersion> = {}): FunctionVersion {
  return {
    functionName: 'f',
    version,
    description: '',
    revisionId: 'r',
    lastModified: '2026-01-01T00:00:00.000Z',
    code: { sha256: '', digest: '', bytes: 0 },
    configuration: {
      runtime: 'nodejs24.x',
      role: '',
      handler: 'index.handler',
      timeoutSeconds: 30,
      memoryMiB: 128,
      environment: {},
      architectures: ['arm64'],
      ephemeralStorageMiB: 512,
      logGroup: '/aws/lambda/f',
      logFormat: 'Text',
      tracingMode: 'PassThrough',
    },
    ...more,
  };
}

/** The part of the engine's context that a service needs when no other service exists. */
export function contextFor(journal: Journal): EngineContext {
  const accountId = '123456789012';
  const region = 'us-east-1';
  const log = { info: () => {}, error: () => {} };
  return {
    accountId,
    region,
    partition: 'aws',
    endpoint: 'http://127.0.0.1:1',
    directory: '/nowhere',
    journal,
    events: createEventBus({ accountId, region, log }),
    log,
    call: () => Promise.resolve({}),
  };
}
