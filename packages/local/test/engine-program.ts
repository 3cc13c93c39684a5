import { argv } from 'node:process';
import { startEngine } from '../src/kernel/engine.js';

/* The whole engine in a process of its own, to be killed. Tells its parent its address. */
const { url } = await startEngine({ directory: argv[2] ?? '' });
process.send?.(url);
