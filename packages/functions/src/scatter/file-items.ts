import { TextDecoder } from 'node:util';
import type { S3Client } from '@aws-sdk/client-s3';
import { formatS3Uri, type RepositoryLocation, type S3Location } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { locate } from '../job-data.js';
import { openObject, readText } from '../storage/objects.js';
import { documentOf } from './documents.js';
import { select } from './selector.js';

/** A selector sees a whole file at once, which takes several times its size of the function's memory. */
const maxDocumentBytes = 64 * 1024 * 1024;

/**
 * The items that are in a file: its lines, or what a selector finds in it.
 *
 * @param name of the source, for errors
 * @param reference `file` or `file:selector`, without the `@`
 * @throws JobError `SourceInvalid`, `SourceNotFound`
 */
export async function* fileItems(
  name: string,
  reference: string,
  { s3, repository }: { readonly s3: S3Client; readonly repository: RepositoryLocation },
): AsyncGenerator<unknown> {
  const { file, selector } = splitReference(reference);
  const location = locate(file, repository);
  if (selector === undefined) yield* lines(s3, name, location);
  else yield* select(await document(s3, name, location), selector, name, formatS3Uri(location));
}

/** A selector begins with `$` (RFC 9535), so that colons may stand in file names. */
function splitReference(reference: string): { readonly file: string; readonly selector?: string } {
  const [, file = reference, selector] = /^([^$]*?)\s*:\s*(\$[\s\S]*)$/.exec(reference) ?? [];
  return selector === undefined ? { file: file.trim() } : { file: file.trim(), selector: selector.trim() };
}

/** The lines of a file without their ends; empty ones are no items. */
async function* lines(s3: S3Client, name: string, location: S3Location): AsyncGenerator<string> {
  const object = await openObject(s3, location);
  if (object === undefined) throw missing(name, location);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of object.body) {
    const pieces = (rest + decoded(decoder, chunk, name, location)).split('\n');
    rest = pieces.pop() ?? '';
    for (const line of pieces) {
      const item = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (item !== '') yield item;
    }
  }
  rest += decoded(decoder, undefined, name, location);
  const last = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
  if (last !== '') yield last;
}

function decoded(decoder: TextDecoder, chunk: Uint8Array | undefined, name: string, location: S3Location): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw notText(name, location, cause);
  }
}

async function document(s3: S3Client, name: string, location: S3Location): Promise<unknown> {
  const read = await readText(s3, location, maxDocumentBytes);
  switch (read.kind) {
    case 'text':
      return documentOf(read.text, location.key, name, formatS3Uri(location));
    case 'missing':
      throw missing(name, location);
    case 'not-text':
      throw notText(name, location);
    case 'too-large':
      throw new JobError(
        'SourceInvalid',
        `The scatter source "${name}" selects from ${formatS3Uri(location)}, which has ${read.bytes} bytes; a selector takes files of up to 64 MiB.`,
        { remedy: 'Write the items into a file of their own, one a line: `@file` takes any number of lines.' },
      );
  }
}

function missing(name: string, location: S3Location): JobError {
  return new JobError(
    'SourceNotFound',
    `The scatter source "${name}" is missing: there is no ${formatS3Uri(location)}.`,
    { remedy: 'Did the step before write it? A selector (`@file:selector`) begins with `$`.' },
  );
}

function notText(name: string, location: S3Location, cause?: unknown): JobError {
  return new JobError(
    'SourceInvalid',
    `The scatter source "${name}" reads ${formatS3Uri(location)}, which is not text in UTF-8.`,
    { remedy: 'To scatter over files themselves, name them or write a glob, without `@`.', cause },
  );
}
