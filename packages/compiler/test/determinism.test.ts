import type { BatchStep, Workflow } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.js';
import { options } from './compiled.js';
import { batchStep, workflow } from './workflows.js';

const text = fc.string({ maxLength: 30, unit: 'grapheme' });
const texts = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text, { maxKeys: 4 });

const step: fc.Arbitrary<BatchStep> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    commands: fc.array(text, { minLength: 1, maxLength: 3 }),
    inputs: fc.oneof(fc.constant('auto' as const), texts),
    references: texts,
    outputs: texts,
    gpu: fc.constantFrom<(number | 'all')[]>(0, 1, 'all'),
    spot: fc.boolean(),
    jobTags: texts,
    attempts: fc.nat(5),
  })
  .map(({ name, outputs, gpu, spot, attempts, ...fields }) =>
    batchStep(name, {
      ...fields,
      outputs: Object.fromEntries(Object.entries(outputs).map(([key, file]) => [key, { file, s3Tags: {} }])),
      compute: { cpus: 1, memoryMiB: 512, gpu, spot, shell: 'bash', consumes: {} },
      retry: { attempts, intervalSeconds: 3, backoffRate: 2 },
    }),
  );

const anyWorkflow: fc.Arbitrary<Workflow> = fc
  .tuple(
    fc.uniqueArray(step, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
    fc.record({ versioned: fc.boolean() }),
  )
  .map(([steps, chosen]) => workflow(steps, chosen));

/** A copy with the keys of every object in reverse order: the same data, built in another way. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('compile, for any workflow of batch steps,', () => {
  it('gives the same bytes each time', () => {
    fc.assert(
      fc.property(anyWorkflow, (source) => {
        const again = structuredClone(source);
        expect(JSON.stringify(compile(source, options))).toBe(JSON.stringify(compile(again, options)));
      }),
      { numRuns: 50 },
    );
  });

  it('leaves its arguments as they are', () => {
    fc.assert(
      fc.property(anyWorkflow, (source) => {
        const before = JSON.stringify(source);
        compile(source, options);
        expect(JSON.stringify(source)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });

  it('gives a digest that does not depend on how the core environment was written down', () => {
    fc.assert(
      fc.property(anyWorkflow, (source) => {
        const core = reversed(options.core) as typeof options.core;
        expect(compile(source, { ...options, core })).toMatchObject({ digest: digestOf(source) });
      }),
      { numRuns: 20 },
    );
  });

  it('lets every transition lead to a state, and refers to every job definition', () => {
    fc.assert(
      fc.property(anyWorkflow, (source) => {
        const result = compile(source, options);
        if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
        const names = Object.keys(result.definition.States);
        expect(names).toContain(result.definition.StartAt);
        for (const state of Object.values(result.definition.States)) {
          if ('Next' in state) expect(names).toContain(state.Next);
        }
        const definitions = Object.entries(result.template.Resources)
          .filter(([, { Type }]) => Type === 'AWS::Batch::JobDefinition')
          .map(([id]) => id);
        for (const id of definitions) expect(JSON.stringify(result.definition)).toContain(`\${${id}}`);
        expect(definitions).toHaveLength(source.steps.length);
      }),
      { numRuns: 50 },
    );
  });
});

function digestOf(source: Workflow): string {
  const result = compile(source, options);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.digest;
}
