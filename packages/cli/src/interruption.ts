import type { Terminal } from './terminal.js';

/**
 * Does a piece of work that Ctrl-C only stops watching, and says so: what is watched goes on elsewhere.
 *
 * @param farewell - what to say to who interrupts
 */
export async function whileWatching<T>(terminal: Terminal, farewell: string, work: () => Promise<T>): Promise<T> {
  const interrupt = () => {
    terminal.note(farewell);
    // The second time nobody listens, and the process ends as an interrupted one does.
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', interrupt);
  try {
    return await work();
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}
