import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const bclaw = join(dirname(createRequire(import.meta.url).resolve('@bclaw/cli/package.json')), 'bin', 'bclaw.mjs');
const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const outputs = mkdtempSync(join(tmpdir(), 'bclaw-examples-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** Runs an example's job with only the command and returns its output folder. */
function run(folder: string, template: string, job: string, ...more: string[]): string {
  const out = join(outputs, `${folder}-${template}`);
  const { status, stderr } = spawnSync(
    process.execPath,
    [bclaw, 'run', template, '--job', job, '--name', folder, '--out', out, ...more],
    { cwd: join(examples, folder), encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  return out;
}

describe('the example', () => {
  it.each([
    ['v1', 'workflow.yaml'],
    ['v2', 'workflow-v2.yaml'],
  ])('phage-gc writes the expected tables (%s)', (version, template) => {
    const genome = 'data/NC_001416.fa=s3://phage-data/genomes/NC_001416.fa';
    const out = run('phage-gc', template, 'jobs/coarse.json', '--put', genome);
    const expected = join(examples, 'phage-gc', 'expected', version);
    for (const name of readdirSync(expected)) {
      // The workflow is deployed for the first time here, so its version is 1.
      const text = readFileSync(join(expected, name), 'utf8').replace('workflow_version\t2', 'workflow_version\t1');
      expect(readFileSync(join(out, name), 'utf8'), name).toBe(text);
    }
  });
});
