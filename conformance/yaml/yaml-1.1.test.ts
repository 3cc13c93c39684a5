import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../packages/local/src/services/cloudformation/template/parse-template.js';
import { readYaml } from '../../packages/spec/src/syntax/yaml.js';
import { document, mutated } from './documents.js';

const runs = Number(process.env['BCLAW_YAML_RUNS'] ?? '20000');
const seed = Number(process.env['BCLAW_SEED'] ?? '20261129');
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

type Answer = { readonly value: unknown } | { readonly error: string };

/** The result of PyYAML, which implements YAML 1.1, for each document. */
function answersOfPython(texts: readonly string[]): readonly Answer[] {
  const python = spawnSync(file('../../.conformance/venv/bin/python'), [file('oracle.py')], {
    input: texts.map((text) => JSON.stringify(text)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
    timeout: 150_000,
  });
  expect(python.stderr).toBe('');
  const answers = python.stdout
    .trimEnd()
    .split('\n')
    .map((line): Answer => JSON.parse(line));
  expect(answers).toHaveLength(texts.length);
  return answers;
}

function ofEngine(text: string): Answer {
  try {
    return { value: parseTemplate(text) };
  } catch (error) {
    return { error: String(error) };
  }
}

/** JSON with sorted keys, and without negative zero. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return Object.is(item, -0) ? 0 : item;
    return Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
  });

const templates = ['scatter-gather', 'chooser', 'variant-calling'].map((name) =>
  readFileSync(file(`../../examples/${name}/workflow.yaml`), 'utf8'),
);
const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

describe('a document that `check` finds no fault in', () => {
  const texts = [
    ...fc.sample(document, { numRuns: runs / 2, seed }),
    ...fc.sample(mutated(templates), { numRuns: runs / 2, seed }),
  ];
  const python = answersOfPython(texts);
  const sound = texts.map((text) => {
    const { value, findings } = readYaml(text);
    return { value, faultless: findings.every(({ severity }) => severity !== 'error') };
  });

  it('has the same values for YAML 1.1 and for `check`', () => {
    const differing = texts.flatMap((text, index) => {
      const ours = sound[index];
      const answer = python[index];
      // A document without any value is not a template.
      if (ours === undefined || !ours.faultless || answer === undefined || ours.value === null) return [];
      return 'value' in answer && canonical(answer.value) === canonical(ours.value)
        ? []
        : [{ text, ours: ours.value, answer }];
    });
    expect(differing.slice(0, 5)).toEqual([]);
  });

  it('has the same values for the embedded CloudFormation', () => {
    const differing = texts.flatMap((text, index) => {
      const ours = sound[index];
      // A template is a map, and CloudFormation rejects nulls in one without macros.
      if (ours === undefined || !ours.faultless || !isMap(ours.value)) return [];
      const answer = ofEngine(text);
      if ('error' in answer && /'null' values are not allowed/.test(answer.error)) return [];
      return 'value' in answer && canonical(answer.value) === canonical(ours.value)
        ? []
        : [{ text, ours: ours.value, answer }];
    });
    expect(differing.slice(0, 5)).toEqual([]);
  });

  it('is one in five at least, so that the two laws say something', () => {
    const faultless = sound.filter((one) => one.faultless);
    expect(faultless.length).toBeGreaterThan(runs / 5);
    expect(faultless.length).toBeLessThan((runs * 4) / 5);
  });
});
