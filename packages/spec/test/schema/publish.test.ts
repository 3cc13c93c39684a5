import { readFileSync } from 'node:fs';
import { type diagnosticCodes, parse, workflowSchema } from '@bclaw/spec';
import Schema from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const validator = Schema.Compile(workflowSchema);

/** Every node of the schema that has examples. */
function* withExamples(node: unknown): Generator<{ schema: Record<string, unknown>; examples: unknown[] }> {
  if (typeof node !== 'object' || node === null) return;
  if ('examples' in node && Array.isArray(node.examples)) {
    const { examples, ...schema } = node;
    yield { schema, examples };
  }
  for (const child of Object.values(node)) yield* withExamples(child);
}

describe('workflowSchema', () => {
  it('is what workflow.schema.json holds; else run: npm run schema -w packages/spec', () => {
    expect(JSON.parse(read('../../workflow.schema.json'))).toEqual(workflowSchema);
  });

  it('accepts a template with everything', () => {
    expect(validator.Check(parseYaml(read('../corpus/everything.yaml')))).toBe(true);
  });

  it('accepts and refuses the shapes that the parser does', () => {
    const page = read('../../../../docs/diagnostics.md');
    const ofShape = [
      'unknown-field',
      'missing-field',
      'wrong-type',
      'step-kind',
      'step-not-single',
    ] as const satisfies (keyof typeof diagnosticCodes)[];
    for (const code of ofShape) {
      const [, bad = '', good = ''] =
        new RegExp(
          `^## ${code}\\n[\\s\\S]*?\`\`\`yaml\\n([\\s\\S]*?)\`\`\`[\\s\\S]*?\`\`\`yaml\\n([\\s\\S]*?)\`\`\``,
          'm',
        ).exec(page) ?? [];
      expect(parse(bad).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
      expect(validator.Check(parseYaml(bad)), bad).toBe(false);
      expect(validator.Check(parseYaml(good)), good).toBe(true);
    }
  });

  it('has examples that it accepts itself', () => {
    const found = [...withExamples(workflowSchema)];
    expect(found.length).toBeGreaterThan(10);
    for (const { schema, examples } of found)
      for (const example of examples)
        expect(
          Schema.Check({ ...schema, $defs: workflowSchema['$defs'] } as never, example),
          JSON.stringify(example),
        ).toBe(true);
  });

  it('describes every field of a step', () => {
    const undescribed: string[] = [];
    for (const [kind, definition] of Object.entries(workflowSchema['$defs'] ?? {}))
      for (const [field, schema] of Object.entries(definition.properties ?? {}))
        if (!JSON.stringify(schema).includes('"description"')) undescribed.push(`${kind}.${field}`);
    expect(undescribed).toEqual([]);
  });
});
