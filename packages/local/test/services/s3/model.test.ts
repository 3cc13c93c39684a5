import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Server } from './s3-server.js';

const server = new S3Server();
beforeAll(() => server.start());
afterAll(() => server.dispose());

async function call(operation: string, input: object): Promise<Record<string, unknown>> {
  const found = server.service.operations.get(operation);
  if (found === undefined) throw new Error(`no operation ${operation}`);
  return { ...Object(await found.run(input, { requestId: 'test' })) };
}

const key = fc.constantFrom('a', 'a/b', 'a/b/c', '../x', '//', 'é', '😀', '\uffee', ' ');
const content = fc.string({ maxLength: 20 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key, content }),
  fc.record({ kind: fc.constant('copy' as const), key, from: key }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('delete-version' as const), key, pick: fc.nat(5) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

interface Version {
  readonly id: string;
  readonly content: string | undefined;
}

let buckets = 0;

describe('any sequence of puts, copies, deletions and restarts', () => {
  it.each([true, false])('gives what a plain model gives (versioned: %s)', async (versioned) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        buckets += 1;
        const Bucket = `model-${buckets}`;
        await call('CreateBucket', { Bucket });
        if (versioned) await call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
        // Per key, newest first; content undefined is a delete marker.
        const model = new Map<string, Version[]>();
        const push = (name: string, id: unknown, value: string | undefined) => {
          const older = versioned ? (model.get(name) ?? []) : [];
          model.set(name, [{ id: String(id), content: value }, ...older]);
        };
        for (const action of steps) {
          switch (action.kind) {
            case 'put': {
              const put = await call('PutObject', { Bucket, Key: action.key, Body: action.content });
              push(action.key, put['VersionId'], action.content);
              break;
            }
            case 'copy': {
              const source = model.get(action.from)?.[0]?.content;
              if (source === undefined || action.from === action.key) break;
              const CopySource = `${Bucket}/${encodeURIComponent(action.from)}`;
              push(
                action.key,
                (await call('CopyObject', { Bucket, Key: action.key, CopySource }))['VersionId'],
                source,
              );
              break;
            }
            case 'delete': {
              const deleted = await call('DeleteObject', { Bucket, Key: action.key });
              if (versioned) push(action.key, deleted['VersionId'], undefined);
              else model.delete(action.key);
              break;
            }
            case 'delete-version': {
              const versions = model.get(action.key) ?? [];
              const victim = versions[action.pick % Math.max(versions.length, 1)];
              if (victim === undefined || !versioned) break;
              await call('DeleteObject', { Bucket, Key: action.key, VersionId: victim.id });
              model.set(
                action.key,
                versions.filter((version) => version !== victim),
              );
              break;
            }
            case 'restart':
              await server.stop();
              await server.start();
          }
        }
        const byBytes = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
          Buffer.compare(Buffer.from(a), Buffer.from(b));
        const expected = [...model].sort(byBytes);
        const current = expected.flatMap(([name, [newest]]) =>
          newest?.content === undefined ? [] : [[name, newest.content] as const],
        );
        const listing = await call('ListObjectsV2', { Bucket });
        const listed = Array.isArray(listing['Contents']) ? listing['Contents'] : [];
        expect(listed.map(({ Key, Size }) => [Key, Size])).toEqual(
          current.map(([name, value]) => [name, Buffer.byteLength(value)]),
        );
        for (const [name, value] of current) {
          const { Body } = await call('GetObject', { Bucket, Key: name });
          expect(Body instanceof Readable ? await text(Body) : undefined).toBe(value);
        }
        if (!versioned) return;
        const history = await call('ListObjectVersions', { Bucket });
        const ids = [history['Versions'], history['DeleteMarkers']]
          .flat()
          .map((entry) => Reflect.get(Object(entry), 'VersionId'));
        expect(new Set(ids)).toEqual(new Set(expected.flatMap(([, versions]) => versions.map(({ id }) => id))));
      }),
      { numRuns: 60 },
    );
  });
});

describe('operations called inside the engine', () => {
  it('take strings, bytes and streams, and give streams', async () => {
    await call('CreateBucket', { Bucket: 'inside' });
    for (const Body of ['text', Buffer.from('text'), Readable.from([Buffer.from('te'), Buffer.from('xt')])]) {
      await call('PutObject', { Bucket: 'inside', Key: 'k', Body });
      const got = await call('GetObject', { Bucket: 'inside', Key: 'k' });
      expect(got['Body'] instanceof Readable ? await text(got['Body']) : undefined).toBe('text');
    }
  });

  it('refuse input that lacks what they need', async () => {
    await expect(call('GetObject', { Bucket: 'inside' })).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('let a reader finish although the object is deleted meanwhile', async () => {
    await call('PutObject', { Bucket: 'inside', Key: 'read', Body: 'still here' });
    const { Body } = await call('GetObject', { Bucket: 'inside', Key: 'read' });
    await call('DeleteObject', { Bucket: 'inside', Key: 'read' });
    expect(Body instanceof Readable ? await text(Body) : undefined).toBe('still here');
  });
});
