import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListingWindow, listPage } from '../../../src/services/s3/listing.js';
import { compareKeys } from '../../../src/services/s3/storage/key-order.js';
import { SortedKeys } from '../../../src/services/s3/storage/sorted-keys.js';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
const Bucket = 'listing';
const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/1', 'f'];
beforeAll(async () => {
  await server.start();
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => server.dispose());

describe('listings', () => {
  it('roll keys up into common prefixes', async () => {
    const client = server.client();
    const top = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(top.Contents?.map(({ Key }) => Key)).toEqual(['a', 'd', 'f']);
    expect(top.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/', 'e/']);
    expect(top.KeyCount).toBe(5);
    const below = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', Prefix: 'b/' }));
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2']);
    expect(below.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/c/']);
  });

  it.each([1, 2, 3])('come in pages of %i', async (pageSize) => {
    const client = server.client();
    for (const Delimiter of [undefined, '/']) {
      const seen: (string | undefined)[] = [];
      const input = { Bucket, ...(Delimiter === undefined ? {} : { Delimiter }) };
      for await (const page of paginateListObjectsV2({ client, pageSize }, input)) {
        expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
        seen.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map((p) => p.Prefix));
      }
      expect(seen.sort()).toEqual(Delimiter === undefined ? keys : ['a', 'b/', 'd', 'e/', 'f']);
    }
  });

  it('start after a key, and say nothing for zero keys', async () => {
    const client = server.client();
    const after = await client.send(new ListObjectsV2Command({ Bucket, StartAfter: 'b/2', FetchOwner: true }));
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['b/c/3', 'd', 'e/1', 'f']);
    expect(after.Contents?.[0]?.Owner?.ID).toHaveLength(64);
    const none = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  it('in their first version go on from a marker', async () => {
    const client = server.client();
    const first = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }));
    expect(first.NextMarker).toBe('b/');
    const second = await client.send(new ListObjectsCommand({ Bucket, Marker: 'b/', Delimiter: '/' }));
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['d', 'f']);
    expect(second.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['e/']);
    const plain = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 }));
    expect(plain.NextMarker).toBeUndefined();
    expect(plain.IsTruncated).toBe(true);
  });

  it('refuse arguments that make no sense', async () => {
    const client = server.client();
    const list = (input: object) => failure(client.send(new ListObjectsV2Command({ Bucket, ...input })));
    expect((await list({ MaxKeys: -1 })).code).toBe('InvalidArgument');
    expect((await list({ ContinuationToken: '!' })).code).toBe('InvalidArgument');
    expect((await list({ EncodingType: 'base64' })).code).toBe('InvalidArgument');
    expect((await list({ Bucket: 'no-such-bucket' })).code).toBe('NoSuchBucket');
  });
});

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\uffee', '😀'), minLength: 1, maxLength: 5 });

/** S3's sort order, in its simplest form. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(byBytes(a, b));
      }),
    );
  });

  it('holds after any additions and removals', () => {
    fc.assert(
      fc.property(fc.array(key), fc.array(fc.tuple(fc.boolean(), key)), (start, changes) => {
        const model = new Set(start);
        const sorted = new SortedKeys(model);
        for (const [add, name] of changes) {
          if (!add) sorted.remove(name);
          else if (!model.has(name)) sorted.add(name);
          if (add) model.add(name);
          else model.delete(name);
        }
        const walked: string[] = [];
        for (let at = sorted.atOrAfter(''); at !== undefined; at = sorted.after(at)) walked.push(at);
        expect(walked).toEqual([...model].sort(byBytes));
      }),
    );
  });

  it('holds in an index that is larger than one of its chunks', () => {
    const sorted = new SortedKeys();
    const names = Array.from({ length: 5000 }, (_, n) => String((n * 7919) % 5000).padStart(4, '0'));
    for (const name of names) sorted.add(name);
    for (const name of names.filter((_, n) => n % 3 === 0)) sorted.remove(name);
    const walked: string[] = [];
    for (let at = sorted.atOrAfter(''); at !== undefined; at = sorted.after(at)) walked.push(at);
    expect(walked).toEqual(names.filter((_, n) => n % 3 !== 0).sort());
  });
});

describe('a page of a listing', () => {
  it('is what a plain walk over all keys gives, page after page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 30 }),
        fc.constantFrom('', 'a', 'a/', 'é', '/'),
        fc.constantFrom(undefined, '/', 'b'),
        fc.integer({ min: 1, max: 5 }),
        (names, prefix, delimiter, limit) => {
          const expected = plainListing(names, prefix, delimiter);
          const seen: string[] = [];
          let after: string | undefined;
          for (;;) {
            const window: ListingWindow<string> = { prefix, delimiter, after, limit, expand: (name) => [name] };
            const page = listPage(new SortedKeys(names), window);
            seen.push(...[...page.items, ...page.commonPrefixes].sort(byBytes));
            if (!page.isTruncated) break;
            expect(page.items.length + page.commonPrefixes.length).toBe(limit);
            after = page.last;
          }
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function plainListing(names: readonly string[], prefix: string, delimiter: string | undefined): string[] {
  const shown = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const at = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length);
      return at < 0 ? name : name.slice(0, at + 1);
    });
  return [...new Set(shown)].sort(byBytes);
}
