import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventBus } from '../../../src/kernel/event-bus.js';
import { memoryJournal } from '../../../src/kernel/journal-store.js';
import type { AwsEvent } from '../../../src/kernel/service.js';
import { openCore, type S3Core } from '../../../src/services/s3/core.js';
import { applyLifecycle } from '../../../src/services/s3/lifecycle.js';
import type { NewObject } from '../../../src/services/s3/storage/object-store.js';

const dayMs = 86_400_000;
const Bucket = 'expiring';
const content: NewObject = { size: 10, etag: 'e', segments: [], tags: { keep: 'no' } };

let core: S3Core;
let events: AwsEvent[];
beforeEach(() => {
  const log = { info: () => {}, error: () => {} };
  const identity = { accountId: '123456789012', region: 'us-east-1' };
  const bus = createEventBus({ ...identity, log });
  events = [];
  bus.subscribe((event) => events.push(event));
  core = openCore({
    ...identity,
    partition: 'aws',
    endpoint: 'http://127.0.0.1:0',
    directory: mkdtempSync(join(tmpdir(), 'bclaw-s3-')),
    journal: memoryJournal(),
    events: bus,
    log,
    call: () => Promise.reject(new Error('S3 calls no other service')),
  });
});
afterEach(() => rmSync(core.context.directory, { recursive: true, force: true }));

function bucket(rule: object, versioning?: 'Enabled') {
  core.buckets.save({
    name: Bucket,
    region: 'us-east-1',
    created: 0,
    versioning,
    eventBridge: true,
    settings: { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ...rule }] } },
  });
}

const put = (key: string, object: Partial<NewObject> = {}) =>
  core.objects.put(core.buckets.get(Bucket), key, { ...content, ...object }, () => undefined);
const keys = () => [...core.objects.index(Bucket).all()].map(({ key, kind }) => `${key} ${kind}`);
const inDays = (days: number) => Date.now() + days * dayMs;

describe('lifecycle rules', () => {
  it('expire what matches, when its days are over', async () => {
    bucket({
      Filter: { And: { Prefix: 'old/', Tags: [{ Key: 'keep', Value: 'no' }], ObjectSizeGreaterThan: 5 } },
      Expiration: { Days: 30 },
    });
    put('old/a');
    put('old/small', { size: 5 });
    put('old/tagged', { tags: { keep: 'yes' } });
    put('other');
    expect(await applyLifecycle(core, inDays(29))).toBe(0);
    expect(await applyLifecycle(core, inDays(31))).toBe(1);
    expect(keys()).toEqual(['old/small object', 'old/tagged object', 'other object']);
    expect(events.map(({ detail }) => [detail['reason'], detail['deletion-type'], detail['requester']])).toEqual([
      ['Lifecycle Expiration', 'Permanently Deleted', 's3.amazonaws.com'],
    ]);
  });

  it('put a marker on the current version and remove older ones but as many as are to be kept', async () => {
    bucket(
      { Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 } },
      'Enabled',
    );
    put('k');
    put('k');
    put('k');
    expect(await applyLifecycle(core, inDays(3))).toBe(2);
    expect(keys()).toEqual(['k delete-marker', 'k object', 'k object']);
  });

  it('remove markers that hide nothing', async () => {
    bucket({ Expiration: { ExpiredObjectDeleteMarker: true } }, 'Enabled');
    core.objects.remove(core.buckets.get(Bucket), 'k', undefined, () => undefined);
    expect(await applyLifecycle(core, inDays(0))).toBe(1);
    expect(keys()).toEqual([]);
  });

  it('abort uploads that were left', async () => {
    bucket({ Filter: { Prefix: 'up/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    for (const key of ['up/a', 'other'])
      core.uploads.create({
        uploadId: key,
        bucket: Bucket,
        key,
        initiated: Date.now(),
        checksumAlgorithm: 'CRC64NVME',
        checksumType: 'FULL_OBJECT',
        checksumRequested: false,
      });
    expect(await applyLifecycle(core, inDays(9))).toBe(1);
    expect(core.uploads.inBucket(Bucket).map(({ key }) => key)).toEqual(['other']);
  });

  it('that are disabled do nothing', async () => {
    bucket({ Status: 'Disabled', Expiration: { Days: 1 } });
    put('k');
    expect(await applyLifecycle(core, inDays(100))).toBe(0);
  });
});
