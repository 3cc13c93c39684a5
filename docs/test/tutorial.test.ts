import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './markdown.js';
import { ReadersFolder } from './sessions.js';

describe('the tutorial', () => {
  it('does what it says, typed from top to bottom', () => {
    const reader = new ReadersFolder();
    try {
      const printed = reader.follow('docs/tutorial/first-workflow.md');
      const all = printed.join('\n');
      expect(all).toMatch(/2 ACG\n +1 TTG/);
      expect(printed.at(-1)).toBeDefined();
      expect(all).toContain('SUCCEEDED');
    } finally {
      reader.remove();
    }
  }, 120_000);
});

describe('the reference of the commands', () => {
  it('is what the commands print', () => {
    execFileSync(process.execPath, [join(root, 'tools/cli-reference.mjs'), '--check']);
  });
});
