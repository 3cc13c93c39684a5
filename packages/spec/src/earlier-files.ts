import { controlFolder, itemsName, parseVersionedName } from './contract.js';
import { globMatcher } from './glob.js';
import { jobRepository } from './job-repository.js';
import { parseS3Uri, type S3Location } from './scalars/s3-uri.js';
import { memberOf } from './syntax/document.js';

/** One of a step's outputs, and the files that it stood for when the step last ran to its end. */
export interface WrittenOutput {
  /** `s3://` URI of the folder of the uploaded files. */
  readonly destination: string;
  /** Of the files in the workspace; of a plain name, the glob that matches only that. */
  readonly glob: string;
  /** Base names of the uploaded files; none if the output was missing. */
  readonly names: readonly string[];
}

/** A step's completion marker: the object `_control_/<step>.complete` of its (branch's) repository. */
export interface CompletionMarker {
  /** ARN of the execution that last ran the step to its end, or skipped it. */
  readonly execution: string;
  /** Digests of what ran, for a step that skips a rerun. */
  readonly ran?: object;
  /** Absent in markers of earlier versions of bclaw. */
  readonly outputs?: readonly WrittenOutput[];
}

/** Reads a completion marker; `undefined` for a text that is none, such as that of an older runner. */
export function parseCompletionMarker(text: string): CompletionMarker | undefined {
  const marker = parsed(text);
  const execution = memberOf(marker, 'execution');
  if (typeof execution !== 'string') return undefined;
  const ran = memberOf(marker, 'ran');
  const outputs = memberOf(marker, 'outputs');
  return {
    execution,
    ...(typeof ran === 'object' && ran !== null ? { ran } : {}),
    ...(Array.isArray(outputs) ? { outputs: outputs.filter(isWrittenOutput) } : {}),
  };
}

