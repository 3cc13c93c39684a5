import { argv, memoryUsage } from 'node:process';
import { startEngine } from '../../packages/local/src/kernel/engine.js';

/* An engine in a process of its own, to be killed. Sends its address, and on request the memory that it holds. */
const { url } = await startEngine({ directory: argv[2] ?? '', openRoles: ['soak'] });
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, rss } = memoryUsage();
  process.send?.({ heapMB: heapUsed / 2 ** 20, rssMB: rss / 2 ** 20 });
});
process.send?.({ url });
