import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/**
 * Content up to this size is written and read synchronously, without the thread pool: for small files four trips
 * through it cost several times the work itself (measured: three times the puts per second).
 */
export const smallBytes = 64 * 1024;

/** Bytes collected for one write, so that a large object needs few calls; the next batch is collected meanwhile. */
const batchBytes = 1024 * 1024;

/** Bytes that all unfinished contents together may keep in memory; beyond it, each goes to disk with its next chunk. */
const mostCollected = 64 * 1024 * 1024;

/** Counts the bytes that unfinished contents keep in memory. */
export class Collected {
  readonly #most: number;
  bytes = 0;

  constructor(most = mostCollected) {
    this.#most = most;
  }

  get tooMuch(): boolean {
    return this.bytes > this.#most;
  }
}

interface ContentPaths {
  readonly temporary: string;
  readonly final: string;
  /** True to sync the file to disk before it gets its name (`fsync`). */
  readonly durable: boolean;
  readonly collected: Collected;
}

/**
 * Streams content into a file: first under a temporary name, then, when complete, under its own. A failure leaves
 * nothing.
 *
 * @param observe receives each chunk once, in order; chunks must not be changed after they were yielded
 * @returns the number of bytes; for 0 no file is created
 */
export async function writeContent(
  source: AsyncIterable<Uint8Array>,
  paths: ContentPaths,
  observe: (chunk: Uint8Array) => void,
): Promise<number> {
  let batch: Uint8Array[] = [];
  let collected = 0;
  let size = 0;
  let file: FileHandle | undefined;
  let writing: Promise<void> | undefined;
  const { temporary, final } = paths;
  const flush = async () => {
    await writing;
    file ??= await open(temporary, 'wx', 0o600);
    writing = writeAll(file, batch, collected);
    // Awaited before the next batch; a failure must not count as unhandled until then.
    writing.catch(() => undefined);
    batch = [];
    paths.collected.bytes -= collected;
    collected = 0;
  };
  try {
    for await (const chunk of source) {
      if (chunk.length === 0) continue;
      observe(chunk);
      batch.push(chunk);
      collected += chunk.length;
      paths.collected.bytes += chunk.length;
      size += chunk.length;
      if (collected >= batchBytes || paths.collected.tooMuch) await flush();
    }
    if (size === 0) return 0;
    if (file === undefined && size <= smallBytes) {
      writeSmall(batch, paths);
      return size;
    }
    await flush();
    await writing;
    if (paths.durable) await file?.sync();
    await file?.close();
    await rename(temporary, final);
    return size;
  } catch (error) {
    await writing?.catch(() => undefined);
    await file?.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  } finally {
    paths.collected.bytes -= collected;
  }
}

function writeSmall(
  batch: readonly Uint8Array[],
  { temporary, final, durable }: Omit<ContentPaths, 'collected'>,
): void {
  const [only] = batch;
  try {
    writeFileSync(temporary, batch.length === 1 && only !== undefined ? only : Buffer.concat(batch), {
      flag: 'wx',
      mode: 0o600,
      flush: durable,
    });
    renameSync(temporary, final);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

async function writeAll(file: FileHandle, batch: readonly Uint8Array[], total: number): Promise<void> {
  const { bytesWritten } = await file.writev(batch);
  if (bytesWritten === total) return;
  // A full disk writes only a part; the next write reports the error.
  let rest = Buffer.concat(batch).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await file.write(rest)).bytesWritten);
}
