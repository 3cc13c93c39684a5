import { describe, expect, it } from 'vitest';
import { formatDuration } from '../src/duration.js';

describe('a duration for a person', () => {
  it.each([
    [0, '0 ms'],
    [340, '340 ms'],
    [999.7, '1.0 s'],
    [4_240, '4.2 s'],
    [59_970, '1 min 0 s'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
  ])('of %i ms is %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
