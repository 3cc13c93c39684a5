import { argv } from 'node:process';
import { startEngine } from '../../../src/kernel/engine.js';

/* An engine in a separate process, to be killed; it sends its address to its parent. */
const [directory = ''] = argv.slice(2);
const engine = await startEngine({ directory, openRoles: ['function'] });
process.send?.(engine.url);
