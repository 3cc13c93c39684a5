import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createImageResolver, type ImageResolver } from '@bclaw/images';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleCore } from '../../packages/cli/src/example-core.js';
import { account } from './installation.js';
import { Ministack } from './ministack.js';

const manifest = (text: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: { text },
  });
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe("images in Amazon ECR, by MiniStack's ECR", () => {
  const region = 'us-east-1';
  let ministack: Ministack;
  let resolver: ImageResolver;

  beforeAll(async () => {
    ministack = await Ministack.start();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    resolver = createImageResolver({ endpoint: ministack.url, region, credentials });
    await ministack.aws('ecr', 'create-repository', '--repository-name', 'team/tools');
  });
  afterAll(async () => {
    resolver?.destroy();
    await ministack?.stop();
  });

  const push = (tag: string, text: string) =>
    ministack.aws(
      ...`ecr put-image --repository-name team/tools --image-tag ${tag} --image-manifest`.split(' '),
      manifest(text),
    );
  const digestOf = (name: string) => resolver.digestOf({ name }, { accountId: account, region });

  it('have the digest that their tag points to now', async () => {
    await push('1.0', 'first');
    expect(await digestOf('team/tools:1.0')).toBe(sha256(manifest('first')));
    expect(await digestOf(`${account}.dkr.ecr.${region}.amazonaws.com/team/tools:1.0`)).toBe(sha256(manifest('first')));
    await push('1.0', 'second');
    expect(await digestOf('team/tools:1.0')).toBe(sha256(manifest('second')));
  });

  it('are said to be missing when the tag is', async () => {
    await expect(digestOf('team/tools')).rejects.toMatchObject({
      problem: 'not-found',
      message: `${account}.dkr.ecr.${region}.amazonaws.com does not have it`,
    });
  });

  it('are said to be missing when the repository is, with the way to Docker Hub', async () => {
    await expect(digestOf('ubuntu:24.04')).rejects.toMatchObject({
      problem: 'not-found',
      message: `the account ${account} has no repository \`ubuntu\` in ECR`,
      hint: expect.stringContaining('docker.io/'),
    });
  });

  it('are pinned by `bclaw compile`', async () => {
    await writeFile(
      join(ministack.folder, 'workflow.yaml'),
      'Transform: BC2_Compiler\nRepository: s3://results/${job.id}\nOptions: {pin_images: true}\n' +
        'Steps: [{count: {image: team/tools:1.0, inputs: {}, commands: "true"}}]\n',
    );
    await writeFile(join(ministack.folder, 'core.json'), JSON.stringify(exampleCore));
    const compiled = await ministack.bclaw('compile', 'workflow.yaml', '--core', 'core.json');
    expect(compiled).toContain(`team/tools@${sha256(manifest('second'))}`);
  });
});
