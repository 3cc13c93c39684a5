import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { given } from '@bclaw/spec/given';
import { formatS3Uri, type S3Location } from '@bclaw/spec/run-time';
import { isNoSuchBucket, noBucket, refusedOr } from './failures.js';
import { systemTagging } from './system-files.js';

/**
 * S3 requires at least 5 MiB for each part but the last, and allows 10,000 parts: 60 GB, more than Step Functions
 * reads.
 */
const defaultPartBytes = 6 * 1024 * 1024;

/**
 * Set when the upload starts: the SDK always sends a CRC-32 with each part, and S3 rejects a part whose checksum
 * algorithm its upload does not declare ("Checksum Type mismatch occurred").
 */
const wholeChecksum = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;

export interface ObjectWriterOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** More than 5 MiB; default 6 MiB. Two parts are in memory at a time. */
  readonly partBytes?: number;
}

/**
 * Writes one of bclaw's own objects of any size in constant memory: one part is filled while the previous one is sent.
 * An object that fits one part takes one request. The object does not exist before {@link ObjectWriter.close}.
 *
 * @example
 * ```ts
 * const writer = new ObjectWriter(s3, { bucket: 'lab', key: 'numbers.txt' }, { contentType: 'text/plain' });
 * for (const number of numbers) await writer.write(`${number}\n`);
 * await writer.close();
 * ```
 */
export class ObjectWriter {
  /**
   * The part that is being filled. A caller that writes into it directly, see {@link room}, must advance {@link at}.
   */
  bytes: Buffer;
  at = 0;
  readonly #s3: S3Client;
  readonly #location: S3Location;
  readonly #options: ObjectWriterOptions;
  #spare: Buffer | undefined;
  #uploadId: string | undefined;
  #sending: Promise<void> = Promise.resolve();
  readonly #parts: CompletedPart[] = [];
  #flushed = 0;

  constructor(s3: S3Client, location: S3Location, options: ObjectWriterOptions) {
    this.#s3 = s3;
    this.#location = location;
    this.#options = options;
    this.bytes = Buffer.allocUnsafeSlow(options.partBytes ?? defaultPartBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#flushed + this.at;
  }

  /** Number of bytes that still fit the part. */
  get room(): number {
    return this.bytes.length - this.at;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.writeBytes(bytes, 0, bytes.length);
  }

  async writeBytes(source: Uint8Array, from: number, to: number): Promise<void> {
    let start = from;
    while (start < to) {
      if (this.room === 0) await this.flush();
      const end = Math.min(to, start + this.room);
      this.bytes.set(source.subarray(start, end), this.at);
      this.at += end - start;
      start = end;
    }
  }

  /** Sends the full part and starts the next one. */
  async flush(): Promise<void> {
    await this.#sending;
    this.#uploadId ??= await this.#begin();
    const number = this.#parts.length + 1;
    const part: CompletedPart = { PartNumber: number };
    this.#parts.push(part);
    const filled = this.bytes;
    const sending = this.#send(this.#uploadId, number, filled.subarray(0, this.at)).then((sent) => {
      Object.assign(part, sent);
      this.#spare = filled;
    });
    // The next await reports its failure; until then it must not count as unhandled.
    sending.catch(() => undefined);
    this.#sending = sending;
    this.#flushed += this.at;
    this.bytes = this.#spare ?? Buffer.allocUnsafeSlow(filled.length);
    this.#spare = undefined;
    this.at = 0;
  }

  /** Finishes the object; @throws JobError `RepositoryInvalid`, `AccessDenied` */
  async close(): Promise<void> {
    const { bucket: Bucket, key: Key } = this.#location;
    try {
      if (this.#uploadId === undefined) {
        const body = this.bytes.subarray(0, this.at);
        await this.#s3.send(new PutObjectCommand({ ...this.#target(), Body: body }));
        return;
      }
      if (this.at > 0) await this.flush();
      await this.#sending;
      await this.#s3.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId: this.#uploadId,
          ChecksumType: wholeChecksum.ChecksumType,
          MultipartUpload: { Parts: this.#parts },
        }),
      );
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Aborts: deletes the parts that were sent, if S3 can be reached. */
  async abort(): Promise<void> {
    const { bucket: Bucket, key: Key } = this.#location;
    await this.#sending.catch(() => undefined);
    if (this.#uploadId === undefined) return;
    // The launcher bucket's rule for unfinished uploads, or the user's own, deletes the rest.
    await this.#s3
      .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: this.#uploadId }))
      .catch(() => undefined);
  }

  async #begin(): Promise<string> {
    try {
      const { UploadId: id } = await this.#s3.send(
        new CreateMultipartUploadCommand({ ...this.#target(), ...wholeChecksum }),
      );
      if (id === undefined) throw new TypeError('S3 gave no upload id.');
      return id;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #send(uploadId: string, number: number, body: Uint8Array): Promise<Omit<CompletedPart, 'PartNumber'>> {
    const { bucket: Bucket, key: Key } = this.#location;
    const { ChecksumAlgorithm } = wholeChecksum;
    try {
      const { ETag, ChecksumCRC32 } = await this.#s3.send(
        new UploadPartCommand({
          Bucket,
          Key,
          UploadId: uploadId,
          PartNumber: number,
          Body: body,
          ChecksumAlgorithm,
        }),
      );
      return { ETag, ChecksumCRC32 };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #target() {
    const { contentType, metadata } = this.#options;
    return {
      Bucket: this.#location.bucket,
      Key: this.#location.key,
      ContentType: contentType,
      Tagging: systemTagging,
      ...given({ Metadata: metadata }),
    };
  }

  #failure(error: unknown): unknown {
    if (isNoSuchBucket(error)) return noBucket(this.#location.bucket, error);
    return refusedOr(error, `write ${formatS3Uri(this.#location)}`);
  }
}
