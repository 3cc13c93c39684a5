import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { startEngineWith } from '../../../src/kernel/engine.js';
import { batchRoutes, createBatchService } from '../../../src/services/batch/index.js';
import { createLogsService } from '../../../src/services/logs/index.js';
import { createStatesService } from '../../../src/services/states/index.js';

/* An engine with Batch and Step Functions in a process of its own, to be killed. Writes its address to a file. */
const [directory = '', addressFile = ''] = argv.slice(2);
const factories = [
  { create: createLogsService },
  { create: createBatchService, routes: batchRoutes },
  { create: createStatesService },
];
const { url } = await startEngineWith(factories, { directory });
writeFileSync(addressFile, url);
