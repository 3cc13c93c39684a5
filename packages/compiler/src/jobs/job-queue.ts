import type { Compute } from '@bclaw/spec';
import type { CoreEnvironment } from '../core-environment.js';
import { batchArn } from './job-frame.js';

/** ARN of the queue that a step's jobs go to. */
export function jobQueue(compute: Compute, core: CoreEnvironment): string {
  if (compute.queueName !== undefined) return batchArn(core, 'job-queue', compute.queueName);
  if (compute.gpu === 0) return compute.spot ? core.queues.spot : core.queues.onDemand;
  return compute.spot ? core.queues.spotGpu : core.queues.onDemandGpu;
}
