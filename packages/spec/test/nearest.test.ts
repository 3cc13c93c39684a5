import { didYouMean, nearest } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

describe('nearest', () => {
  const fields = ['commands', 'compute', 'inputs', 'image', 'if', 'end'];

  it.each([
    ['comands', 'commands'],
    ['command', 'commands'],
    ['Commands', 'commands'],
    ['cmopute', 'compute'],
    ['input', 'inputs'],
    ['IF', 'if'],
    ['ned', 'end'],
  ])('finds what %s means', (written, meant) => {
    expect(nearest(written, fields)).toBe(meant);
  });

  it.each(['script', 'x', 'of', 'colour', ''])('finds nothing for %j', (written) => {
    expect(nearest(written, fields)).toBeUndefined();
  });

  it('takes names of any length', () => {
    expect(
      nearest(
        'x'.repeat(1_000_000),
        Array.from({ length: 1000 }, (_, index) => `step-${index}`),
      ),
    ).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('lists what there is when nothing is near', () => {
    expect(didYouMean('script', ['image', 'commands'])).toBe('Use one of: image, commands.');
  });
});
