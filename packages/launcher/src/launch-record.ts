import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type JobFile, launchesFolder } from '@bclaw/spec/contract';
import { LaunchRefused } from './errors.js';
import { isRecord, toJobFile } from './job-file.js';

/**
 * Records which version runs a job. Deliveries of one event can reach two versions when the alias moves between them;
 * the first version that writes the record runs the job. A version that AWS refused to start the job on loses the claim.
 */
export interface Claim {
  readonly version: string;
  /** Set once the execution has been started; then nothing remains to be done. */
  readonly executionArn?: string;
  /** The attempts to start it whose outcome is not known; see {@link LaunchRecord.attempts}. */
  readonly attempts: readonly string[];
  /** ETag of the record as it was read or written; a change must specify it. */
  readonly etag: string;
}

/** The object `__launches__/<workflow>/<execution name>.json`. */
interface LaunchRecord {
  readonly job_file: JobFile;
  readonly version: string;
  readonly execution?: string;
  /**
   * The attempts that may have started it, or still may: an attempt leaves the list when AWS has refused the start for
   * certain, and only when the list is empty may another version run the job. Absent in the records of earlier launchers
   * and of jobs that have been started.
   */
  readonly attempts?: readonly string[];
}

/** Stands for the attempt of an earlier launcher, which did not record attempts. */
const unrecordedAttempt = 'unrecorded';

/** The launch record of one job. A record is only overwritten under the ETag that was read. */
export class LaunchRecords {
  readonly #s3: S3Client;
  readonly #place: Place;
  readonly #jobFile: JobFile;

  constructor(s3: S3Client, workflow: string, executionName: string, jobFile: JobFile) {
    this.#s3 = s3;
    this.#place = { Bucket: jobFile.bucket, Key: recordKey(workflow, executionName) };
    this.#jobFile = jobFile;
  }

  /**
   * Claims the job for a version, unless another one has a claim that it may have used, and joins the attempt to the
   * claim.
   *
   * @returns the valid claim, this one or an older one
   */
  async claim(version: string, attempt: string): Promise<Claim> {
    const mine: RecordFields = { version, attempts: [attempt] };
    for (;;) {
      const written = await this.#write(mine, { IfNoneMatch: '*' });
      if (written !== undefined) return written;
      const found = await this.#read();
      // Neither written nor found: the record expired, or a competing write failed, in between. Retry.
      if (found === undefined) continue;
      if (found.executionArn !== undefined) return found;
      const attempts = [...found.attempts, attempt];
      const joined = found.attempts.length === 0 ? mine : { version: found.version, attempts };
      const claimed = await this.#write(joined, { IfMatch: found.etag });
      if (claimed !== undefined) return claimed;
    }
  }

