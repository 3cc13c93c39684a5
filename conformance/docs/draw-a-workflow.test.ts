import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReadersFolder } from '../../docs/test/sessions.js';

describe('the guide to pictures', () => {
  it('gives a picture, a page and a block of Markdown, typed as it stands', () => {
    const reader = new ReadersFolder();
    try {
      reader.follow('docs/how-to/draw-a-workflow.md');
      const read = (name: string) => readFileSync(join(reader.path, name), 'utf8');
      expect(read('my-workflow.svg')).toMatch(/^<svg .*<\/svg>\n$/s);
      expect(read('my-workflow.html')).toMatch(/^<!doctype html>/);
      expect(read('my-workflow.md')).toMatch(/^```mermaid\nflowchart TD\n.*\n```\n$/s);
      expect(read('production.svg')).toContain('my workflow, in production');
    } finally {
      reader.remove();
    }
  });
});
