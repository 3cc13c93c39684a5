import { availableParallelism, totalmem } from 'node:os';
import type { Resources } from './scheduler.js';

/** Default capacity for jobs. */
export function thisMachine(): Resources {
  return { vcpus: availableParallelism(), memoryMiB: Math.floor(totalmem() / 2 ** 20) };
}
