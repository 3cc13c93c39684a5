import { parseOutput } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

describe('parseOutput', () => {
  it.each([
    ['a.txt', { file: 'a.txt', s3Tags: {} }],
    ['out/**/*.vcf', { file: 'out/**/*.vcf', s3Tags: {} }],
    ['my file.txt', { file: 'my file.txt', s3Tags: {} }],
    ['a.txt -> s3://b/p/', { file: 'a.txt', dest: 's3://b/p/', s3Tags: {} }],
    ['a.txt->s3://b/p/', { file: 'a.txt', dest: 's3://b/p/', s3Tags: {} }],
    ['a.txt -> ${job.dest}', { file: 'a.txt', dest: '${job.dest}/', s3Tags: {} }],
    ['a.txt +k: v', { file: 'a.txt', s3Tags: { k: 'v' } }],
    [
      'a.txt\n  -> s3://b/p/\n  +one: 1 2\n  +two: ${job.x}\n',
      { file: 'a.txt', dest: 's3://b/p/', s3Tags: { one: '1 2', two: '${job.x}' } },
    ],
    ['a+b.txt', { file: 'a+b.txt', s3Tags: {} }],
    ['x.txt +url: http://h/+x', { file: 'x.txt', s3Tags: { url: 'http://h/+x' } }],
  ])('reads %j', (source, value) => {
    expect(parseOutput(source)).toEqual({ ok: true, value });
  });

  it.each([
    '',
    ' -> s3://b/',
    'a -> results/',
    'a -> s3://b/ -> s3://c/',
    'a -> ',
    'a -> s3://b/p',
    'a -> s3://b/${job.ID}/a.txt',
    'a:\n+tag2:value2',
    'a:\n-tag1: value1',
    'a\nb',
    'a ->',
  ])('refuses %j', (source) => {
    expect(parseOutput(source)).toMatchObject({ ok: false, hint: expect.any(String) });
  });
});
