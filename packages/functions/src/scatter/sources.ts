import type { S3Client } from '@aws-sdk/client-s3';
import {
  type EarlierFiles,
  formatS3Uri,
  globMatcher,
  globPrefix,
  inWords,
  isGlob,
  isSystemFile,
  type JobData,
  leftByEarlierRun,
  type RepositoryLocation,
  type S3Location,
  type ScatterQuery,
  type ScatterSource,
  withMembers,
} from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { filledInFile, filledInValue, locateFilled } from '../job-data.js';
import { headObject, listObjects } from '../storage/objects.js';
import { fileItems } from './file-items.js';
import { filtered } from './filter.js';
import { grouped } from './groups.js';

/** The context for reading a scatter's sources. */
export interface SourceContext {
  readonly s3: S3Client;
  readonly repository: RepositoryLocation;
  readonly data: JobData;
  /** The files that are left of earlier runs, which are no source. */
  readonly earlier: EarlierFiles;
  readonly warn: (sentence: string) => void;
}

/**
 * The items of one source, in order: with `where` those for which it holds, with `group_by` one for each group.
 *
 * @param name of the source in the template, for error messages
 * @returns JSON values: those of a list, of a file's lines or of a selector's matches in a file; `s3://` URIs for a
 * glob and for a plain file
 * @throws JobError `ValueMissing`, `SourceInvalid`, `SourceNotFound`, `ConditionFailed`
 */
export async function* itemsOf(name: string, source: ScatterSource, context: SourceContext): AsyncGenerator<unknown> {
  if (typeof source === 'string' || !('from' in source)) {
    yield* allItems(name, source, context);
    return;
  }
  const { from, where, group_by: keys } = source;
  const all = allItems(name, from, context);
  const wanted = where === undefined ? all : filtered(name, all, where, context);
  if (keys === undefined) yield* wanted;
  else yield* await grouped(name, wanted, keys);
}

async function* allItems(name: string, source: ScatterQuery['from'], context: SourceContext): AsyncGenerator<unknown> {
  if (typeof source !== 'string') {
    for (const item of source) yield filledInItem(item, context.data);
    return;
  }
  const value = filledInValue(source, context.data);
  if (Array.isArray(value)) yield* value;
  else if (typeof value === 'string' && value.trim() !== '')
    yield* textItems(name, source.trim(), value.trim(), context);
  else
    throw new JobError('SourceInvalid', `The scatter source "${name}", \`${source}\`, is ${inWords(value)}.`, {
      hint: 'It must be a list, or a text that names a file or a glob.',
    });
}

/** An item that the template lists, with the texts in it filled in. */
function filledInItem(item: unknown, data: JobData): unknown {
  return typeof item === 'string'
    ? filledInValue(item, data)
    : withMembers(item, (member) => filledInItem(member, data));
}

async function* textItems(name: string, source: string, text: string, context: SourceContext): AsyncGenerator<unknown> {
  if (text.startsWith('@')) {
    yield* fileItems(name, text.slice(1), context);
    return;
  }
  const { location, glob } = locateFilled(filledInFile(source, context.data), context.repository);
  if (glob === undefined) yield await existing(name, location, context);
  else yield* matches(name, location, glob, context);
}

/** Every object that matches a glob, in S3's sort order. */
async function* matches(
  name: string,
  location: S3Location,
  glob: string,
  { s3, earlier, warn }: SourceContext,
): AsyncGenerator<string> {
  const { bucket } = location;
  const isMatch = globMatcher(glob);
  const isBelow = crossingMatcher(glob);
  let found = 0;
  const below: string[] = [];
  for await (const page of listObjects(s3, bucket, globPrefix(glob))) {
    const objects = page.filter(({ key }) => !isSystemFile(key));
    const matching = objects.filter(({ key }) => isMatch(key));
    for (const { key } of objects) if (below.length < mostBelow && !isMatch(key) && isBelow(key)) below.push(key);
    for (const { key } of await earlier.without(bucket, matching)) {
      found += 1;
      yield formatS3Uri({ bucket, key });
    }
  }
  const [example] = below;
  if (example !== undefined)
    warn(
      `The scatter source "${name}", ${formatS3Uri(location)}, leaves out what is in folders below, such as ${formatS3Uri({ bucket, key: example })} (${below.length === mostBelow ? 'at least ' : ''}${below.length}): "*" does not stand for "/". For all folders write "**/" before the file's name.`,
    );
  if (found === 0) warn(`The scatter source "${name}" has no items: nothing matches ${formatS3Uri(location)}.`);
}

/** Maximum number of names that a warning counts. */
const mostBelow = 1000;

/**
 * A matcher for a glob whose wildcards also match `/`, as in BayerCLAW; matches nothing for a glob that includes all
 * folders.
 */
function crossingMatcher(glob: string): (key: string) => boolean {
  if (glob.includes('**')) return () => false;
  const flat = (text: string) => text.replaceAll('/', '\u0001');
  const isMatch = globMatcher(flat(glob));
  return (key) => !key.endsWith('/') && isMatch(flat(key));
}

async function existing(name: string, location: S3Location, { s3, earlier }: SourceContext): Promise<string> {
  const uri = formatS3Uri(location);
  if (location.key === '' || location.key.endsWith('/'))
    throw new JobError('SourceInvalid', `The scatter source "${name}" is a folder, ${uri}.`, {
      hint: 'For what is in it, write a glob that ends in `/*`.',
    });
  const head = await headObject(s3, location);
  const isEarlier = head !== undefined && (await earlier.has(location, head.origin));
  if (head !== undefined && !isEarlier) return uri;
  const reason = isEarlier ? leftByEarlierRun(uri) : `there is no ${uri}`;
  throw new JobError('SourceNotFound', `The scatter source "${name}" is missing: ${reason}.`, {
    hint: isGlob(location.key)
      ? 'What job data put into a name is taken as it stands: only the template makes a glob, as in `${job.folder}/*.fq`.'
      : 'Did the step before write it? For the lines of a file write `@file`, for all that match a glob.',
  });
}
