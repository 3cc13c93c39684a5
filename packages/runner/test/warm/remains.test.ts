import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Remains } from '../../src/warm/remains.js';

const noop = () => {};

describe('what a job left in its process', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const step of undo.splice(0)) step();
  });

  it('is nothing when a timer has ended and a signal handler was removed', async () => {
    const remains = new Remains();
    process.on('SIGUSR2', noop);
    process.removeListener('SIGUSR2', noop);
    setTimeout(noop, 20);
    expect(await remains.none()).toBe(true);
  });

  it.each<readonly [string, () => () => void]>([
    [
      'a signal handler',
      () => {
        process.on('SIGUSR2', noop);
        return () => process.removeListener('SIGUSR2', noop);
      },
    ],
    [
      'timers',
      () => {
        // More than this test's own program may have ended meanwhile.
        const timers = Array.from({ length: 50 }, () => setInterval(noop, 1000));
        return () => timers.forEach(clearInterval);
      },
    ],
    [
      'a socket',
      () => {
        const server = createServer().listen(0);
        return () => server.close();
      },
    ],
    [
      'another umask',
      () => {
        const before = process.umask(0o027);
        return () => process.umask(before);
      },
    ],
    [
      'another working directory',
      () => {
        const before = process.cwd();
        process.chdir('/');
        return () => process.chdir(before);
      },
    ],
  ])('is noticed: %s', async (_, leave) => {
    const remains = new Remains();
    undo.push(leave());
    expect(await remains.none()).toBe(false);
  });
});
