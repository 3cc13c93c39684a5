import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBlocks } from '../../docs/test/markdown.js';
import { ReadersFolder } from '../../docs/test/sessions.js';

describe('the README of @bclaw/cli', () => {
  it('shows a first workflow that runs, typed as it stands', () => {
    const reader = new ReadersFolder();
    try {
      for (const { attributes, language, text } of codeBlocks('packages/cli/README.md')) {
        if (attributes['file'] !== undefined) reader.put(attributes['file'], text);
        // The other block installs the command and runs the demo, which has its own test.
        if (language === 'bash' && !text.startsWith('npm ')) expect(reader.type(text)).toContain('Hello, world!\n');
      }
      expect(readFileSync(join(reader.path, 'outputs/greeting.txt'), 'utf8')).toBe('Hello, world!\n');
    } finally {
      reader.remove();
    }
  }, 120_000);
});
