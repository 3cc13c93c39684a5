import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Location } from '@bclaw/spec/run-time';
import type { Spool } from '../spool.js';
import { ObjectWriter } from '../storage/object-writer.js';

/** Writes `{"<output>":["s3://…",…],…}`, for lists of any length. */
export async function writeManifest(
  s3: S3Client,
  location: S3Location,
  outputs: readonly { readonly name: string; readonly found: Spool }[],
): Promise<void> {
  const file = new ObjectWriter(s3, location, { contentType: 'application/json' });
  try {
    let separator = '{';
    for (const { name, found } of outputs) {
      await file.write(`${separator}${JSON.stringify(name)}:[`);
      let comma = '';
      for (const cursor = found.cursor(); cursor.next(); comma = ',') {
        await file.write(comma);
        await file.writeBytes(cursor.bytes, cursor.start, cursor.end);
      }
      await file.write(']');
      separator = ',';
    }
    await file.write(outputs.length === 0 ? '{}' : '}');
    await file.close();
  } catch (error) {
    await file.abort();
    throw error;
  }
}
