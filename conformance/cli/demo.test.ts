import { describe, expect, it } from 'vitest';
import { bclaw } from '../../packages/cli/test/bclaw.js';

describe('bclaw demo', () => {
  it('tells a story in which everything is true', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await bclaw(['demo']);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout.match(/^✓ /gm)?.length).toBeGreaterThanOrEqual(10);
    expect(stdout).not.toMatch(/^✗ /m);
    expect(stdout).toMatch(/claims, all true, in /);
    expect(stderr).toBe('');
  });
});