function isWrittenOutput(value: unknown): value is WrittenOutput {
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

/** S3's metadata of an object that was read: see {@link executionMetadata}. */
export interface ObjectOrigin {
  readonly modified: Date;
  /** Name of the execution that wrote it; absent for an object that no job of bclaw wrote. */
  readonly executionId?: string;
}

/** A text of bclaw's own, and the time when it was written. */
export interface DatedText {
  readonly text: string;
  readonly modified: Date;
}

/** The requests to S3 that tell the files of earlier runs from this run's. */
export interface FileHistory {
  /** The origin of an object; `undefined` for a missing one. */
  head(location: S3Location): Promise<ObjectOrigin | undefined>;
  /** The completion markers in a repository. */
  markers(repository: S3Location): Promise<readonly DatedText[]>;
}

/** A job whose files are looked for. */
export interface JobOfFiles {
  /** `arn` is that of the execution, or of its state machine. */
  readonly execution: { readonly arn: string; readonly name: string };
  /** The (branch's) repository; the key is the prefix without a trailing slash. */
  readonly repository: S3Location;
  /** The job's `_JOB_DATA_`, which is written when the execution begins. */
  readonly jobData: S3Location;
  /** True when `execution.name` is the beginning of the name: of a subpipe, which has an execution for each redrive. */
  readonly isRedriven?: boolean;
}

/** Number of concurrent requests. */
const atATime = 16;

/**
 * Recognises what an earlier run of a job left in the same repository. Where a step's output stands for fewer files this
 * time, the others are still there, and a later step would take them for this run's.
 *
 * Only a file of another execution is left out, and only where a step of this execution has an output that could have
 * been it and was not; or where it is in a branch of a scatter of this execution, and no step of the branch wrote it.
 * Files of the user and of other workflows stay.
 */
export class EarlierFiles {
  readonly #job: JobOfFiles;
  readonly #history: FileHistory;
  readonly #main: S3Location;
  #begin: Promise<Date | undefined> | undefined;
  /** Key of a repository → what steps of this run wrote. */
  readonly #written = new Map<string, Promise<readonly Written[]>>();
  /** Key of a folder → true if it is that of a scatter of this run. */
  readonly #scatters = new Map<string, Promise<boolean>>();

  constructor(job: JobOfFiles, history: FileHistory) {
    this.#job = job;
    this.#history = history;
    this.#main = jobRepository(job.jobData);
  }

  /** The matches of a glob without the files of earlier runs. */
  async without<Match extends DatedObject>(bucket: string, matches: readonly Match[]): Promise<readonly Match[]> {
    if (matches.length === 0) return matches;
    const begin = await this.#beginning();
    if (begin === undefined) return matches;
    const old = matches.filter((match) => isBefore(begin, match));
    const earlier = new Set<string>();
    for (let start = 0; start < old.length; start += atATime)
      await Promise.all(
        old.slice(start, start + atATime).map(async ({ key }) => {
          if (!(await this.#isDisowned({ bucket, key }, begin))) return;
          const origin = await this.#history.head({ bucket, key });
          if (origin !== undefined && this.#isForeign(origin)) earlier.add(key);
        }),
      );
    return earlier.size === 0 ? matches : matches.filter(({ key }) => !earlier.has(key));
  }

  /** Returns true for a file that an earlier run left, though it has the very name that is wanted. */
  async has(location: S3Location, origin: ObjectOrigin): Promise<boolean> {
    if (!this.#isForeign(origin)) return false;
    const begin = await this.#beginning();
    return begin !== undefined && isBefore(begin, origin) && (await this.#isDisowned(location, begin));
  }

  #beginning(): Promise<Date | undefined> {
    this.#begin ??= this.#history.head(this.#job.jobData).then((data) => data?.modified);
    return this.#begin;
  }

  #isForeign({ executionId }: ObjectOrigin): boolean {
    return executionId !== undefined && !this.#isOwn(executionId);
  }

  #isOwn(executionName: string): boolean {
    const { execution, isRedriven = false } = this.#job;
    return isRedriven ? executionName.startsWith(`${execution.name}-`) : executionName === execution.name;
  }

  /** True for a file that this run could have written, and did not. */
  async #isDisowned(location: S3Location, begin: Date): Promise<boolean> {
    const { bucket, key } = location;
    const name = key.slice(key.lastIndexOf('/') + 1);
    const folder = key.slice(0, key.length - name.length);
    const own = foldersUpTo(this.#main.key, this.#job.repository.key);
    const around = bucket === this.#main.bucket ? foldersUpTo(this.#main.key, folder.replace(/\/$/, '')) : [];
    const written = await Promise.all([...new Set([...own, ...around])].map((at) => this.#writtenIn(at, begin)));
    const could = written.flat().filter((one) => one.bucket === bucket && one.folder === folder && one.matches(name));
    if (could.some(({ names }) => names.has(name))) return false;
    if (could.length > 0) return true;
    for (const at of around) {
      const slash = at.lastIndexOf('/');
      if (/^\d+$/.test(at.slice(slash + 1)) && !own.includes(at) && slash > 0)
        if (await this.#isScattered(at.slice(0, slash), begin)) return true;
    }
    return false;
  }

  #writtenIn(key: string, begin: Date): Promise<readonly Written[]> {
    const read = async () =>
      (await this.#history.markers({ bucket: this.#main.bucket, key })).flatMap((marker) =>
        this.#writtenBy(marker, begin),
      );
    return remembered(this.#written, key, read);
  }

  #writtenBy({ text, modified }: DatedText, begin: Date): readonly Written[] {
    const marker = parseCompletionMarker(text);
    if (marker === undefined) return [];
    const { execution, outputs = [] } = marker;
    const isOfThisRun =
      workflowOf(execution) === workflowOf(this.#job.execution.arn)
        ? this.#isOwn(execution.slice(execution.lastIndexOf(':') + 1))
        : // A subpipe's, whose execution has another name.
          modified.getTime() >= begin.getTime();
    return isOfThisRun ? outputs.flatMap(filesOf) : [];
  }

  #isScattered(folder: string, begin: Date): Promise<boolean> {
    return remembered(this.#scatters, folder, async () => {
      const items = await this.#history.head({
        bucket: this.#main.bucket,
        key: `${folder}/${controlFolder}/${itemsName}`,
      });
      return items !== undefined && items.modified.getTime() >= begin.getTime();
    });
  }
}

/** The end of a sentence about a file that is missing. @example `The input "x" is missing: ${leftByEarlierRun(uri)}.` */
export const leftByEarlierRun = (uri: string): string =>
  `${uri} was left by an earlier run, and this one did not write it`;

/** S3 tells whole seconds. */
function isBefore(begin: Date, { modified }: { readonly modified: Date }): boolean {
  return modified.getTime() < begin.getTime() + 1000;
}

/** The name of an execution's or a state machine's workflow. */
function workflowOf(arn: string): string {
  return parseVersionedName(arn.split(':')[6] ?? '').base;
}

/** A folder, those around it, and the outermost; only the outermost for a folder elsewhere. */
function foldersUpTo(outermost: string, folder: string): readonly string[] {
  const found = [outermost];
  const isInside = outermost === '' || folder.startsWith(`${outermost}/`);
  for (
    let at = isInside ? folder : '';
    at.length > outermost.length;
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
  )
    found.push(at);
  return found;
}

function remembered<Value>(map: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>): Promise<Value> {
  const known = map.get(key) ?? read();
  map.set(key, known);
  return known;
}

/** The files of an output. */
interface Written {
  readonly bucket: string;
  /** Ends in a slash, or is empty. */
  readonly folder: string;
  readonly matches: (name: string) => boolean;
  readonly names: ReadonlySet<string>;
}

function filesOf({ destination, glob, names }: WrittenOutput): readonly Written[] {
  const location = parseS3Uri(destination);
  if (location === undefined) return [];
  const { bucket, key } = location;
  // Files lose their folders when they are uploaded.
  const matches = globMatcher(glob.slice(glob.lastIndexOf('/') + 1));
  return [{ bucket, folder: key, matches, names: new Set(names) }];
}
