import fc from 'fast-check';
import { describe, it } from 'vitest';
import { fuzzProperties } from './fuzz/properties.js';

/** Fixed, so that failures are reproducible; conformance/spec-fuzz runs many more. */
const seed = 20_261_124;
const cases = Number(process.env['FUZZ_RUNS'] ?? 1_500);

describe('parse, given anything', () => {
  it.each(fuzzProperties(() => undefined))('neither crashes nor hangs nor points to a wrong place: $name', (given) => {
    fc.assert(given.property, { seed, numRuns: Math.ceil(cases * given.share) });
  });
});
