import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { compiled } from './compiled.js';
import { align, batchStep, everyKind, sort, workflow } from './workflows.js';

describe('compiled definitions', () => {
  it.each([
    ['a single step', workflow([align])],
    ['a pipeline with automatic inputs', workflow([align, sort])],
    ['every kind of step', everyKind],
    ['a jump', workflow([{ ...align, next: 'report' }, batchStep('report')])],
    ['no second runs', workflow([batchStep('once', { retry: { attempts: 0, intervalSeconds: 1, backoffRate: 1 } })])],
  ])('are valid States Language: %s', (_, source) => {
    const { isValid, errorsText } = validate(compiled(source).definition);
    expect(isValid, errorsText()).toBe(true);
  });
});
