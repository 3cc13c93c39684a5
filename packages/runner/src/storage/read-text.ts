import { text } from 'node:stream/consumers';
import type { S3Location } from '@bclaw/spec/run-time';
import type { ObjectStore } from './object-store.js';

/** The whole of a small object, or undefined when there is none. */
export async function readText(store: ObjectStore, location: S3Location): Promise<string | undefined> {
  const opened = await store.open(location);
  return opened === undefined ? undefined : text(opened.body);
}
