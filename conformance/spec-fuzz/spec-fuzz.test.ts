import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzProperties } from '../../packages/spec/test/fuzz/properties.js';
import { compiled } from './compiled.js';

/** Cases of all properties together: `npm run test:soak` runs 52,000, `npm test` fewer, without the compiler. */
const cases = Number(process.env['FUZZ_RUNS'] ?? 5_000);
const seed = Number(process.env['BCLAW_SEED'] ?? 20_261_124);

describe('parser and compiler, given anything', () => {
  let run = 0;

  it.each(fuzzProperties(compiled))('neither crash nor hang nor point to a wrong place: $name', (given) => {
    const numRuns = Math.ceil(cases * given.share);
    fc.assert(given.property, { seed, numRuns });
    run += numRuns;
  });

  it('were given all the cases', () => {
    expect(run).toBeGreaterThanOrEqual(cases);
  });
});