  /** Ends an attempt that AWS refused, so that the job did not start by it. */
  async release(claim: Claim, attempt: string): Promise<void> {
    await this.#change(claim, ({ version, executionArn, attempts }) =>
      executionArn === undefined && attempts.includes(attempt)
        ? { version, attempts: attempts.filter((each) => each !== attempt) }
        : undefined,
    );
  }

  /** Discards the claim of a version that is gone, unless the record was changed meanwhile. */
  async discard({ version, etag }: Claim): Promise<void> {
    await this.#write({ version, attempts: [] }, { IfMatch: etag });
  }

  /** Records that the job has been started, so that a late duplicate does not start it on another version. */
  async markStarted(claim: Claim, executionArn: string): Promise<void> {
    await this.#change(claim, (current) =>
      current.executionArn === undefined && current.version === claim.version
        ? { version: claim.version, execution: executionArn }
        : undefined,
    );
  }

  /** Changes the claim, even when another delivery has changed it since it was read. */
  async #change(claim: Claim, change: (current: Claim) => RecordFields | undefined): Promise<void> {
    for (let current: Claim | undefined = claim; current !== undefined; current = await this.#read()) {
      const changed = change(current);
      if (changed === undefined) return;
      if ((await this.#write(changed, { IfMatch: current.etag })) !== undefined) return;
    }
  }

  async #write(fields: RecordFields, condition: Condition): Promise<Claim | undefined> {
    const record: LaunchRecord = { job_file: this.#jobFile, ...fields };
    const written = await write(this.#s3, this.#place, record, condition);
    return written === undefined ? undefined : claimOf(record, written);
  }

  async #read(): Promise<Claim | undefined> {
    const found = await read(this.#s3, this.#place);
    return found === undefined ? undefined : claimOf(this.#parse(found.text), found.etag);
  }

  #parse(text: string): LaunchRecord {
    const record = parseRecord(text);
    if (record === undefined) {
      throw new LaunchRefused(`The launch record ${this.#place.Key} is damaged. Delete it to launch the job again.`);
    }
    const { bucket, key, version } = record.job_file;
    if (bucket !== this.#jobFile.bucket || key !== this.#jobFile.key || version !== this.#jobFile.version) {
      throw new LaunchRefused(
        `The launch record ${this.#place.Key} belongs to another job file, ${key}. Upload ${this.#jobFile.key} under another name.`,
      );
    }
    return record;
  }
}

/** A job that a version has started. */
export interface StartedJob {
  /** The launcher bucket. */
  readonly bucket: string;
  readonly workflow: string;
  readonly version: string;
  readonly executionName: string;
  readonly executionArn: string;
}

/**
 * Completes the launch record of a job whose launcher died between starting it and recording that. Must run before a
 * version is deleted: otherwise nothing would show that the job has run, and a late duplicate of its event would run it
 * again.
 *
 * @returns true if the record was incomplete
 */
export async function noteStarted(s3: S3Client, job: StartedJob): Promise<boolean> {
  const place = { Bucket: job.bucket, Key: recordKey(job.workflow, job.executionName) };
  const found = await read(s3, place);
  const record = found === undefined ? undefined : parseRecord(found.text);
  if (found === undefined || record === undefined) return false;
  if (record.version !== job.version || record.execution !== undefined) return false;
  const { attempts: _, ...rest } = record;
  await write(s3, place, { ...rest, execution: job.executionArn }, { IfMatch: found.etag });
  return true;
}

type RecordFields = Omit<LaunchRecord, 'job_file'>;

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

const recordKey = (workflow: string, executionName: string): string =>
  `${launchesFolder}/${workflow}/${executionName}.json`;

/** Writes conditionally; returns the ETag, or `undefined` when the condition is not met. */
async function write(
  s3: S3Client,
  place: Place,
  record: LaunchRecord,
  condition: Condition,
): Promise<string | undefined> {
  try {
    const { ETag } = await s3.send(
      new PutObjectCommand({
        ...place,
        Body: JSON.stringify(record),
        ContentType: 'application/json',
        ...condition,
      }),
    );
    return ETag ?? '';
  } catch (error) {
    // The condition is not met, another conditional write is in progress, or the object to match is gone.
    if (isS3Error(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey')) return undefined;
    throw error;
  }
}

async function read(s3: S3Client, place: Place): Promise<{ readonly text: string; readonly etag: string } | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand(place));
    return { text: (await Body?.transformToString()) ?? '', etag: ETag ?? '' };
  } catch (error) {
    if (isS3Error(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

const isS3Error = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof S3ServiceException && names.includes(error.name);

function parseRecord(text: string): LaunchRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value['job_file'])) return undefined;
  const { bucket, key, version } = value['job_file'];
  const jobFile = toJobFile(bucket, key, version);
  if (jobFile === undefined || typeof value['version'] !== 'string') return undefined;
  return {
    job_file: jobFile,
    version: value['version'],
    ...(typeof value['execution'] === 'string' ? { execution: value['execution'] } : {}),
    ...(isTexts(value['attempts']) ? { attempts: value['attempts'] } : {}),
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function claimOf(record: LaunchRecord, etag: string): Claim {
  return {
    version: record.version,
    attempts: record.attempts ?? [unrecordedAttempt],
    etag,
    ...(record.execution === undefined ? {} : { executionArn: record.execution }),
  };
}
