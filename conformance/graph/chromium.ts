import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Opens a page in Chromium, without a network, and returns the JSON that its script writes into the element `#result`.
 *
 * @param body HTML; its script calls `finish(value)` when it is done
 */
export async function inChromium(body: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'bclaw-chromium-'));
  try {
    const page = join(folder, 'page.html');
    await writeFile(page, `<!doctype html><meta charset="utf-8"><body>${finish}${body}</body>`);
    const { stdout } = await run(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--virtual-time-budget=120000',
        '--dump-dom',
        pathToFileURL(page).href,
      ],
      { maxBuffer: 256 * 1024 * 1024 },
    );
    const [, encoded] = /<pre id="result">([^<]*)<\/pre>/.exec(stdout) ?? [];
    if (encoded === undefined) throw new Error(`The page did not finish:\n${stdout.slice(0, 2_000)}`);
    return JSON.parse(decodeURIComponent(encoded));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const finish = `<script>
function finish(value) {
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = encodeURIComponent(JSON.stringify(value));
  document.body.replaceChildren(result);
}
addEventListener('error', (event) => finish({ error: event.message }));
addEventListener('unhandledrejection', (event) => finish({ error: String(event.reason) }));
</script>`;

/** A value for a script of a page. */
export const literal = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
