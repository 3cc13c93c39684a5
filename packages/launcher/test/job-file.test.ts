import { describe, expect, it } from 'vitest';
import { jobFileFromEvent } from '../src/index.js';
import { bucket, objectCreated } from './engine.js';

describe('jobFileFromEvent', () => {
  it('takes the key as it is: EventBridge does not encode it', () => {
    for (const key of ['wf/a b.json', 'wf/a+b.json', 'wf/100%25.json', 'wf/日本.json']) {
      expect(jobFileFromEvent(objectCreated(key, 'v1'))).toEqual({ bucket, key, version: 'v1' });
      expect(jobFileFromEvent({ bucket, key, version: 'v1' })).toEqual({ bucket, key, version: 'v1' });
    }
  });

  it('knows buckets without versioning', () => {
    const { 'version-id': _, ...object } = objectCreated('wf/a.json', '').detail.object;
    const event = { 'detail-type': 'Object Created', detail: { bucket: { name: bucket }, object } };
    expect(jobFileFromEvent(event)).toEqual({ bucket, key: 'wf/a.json', version: '' });
    expect(jobFileFromEvent({ bucket, key: 'wf/a.json' })).toEqual({ bucket, key: 'wf/a.json', version: '' });
  });

  it.each([
    ['nothing', undefined, 'neither'],
    ['a list', [], 'neither'],
    ['another event', { 'detail-type': 'Object Deleted', detail: {} }, 'neither'],
    ['an event without object', { 'detail-type': 'Object Created', detail: { bucket: { name: 'b' } } }, 'neither'],
    ['an empty key', { bucket: 'b', key: '' }, 'no bucket and key'],
    ['a number for a key', { bucket: 'b', key: 7 }, 'no bucket and key'],
    ['a notification of S3 itself', { Records: [] }, 'Send the events of the bucket to EventBridge instead'],
  ])('refuses %s with words that help', (_, event, words) => {
    expect(() => jobFileFromEvent(event)).toThrow(words);
  });
});
