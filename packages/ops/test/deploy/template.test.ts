import { createServer } from 'node:http';
import type { CoreEnvironment } from '@bclaw/compiler';
import { coreEnvironmentFromOutputs, coreOutputPaths } from '@bclaw/compiler';
import { createImageResolver } from '@bclaw/images';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPinnedTemplate, checkTemplate } from '../../src/index.js';

const core: CoreEnvironment = coreEnvironmentFromOutputs(
  { ...Object.fromEntries(Object.keys(coreOutputPaths).map((name) => [name, name])), LogRetentionDays: '30' },
  { stackName: 'bayerclaw2', accountId: '123456789012', region: 'us-east-1', partition: 'aws' },
);
const options = { core, deploymentId: 'check', bclawVersion: '1.0.0' };
const images = createImageResolver({ backoffMs: 1 });

/** A registry that has every tag except `missing`. */
const registry = createServer((request, response) => {
  const isMissing = request.url?.endsWith('/missing') === true;
  response.writeHead(isMissing ? 404 : 200, { 'docker-content-digest': `sha256:${'a'.repeat(64)}` }).end();
});
let host = '';
beforeAll(async () => {
  await new Promise<void>((done) => {
    registry.listen(0, '127.0.0.1', done);
  });
  const address = registry.address();
  host = `127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
});
afterAll(() => {
  images.destroy();
  registry.close();
});

const template = (pin: string, image: string, comment = '') => `Transform: BC2_Compiler
Repository: s3://results/\${job.id}
Options: {versioned: true, pin_images: ${pin}}
Steps:
  - count:
      ${comment}
      image: ${image}
      inputs: {}
      commands: count
`;

describe('a template with pin_images', () => {
  it('compiles to digests when registries are asked, and to tags when they are not', async () => {
    const text = template('true', `${host}/tool:1`);
    const [pinned, offline] = [await checkPinnedTemplate({ images }, text, options), checkTemplate(text, options)];
    expect(JSON.stringify(pinned)).toContain(`${host}/tool@sha256:aaaa`);
    expect(JSON.stringify(offline)).toContain(`${host}/tool:1`);
    expect([pinned.ok, offline.ok]).toEqual([true, true]);
    if (pinned.ok && offline.ok) expect(pinned.compiled.digest).not.toBe(offline.compiled.digest);
  });

  it('tells of an image without a digest at its line', async () => {
    expect(await checkPinnedTemplate({ images }, template('true', `${host}/tool:missing`), options)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'unpinned-image', severity: 'error', range: { start: { line: 7, column: 14 } } }],
    });
  });

  it('warns with best-effort, unless a comment silences that', async () => {
    const check = (comment?: string) =>
      checkPinnedTemplate({ images }, template('best-effort', `${host}/tool:missing`, comment), options);
    expect(await check()).toMatchObject({ ok: true, diagnostics: [{ code: 'unpinned-image', severity: 'warning' }] });
    expect(await check('# bclaw-ignore unpinned-image')).toMatchObject({ ok: true, diagnostics: [] });
  });
});
