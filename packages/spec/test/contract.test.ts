import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type JobMeasure,
  jobDefinitionName,
  jobPhases,
  measureName,
  measuresFolder,
  parseMeasureName,
  parseStateName,
  parseVersionedName,
  stateMachineName,
  stateName,
  stateSuffixes,
  tagKeys,
  tagPrefix,
  tagValue,
} from '../src/contract.js';

describe('the contract', () => {
  it('imports nothing, so that the launcher gets its constants alone', () => {
    expect(readFileSync(new URL('../src/contract.ts', import.meta.url), 'utf8')).not.toMatch(
      /^\s*(im|ex)port\b.*\bfrom ['"]/m,
    );
  });

  it('gives all tags the same prefix', () => {
    for (const key of Object.values(tagKeys)) expect(key.startsWith(tagPrefix)).toBe(true);
  });
});

describe('values of tags', () => {
  it('have no characters but those that AWS takes, and are not longer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const value = tagValue(text);
        expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
        expect(tagValue(value)).toBe(value);
      }),
    );
  });

  it('are the text itself where AWS takes it, else its end', () => {
    expect(tagValue('my-workflow/Probe 7/größe=2.json')).toBe('my-workflow/Probe 7/größe=2.json');
    expect(tagValue('w/a&b(1).json')).toBe('w/a_b_1_.json');
    expect(tagValue(`w/${'x'.repeat(300)}.json`)).toBe(`${'x'.repeat(251)}.json`);
  });
});

describe('versioned names', () => {
  it('are read back', () => {
    expect(parseVersionedName(stateMachineName('my-workflow', 12))).toEqual({ base: 'my-workflow', version: 12 });
    expect(parseVersionedName(jobDefinitionName('my-workflow', 'align', 3))).toEqual({
      base: 'my-workflow-align',
      version: 3,
    });
  });

  it.each(['my-workflow', 'my-workflow-2', 'my-workflow--0', 'my-workflow--02', 'my-workflow--'])(
    'are distinct from %s, which has no version',
    (name) => {
      expect(parseVersionedName(name)).toEqual({ base: name });
    },
  );
});

const suffix = fc.oneof(
  fc.constantFrom(...stateSuffixes),
  fc.nat().map((position) => `if${position}` as const),
  fc.nat().map((position) => `skip${position}` as const),
);

describe('state names', () => {
  it('are read back, whatever the step is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), suffix, (step, end) => {
        expect(parseStateName(stateName(step, end))).toEqual({ step, suffix: end.replace(/\d+$/, '') });
      }),
    );
  });

  it.each(['align', 'align.v2', 'align.maps', 'align.if', 'align.skip1a', '.map', 'map', ''])(
    'are distinct from %j, which has no such ending',
    (name) => {
      expect(parseStateName(name)).toBeUndefined();
    },
  );
});

describe('the measures of an attempt', () => {
  const amount = fc.nat();
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  const measure: fc.Arbitrary<JobMeasure> = fc.record(
    {
      ...{ execution: fc.stringMatching(/^[\w-]{1,80}$/), step: text, index: text, jobId: text },
      ...{ attempt: amount, startedAt: amount, totalMs: amount, exitCode: amount },
      phaseMs: fc.record(Object.fromEntries(jobPhases.map((phase) => [phase, amount])), { requiredKeys: [] }),
      ...{ cpuMs: amount, peakBytes: amount, inputBytes: amount, outputBytes: amount, memoryMiB: amount },
      cpus: fc.constantFrom(0.25, 1, 64),
      imageDigest: fc.constant('sha256:0a1b'),
    },
    {
      requiredKeys: ['execution', 'step', 'index', 'jobId', 'attempt', 'startedAt', 'totalMs', 'exitCode', 'phaseMs'],
    },
  );

  it('are read from the name that they are written into', () => {
    fc.assert(
      fc.property(measure, (one) => {
        const name = measureName(one);
        expect(name.startsWith(measuresFolder(one.execution))).toBe(true);
        expect(parseMeasureName(one.execution, name.slice(measuresFolder(one.execution).length))).toEqual(one);
      }),
    );
  });

  it('have names that a disk takes', () => {
    const digest = `sha256:${'f'.repeat(64)}`;
    const all = {
      ...{ execution: 'job', step: 'align', index: '7', jobId: 'j'.repeat(36), attempt: 1 },
      startedAt: Date.now(),
    };
    const name = measureName({
      ...all,
      totalMs: 9e9,
      exitCode: 255,
      phaseMs: { commands: 9e9 },
      peakBytes: 1e12,
      imageDigest: digest,
    });
    expect(Math.max(...name.split('/').map((part) => part.length))).toBeLessThanOrEqual(255);
    expect(name.length).toBeLessThan(1024);
  });

  it('are none for any other object', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.constant('align/main/id/1/exitCode.0/totalMs.x/startedAt.1')), (name) => {
        expect(parseMeasureName('job', name)).toBeUndefined();
      }),
    );
  });
});
