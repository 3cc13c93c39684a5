import { describe, expect, it } from 'vitest';
import { ReadersFolder } from '../../docs/test/sessions.js';

describe('the tutorial', () => {
  it('does what it says, typed from top to bottom', () => {
    const reader = new ReadersFolder();
    try {
      const printed = reader.follow('docs/tutorial/first-workflow.md');
      const all = printed.join('\n');
      // The run, version 1, version 2, and version 1 again.
      expect(all.match(/^ +\d [ACGT]+$/gm)?.map((line) => line.trim())).toEqual(
        [
          ['2 ACG', '1 TTG'],
          ['2 ACG', '1 TTG'],
          ['2 AC', '1 TT'],
          ['2 ACG', '1 TTG'],
        ].flat(),
      );
      expect(all.match(/SUCCEEDED +[12]$/gm)).toEqual(['SUCCEEDED  1', 'SUCCEEDED  2', 'SUCCEEDED  1']);
      expect(all).toContain('prefixes: would replace version 1, which is live.');
      expect(printed.at(-1)).toBe('version 2: stays, deployed last\nversion 1: stays, new jobs go to it\n');
    } finally {
      reader.remove();
    }
  }, 240_000);
});
