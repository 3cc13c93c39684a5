import { randomUUID } from 'node:crypto';
import type { EngineContext } from '../../../../kernel/service.js';
import { isObject, type Json, member, parseJson } from '../data/json.js';
import { StateError } from '../data/state-error.js';
import { optimizedError } from './service-errors.js';
import { sdkMetadata } from './service-json.js';

const bytes = (payload: Json): Uint8Array => Buffer.from(JSON.stringify(payload));

/** A payload of text is sent as it is if it is JSON; Step Functions drops a null. */
function givenPayload(payload: Json | undefined): Uint8Array | undefined {
  if (payload === undefined || payload === null) return bytes({});
  return typeof payload === 'string' && isJson(payload) ? Buffer.from(payload) : bytes(payload);
}

const textOf = (payload: unknown): string =>
  payload instanceof Uint8Array ? Buffer.from(payload).toString('utf8') : typeof payload === 'string' ? payload : '';

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

function jsonOf(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** Converts a function's error to a Task error: errorType is the name, the complete response is the cause. */
function functionError(text: string): StateError {
  const answer = jsonOf(text);
  const type = isObject(answer) ? member(answer, 'errorType') : undefined;
  return new StateError(typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown', text);
}

async function invoke(engine: EngineContext, input: Readonly<Record<string, unknown>>) {
  let answer: unknown;
  try {
    answer = await engine.call('lambda', 'Invoke', input);
  } catch (thrown) {
    throw optimizedError('Lambda', thrown);
  }
  const members: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const text = textOf(members['Payload']);
  if (members['FunctionError'] !== undefined) throw functionError(text);
  return { members, payload: text === '' ? null : jsonOf(text), text };
}

/** Runs a Task whose Resource is a function's ARN: input and output are passed through unchanged. */
export async function invokeDirectly(engine: EngineContext, arn: string, input: Json): Promise<Json> {
  const { payload } = await invoke(engine, {
    FunctionName: arn,
    InvocationType: 'RequestResponse',
    Payload: bytes(input),
  });
  return payload;
}

/** Like the trace ids of X-Ray, which the engine does not have: a version, the time and a random part. */
const traceId = () =>
  `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** `states:::lambda:invoke` */
export async function invokeOptimized(engine: EngineContext, input: Json): Promise<Json> {
  const given = isObject(input) ? input : {};
  const { Payload, ...rest } = given;
  const { members, payload, text } = await invoke(engine, { ...rest, Payload: givenPayload(Payload) });
  const { ExecutedVersion, LogResult, StatusCode } = members;
  const version = typeof ExecutedVersion === 'string' ? ExecutedVersion : undefined;
  const log = typeof LogResult === 'string' ? LogResult : undefined;
  const headers = {
    Connection: 'keep-alive',
    'Content-Type': 'application/json',
    ...(version === undefined ? {} : { 'X-Amz-Executed-Version': version }),
    ...(log === undefined ? {} : { 'X-Amz-Log-Result': log }),
    'x-amzn-Remapped-Content-Length': '0',
    'X-Amzn-Trace-Id': `root=${traceId()};sampled=0`,
  };
  return {
    ...(version === undefined ? {} : { ExecutedVersion: version }),
    ...(log === undefined ? {} : { LogResult: log }),
    Payload: payload,
    ...sdkMetadata(headers, text),
    StatusCode: typeof StatusCode === 'number' ? StatusCode : 200,
  };
}
