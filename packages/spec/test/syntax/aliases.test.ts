import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { workflowOf } from '../template.js';

const head = 'Transform: BC2_Compiler\nRepository: s3://abc/${job.x}\n';
const codesOf = (text: string) => [...new Set(parse(text).diagnostics.map(({ code }) => code))];

describe('aliases', () => {
  it('stand for the last node with their anchor before them, as the YAML library has it', () => {
    const tags = 'job_tags: {a: &v 1, b: *v, c: &v 2, d: *v}';
    const { options } = workflowOf(`${head}Options: {${tags}}\nSteps: [{a: {inputs: {}, commands: x}}]\n`);
    expect(options.jobTags).toEqual({ a: '1', b: '1', c: '2', d: '2' });
    expect(parseDocument(tags).toJS()).toEqual({ job_tags: { a: 1, b: 1, c: 2, d: 2 } });
  });

  it('are resolved in time that grows with their number, not with its square', () => {
    const before = process.cpuUsage();
    expect(codesOf(`${head}${'<<: *a\n'.repeat(20_000)}`)).toContain('yaml-syntax');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });

  it('are told when a merge key takes lists of lists, a billion items in all', () => {
    const laughs = Array.from(
      { length: 12 },
      (_, level) =>
        `l${level}: &l${level} [${
          level === 0
            ? '{a: x}'
            : Array(9)
                .fill(`*l${level - 1}`)
                .join(', ')
        }]\n`,
    ).join('');
    expect(codesOf(`${laughs}Options: {<<: *l11}\n`)).toContain('limit-exceeded');
  });

  it('are told when a merge key takes a list that contains itself', () => {
    expect(codesOf('a: &a [*a]\nOptions: {<<: *a}\n')).toContain('limit-exceeded');
  });
});
