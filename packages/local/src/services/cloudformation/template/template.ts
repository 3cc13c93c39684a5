import { validationError } from '../errors.js';
import { isList, isObject, type Json, type JsonObject } from '../json.js';
import { type ParameterDeclaration, readParameterDeclarations } from './parameters.js';
import { refuseNulls } from './refuse-nulls.js';
import { section } from './section.js';

/** A template after its macros, parsed and checked as far as possible without a stack. */
export interface Template {
  readonly description: string | undefined;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly metadata: Json | undefined;
}

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface ResourceDefinition {
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: 'Delete' | 'Retain';
  readonly metadata: Json | undefined;
}

export interface OutputDefinition {
  readonly value: Json;
  readonly description: string | undefined;
  readonly condition: string | undefined;
  readonly exportName: Json | undefined;
}

const sections = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
]);
/** CloudFormation's quotas "Resources", "Outputs", "Parameters" and "Mappings" of a template. */
const limits = { Resources: 500, Outputs: 200, Parameters: 200, Mappings: 200 };
const resourceKeys = new Set([
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
]);

/**
 * Parses a template after its macros have run.
 *
 * @throws AwsError `ValidationError` with CloudFormation's message
 */
export function readTemplate(source: JsonObject): Template {
  refuseNulls(source);
  checkHead(source);
  const unknown = Object.keys(source).filter((key) => !sections.has(key));
  if (unknown.length > 0) throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  for (const [name, limit] of Object.entries(limits)) checkLimit(source, name, limit);
  const resources = section(source, 'Resources');
  if (Object.keys(resources).length === 0)
    throw validationError('Template format error: At least one Resources member must be defined.');
  const template: Template = {
    description: typeof source['Description'] === 'string' ? source['Description'] : undefined,
    parameters: readParameterDeclarations(source),
    mappings: readMappings(section(source, 'Mappings')),
    conditions: section(source, 'Conditions'),
    resources: mapValues(resources, readResource),
    outputs: mapValues(section(source, 'Outputs'), readOutput),
    metadata: source['Metadata'],
  };
  for (const [name, { condition }] of [...Object.entries(template.resources), ...Object.entries(template.outputs)])
    if (condition !== undefined && !Object.hasOwn(template.conditions, condition))
      throw validationError(`Template format error: Unresolved condition dependency ${condition} in ${name}.`);
  return template;
}

/** CloudFormation's only version of its templates, and its limit for their description, in characters. */
const formatVersion = '2010-09-09';
const descriptionLimit = 1024;

function checkHead({ AWSTemplateFormatVersion: version, Description: description }: JsonObject): void {
  if (version !== undefined && version !== formatVersion)
    throw validationError(
      `Template format error: ${JSON.stringify(version)} is not a supported value for AWSTemplateFormatVersion; use "${formatVersion}".`,
    );
  if (description !== undefined && typeof description !== 'string')
    throw validationError('Template format error: Description must be a string.');
  if (description !== undefined && Buffer.byteLength(description) > descriptionLimit)
    throw validationError(`Template format error: 'Description' length is greater than ${descriptionLimit}.`);
}

function readMappings(mappings: JsonObject): JsonObject {
  for (const [name, map] of Object.entries(mappings)) {
    if (!isObject(map)) throw validationError(`Template format error: Every Mappings member ${name} must be a map`);
    for (const [key, values] of Object.entries(map)) {
      if (!isObject(values)) throw validationError(`Template format error: Every Mappings member ${key} must be a map`);
      const isPlain = (value: Json) => typeof value !== 'object' || value === null;
      const fits = (value: Json) => isPlain(value) || (isList(value) && value.every(isPlain));
      if (!Object.values(values).every(fits))
        throw validationError('Template format error: Every Mappings attribute must be a String or a List.');
    }
  }
  return mappings;
}

function checkLimit(source: JsonObject, name: string, limit: number): void {
  const count = Object.keys(section(source, name)).length;
  if (count > limit)
    throw validationError(
      `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${limit}`,
    );
}

function readResource(name: string, value: Json): ResourceDefinition {
  if (!/^[a-zA-Z0-9]{1,255}$/.test(name))
    throw validationError(`Template format error: Resource name ${name} is non alphanumeric.`);
  if (!isObject(value) || typeof value['Type'] !== 'string')
    throw validationError(
      `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
    );
  const unknown = Object.keys(value).filter((key) => !resourceKeys.has(key));
  if (unknown.length > 0)
    throw validationError(`Invalid template resource property '${unknown.join("', '")}' at /Resources/${name}`);
  const properties = value['Properties'] ?? {};
  if (!isObject(properties))
    throw validationError(`Template format error: [/Resources/${name}/Properties] must be an object.`);
  return {
    type: value['Type'],
    properties,
    dependsOn: readDependsOn(name, value['DependsOn']),
    condition: optionalText(value['Condition'], `/Resources/${name}/Condition`),
    deletionPolicy: readPolicy(name, 'DeletionPolicy', value['DeletionPolicy']),
    updateReplacePolicy:
      readPolicy(name, 'UpdateReplacePolicy', value['UpdateReplacePolicy']) === 'Delete' ? 'Delete' : 'Retain',
    metadata: value['Metadata'],
  };
}

function readDependsOn(name: string, value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const names = isList(value) ? value : [value];
  return names.map((item) => {
    if (typeof item !== 'string')
      throw validationError(`Template format error: [/Resources/${name}/DependsOn] must be a name or a list of names.`);
    return item;
  });
}

function readPolicy(
  name: string,
  attribute: 'DeletionPolicy' | 'UpdateReplacePolicy',
  value: Json | undefined,
): DeletionPolicy {
  switch (value) {
    case undefined:
    case 'Delete':
    // None of the engine's resource types supports snapshots.
    case 'Snapshot':
      return 'Delete';
    case 'Retain':
      return 'Retain';
    case 'RetainExceptOnCreate':
      if (attribute === 'DeletionPolicy') return 'RetainExceptOnCreate';
      break;
  }
  throw validationError(
    `Template format error: Unrecognized ${attribute} ${JSON.stringify(value)} for resource ${name}`,
  );
}

function readOutput(name: string, value: Json): OutputDefinition {
  if (!isObject(value) || value['Value'] === undefined)
    throw validationError(
      `Template format error: [/Outputs/${name}] Every Outputs member must contain a Value object.`,
    );
  const exported = value['Export'];
  return {
    value: value['Value'],
    description: optionalText(value['Description'], `/Outputs/${name}/Description`),
    condition: optionalText(value['Condition'], `/Outputs/${name}/Condition`),
    exportName: isObject(exported) ? exported['Name'] : undefined,
  };
}

function optionalText(value: Json | undefined, path: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw validationError(`Template format error: [${path}] must be a string.`);
}

function mapValues<T>(source: JsonObject, read: (name: string, value: Json) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(source).map(([name, value]) => [name, read(name, value)]));
}
