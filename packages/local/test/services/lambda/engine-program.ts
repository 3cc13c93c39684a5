import { argv } from 'node:process';
import { startEngine } from '../../../src/kernel/engine.js';

/* An engine in a process of its own, to be killed; it tells its parent where it listens. */
const [directory = ''] = argv.slice(2);
const engine = await startEngine({ directory });
process.send?.(engine.url);
