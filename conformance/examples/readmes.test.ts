import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { followReadme } from '../../examples/test/readme.js';
import { SharedEngine } from '../../examples/test/session.js';
import { root } from '../../examples/test/templates.js';

/** phage-gc has its own tests; variant-calling needs bioinformatics tools and runs in the conformance suite. */
const elsewhere = ['phage-gc', 'variant-calling', 'test'];
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !elsewhere.includes(entry.name))
  .map(({ name }) => name);

describe.concurrent('the examples, typed as their READMEs say', () => {
  const engine = new SharedEngine();
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());

  it.each(examples)(
    '%s does and prints what it says',
    async (example) => {
      await followReadme(engine, example);
    },
    120_000,
  );
});
