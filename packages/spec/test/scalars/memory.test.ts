import { parseMemory } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('parseMemory', () => {
  it.each([
    [512, 512],
    ['512', 512],
    ['512 Mb', 512],
    ['512MiB', 512],
    ['16 Gb', 16_384],
    ['16GB', 16_384],
    ['16g', 16_384],
    ['1.5 Gb', 1536],
    ['2 Tb', 2_097_152],
    [' 1 gib ', 1024],
    ['8192 kb', 8],
    ['5000000 B', 5],
    [100.5, 101],
    [1, 4],
    ['1 b', 4],
  ])('reads %j as %d MiB', (source, expected) => {
    expect(parseMemory(source)).toEqual({ ok: true, value: expected });
  });

  it.each([
    '',
    'lots',
    '16 Gx',
    '-1 Gb',
    0,
    -5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '1 Gb 2',
    '9e99',
    '99999999999 Pb',
  ])('refuses %j and says what to write', (source) => {
    const result = parseMemory(source);
    expect(result).toMatchObject({ ok: false, hint: expect.stringContaining('16 Gb') });
  });

  it('never gives less than was asked for, and less than 1 MiB more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4096, max: 2 ** 40 }), (kib) => {
        const result = parseMemory(`${kib} kb`);
        const value = result.ok ? result.value : Number.NaN;
        expect(value).toBeGreaterThanOrEqual(kib / 1024);
        expect(value).toBeLessThan(kib / 1024 + 1);
      }),
    );
  });
});
