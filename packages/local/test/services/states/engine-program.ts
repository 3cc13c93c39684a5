import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { startEngineWith } from '../../../src/kernel/engine.js';
import { createBatchService } from '../../../src/services/batch/service.js';
import { createLogsService } from '../../../src/services/logs/service.js';
import { createStatesService } from '../../../src/services/states/service.js';

/* An engine with Batch and Step Functions in a process of its own, to be killed. Writes its address to a file. */
const [directory = '', addressFile = ''] = argv.slice(2);
const factories = [createLogsService, createBatchService, createStatesService];
const { url } = await startEngineWith(factories, { directory, openRoles: ['states'] });
writeFileSync(addressFile, url);
