import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { startEngineWith } from '../../../src/kernel/engine.js';
import type { EngineContext } from '../../../src/kernel/service.js';
import { createBatchService } from '../../../src/services/batch/service.js';
import { createLogsService } from '../../../src/services/logs/service.js';

/*
 * An engine in a separate process, to be killed: submits the two given scripts, sharing one vCPU, and writes the jobs'
 * ids.
 */
const [directory = '', idsFile = '', ...scripts] = argv.slice(2);
let context: EngineContext | undefined;
await startEngineWith(
  [
    createLogsService,
    (given) => {
      context = given;
      return createBatchService(given, { capacity: { vcpus: 1, memoryMiB: 4096 } });
    },
  ],
  { directory },
);
const ids: string[] = [];
for (const [index, script] of scripts.entries()) {
  await context?.call('batch', 'RegisterJobDefinition', {
    jobDefinitionName: `script-${index}`,
    type: 'container',
    containerProperties: { image: 'busybox', command: ['sh', '-c', script] },
  });
  const submitted = await context?.call('batch', 'SubmitJob', {
    jobName: 'j',
    jobQueue: 'queue',
    jobDefinition: `script-${index}`,
  });
  if (typeof submitted === 'object' && submitted !== null && 'jobId' in submitted) ids.push(String(submitted.jobId));
}
writeFileSync(idsFile, ids.join('\n'));
