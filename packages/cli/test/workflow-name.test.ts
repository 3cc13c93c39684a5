import { describe, expect, it } from 'vitest';
import { workflowNameFor } from '../src/workflow-name.js';

describe('the name of a workflow that has none', () => {
  it.each([
    ['examples/hello/workflow.yaml', 'hello'],
    ['variant calling.yaml', 'variant-calling'],
    ['/work/9lives.yml', 'lives'],
    ['__.yaml', 'workflow'],
  ])('of %s is %s', (path, name) => {
    expect(workflowNameFor(path)).toBe(name);
  });
});
