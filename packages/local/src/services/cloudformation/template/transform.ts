import { randomUUID } from 'node:crypto';
import type { EngineContext } from '../../../kernel/service.js';
import { AwsError } from '../../../wire/aws-error.js';
import { messageOf, validationError } from '../errors.js';
import { isList, isObject, type Json, type JsonObject } from '../json.js';
import { parameterValue, readParameterDeclarations } from './parameters.js';

/** A macro call in a template. */
export interface MacroCall {
  readonly name: string;
  readonly parameters: JsonObject;
}

/** Looks up the functions of macros: macro name → function ARN. */
export type MacroDirectory = (name: string) => string | undefined;

/** Returns the macros in a template's top-level `Transform`, in the order in which they run. */
export function macrosOf(template: JsonObject): MacroCall[] {
  const declared = template['Transform'];
  if (declared === undefined) return [];
  return (isList(declared) ? declared : [declared]).map((item) => {
    if (typeof item === 'string') return { name: item, parameters: {} };
    const name = isObject(item) ? item['Name'] : undefined;
    const parameters = isObject(item) ? (item['Parameters'] ?? {}) : {};
    if (typeof name !== 'string' || !isObject(parameters))
      throw validationError('Template format error: Transform must be a name, or a map of Name and Parameters.');
    return { name, parameters };
  });
}

/**
 * Runs the macros of a template one after another, each with the event that CloudFormation sends.
 *
 * @param values - the template's parameters, as text
 * @throws AwsError `ValidationError` with CloudFormation's message, which includes the macro's own message
 */
export async function transform(
  context: EngineContext,
  directory: MacroDirectory,
  template: JsonObject,
  values: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const calls = macrosOf(template);
  const { Transform: _, ...fragment } = template;
  let result: JsonObject = fragment;
  for (const call of calls) {
    const declarations = readParameterDeclarations(result);
    const templateParameterValues = Object.fromEntries(
      Object.entries(values).map(([name, value]): [string, Json] => {
        const declaration = declarations[name];
        return [name, declaration === undefined ? value : parameterValue(declaration, value)];
      }),
    );
    result = await invokeMacro(context, directory, call, result, templateParameterValues);
  }
  return result;
}

async function invokeMacro(
  context: EngineContext,
  directory: MacroDirectory,
  { name, parameters }: MacroCall,
  fragment: JsonObject,
  templateParameterValues: JsonObject,
): Promise<JsonObject> {
  const { accountId, region } = context;
  const transformId = name.includes('::') ? name : `${accountId}::${name}`;
  const functionArn = directory(name);
  if (functionArn === undefined) throw validationError(`No transform named ${transformId} found.`);
  const requestId = randomUUID();
  const event = { region, accountId, fragment, transformId, params: parameters, requestId, templateParameterValues };
  let answer: unknown;
  try {
    answer = await context.call('lambda', 'Invoke', {
      FunctionName: functionArn,
      Payload: Buffer.from(JSON.stringify(event)),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw macroFailed(transformId, messageOf(error));
  }
  const response = payloadOf(answer);
  const message = isObject(response) ? response['errorMessage'] : undefined;
  if (functionFailed(answer)) throw macroFailed(transformId, message);
  if (!isObject(response) || response['requestId'] !== requestId || typeof response['status'] !== 'string')
    throw malformed(transformId);
  if (response['status'].toLowerCase() !== 'success') throw macroFailed(transformId, message);
  const processed = response['fragment'];
  if (!isObject(processed)) throw malformed(transformId);
  return processed;
}

function macroFailed(transformId: string, message: Json | undefined): AwsError {
  return validationError(
    typeof message === 'string' && message !== ''
      ? `Transform ${transformId} failed with: ${message}. Rollback requested by user.`
      : `Transform ${transformId} failed without an error message.`,
  );
}

function malformed(transformId: string): AwsError {
  return validationError(`Received malformed response from transform ${transformId}`);
}

function functionFailed(answer: unknown): boolean {
  return isObject(answer) && answer['FunctionError'] !== undefined;
}

function payloadOf(answer: unknown): Json | undefined {
  const payload: unknown = isObject(answer) ? Reflect.get(answer, 'Payload') : undefined;
  if (!(payload instanceof Uint8Array)) return undefined;
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
}
