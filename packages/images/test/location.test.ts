import { describe, expect, it } from 'vitest';
import { isLoopback, locateImage, withDigest } from '../src/location.js';

const account = { accountId: '123456789012', region: 'eu-central-1' };
const digest = `sha256:${'a'.repeat(64)}`;

describe('where an image is asked for', () => {
  it("is this account's ECR for a short name", () => {
    expect(locateImage('team/samtools:1.21', account)).toEqual({
      kind: 'ecr',
      host: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
      accountId: '123456789012',
      region: 'eu-central-1',
      repository: 'team/samtools',
      tag: '1.21',
    });
  });

  it.each([
    ['999999999999.dkr.ecr.us-west-2.amazonaws.com/x:1', '999999999999', 'us-west-2'],
    ['999999999999.dkr.ecr-fips.us-gov-west-1.amazonaws.com/x:1', '999999999999', 'us-gov-west-1'],
    ['999999999999.dkr.ecr.cn-north-1.amazonaws.com.cn/x:1', '999999999999', 'cn-north-1'],
    ['999999999999.dkr-ecr.us-west-2.on.aws/x:1', '999999999999', 'us-west-2'],
  ])('is the account and region in the name %s', (name, accountId, region) => {
    expect(locateImage(name, account)).toMatchObject({ kind: 'ecr', accountId, region, repository: 'x', tag: '1' });
  });

  it.each([
    ['docker.io/ubuntu', 'https://registry-1.docker.io', 'library/ubuntu', 'latest'],
    ['index.docker.io/library/ubuntu:24.04', 'https://registry-1.docker.io', 'library/ubuntu', '24.04'],
    ['docker.io/biocontainers/bwa:v1', 'https://registry-1.docker.io', 'biocontainers/bwa', 'v1'],
    ['public.ecr.aws/ubuntu/ubuntu:24.04', 'https://public.ecr.aws', 'ubuntu/ubuntu', '24.04'],
    ['quay.io/biocontainers/samtools:1.21', 'https://quay.io', 'biocontainers/samtools', '1.21'],
    ['registry.example.org:5000/a/b/c:x', 'https://registry.example.org:5000', 'a/b/c', 'x'],
    ['localhost:5000/tools:1', 'http://localhost:5000', 'tools', '1'],
    ['localhost/tools:1', 'http://localhost', 'tools', '1'],
    ['127.0.0.1:5000/tools', 'http://127.0.0.1:5000', 'tools', 'latest'],
    ['123456789012.dkr.ecr.us-east-1.example.com/x:1', 'https://123456789012.dkr.ecr.us-east-1.example.com', 'x', '1'],
  ])('is the registry that %s names', (name, origin, repository, tag) => {
    expect(locateImage(name, account)).toMatchObject({ kind: 'http', origin, repository, tag });
  });

  it.each(['localhost', 'localhost:5000', '127.0.0.1', '127.1.2.3:80', '[::1]:5000'])('%s is this machine', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['localhost.example.org', '127.0.0.1.example.org', '10.0.0.1:5000', 'example.org'])('%s is not', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('a pinned name', () => {
  it.each([
    ['samtools', `samtools@${digest}`],
    ['team/samtools:1.21', `team/samtools@${digest}`],
    ['localhost:5000/tools:1', `localhost:5000/tools@${digest}`],
    ['docker.io/ubuntu:24.04', `docker.io/ubuntu@${digest}`],
  ])('of %s has the digest in place of the tag', (name, pinned) => {
    expect(withDigest(name, digest)).toBe(pinned);
  });
});
