import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflowSchema } from '@bclaw/spec';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { exampleTemplates, root } from './templates.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A validator that shares no code with bclaw's own. `strict` makes it refuse schemas that do not mean what they seem to. */
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(read('packages/spec/workflow.schema.json')),
);

/** What a text holds, or undefined when it is not YAML. */
function contentOf(text: string): unknown {
  const document = parseDocument(text, { merge: true });
  return document.errors.length > 0 ? undefined : document.toJS();
}

const isValid = (text: string): boolean => validate(contentOf(text));

const entries = read('docs/diagnostics.md')
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const example = (kind: string) =>
      new RegExp(`^${kind}:\\n\\n\`\`\`yaml.*\\n([\\s\\S]*?)^\`\`\``, 'm').exec(section)?.[1] ?? '';
    return { code: section.slice(0, section.indexOf('\n')), bad: example('Bad'), good: example('Good') };
  });

/** Mistakes that no schema can see, by what they would take. */
const beyondSchema: Readonly<Record<string, readonly string[]>> = {
  'to know what other places of the template say': [
    'auto-inputs-on-first-step',
    'chooser-last',
    'duplicate-filesystem',
    'duplicate-step',
    'endless-loop',
    'file-name-collision',
    'misspelt-file',
    'misspelt-name',
    'mutable-image',
    'overwritten-output',
    'reserved-parameter-name',
    'reserved-step-name',
    'job-type',
    'long-wait',
    'many-retries',
    'unknown-name',
    'unknown-next',
    'unreachable-step',
    'unset-variable',
    'unused-parameter',
    'unused-scatter-value',
  ],
  'to know what a field of the same step says': ['duplicate-name', 'exclusive-fields', 'ignored-field', 'never-skips'],
  'to know the parameters, the core stack, a registry or AWS’s limits': [
    'limit-exceeded',
    'missing-parameter',
    'no-gpu-queue',
    'repository-in-launcher-bucket',
    'run-time-image',
    'run-time-value',
    'secret-parameter',
    'unknown-parameter',
    'unpinned-image',
  ],
  'to read a text with a grammar of its own': [
    'bad-expression',
    'bad-file',
    'bad-image',
    'bad-name',
    'bad-output',
    'bad-reference',
    'bad-repository',
    'bad-retrieve',
    'bad-selector',
    'bad-tag',
    'misplaced-mark',
    'not-utf-8',
    'rewritten-number',
    'shared-destination',
    'shared-repository',
  ],
  'to tell a template for bclaw alone from one for CloudFormation': ['missing-transform'],
  'to read the text, which is YAML to CloudFormation': ['ambiguous-yaml', 'unsupported-yaml'],
  'to know what is meant by a sound value': ['deprecated-field', 'differs-from-bayerclaw', 'little-memory'],
};

describe('workflow.schema.json, according to ajv', () => {
  const templates = [
    ...exampleTemplates(),
    'packages/cli/init/workflow.yaml',
    'packages/spec/test/corpus/everything.yaml',
    'packages/graph/test/corpus/sixty-steps.yaml',
  ];

  it.each(templates)('accepts %s', (path) => {
    validate(contentOf(read(path)));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(entries)('accepts the good example of $code', ({ good }) => {
    validate(contentOf(good));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('refuses every bad example, except for mistakes that take more than a schema', () => {
    const accepted = entries.filter(({ bad }) => isValid(bad)).map(({ code }) => code);
    expect(accepted).toEqual(Object.values(beyondSchema).flat().toSorted());
  });
});

/** Every property of the schema, by its place. */
function* properties(node: unknown, place: string): Generator<{ place: string; schema: Record<string, unknown> }> {
  if (!isObject(node)) return;
  for (const [key, child] of Object.entries(node)) {
    if (key === 'properties' && isObject(child))
      for (const [name, schema] of Object.entries(child))
        if (isObject(schema)) yield { place: `${place}.${name}`, schema };
    yield* properties(child, key === 'properties' || key === '$defs' ? place : `${place}/${key}`);
  }
}

describe('workflow.schema.json, for those who write', () => {
  const all = [...properties(workflowSchema, '')];

  it('describes every property', () => {
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ schema }) => typeof schema['description'] !== 'string').map(({ place }) => place)).toEqual([]);
  });

  it('shows an example, a default or the values of every property', () => {
    const shown = (schema: Record<string, unknown>) =>
      ['examples', 'default', 'enum', 'const', '$ref'].some((key) => key in schema);
    expect(all.filter(({ schema }) => !shown(schema)).map(({ place }) => place)).toEqual([]);
  });
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
