import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path/posix';
import {
  BclawError,
  type EarlierFiles,
  formatS3Uri,
  globMatcher,
  globPrefix,
  isSystemFile,
  type LocatedFile,
  leftByEarlierRun,
  type S3Location,
} from '@bclaw/spec/run-time';
import { inputFile, type PlannedInput } from '../step-plan.js';
import { download, type Transfers } from '../storage/download.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';
import type { ReferenceFiles } from './references.js';

/** The staged files: name of the input → its local files. */
export interface StagedInputs {
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly bytes: number;
  readonly objects: number;
  /** URIs of optional inputs that an earlier run left and this one did not write: they count as missing. */
  readonly leftOut: readonly string[];
}

/**
 * Stages a step's inputs in the workspace, concurrently within the limit.
 *
 * @param earlier what is left of earlier runs, which is no input
 * @param references local files of the step's references: an input that is also a reference is already staged
 * @throws BclawError `missing-input`, `file-name-collision`, or a download's errors
 */
export async function stageInputs(
  transfers: Transfers,
  inputs: readonly PlannedInput[],
  earlier: EarlierFiles,
  references: ReferenceFiles,
  directory: string,
): Promise<StagedInputs> {
  const expanded = await Promise.all(
    inputs.map(async (input) => ({ input, sources: await sourcesOf(transfers.store, input, earlier) })),
  );
  const targets = localFiles(expanded, references);
  const leftOut = new Set<string>();
  const fetched = new Map(
    await Promise.all(
      [...targets]
        .filter(([file]) => !references.has(file))
        .map(async ([file, source]) => {
          const path = join(directory, file);
          const object = await download(transfers, source, path);
          if (object === undefined || !(await earlier.has(source, object))) return [file, object] as const;
          await rm(path);
          leftOut.add(formatS3Uri(source));
          return [file, undefined] as const;
        }),
    ),
  );
  const files: Record<string, readonly string[]> = {};
  for (const { input, sources } of expanded) {
    const names = sources.map(({ key }) => basename(key));
    const isStaged = (file: string) => references.has(file) || fetched.get(file) !== undefined;
    const staged = names.filter(isStaged);
    if (!input.optional) {
      if (input.nameless !== undefined) throw nameless(input, input.nameless);
      // An object of a glob may be deleted after it was listed; the remaining ones are the matches.
      const absent = input.sources.find((source) =>
        source.glob === undefined ? !isStaged(basename(source.location.key)) : staged.length === 0,
      );
      if (absent !== undefined) throw missing(input, absent, leftOut);
    }
    files[input.name] = staged.length === 0 ? missingNames(input) : staged;
  }
  const objects = [...fetched.values()].filter((object) => object !== undefined);
  return {
    files,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
    objects: objects.length,
    leftOut: [...leftOut],
  };
}

/** The objects of an input without those of earlier runs; for a plain name, the object may not exist. */
export async function sourcesOf(
  store: ObjectStore,
  { sources, nameless }: PlannedInput,
  earlier: EarlierFiles,
): Promise<readonly S3Location[]> {
  if (nameless !== undefined) return [];
  return (await Promise.all(sources.map((source) => objectsOf(store, source, earlier)))).flat();
}

async function objectsOf(
  store: ObjectStore,
  { location, glob }: LocatedFile,
  earlier: EarlierFiles,
): Promise<readonly S3Location[]> {
  if (glob === undefined) return [location];
  const { bucket } = location;
  const matches = globMatcher(glob);
  const found: ListedObject[] = [];
  for await (const object of store.list(bucket, globPrefix(glob)))
    if (!object.key.endsWith('/') && !isSystemFile(object.key) && matches(object.key)) found.push(object);
  return (await earlier.without(bucket, found)).map(({ key }) => ({ bucket, key }));
}

/** Maps objects to local files; two objects with one base name collide. */
function localFiles(
  expanded: readonly { readonly input: PlannedInput; readonly sources: readonly S3Location[] }[],
  references: ReferenceFiles,
): ReadonlyMap<string, S3Location> {
  const targets = new Map<string, S3Location>();
  for (const { input, sources } of expanded) {
    for (const source of sources) {
      const file = basename(source.key);
      if (source.key.endsWith('/') || file === '' || dirname(file) !== '.')
        throw new BclawError('bad-location', `The input "${input.name}" is a folder, ${formatS3Uri(source)}.`, {
          hint: `To stage what is in it, write a glob: ${formatS3Uri(source)}*`,
        });
      if (file === '.' || file === '..')
        throw new BclawError('bad-location', `No local file can have the name of ${formatS3Uri(source)}.`, {
          hint: 'Rename the object, or narrow the glob.',
        });
      const other = targets.get(file) ?? references.get(file)?.source;
      if (other !== undefined && formatS3Uri(other) !== formatS3Uri(source))
        throw new BclawError(
          'file-name-collision',
          `${formatS3Uri(other)} and ${formatS3Uri(source)} would both become the local file ${file}.`,
          { hint: 'Rename one of them, or narrow the glob.' },
        );
      targets.set(file, source);
    }
  }
  return targets;
}

/** A command may test whether an optional file exists, so its name is substituted even when it is missing. */
function missingNames(input: PlannedInput): readonly string[] {
  const file = inputFile(input);
  return file === undefined ? [] : [file];
}

function nameless(input: PlannedInput, reason: string): BclawError {
  return new BclawError('missing-input', `The input "${input.name}" names no file: ${reason}.`, {
    hint: `Fill it in. If it may be empty, call the input "${input.name}?".`,
  });
}

function missing(input: PlannedInput, { location, glob }: LocatedFile, leftOut: ReadonlySet<string>): BclawError {
  const uri = formatS3Uri(location);
  const absent = leftOut.has(uri) ? leftByEarlierRun(uri) : `there is no ${uri}`;
  const what = glob === undefined ? absent : `nothing matches ${uri}`;
  return new BclawError('missing-input', `The input "${input.name}" is missing: ${what}.`, {
    hint: `Did the step before write it? If it may be missing, call the input "${input.name}?".`,
  });
}
