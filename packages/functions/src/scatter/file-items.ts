import { TextDecoder } from 'node:util';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  type EarlierFiles,
  formatS3Uri,
  leftByEarlierRun,
  type RepositoryLocation,
  type S3Location,
  splitFileSource,
} from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { locate } from '../job-data.js';
import { openObject, readText } from '../storage/objects.js';
import { documentOf } from './documents.js';
import { LineSplitter } from './lines.js';
import { select } from './selector.js';

/** A selector needs the whole file in memory, which takes several times its size. */
const maxDocumentBytes = 64 * 1024 * 1024;

/** The context for reading files. */
interface FileContext {
  readonly s3: S3Client;
  readonly repository: RepositoryLocation;
  readonly earlier: EarlierFiles;
  readonly warn: (sentence: string) => void;
}

/**
 * The items in a file: its lines, or the matches of a selector.
 *
 * @param name of the source, for error messages
 * @param reference `file` or `file:selector`, without the `@`
 * @throws JobError `SourceInvalid`, `SourceNotFound`
 */
export async function* fileItems(name: string, reference: string, context: FileContext): AsyncGenerator<unknown> {
  const { file, selector } = splitFileSource(reference);
  const location = locate(file, context.repository);
  if (selector === undefined) yield* lines(name, location, context);
  else yield* select(await document(name, location, context), selector, name, formatS3Uri(location));
}

/** The lines of a file without their line endings. */
async function* lines(name: string, location: S3Location, { s3, earlier, warn }: FileContext): AsyncGenerator<string> {
  const object = await openObject(s3, location);
  if (object === undefined) throw missing(name, location);
  if (await earlier.has(location, object.origin)) {
    object.body.destroy();
    throw missing(name, location, true);
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const splitter = new LineSplitter();
  let empty = 0;
  const counted = (cut: string[]): string[] => {
    for (const line of cut) if (line === '') empty += 1;
    return cut;
  };
  for await (const chunk of object.body) yield* counted(splitter.push(decoded(decoder, chunk, name, location)));
  yield* counted(splitter.push(decoded(decoder, undefined, name, location)));
  yield* counted(splitter.end());
  if (empty > 0)
    warn(
      `The scatter source "${name}" has ${empty} empty ${empty === 1 ? 'line' : 'lines'} in ${formatS3Uri(location)}: each is a branch with an empty text.`,
    );
}

function decoded(decoder: TextDecoder, chunk: Uint8Array | undefined, name: string, location: S3Location): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw notText(name, location, cause);
  }
}

async function document(name: string, location: S3Location, { s3, earlier, warn }: FileContext): Promise<unknown> {
  const read = await readText(s3, location, maxDocumentBytes);
  switch (read.kind) {
    case 'text':
      if (await earlier.has(location, read.origin)) throw missing(name, location, true);
      return documentOf(read.text, { file: location.key, source: name, uri: formatS3Uri(location), warn });
    case 'missing':
      throw missing(name, location);
    case 'not-text':
      throw notText(name, location);
    case 'too-large':
      throw new JobError(
        'SourceInvalid',
        `The scatter source "${name}" selects from ${formatS3Uri(location)}, which has ${read.bytes} bytes; a selector takes files of up to 64 MiB.`,
        { hint: 'Write the items into a file of their own, one a line: `@file` takes any number of lines.' },
      );
  }
}

function missing(name: string, location: S3Location, isEarlier = false): JobError {
  const uri = formatS3Uri(location);
  return new JobError(
    'SourceNotFound',
    `The scatter source "${name}" is missing: ${isEarlier ? leftByEarlierRun(uri) : `there is no ${uri}`}.`,
    { hint: 'Did the step before write it? A selector (`@file:selector`) begins with `$`.' },
  );
}

function notText(name: string, location: S3Location, cause?: unknown): JobError {
  return new JobError(
    'SourceInvalid',
    `The scatter source "${name}" reads ${formatS3Uri(location)}, which is not text in UTF-8.`,
    { hint: 'To scatter over files themselves, name them or write a glob, without `@`.', cause },
  );
}
