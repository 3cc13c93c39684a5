import { availableParallelism, totalmem } from 'node:os';
import type { Resources } from './scheduler.js';

/** What there is for jobs unless somebody says otherwise. */
export function thisMachine(): Resources {
  return { vcpus: availableParallelism(), memoryMiB: Math.floor(totalmem() / 2 ** 20) };
}
