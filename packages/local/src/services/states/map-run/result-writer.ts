import type { EngineContext } from '../../../kernel/service.js';
import type { ResultWriter } from '../definition/model.js';
import { isArray, isObject, type Json, type JsonObject, member, parseJson } from '../interpreter/data/json.js';
import { StateError } from '../interpreter/data/state-error.js';
import type { ExecutionStatus } from '../store/records.js';

/** A child execution as it appears in the result files. */
export interface ChildResult {
  readonly status: ExecutionStatus;
  /** The output of DescribeExecution, in PascalCase. */
  readonly description: JsonObject;
  readonly output: string | undefined;
}

type Outcome = 'SUCCEEDED' | 'FAILED' | 'PENDING';

const outcomeOf = ({ status }: ChildResult): Outcome =>
  status === 'SUCCEEDED' ? 'SUCCEEDED' : status === 'RUNNING' ? 'PENDING' : 'FAILED';

/** The entries for the children in the files and the state's own result, according to WriterConfig's Transformation. */
export function transformed(
  results: readonly ChildResult[],
  transformation: ResultWriter['transformation'],
): readonly Json[] {
  if (transformation === 'NONE') return results.map(({ description }) => description);
  const outputs = results.map(({ output }) => (output === undefined ? null : parseJson(output)));
  return transformation === 'FLATTEN' ? outputs.flatMap((output) => (isArray(output) ? output : [output])) : outputs;
}

const fileText = (items: readonly Json[], outputType: ResultWriter['outputType']) =>
  outputType === 'JSONL' ? items.map((item) => `${JSON.stringify(item)}\n`).join('') : JSON.stringify(items);

/**
 * Exports the results of a map run to S3 (Step Functions, "ResultWriter"): a file for each outcome, and a manifest.
 *
 * @param destination the evaluated Parameters or Arguments: Bucket and Prefix
 * @returns the Map state's result
 * @throws StateError States.ResultWriterFailed
 */
export async function writeResults(
  engine: EngineContext,
  writer: ResultWriter,
  destination: Json,
  mapRun: { readonly id: string; readonly arn: string },
  results: readonly ChildResult[],
): Promise<Json> {
  const bucket = isObject(destination) ? member(destination, 'Bucket') : undefined;
  const prefix = isObject(destination) ? (member(destination, 'Prefix') ?? '') : '';
  if (typeof bucket !== 'string' || typeof prefix !== 'string') {
    throw new StateError('States.ResultWriterFailed', 'The ResultWriter needs a Bucket and a Prefix.');
  }
  const folder = `${prefix.replace(/\/$/, '')}${prefix === '' ? '' : '/'}${mapRun.id}`;
  const put = async (key: string, text: string) => {
    const body = Buffer.from(text);
    await engine.call('s3', 'PutObject', { Bucket: bucket, Key: key, Body: body, ContentLength: body.length });
    return { Key: key, Size: body.length };
  };
  try {
    const files: Record<Outcome, Json[]> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
    for (const outcome of ['FAILED', 'PENDING', 'SUCCEEDED'] as const) {
      const found = results.filter((result) => outcomeOf(result) === outcome);
      if (found.length === 0) continue;
      // Only successful children have an output to transform.
      const items = transformed(found, outcome === 'SUCCEEDED' ? writer.transformation : 'NONE');
      const extension = writer.outputType.toLowerCase();
      files[outcome].push(await put(`${folder}/${outcome}_0.${extension}`, fileText(items, writer.outputType)));
    }
    const manifest = { DestinationBucket: bucket, MapRunArn: mapRun.arn, ResultFiles: files };
    const { Key } = await put(`${folder}/manifest.json`, JSON.stringify(manifest));
    return { MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key } };
  } catch (thrown) {
    throw new StateError('States.ResultWriterFailed', thrown instanceof Error ? thrown.message : String(thrown));
  }
}
