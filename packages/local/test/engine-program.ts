import { argv } from 'node:process';
import { startEngine } from '../src/kernel/engine.js';

/* The whole engine in a separate process, to be killed. Sends its address to its parent. */
const { url } = await startEngine({ directory: argv[2] ?? '', openRoles: ['function', 'r', 'states'] });
process.send?.(url);
