import type { S3Client } from '@aws-sdk/client-s3';
import {
  formatS3Uri,
  globMatcher,
  globPrefix,
  inWords,
  isGlob,
  isS3Uri,
  type JobData,
  type RepositoryLocation,
  type ScatterSource,
} from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { filledInValue, locate } from '../job-data.js';
import { listKeys, objectMetadata } from '../storage/objects.js';
import { isSystemFile, repositoryFile } from '../storage/system-files.js';
import { fileItems } from './file-items.js';

/** Where a scatter's sources are read from. */
export interface SourceContext {
  readonly s3: S3Client;
  readonly repository: RepositoryLocation;
  readonly data: JobData;
  readonly warn: (sentence: string) => void;
}

/**
 * The items of one source, in order.
 *
 * @param name of the source in the template, for errors
 * @returns JSON values: those of a list, of a file's lines or of what a selector finds in a file; `s3://` URIs for a glob
 * and for a plain file
 * @throws JobError `ValueMissing`, `SourceInvalid`, `SourceNotFound`
 */
export async function* itemsOf(name: string, source: ScatterSource, context: SourceContext): AsyncGenerator<unknown> {
  if (typeof source !== 'string') {
    for (const item of source) yield typeof item === 'string' ? filledInValue(item, context.data) : item;
    return;
  }
  const value = filledInValue(source, context.data);
  if (Array.isArray(value)) yield* value;
  else if (typeof value === 'string' && value.trim() !== '') yield* textItems(name, value.trim(), context);
  else
    throw new JobError('SourceInvalid', `The scatter source "${name}", \`${source}\`, is ${inWords(value)}.`, {
      remedy: 'It must be a list, or a text that names a file or a glob.',
    });
}

async function* textItems(name: string, text: string, context: SourceContext): AsyncGenerator<unknown> {
  if (text.startsWith('@')) yield* fileItems(name, text.slice(1), context);
  else if (isGlob(isS3Uri(text) ? locate(text, context.repository).key : text)) yield* matches(name, text, context);
  else yield await existing(name, text, context);
}

/** Every object that a glob matches; S3 lists them sorted. */
async function* matches(name: string, glob: string, { s3, repository, warn }: SourceContext): AsyncGenerator<string> {
  // Only what the template says is a pattern: the repository's own name may have brackets in it.
  const base = isS3Uri(glob) ? { bucket: locate(glob, repository).bucket, key: '' } : repositoryFile(repository, '');
  const pattern = isS3Uri(glob) ? locate(glob, repository).key : glob;
  const isMatch = globMatcher(pattern);
  let found = 0;
  for await (const keys of listKeys(s3, base.bucket, base.key + globPrefix(pattern)))
    for (const key of keys) {
      const path = key.slice(base.key.length);
      if (isSystemFile(path) || !isMatch(path)) continue;
      found += 1;
      yield formatS3Uri({ bucket: base.bucket, key });
    }
  if (found === 0) warn(`The scatter source "${name}" has no items: nothing matches ${formatS3Uri(base)}${pattern}.`);
}

async function existing(name: string, file: string, { s3, repository }: SourceContext): Promise<string> {
  const location = locate(file, repository);
  const uri = formatS3Uri(location);
  if (location.key === '' || location.key.endsWith('/'))
    throw new JobError('SourceInvalid', `The scatter source "${name}" is a folder, ${uri}.`, {
      remedy: 'For what is in it, write a glob that ends in `/*`.',
    });
  if ((await objectMetadata(s3, location)) !== undefined) return uri;
  throw new JobError('SourceNotFound', `The scatter source "${name}" is missing: there is no ${uri}.`, {
    remedy: 'Did the step before write it? For the lines of a file write `@file`, for all that match a glob.',
  });
}
