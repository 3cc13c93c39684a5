import { parseDuration } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['90s', 90],
    ['5m', 300],
    ['12h', 43_200],
    ['2d', 172_800],
    ['1w', 604_800],
    [' 3 s ', 3],
  ])('reads %j as %d seconds', (source, expected) => {
    expect(parseDuration(source)).toEqual({ ok: true, value: expected });
  });

  it.each(['', 's', '1.5h', '1h30m', '-1s', '3 sec', '3S', '99999999999999999w'])('refuses %j', (source) => {
    expect(parseDuration(source).ok).toBe(false);
  });

  it('proposes seconds for a bare number', () => {
    expect(parseDuration(30)).toMatchObject({ ok: false, hint: expect.stringContaining('"30s"') });
  });
});
