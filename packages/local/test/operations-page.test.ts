import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { allServices } from './all-services.js';

const directory = mkdtempSync(join(tmpdir(), 'bclaw-operations-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('docs/reference/embedded-engine.md lists the operations that the engine has, and no others', () => {
  const lists = allServices(directory).map(({ name, operations }) => {
    const words = [...operations.keys()].sort();
    return `### ${name}\n\n${words.map((word) => `\`${word}\``).join(' ')}\n`;
  });
  const page = readFileSync(new URL('../../../docs/reference/embedded-engine.md', import.meta.url), 'utf8');
  const [, listed] = page.split(
    '<!-- operations: packages/local/test/operations-page.test.ts compares this list -->\n\n',
  );
  expect(listed).toBe(lists.join('\n'));
});
