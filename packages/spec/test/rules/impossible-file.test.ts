import { describe, expect, it } from 'vitest';
import { findingsIn } from '../template.js';

const codesIn = (fields: string) => findingsIn(fields).map((finding) => finding.split(' ').slice(1).join(' '));

describe('files that can never be there', () => {
  const bad = (field: string) => codesIn(`inputs: {}\n${field}\ncommands: x`.replace(/^inputs: {}\n(?=inputs)/, ''));

  it.each([
    'inputs: {a: "https://x.org/y.fa"}',
    'inputs: {a: "s3:/bucket/y.fa"}',
    'inputs: {a: "S3://bucket/y.fa"}',
    'inputs: {a: "s3://bucket"}',
    'inputs: [{a: "s3://bucket/folder/"}]',
    'inputs: {a: /data/y.fa}',
    'inputs: {a: ../y.fa}',
    'inputs: {a: ./y.fa}',
    'inputs: {a: folder/}',
    'references: {a: "s3://bucket/"}',
  ])('%s', (field) => {
    expect(bad(field)).toEqual(['error bad-file']);
  });

  it.each([
    'outputs: {a: "s3://bucket/y.fa"}',
    'outputs: {a: ../y.fa}',
    'outputs: [{a: folder/}]',
    'outputs: {a: {name: folder/}}',
    'outputs: {a: "y.fa -> s3://bucket/${job.x}/ +tag"}',
  ])('%s', (field) => {
    expect(bad(field)).toEqual(['error bad-output']);
  });

  it.each([
    'inputs: {a: "${job.file}", b: "s3://${job.bucket}/x", c: "s3://Old_Bucket/x.fa", d: "*/x.fa", e: a.b/..c}',
    'references: {a: "s3://bucket/x"}',
    'outputs: {a: /scratch/x, b: "**", c: ./x.fa, d: "${job.name}.fa", e: "x.fa -> s3://bucket/${job.x}/ +a: b"}',
  ])('but %s may be', (field) => {
    expect(bad(field)).toEqual([]);
  });

  it.each([
    ['"@"', 'bad-file'],
    ['"@lanes.csv:lane"', 'bad-file'],
    ['"@lanes.csv:"', 'bad-file'],
    ['"@/lanes.txt"', 'bad-file'],
    ['folder/', 'bad-file'],
    ['"@s3://bucket/lanes.csv:$[*].lane"', undefined],
    ['"@${job.sheet}:$.lanes[*]"', undefined],
    ['"@run 12:30.txt"', undefined],
    ['[/a, ../b]', undefined],
  ])('a source of a scatter: %s', (source, code) => {
    const steps = 'steps: [{b: {inputs: {}, commands: "x ${scatter.n}"}}]';
    expect(codesIn(`scatter: {n: ${source}}\n${steps}`)).toEqual(code === undefined ? [] : [`error ${code}`]);
    expect(codesIn(`scatter: [{n: ${source}}]\n${steps}`)).toEqual(code === undefined ? [] : [`error ${code}`]);
  });

  it('an output of a scatter has no destination of its own', () => {
    const scatter = 'scatter: {n: [1]}\nsteps: [{b: {inputs: {}, commands: "x ${scatter.n}"}}]';
    expect(codesIn(`${scatter}\noutputs: {o: "x -> s3://bucket/y/"}`)).toEqual(['error bad-output']);
    expect(codesIn(`${scatter}\noutputs: {o: "s3://bucket/y"}`)).toEqual(['error bad-output']);
  });

  it('and the job data and the name of a subpipe', () => {
    expect(codesIn('subpipe: other\njob_data: "https://x.org/j.json"')).toEqual(['error bad-file']);
    expect(codesIn('subpipe: "other one"')).toEqual(['error bad-name']);
    expect(codesIn('subpipe: "arn:aws:lambda:eu-west-1:123456789012:function:f"')).toEqual(['error bad-name']);
    expect(codesIn('subpipe: "${job.next}"')).toEqual([]);
  });
});
