import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compute, readSequence } from './windows.js';

const example = fileURLToPath(new URL('../phage-gc/', import.meta.url));
const genomePath = `${example}data/NC_001416.fa`;
const genome = readSequence(genomePath);
const { slide } = JSON.parse(readFileSync(`${example}jobs/coarse.json`, 'utf8'));

describe('the genome of phage lambda', () => {
  it('is the file that its note tells the origin of', () => {
    const digest = createHash('sha256').update(readFileSync(genomePath)).digest('hex');
    expect(readFileSync(`${example}data/README.md`, 'utf8')).toContain(digest);
  });

  it('has 48,502 bases, and their known share of G and C', () => {
    expect(genome).toMatch(/^[ACGT]{48502}$/);
    expect(genome.replaceAll(/[AT]/g, '').length / genome.length).toBeCloseTo(0.4986, 4);
  });
});

describe('the expected outputs of phage-gc', () => {
  const read = (name: string) => readFileSync(`${example}expected/${name}`, 'utf8');

  it('of version 1 are what the genome says', () => {
    const { windows, composition, extremes, summary } = compute(genome, 1000, slide, 1);
    expect(read('v1/windows.tsv')).toBe(windows);
    expect(read('v1/composition.tsv')).toBe(composition);
    expect(read('v1/extremes.tsv')).toBe(extremes);
    expect(read('v1/summary.tsv')).toBe(summary);
  });

  it('of version 2 are what the genome says', () => {
    const { windows, composition, summary } = compute(genome, 500, slide, 2);
    expect(read('v2/windows.tsv')).toBe(windows);
    expect(read('v2/composition.tsv')).toBe(composition);
    expect(read('v2/summary.tsv')).toBe(summary);
  });
});
