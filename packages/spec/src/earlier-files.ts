import { globMatcher } from './glob.js';
import { jobRepository } from './job-repository.js';
import { parseS3Uri, type S3Location } from './scalars/s3-uri.js';
import { memberOf } from './syntax/document.js';

/** A glob among a step's outputs, and the files that it stood for when the step last ran to its end. */
export interface GlobOutput {
  /** `s3://` URI of the folder of the uploaded files. */
  readonly destination: string;
  /** Of the files in the workspace. */
  readonly glob: string;
  /** Base names of the uploaded files. */
  readonly names: readonly string[];
}

/** A step's completion marker: the object `_control_/<step>.complete` of its (branch's) repository. */
export interface CompletionMarker {
  /** ARN of the execution that last ran the step to its end, or skipped it. */
  readonly execution: string;
  /** Digests of what ran, for a step that skips a rerun. */
  readonly ran?: object;
  /** Absent for a step without globs. */
  readonly globs?: readonly GlobOutput[];
}

/** Reads a completion marker; `undefined` for a text that is none, such as that of an older runner. */
export function parseCompletionMarker(text: string): CompletionMarker | undefined {
  const marker = parsed(text);
  const execution = memberOf(marker, 'execution');
  if (typeof execution !== 'string') return undefined;
  const ran = memberOf(marker, 'ran');
  const globs = memberOf(marker, 'globs');
  return {
    execution,
    ...(typeof ran === 'object' && ran !== null ? { ran } : {}),
    ...(Array.isArray(globs) ? { globs: globs.filter(isGlobOutput) } : {}),
  };
}

function isGlobOutput(value: unknown): value is GlobOutput {
  const names = memberOf(value, 'names');
  return (
    typeof memberOf(value, 'destination') === 'string' &&
    typeof memberOf(value, 'glob') === 'string' &&
    Array.isArray(names) &&
    names.every((name) => typeof name === 'string')
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object of a listing. */
export interface DatedObject {
  readonly key: string;
  readonly modified: Date;
}

/** The requests to S3 that tell the files of earlier runs from this run's. */
export interface FileHistory {
  /** When an object was written, and by which execution; `undefined` for a missing one. */
  head(location: S3Location): Promise<{ readonly modified: Date; readonly executionId?: string } | undefined>;
  /** The texts of the completion markers in a repository. */
  markers(repository: S3Location): Promise<readonly string[]>;
}

/** A job whose files are looked for. */
export interface JobOfFiles {
  readonly execution: { readonly arn: string; readonly name: string };
  /** The (branch's) repository; the key is the prefix without a trailing slash. */
  readonly repository: S3Location;
  /** The job's `_JOB_DATA_`, which is written when the execution begins. */
  readonly jobData: S3Location;
}

/** Number of concurrent requests. */
const atATime = 16;

/**
 * Recognises what an earlier run of a job left in the same repository. Where a step's glob output stands for fewer
 * files this time, the others are still there, and a glob of a later step would match them.
 *
 * Only a file of another execution goes, and only where a step of this execution has a glob output that could have
 * written it and did not: files of the user and of other workflows stay.
 */
export class EarlierFiles {
  readonly #job: JobOfFiles;
  readonly #history: FileHistory;
  #begin: Promise<Date | undefined> | undefined;
  #written: Promise<readonly Written[]> | undefined;

  constructor(job: JobOfFiles, history: FileHistory) {
    this.#job = job;
    this.#history = history;
  }

  /** The matches of a glob without the files of earlier runs. */
  async without<Match extends DatedObject>(bucket: string, matches: readonly Match[]): Promise<readonly Match[]> {
    if (matches.length === 0) return matches;
    this.#begin ??= this.#history.head(this.#job.jobData).then((data) => data?.modified);
    const begin = await this.#begin;
    if (begin === undefined) return matches;
    // S3 tells whole seconds.
    const isOld = ({ modified }: DatedObject) => modified.getTime() < begin.getTime() + 1000;
    if (!matches.some(isOld)) return matches;
    this.#written ??= this.#readMarkers();
    const written = (await this.#written).filter((one) => one.bucket === bucket);
    if (written.length === 0) return matches;
    const suspects = matches.filter((match) => isOld(match) && isNotWritten(match.key, written));
    const earlier = new Set<string>();
    for (let start = 0; start < suspects.length; start += atATime)
      await Promise.all(
        suspects.slice(start, start + atATime).map(async ({ key }) => {
          const executionId = (await this.#history.head({ bucket, key }))?.executionId;
          if (executionId !== undefined && executionId !== this.#job.execution.name) earlier.add(key);
        }),
      );
    return earlier.size === 0 ? matches : matches.filter(({ key }) => !earlier.has(key));
  }

  async #readMarkers(): Promise<readonly Written[]> {
    const texts = await Promise.all(this.#repositories().map((repository) => this.#history.markers(repository)));
    return texts.flat().flatMap((text) => {
      const marker = parseCompletionMarker(text);
      return marker?.execution === this.#job.execution.arn ? (marker.globs ?? []).flatMap(writtenBy) : [];
    });
  }

  /** The repository of the branch, those of the branches around it, and that of the job. */
  #repositories(): readonly S3Location[] {
    const { bucket, key } = this.#job.repository;
    const found: S3Location[] = [{ bucket, key }];
    const main = jobRepository(this.#job.jobData).key;
    for (let folder = key; folder !== main && folder.startsWith(main); ) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      found.push({ bucket, key: folder });
    }
    return found;
  }
}

/** The files of a glob output. */
interface Written {
  readonly bucket: string;
  /** Ends in a slash, or is empty. */
  readonly folder: string;
  readonly matches: (name: string) => boolean;
  readonly names: ReadonlySet<string>;
}

function writtenBy({ destination, glob, names }: GlobOutput): readonly Written[] {
  const location = parseS3Uri(destination);
  if (location === undefined) return [];
  const { bucket, key } = location;
  // Files lose their folders when they are uploaded.
  const matches = globMatcher(glob.slice(glob.lastIndexOf('/') + 1));
  return [{ bucket, folder: key, matches, names: new Set(names) }];
}

/** True for a file that a glob output could have been, and is not. */
function isNotWritten(key: string, written: readonly Written[]): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const folder = key.slice(0, key.length - name.length);
  const could = written.filter((one) => one.folder === folder && one.matches(name));
  return could.length > 0 && could.every(({ names }) => !names.has(name));
}
