import {
  isStatePayload,
  type JobStep,
  parseCarriedJobStep,
  parseCarriedValues,
  parseInitializeRequest,
  parseJobData,
  parseJobParameters,
  parseJobStep,
  parseLaunchPayload,
  parseStatePayload,
  parseTextMap,
  parseValueMap,
  type StatePayload,
} from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

const jobFile = { bucket: 'launcher', key: 'wf/job.json', version: 'v1' };
const payload: StatePayload = {
  index: 'main',
  execution: { arn: 'arn:aws:states:us-east-1:123456789012:execution:wf--1:job', name: 'job' },
  job_file: jobFile,
  job_data: 's3://b/p/_JOB_DATA_',
  repo: { bucket: 'b', prefix: 'p', uri: 's3://b/p' },
  prev_outputs: { a: 'a.txt' },
  scatter: { n: 1 },
  parent: {},
  share_id: 'wf',
};
const step: JobStep = {
  image: 'i',
  shell: 'sh',
  commands: ['x'],
  references: {},
  outputs: { o: { file: 'o.txt', dest: 's3://b/', s3_tags: { k: 'v' } } },
  s3_tags: {},
  skip: 'never',
  qc: [{ file: 'qc.json', stop_early_if: ['bad'] }],
};

describe('the parsers at the border', () => {
  it('accept what bclaw sends, and fields that a newer version adds', () => {
    expect(parseLaunchPayload({ job_file: jobFile, index: 'main' })).toEqual({ job_file: jobFile, index: 'main' });
    expect(parseStatePayload({ ...payload, more: 1 })).toEqual({ ...payload, more: 1 });
    expect(parseCarriedJobStep(JSON.stringify(step))).toEqual(step);
    expect(parseJobData('{"job":{"a":1},"scatter":{},"parent":{}}').job).toEqual({ a: 1 });
    const parameters = {
      step: '{}',
      repo: 's3://b/p',
      job_data: '-',
      index: 'main',
      execution: 'arn',
      inputs: '{}',
      scatter: '{}',
      parent: '{}',
    };
    expect(parseJobParameters(parameters)).toEqual(parameters);
  });

  it('tell the payload of another execution from that of the launcher', () => {
    const request = { workflow: 'wf', repository: 's3://b/p', execution: payload.execution };
    expect(isStatePayload(parseInitializeRequest({ ...request, input: payload }).input)).toBe(true);
    expect(
      isStatePayload(parseInitializeRequest({ ...request, input: { job_file: jobFile, index: 'main' } }).input),
    ).toBe(false);
  });

  it('read job parameters, of which an empty one is an empty map', () => {
    expect(parseTextMap('{"a":"b"}', 'inputs')).toEqual({ a: 'b' });
    expect(parseTextMap('', 'inputs')).toEqual({});
    expect(parseCarriedValues('{"a":[1]}', 'scatter')).toEqual({ a: [1] });
    expect(parseCarriedValues('', 'scatter')).toEqual({});
    expect(parseCarriedValues('"s3://b/values"', 'scatter')).toBe('s3://b/values');
    expect(parseValueMap('{"a":[1]}', 's3://b/values')).toEqual({ a: [1] });
  });

  it.each([
    () => parseStatePayload({ ...payload, repo: { bucket: 'b', prefix: 'p' } }),
    () => parseStatePayload(null),
    () => parseLaunchPayload({ job_file: { ...jobFile, key: 7 }, index: 'main' }),
    () => parseCarriedJobStep('not json'),
    () => parseCarriedJobStep('{"image":"i"}'),
    () => parseJobStep(JSON.stringify({ ...step, shell: 'fish' }), 's3://b/step'),
    () => parseJobData('[]'),
    () => parseTextMap('{"a":1}', 'inputs'),
    () => parseCarriedValues('[1]', 'scatter'),
    () => parseCarriedValues('"elsewhere"', 'scatter'),
    () => parseInitializeRequest({ workflow: 'wf', repository: 's3://b/p', execution: payload.execution, input: {} }),
  ])('refuse anything else with a code (%#)', (attempt) => {
    expect(attempt).toThrow(expect.objectContaining({ code: 'bad-payload' }));
  });

  it('name the field that is wrong', () => {
    expect(() => parseStatePayload({ ...payload, prev_outputs: { a: 1 } })).toThrow('"prev_outputs.a"');
  });
});
