import { expandImage, isPinnedImage, parseImage, splitImage } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImage', () => {
  it.each([
    ['samtools', { name: 'samtools' }],
    [' samtools:1.21\n', { name: 'samtools:1.21' }],
    [`a/b@${digest}`, { name: `a/b@${digest}` }],
    ['localhost:5000/x:y', { name: 'localhost:5000/x:y' }],
    ['ghcr.io/lab/caller:2 +auth: secret', { name: 'ghcr.io/lab/caller:2', auth: 'secret' }],
    [
      'caller\n  +auth: arn:aws:secretsmanager:us-east-1:1:secret:s-x\n',
      { name: 'caller', auth: 'arn:aws:secretsmanager:us-east-1:1:secret:s-x' },
    ],
    ['caller:${job.version}', { name: 'caller:${job.version}' }],
    [
      '${job.registry}:${job.port}/${job.image}@${job.digest}',
      { name: '${job.registry}:${job.port}/${job.image}@${job.digest}' },
    ],
    ['Registry.Example.org:5000/lab/a__b-c.d:V1.0_rc', { name: 'Registry.Example.org:5000/lab/a__b-c.d:V1.0_rc' }],
  ])('reads %j', (source, value) => {
    expect(parseImage(source)).toEqual({ ok: true, value });
  });

  it.each([
    '',
    'two words',
    'caller +auth:',
    'caller +auht: x',
    '/absolute',
    '-flag',
    'a:b:c',
    'Samtools:1',
    'x@sha256:abc',
    'x@y@z',
    'x:-1',
    'a//b',
  ])('refuses %j', (source) => {
    expect(parseImage(source)).toMatchObject({ ok: false, hint: expect.any(String) });
  });
});

describe('splitImage', () => {
  it.each([
    ['samtools', { repository: 'samtools' }],
    ['samtools:1.21', { repository: 'samtools', tag: '1.21' }],
    ['lab/samtools:1.21', { repository: 'lab/samtools', tag: '1.21' }],
    ['docker.io/lab/samtools', { registry: 'docker.io', repository: 'lab/samtools' }],
    ['localhost/x', { registry: 'localhost', repository: 'x' }],
    ['host:5000/x:y', { registry: 'host:5000', repository: 'x', tag: 'y' }],
    [`x:y@${digest}`, { repository: 'x', tag: 'y', digest }],
  ])('takes %s apart', (name, expected) => {
    expect(splitImage(name)).toEqual(expected);
  });
});

describe('expandImage', () => {
  const account = { accountId: '123456789012', region: 'eu-central-1' };

  it("puts short names into the account's ECR, also with a tag or a folder", () => {
    const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
    expect(expandImage('samtools:1.21', account)).toBe(`${registry}/samtools:1.21`);
    expect(expandImage('lab/samtools', account)).toBe(`${registry}/lab/samtools`);
  });

  it('leaves names with a registry alone', () => {
    for (const name of [
      'docker.io/library/ubuntu',
      'localhost/x',
      'localhost:5000/x',
      'public.ecr.aws/ubuntu/ubuntu:24.04',
    ])
      expect(expandImage(name, account)).toBe(name);
  });

  it("knows China's domain", () => {
    expect(expandImage('x', { ...account, region: 'cn-north-1', partition: 'aws-cn' })).toBe(
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x',
    );
  });
});

describe('isPinnedImage', () => {
  it.each([
    'x:1',
    'x:v2',
    'x:1.21--h50ea8bc_0',
    'x:2026-11-24',
    'x:release-1.2',
    'x:build-1234',
    'x:sha-0a1b2c3',
    'x:0a1b2c3d',
    `x@${digest}`,
    `x:prod@${digest}`,
    'host:5000/lab/x:24.04',
  ])('trusts %s', (name) => {
    expect(isPinnedImage(name)).toBe(true);
  });

  it.each([
    'x',
    'host:5000/x',
    'x:latest',
    'x:prod',
    'x:main',
    'x:nightly-2026',
    'x:1.0-SNAPSHOT',
    'x:deadbeef-dirty',
    'x:${job.v}',
    'x@sha256:12',
  ])('does not trust %s', (name) => {
    expect(isPinnedImage(name)).toBe(false);
  });
});
