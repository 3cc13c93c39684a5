import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { resourceTypes } from '../packages/local/src/services/cloudformation/resources/registry.js';
import { itemsOf, membersOf, typeOf, valuesOf } from '../packages/local/src/wire/schema.js';

/*
 * Compares the resource types of the engine's CloudFormation with the schemas of CloudFormation's registry, which
 * cfn-lint contains: any template for the engine must be valid on AWS.
 */

interface RegistrySchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, RegistrySchema>>;
  readonly definitions?: Readonly<Record<string, RegistrySchema>>;
  readonly required?: readonly string[];
  readonly items?: RegistrySchema;
  readonly $ref?: string;
  readonly createOnlyProperties?: readonly string[];
}

const script = `
import json, sys
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as manager
print(json.dumps({name: manager.get_resource_schema('us-east-1', name).schema for name in sys.argv[1:]}))
`;
const python = fileURLToPath(new URL('../.conformance/venv/bin/python', import.meta.url));
const registry: Readonly<Record<string, RegistrySchema>> = JSON.parse(
  execFileSync(python, ['-c', script, ...resourceTypes.map(({ name }) => name)], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  }),
);

/** Intended differences of the engine, with the reason. */
const known: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket.LifecycleConfiguration.Rules[].ObjectSizeGreaterThan: CloudFormation has a string':
    'the text is that of a number, which the engine converts',
  'AWS::S3::Bucket.LifecycleConfiguration.Rules[].ObjectSizeLessThan: CloudFormation has a string':
    'the text is that of a number, which the engine converts',
  'AWS::S3::Bucket.NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled: CloudFormation requires it':
    'the engine takes an empty configuration for one that is switched on, as S3 itself does',
};

function differences(of: string, ours: TSchema, given: RegistrySchema, root: RegistrySchema): string[] {
  const theirs = dereferenced(given, root);
  const types = [theirs.type ?? []].flat();
  const type = typeOf(ours);
  const allowed = type === 'integer' ? ['integer', 'number'] : [type];
  if (type !== undefined && types.length > 0 && !types.some((each) => allowed.includes(each)))
    return [`${of}: CloudFormation has a ${types.join(' or ')}`];
  if (type === 'array') return differences(`${of}[]`, itemsOf(ours), theirs.items ?? {}, root);
  if (type !== 'object' || valuesOf(ours) !== undefined || theirs.properties === undefined) return [];
  const required = new Set<unknown>('required' in ours && Array.isArray(ours.required) ? ours.required : []);
  return [
    ...(theirs.required ?? [])
      .filter((name) => !required.has(name))
      .map((name) => `${of}.${name}: CloudFormation requires it`),
    ...membersOf(ours).flatMap(([name, member]) => {
      const property = theirs.properties?.[name];
      return property === undefined
        ? [`${of}.${name}: CloudFormation has no such property`]
        : differences(`${of}.${name}`, member, property, root);
    }),
  ];
}

function dereferenced(schema: RegistrySchema, root: RegistrySchema): RegistrySchema {
  const name = schema.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : dereferenced(root.definitions?.[name] ?? {}, root);
}

describe.each(resourceTypes.map((type) => [type.name, type] as const))('%s', (name, type) => {
  it('has the properties that CloudFormation’s registry has, and requires what it requires', () => {
    const schema = registry[name] ?? {};
    const found = differences(name, type.properties, schema, schema);
    expect(found.filter((line) => known[line] === undefined)).toEqual([]);
  });
});
