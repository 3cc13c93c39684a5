import { text } from 'node:stream/consumers';
import type { S3Location } from '@bclaw/spec/run-time';
import type { ObjectStore } from './object-store.js';

/** The complete text of a small object, or undefined when it does not exist. */
export async function readText(store: ObjectStore, location: S3Location): Promise<string | undefined> {
  const opened = await store.open(location);
  return opened === undefined ? undefined : text(opened.body);
}
