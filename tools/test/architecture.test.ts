import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const script = join(root, 'tools/architecture.mjs');

describe('the architecture check', () => {
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'bclaw-architecture-'));
    for (const name of readdirSync(join(root, 'packages'))) {
      mkdirSync(join(copy, 'packages', name, 'src'), { recursive: true });
      cpSync(join(root, 'packages', name, 'src'), join(copy, 'packages', name, 'src'), { recursive: true });
    }
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const checkWith = (path: string, source: string) => {
    writeFileSync(join(copy, path), source);
    return spawnSync(process.execPath, [script, copy], { encoding: 'utf8' });
  };

  it('accepts the repository as it is', () => {
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toMatch(/every import allowed/);
  });

  it.each([
    [
      'an AWS client in the compiler',
      'packages/compiler/src/x.ts',
      "import { S3Client } from '@aws-sdk/client-s3';\nS3Client;",
    ],
    ['a Node.js module in the language', 'packages/spec/src/x.ts', "import { readFileSync } from 'fs';\nreadFileSync;"],
    [
      'the compiler in a function, as a type only',
      'packages/functions/src/x.ts',
      "import type { CompileResult } from '@bclaw/compiler';\nexport type X = CompileResult;",
    ],
    [
      'the embedded engine in ops, loaded lazily',
      'packages/ops/src/x.ts',
      "export const start = () => import('@bclaw/local');",
    ],
    ['ops re-exported by the macro', 'packages/macro/src/x.ts', "export * from '@bclaw/ops';"],
    [
      "another package's sources by a relative path",
      'packages/runner/src/x.ts',
      "export * from '../../spec/src/index.js';",
    ],
    ['a type query', 'packages/launcher/src/x.ts', "export type Spec = typeof import('@bclaw/spec');"],
  ])('refuses %s', (_what, path, source) => {
    const result = checkWith(path, source);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain(`${path}:1`);
  });

  it('refuses files that import each other in a circle, types included', () => {
    writeFileSync(join(copy, 'packages/graph/src/x.ts'), "import type { Y } from './y.js';\nexport type X = Y;");
    const result = checkWith('packages/graph/src/y.ts', "export type { X as Y } from './x.js';");
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('packages/graph/src: x.ts, y.ts import each other in a circle');
  });

  it('refuses a file that joins a circle which is allowed', () => {
    writeFileSync(join(copy, 'packages/compiler/src/states/x.ts'), "export * from './block.js';");
    const result = checkWith('packages/compiler/src/states/scatter.ts', "export * from './x.js';");
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('states/scatter.ts, states/x.ts import each other in a circle');
  });
});
