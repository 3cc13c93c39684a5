import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { AwsError } from '../../wire/aws-error.js';
import type { CodeRecord } from './model.js';

/** Lambda's quota "Deployment package size, unzipped". */
const unzippedBytesLimit = 262_144_000;

/**
 * Extracts a deployment package to `<directory>/<digest>`, once for each digest, completely or not at all.
 *
 * @throws AwsError `InvalidParameterValueException` when the bytes are not a zip, an entry's path would leave the
 * folder, or the package exceeds Lambda's limit
 */
export async function storeCode(directory: string, zip: Uint8Array): Promise<CodeRecord> {
  const hash = createHash('sha256').update(zip);
  const sha256 = hash.copy().digest('base64');
  const digest = hash.digest('hex');
  const target = join(directory, digest);
  if (!existsSync(target)) await extractOnce(zip, directory, target);
  return { sha256, digest, bytes: zip.byteLength };
}

/**
 * Removes the packages that no version uses, and the remains of an interrupted extraction. Called while nothing runs,
 * as a package may be stored shortly before the version that uses it is.
 */
export function sweepCode(directory: string, inUse: (digest: string) => boolean): void {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory() && !inUse(entry.name))
      rmSync(join(directory, entry.name), { recursive: true, force: true });
}

/** Extractions under way: the functions of one stack are often created from one package at the same time. */
const extractions = new Map<string, Promise<void>>();

async function extractOnce(zip: Uint8Array, directory: string, target: string): Promise<void> {
  const extraction =
    extractions.get(target) ?? extract(zip, directory, target).finally(() => extractions.delete(target));
  extractions.set(target, extraction);
  await extraction;
}

async function extract(zip: Uint8Array, directory: string, target: string): Promise<void> {
  const files = unzip(zip);
  const staging = join(directory, `staging-${randomUUID()}`);
  await mkdir(staging, { recursive: true });
  try {
    // Lambda treats a bare .js file as CommonJS, whatever package.json exists above the engine's directory.
    await writeFile(join(directory, 'package.json'), '{"type":"commonjs"}\n');
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(staging, ...safeSegments(name));
      if (name.endsWith('/')) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    await rename(staging, target).catch((error: unknown) => {
      // The same digest was stored concurrently: the same bytes.
      if (!existsSync(target)) throw error;
    });
  } catch (error) {
    throw isImpossible(error) ? notUnzipped() : error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function unzip(zip: Uint8Array): Record<string, Uint8Array> {
  let total = 0;
  try {
    return unzipSync(zip, {
      filter(entry) {
        safeSegments(entry.name);
        total += entry.originalSize;
        if (total > unzippedBytesLimit)
          throw new AwsError(
            'InvalidParameterValueException',
            `Unzipped size must be smaller than ${unzippedBytesLimit} bytes`,
          );
        return true;
      },
    });
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw notUnzipped();
  }
}

const notUnzipped = (): AwsError =>
  new AwsError(
    'InvalidParameterValueException',
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  );

/** Entries that no file system can have together, such as `a` and `a/b`, or a name of 300 characters. */
const isImpossible = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(String(error.code));

/** The segments of an entry's path, if they stay below the target folder. */
function safeSegments(name: string): string[] {
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  const leaves = name.startsWith('/') || /^[a-zA-Z]:|[\\\0]/.test(name) || segments.includes('..');
  if (leaves || segments.length === 0)
    throw new AwsError(
      'InvalidParameterValueException',
      `The zip has an entry "${name}" whose path would leave the function's folder; pack it with relative paths.`,
    );
  return segments;
}
