import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type { EngineContext } from '../../../kernel/service.js';
import type { CsvOptions, ItemReader } from '../definition/model.js';
import { isArray, isObject, type Json, type JsonObject, member, parseJson } from '../interpreter/data/json.js';
import { StateError } from '../interpreter/data/state-error.js';
import { serviceJson } from '../interpreter/integrations/service-json.js';

const failed = (cause: string): StateError => new StateError('States.ItemReaderFailed', cause);

const textOf = (input: Json | undefined): string => (typeof input === 'string' ? input : '');

async function openObject(engine: EngineContext, input: JsonObject): Promise<Readable> {
  const answer: unknown = await engine.call('s3', 'GetObject', input);
  const body = typeof answer === 'object' && answer !== null && 'Body' in answer ? answer.Body : undefined;
  if (body instanceof Readable) return body;
  if (body instanceof Uint8Array) return Readable.from([body]);
  throw new TypeError('GetObject returned no contents');
}

function distinct(headers: readonly string[]): readonly string[] {
  if (new Set(headers).size < headers.length) throw failed('CSV headers cannot contain duplicates.');
  return headers;
}

/**
 * Converts rows to objects: missing columns become empty text, surplus ones are dropped (Step Functions, "ItemReader").
 */
async function* csvItems(body: Readable, { delimiter, headers }: CsvOptions): AsyncGenerator<Json> {
  let names = headers === undefined ? undefined : distinct(headers);
  const rows = body.pipe(parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true }));
  body.once('error', (error) => rows.destroy(error));
  for await (const row of rows) {
    const fields: readonly string[] = Array.isArray(row) ? row.map(String) : [];
    if (names === undefined) names = distinct(fields);
    else yield Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  }
}

async function* lines(body: Readable): AsyncGenerator<string> {
  for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield line;
  }
}

async function* jsonLines(body: Readable): AsyncGenerator<Json> {
  for await (const line of lines(body)) yield parseJson(line);
}

/** RFC 6901 */
function atPointer(value: Json, pointer: string): Json | undefined {
  let node: Json | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    node = isArray(node) ? node[Number(key)] : isObject(node) ? member(node, key) : undefined;
  }
  return node;
}

async function* jsonArray(body: Readable, pointer: string | undefined): AsyncGenerator<Json> {
  const whole = parseJson(textOf(await serviceJson(body, 'iso')));
  const items = pointer === undefined ? whole : atPointer(whole, pointer);
  if (!isArray(items)) throw failed('Attempting to map over non-iterable node.');
  yield* items;
}

async function* listing(engine: EngineContext, input: JsonObject): AsyncGenerator<Json> {
  let token: Json | undefined;
  do {
    const request = token === undefined ? input : { ...input, ContinuationToken: token };
    const page = await engine.call('s3', 'ListObjectsV2', request);
    const answer = await serviceJson(page, 'milliseconds');
    if (!isObject(answer)) return;
    const contents = member(answer, 'Contents');
    for (const item of isArray(contents) ? contents : []) {
      if (!isObject(item)) continue;
      const { ETag, Key, LastModified, Size, StorageClass } = item;
      const modified = typeof LastModified === 'number' ? Math.floor(LastModified / 1000) : 0;
      yield {
        Etag: ETag ?? '',
        Key: Key ?? '',
        LastModified: modified,
        Size: Size ?? 0,
        StorageClass: StorageClass ?? 'STANDARD',
      };
    }
    token = member(answer, 'NextContinuationToken');
  } while (token !== undefined && token !== null);
}

/** Reads an S3 Inventory manifest: the rows of its CSV files. */
async function* manifestItems(engine: EngineContext, body: Readable): AsyncGenerator<Json> {
  const manifest = parseJson(textOf(await serviceJson(body, 'iso')));
  if (!isObject(manifest) || manifest['fileFormat'] !== 'CSV') throw failed('The manifest must list CSV files.');
  const headers = textOf(member(manifest, 'fileSchema'))
    .split(',')
    .map((name) => name.trim());
  const bucket = textOf(member(manifest, 'destinationBucket')).replace(/^arn:[a-z-]+:s3:::/, '');
  const files = member(manifest, 'files');
  for (const file of isArray(files) ? files : []) {
    const key = isObject(file) ? textOf(member(file, 'key')) : '';
    const object = await openObject(engine, { Bucket: bucket, Key: key });
    yield* csvItems(key.endsWith('.gz') ? object.pipe(createGunzip()) : object, { delimiter: ',', headers });
  }
}

type Contents = NonNullable<ItemReader['listed']>;

async function* objectItems(body: Readable, type: Contents, reader: ItemReader): AsyncGenerator<Json> {
  switch (type) {
    case 'CSV':
      yield* csvItems(body, reader.csv);
      break;
    case 'JSON':
      yield* jsonArray(body, reader.itemsPointer);
      break;
    case 'JSONL':
      yield* jsonLines(body);
      break;
  }
}

async function* itemsOf(engine: EngineContext, reader: ItemReader, input: JsonObject): AsyncGenerator<Json> {
  switch (reader.inputType) {
    case 'LIST':
      if (reader.listed === undefined) yield* listing(engine, input);
      else yield* listedItems(engine, reader, reader.listed, input);
      break;
    case 'MANIFEST':
      yield* manifestItems(engine, await openObject(engine, input));
      break;
    default:
      yield* objectItems(await openObject(engine, input), reader.inputType, reader);
  }
}

/** Reads the items in the listed objects, one object after another. */
async function* listedItems(
  engine: EngineContext,
  reader: ItemReader,
  type: Contents,
  input: JsonObject,
): AsyncGenerator<Json> {
  const Bucket = textOf(member(input, 'Bucket'));
  for await (const object of listing(engine, input)) {
    const Key = isObject(object) ? textOf(member(object, 'Key')) : '';
    // The empty objects that consoles create for folders contain no items.
    if (!Key.endsWith('/')) yield* objectItems(await openObject(engine, { Bucket, Key }), type, reader);
  }
}

/**
 * Reads the items of a distributed Map state from S3 one at a time, in constant memory except for JSON arrays.
 *
 * @param input the evaluated Parameters or Arguments: Bucket, Key, …
 * @param most the maximum number of items to read
 * @throws StateError States.ItemReaderFailed
 */
export async function* readItems(
  engine: EngineContext,
  reader: ItemReader,
  input: Json,
  most: number,
): AsyncGenerator<Json> {
  if (!isObject(input)) throw failed('The Parameters of the ItemReader must be an object.');
  let count = 0;
  try {
    for await (const item of itemsOf(engine, reader, input)) {
      if (count === most) return;
      count += 1;
      yield item;
    }
  } catch (thrown) {
    throw thrown instanceof StateError ? thrown : failed(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
