import { validationError } from '../errors.js';
import { isList, isObject, type Json, type JsonObject } from '../json.js';
import { section } from './section.js';

/** A member of a template's `Parameters`. */
export interface ParameterDeclaration {
  readonly type: string;
  readonly default: string | undefined;
  readonly noEcho: boolean;
  readonly description: string | undefined;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly constraintDescription: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
}

/** A parameter in a request. */
export interface ParameterInput {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

const simpleTypes = new Set(['String', 'Number', 'CommaDelimitedList', 'List<Number>', 'List<String>']);

/** Reads the `Parameters` of a template, before or after its macros. */
export function readParameterDeclarations(template: JsonObject): Record<string, ParameterDeclaration> {
  return Object.fromEntries(
    Object.entries(section(template, 'Parameters')).map(([name, value]) => [name, readDeclaration(name, value)]),
  );
}

/**
 * Returns the value of every declared parameter: from the request, the stack's previous value, or the default.
 *
 * @throws AwsError `ValidationError` for missing, unknown and invalid values, with CloudFormation's message
 */
export function resolveParameters(
  declarations: Readonly<Record<string, ParameterDeclaration>>,
  inputs: readonly ParameterInput[],
  previous: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = new Map(inputs.map((input) => [input.ParameterKey ?? '', input]));
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(declarations, name));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const kept = (name: string) => (Object.hasOwn(previous, name) ? previous[name] : undefined);
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, declaration] of Object.entries(declarations)) {
    const input = given.get(name);
    const value = input?.UsePreviousValue === true ? kept(name) : (input?.ParameterValue ?? declaration.default);
    if (value === undefined) missing.push(name);
    else values[name] = checked(name, declaration, value);
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

/** Returns the value of `Ref` for a parameter: a list for list types, otherwise text. */
export function parameterValue(declaration: ParameterDeclaration, value: string): Json {
  if (declaration.type !== 'CommaDelimitedList' && !declaration.type.startsWith('List<')) return value;
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

function readDeclaration(name: string, value: Json): ParameterDeclaration {
  if (!/^[a-zA-Z0-9]{1,255}$/.test(name))
    throw validationError(`Template format error: Parameter name ${name} is non alphanumeric.`);
  if (!isObject(value) || typeof value['Type'] !== 'string')
    throw validationError(`Template format error: Every Parameters object must contain a Type member.`);
  const type = value['Type'];
  if (type.startsWith('AWS::SSM::'))
    throw validationError(`Parameter ${name}: the embedded engine has no Parameter Store; use type String.`);
  if (!simpleTypes.has(type) && !/^(List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+>?$/.test(type))
    throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
  const allowed = value['AllowedValues'];
  return {
    type,
    default: value['Default'] === undefined ? undefined : scalar(name, value['Default']),
    noEcho: value['NoEcho'] === true || value['NoEcho'] === 'true',
    description: text(value['Description']),
    allowedValues: isList(allowed) ? allowed.map((item) => scalar(name, item)) : undefined,
    allowedPattern: text(value['AllowedPattern']),
    constraintDescription: text(value['ConstraintDescription']),
    minLength: number(value['MinLength']),
    maxLength: number(value['MaxLength']),
    minValue: number(value['MinValue']),
    maxValue: number(value['MaxValue']),
  };
}

function checked(name: string, declaration: ParameterDeclaration, value: string): string {
  const fail = (message: string): never => {
    const { constraintDescription } = declaration;
    throw validationError(
      constraintDescription === undefined
        ? `Parameter '${name}' ${message}`
        : `Parameter '${name}' failed to satisfy constraint: ${constraintDescription}`,
    );
  };
  const { type, allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = declaration;
  const parsed = parameterValue(declaration, value);
  const items = isList(parsed) ? parsed.map(String) : [value];
  for (const item of items) {
    if (allowedValues !== undefined && !allowedValues.includes(item)) fail('must be one of AllowedValues');
    if (/Number/.test(type) && (item.trim() === '' || !Number.isFinite(Number(item)))) fail('must be a number.');
    if (allowedPattern !== undefined && !patternOf(name, allowedPattern).test(item))
      fail(`must match pattern ${allowedPattern}`);
    if (minLength !== undefined && item.length < minLength) fail(`must contain at least ${minLength} characters`);
    if (maxLength !== undefined && item.length > maxLength) fail(`must contain at most ${maxLength} characters`);
    if (minValue !== undefined && Number(item) < minValue) fail(`must be a number not less than ${minValue}`);
    if (maxValue !== undefined && Number(item) > maxValue) fail(`must be a number not greater than ${maxValue}`);
  }
  return value;
}

function patternOf(name: string, pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw validationError(
      `Template format error: AllowedPattern of parameter ${name} is no regular expression: ${pattern}`,
    );
  }
}

function scalar(name: string, value: Json): string {
  if (isList(value) || isObject(value))
    throw validationError(`Template format error: Every Default member must be a string (parameter ${name}).`);
  return String(value);
}

const text = (value: Json | undefined) => (value === undefined ? undefined : String(value));
const number = (value: Json | undefined) => (value === undefined ? undefined : Number(value));
