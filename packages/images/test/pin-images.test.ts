import { createHash } from 'node:crypto';
import { parse, type Workflow } from '@bclaw/spec';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createImageResolver, pinImages } from '../src/index.js';
import { type FakeServer, startServer } from './fake-server.js';

const account = { accountId: '123456789012', region: 'us-east-1' };
const resolver = createImageResolver({ backoffMs: 1 });
const digestOf = (path: string) => `sha256:${createHash('sha256').update(path).digest('hex')}`;

let registry: FakeServer;
beforeAll(async () => {
  // Has every image except those called `missing`, each with its own digest.
  registry = await startServer((request, response) => {
    const path = request.url ?? '';
    if (path.includes('/missing/')) response.writeHead(404);
    else response.writeHead(200, { 'docker-content-digest': digestOf(path) });
    response.end();
  });
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(async () => {
  resolver.destroy();
  await registry.close();
});

/** A workflow whose steps have these images, one inside a scatter. */
function workflow(pin: string, ...images: readonly string[]): Workflow {
  const [nested = '', ...others] = images;
  const step = (name: string, image: string) => ({ [name]: { image, inputs: {}, commands: 'true' } });
  const { workflow: parsed, diagnostics } = parse(
    JSON.stringify({
      Transform: 'BC2_Compiler',
      Repository: 's3://results/${job.id}',
      Options: { versioned: true, pin_images: pin },
      Steps: [
        ...others.map((image, index) => step(`s${index}`, image)),
        { wide: { scatter: { n: ['1', '2'] }, steps: [step('nested', nested)] } },
      ],
    }),
  );
  if (parsed === undefined) throw new Error(JSON.stringify(diagnostics));
  return parsed;
}

const pin = (parsed: Workflow) => pinImages(parsed, { resolver, account });
const image = (name: string) => `${registry.host}/${name}`;

describe('pinning the images of a workflow', () => {
  it('asks nobody without the option', async () => {
    expect(await pin(workflow('false', image('a:1')))).toEqual({ ok: true, images: new Map(), diagnostics: [] });
    expect(registry.requests).toEqual([]);
  });

  it('asks once for each image, in nested steps too', async () => {
    const { ok, images, diagnostics } = await pin(
      workflow('true', image('a:1'), image('b:1'), image('a:1'), image('a:2'), image('a')),
    );
    expect({ ok, diagnostics }).toEqual({ ok: true, diagnostics: [] });
    expect(new Map(images === 'offline' ? [] : images)).toEqual(
      new Map([
        [image('b:1'), image(`b@${digestOf('/v2/b/manifests/1')}`)],
        [image('a:1'), image(`a@${digestOf('/v2/a/manifests/1')}`)],
        [image('a:2'), image(`a@${digestOf('/v2/a/manifests/2')}`)],
        [image('a'), image(`a@${digestOf('/v2/a/manifests/latest')}`)],
      ]),
    );
    expect(registry.requests).toHaveLength(4);
  });

  it('leaves images that have a digest', async () => {
    const pinned = image(`a:1@${digestOf('')}`);
    expect(await pin(workflow('true', pinned))).toEqual({ ok: true, images: new Map(), diagnostics: [] });
    expect(registry.requests).toEqual([]);
  });

  it('leaves what run-time values name to the parser', async () => {
    const { images } = await pin(workflow('best-effort', image('a:${job.tag}'), image('b:1')));
    expect(images === 'offline' ? [] : [...images.keys()]).toEqual([image('b:1')]);
  });

  it('says which image has no digest, where and why', async () => {
    expect(await pin(workflow('true', image('a:1'), image('missing:1'), image('missing:1')))).toEqual({
      ok: false,
      images: 'offline',
      diagnostics: [0, 1].map((index) => ({
        code: 'unpinned-image',
        severity: 'error',
        message: `The image \`${image('missing:1')}\` has no digest to pin it to: ${registry.host} does not have it.`,
        path: ['Steps', index, `s${index}`, 'image'],
        hint: 'Check its name and its tag.',
      })),
    });
  });

  it('takes a digest that is none for an error, whoever made the model: a template with one does not parse', async () => {
    const text = JSON.stringify(workflow('true', image('a:1')));
    const { ok, diagnostics } = await pin(JSON.parse(text.replaceAll(image('a:1'), image('a@sha256:abc'))));
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([{ message: expect.stringContaining('what follows the @ is no digest') }]);
  });

  it('only warns with best-effort, and pins the others', async () => {
    const { ok, images, diagnostics } = await pin(workflow('best-effort', image('a:1'), image('missing:1')));
    expect(ok).toBe(true);
    expect(images === 'offline' ? [] : [...images.keys()]).toEqual([image('a:1')]);
    expect(diagnostics).toMatchObject([
      { code: 'unpinned-image', severity: 'warning', path: ['Steps', 0, 's0', 'image'] },
    ]);
  });

  it('does not wait for a registry that is out of order once for each image', async () => {
    const broken = await startServer((_request, response) => {
      response.writeHead(503).end();
    });
    const names = Array.from({ length: 100 }, (_, index) => `${broken.host}/image-${index}:1`);
    const { diagnostics } = await pin(workflow('true', ...names));
    await broken.close();
    expect(diagnostics).toHaveLength(100);
    // Four attempts for each image of the first concurrent batch.
    expect(broken.requests.length).toBeLessThanOrEqual(4 * 8);
  });

  it('asks for many images a few at a time', async () => {
    let open = 0;
    let most = 0;
    const slow = await startServer((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(200, { 'docker-content-digest': digestOf('') });
        response.end();
      }, 5);
    });
    const names = Array.from({ length: 100 }, (_, index) => `${slow.host}/image-${index}:1`);
    const { ok } = await pin(workflow('true', ...names));
    await slow.close();
    expect(ok).toBe(true);
    expect(slow.requests).toHaveLength(100);
    expect(most).toBeLessThanOrEqual(8);
  });
});
