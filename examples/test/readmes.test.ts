import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../../docs/test/markdown.js';
import { SharedEngine } from './session.js';
import { root } from './templates.js';

/** phage-gc has tests of its own; variant-calling needs bioinformatics tools and runs in the conformance suite. */
const elsewhere = ['phage-gc', 'variant-calling', 'test'];
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !elsewhere.includes(entry.name))
  .map(({ name }) => name);

/** All files below a folder, by their paths from it. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

describe.concurrent('the examples, typed as their READMEs say', () => {
  const engine = new SharedEngine();
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());

  it.each(examples)(
    '%s does and prints what it says',
    async (example) => {
      const folder = engine.copy(example);
      const blocks = codeBlocks(`examples/${example}/README.md`);
      const printed: { readonly said: string; readonly seen: string }[] = [];
      for (const [index, block] of blocks.entries()) {
        if (block.language !== 'bash') continue;
        const seen = await engine.type(folder, block.text);
        const next = blocks[index + 1];
        if (next?.language === 'text')
          printed.push({ said: next.text, seen: seen.endsWith('\n') ? seen : `${seen}\n` });
      }
      expect(printed.length).toBeGreaterThan(0);
      for (const { said, seen } of printed) expect(seen).toBe(said);

      const expected = join(folder, 'expected');
      const names = filesBelow(expected);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names)
        expect(readFileSync(join(folder, name), 'utf8'), name).toBe(readFileSync(join(expected, name), 'utf8'));
    },
    120_000,
  );
});
