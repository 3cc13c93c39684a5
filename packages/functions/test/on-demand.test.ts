import { describe, expect, it } from 'vitest';
import { onDemand } from '../src/on-demand.js';

describe('a handler on demand', () => {
  it('is made once, by its first call or before', async () => {
    let made = 0;
    const make = async () => {
      made += 1;
      return async (event: unknown) => [event, made];
    };
    const called = onDemand(make);
    expect(await Promise.all([called('a'), called('b')])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    const prepared = onDemand(make);
    await prepared.prepare();
    expect(made).toBe(2);
    expect(await prepared('c')).toEqual(['c', 2]);
  });

  it('is made again when that failed', async () => {
    let attempts = 0;
    const handler = onDemand(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('no network');
      return async () => 'done';
    });
    await expect(handler(1)).rejects.toThrow('no network');
    expect(await handler(1)).toBe('done');
  });
});
