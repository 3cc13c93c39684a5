import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

const root = new URL('../..', import.meta.url).pathname;
const folder = join(root, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface GitHubWorkflow {
  readonly name: string;
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, { readonly 'runs-on': string; readonly steps: readonly Step[] }>>;
}

const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

describe.each(readdirSync(folder))('the GitHub workflow %s', (name) => {
  const document = parseDocument(readFileSync(join(folder, name), 'utf8'));
  const workflow: GitHubWorkflow = document.toJS();
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('is YAML without errors and warnings, with what GitHub asks for', () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    expect(
      Object.keys(workflow).filter((key) => !['name', 'on', 'permissions', 'concurrency', 'jobs'].includes(key)),
    ).toEqual([]);
    expect(Object.keys(workflow.on).length).toBeGreaterThan(0);
    for (const job of Object.values(workflow.jobs)) expect(job['runs-on']).toMatch(/^ubuntu-/);
  });

  it('says what its token may do', () => {
    expect(Object.keys(workflow.permissions).length).toBeGreaterThan(0);
  });

  it('has steps that either run something or use a pinned action', () => {
    expect(steps.length).toBeGreaterThan(0);
    for (const { uses, run } of steps) {
      expect([uses, run].filter((value) => value !== undefined)).toHaveLength(1);
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    }
  });

  it('calls scripts that there are', () => {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([script]);
    for (const { run } of steps) {
      if (run === undefined || !run.startsWith('.')) continue;
      expect(existsSync(join(root, run))).toBe(true);
      expect(statSync(join(root, run)).mode & 0o111).not.toBe(0);
    }
  });
});

it('the whole check runs in GitHub’s CI, too', () => {
  expect(readFileSync(join(folder, 'ci.yml'), 'utf8')).toContain('- run: .ci/run\n');
});
