import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleTemplates, root } from './templates.js';

describe('bclaw check', () => {
  it('finds nothing in any example, warnings included', () => {
    const program = join(root, 'packages/cli/bin/bclaw.mjs');
    const templates = [...exampleTemplates(), 'packages/cli/init/workflow.yaml'];
    expect(templates.length).toBeGreaterThan(12);
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, 'check', '--strict', ...templates], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `${templates.length} templates: 0 errors, 0 warnings\n`,
      status: 0,
    });
  });
});
