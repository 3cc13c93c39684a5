import type { BatchStep, Diagnostic } from '@bclaw/spec';
import { noQueue } from '@bclaw/spec/contract';
import type { CoreEnvironment } from '../core-environment.js';
import { jobQueue } from '../jobs/job-queue.js';
import { error } from './diagnostic.js';

/** Returns `no-gpu-queue` for each step whose jobs would go to a queue that the core stack does not have. */
export function checkGpuQueues(steps: readonly BatchStep[], core: CoreEnvironment): readonly Diagnostic[] {
  return steps
    .filter(({ compute }) => jobQueue(compute, core) === noQueue)
    .map((step) =>
      error(
        'no-gpu-queue',
        [...step.path, 'compute', 'gpu'],
        `The core stack "${core.coreStackName}" has no hosts with GPUs: its region has no g4dn and no g5 instances, or its parameter GpuAmiId is "none".`,
        'Name a queue of yours with `queue_name`, or set GpuInstanceTypes or GpuAmiId of the core stack and install it again.',
      ),
    );
}
