import type { S3Client } from '@aws-sdk/client-s3';
import { manifestName } from '@bclaw/spec/contract';
import {
  type EarlierFiles,
  formatS3Uri,
  type GatherRequest,
  type GatherResult,
  globMatcher,
  parseGatherRequest,
  type RepositoryLocation,
} from '@bclaw/spec/run-time';
import { filledInFile, inputName, jobDataOf } from '../job-data.js';
import { branchCountMetadata, indexWidth, itemsFile } from '../scatter/items-file.js';
import { Spool } from '../spool.js';
import { type FunctionDependencies, stepFunction } from '../step-function.js';
import { earlierFilesOf } from '../storage/earlier-files.js';
import { headObject, listObjects } from '../storage/objects.js';
import { repositoryFile, subRepository } from '../storage/system-files.js';
import { branchFile } from './branch-file.js';
import { writeManifest } from './manifest.js';

/** The function's dependencies. */
export interface GatherDependencies extends FunctionDependencies {
  readonly s3: S3Client;
}

/** An output of a scatter step, and the files found for it. */
interface Output {
  readonly name: string;
  readonly pattern: string;
  readonly matches: (path: string) => boolean;
  /** URIs as JSON strings. */
  readonly found: Spool;
}

/**
 * The function of a scatter's last state: finds the branches' outputs and writes `<step>_manifest.json`, output name →
 * list of URIs, sorted by branch and then by key. An output without any file is an empty list and a warning.
 *
 * Files of an earlier run in the same repository are ignored: branches beyond this run's, and files that no step of a
 * branch wrote this time.
 *
 * @returns a handler from {@link GatherRequest} to {@link GatherResult}; it throws {@link JobError}
 * @example
 * ```ts
 * const gather = createGather({ s3: new S3Client({}), log: console.log, clock: () => performance.now() });
 * const { manifest } = await gather({ step: 'Align', outputs: { bam: '*.bam' }, payload }); // 'Align_manifest.json'
 * ```
 */
export function createGather({ s3, ...dependencies }: GatherDependencies): (event: unknown) => Promise<GatherResult> {
  return stepFunction(
    'gather',
    parseGatherRequest,
    async (request, { warn, counted }) => {
      const { payload, step } = request;
      const folder = subRepository(payload.repo, step);
      const outputs = await outputsOf(s3, request);
      try {
        const branches = await branchCount(s3, folder);
        if (branches === undefined)
          warn(`There is no ${formatS3Uri(itemsFile(folder))}: every numbered folder counts.`);
        if (branches !== 0) await find(s3, folder, outputs, branches, earlierFilesOf(s3, payload));
        counted(outputs.reduce((sum, { found }) => sum + found.count, 0));
        if (branches !== 0)
          for (const { name, pattern, found } of outputs)
            if (found.count === 0) warn(`No branch has the output "${name}", ${pattern}.`);
        const manifest = manifestName(step);
        await writeManifest(s3, repositoryFile(payload.repo, manifest), outputs);
        return { manifest };
      } finally {
        for (const { found } of outputs) found.dispose();
      }
    },
    { s3, ...dependencies },
  );
}

async function outputsOf(s3: S3Client, { outputs, payload }: GatherRequest): Promise<readonly Output[]> {
  const needsData = Object.values(outputs).some((text) => text.includes('${'));
  const data = needsData ? await jobDataOf(s3, payload) : { job: {}, scatter: {}, parent: {} };
  return Object.entries(outputs).map(([key, text]) => {
    const { text: pattern, glob } = filledInFile(text, data);
    const matches = glob === undefined ? (path: string) => path === pattern : globMatcher(glob);
    return { name: inputName(key).name, pattern, matches, found: new Spool() };
  });
}

/** Number of the scatter's branches; undefined when it is no longer known. */
async function branchCount(s3: S3Client, folder: RepositoryLocation): Promise<number | undefined> {
  const head = await headObject(s3, itemsFile(folder));
  const count = head?.metadata[branchCountMetadata];
  return count === undefined ? undefined : Number(count);
}

async function find(
  s3: S3Client,
  folder: RepositoryLocation,
  outputs: readonly Output[],
  branches: number | undefined,
  earlier: EarlierFiles,
): Promise<void> {
  const isBranch = branchTest(branches);
  // The slash keeps `align2/` apart from `align/`.
  const prefix = `${folder.prefix}/`;
  for await (const page of listObjects(s3, folder.bucket, prefix)) {
    const files = page.flatMap(({ key, modified }) => {
      const file = branchFile(key.slice(prefix.length));
      if (file === undefined || !isBranch(file.branch)) return [];
      const of = outputs.filter(({ matches }) => matches(file.path));
      return of.length === 0 ? [] : [{ key, modified, of }];
    });
    for (const { key, of } of await earlier.without(folder.bucket, files)) {
      const uri = Buffer.from(JSON.stringify(formatS3Uri({ bucket: folder.bucket, key })));
      for (const { found } of of) found.append(uri, 0);
    }
  }
}

function branchTest(count: number | undefined): (branch: string) => boolean {
  if (count === undefined) return () => true;
  const width = indexWidth(count);
  return (branch) => branch.length === width && Number(branch) < count;
}
