import type { TSchema } from 'typebox';
import { allStepKinds } from '../kinds/index.js';
import { isMap, type PlainMap } from '../syntax/document.js';
import { anyNamePattern, isStepsBlock } from './fields.js';
import { topLevel } from './workflow.js';

/** Annotations that only bclaw uses, not editors. */
const internal = new Set(['expects', 'instead', 'isStepsBlock', 'editor', 'standIn']);

/**
 * The JSON Schema (draft 2020-12) of a workflow template, for editors and other tools, built from the schemas that the
 * parser uses. Published as `workflow.schema.json` beside this package's code.
 *
 * It only describes shapes; problems that {@link parse} finds beyond them (unknown names, unreachable steps, …) are not
 * covered.
 */
export const workflowSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://unpkg.com/@bclaw/spec/workflow.schema.json',
  title: 'bclaw workflow',
  description: 'A scientific batch workflow on AWS Step Functions and AWS Batch.',
  type: 'object',
  properties: publishAll(topLevel),
  required: ['Repository', 'Steps'],
  additionalProperties: false,
  $defs: {
    steps: { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } },
    step: {
      type: 'object',
      description: 'One entry: the name of the step and its specification.',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: { anyOf: allStepKinds.map(({ kind }) => ({ $ref: `#/$defs/${kind}` })) },
    },
    ...Object.fromEntries(allStepKinds.map(({ kind, schema }) => [kind, publish(schema)])),
  },
};

function publishAll(schemas: Readonly<Record<string, TSchema>>): PlainMap {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, publish(schema)]));
}

/** Converts a schema to plain JSON Schema. */
function publish(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(publish);
  if (!isMap(node)) return node;
  if (isStepsBlock(node)) return { $ref: '#/$defs/steps', description: node['description'] };
  const plain: PlainMap = {};
  for (const [key, value] of Object.entries(node)) {
    if (internal.has(key)) continue;
    const anyName = key === 'patternProperties' && isMap(value) ? value[anyNamePattern] : undefined;
    // A pattern that matches every name is the same as additionalProperties, which editors complete and explain better.
    if (anyName !== undefined) plain['additionalProperties'] = publish(anyName);
    else plain[key] = key === 'examples' || key === 'default' ? value : publish(value);
  }
  // `editor`: rules that the parser checks in code, to report them with their own codes and hints, but that a schema
  // can express.
  return isMap(node['editor']) ? { ...plain, ...node['editor'] } : plain;
}
