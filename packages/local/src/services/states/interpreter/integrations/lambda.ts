import type { EngineContext } from '../../../../kernel/service.js';
import { isObject, type Json, member, parseJson } from '../data/json.js';
import { StateError } from '../data/state-error.js';
import { serviceError } from './service-errors.js';
import { sdkMetadata } from './service-json.js';

const bytes = (payload: Json): Uint8Array => Buffer.from(JSON.stringify(payload));

const textOf = (payload: unknown): string =>
  payload instanceof Uint8Array ? Buffer.from(payload).toString('utf8') : typeof payload === 'string' ? payload : '';

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
    throw serviceError('Lambda', thrown);
  }
  const members: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const text = textOf(members['Payload']);
  if (members['FunctionError'] !== undefined) throw functionError(text);
  return { members, payload: text === '' ? null : jsonOf(text) };
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

/** `states:::lambda:invoke` */
export async function invokeOptimized(engine: EngineContext, input: Json): Promise<Json> {
  const given = isObject(input) ? input : {};
  const { Payload, ...rest } = given;
  const { members, payload } = await invoke(engine, {
    ...rest,
    ...(Payload === undefined ? {} : { Payload: bytes(Payload) }),
  });
  const { ExecutedVersion, StatusCode } = members;
  return {
    ...(typeof ExecutedVersion === 'string' ? { ExecutedVersion } : {}),
    Payload: payload,
    ...sdkMetadata(),
    StatusCode: typeof StatusCode === 'number' ? StatusCode : 200,
  };
}
