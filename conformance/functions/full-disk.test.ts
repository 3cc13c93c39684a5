import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Spool } from '../../packages/functions/src/spool.js';

const before = process.env['TMPDIR'];
const folder = mkdtempSync(join(tmpdir(), 'bclaw-full-'));
beforeAll(() => {
  // A real file system that is really full, instead of Lambda's /tmp. Mounting requires root, which the conformance
  // suite has.
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
  process.env['TMPDIR'] = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
});

it('a list of items that outgrows the temporary disk of a function ends in a sentence with a way out', () => {
  const spool = new Spool(1024);
  const fill = () => {
    for (let item = 0; item < 1_000_000; item += 1) spool.append(Buffer.from(`item number ${item}`), 1);
  };
  expect(fill).toThrow(
    expect.objectContaining({
      name: 'TooManyItems',
      message: expect.stringMatching(/After \d+ items \(\d+ MB\) .* is full\. .*several jobs/),
    }),
  );
  spool.dispose();
});
