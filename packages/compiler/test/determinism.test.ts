import type { BatchStep, Step, Workflow } from '@bclaw/spec';
import validate from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.js';
import { type StateMachineDefinition, statesIn } from '../src/states-language.js';
import { compiled, options } from './compiled.js';
import { batchStep, workflow } from './workflows.js';

const text = fc.string({ maxLength: 30, unit: 'grapheme' });
const texts = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text, { maxKeys: 4 });

const batch: fc.Arbitrary<BatchStep> = fc
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
      compute: { cpus: 1, memoryMiB: 512, gpu, spot, fairShare: true, shell: 'bash', consumes: {} },
      retry: { attempts, intervalSeconds: 3, backoffRate: 2 },
    }),
  );

/** Steps of all kinds, with nested blocks; names are assigned afterwards, so that they are unique. */
const anyStep = fc.letrec<{ step: Step; block: readonly Step[] }>((tie) => ({
  block: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    batch,
    fc.record({
      kind: fc.constant('scatter' as const),
      name: fc.constant('scatter'),
      path: fc.constant([]),
      scatter: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(text, fc.array(text, { maxLength: 3 })), {
        // With several keys, their order would be significant.
        maxKeys: 1,
      }),
      inputs: texts,
      outputs: texts,
      maxConcurrency: fc.nat(9),
      errorTolerance: fc.oneof(fc.record({ count: fc.nat(3) }), fc.record({ percentage: fc.nat(100) })),
      steps: tie('block'),
    }),
    fc.record({
      kind: fc.constant('subpipe' as const),
      name: fc.constant('subpipe'),
      path: fc.constant([]),
      subpipe: text,
      retrieve: fc.array(fc.record({ from: text, to: text }), { maxLength: 2 }),
      submit: fc.array(fc.record({ from: text, to: text }), { maxLength: 1 }),
    }),
    fc.record({
      kind: fc.constant('chooser' as const),
      name: fc.constant('chooser'),
      path: fc.constant([]),
      inputs: texts,
      choices: fc.constant([]),
    }),
    fc.record({
      kind: fc.constant('parallel-chooser' as const),
      name: fc.constant('parallel'),
      path: fc.constant([]),
      inputs: texts,
      branches: fc.array(fc.record({ if: text, steps: tie('block') }, { requiredKeys: ['steps'] }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.record({
      kind: fc.constant('native' as const),
      name: fc.constant('native'),
      path: fc.constant([]),
      type: fc.constant('Parallel' as const),
      fields: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue()),
      branches: fc.array(tie('block'), { minLength: 1, maxLength: 2 }),
      catch: fc.constant([]),
    }),
  ),
})).step;

/** The same steps with a number in each name, each followed by the next of its block. */
function inOrder(steps: readonly Step[], prefix: string): readonly Step[] {
  return steps.map((step, index) => {
    const name = `${prefix}${index}`;
    const placed = index + 1 < steps.length ? { name, next: `${prefix}${index + 1}` } : { name };
    const inside = (block: readonly Step[], number: number) => inOrder(block, `${name}/${number}/`);
    switch (step.kind) {
      case 'scatter':
        return { ...step, ...placed, steps: inside(step.steps, 0) };
      case 'native':
        return { ...step, ...placed, branches: step.branches.map(inside) };
      case 'parallel-chooser':
        return { ...step, ...placed, branches: step.branches.map((b, n) => ({ ...b, steps: inside(b.steps, n) })) };
      case 'batch':
      case 'subpipe':
      case 'chooser':
        return { ...step, ...placed };
      default:
        return step satisfies never;
    }
  });
}

const anyWorkflow: fc.Arbitrary<Workflow> = fc
  .tuple(fc.array(anyStep, { minLength: 1, maxLength: 5 }), fc.record({ versioned: fc.boolean() }))
  .map(([steps, chosen]) => workflow(inOrder(steps, 's'), chosen));

const batchWorkflow: fc.Arbitrary<Workflow> = fc
  .tuple(
    fc.uniqueArray(batch, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
    fc.record({ versioned: fc.boolean() }),
  )
  .map(([steps, chosen]) => workflow(steps, chosen));

/** A copy with the keys of every object in reverse order: equal data, built differently. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('compile, for any workflow,', () => {
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

  it('gives a digest that does not depend on the order in which maps were written down', () => {
    fc.assert(
      fc.property(anyWorkflow, (source) => {
        const other: Workflow = { ...source, steps: source.steps.map(withMapsReversed) };
        expect(digestOf(other)).toBe(digestOf(source));
      }),
      { numRuns: 50 },
    );
  });

  it('lets every transition lead to a state of its block, each name there once, and refers to every job definition', () => {
    fc.assert(
      fc.property(fc.oneof(anyWorkflow, batchWorkflow), (source) => {
        const { definition, template } = compiled(source);
        const names = [...statesIn(definition)].map(([name]) => name);
        expect(new Set(names).size).toBe(names.length);
        checkTransitions(definition);
        const text = JSON.stringify(definition);
        const references = JSON.stringify(Object.values(template.Resources).map(({ Properties }) => Properties));
        for (const [id, { Type }] of Object.entries(template.Resources)) {
          if (Type !== 'AWS::Batch::JobDefinition') continue;
          const [, placeholder] = new RegExp(`"([^"]+)":{"Ref":"${id}"}`).exec(references) ?? [];
          expect(text).toContain(`\${${placeholder}}`);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives valid States Language', () => {
    fc.assert(
      fc.property(batchWorkflow, (source) => {
        const { isValid, errorsText } = validate(compiled(source).definition);
        expect(isValid, errorsText()).toBe(true);
      }),
      { numRuns: 5 },
    );
  });
});

function checkTransitions({ StartAt, States }: StateMachineDefinition): void {
  const names = Object.keys(States);
  expect(names).toContain(StartAt);
  for (const state of Object.values(States)) {
    if ('Next' in state) expect(names).toContain(state.Next);
    if (state.Type === 'Choice') {
      for (const { Next } of state.Choices) expect(names).toContain(Next);
      if (state.Default !== undefined) expect(names).toContain(state.Default);
    }
    if (state.Type === 'Map') checkTransitions(state.ItemProcessor);
    if (state.Type === 'Parallel') for (const branch of state.Branches) checkTransitions(branch);
  }
}

/** The same step with the keys of its maps in reverse order, including nested steps. */
const withMapsReversed = (step: Step): Step => reversed(step) as Step;

function digestOf(source: Workflow): string {
  const result = compile(source, options);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.digest;
}
