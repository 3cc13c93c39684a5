import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Opens a page in Chromium while waiting for something, and then closes it.
 *
 * @param url the page
 * @param names host names that Chromium resolves to an address, as the owner's DNS would
 */
export async function whileChromiumShows<T>(
  url: string,
  names: Readonly<Record<string, string>>,
  wait: Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), 'bclaw-chromium-'));
  const rules = Object.entries(names).map(([name, address]) => `MAP ${name} ${address}`);
  const chromium = spawn(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      // A page that opens windows and submits forms by itself, as if the user had clicked.
      '--disable-popup-blocking',
      `--host-resolver-rules=${rules.join(', ')}`,
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      url,
    ],
    { stdio: 'ignore', detached: true },
  );
  const ended = once(chromium, 'exit');
  try {
    return await Promise.race([
      wait,
      ended.then(([code]): never => {
        throw new Error(`Chromium ended with ${code} before the page was done.`);
      }),
    ]);
  } finally {
    if (chromium.pid !== undefined && chromium.exitCode === null) process.kill(-chromium.pid, 'SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
