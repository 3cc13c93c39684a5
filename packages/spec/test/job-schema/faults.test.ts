import { jobFaults } from '@bclaw/spec/job-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const schema = {
  required: ['SAMPLE_ID', 'lanes'],
  properties: {
    SAMPLE_ID: { type: 'string', pattern: '^S' },
    ploidy: { type: 'integer', minimum: 1 },
    mode: { enum: ['fast', 'exact'] },
    lanes: { type: 'array', items: { $ref: '#/$defs/lane' } },
  },
  additionalProperties: false,
  $defs: { lane: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
};

describe('the faults of a job file', () => {
  it('are none when it fits', () => {
    expect(jobFaults(schema, { SAMPLE_ID: 'S1', ploidy: 2, mode: 'fast', lanes: [{ id: 'a' }] })).toEqual([]);
  });

  it('are told all at once, each with its place and the nearest name', () => {
    expect(
      jobFaults(schema, { SAMPEL_ID: 'S1', ploidy: 1.5, mode: 'slow', lanes: [{ id: 'a' }, { id: 7 }, {}] }),
    ).toEqual(
      expect.arrayContaining([
        '`SAMPLE_ID` is missing; `SAMPEL_ID` may be meant for it.',
        '`SAMPEL_ID` is not a value of this workflow; did you mean `SAMPLE_ID`?',
        '`ploidy` must be integer, not 1.5.',
        '`mode` must be one of "fast", "exact", not "slow".',
        '`lanes[1].id` must be string, not 7.',
        '`lanes[2].id` is missing.',
      ]),
    );
    expect(jobFaults(schema, { SAMPLE_ID: 'x1', lanes: [] })).toEqual([
      '`SAMPLE_ID` must match pattern "^S", not "x1".',
    ]);
    expect(jobFaults({ type: 'object' }, [1])).toEqual(['The job data must be object, not [1].']);
  });

  it('are found in any JSON value, and never without a sentence', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (job) => {
        for (const fault of jobFaults(schema, job)) expect(fault).toMatch(/\.$|\?$/);
      }),
      { numRuns: 200 },
    );
  });
});
