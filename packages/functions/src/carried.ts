import type { S3Client } from '@aws-sdk/client-s3';
import { controlFolder } from '@bclaw/spec/contract';
import { type Carried, jsonText, maxCarriedBytes, type RepositoryLocation } from '@bclaw/spec/run-time';
import { writeSystemFile } from './storage/system-files.js';

/** Quotes of a JSON text that stands in a JSON text. */
const outerQuotes = 2;

/**
 * Bytes that a JSON text, or a piece of one, adds to a request when it stands there as a string: quotes and backslashes
 * take two.
 */
export function nestedBytes(json: string): number {
  let escaped = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22 || code === 0x5c) escaped += 1;
  }
  return Buffer.byteLength(json) + escaped;
}

/** Whether values of that many {@link nestedBytes} may travel with the payload. */
export function mayTravel(bytes: number): boolean {
  return bytes + outerQuotes <= maxCarriedBytes;
}

/**
 * Values as they travel with a payload: as they are, or the URI of an object that is written now.
 *
 * @param folder the scatter's in its repository
 * @param name of the object below the folder's `_control_`, such as `parent.json`
 */
export async function carry<Values extends Readonly<Record<string, unknown>>>(
  s3: S3Client,
  values: Values,
  folder: RepositoryLocation,
  name: string,
): Promise<Carried<Values>> {
  const json = jsonText(values);
  return mayTravel(nestedBytes(json)) ? values : writeCarried(s3, json, folder, name);
}

/** Writes values that are too many to travel; gives the URI that travels instead. */
export function writeCarried(s3: S3Client, json: string, folder: RepositoryLocation, name: string): Promise<string> {
  return writeSystemFile(s3, folder, `${controlFolder}/${name}`, json);
}
