import { Readable } from 'node:stream';
import type { EngineContext } from '../../../../kernel/service.js';
import { isObject, type Json, type JsonObject, member } from '../data/json.js';
import { runtimeError, StateError } from '../data/state-error.js';
import { camelCase, pascalCase } from './member-case.js';
import { serviceError } from './service-errors.js';
import { sdkMetadata, serviceJson } from './service-json.js';

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

/** A message can be JSON in a definition, but the services expect text. */
function textMember(input: JsonObject, name: string): JsonObject {
  const value = member(input, name);
  return value === undefined || typeof value === 'string' ? input : { ...input, [name]: JSON.stringify(value) };
}

function textDetails(input: JsonObject): JsonObject {
  const entries = member(input, 'Entries');
  if (!Array.isArray(entries)) return input;
  return { ...input, Entries: entries.map((entry) => (isObject(entry) ? textMember(entry, 'Detail') : entry)) };
}

async function call(
  engine: EngineContext,
  sdk: SdkService,
  operation: string,
  input: JsonObject,
  times: 'iso' | 'milliseconds',
): Promise<Json> {
  try {
    const answer = await serviceJson(
      await engine.call(sdk.service, operation, sdk.camel ? camelCase(input) : input),
      times,
    );
    return sdk.camel ? pascalCase(answer) : answer;
  } catch (thrown) {
    throw serviceError(sdk.errors, thrown);
  }
}

/** S3 expects contents as bytes; a definition gives them as text or JSON. */
function contents(input: JsonObject): Readonly<Record<string, unknown>> {
  const body = member(input, 'Body');
  if (body === undefined) return input;
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { ...input, Body: Readable.from([bytes]), ContentLength: bytes.length };
}

/** `states:::aws-sdk:<service>:<action>` */
export async function callSdk(engine: EngineContext, name: string, action: string, input: Json): Promise<Json> {
  const sdk = services[name];
  if (sdk === undefined) {
    throw new StateError('States.TaskFailed', `The embedded engine does not have the service '${name}'`);
  }
  if (!isObject(input)) throw runtimeError(`The Parameters of aws-sdk:${name}:${action} must be an object`);
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  if (name !== 's3') return call(engine, sdk, operation, input, 'iso');
  try {
    return await serviceJson(await engine.call('s3', operation, contents(input)), 'iso');
  } catch (thrown) {
    throw serviceError('S3', thrown);
  }
}

/** `states:::sns:publish`, `sqs:sendMessage` and `events:putEvents` */
export async function callOptimized(engine: EngineContext, name: string, action: string, input: Json): Promise<Json> {
  const found = optimized[`${name}:${action}`];
  if (found === undefined || !isObject(input))
    throw runtimeError(`The Parameters of ${name}:${action} must be an object`);
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  const answer = await call(engine, found.sdk, operation, found.prepare(input), 'milliseconds');
  const failed = isObject(answer) ? member(answer, 'FailedEntryCount') : undefined;
  // Step Functions fails a PutEvents call if any of its entries failed.
  if (typeof failed === 'number' && failed > 0) {
    throw new StateError('EventBridge.FailedEntry', JSON.stringify(answer));
  }
  return { ...(isObject(answer) ? answer : {}), ...sdkMetadata() };
}
