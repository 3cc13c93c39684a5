import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { afterAll, describe, expect, it } from 'vitest';
import type { Operation } from '../src/operation.js';
import { itemsOf, membersOf, typeOf, valuesOf } from '../src/wire/schema.js';
import { allServices } from './all-services.js';
import { type Member, operationShape, type Shape } from './sdk-shapes.js';

const directory = mkdtempSync(join(tmpdir(), 'bclaw-shapes-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Intended differences of the engine from AWS's model, with the reason. */
const known: Readonly<Record<string, string>> = {
  ...because(
    'the engine takes no other notifications than those to EventBridge, and refuses these whatever they hold',
    [
      's3:PutBucketNotificationConfiguration.NotificationConfiguration.TopicConfigurations[].TopicArn: AWS requires it',
      's3:PutBucketNotificationConfiguration.NotificationConfiguration.TopicConfigurations[].Events: AWS requires it',
      's3:PutBucketNotificationConfiguration.NotificationConfiguration.QueueConfigurations[].QueueArn: AWS requires it',
      's3:PutBucketNotificationConfiguration.NotificationConfiguration.QueueConfigurations[].Events: AWS requires it',
      's3:PutBucketNotificationConfiguration.NotificationConfiguration.LambdaFunctionConfigurations[].LambdaFunctionArn: AWS requires it',
      's3:PutBucketNotificationConfiguration.NotificationConfiguration.LambdaFunctionConfigurations[].Events: AWS requires it',
    ],
  ),
  ...because('S3 answers MalformedXML without it, whatever its model says', [
    's3:PutBucketLifecycleConfiguration.LifecycleConfiguration: AWS does not require it',
    's3:CompleteMultipartUpload.MultipartUpload.Parts[].PartNumber: AWS does not require it',
  ]),
  ...because('a change of the visibility to nothing in particular means nothing', [
    'sqs:ChangeMessageVisibilityBatch.Entries[].VisibilityTimeout: AWS does not require it',
  ]),
  ...because('a tag without a key or value is refused by the service, though not by its model', [
    'secretsmanager:CreateSecret.Tags[].Key: AWS does not require it',
    'secretsmanager:CreateSecret.Tags[].Value: AWS does not require it',
    'secretsmanager:TagResource.Tags[].Key: AWS does not require it',
    'secretsmanager:TagResource.Tags[].Value: AWS does not require it',
    'states:CreateStateMachine.tags[].key: AWS does not require it',
    'states:TagResource.tags[].key: AWS does not require it',
  ]),
  ...because('the member `StatusCode` of the answer carries the status, which is 204', [
    'lambda:DeleteFunction: AWS has it at DELETE /2015-03-31/functions/{FunctionName} 200',
  ]),
  ...because('the engine has event source mappings of queues only, and Lambda requires the ARN of a queue', [
    'lambda:CreateEventSourceMapping.EventSourceArn: AWS does not require it',
  ]),
  ...because('the engine has compute environments only, so a queue cannot do without them', [
    'batch:CreateJobQueue.computeEnvironmentOrder: AWS does not require it',
  ]),
  ...because('it is for `bclaw local prune`, and AWS forgets by itself', [
    'states:BclawForgetExecutions: AWS has no such operation',
  ]),
  ...because('the entry says nothing without it', [
    'batch:RegisterJobDefinition.consumableResourceProperties.consumableResourceList[].consumableResource: AWS does not require it',
    'batch:RegisterJobDefinition.consumableResourceProperties.consumableResourceList[].quantity: AWS does not require it',
    'batch:SubmitJob.consumableResourcePropertiesOverride.consumableResourceList[].consumableResource: AWS does not require it',
    'batch:SubmitJob.consumableResourcePropertiesOverride.consumableResourceList[].quantity: AWS does not require it',
    'batch:ListJobs.filters[].name: AWS does not require it',
    'batch:ListJobs.filters[].values: AWS does not require it',
  ]),
};

function because(reason: string, lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line, reason]));
}

/** One line for each difference between an operation and AWS's model of it. */
function differences(service: string, operation: Operation): string[] {
  const model = operationShape(service, operation.name);
  if (model === undefined) return [`${service}:${operation.name}: AWS has no such operation`];
  const of = `${service}:${operation.name}`;
  return [...memberDifferences(of, operation.input, model.input), ...routeDifferences(of, operation, model.http)];
}

