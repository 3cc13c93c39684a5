import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaps, plainWorkflow } from './gaps.js';
import { deployCompiled, install } from './installation.js';
import { Ministack } from './ministack.js';
import { withoutBatch } from './workflows.js';

const page = readFileSync(new URL('../../docs/explanation/what-is-tested-where.md', import.meta.url), 'utf8');

/**
 * If an entry fails here, the emulator now supports it: remove it from the list, and use it in compiled-stack.test.ts.
 */
describe('what MiniStack lacks', () => {
  let ministack: Ministack;
  beforeAll(async () => {
    ministack = await Ministack.start();
    await install(ministack);
    await ministack.aws('s3', 'mb', 's3://results');
    await ministack.aws('s3api', 'put-object', '--bucket', 'results', '--key', 'releases/1.0.txt');
    await deployCompiled(ministack, { name: plainWorkflow, template: withoutBatch, release: '1.0' });
  });
  afterAll(() => ministack?.stop());

  it.each(gaps.map((gap) => [gap.what, gap] as const))('%s', async (_what, gap) => {
    expect(await gap.shows(ministack)).toMatch(gap.today);
  });

  it('is what the documentation lists', () => {
    const section = page.split(/^## /m).find((part) => part.startsWith('What MiniStack lacks')) ?? '';
    const listed = [...section.matchAll(/^- (.*(?:\n {2}.*)*)$/gm)].map(([, text = '']) =>
      text.replaceAll(/\s+/g, ' ').replaceAll('`', '').replace(/\.$/, ''),
    );
    expect(listed).toEqual(gaps.map(({ what }) => what));
  });
});
