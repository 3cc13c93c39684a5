import type { S3Client } from '@aws-sdk/client-s3';
import {
  type EarlierFiles,
  type FilledFile,
  formatS3Uri,
  globMatcher,
  globPrefix,
  isS3Uri,
  isSystemFile,
  leftByEarlierRun,
  parseSubpipeRetrieveRequest,
  type RepositoryLocation,
  type S3Location,
} from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { filledIn, filledInFile, jobDataOf, locate, locateFilled } from '../job-data.js';
import { Parallel } from '../parallel.js';
import { type FunctionDependencies, stepFunction } from '../step-function.js';
import { type CopyLimits, copyObject } from '../storage/copy.js';
import { earlierFilesOf, earlierFilesOfSubpipe } from '../storage/earlier-files.js';
import { headObject, listObjects } from '../storage/objects.js';
import { repositoryFile } from '../storage/system-files.js';

/** The function's dependencies. */
export interface SubpipeRetrieveDependencies extends FunctionDependencies {
  readonly s3: S3Client;
  /** Default: S3's own limits. */
  readonly copyLimits?: CopyLimits;
}

interface Copy {
  readonly from: S3Location;
  readonly to: S3Location;
}

const parallelCopies = 16;

/**
 * The function of a subpipe's last state: copies files of any size from the sub-repository into this job's, within S3,
 * with their metadata and tags.
 *
 * `from -> to` renames; a `to` that ends in `/` is a folder. A glob copies every match, under its path in the
 * sub-repository, or into the folder `to` under its base name.
 *
 * @returns a handler from `SubpipeRetrieveRequest` to nothing; it throws {@link JobError}, mainly `FileNotFound`
 * @example
 * ```ts
 * const retrieve = createSubpipeRetrieve({ s3: new S3Client({}), log: console.log, clock: () => performance.now() });
 * await retrieve({ step: 'Align', source, retrieve: [{ from: 'out.bam', to: 'aligned.bam' }], payload });
 * ```
 */
export function createSubpipeRetrieve({
  s3,
  copyLimits,
  ...dependencies
}: SubpipeRetrieveDependencies): (event: unknown) => Promise<Record<string, never>> {
  return stepFunction(
    'subpipeRetrieve',
    parseSubpipeRetrieveRequest,
    async ({ payload, source, target = payload.repo, execution, retrieve }, { counted }) => {
      const needsData = retrieve.some(({ from, to }) => `${from}${to}`.includes('${'));
      const data = needsData ? await jobDataOf(s3, payload) : { job: {}, scatter: {}, parent: {} };
      const copies = new Parallel(parallelCopies);
      const isSubmitted = execution === undefined;
      const earlier =
        execution === undefined ? earlierFilesOf(s3, payload) : earlierFilesOfSubpipe(s3, source, execution);
      /** Target → source, both as URIs. */
      const sources = new Map<string, string>();
      for (const { from, to } of retrieve)
        for await (const copy of copiesOf(s3, from === to ? undefined : filledIn(to, data), filledInFile(from, data), {
          source,
          target,
          earlier,
          isSubmitted,
        })) {
          const [uri, copied] = [formatS3Uri(copy.from), formatS3Uri(copy.to)];
          const other = sources.get(copied);
          if (other === uri) continue;
          if (other !== undefined) {
            await copies.settled();
            throw collision(other, uri, copied);
          }
          sources.set(copied, uri);
          await copies.add(async () => {
            if (!(await copyObject(s3, copy.from, copy.to, copyLimits)))
              throw missing(`there is no ${uri}`, isSubmitted);
          });
        }
      await copies.all();
      counted(sources.size);
      return {};
    },
    dependencies,
  );
}

/** @param to default: `from` */
async function* copiesOf(
  s3: S3Client,
  to: string | undefined,
  from: FilledFile,
  {
    source,
    target,
    earlier,
    isSubmitted,
  }: {
    readonly source: RepositoryLocation;
    readonly target: RepositoryLocation;
    readonly earlier: EarlierFiles;
    readonly isSubmitted: boolean;
  },
): AsyncGenerator<Copy> {
  const { location, glob } = locateFilled(from, source);
  if (glob === undefined) {
    const head = await headObject(s3, location);
    if (head !== undefined && (await earlier.has(location, head.origin)))
      throw missing(leftByEarlierRun(formatS3Uri(location)), isSubmitted);
    const file = to?.endsWith('/') ? `${to}${baseName(from.text)}` : (to ?? from.text);
    yield { from: location, to: locate(file, target) };
    return;
  }
  if (to !== undefined && !to.endsWith('/'))
    throw new JobError('RequestInvalid', `\`${from.text} -> ${to}\` would give several files one name.`, {
      hint: `Write \`${from.text} -> ${to}/\` to copy them into a folder.`,
    });
  const { bucket } = location;
  const base = isS3Uri(from.text) ? '' : repositoryFile(source, '').key;
  const isMatch = globMatcher(glob);
  let found = 0;
  for await (const page of listObjects(s3, bucket, globPrefix(glob))) {
    const matching = page.filter(({ key }) => !isSystemFile(key) && isMatch(key));
    for (const { key } of await earlier.without(bucket, matching)) {
      found += 1;
      const path = key.slice(base.length);
      yield { from: { bucket, key }, to: locate(to === undefined ? path : `${to}${baseName(path)}`, target) };
    }
  }
  if (found === 0) throw missing(`nothing matches ${formatS3Uri(location)}`, isSubmitted);
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** One of the two would be overwritten, at random. */
function collision(one: string, other: string, target: string): JobError {
  return new JobError('RequestInvalid', `\`retrieve\` would copy both ${one} and ${other} to ${target}.`, {
    hint: 'Give each a target of its own, or narrow the glob.',
  });
}

function missing(reason: string, isSubmitted: boolean): JobError {
  return isSubmitted
    ? new JobError('FileNotFound', `The file to submit is missing: ${reason}.`, {
        hint: 'Did a step before write it under this name? Correct `submit` in the template.',
      })
    : new JobError('FileNotFound', `The file to retrieve is missing: ${reason}.`, {
        hint: 'Does the sub-workflow write it under this name? Correct `retrieve` in the template.',
      });
}
