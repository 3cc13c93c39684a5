import { BclawError } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { checkName } from '../../src/deploy/workflow-name.js';

function refusal(name: string): BclawError {
  try {
    checkName(name);
  } catch (error) {
    if (error instanceof BclawError) return error;
    throw error;
  }
  throw new Error(`"${name}" was taken`);
}

describe('a workflow name', () => {
  it.each(['a', 'variant-calling', 'x'.repeat(55), 'a--b', 'run-2'])('may be %s', (name) => {
    expect(() => checkName(name)).not.toThrow();
  });

  it('may have as many characters as leave room for the launcher', () => {
    const { message, hint } = refusal('x'.repeat(56));
    expect(message).toContain('56');
    expect(message).toContain('55');
    expect(hint).toBe(`Take a name like ${'x'.repeat(55)}.`);
  });

  it.each([
    ['variant_calling', 'variant-calling'],
    ['2nd try', 'nd-try'],
    ['my-workflow--2', 'my-workflow-2'],
    ['__', 'my-workflow'],
  ])('may not be %s, and the error proposes %s, which may', (name, proposal) => {
    const { code, hint } = refusal(name);
    expect(code).toBe('bad-workflow-name');
    expect(hint).toBe(`Take a name like ${proposal}.`);
    expect(() => checkName(proposal)).not.toThrow();
  });
});
