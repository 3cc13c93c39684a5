import type { S3Client } from '@aws-sdk/client-s3';
import { controlFolder } from '@bclaw/spec/contract';
import { type Carried, jsonText, maxCarriedBytes, type RepositoryLocation } from '@bclaw/spec/run-time';
import { writeSystemFile } from './storage/system-files.js';

/** The outer quotes of a JSON text that is embedded in another one. */
const outerQuotes = 2;

/**
 * Number of bytes that a JSON text, or a piece of one, takes in a request when it is embedded as a string: quotes and
 * backslashes take two.
 */
export function nestedBytes(json: string): number {
  let escaped = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22 || code === 0x5c) escaped += 1;
  }
  return Buffer.byteLength(json) + escaped;
}

/** Returns true if values of this many {@link nestedBytes} fit the payload. */
export function mayTravel(bytes: number): boolean {
  return bytes + outerQuotes <= maxCarriedBytes;
}

/**
 * Values for a payload: inline, or the URI of an object that this function writes.
 *
 * @param folder the scatter's folder in its repository
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

/** Writes values that are too large for the payload and returns the URI that takes their place. */
export function writeCarried(s3: S3Client, json: string, folder: RepositoryLocation, name: string): Promise<string> {
  return writeSystemFile(s3, folder, `${controlFolder}/${name}`, json);
}
