import type { Fields, QueryLanguage } from './fields.js';
import type { CsvOptions, DistributedMap, ItemBatcher, ItemReader, ResultWriter } from './model.js';

const delimiters: Readonly<Record<string, string>> = {
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  SPACE: ' ',
  TAB: '\t',
};

const argumentsName = (language: QueryLanguage) => (language === 'JSONata' ? 'Arguments' : 'Parameters');

function csvOptions(config: Fields | undefined): CsvOptions {
  const location = config?.choice('CSVHeaderLocation', ['FIRST_ROW', 'GIVEN']);
  const headers = config?.strings('CSVHeaders');
  if (location === 'GIVEN' && headers === undefined) config?.require('CSVHeaders');
  const delimiter = config?.choice('CSVDelimiter', Object.keys(delimiters)) ?? 'COMMA';
  return { delimiter: delimiters[delimiter] ?? ',', headers: location === 'GIVEN' ? headers : undefined };
}

function itemReader(fields: Fields, language: QueryLanguage): ItemReader | undefined {
  if (!fields.require('Resource')) return undefined;
  const resource = /^arn:[a-z-]+:states:::s3:(getObject|listObjectsV2)$/.exec(fields.string('Resource') ?? '')?.[1];
  if (resource !== 'getObject' && resource !== 'listObjectsV2') {
    fields.problem('Resource', 'Value is not a valid resource ARN');
    return undefined;
  }
  const given = fields.template(argumentsName(language), language) ?? {};
  const config = fields.inside('ReaderConfig');
  const inputType = config?.choice('InputType', ['CSV', 'JSON', 'JSONL', 'MANIFEST', 'PARQUET']);
  if (inputType === 'PARQUET') config?.problem('InputType', 'The embedded engine does not read PARQUET');
  if (resource === 'getObject' && inputType === undefined) {
    fields.problems.schema(fields.location, 'These fields are required: [ReaderConfig/InputType]');
  }
  const transformation = config?.choice('Transformation', ['NONE', 'LOAD_AND_FLATTEN']);
  if (resource === 'getObject' && transformation !== undefined)
    config?.problem('Transformation', 'Field is not supported: only a listing of objects is transformed');
  const flattens = resource === 'listObjectsV2' && transformation === 'LOAD_AND_FLATTEN';
  if (flattens && inputType === undefined) config?.require('InputType');
  if (flattens && inputType === 'MANIFEST')
    config?.problem('InputType', 'Value must be one of [CSV, JSON, JSONL, PARQUET]');
  if (config?.choice('ManifestType', ['ATHENA_DATA', 'S3_INVENTORY']) === 'ATHENA_DATA')
    config.problem('ManifestType', 'The embedded engine reads manifests of S3 Inventory only');
  const listed = inputType === 'CSV' || inputType === 'JSON' || inputType === 'JSONL' ? inputType : undefined;
  const reader: ItemReader = {
    resource,
    arguments: given,
    listed: flattens ? listed : undefined,
    inputType:
      resource === 'listObjectsV2' ? 'LIST' : inputType === 'PARQUET' || inputType === undefined ? 'JSON' : inputType,
    csv: csvOptions(config),
    itemsPointer: config?.string('ItemsPointer'),
    maxItems: config?.numberValue('MaxItems', language, { least: 0, most: 100_000_000 }),
  };
  config?.refuseOthers();
  fields.refuseOthers();
  return reader;
}

function itemBatcher(fields: Fields, language: QueryLanguage): ItemBatcher {
  const batcher: ItemBatcher = {
    batchInput: fields.template('BatchInput', language),
    maxItemsPerBatch: fields.numberValue('MaxItemsPerBatch', language, { least: 1 }),
    maxInputBytesPerBatch: fields.numberValue('MaxInputBytesPerBatch', language, { least: 1, most: 262_144 }),
  };
  if (batcher.maxItemsPerBatch === undefined && batcher.maxInputBytesPerBatch === undefined) {
    fields.problems.schema(
      fields.location,
      'At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]',
    );
  }
  fields.refuseOthers();
  return batcher;
}

function resultWriter(fields: Fields, language: QueryLanguage): ResultWriter {
  const resource = fields.string('Resource');
  if (resource !== undefined && !/^arn:[a-z-]+:states:::s3:putObject$/.test(resource)) {
    fields.problem('Resource', 'Value is not a valid resource ARN');
  }
  const config = fields.inside('WriterConfig');
  const given = fields.template(argumentsName(language), language);
  if (resource === undefined && config === undefined) fields.require('Resource');
  const writer: ResultWriter = {
    arguments: resource === undefined ? undefined : (given ?? {}),
    transformation: config?.choice('Transformation', ['NONE', 'COMPACT', 'FLATTEN']) ?? 'NONE',
    outputType: config?.choice('OutputType', ['JSON', 'JSONL']) ?? 'JSON',
  };
  config?.refuseOthers();
  fields.refuseOthers();
  return writer;
}

type Tolerance = Pick<DistributedMap, 'toleratedFailureCount' | 'toleratedFailurePercentage'>;

/** The failures that a Map state tolerates. */
export function parseTolerance(state: Fields, language: QueryLanguage): Tolerance {
  const percent = { least: 0, most: 100, integer: false };
  return {
    toleratedFailureCount: state.numberValue('ToleratedFailureCount', language, { least: 0 }),
    toleratedFailurePercentage: state.numberValue('ToleratedFailurePercentage', language, percent),
  };
}

/**
 * The fields of a Map state that exist only in distributed mode.
 *
 * @param state the Map state's fields
 * @param config its ProcessorConfig
 */
export function parseDistributed(
  state: Fields,
  config: Fields,
  language: QueryLanguage,
): Omit<DistributedMap, keyof Tolerance> {
  config.require('ExecutionType');
  const [reader, batcher, writer] = ['ItemReader', 'ItemBatcher', 'ResultWriter'].map((name) => state.inside(name));
  const label = state.string('Label');
  if (label !== undefined && !/^[A-Za-z0-9_-]{1,40}$/.test(label)) {
    state.problem('Label', 'Value must match [A-Za-z0-9_-]{1,40}');
  }
  return {
    executionType: config.choice('ExecutionType', ['STANDARD', 'EXPRESS']) ?? 'STANDARD',
    label,
    reader: reader === undefined ? undefined : itemReader(reader, language),
    batcher: batcher === undefined ? undefined : itemBatcher(batcher, language),
    writer: writer === undefined ? undefined : resultWriter(writer, language),
  };
}
