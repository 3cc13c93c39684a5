import type { S3Client } from '@aws-sdk/client-s3';
import { controlFolder } from '@bclaw/spec/contract';
import {
  escapeGlob,
  formatS3Uri,
  type JobData,
  parseScatterRequest,
  type RepositoryLocation,
  type ScatterRequest,
  type ScatterResult,
} from '@bclaw/spec/run-time';
import { carry, writeCarried } from '../carried.js';
import { JobError } from '../errors.js';
import { filledInFile, inputName, jobDataOf, locateFilled } from '../job-data.js';
import { Parallel } from '../parallel.js';
import { Spool } from '../spool.js';
import { type FunctionDependencies, stepFunction } from '../step-function.js';
import { earlierFilesOf } from '../storage/earlier-files.js';
import { ObjectWriter } from '../storage/object-writer.js';
import { repositoryFile, subRepository } from '../storage/system-files.js';
import { jsonLine, rowText, valueLine } from './csv-text.js';
import { type Axis, branchCount, branchCountMetadata, itemsFile, writeRows } from './items-file.js';
import { itemsOf, type SourceContext } from './sources.js';
import { together } from './zip.js';

/** The function's dependencies. */
export interface ScatterDependencies extends FunctionDependencies {
  readonly s3: S3Client;
}

/** S3 accepts 3,500 writes a second below a prefix; this concurrency stays far below. */
const parallelWrites = 32;

/**
 * The function of a scatter's first state: expands the sources and writes one row for each branch into
 * `<repo>/<step>/_control_/items.csv`, in constant memory for any number of branches.
 *
 * Values of a branch, or files of the parent, that are too large for the payload are written to
 * `<repo>/<step>/_control_/values/<index>.json` and `<repo>/<step>/_control_/parent.json`; the payload has their URIs
 * instead.
 *
 * @returns a handler from {@link ScatterRequest} to {@link ScatterResult}; it throws {@link JobError}
 * @example
 * ```ts
 * const scatter = createScatter({ s3: new S3Client({}), log: console.log, clock: () => performance.now() });
 * const { items, count } = await scatter({ step: 'Align', scatter: { sample: ['a', 'b'] }, inputs: {}, outputs: {}, payload });
 * ```
 */
export function createScatter({
  s3,
  ...dependencies
}: ScatterDependencies): (event: unknown) => Promise<ScatterResult> {
  return stepFunction(
    'scatter',
    parseScatterRequest,
    async (request, { warn, counted }) => {
      const { payload, step } = request;
      const data = await jobDataOf(s3, payload);
      const folder = subRepository(payload.repo, step);
      const parent = await carry(s3, parentOf(request, data), folder, 'parent.json');
      const axes = axesOf(request);
      try {
        await readItems(axes, request, {
          s3,
          repository: payload.repo,
          data,
          earlier: earlierFilesOf(s3, payload),
          warn,
        });
        const count = branchCount(axes);
        counted(count);
        await writeItems(s3, folder, axes, count, data.scatter);
        return {
          items: itemsFile(folder),
          prefix: folder.prefix,
          uri: folder.uri,
          results: repositoryFile(payload.repo, `${controlFolder}/${step}`).key,
          parent,
          count,
        };
      } finally {
        for (const { items } of axes) items.dispose();
      }
    },
    { s3, ...dependencies },
  );
}

/**
 * The branches' `${parent.…}` values: the inputs as URIs, the outputs as written; all as globs, so that exactly the
 * globs in the scatter's own template are globs in a branch.
 */
function parentOf({ inputs, outputs, payload }: ScatterRequest, data: JobData): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...Object.entries(inputs).map(([key, file]) => {
      const { location, glob } = locateFilled(filledInFile(file, data), payload.repo);
      return [inputName(key).name, formatS3Uri({ bucket: location.bucket, key: glob ?? escapeGlob(location.key) })];
    }),
    ...Object.entries(outputs).map(([key, file]) => {
      const { text, glob } = filledInFile(file, data);
      return [inputName(key).name, glob ?? escapeGlob(text)];
    }),
  ]);
}

/** The template's order, followed by the names missing from an incomplete order. */
function namesInOrder({ scatter, order = [] }: ScatterRequest): readonly string[] {
  const names = Object.keys(scatter);
  return [...new Set([...order.filter((name) => names.includes(name)), ...names])];
}

/** The axes whose items are combined: one for each source, and one for all that advance together. */
function axesOf(request: ScatterRequest): readonly Axis[] {
  const { zip = [] } = request;
  const names = namesInOrder(request);
  const zipped = names.filter((name) => zip.includes(name));
  return names.flatMap((name) => {
    if (!zip.includes(name)) return [{ names: [name], items: new Spool() }];
    return name === zipped[0] ? [{ names: zipped, items: new Spool() }] : [];
  });
}

async function readItems(axes: readonly Axis[], { scatter }: ScatterRequest, context: SourceContext): Promise<void> {
  for (const { names, items } of axes) {
    const [first = '', ...others] = names;
    const sources = new Map(names.map((name) => [name, itemsOf(name, scatter[name] ?? [], context)]));
    const append = (texts: readonly string[]) => {
      const { bytes, weight } = rowText(texts.join(','));
      items.append(bytes, weight);
    };
    if (others.length === 0) for await (const item of sources.get(first) ?? []) append([valueLine(first, item)]);
    else
      for await (const values of together(sources))
        append(
          names.map((name) => `${name === first ? '' : `${jsonLine(name)}:`}${valueLine(name, values.get(name))}`),
        );
  }
}

async function writeItems(
  s3: S3Client,
  folder: RepositoryLocation,
  axes: readonly Axis[],
  count: number,
  outer: Readonly<Record<string, unknown>>,
): Promise<void> {
  const writes = new Parallel(parallelWrites);
  const keep = async (index: string, json: string): Promise<string> => {
    const name = `values/${index}.json`;
    await writes.add(() => writeCarried(s3, json, folder, name));
    return formatS3Uri(repositoryFile(folder, `${controlFolder}/${name}`));
  };
  const file = new ObjectWriter(s3, itemsFile(folder), {
    contentType: 'text/csv',
    metadata: { [branchCountMetadata]: String(count) },
  });
  try {
    await writeRows({ axes, count, outer, keep }, file);
    await writes.all();
    await file.close();
  } catch (error) {
    await writes.settled();
    await file.abort();
    throw error;
  }
}
