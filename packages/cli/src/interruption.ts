import type { Terminal } from './terminal.js';

/**
 * Runs a task that Ctrl-C only stops watching, and prints a message about that: the watched work continues elsewhere.
 *
 * @param farewell - the message on interruption
 */
export async function whileWatching<T>(terminal: Terminal, farewell: string, work: () => Promise<T>): Promise<T> {
  const interrupt = () => {
    terminal.note(farewell);
    // The second signal has no listener, so the process ends like any interrupted one.
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', interrupt);
  try {
    return await work();
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}
