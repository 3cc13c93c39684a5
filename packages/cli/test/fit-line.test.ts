import { describe, expect, it } from 'vitest';
import { fitLine } from '../src/fit-line.js';

describe('a line that is to be replaced by the next', () => {
  it('is cut where the terminal ends, or it could not be taken away', () => {
    expect(fitLine('windows ✓ · composition …', 9)).toBe('windows ✓');
    expect(fitLine('short', 9)).toBe('short');
    expect(fitLine('a reason\nof two lines', 60)).toBe('a reason of two lines');
  });

  it('keeps its colours, and ends them', () => {
    expect(fitLine('  Live \u001b[2mAWS::Lambda::Alias\u001b[22m CREATE_COMPLETE', 10)).toBe(
      '  Live \u001b[2mAWS\u001b[22m',
    );
  });
});
