import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.js';
import { options } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const diagnose = (...steps: readonly ReturnType<typeof batchStep>[]) => compile(workflow(steps), options).diagnostics;

describe('limits of AWS', () => {
  it("are told for what cannot leave Batch's job definition, and not for a script, which can", () => {
    expect(diagnose(batchStep('script', { commands: ['x'.repeat(100_000)] }))).toEqual([]);
    const jobTags = Object.fromEntries(Array.from({ length: 44 }, (_, i) => [`k${i}`.repeat(40), 'v'.repeat(256)]));
    const consumes = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`licence-${i}`, 1]));
    const compute = { ...batchStep('any').compute, consumes };
    expect(diagnose(batchStep('fine'), batchStep('large', { jobTags, compute }))).toEqual([
      {
        code: 'limit-exceeded',
        severity: 'error',
        path: ['Steps', 1, 'large'],
        message: expect.stringMatching(
          /^The job definition of step "large" takes [34]\d,\d{3} bytes; Batch allows 24,576 bytes \(maximum job definition size\)\.$/,
        ),
        hint: expect.stringContaining('job_tags'),
      },
    ]);
  });

  it('are told for more steps than a stack has room for', () => {
    // No two of them can share a job definition.
    const steps = (count: number) =>
      Array.from({ length: count }, (_, index) => batchStep(`s${index}`, { jobTags: { index: String(index) } }));
    const messages = (count: number) => diagnose(...steps(count)).map(({ message }) => message);
    expect(messages(390)).toEqual([]);
    expect(messages(487).join()).not.toContain('resources');
    expect(messages(488).join()).toContain('The stack takes 501 resources; CloudFormation allows 500 resources');
  });

  it('are told for a template that is larger than CloudFormation takes', () => {
    const compute = { ...batchStep('any').compute, consumes: { ['licence'.repeat(40)]: 1 } };
    const steps = Array.from({ length: 440 }, (_, index) =>
      batchStep(`s${index}`, { compute, jobTags: { index: String(index), purpose: 'p'.repeat(250) } }),
    );
    expect(diagnose(...steps)).toMatchObject([
      { code: 'limit-exceeded', message: expect.stringContaining('CloudFormation allows 1,048,576 bytes') },
    ]);
  });

  it('are told for a long description', () => {
    const described = { ...workflow([batchStep('run')]), description: 'ü'.repeat(513) };
    expect(compile(described, options).diagnostics).toMatchObject([
      { path: ['Description'], message: expect.stringContaining('CloudFormation allows 1,024 bytes') },
    ]);
  });

  it('are told for times and numbers that AWS cannot hold', () => {
    const retry = { attempts: 9, intervalSeconds: 10, backoffRate: 20 };
    for (const long of [{ timeoutSeconds: 3_000_000_000 }, { retry, timeoutSeconds: 60 }])
      expect(diagnose(batchStep('run', long))).toMatchObject([
        { message: expect.stringContaining('Batch allows 2,147,483,647 seconds') },
      ]);
  });

  it('are told for state names, tags and their number', () => {
    expect(diagnose(batchStep('n'.repeat(81)))).toMatchObject([
      { message: expect.stringContaining('81 characters; Step Functions allows 80 characters') },
    ]);
    expect(diagnose(batchStep('run', { jobTags: { k: 'v'.repeat(257), ['k'.repeat(129)]: 'v' } }))).toMatchObject([
      { message: expect.stringContaining('257 characters') },
      { message: expect.stringContaining('129 characters') },
    ]);
    const jobTags = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`k${index}`, 'v']));
    expect(diagnose(batchStep('run', { jobTags }))).toMatchObject([
      { message: expect.stringContaining('51 tags; Batch allows 50 tags') },
    ]);
  });

  it('are told for the tags of an output, those of its step included', () => {
    const s3Tags = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, 'v']));
    const output = (tags: Record<string, string>) => ({ outputs: { bam: { file: 'a.bam', s3Tags: tags } }, s3Tags });
    expect(diagnose(batchStep('run', output({ k8: 'other', k9: 'v' })))).toEqual([]);
    expect(diagnose(batchStep('run', output({ k9: 'v', k10: 'v'.repeat(257) })))).toMatchObject([
      { message: 'The output "bam" of step "run" takes 11 tags; S3 allows 10 tags (object tags).' },
      { message: expect.stringContaining('The value of tag "k10" of the output "bam" of step "run" takes 257') },
    ]);
  });
});
