import { Readable } from 'node:stream';
import type { EngineContext } from '../../../../kernel/service.js';
import { isObject, type Json, type JsonObject, member } from '../data/json.js';
import { runtimeError, StateError } from '../data/state-error.js';
import { givenMembers } from './given-members.js';
import { camelCase, pascalCase } from './member-case.js';
import { optimizedError, serviceError } from './service-errors.js';
import { jsonMetadata, sdkMetadata, serviceJson } from './service-json.js';

interface SdkService {
  /** The name of the service in the engine. */
  readonly service: string;
  /** The name of the service in errors. */
  readonly errors: string;
  /** Set when the API's own members begin in lower case. */
  readonly camel?: true;
}

/** The services of `states:::aws-sdk:<name>:<action>` that the embedded engine supports. */
const services: Readonly<Record<string, SdkService>> = {
  batch: { service: 'batch', errors: 'Batch', camel: true },
  cloudformation: { service: 'cloudformation', errors: 'CloudFormation' },
  cloudwatchlogs: { service: 'logs', errors: 'CloudWatchLogs', camel: true },
  eventbridge: { service: 'events', errors: 'EventBridge' },
  lambda: { service: 'lambda', errors: 'Lambda' },
  s3: { service: 's3', errors: 'S3' },
  secretsmanager: { service: 'secretsmanager', errors: 'SecretsManager' },
  sfn: { service: 'states', errors: 'Sfn', camel: true },
  sns: { service: 'sns', errors: 'Sns' },
  sqs: { service: 'sqs', errors: 'Sqs' },
  sts: { service: 'sts', errors: 'Sts' },
};

/** The optimized integrations that only call an API. */
const optimized: Readonly<
  Record<string, { readonly sdk: SdkService; readonly prepare: (input: JsonObject) => JsonObject }>
> = {
  'events:putEvents': { sdk: { service: 'events', errors: 'EventBridge' }, prepare: textDetails },
  'sns:publish': { sdk: { service: 'sns', errors: 'SNS' }, prepare: (input) => textMember(input, 'Message') },
  'sqs:sendMessage': { sdk: { service: 'sqs', errors: 'SQS' }, prepare: (input) => textMember(input, 'MessageBody') },
};

/** A message can be JSON in a definition, but the services expect text. A null is dropped, as in every member. */
function textMember(input: JsonObject, name: string): JsonObject {
  const value = member(input, name);
  return value === undefined || value === null || typeof value === 'string'
    ? input
    : { ...input, [name]: JSON.stringify(value) };
}

function textDetails(input: JsonObject): JsonObject {
  const entries = member(input, 'Entries');
  if (!Array.isArray(entries)) return input;
  return { ...input, Entries: entries.map((entry) => (isObject(entry) ? textMember(entry, 'Detail') : entry)) };
}

/** SNS answers in XML. */
function queryMetadata(answer: Json) {
  const members = Object.entries(isObject(answer) ? answer : {}).map(
    ([name, value]) => `    <${name}>${value}</${name}>`,
  );
  const body = [
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">',
    '  <PublishResult>',
    ...members,
    '  </PublishResult>',
    '  <ResponseMetadata>',
    `    <RequestId>${'0'.repeat(36)}</RequestId>`,
    '  </ResponseMetadata>',
    '</PublishResponse>',
    '',
  ];
  return sdkMetadata({ connection: 'keep-alive', 'Content-Type': 'text/xml' }, body.join('\n'));
}

async function call(
  engine: EngineContext,
  sdk: SdkService,
  operation: string,
  input: JsonObject,
  times: 'iso' | 'milliseconds',
): Promise<Json> {
  const given = givenMembers(input, engine.inputOf?.(sdk.service, operation));
  const answer = await serviceJson(
    await engine.call(sdk.service, operation, sdk.camel ? camelCase(given) : given),
    times,
  );
  return sdk.camel ? pascalCase(answer) : answer;
}

/**
 * S3 expects contents as bytes; Step Functions writes the JSON of what a definition gives, with a text's quotes. Its SDK
 * adds a CRC32 if the definition names no other checksum.
 */
function contents(input: JsonObject): Readonly<Record<string, unknown>> {
  const body = member(input, 'Body');
  if (body === undefined) return input;
  const bytes = Buffer.from(JSON.stringify(body));
  const checksum = Object.keys(input).some((name) => name.startsWith('Checksum')) ? {} : { ChecksumAlgorithm: 'CRC32' };
  return { ...input, ...checksum, Body: Readable.from([bytes]), ContentLength: bytes.length };
}

/** `states:::aws-sdk:<service>:<action>` */
export async function callSdk(engine: EngineContext, name: string, action: string, input: Json): Promise<Json> {
  const sdk = services[name];
  if (sdk === undefined) {
    throw new StateError('States.TaskFailed', `The embedded engine does not have the service '${name}'`);
  }
  if (!isObject(input)) throw runtimeError(`The Parameters of aws-sdk:${name}:${action} must be an object`);
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  try {
    if (name !== 's3') return await call(engine, sdk, operation, input, 'iso');
    const given = givenMembers(input, engine.inputOf?.('s3', operation));
    return await serviceJson(await engine.call('s3', operation, contents(given)), 'iso');
  } catch (thrown) {
    throw serviceError(sdk.errors, thrown);
  }
}

/** `states:::sns:publish`, `sqs:sendMessage` and `events:putEvents` */
export async function callOptimized(engine: EngineContext, name: string, action: string, input: Json): Promise<Json> {
  const found = optimized[`${name}:${action}`];
  if (found === undefined || !isObject(input))
    throw runtimeError(`The Parameters of ${name}:${action} must be an object`);
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  const answer = await call(engine, found.sdk, operation, found.prepare(input), 'milliseconds').catch((thrown) => {
    throw optimizedError(found.sdk.errors, thrown);
  });
  const failed = isObject(answer) ? member(answer, 'FailedEntryCount') : undefined;
  // Step Functions fails a PutEvents call if any of its entries failed.
  if (typeof failed === 'number' && failed > 0) {
    throw new StateError('EventBridge.FailedEntry', JSON.stringify(answer));
  }
  return { ...(isObject(answer) ? answer : {}), ...(name === 'sns' ? queryMetadata(answer) : jsonMetadata(answer)) };
}
