import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { FileToUpload, RequestLimits } from './object-store.js';
import { isTransient, pauseAfter } from './transient.js';

/** Smaller files are read at once, so that the SDK can retry the request itself. */
const streamedAboveBytes = 256 * 1024;
/** Larger files go up in parts of at least this size. */
const partBytes = 16 * 1024 * 1024;
/** S3: a multi-part upload has at most 10,000 parts. */
const maxParts = 10_000;
const readAheadBytes = 256 * 1024;

/** A stream cannot be sent twice, so the SDK leaves retries to its caller. */
const attempts = 8;

type Target = Omit<PutObjectCommandInput, 'Body'> & { readonly Bucket: string; readonly Key: string };

/**
 * Uploads a file as a stream: only a little of it is in memory, for any size and any number of concurrent parts. The
 * object appears when it is complete. S3 compares a checksum of each request's body with the bytes that arrive, and
 * keeps one of the whole object.
 */
export async function uploadFile(
  client: S3Client,
  target: Target,
  file: FileToUpload,
  { limit, stop }: RequestLimits,
): Promise<void> {
  if (file.size <= streamedAboveBytes) {
    await limit(async () => {
      stop.throwIfAborted();
      const Body = await readFile(file.path);
      await client.send(new PutObjectCommand({ ...target, Body }), { abortSignal: stop });
    });
  } else if (file.size <= partBytes) {
    await limit(() =>
      sendRange(file.path, { first: 0, length: file.size }, stop, (Body, abortSignal) =>
        client.send(new PutObjectCommand({ ...target, Body, ContentLength: file.size }), { abortSignal }),
      ),
    );
  } else {
    await uploadInParts(client, target, file, { limit, stop });
  }
}

async function uploadInParts(
  client: S3Client,
  target: Target,
  { path, size }: FileToUpload,
  { limit, stop }: RequestLimits,
): Promise<void> {
  // Without it S3 would keep a checksum of the parts' checksums, which cannot be compared with the bytes.
  const wholeChecksum = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
  const { UploadId } = await limit(() =>
    client.send(new CreateMultipartUploadCommand({ ...target, ...wholeChecksum }), { abortSignal: stop }),
  );
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  const length = Math.max(partBytes, Math.ceil(size / maxParts));
  const failed = new AbortController();
  const either = AbortSignal.any([stop, failed.signal]);
  const parts = Array.from({ length: Math.ceil(size / length) }, (_, index) => ({
    number: index + 1,
    range: { first: index * length, length: Math.min(length, size - index * length) },
  }));
  try {
    const completed = await Promise.all(
      parts.map(({ number, range }) =>
        limit(async (): Promise<CompletedPart> => {
          const { ETag, ChecksumCRC32 } = await sendRange(path, range, either, (Body, abortSignal) => {
            const part = { ...upload, PartNumber: number, Body, ContentLength: range.length };
            return client.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'CRC32' }), { abortSignal });
          });
          return { PartNumber: number, ETag, ChecksumCRC32 };
        }),
      ),
    );
    await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        ChecksumType: wholeChecksum.ChecksumType,
        MpuObjectSize: size,
        MultipartUpload: { Parts: completed },
      }),
      { abortSignal: stop },
    );
  } catch (error) {
    failed.abort();
    // Parts of an incomplete upload cost money; report the first error.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

async function sendRange<Output>(
  path: string,
  { first, length }: { readonly first: number; readonly length: number },
  stop: AbortSignal,
  send: (body: ReturnType<typeof createReadStream>, stop: AbortSignal) => Promise<Output>,
): Promise<Output> {
  for (let attempt = 1; ; attempt += 1) {
    stop.throwIfAborted();
    const body = createReadStream(path, { start: first, end: first + length - 1, highWaterMark: readAheadBytes });
    try {
      return await send(body, stop);
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error;
      await pauseAfter(attempt, stop);
    } finally {
      body.destroy();
    }
  }
}
