import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionName } from '../src/index.js';

describe('executionName', () => {
  it.each([
    ['a plain name', 'wf/job.json', '3sL4kqtJlcpXroDT', 'job_3sL4kqtJ'],
    ['folders', 'wf/2026/run-7/job.json', 'v1', '2026-run-7-job_v1'],
    ['several dots', 'wf/sample.v2.json', 'v1', 'sample-v2_v1'],
    ['no extension', 'wf/job', 'v1', 'job_v1'],
    ['a dot in a folder', 'wf/v1.0/job', 'v1', 'v1-0-job_v1'],
    ['a hidden file', 'wf/.json', 'v1', 'json_v1'],
    ['runs of other characters', 'wf/a  (b)+%20.json', 'v1', 'a-b-20_v1'],
    ['a leading underscore', 'wf/_job.json', 'v1', 'job_v1'],
    ['nothing but other characters', 'wf/日本.json', 'v1', 'job_v1'],
    ['an unversioned bucket', 'wf/job.json', '', 'job_NULL'],
    ['punctuation in the version', 'wf/job.json', 'a._b-c', 'job_abc'],
    ['a long name', `wf/${'x'.repeat(100)}.json`, 'abcdefghij', `${'x'.repeat(71)}_abcdefgh`],
    ['the prefix of another workflow', 'other/job.json', 'v1', 'other-job_v1'],
  ])('makes a name from %s', (_, key, version, name) => {
    expect(executionName(key, 'wf', version)).toBe(name);
  });

  it('fits Step Functions, and begins as a Batch job may, for every key and version', () => {
    const unit = 'binary' as const;
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), fc.string({ unit, maxLength: 40 }), (path, version) => {
        expect(executionName(`wf/${path}`, 'wf', version)).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{1,79}$/);
      }),
    );
  });
});