function memberDifferences(of: string, schema: TSchema, model: ReadonlyMap<string, Member>): string[] {
  const required = new Set<unknown>('required' in schema && Array.isArray(schema.required) ? schema.required : []);
  const ours = new Map(membersOf(schema));
  const missing = [...model].filter(([name, member]) => member.required && !required.has(name));
  return [
    ...missing.map(([name]) => `${of}.${name}: AWS requires it`),
    ...[...ours].flatMap(([name, member]) => {
      const awsMember = model.get(name);
      if (awsMember === undefined) return [`${of}.${name}: AWS has no such member`];
      return [
        ...(required.has(name) && !awsMember.required ? [`${of}.${name}: AWS does not require it`] : []),
        ...traitDifferences(`${of}.${name}`, member, name, awsMember),
        ...typeDifferences(`${of}.${name}`, member, awsMember.shape()),
      ];
    }),
  ];
}

/** Members that AWS's REST protocols send outside the body must come from there; all others must not. */
function traitDifferences(of: string, schema: TSchema, name: string, { header, query }: Member): string[] {
  const trait = (key: string): unknown => Reflect.get(schema, key);
  return [
    ...((header?.toLowerCase() ?? undefined) === trait('header') ? [] : [`${of}: AWS has it in the header ${header}`]),
    ...((trait('query') ?? name) === (query ?? trait('query') ?? name)
      ? []
      : [`${of}: AWS has it as the query ${query}`]),
  ];
}

function typeDifferences(of: string, schema: TSchema, shape: Shape): string[] {
  const wrong = [`${of}: AWS has a ${shape.kind}`];
  if (acceptsAnything(schema)) return [];
  const alternatives: unknown = Reflect.get(schema, 'anyOf');
  if (Array.isArray(alternatives)) {
    const each = alternatives.map((alternative) => typeDifferences(of, alternative, shape));
    return each.some((found) => found.length === 0) ? [] : wrong;
  }
  switch (shape.kind) {
    case 'structure':
      if (typeOf(schema) !== 'object') return wrong;
      return isOpen(schema) ? [] : memberDifferences(of, schema, shape.members);
    case 'list':
      return typeOf(schema) === 'array' ? typeDifferences(`${of}[]`, itemsOf(schema), shape.items()) : wrong;
    case 'map': {
      const values = valuesOf(schema);
      return values === undefined ? wrong : typeDifferences(`${of}{}`, values, shape.values());
    }
    case 'number':
      return ['integer', 'number'].includes(typeOf(schema) ?? '') ? [] : wrong;
    case 'boolean':
      return typeOf(schema) === 'boolean' ? [] : wrong;
    // Base64 in JSON, seconds or ISO 8601.
    case 'blob':
    case 'string':
      return typeOf(schema) === 'string' ? [] : wrong;
    case 'timestamp':
      return ['number', 'string'].includes(typeOf(schema) ?? '') ? [] : wrong;
    case 'document':
      return [];
  }
}

/** `Unknown`, and types that are streams or dates in S3. */
const acceptsAnything = (schema: TSchema) =>
  typeOf(schema) === undefined && !('anyOf' in schema) && !('const' in schema);

/** A structure that is recorded unchanged. */
const isOpen = (schema: TSchema) => {
  const values = valuesOf(schema);
  return values !== undefined && acceptsAnything(values);
};

function routeDifferences(
  of: string,
  operation: Operation,
  http: readonly [string, string, number] | undefined,
): string[] {
  const { route } = operation;
  if (route === undefined) return [];
  const ours = `${route.method} ${route.path} ${route.response?.status ?? 200}`.replaceAll('+}', '}');
  const theirs = http?.join(' ').replaceAll('+}', '}').replace('/ ', ' ');
  return ours === theirs ? [] : [`${of}: AWS has it at ${theirs}`];
}

const services = allServices(directory);

describe.each(services.map(({ name, operations }) => [name, operations] as const))(
  'the inputs of %s',
  (name, operations) => {
    it('are those of AWS’s own model, as the SDK has it', () => {
      const found = [...operations.values()].flatMap((operation) => differences(name, operation));
      expect(found.filter((line) => known[line] === undefined)).toEqual([]);
    });
  },
);

it('knows no gap that is none', () => {
  const all = new Set(
    services.flatMap(({ name, operations }) => [...operations.values()].flatMap((each) => differences(name, each))),
  );
  expect(Object.keys(known).filter((line) => !all.has(line))).toEqual([]);
});
