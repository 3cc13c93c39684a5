import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followReadme } from '../../examples/test/readme.js';
import { SharedEngine } from '../../examples/test/session.js';

const byHand = fileURLToPath(new URL('by-hand.sh', import.meta.url));

/** bowtie2, samtools and bcftools on a real genome: the largest of the examples. */
describe('the example variant-calling', () => {
  const engine = new SharedEngine();
  let folder = '';
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());

  it('does and prints what its README says', async () => {
    folder = await followReadme(engine, 'variant-calling');
  });

  it('finds what the same tools find by hand', async () => {
    const hand = join(folder, 'by-hand');
    mkdirSync(hand);
    await engine.type(hand, `bash '${byHand}' '${join(folder, 'data')}'`);
    await engine.type(folder, 'bcftools view -H outputs/merged.vcf.gz > outputs/merged.txt');
    for (const name of ['variants.tsv', 'summary.tsv', 'merged.txt']) {
      const text = readFileSync(join(hand, name), 'utf8');
      expect(text.length).toBeGreaterThan(0);
      expect(readFileSync(join(folder, 'outputs', name), 'utf8'), name).toBe(text);
    }
  });

  it('makes the index once: the next job finds it there', async () => {
    const job = '{"run": "again", "sheet": "s3://phage-variants/data/samples.csv"}';
    await engine.type(folder, `echo '${job}' > again.json && bclaw run workflow.yaml --job again.json --out again`);
    const executions: { name: string }[] = JSON.parse(
      await engine.type(folder, 'bclaw executions variant-calling --local --json'),
    );
    const again = executions.find(({ name }) => name.startsWith('again'))?.name ?? '';
    const log = await engine.type(folder, `bclaw logs ${again} --step index --local`);
    expect(log).toContain('Skipped: all its outputs exist.');
    const first = readFileSync(join(folder, 'outputs/variants.tsv'), 'utf8');
    expect(readFileSync(join(folder, 'again/variants.tsv'), 'utf8')).toBe(first);
  });
});
