import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { LaunchRefused } from './errors.js';
import { isRecord, type JobFile, toJobFile } from './job-file.js';

/**
 * Which version runs a job. Deliveries of one event can reach two versions when the alias moves between them; the first
 * to write the record decides for all.
 */
export interface Claim {
  readonly version: string;
  /** Set once the execution has been started: nothing is left to do. */
  readonly executionArn?: string;
  /** Of the record as it was read or written; a change must name it. */
  readonly etag: string;
}

/** The object `__launches__/<workflow>/<execution name>.json`. */
interface LaunchRecord {
  readonly job_file: JobFile;
  readonly version: string;
  readonly execution?: string;
}

/** The launch record of one job. Nothing is ever overwritten but under the ETag that was read. */
export class LaunchRecords {
  readonly #s3: S3Client;
  readonly #key: string;
  readonly #jobFile: JobFile;

  constructor(s3: S3Client, workflow: string, executionName: string, jobFile: JobFile) {
    this.#s3 = s3;
    this.#key = `__launches__/${workflow}/${executionName}.json`;
    this.#jobFile = jobFile;
  }

  /**
   * Claims the job for a version, unless it has been claimed.
   *
   * @returns the claim that holds, this or an older one
   */
  async claim(version: string): Promise<Claim> {
    for (;;) {
      const claimed = (await this.#write({ version }, { IfNoneMatch: '*' })) ?? (await this.#read());
      // Neither written nor there: the record expired, or a competing write failed, in between. Once more.
      if (claimed !== undefined) return claimed;
    }
  }

  /** Claims the job anew because the claim's version is gone; `false` when someone else has changed the record. */
  async reclaim(claim: Claim, version: string): Promise<boolean> {
    return (await this.#write({ version }, { IfMatch: claim.etag })) !== undefined;
  }

  /** Remembers that the job has been started, so that a late duplicate does not start it on another version. */
  async markStarted(claim: Claim, executionArn: string): Promise<void> {
    await this.#write({ version: claim.version, execution: executionArn }, { IfMatch: claim.etag });
  }

  /** Writes under a condition; `undefined` when it does not hold. */
  async #write(
    fields: Omit<LaunchRecord, 'job_file'>,
    condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string },
  ): Promise<Claim | undefined> {
    const record: LaunchRecord = { job_file: this.#jobFile, ...fields };
    try {
      const { ETag } = await this.#s3.send(
        new PutObjectCommand({
          Bucket: this.#jobFile.bucket,
          Key: this.#key,
          Body: JSON.stringify(record),
          ContentType: 'application/json',
          ...condition,
        }),
      );
      return claimOf(record, ETag);
    } catch (error) {
      // The condition does not hold, another conditional write is under way, or the object to match is gone.
      if (isS3Error(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey')) return undefined;
      throw error;
    }
  }

  async #read(): Promise<Claim | undefined> {
    try {
      const { Body, ETag } = await this.#s3.send(
        new GetObjectCommand({ Bucket: this.#jobFile.bucket, Key: this.#key }),
      );
      return claimOf(this.#parse((await Body?.transformToString()) ?? ''), ETag);
    } catch (error) {
      if (isS3Error(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  }

  #parse(text: string): LaunchRecord {
    const record = parseRecord(text);
    if (record === undefined) {
      throw new LaunchRefused(`The launch record ${this.#key} is damaged. Delete it to launch the job anew.`);
    }
    const { bucket, key, version } = record.job_file;
    if (bucket !== this.#jobFile.bucket || key !== this.#jobFile.key || version !== this.#jobFile.version) {
      throw new LaunchRefused(
        `The launch record ${this.#key} belongs to another job file, ${key}. Upload ${this.#jobFile.key} under another name.`,
      );
    }
    return record;
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
  };
}

function claimOf(record: LaunchRecord, etag: string | undefined): Claim {
  return {
    version: record.version,
    etag: etag ?? '',
    ...(record.execution === undefined ? {} : { executionArn: record.execution }),
  };
}
