import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { root } from './markdown.js';

describe('the reference of the commands', () => {
  it('is what the commands print', () => {
    execFileSync(process.execPath, [join(root, 'tools/cli-reference.mjs'), '--check'], { stdio: 'pipe' });
  });
});
